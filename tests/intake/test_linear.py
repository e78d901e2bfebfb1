"""The work of reading a delivery is in proportion to its bytes, whatever they are, and a bad one is answered soon."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.reference.register import Register
from tests.conftest import REFERENCE
from tests.intake.pace import Pace
from tests.intake.readers.test_any_dialect import PIECES, read_bytes
from tests.intake.test_large import HEADER, right, run_command

SMALL = 60_000
LARGE = 49_000_000
"""Just under the 50 MB that a delivery may have."""


# --- Small files: no unit, however often it is repeated, takes more time than its length asks -------------------------

BEFORE = ["", HEADER, f"{HEADER}Zeist;extern;", f"{HEADER}Zeist;extern;1", f'{HEADER}Zeist;extern;120;saas;1;2;geen;"']
BEHIND = ["", "x", ";saas;;;geen\n", '"', '"y\n']
UNITS = st.lists(
    PIECES | st.sampled_from([" ", "uur", "€", "k", "'", "(", ":", "\u0301\u0316"]), min_size=1, max_size=3
)


def check_time(before: str, unit: str, behind: str, length: int) -> None:
    data = f"{before}{unit * (length // len(unit))}{behind}".encode("utf-8", "replace")
    begin = time.process_time()
    read_bytes(a=data)
    # What 50 MB may take is 10 s; a small file has room for what every file takes, and for a busy machine.
    assert time.process_time() - begin < 1 + 10 * len(data) / 1_000_000


@pytest.mark.parametrize("unit", [" ", "uur", "uren ", "\u0301\u0316", "'", "-", "1 ", "€ ", "(", "GM0", ","])
@pytest.mark.parametrize("behind", ["x;saas;;;geen\n", '"y;saas;;;geen\n'])
def test_an_endless_field_is_answered_at_once(unit: str, behind: str) -> None:
    check_time(f"{HEADER}Zeist;extern;1", unit, behind, SMALL)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BEFORE), UNITS.map("".join), st.sampled_from(BEHIND))
def test_nothing_that_is_repeated_takes_more_time_than_its_length_asks(before: str, unit: str, behind: str) -> None:
    check_time(before, unit, behind, SMALL)


@pytest.mark.thorough
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(BEFORE), UNITS.map("".join), st.sampled_from(BEHIND))
def test_nothing_that_is_repeated_a_million_times_does_either(before: str, unit: str, behind: str) -> None:
    check_time(before, unit, behind, 1_000_000)


# --- Files as large as may be, by the real command --------------------------------------------------------------------


def filled(unit: str | bytes) -> bytes:
    data = unit if isinstance(unit, bytes) else unit.encode()
    return data * (LARGE // len(data))


def rows(row: Callable[[int], str]) -> bytes:
    return "".join(row(number) for number in range(99_000)).encode()


HALF_THE_LINES = re.compile(rb"\n[\0-\x7f]")
NO_LINES = bytes.maketrans(b"\0\r", b"00")
TOP = HEADER.encode()
ZEIST = "Zeist;extern;;saas;;;geen;"
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a header of empty columns": (lambda: TOP[:-1] + filled(";"), "te_veel_kolommen"),
    "a quoted field and a letter": (lambda: TOP + f'{ZEIST}"'.encode() + filled("x") + b'"y\n', "regel_te_lang"),
    "a quote that stays open": (lambda: TOP + f'{ZEIST}"'.encode() + filled("xy" * 300 + "\n"), "aanhalingsteken_open"),
    "nothing but quotes": (lambda: TOP + filled('"'), "regel_te_lang"),
    "empty lines": (lambda: TOP + filled("\n"), "te_veel_regels"),
    "empty lines of a Mac, above": (lambda: filled("\r") + TOP, "te_veel_regels"),
    "lines of a delimiter": (lambda: TOP + filled(";\n"), "te_veel_regels"),
    "the header again and again": (lambda: filled(HEADER), "te_veel_regels"),
    "one endless line with an emoji": (lambda: TOP + "🙂".encode() + filled("x"), "regel_te_lang"),
    "bytes that no encoding knows": (lambda: TOP + filled(b"\x81" * 600 + b"\n"), "te_veel_bevindingen"),
    "halves of letters": (lambda: HEADER.encode("utf-16-le") * 20 + filled(b"\x00\xd8"), "geen_tekst"),
    "empty lines and a NUL": (lambda: TOP + filled("\n")[:-1] + b"\0", "geen_tekst"),
    "random bytes": (
        lambda: HALF_THE_LINES.sub(b"00", random.Random(1).randbytes(LARGE).translate(NO_LINES)),
        "geen_kopregel",
    ),
    "fields of spaces": (lambda: TOP + filled(f"Zeist;extern;1{' ' * 31_000}x;saas;;;geen\n"), "waarde"),
    "accents without letters": (lambda: TOP + filled("\u0301\u0316" * 7_000 + f";{ZEIST}\n"), "waarde"),
    "rows of two hundred fields": (lambda: TOP + filled("xy;" * 200 + "\n"), "te_veel_kolommen"),
    "texts in which rows may stand": (
        lambda: TOP + rows(lambda n: f'{ZEIST}"{n}x;{n}y;z\n{n}x;y;z;a;b;c"\n' if n % 2 else ""),
        "dubbel",
    ),
    "every word wrong": (
        lambda: TOP + rows(lambda n: f"Z{n}t;e{n}n;u{n}u;s{n}s;l{n}l;h{n}h;f{n};c\n"),
        "te_veel_bevindingen",
    ),
    "every name wrong": (lambda: TOP + rows(lambda n: f"Am{n}am;zelf;;saas;;;geen;c\n"), "te_veel_bevindingen"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_as_large_as_may_be_is_answered_in_time(tmp_path: Path, kind: str) -> None:
    make, code = BAD[kind]
    (tmp_path / "a.csv").write_bytes(make())
    done = run_command("check", "--inputs", tmp_path, "--reference", REFERENCE, "--format", "json")
    used, mebibytes = map(float, done.stderr.splitlines()[-1].split())
    assert f'"code":"{code}"' in done.stdout
    assert (used < 15, mebibytes < 700) == (True, True), done.stderr.splitlines()[-1]


@pytest.mark.thorough
def test_a_right_file_with_as_many_rows_as_may_be_is_read_in_time(tmp_path: Path, register: Register) -> None:
    names = [municipality.name for municipality in register]
    data = HEADER + "".join(right(names[n % len(names)], n) for n in range(99_000))
    (tmp_path / "a.csv").write_text(data, encoding="utf-8")
    done = run_command("check", "--inputs", tmp_path, "--reference", REFERENCE)
    used, mebibytes = map(float, done.stderr.splitlines()[-1].split())
    assert done.returncode == 0
    assert (used < 15, mebibytes < 700) == (True, True), done.stderr.splitlines()[-1]


# --- Names and choices that are longer than any real one, a little different in each row ------------------------------

ENDLESS: dict[str, Callable[[int], str]] = {
    "damaged letters": lambda n: f"SÃºdwest-FryslÃ¢n{'Ã©' * 80}{n};zelf;;saas;;;geen;\n",
    "a long name": lambda n: f"{'Amsterdam ' * 19}{n};zelf;;saas;;;geen;\n",
    "long choices": lambda n: f"Zeist;{'zelf ' * 38}{n};;{'saas ' * 38}{n};;;{'geen ' * 38}{n};\n",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_is_longer_than_any_name_or_choice_is_compared_with_none(kind: str) -> None:
    data = (HEADER + "".join(map(ENDLESS[kind], range(2_000)))).encode()
    taken = []
    for _ in range(3):  # of something so short, what else goes on may take as long
        with Pace() as pace:
            intake = read_bytes(a=data)
        taken.append(pace.least)
    assert len(intake.rejected) == 2_000
    assert not any("Bedoelde u" in finding.message for finding in intake.findings)
    assert min(taken) < 0.6, taken  # 25,000 rows, of which no more are read, within 7.5 s
