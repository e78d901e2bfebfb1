"""A valid table gives the same choices in any container, with any number format; and no damage to one breaks anything.

The thorough test of damage is the fuzzer for workbooks: some minutes of them, each read in bounded time and memory.
"""

from __future__ import annotations

import io
import random
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.intake import Intake, read_deliveries
from pipeline.model.choices import COLUMNS, Choices, Origin
from tests.intake.readers.spreadsheets.made import MADE, opendocument, parts_of, zipped
from tests.intake.readers.spreadsheets.test_corpus_of_workbooks import CORPUS, content
from tests.intake.readers.test_any_dialect import DOUBTS, REGISTER, STYLES, TABLES, cells_of

Value = str | bool | Decimal | date | None
FORMATS = [
    "General",
    "0",
    "0.00",
    "#,##0.00",
    "€ #,##0;[Red]-€ #,##0",
    '_ "€" * #,##0.00_ ',
    '0.0 "uur"',
    "@",
    "0.0E+00",
]
NUMBERS = {"begeleidingsuren", "inwoners", *(c.name for c in COLUMNS if c.name.endswith(("_laag", "_hoog")))}


def read(name: str, data: bytes) -> Intake:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(data)
        return read_deliveries(Path(folder), REGISTER)


# --- A table in any container -----------------------------------------------------------------------------------------


def values_of(choices: Choices, random_: random.Random) -> dict[str, Value]:
    """What stands in the cells of a row: each number, answer and year as a real one, or as text."""
    style = random_.choice(STYLES)
    values: dict[str, Value] = dict(cells_of(choices, style))
    exact = cells_of(choices, ".")
    for name, text in exact.items():
        if not text or random_.random() < 0.3:
            continue
        if name in NUMBERS:
            values[name] = Decimal(text)
        elif name == "afgestemd":
            values[name] = text == "Ja"
        elif name == "startjaar":
            values[name] = date(int(text), random_.randint(1, 12), 1) if random_.random() < 0.5 else Decimal(text)
        elif name == "gemeentecode":
            values[name] = Decimal(int(text[2:])) if random_.random() < 0.5 else text
    return values


def by_openpyxl(rows: Sequence[Sequence[Value]], random_: random.Random) -> bytes:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(line, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # whatever it looks like
            elif isinstance(value, Decimal):
                cell.number_format = random_.choice(FORMATS)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def by_xlsxwriter(rows: Sequence[Sequence[Value]], random_: random.Random) -> bytes:
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad één")
        formats = [book.add_format({"num_format": code}) for code in FORMATS]
        dates = [book.add_format({"num_format": code}) for code in ("yyyy", "d-m-yyyy", "[$-413]d mmmm yyyy;@")]
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(line, column, value)
                elif isinstance(value, Decimal):
                    sheet.write_number(line, column, value, random_.choice(formats))
                elif isinstance(value, date):
                    sheet.write_datetime(line, column, value, random_.choice(dates))
                elif value:
                    sheet.write_string(line, column, value)
                else:
                    sheet.write_blank(line, column, None, formats[0])
    return saved.getvalue()


def by_hand(rows: Sequence[Sequence[Value]], random_: random.Random) -> bytes:
    def cell(value: Value) -> str:
        if isinstance(value, bool):
            attributes = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        elif isinstance(value, Decimal):
            kind = random_.choice(["float", "currency"])
            attributes = f'office:value-type="{kind}" office:value="{value}"'
        elif isinstance(value, date):
            attributes = f'office:value-type="date" office:date-value="{value}{random_.choice(["", "T00:00:00"])}"'
        elif not value:
            return "<table:table-cell/>"
        else:
            lines = "".join(f"<text:p>{escape(text)}</text:p>" for text in value.split("\n"))
            return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
        return f"<table:table-cell {attributes}><text:p>zoals getoond</text:p></table:table-cell>"

    written = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return opendocument(written)


Writer = Callable[[Sequence[Sequence[Value]], random.Random], bytes]
WRITERS: Mapping[str, Writer] = {"a.xlsx": by_openpyxl, "b.xlsx": by_xlsxwriter, "c.ods": by_hand}


@settings(max_examples=100, deadline=None)
@given(
    TABLES,
    st.permutations([column.name for column in COLUMNS]),
    st.sampled_from(list(WRITERS)),
    st.sampled_from([0, 1, 3]),
    st.sampled_from([0, 1, 30]),
    st.randoms(use_true_random=False),
)
def test_a_valid_table_gives_the_same_choices_in_any_container(
    table: tuple[Choices, ...], order: list[str], name: str, above: int, left: int, random_: random.Random
) -> None:
    cells: list[list[Value]] = [
        [*[None] * left, *map(values_of(choices, random_).__getitem__, order)] for choices in table
    ]
    title: list[list[Value]] = [["Opgave 2026"], [], ["Van ons, aan u"]]
    header: list[Value] = [*[None] * left, *order]
    intake = read(name, WRITERS[name]([*title[:above], header, *cells], random_))
    assert [f for f in intake.findings if f.code not in DOUBTS] == []
    expected = [replace(c, origin=Origin(name, line)) for line, c in enumerate(table, above + 2)]
    assert [replace(c, warnings=()) for c in intake.choices] == sorted(expected, key=lambda c: c.municipality.code)


# --- Anything that may happen to a workbook ---------------------------------------------------------------------------

RIGHT = [
    "libreoffice.xlsx",
    "libreoffice.ods",
    "libreoffice.xls",
    "formule-met-uitkomst.xlsx",
    "hand-witruimte.xlsx",
    "hand.ods",
]
SEEDS = st.integers(0, 2**32)
"""Of what goes wrong; the length of a workbook, on which it depends, is not the same at any time."""
BITS = [
    *(b"<", b">", b'"', b"&", b"\0", b"</row>", b"</c>", b"<row", b"</sheetData>", b"]]>", b"<!--", b"<![CDATA["),
    *(b"-1", b"1048577", b"99999999999", b"1e999", b"nan", b"XFD", b"ZZZZ", b"\xff", b"<!DOCTYPE a>", b"&a;"),
    *(b' table:number-rows-repeated="999999999"', b' t="s"', b' t="e"', b"<v/>", b"<f/>", b"<is><t>", b"inf"),
]


def damaged(data: bytes, random_: random.Random) -> bytes:
    """Some bytes with something taken out, put in, doubled or changed."""
    changed = bytearray(data)
    for _ in range(random_.randint(1, 4)):
        at, to = sorted(random_.randrange(len(changed) + 1) for _ in range(2))
        to = min(to, at + random_.choice([1, 4, 50, 5_000]))
        bit = random_.choice([b"", random_.choice(BITS), bytes([random_.randrange(256)]), bytes(changed[at:to]) * 3])
        changed[at : to if random_.random() < 0.7 else at] = bit
        if not changed:
            return b""
    return bytes(changed)


def mutated(name: str, random_: random.Random) -> bytes:
    """A workbook that is damaged itself, or one of its parts."""
    data = content(name)
    if not data.startswith(b"PK") or random_.random() < 0.2:
        return damaged(data, random_)
    parts: dict[str, str | bytes] = dict(parts_of(data))
    for part in random_.sample(sorted(parts), min(len(parts), random_.choice([1, 1, 2]))):
        if random_.random() < 0.1:
            del parts[part]
        else:
            parts[part] = damaged(bytes(parts[part]), random_)  # type: ignore[arg-type]
    return zipped(parts)


def check(name: str, random_: random.Random) -> None:
    data = mutated(name, random_)
    begin = time.process_time()
    intake = read(name, data)
    assert time.process_time() - begin < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 700 * 1024 * 2  # of all tests in this process
    (delivery,) = intake.deliveries
    assert intake.choices or intake.findings
    assert delivery.rows == delivery.accepted + delivery.rejected + delivery.without_effect


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(RIGHT), SEEDS)
def test_a_damaged_workbook_gives_rows_or_says_what_is_wrong(name: str, seed: int) -> None:
    check(name, random.Random(seed))


@pytest.mark.thorough
@settings(max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([*RIGHT, *(name for name in MADE if not name.startswith("kwaad"))]),
    SEEDS,
)
def test_minutes_of_damaged_workbooks(name: str, seed: int) -> None:
    check(name, random.Random(seed))


def test_the_workbooks_that_are_damaged_are_there() -> None:
    assert all(name in MADE or (CORPUS / name).exists() for name in RIGHT)
