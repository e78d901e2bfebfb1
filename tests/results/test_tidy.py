"""The tidy table: what pandas reads of it is what the JSON form holds."""

from __future__ import annotations

import io

import pandas as pd
from msgspec import structs

from pipeline.results.records import Gist
from pipeline.results.tidy import HEADER, tidy
from pipeline.results.writing import record_of
from tests.results.samples import amsterdam, rich_results


def read(*gists: Gist) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(b"".join(tidy(gists))))


def test_there_is_a_row_per_municipality_item_and_bound_with_the_amounts_of_the_result() -> None:
    gists = [record_of(indication).gist for indication in rich_results().indications]
    table = read(*gists)
    assert tuple(table.columns) == HEADER
    assert table.groupby(["code", "item", "bound"]).size().eq(1).all()
    expected = {
        (gist.municipality.code, line.item, bound): (
            None if line.amount.amount.unquantified else getattr(line.amount, bound)
        )
        for gist in gists
        for line in gist.lines
        for bound in ("low", "high")
    }
    rows = table[["code", "item", "bound", "euros"]].itertuples(index=False)
    found = {(code, item, bound): None if pd.isna(euros) else euros for code, item, bound, euros in rows}
    assert found == expected


def test_what_applies_adds_up_to_the_key_figures() -> None:
    gist = record_of(amsterdam()).gist
    table = read(gist)
    for period in ("once", "yearly"):
        for bound in ("low", "high"):
            some = table[(table["period"] == period) & (table["bound"] == bound) & table["applies"]]
            assert some["euros"].sum() == getattr(getattr(gist.totals, period), bound)


def test_a_name_is_text_whatever_it_looks_like() -> None:
    gist = record_of(amsterdam()).gist
    named = structs.replace(gist, municipality=structs.replace(gist.municipality, name='=1+1,"x"'))
    assert set(read(named)["name"]) == {'\'=1+1,"x"'}


def test_without_municipalities_there_is_a_header_alone() -> None:
    assert b"".join(tidy([])).decode() == ",".join(HEADER) + "\n"
