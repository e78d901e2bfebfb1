"""A valid table, written in any dialect, encoding and number style, gives the same choices; and no bytes break it."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.intake import Intake, Severity, read_deliveries
from pipeline.intake.fields.characters import HIDDEN, without_addresses
from pipeline.model.amounts import Amount
from pipeline.model.choices import COLUMNS, Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase, Provenance
from pipeline.model.columns import Option
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING
from pipeline.model.tariffs import SizeClass
from pipeline.reference.register import Register, read_register
from tests.conftest import REFERENCE
from tests.intake.rejects.given_back import rejected_csv

REGISTER: Register = read_register(REFERENCE / "gemeenten.csv")
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
STYLES = [",", ".", ".,", ",.", " ,", "€", "k"]
WORDS = st.sampled_from(
    [
        *("één", "coördinatie", "beëindigd", "’s middags", "€ 5", "–", "naïef", "“ja”", "Súdwest"),
        *("ma–vr", "a\u00a0b", "£ 5", "10 µm", "•punt", "wacht…even", "x—y", "CAFÉ"),
    ]
)
ASCII = st.text(st.sampled_from("abz AZ09 ,.;:|\"'=+-@<>*_[](){}&%\t\n"), max_size=15)
TEXTS = (
    st.lists(WORDS | ASCII, max_size=5)
    .map(" ".join)
    .map(str.strip)
    .filter(
        # fewer say nothing, and are no text; neither is 0,0
        lambda text: not text or (sum(map(str.isalnum, text)) > 1 and set(text) - set("0.,"))
    )
    .filter(lambda text: text == without_addresses(text))
)
DOUBTS = {
    *("getal_dubbelzinnig", "raming_nul", "raming_laag", "raming_ver", "raming_telt_niet"),
    *("uren_nul", "uren_veel", "startjaar_ver", "inwoners_anders"),
}
"""The warnings on what can be, but is not likely."""


def read_bytes(**files: bytes) -> Intake:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, f"{name}.csv").write_bytes(data)
        return read_deliveries(Path(folder), REGISTER)


# --- A random valid table ---------------------------------------------------------------------------------------------


@st.composite
def choices_of(draw: st.DrawFn, code: str) -> Choices:
    guidance, contribution = draw(st.sampled_from(Guidance)), draw(st.sampled_from(Contribution))
    euros = st.decimals(0, 999_999, places=2)
    items = draw(st.lists(st.sampled_from(["begeleiding", "hosting", "bijdrage"]), unique=True))
    order = ["begeleiding", "hosting", "bijdrage"]
    estimates = {item: draw(st.tuples(euros, euros).map(sorted)) for item in sorted(items, key=order.index)}
    return Choices(
        municipality=REGISTER.municipalities[code],
        guidance=guidance,
        hosting=draw(st.sampled_from(Hosting)),
        contribution=contribution,
        origin=Origin("a.csv", 0),
        hours=draw(st.none() | st.decimals(0, 900, places=2)) if guidance is Guidance.EXTERNAL else None,
        estimates=tuple((item, Amount.between(*estimate)) for item, estimate in estimates.items()),
        provenance=draw(st.sampled_from(Provenance)),
        contribution_note=draw(TEXTS),
        agreed=draw(st.none() | st.booleans()) if contribution is Contribution.ALTERNATIVE else None,
        in_kind=draw(st.sampled_from([(), (InKind.STEERING_GROUP,), (InKind.PRODUCT_STEERING,), tuple(InKind)])),
        backlog=draw(TEXTS),
        phase=draw(st.none() | st.sampled_from(Phase)),
        start_year=draw(st.none() | st.integers(2000, 2100)),
        size_class=draw(st.none() | st.sampled_from(SizeClass)),
        inhabitants=draw(st.none() | st.integers(1, 2_000_000)),
        contact=draw(TEXTS),
    )


TABLES = st.lists(st.sampled_from(list(REGISTER.municipalities)), min_size=1, max_size=8, unique=True).flatmap(
    lambda codes: st.tuples(*map(choices_of, codes))
)


# --- Written as people write ------------------------------------------------------------------------------------------


def in_style(number: Decimal | int | None, style: str) -> str:
    """A number as someone would write it; a style is its thousands mark, if any, and its decimal mark."""
    if number is None:
        return ""
    if style == "k":
        return f"{number / 1000}k".replace(".", ",")
    if style == "€":
        whole = f"€ {int(number):,}".replace(",", ".")
        return f"{whole},-" if number == int(number) else f"{whole},{f'{number:.2f}'[-2:]}"
    thousands, decimal_mark = (style[:-1], style[-1])
    whole, _, part = f"{number:,f}".partition(".")
    return whole.replace(",", thousands) + (decimal_mark + part if part else "")


def cells_of(choices: Choices, style: str) -> dict[str, str]:
    def word(option: Option | None) -> str:
        return option.dutch if option else ""

    return {
        "gemeente": choices.municipality.name,
        "gemeentecode": choices.municipality.code,
        "begeleiding": word(choices.guidance),
        "begeleidingsuren": in_style(choices.hours, style if style != "€" else ","),
        "hosting": word(choices.hosting),
        **{
            column: in_style(getattr(amount, end, None), style)
            for item in (GUIDANCE, HOSTING, CONTRIBUTION)
            for amount in (dict(choices.estimates).get(item.word),)
            for column, end in zip(item.estimated_in, ("low", "high"), strict=True)
        },
        "herkomst": word(choices.provenance),
        "bijdrage": word(choices.contribution),
        "bijdrage_toelichting": choices.contribution_note,
        "afgestemd": {None: "", True: "Ja", False: "NEE"}[choices.agreed],
        "in_natura": ", ".join(kind.dutch for kind in choices.in_kind),
        "backlog": choices.backlog,
        "fase": word(choices.phase).upper(),
        "startjaar": str(choices.start_year or ""),
        "grootteklasse": choices.size_class.dutch if choices.size_class else "",
        "inwoners": in_style(choices.inhabitants, style if style in (".", ",", "k") else "."),
        "contact": choices.contact,
    }


DIALECTS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(ENCODINGS),
        "delimiter": st.sampled_from(";,\t|"),
        "line_end": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "style": st.sampled_from(STYLES),
        "order": st.permutations([column.name for column in COLUMNS]),
        "loud": st.booleans(),
        "title": st.sampled_from([[], ["Opgave 2026"], ["Opgave, van ons, aan u, 1, 2, 3", ""]]),
        "said": st.booleans(),
        "tail": st.integers(0, 3),
    }
)


def written(table: Sequence[Choices], dialect: Mapping[str, Any]) -> tuple[bytes, list[int]]:
    """The table as bytes, and the line on which each row begins, counted by hand as an editor does."""
    text = f"sep={dialect['delimiter']}{dialect['line_end']}" if dialect["said"] else ""
    text += "".join(title + dialect["line_end"] for title in dialect["title"])
    lines: list[int] = []
    order = dialect["order"]
    header = {name: name.replace("_", " ").upper() if dialect["loud"] else name for name in order}
    for number, cells in enumerate([header, *(cells_of(choices, dialect["style"]) for choices in table)]):
        if number:
            lines.append(len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        row = io.StringIO(newline="")
        writer = csv.writer(
            row, delimiter=dialect["delimiter"], lineterminator=dialect["line_end"], quoting=dialect["quoting"]
        )
        writer.writerow([cells[name].replace("\n", dialect["line_end"]) for name in order])
        text += row.getvalue()
    text += dialect["line_end"] * dialect["tail"]
    return text.encode(dialect["encoding"]), lines


@settings(max_examples=150, deadline=None)
@given(TABLES, DIALECTS)
def test_a_valid_table_gives_the_same_choices_in_any_dialect(
    table: tuple[Choices, ...], dialect: dict[str, Any]
) -> None:
    data, lines = written(table, dialect)
    intake = read_bytes(a=data)
    assert [f for f in intake.findings if f.code not in DOUBTS] == []
    expected = [replace(c, origin=Origin("a.csv", line)) for c, line in zip(table, lines, strict=True)]
    assert [replace(c, warnings=()) for c in intake.choices] == sorted(expected, key=lambda c: c.municipality.code)


# --- Anything at all --------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(column.name for column in COLUMNS),
        *("Zeist", "Bergen", "Uden", "GM0355", "355", "zelf", "extern", "SaaS", "in huis", "geen", "alternatief"),
        *(
            "Totaal",
            "Drechtsteden",
            "Zeist en Delft",
            "GM0355 Zeist",
            "S\ufffddwest-Frysl\ufffdn",
            "S?d",
            "n.n.b.",
            "?",
            "nul",
        ),
        *("10.000-20.000", "ca. 5k", "€ 5 per maand", "1-1-2027", "uuruur", "5 p.m.", "2 mln"),
        *("bestand", "regel", "bevinding", "sep=;", "sep=\t", "1.234", "€ 12,-", "12k", "#REF!", "=1+1", "'=1", "ja"),
        *(
            ";",
            ";",
            ";",
            ",",
            "\t",
            "|",
            '"',
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\0",
            "\ufeff",
            "\u202e",
            "\ufffe",
            "é",
            "👩‍💻",
        ),
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)
BYTES = st.one_of(
    st.binary(max_size=300),
    st.tuples(SOUP, st.sampled_from([*ENCODINGS, "utf-16-le", "utf-32", "mac_roman", "cp850"])).map(
        lambda pair: pair[0].encode(pair[1], "replace")
    ),
    st.tuples(SOUP, st.binary(max_size=6)).map(lambda pair: pair[0].encode("utf-8", "surrogatepass") + pair[1]),
)


@settings(max_examples=300, deadline=None)
@given(BYTES, BYTES)
@example(b"gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen", b"")
@example(b"sep=\x00\n", b'sep="\n')
def test_no_bytes_make_it_raise(first: bytes, second: bytes) -> None:
    intake = read_bytes(a=first, b=second)
    again = rejected_csv(intake)
    assert again.decode("utf-8-sig").startswith("gemeente;gemeentecode;")
    assert len({c.municipality.code for c in intake.choices}) == len(intake.choices)
    for delivery in intake.deliveries:
        counted = delivery.accepted + delivery.rejected + delivery.repeated + delivery.settled
        assert delivery.rows == counted
        assert delivery.replaced <= delivery.accepted
        assert sum(c.origin.file == delivery.name for c in intake.choices) <= delivery.accepted
    for finding in intake.findings:
        assert (finding.code.isidentifier(), finding.message[-1] in ".?") == (True, True)
        assert not HIDDEN.search(finding.value)
    assert all(f.severity is Severity.ERROR for row in intake.rejected for f in row.findings)
    assert all(row.findings for row in intake.rejected)
    once = read_bytes(a=first, b=second, c=again)
    twice = read_bytes(a=first, b=second, c=again, d=rejected_csv(once))
    # A row that comes back as it was is rejected again, and stands for the one that it came from.
    assert {row.original for row in once.rejected} <= {row.original for row in intake.rejected}
    assert {row.original for row in twice.rejected} == {row.original for row in once.rejected}
    assert len({row.original for row in once.rejected}) == len(once.rejected)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["", "=", "'=", "''+", "-1", "@", "\t", "'", "＝"]))
def test_a_rejected_text_comes_back_as_it_was(text: str, beginning: str) -> None:
    contact = beginning + text
    row = io.StringIO(newline="")
    csv.writer(row, delimiter=";").writerow(["Zeist", "zelf", "sas", "geen", contact])
    try:
        data = ("gemeente;begeleiding;hosting;bijdrage;contact\r\n" + row.getvalue()).encode()
    except UnicodeEncodeError:
        return
    intake = read_bytes(a=data)
    if [f.column for f in intake.findings] != ["hosting"]:
        return  # the text itself is refused too
    mended = read_bytes(b=rejected_csv(intake).replace(b";sas;", b";saas;"))
    right = read_bytes(a=data.replace(b";sas;", b";saas;"))
    assert [c.contact for c in mended.choices] == [c.contact for c in right.choices]
