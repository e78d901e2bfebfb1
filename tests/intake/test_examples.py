"""What a message gives as right is right: every example, every choice and every "Bedoelde u" is itself accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pipeline.intake import Intake
from pipeline.model.choices import COLUMNS, ESTIMATED
from tests.intake.conftest import Reader

RIGHT = {"gemeente": "Zeist", "begeleiding": "extern", "hosting": "saas", "bijdrage": "alternatief"}
PARTNER = {
    column.name: (other.name, other_end)
    for low, high in zip(ESTIMATED[::2], ESTIMATED[1::2], strict=True)
    for column, other, other_end in ((low, high, "10000000"), (high, low, "500"))
}
WRONG = (
    *(
        "x",
        "sass",
        "extren",
        "€ 1e5",
        "€ 15000",
        "120 uur",
        "1,5,5",
        "1.2.3",
        "12,345678",
        "99999999999999",
        "-5",
        "50%",
    ),
    *("10.000-20.000", "ca. 12.500", "12 duizend", "1000 per maand", "2.500 per kwartaal", "1.000 p.m.", "1,5 mln"),
    *("Q1 2027", "1-7-2027", "'27", "volgend jaar", "klein", "demoo", "Ziest", "GM0356 Zeist", "GM9999", "Bergen", "?"),
    *(
        "12k per week",
        "1 uuruuruur",
        "misschien",
        "stuurgrop",
        "financeel",
        "0",
        "1",
        "100",
        "1.234",
        "1.500k",
        "10 à 20k",
    ),
)
SAID = re.compile(
    r"bijvoorbeeld (?P<example>[^ .;?]+)|[Ss]chrijf (?:het als )?(?P<write>[0-9][0-9,]*)|voluit: (?P<full>[0-9,]+)"
    r"|dus (?P<so>[0-9,]+)|of anders (?P<else>[0-9,]*[0-9])|zoals (?P<such>[^ .;,]+)|Bedoelde u (?P<meant>[^?]+)\?"
    r"|Kies (?P<choices>[^.]+)\.|Vul (?P<low>[0-9,]+) in bij [a-z_]+_laag en (?P<high>[0-9,]+) bij [a-z_]+_hoog"
)


def deliver(read: Reader, column: str, text: str) -> Intake:
    fields = {**RIGHT, column: f'"{text}"'}
    if column in PARTNER:
        name, value = PARTNER[column]
        fields[name] = value
    if column == "gemeentecode":
        del fields["gemeente"]
    return read(a=f"{';'.join(fields)}\n{';'.join(fields.values())}\n")


def suggested(message: str) -> Iterator[str]:
    """All that a message gives as right."""
    for found in SAID.finditer(message):
        for kind, text in found.groupdict().items():
            if text and kind == "choices":
                yield from re.split(r", | of ", text)
            elif text and kind == "meant":
                for each in text.split(" of "):
                    code, now = re.search("GM[0-9]{4}", each), re.search(r"\(nu ([^)]+)\)", each)
                    yield code[0] if code else now[1] if now else each
            elif text:
                yield text.rstrip(",")


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
def test_what_a_message_gives_as_right_is_accepted(read: Reader, column: str) -> None:
    messages = {f.message for text in WRONG for f in deliver(read, column, text).findings if f.column == column}
    right = {text for message in messages for text in suggested(message)}
    if column in ("bijdrage_toelichting", "contact", "backlog"):
        assert right == set()  # any text is right
    else:
        assert right
    for text in right:
        target = "gemeentecode" if re.fullmatch(r"GM[0-9]{4}", text) else column
        assert deliver(read, target, text).errors == (), text


def test_the_example_of_each_column_is_accepted(read: Reader) -> None:
    examples = {c.name: found[1] for c in COLUMNS if (found := re.search(r"bijvoorbeeld ([^ ;]+)", c.values))}
    assert set(examples) >= {"gemeente", "gemeentecode", "begeleidingsuren", "hosting_laag", "startjaar", "inwoners"}
    for name, text in examples.items():
        assert deliver(read, name, text).errors == (), (name, text)
    for column in COLUMNS:
        if column.required == "ja":
            assert all(deliver(read, column.name, text).errors == () for text in column.values.split(", "))
