"""Cells changed in LibreOffice itself, as a person would, and saved by it; with one start for many workbooks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from tests.intake.readers.returning import CellValue

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
# Only a cell that is not locked can be changed.
MACRO = """
Sub Main
  Dim steps As Integer
  Dim said As String
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName"
  steps = FreeFile
  Open Environ("STEPS") For Input As #steps
  Do While Not Eof(steps)
    Line Input #steps, said
    parts = Split(said, Chr(9))
    Select Case parts(0)
    Case "open"
      book = StarDesktop.loadComponentFromURL(parts(1), "_blank", 0, Array())
    Case "text"
      book.NamedRanges.getByName(parts(1)).getReferredCells().getCellByPosition(0, 0).String = parts(2)
    Case "number"
      book.NamedRanges.getByName(parts(1)).getReferredCells().getCellByPosition(0, 0).Value = Val(parts(2))
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
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{}</script:module>
"""


def change(books: Mapping[Path, Mapping[str, CellValue]], into: Iterable[Path], scratch: Path) -> None:
    """Put other values in the named cells of workbooks, and save each as the file of that place in `into`."""
    steps = []
    for (path, cells), saved in zip(books.items(), into, strict=True):
        steps.append(f"open\t{path.as_uri()}")
        for name, value in cells.items():
            kind = "text" if value is None or isinstance(value, str) else "number"
            steps.append(f"{kind}\t{name}\t{'' if value is None else value}")
        steps += [f"save\t{saved.as_uri()}\t{FILTERS[saved.suffix]}", "close"]
    scratch.mkdir(parents=True, exist_ok=True)
    (scratch / "steps").write_text("\n".join(steps) + "\n", encoding="ascii")
    profile = scratch / "profile"
    _start(profile, scratch, "--terminate_after_init")  # it makes its profile, with an empty macro in it
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MODULE.format(escape(MACRO)), encoding="utf-8")
    _start(profile, scratch, "macro:///Standard.Module1.Main()")


def _start(profile: Path, scratch: Path, what: str) -> None:
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", what],
        check=True,
        capture_output=True,
        timeout=900,
        env={**os.environ, "STEPS": str(scratch / "steps")},
    )
