"""LibreOffice, the real application: cells changed in it as somebody would, and saved by it in any form.

It starts once for many workbooks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
"""What LibreOffice calls the forms in which it saves."""

Place = tuple[str, str]
"""The sheet and the address of a cell."""
Typed = str | float | None

# Only a cell that is not locked can be changed.
_MACRO = """
Sub Main
  Dim steps As Integer
  Dim said As String
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  filter(0).Name = "FilterName"
  steps = FreeFile
  Open Environ("STEPS") For Input As #steps
  Do While Not Eof(steps)
    Line Input #steps, said
    parts = Split(said, Chr(9))
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
  Close #steps
  StarDesktop.terminate
End Sub
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{}</script:module>
"""


Cells = Mapping[str, Typed] | Mapping[Place, Typed]
"""What is typed into cells, by their names or their places."""


def change(books: Mapping[Path, tuple[Cells, Sequence[Path]]], scratch: Path) -> None:
    """Type into cells of workbooks, and save each as some files, in the forms that their names say."""
    steps: list[tuple[str, ...]] = []
    for path, (cells, into) in books.items():
        steps.append(("open", path.as_uri()))
        for cell, value in cells.items():
            steps.append(("name", cell) if isinstance(cell, str) else ("place", *cell))
            typed = value is None or isinstance(value, str)
            steps.append(("text", str(value or "")) if typed else ("number", str(value)))
        steps += [("save", saved.as_uri(), FILTERS[saved.suffix]) for saved in into]
        steps.append(("close",))
    assert not any(mark in part for step in steps for part in step for mark in "\t\r\n")
    scratch.mkdir(parents=True, exist_ok=True)
    (scratch / "steps").write_text("".join("\t".join(step) + "\n" for step in steps), encoding="utf-8")
    profile = scratch / "profile"
    _start(profile, scratch, "--terminate_after_init")  # it makes its profile, with an empty macro in it
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(_MODULE.format(escape(_MACRO)), encoding="utf-8")
    _start(profile, scratch, "macro:///Standard.Module1.Main()")
    assert all(saved.exists() for _, into in books.values() for saved in into)


def _start(profile: Path, scratch: Path, what: str) -> None:
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", what],
        check=True,
        capture_output=True,
        timeout=900,
        env={**os.environ, "LC_ALL": "C.UTF-8", "STEPS": str(scratch / "steps")},
    )
