from __future__ import annotations

import pytest

from pipeline.intake.findings import Refused
from pipeline.intake.readers.dialect import FIELD_LIMIT, ROW_LIMIT, Row, read_rows


def rows(text: str) -> list[Row]:
    return list(read_rows(text, {"naam", "keuze", "tekst"}.__contains__))


def test_a_row_has_the_line_on_which_it_begins() -> None:
    assert rows('naam;keuze\n\n"een\r\ntwee\rdrie";x\n;\nvier;y') == [
        Row(1, ("naam", "keuze")),
        Row(3, ("een\r\ntwee\rdrie", "x")),
        Row(7, ("vier", "y")),
    ]


def test_the_delimiter_is_that_of_the_header_and_not_of_the_longest_line() -> None:
    (_, header, first) = rows("a, b, c, d, e, f\nnaam;keuze\nx;y\n")
    assert (header.fields, first.fields) == (("naam", "keuze"), ("x", "y"))


@pytest.mark.parametrize("said", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r", "sep=,\n"])
def test_a_line_that_says_the_delimiter_is_no_row(said: str) -> None:
    assert [row.line for row in rows(f"{said}naam;keuze\nx;y\n")] == [2, 3]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('naam;keuze\nx;"y\nz;w\n', 2),
        ('naam;keuze\nx;y\n"', 3),
        ('naam;keuze\nx;"y"\nz;"w', 3),
    ],
)
def test_an_open_quote_is_refused_where_it_begins(text: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        rows(text)
    assert (refused.value.code, refused.value.line) == ("aanhalingsteken_open", line)


def test_an_endless_field_is_a_field() -> None:
    (_, row) = rows(f"naam;keuze\nx;{'y' * (FIELD_LIMIT + 1)}\n")
    assert len(row.fields[1]) == FIELD_LIMIT + 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (f"naam;keuze\nx;y\nx;{'y' * ROW_LIMIT}\n", "regel_te_lang", 3),
        (f"naam;keuze{',' * ROW_LIMIT}\n", "regel_te_lang", 1),
        ('naam;keuze\nx;y\nx;"' + "y\n" * ROW_LIMIT, "te_veel_regels", 12),
        ('naam;keuze\nx;y\nx;"' + f"{'y' * 20_000}\n" * 6, "aanhalingsteken_open", 3),
        ("naam;keuze\n" + "\r\n" * 11, "te_veel_regels", 12),
        ("sep=;\rnaam;keuze\r" + ";\r" * 11, "te_veel_regels", 13),
        ("naam;keuze\n" + f"{';' * 40}\n" * 10, "te_veel_kolommen", None),
    ],
)
def test_what_has_no_end_is_refused_before_it_is_read(text: str, code: str, line: int | None) -> None:
    with pytest.raises(Refused) as refused:
        list(read_rows(text, {"naam", "keuze"}.__contains__, most=10))
    assert (refused.value.code, refused.value.line) == (code, line)


def test_a_long_text_is_read_in_pieces_at_its_line_ends() -> None:
    lines = [f"x{number};y\r\n" for number in range(100_000)]
    read = rows("naam;keuze\r\n" + "".join(lines))
    assert [read[-1], len(read)] == [Row(100_001, ("x99999", "y")), 100_001]


@pytest.mark.parametrize(
    ("line", "loose"),
    [
        ('x;"de Balie", Jan', 1),
        ('"x"y;z', 0),
        ('"a;""b""" c;z', 0),
        ('"x" ;"z"', None),
        ('"a;""b""";z', None),
        ('24" breed;z', None),
        ('x;y;"een\ntwee" drie;z', 2),
    ],
)
def test_what_stands_behind_a_closing_quote_is_noticed(line: str, loose: int | None) -> None:
    (_, row) = rows(f"naam;keuze\n{line}\n")
    assert row.loose == loose
