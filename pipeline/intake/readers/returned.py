"""A workbook that a municipality got from us and sent back: its input cells as a table with one row.

They are found by name, wherever they stand. What equals its begin value and was not given stays not given; everything
else is as if it stood in a CSV file. No amount in the workbook is looked at: all are calculated anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pipeline import dutch
from pipeline.intake.fields.characters import quoted, shown
from pipeline.intake.fields.columns import PUBLIC, REQUIRED
from pipeline.intake.findings import Refused, Severity, Shown, may_be_published
from pipeline.intake.readers.dialect import HEADER_WITHIN, Remark, Row, Table
from pipeline.intake.readers.spreadsheets.sheets import MACROS_IGNORED, Workbook, places, year_of
from pipeline.model import form
from pipeline.model.choices import Provenance
from pipeline.model.columns import CalendarYear
from pipeline.model.items import HIGH, HOSTING, LOW

_BESIDES = (form.DELIVERED, form.IDENTITY, form.OUTCOME)
_EMPTY = ("", dutch.NOT_GIVEN)
_LATEST = "het nieuwste werkboek van de gemeente (in de map gemeenten)"
_OURS = ("gemeente", "gemeentecode", "herkomst")
"""The columns that follow from whose workbook it is, and from its coming back."""
_INHABITANTS, _CLASS = "inwoners", "grootteklasse"
_NUMBER = re.compile(r"[-0-9.,%€ ]{1,20}")
_VERSION = re.compile("[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is in a cell as text, where it is in Dutch, and what its reader has to say of it, if anything."""

    text: str
    place: str = ""
    remark: Remark | None = None


Cells = Mapping[str, Cell]
"""The cells of a form that there are, by their names."""


def read_returned(workbook: Workbook, known: Callable[[str], bool]) -> Table | None:
    """The table of a workbook of ours that came back, by the headers that are `known`; None if it is another one.

    Raises:
        Refused: if it is the one of the Stuurgroep, or one that cannot be read any more, or not yet, or not whole.
    """
    if form.OF_ALL in workbook.names:
        message = (
            "Dit is het werkboek van de Stuurgroep; daarin staan geen keuzes om te lezen. Haal het uit deze map, en "
            "zet er de werkboeken van gemeenten of een tabel met keuzes in."
        )
        raise Refused("werkboek_stuurgroep", message)
    if not any(name.startswith((form.ENTERED, form.IDENTITY)) for name in workbook.names):
        for sheet in workbook.sheets:
            for row in islice(sheet.rows(), HEADER_WITHIN):
                if form.is_header(row.fields):
                    raise part_of_a_form(row)
        return None
    return _table(_cells(workbook, known), [MACROS_IGNORED] if workbook.macros else [])


def part_of_a_form(row: Row) -> Refused:
    """What is said of a table that is the sheet with the input cells, without the names of those; one of its rows."""
    message = (
        "Dit is een blad uit het werkboek van een gemeente, zonder de namen waaraan de gele cellen worden herkend. "
        "Stuur het hele werkboek terug, bewaard als .xlsx of .ods."
    )
    return Refused("formulier_onvolledig", message, row.line, row.place())


def _cells(workbook: Workbook, known: Callable[[str], bool]) -> Cells:
    """The cells of a form, found by their names; no more rows are read than there are such cells in."""
    entered = {name.removeprefix(form.ENTERED) for name in workbook.names if name.startswith(form.ENTERED)}
    entered.discard(form.ORDER)
    named = {prefix + word for word in entered for prefix in ("", form.CHOSEN, form.ENTERED, form.BEGIN)}

    def asked(name: str) -> bool:
        return name.startswith(form.BEGIN) and known(name.removeprefix(form.BEGIN))  # and not the begin of a total

    wanted: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for name, (on, line, column) in workbook.names.items():
        if name in named or name.startswith(_BESIDES) or asked(name):
            wanted[on][line][column] = name
    cells: dict[str, Cell] = {}
    for sheet in workbook.sheets:
        lines = wanted.get(sheet.name, {})
        read = sheet.rows_at(lines)
        for line, names in lines.items():
            row = read.get(line) or Row(line, (), places=places(sheet.name))
            remarks = {remark.field: remark for remark in row.remarks}
            for column, name in names.items():
                text = row.fields[column].strip() if column < len(row.fields) else ""
                if isinstance(PUBLIC.get(name.removeprefix(form.ENTERED)), CalendarYear):
                    text = year_of(text)
                cells[name] = Cell(text, row.place(column), remarks.get(column))
    return cells


_Field = tuple[str, Cell]
"""A column with what counts in it, where that is said, and what there is to say of it."""


def _table(cells: Cells, of_the_whole: Sequence[Remark]) -> Table:
    remarks = [*_of_version(cells), *_no_choices(cells)]
    of = _identity(cells, form.MUNICIPALITY)
    given = frozenset(re.findall("[a-z_]+", _identity(cells, form.GIVEN).text))
    fields = [
        ("gemeentecode", Cell(of.text, of.place)),
        ("herkomst", Cell(Provenance.DELIVERED.dutch)),
        *_entered(cells, given),
        *_delivered_besides(cells, given),
    ]
    sheet = next((cell.place for name, cell in cells.items() if name.startswith(form.ENTERED)), of.place)
    whole = f"{form.RETURNED}, {sheet.rpartition(', ')[0]}"

    def place(_: int, field: int | None) -> str:
        return (field is not None and field < len(fields) and fields[field][1].place) or whole

    said = [replace(cell.remark, field=at) for at, (_, cell) in enumerate(fields) if cell.remark]
    header = Row(1, tuple(column for column, _ in fields), places=place)
    row = Row(1, tuple(cell.text for _, cell in fields), places=place, remarks=(*said, *remarks))
    return Table(
        "\t",
        iter((header, row)),
        remarks=of_the_whole,
        made_from=_identity(cells, form.MADE_FROM).text,
        mark=cells[form.MARK].text if form.MARK in cells else "",
        shown=dict(_shown(cells, given)),
    )


def _shown(cells: Cells, given: frozenset[str]) -> Iterator[tuple[str, Shown]]:
    """The totals that a workbook shows, if it calculated them with the choices that are read.

    Some programs save what was entered, and leave the totals as they were or leave them out.
    """
    if _class_follows(cells, given):
        return
    for word in _words(cells, form.ENTERED):
        entered, used = cells[form.ENTERED + word], cells.get(form.CHOSEN + word, cells.get(word))
        begin = cells.get(form.BEGIN + word) if word in form.NO_CHOICES else entered
        if not (used and used.text and begin and _same(entered, used) and _same(entered, begin)):
            return
    for word in form.COMPARED:
        if (cell := cells.get(form.OUTCOME + word)) and cell.text:
            yield word, Shown(cell.text, cell.place)


# --- Which form it is -------------------------------------------------------------------------------------------------


def _of_version(cells: Cells) -> Iterator[Remark]:
    """What there is to say of the version of a form that can be read.

    Raises:
        Refused: if it cannot.
    """
    name, version = _identity(cells, form.FORM), _identity(cells, form.FORM_VERSION)
    number = int(version.text) if _VERSION.fullmatch(version.text) else -1
    if name.text != form.NAME or number < form.OLDEST:
        what = f"een oudere versie van het formulier ({_told('', version)})"
        if name.text != form.NAME:
            what = f"een ander formulier ({quoted(shown(name.text))})"
        message = f"Dit werkboek is {what}, dat niet wordt gelezen. Neem de keuzes over in {_LATEST}."
        raise Refused("formulier_te_oud", message, place=version.place)
    if number > form.VERSION:
        message = (
            f"Dit werkboek is gemaakt met een nieuwere versie van kostenindicatie (formulier {number}; gelezen wordt "
            f"tot en met {form.VERSION}). Werk kostenindicatie bij, of neem de keuzes over in {_LATEST}."
        )
        raise Refused("formulier_te_nieuw", message, place=version.place)
    if number < form.VERSION:
        message = f"Dit werkboek is van een oudere versie (formulier {number}); gebruik hierna {_LATEST}."
        yield Remark(None, Severity.WARNING, "formulier_ouder", message)


def _identity(cells: Cells, name: str) -> Cell:
    """A cell by which a form is known.

    Raises:
        Refused: if there is none, or nothing in it.
    """
    if (cell := cells.get(name)) is None or not cell.text:
        message = (
            f"Dit lijkt een werkboek van een gemeente, maar de cel {name} ontbreekt: het is ouder dan dit formulier, "
            f"of het is niet het hele werkboek. Stuur het hele werkboek terug, of neem de keuzes over in {_LATEST}."
        )
        raise Refused("formulier_onvolledig", message)
    return cell


# --- What was entered -------------------------------------------------------------------------------------------------


def _entered(cells: Cells, given: frozenset[str]) -> Iterator[_Field]:
    """The choices in the input cells, each as the column that it stands for."""
    for word in dict.fromkeys((*REQUIRED, *_words(cells, form.ENTERED), *_words(cells, form.BEGIN))):
        if word in form.NO_CHOICES:
            continue
        entered, begin = cells.get(form.ENTERED + word), cells.get(form.BEGIN + word)
        if entered is None:
            yield word, _missing(form.ENTERED + word, Severity.ERROR)
        elif begin is None:
            message = f"De beginwaarde hierbij (cel {form.BEGIN}{word}) ontbreekt; wat hier staat telt als opgegeven."
            remark = Remark(None, Severity.WARNING, "beginwaarde_ontbreekt", message)
            yield word, replace(entered, remark=entered.remark or remark)
        elif not _same(entered, begin):
            about = entered.remark or _emptied(word, entered, begin)
            if about is None and word == _INHABITANTS and _class_follows(cells, given):
                about = _that_the_class_follows(cells)
            yield word, replace(entered, remark=about)
        elif word not in given:
            yield word, Cell("", entered.place)
        elif word in HOSTING.estimated_in and (outdated := _of_other_hosting(cells)):
            yield word, Cell("", entered.place, outdated)
        else:
            yield word, Cell(cells.get(form.DELIVERED + word, entered).text, entered.place)


def _class_follows(cells: Cells, given: frozenset[str]) -> bool:
    """Whether other inhabitants were entered and no size class: it follows from them, but not in the workbook."""
    return _stays(cells, _INHABITANTS) is False and _stays(cells, _CLASS) is not False and _CLASS not in given


def _that_the_class_follows(cells: Cells) -> Remark:
    stayed = cells[form.ENTERED + _CLASS]
    message = (
        f"De grootteklasse volgt uit deze inwoners; in het werkboek bleef zij {_told(_CLASS, stayed)}. Was dat "
        f"een keuze, geef haar dan op in een tabel (kolom {_CLASS})."
    )
    return Remark(None, Severity.WARNING, "klasse_volgt", message)


def _of_other_hosting(cells: Cells) -> Remark | None:
    """What is said of an own estimate for hosting that stayed as it was where another form was chosen.

    The workbook does not calculate with it either, and says so beside its cell.
    """
    if [_stays(cells, word) for word in (HOSTING.word, *HOSTING.estimated_in)] != [False, True, True]:
        return None
    was = _told(HOSTING.word, cells[form.BEGIN + HOSTING.word])
    message = f"Deze raming was voor hosting {was} en telt niet meer; vul haar opnieuw in als zij nog geldt."
    return Remark(None, Severity.WARNING, "raming_andere_hosting", message)


def _emptied(word: str, entered: Cell, begin: Cell) -> Remark | None:
    """What is said of a cell in which something should stand, and nothing does any more."""
    if entered.text or begin.text in _EMPTY or word in REQUIRED or word.endswith((LOW, HIGH)):
        return None
    message = f"Deze cel is leeg gemaakt (er stond {_told(word, begin)}); dat telt als niet opgegeven."
    return Remark(None, Severity.WARNING, "cel_leeg", message)


def _delivered_besides(cells: Cells, given: frozenset[str]) -> Iterator[_Field]:
    """What was delivered in the columns without an input cell, which stays as it was."""
    for word in sorted(given.difference(_OURS, REQUIRED, _words(cells, form.ENTERED), _words(cells, form.BEGIN))):
        name = form.DELIVERED + word
        if cell := cells.get(name):
            yield word, replace(cell, remark=None)
        else:
            yield word, _missing(name, Severity.WARNING)


def _no_choices(cells: Cells) -> Iterator[Remark]:
    """What is said of each cell that is no choice of a municipality and was changed all the same."""
    for word in form.NO_CHOICES:
        if _stays(cells, word) is False:
            entered = cells[form.ENTERED + word]
            now, was = _told(word, entered), _told(word, cells[form.BEGIN + word])
            message = f"In {entered.place} ({word}) staat {now} in plaats van {was}. "
            message += "Dit is geen keuze van een gemeente en telt niet mee."
            yield Remark(None, Severity.WARNING, "geen_keuze", message)


def _told(word: str, cell: Cell) -> str:
    """What stands in a cell, unless it may be about a person: what is said of a workbook is published."""
    known = _NUMBER.fullmatch(cell.text) or cell.text in _EMPTY or (word and may_be_published(word, cell.text))
    return quoted(shown(cell.text)) if known else "iets anders"


def _words(cells: Cells, prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in cells if name.startswith(prefix)]


def _missing(name: str, severity: Severity) -> Cell:
    """What stands for a cell that is not there."""
    message = f"De cel {name} ontbreekt in dit werkboek; neem de keuzes over in {_LATEST}."
    return Cell("", remark=Remark(None, severity, "cel_ontbreekt", message))


def _stays(cells: Cells, word: str) -> bool | None:
    """Whether an input cell still has its begin value; None if either is not there."""
    entered, begin = cells.get(form.ENTERED + word), cells.get(form.BEGIN + word)
    return _same(entered, begin) if entered and begin else None


def _same(entered: Cell, begin: Cell) -> bool:
    """Whether a cell still has its begin value, in whatever letters; of what was not given, nothing is the same."""
    one, other = entered.text.casefold(), begin.text.casefold()
    return not entered.remark and (one == other or (one in _EMPTY and other in _EMPTY))
