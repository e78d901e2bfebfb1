"""A figure of the tariff is declared with its field, and stands in every document by that alone."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.documents.summaries import PREMISES_PAGE, Summaries
from pipeline.documents.workbooks import render_indication
from pipeline.model.blocks import key
from pipeline.model.figures import declarations, named_figures
from pipeline.model.quantities import EuroRangePerYear, Named
from pipeline.model.tariffs import Tariff
from pipeline.results.comparison import compare
from pipeline.results.reading import opened
from tests.conftest import REFERENCE
from tests.documents.test_summaries import plain
from tests.documents.workbooks.engine import Parts
from tests.results.samples import (
    BASIS,
    START,
    TEMPLATES,
    TEXTS,
    Results,
    amsterdam,
    overview_of,
    page_of,
    results,
    to_json,
)


@dataclass(frozen=True, kw_only=True)
class WithTravel(Tariff):
    """The tariff with one figure more; nothing else says that there is one."""

    travel: EuroRangePerYear = key("reizen", EuroRangePerYear, Named("Reiskosten", "wat reizen kost", cell="reizen"))


def with_travel() -> WithTravel:
    data = tomllib.loads((REFERENCE / "tarieven.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    day, unit = date(2026, 1, 1), "EUR per jaar"
    figure = {"laag": 120, "hoog": 250, "eenheid": unit, "herkomst": "aanname", "datum": day, "bron": "wij"}
    return WithTravel.read(data["tarieven"][0] | {"reizen": figure})


def test_a_figure_that_is_declared_with_its_field_stands_in_every_document() -> None:
    basis = replace(BASIS, tariff=with_travel())
    indication = amsterdam()
    parts = Parts(render_indication(indication, basis, TEXTS))
    assert [parts.named("reizen_laag"), parts.named("reizen_hoog")] == [120, 250]
    assert "Reiskosten, laag" in parts.strings
    assert any("wat reizen kost" in text for text in parts.strings)
    summaries = Summaries.read(TEMPLATES, TEXTS)
    page = plain(page_of(summaries, overview_of(results(), START), basis, PREMISES_PAGE))
    assert "| Reiskosten | € 120–250 per jaar | aanname, 1 januari 2026 | wij |" in page
    result = json.loads(to_json(Results(basis, (indication,), (), (), ())))
    assert result["tariff"]["figures"][-1] == {
        "figure": "travel",
        "low": 120,
        "high": 250,
        "unit": "EUR per year",
        "provenance": "assumed",
        "dated": "2026-01-01",
        "source": "wij",
    }


def test_every_figure_has_a_label_of_its_own(tariff: Tariff) -> None:
    labels = [each.named.label for each in named_figures(tariff)]
    assert len(set(labels)) == len(labels) > 10
    assert set(labels) < {named.label for named in declarations().values()}


def test_a_difference_is_told_under_the_label_of_its_field(tmp_path: Path) -> None:
    rate = replace(BASIS.tariff.hourly_rate, value=Decimal(110))
    dearer = replace(results(amsterdam()), basis=replace(BASIS, tariff=replace(BASIS.tariff, hourly_rate=rate)))
    (tmp_path / "old.json").write_bytes(to_json(results(amsterdam())))
    (tmp_path / "new.json").write_bytes(to_json(dearer))
    with opened(tmp_path / "old.json") as old, opened(tmp_path / "new.json") as new:
        (field,) = compare(old, new).tariff
    assert (field.name, field.old, field.new) == ("Uurtarief", "100", "110")
