"""However a table is damaged, each municipality that can still be read in it is accounted for."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake import Intake
from tests.intake.readers.test_any_dialect import REGISTER, read_bytes

COLUMNS = ["gemeente", "gemeentecode", "begeleiding", "hosting", "bijdrage", "contact", "backlog"]
NAMES = [m.name for m in REGISTER if re.fullmatch(r"\w{5,}", m.name)]
TEXTS = ["", "", "Jan", "de balie, 2e etage", 'zie "loket"', "bereikbaar ma, di\nen do, ook 's avonds", "a; b"]
TITLES = ["Opgave 2026", "Opgave;van;ons", "Kostenindicatie, versie 2, 1 mei", '"Opgave\nvan ons"']


@dataclass(frozen=True)
class Damage:
    """One thing that goes wrong with a text: what, and where (from 0 to 1)."""

    kind: str
    where: float
    to: float

    def done_to(self, text: str, header: str) -> str:
        at = int(self.where * len(text))
        lines = text.split("\n")
        line, other = int(self.where * len(lines)), int(self.to * len(lines))
        if self.kind == "quote inserted":
            return f'{text[:at]}"{text[at:]}'
        if self.kind == "quote dropped":
            places = [m.start() for m in re.finditer('"', text)]
            place = places[int(self.where * len(places))] if places else len(text)
            return text[:place] + text[place + 1 :]
        if self.kind == "line moved":
            moved = lines.pop(line)
            lines.insert(other, moved)
        elif self.kind == "header moved":
            if header in lines:
                lines.remove(header)
                lines.insert(other, header)
        elif self.kind == "sorted":
            lines.sort()
        elif self.kind == "line cut":
            lines[line] = lines[line][: int(self.to * len(lines[line]))]
        elif self.kind == "blank line":
            lines.insert(line, "")
        elif self.kind == "title":
            lines.insert(0, TITLES[int(self.to * len(TITLES))])
        elif self.kind == "header without a column":
            lines.insert(0, header.rpartition(",")[0] or header.rpartition(";")[0] or header.rpartition("\t")[0])
        elif self.kind == "end lost":
            return text[: text.rfind("\n", 0, at)] + text[text.rfind("\n", 0, at) + 1 :] if "\n" in text[:at] else text
        return "\n".join(lines)


def misspelled(name: str) -> str:
    """A name without its third letter."""
    return name[:2] + name[3:]


KINDS = [
    "quote inserted",
    "quote dropped",
    "line moved",
    "header moved",
    "sorted",
    "line cut",
    "blank line",
    "title",
    "header without a column",
    "end lost",
]
Table = tuple[list[tuple[str, ...]], list[str], str, int, bool, list[Damage]]
PART = st.floats(0, 1, exclude_max=True)
DAMAGES = st.lists(st.builds(Damage, st.sampled_from(KINDS), PART, PART), max_size=4)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(NAMES) | st.sampled_from(NAMES).map(misspelled),
        st.sampled_from(["zelf", "extern", "externe partij", "zelff"]),
        st.sampled_from(["saas", "in huis", "hybride", "sas"]),
        st.sampled_from(["geen", "financieel", "alternatief", "gen"]),
        st.sampled_from(TEXTS),
        st.sampled_from(TEXTS),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)
TABLES = st.tuples(
    ROWS,
    st.permutations(COLUMNS),
    st.sampled_from(";;;,\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
    DAMAGES,
)


def code_of(name: str) -> str:
    found = REGISTER.named(name)
    return found[0].code if found else ""


def written(rows: list[tuple[str, ...]], order: list[str], delimiter: str, quoting: int, coded: bool) -> list[str]:
    """The rows of a table as text, the first one its header."""
    made = []
    columns = [name for name in order if coded or name != "gemeentecode"]
    cells = [dict(zip(COLUMNS, (name, code_of(name), *rest), strict=True)) for name, *rest in rows]
    for row in [dict(zip(COLUMNS, COLUMNS, strict=True)), *cells]:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="").writerow(row[n] for n in columns)  # type: ignore[arg-type]
        made.append(text.getvalue())
    return made


RIGHT = {"zelf", "extern", "externe partij", "saas", "in huis", "hybride", "geen", "financieel", "alternatief"}
"""What makes a name with a typing error the name of a municipality: a right choice on its line."""


def lost(text: str, names: list[str], intake: Intake, delimiter: str) -> list[str]:
    """The names that can be read in a text, and of which nothing came: no choices, no rejected row, no finding."""
    if intake.errors and not any(delivery.rows for delivery in intake.deliveries):
        return []  # the file is refused as a whole
    codes = {c.municipality.code for c in intake.choices} | {f.municipality for f in intake.findings}
    codes |= {row.municipality.code for row in intake.rejected if row.municipality}
    lines = text.split("\n")
    said = "\n".join(
        [lines[row.origin.line - 1] for row in intake.rejected]
        + [value for row in intake.rejected for _, value in row.values]
        + [part for f in intake.findings for part in (f.value, f.message)]
    )
    missing = []
    for name in names:
        with_name = [line for line in lines if re.search(rf'(?:^|[;,\t|])"?{name}\b', line) and delimiter in line]
        legible = [
            line for line in with_name if code_of(name) or RIGHT & set(re.split(r"[;,\t|]", line.replace('"', "")))
        ]
        if legible and code_of(name) not in codes and name not in said:
            missing.append(name)
    return missing


def check(table: Table) -> None:
    rows, order, delimiter, quoting, coded, damages = table
    lines = written(rows, order, delimiter, quoting, coded)
    text = "\n".join(lines) + "\n"
    for damage in damages:
        text = damage.done_to(text, lines[0])
    intake = read_bytes(a=text.encode())
    assert lost(text, [row[0] for row in rows], intake, delimiter) == [], text


def test_a_misspelled_name_above_the_header_is_not_lost_behind_a_quote() -> None:
    rows = (
        '"";"extern"";"Grningen";"geen";"saas";""',
        '"";"zelf";"Groningen";"geen";"saas";""',
        '"contact";"begeleiding";"gemeente";"bijdrage";"hosting";"backlog"',
        '"";"zelf";"Almere";"geen";"saas";""',
    )
    text = "\n".join(rows) + "\n"
    assert lost(text, ["Grningen"], read_bytes(a=text.encode()), ";") == []


def test_a_row_that_a_quote_and_a_lost_end_of_line_put_within_a_field_is_not_lost() -> None:
    header = "gemeente;begeleiding;hosting;bijdrage;contact;backlog\n"
    for swallowed in ("Groningen;zelf;saas;geen;;a; b", "Grningen;zelff;saas;gen;;", "Groningen;zelf;sas"):
        text = f'{header}Almere;zelf;saas;geen;"zie ""loket"";{swallowed}"\n'
        intake = read_bytes(a=text.encode())
        assert [f.code for f in intake.errors] == ["veld_met_rijen"], swallowed
    text = f'{header}Almere;zelf;saas;geen;"zie ""loket"";Groningen;zelf;saas;geen";"met\nregels"\n'
    assert [f.code for f in read_bytes(a=text.encode()).errors] == ["veld_met_rijen"]
    text = f'{header}Almere;zelf;saas;geen;"bel Groningen; of Zeist; of extern";"a; b"\n'
    assert read_bytes(a=text.encode()).errors == ()


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_each_municipality_that_can_be_read_is_accounted_for(table: Table) -> None:
    check(table)


@pytest.mark.thorough
@settings(max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(TABLES)
def test_each_municipality_that_can_be_read_is_accounted_for_in_thousands_of_tables(table: Table) -> None:
    check(table)
