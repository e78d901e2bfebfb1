from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputsError, RegisterError
from pipeline.model.codes import CodeForm
from pipeline.reference.register import Register, read_register

HEADER = "gemeentecode,gemeente,provincie,inwoners,peildatum,bron,ook_bekend_als\n"
AMSTERDAM = "GM0363,Amsterdam,Noord-Holland,942525,2026-01-01,CBS,\n"

FORMED = HEADER.replace("\n", ",codevorm\n")


def test_the_register_holds_all_municipalities_with_their_date_and_source(register: Register) -> None:
    assert len(register) == 342
    # The sum that CBS publishes for the country, table 03759ned, 1 January 2026.
    assert sum(municipality.inhabitants for municipality in register) == 18_130_208
    assert register.reference_date.isoformat() == "2026-01-01"
    assert "03759ned" in register.source


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Den Haag", "GM0518"),
        ("'s-gravenhage", "GM0518"),
        ("Den Bosch", "GM0796"),
        ("Súdwest Fryslân", "GM1900"),
        ("sudwest-fryslan", "GM1900"),
        ("Nuenen", "GM0820"),
        ("Bergen (NH)", "GM0373"),
        ("Bergen L", "GM0893"),
        ("Utrecht", "GM0344"),
        ("Groningen", "GM0014"),
        ("Bergen op Zoom", "GM0748"),
    ],
)
def test_a_municipality_is_found_by_the_names_that_people_write(register: Register, written: str, code: str) -> None:
    assert [municipality.code for municipality in register.named(written)] == [code]


def test_bergen_alone_is_ambiguous(register: Register) -> None:
    assert {municipality.code for municipality in register.named("Bergen")} == {"GM0373", "GM0893"}


def test_the_stem_of_a_file_is_plain_and_unique(register: Register) -> None:
    stems = {municipality.stem for municipality in register}
    assert len(stems) == 342
    assert {"GM0363-amsterdam", "GM0518-s-gravenhage", "GM1900-sudwest-fryslan"} <= stems
    assert all(stem.isascii() and "." not in stem and "/" not in stem for stem in stems)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEADER.replace("inwoners", "inw") + AMSTERDAM, "line 1: column inwoners is missing"),
        (HEADER + AMSTERDAM.replace("GM0363", "363"), "line 2: gemeentecode is '363'"),
        (HEADER + AMSTERDAM + AMSTERDAM, "line 3: gemeentecode is 'GM0363'; each municipality has one line"),
        (HEADER + AMSTERDAM.replace("942525", "942.525"), "line 2: inwoners is '942.525'"),
        (HEADER + AMSTERDAM.replace("2026-01-01", "1-1-2026"), "peildatum is '1-1-2026'"),
        (HEADER + AMSTERDAM + "GM0014,Groningen,Groningen,1,2025-01-01,CBS,\n", "2 combinations of peildatum"),
        (HEADER, "0 combinations of peildatum"),
        (
            HEADER + AMSTERDAM.replace("GM0363", "GM10000"),
            "'GM10000'; a code is GM and 4 digits, as in GM0363; codes of",
        ),
        (HEADER + AMSTERDAM.replace("GM0363", "GM٠٣٦٣"), "line 2: gemeentecode is 'GM٠٣٦٣'"),
        (FORMED + AMSTERDAM.replace("\n", ",GM0363\n"), "line 2: codevorm is 'GM0363'; how codes look is written as"),
        (FORMED + AMSTERDAM.replace("\n", ",GM00000\n"), "'GM0363'; a code is GM and 5 digits, as in GM00363"),
        (
            FORMED + AMSTERDAM.replace("\n", ",GM0000\n") + AMSTERDAM.replace("0363", "0014"),
            "line 3: codevorm is None; all codes of a register look the same",
        ),
    ],
)
def test_a_broken_register_is_refused_with_what_would_be_right(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "gemeenten.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError) as refusal:
        read_register(path)
    assert complaint in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_what_stands_behind_the_last_column_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "gemeenten.csv"
    for text in (HEADER + AMSTERDAM, FORMED + AMSTERDAM.replace("\n", ",GM0000\n")):
        path.write_text(text.removesuffix("\n") + ",,\n", encoding="utf-8")
        assert [one.name for one in read_register(path)] == ["Amsterdam"]


def test_an_absent_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be read"):
        read_register(tmp_path / "gemeenten.csv")


def test_a_register_that_says_how_codes_look_holds_more_than_ten_thousand(tmp_path: Path) -> None:
    path = tmp_path / "gemeenten.csv"
    lines = (f"EU{number:05d},Plaats {number},Streek,1000,2026-01-01,Bron,,EU00000\n" for number in range(20_000))
    path.write_text(FORMED + "".join(lines), encoding="utf-8")
    register = read_register(path)
    assert len(register) == 20_000
    assert register.municipalities["EU19999"].stem == "EU19999-plaats-19999"
    assert register.codes == CodeForm("EU", 5)


@pytest.mark.parametrize(("name", "complaint"), [("Bergen", "ambiguous: GM0373"), ("Atlantis", "not a municipality")])
def test_who_asks_for_one_municipality_names_just_one(register: Register, name: str, complaint: str) -> None:
    assert [register.only(each).code for each in ("den haag", "gm0820")] == ["GM0518", "GM0820"]
    with pytest.raises(InputsError, match=complaint):
        register.only(name)
