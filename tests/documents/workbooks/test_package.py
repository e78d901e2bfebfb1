"""The package of a workbook: a zip file as others read it, in which every part that is named is there."""

from __future__ import annotations

import posixpath
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.documents.workbooks.package import packed, zipped
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import Indicator

MOST = 55_000
"""How many bytes a workbook has at most."""


@pytest.fixture(scope="module")
def workbook(indicated: Indicator, basis: ReferenceData, texts: Texts) -> bytes:
    return render_indication(indicated("Zeist", "extern", "SaaS", "financieel"), basis, texts)


def test_a_package_is_a_whole_zip_file_that_does_not_tell_when_it_was_made(workbook: bytes) -> None:
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        assert package.testzip() is None
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {part.compress_type for part in package.infolist()} == {zipfile.ZIP_DEFLATED}
    assert len(workbook) <= MOST


def test_every_part_that_is_named_is_there_and_no_other(workbook: bytes) -> None:
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        parts = {name: ElementTree.XML(package.read(name)) for name in package.namelist()}
    named = {name for name in parts if name.endswith((".rels", "[Content_Types].xml"))}
    described = {part.get("PartName", "")[1:] for part in parts["[Content_Types].xml"]} - {""}
    assert described == {*parts} - named
    targets = {target for name in named if name.endswith(".rels") for target in _targets(name, parts[name])}
    assert targets == described


def _targets(name: str, relations: Any) -> set[str]:
    base = posixpath.dirname(posixpath.dirname(name))
    inside = (each for each in relations if each.get("TargetMode") != "External")
    return {posixpath.normpath(posixpath.join(base, each.get("Target"))) for each in inside}


def test_other_programs_unpack_what_was_packed(tmp_path: Path) -> None:
    texts = {"xl/worksheets/sheet1.xml": "<é>" * 9_999, "leeg.xml": "", "a/b.xml": "x"}
    (tmp_path / "a.zip").write_bytes(zipped((name, packed(name, text.encode())) for name, text in texts.items()))
    subprocess.run([sys.executable, "-m", "zipfile", "-e", "a.zip", "uit"], cwd=tmp_path, check=True)
    assert {name: (tmp_path / "uit" / name).read_text(encoding="utf-8") for name in texts} == texts
