"""LibreOffice, the real application: it changes cells of spreadsheets as somebody would, and saves or tells them.

It starts once for many workbooks, or for many changes of one.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
"""What LibreOffice calls the forms in which it saves."""

Place = tuple[str, str]
"""The sheet and the address of a cell."""
Typed = str | float | None
Cells = Mapping[str, Typed] | Mapping[Place, Typed]
"""What is typed into cells, by their names or their places."""
Change = tuple[str, str, str | float]
"""The sheet and the address of a cell, and what is typed into it."""
Told = str | float

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
  script:language="StarBasic">{}</script:module>
"""
# Only a cell that is not locked can be changed.
_CHANGING = """
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  filter(0).Name = "FilterName"
  files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
  steps = CreateUnoService("com.sun.star.io.TextInputStream")
  steps.setInputStream(files.openFileRead("{steps}"))
  steps.setEncoding("UTF-8")
  Do While Not steps.isEOF()
    parts = Split(steps.readLine(), Chr(9))
    Select Case parts(0)
    Case "open"
      book = StarDesktop.loadComponentFromURL(parts(1), "_blank", 0, hidden())
    Case "name"
      cell = book.NamedRanges.getByName(parts(1)).getReferredCells().getCellByPosition(0, 0)
    Case "place"
      cell = book.Sheets.getByName(parts(1)).getCellRangeByName(parts(2))
    Case "text"
      cell.String = parts(1)
    Case "number"
      cell.Value = Val(parts(1))
    Case "save"
      filter(0).Value = parts(2)
      book.storeToURL(parts(1), filter())
    Case "close"
      book.close(True)
    End Select
  Loop
End Sub
"""
_TELLING = """
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
  typed = CreateUnoService("com.sun.star.io.TextInputStream")
  typed.setInputStream(files.openFileRead("{typed}"))
  typed.setEncoding("UTF-8")
  told = CreateUnoService("com.sun.star.io.TextOutputStream")
  told.setOutputStream(files.openFileWrite("{told}"))
  told.setEncoding("UTF-8")
  document = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  document.calculateAll()
  document.enableAutomaticCalculation(False)
  Do While Not typed.isEOF()
    line = Split(typed.readLine(), Chr(9))
    If UBound(line) = 3 Then
      cell = document.Sheets.getByName(line(0)).getCellRangeByName(line(1))
      If line(2) = "n" Then cell.Value = Val(line(3)) Else cell.String = line(3)
    Else
      document.calculate()
      For Each sheet In document.Sheets
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        area = cursor.RangeAddress
        rows = sheet.getCellRangeByPosition(0, 0, area.EndColumn, area.EndRow).getDataArray()
        For row = 0 To UBound(rows)
          cells = rows(row)
          For column = 0 To UBound(cells)
            value = cells(column)
            place = sheet.Name & Chr(9) & row & Chr(9) & column & Chr(9)
            Select Case VarType(value)
              Case 5: told.writeString(place & "n" & Str(value) & Chr(10))
              Case 8
                If value <> "" Then told.writeString(place & "t" & Join(Split(value, Chr(10)), Chr(13)) & Chr(10))
              Case Else: told.writeString(place & "e" & Chr(10))
            End Select
          Next
        Next
      Next
      told.writeString(Chr(10))
    End If
  Loop
  told.closeOutput()
  document.close(True)
End Sub
"""


def change(books: Mapping[Path, tuple[Cells, Sequence[Path]]], scratch: Path) -> None:
    """Type into cells of workbooks, and save each as some files, in the forms that their names say."""
    steps: list[tuple[str, ...]] = []
    for path, (cells, into) in books.items():
        steps.append(("open", path.as_uri()))
        for cell, value in cells.items():
            steps.append(("name", cell) if isinstance(cell, str) else ("place", *cell))
            typed = value is None or isinstance(value, str)
            steps.append(("text", str(value or "")) if typed else ("number", repr(value)))
        steps += [("save", saved.as_uri(), FILTERS[saved.suffix]) for saved in into]
        steps.append(("close",))
    assert not any(mark in part for step in steps for part in step for mark in "\t\r\n")
    scratch.mkdir(parents=True, exist_ok=True)
    told = scratch / "steps.txt"
    told.write_text("\n".join(map("\t".join, steps)), encoding="utf-8")
    _run_macro(_CHANGING, scratch / "profile", steps=told)
    assert all(saved.exists() for _, into in books.values() for saved in into)


def tell(source: Path, variants: Iterable[Iterable[Change]], folder: Path, settings: str) -> list[dict[Place, Told]]:
    """What stands in a spreadsheet after each of some series of changes; text of an empty cell is not told.

    Each series is typed over the one before it, and calculated at once. `settings` are those of the profile.

    Raises:
        AssertionError: if a cell holds an error.
    """
    lines = []
    for changes in variants:
        for sheet, cell, value in changes:
            kind, text = ("t", value) if isinstance(value, str) else ("n", repr(value))
            lines.append(f"{sheet}\t{cell}\t{kind}\t{text}")
        lines.append("tell")
    typed, told = folder / "typed.txt", folder / "told.txt"
    typed.write_text("\n".join(lines), encoding="utf-8")
    _run_macro(_TELLING, folder / "profile", settings, source=source, typed=typed, told=told)
    return [_read(each) for each in told.read_bytes().decode().split("\n\n") if each.strip()]


def _read(told: str) -> dict[Place, Told]:
    found: dict[Place, Told] = {}
    for line in filter(None, told.split("\n")):
        sheet, row, column, value = line.split("\t", 3)
        place = sheet, f"{get_column_letter(int(column) + 1)}{int(row) + 1}"
        assert value[0] in "nt", f"{place} holds an error"
        found[place] = float(value[1:]) if value[0] == "n" else value[1:].replace("\r", "\n")
    return found


def _run_macro(macro: str, profile: Path, settings: str = "", **files: Path) -> None:
    """Run a macro, with the addresses of files in place of what stands between braces, in a profile of its own."""
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    if settings:
        (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    _run(profile, "--terminate_after_init")  # its first start lays out the folder for macros
    filled = macro.format(**{name: file.as_uri() for name, file in files.items()})
    (user / "basic" / "Standard" / "Module1.xba").write_text(_MODULE.format(escape(filled)), encoding="utf-8")
    _run(profile, "macro:///Standard.Module1.Main")


def _run(profile: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
