"""LibreOffice, the real application: it changes cells of a spreadsheet as somebody would, and saves it in any form."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

FORMS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
"""What LibreOffice calls the forms in which it saves."""

Change = tuple[str, str, str | float]
"""The sheet and the address of a cell, and what is typed into it."""

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
    profile = folder / "profile"
    _run(profile, "--terminate_after_init")  # its first start lays out the folder for macros
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    macro = _MACRO.format(source=source.as_uri(), lines="\n".join(lines))
    module.write_text(_MODULE.format(escape(macro)), encoding="utf-8")
    _run(profile, "macro:///Standard.Module1.Main")
    assert all(path.exists() for path in saved.values())
    return saved


def _run(profile: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
