"""LibreOffice, the real application: it changes cells of a spreadsheet as somebody would, and saves or tells it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

FORMS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
"""What LibreOffice calls the forms in which it saves."""

Change = tuple[str, str, str | float]
"""The sheet and the address of a cell, and what is typed into it."""
Place = tuple[str, str]
"""The sheet and the address of a cell."""
Told = str | float

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
  script:language="StarBasic">{}</script:module>
"""
_MACRO = """
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  document = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
{lines}
  document.close(True)
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


def change(source: Path, changes: Iterable[Change], folder: Path) -> dict[str, Path]:
    """Open a spreadsheet, type into cells, and save it in every form; gives the file of each."""
    saved = {form: folder / f"{source.stem}-{source.suffix[1:]}.{form}" for form in FORMS}
    lines = [
        f"  document.Sheets.getByName({_text(sheet)}).getCellRangeByName({_text(cell)})."
        + (f"String = {_text(value)}" if isinstance(value, str) else f"Value = {value!r}")
        for sheet, cell, value in changes
    ]
    for form, path in saved.items():
        lines += [f'  how(0).Value = "{FORMS[form]}"', f'  document.storeToURL("{path.as_uri()}", how())']
    _run_macro(_MACRO, folder / "profile", "", source=source, lines="\n".join(lines))
    assert all(path.exists() for path in saved.values())
    return saved


def _run_macro(macro: str, profile: Path, settings: str, **fields: Path | str) -> None:
    """Run a macro, with values in place of what stands between braces, in a profile of its own."""
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    if settings:
        (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    _run(profile, "--terminate_after_init")  # its first start lays out the folder for macros
    filled = macro.format(**{name: f.as_uri() if isinstance(f, Path) else f for name, f in fields.items()})
    (user / "basic" / "Standard" / "Module1.xba").write_text(_MODULE.format(escape(filled)), encoding="utf-8")
    _run(profile, "macro:///Standard.Module1.Main")


def _run(profile: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
