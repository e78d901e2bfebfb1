from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RegisterError
from pipeline.model.codes import CodeForm
from pipeline.reference.mergers import Former, read_mergers
from pipeline.reference.register import read_register
from tests.conftest import REFERENCE

HEADER = "datum,gemeentecode,gemeente,opvolgers,bron\n"


def test_a_municipality_may_have_gone_into_more_than_one(tmp_path: Path) -> None:
    path = tmp_path / "herindelingen.csv"
    path.write_text(HEADER + "2021-01-01,GM0788,Haaren,GM0757|GM0824,CBS\n", encoding="utf-8")
    assert read_mergers(path) == (Former("GM0788", "Haaren", date(2021, 1, 1), ("GM0757", "GM0824")),)


def test_its_codes_look_as_those_of_the_register(tmp_path: Path) -> None:
    path = tmp_path / "herindelingen.csv"
    path.write_text(HEADER + "2021-01-01,EU00788,Haaren,EU00757|EU00824,CBS\n", encoding="utf-8")
    assert read_mergers(path, CodeForm("EU", 5))[0].successors == ("EU00757", "EU00824")
    with pytest.raises(RegisterError, match="gemeentecode is 'EU00788'; a code is GM and 4 digits, as in GM0363"):
        read_mergers(path)


def test_without_the_file_no_former_municipality_is_known(tmp_path: Path) -> None:
    shutil.copy(REFERENCE / "gemeenten.csv", tmp_path)
    assert read_register(tmp_path / "gemeenten.csv").former == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("datum,gemeente\n", "line 1: column gemeentecode, opvolgers, bron is missing"),
        (
            HEADER + "1-1-2021,GM0788,Haaren,GM0757,CBS\n",
            "line 2: datum is '1-1-2021'; a date is written as 2021-01-01",
        ),
        (HEADER + "2021-01-01,788,Haaren,GM0757,CBS\n", "line 2: gemeentecode is '788'"),
        (HEADER + "2021-01-01,GM0788,,GM0757,CBS\n", "line 2: gemeente is ''"),
        (HEADER + "2021-01-01,GM0788,Haaren,,CBS\n", "line 2: opvolgers is ''"),
        (HEADER + "2021-01-01,GM0788,Haaren,Boxtel,CBS\n", "line 2: opvolgers is 'Boxtel'"),
        (HEADER + "2021-01-01,GM0788\n", "line 2: gemeente is None"),
    ],
)
def test_a_broken_file_of_mergers_is_refused_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "herindelingen.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError) as refusal:
        read_mergers(path)
    assert complaint in str(refusal.value)
    path.write_bytes(b"\xff")
    with pytest.raises(RegisterError, match="is not a CSV file in UTF-8"):
        read_mergers(path)
