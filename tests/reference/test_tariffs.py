from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import TariffError, TariffGap
from pipeline.model.tariffs import SizeClass, Tariff, tariff_on
from pipeline.reference.register import Register
from pipeline.reference.tariff_file import read_tariffs
from tests.conftest import REFERENCE

SHIPPED = (REFERENCE / "tarieven.toml").read_text(encoding="utf-8")
BLOCK = SHIPPED[SHIPPED.index("\n[[tarieven]]\n") :]


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped tariff file with one thing changed."""
    assert old in SHIPPED
    path = tmp_path / "tarieven.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_amounts_are_those_of_the_source(tariff: Tariff) -> None:
    # "Kostenindicaties", docs.signalen.org: 150 hours at EUR 100; SaaS EUR 10.000 - 20.000 a year; four contributions.
    assert [tariff.hours.value, tariff.hourly_rate.value] == [150, 100]
    assert [tariff.saas.low, tariff.saas.high] == [10_000, 20_000]
    assert [int(tariff.contribution.of(c).value) for c in SizeClass] == [40_000, 20_000, 12_500, 2_500]
    assert tariff.software.value == 0
    assert tariff.ggu_year is None


def test_every_amount_of_the_source_is_stated_and_every_bound_is_assumed(tariff: Tariff) -> None:
    stated = [tariff.software, tariff.hours, tariff.hourly_rate, tariff.saas, tariff.demo_hours]
    stated += [tariff.contribution.of(c) for c in SizeClass]
    assumed = [tariff.large_from, tariff.medium_from, tariff.bound_margin, tariff.horizon, tariff.indexation, tariff.g4]
    assert not any(figure.assumed for figure in stated)
    assert all(figure.assumed for figure in assumed)


def test_the_register_falls_into_the_size_classes_as_published(tariff: Tariff, register: Register) -> None:
    # Counted from the CBS figures of 2026 with the bounds 100.000 and 50.000 and the fixed G4.
    counts = Counter(tariff.size_class(m.code, m.inhabitants) for m in register)
    assert [counts[c] for c in SizeClass] == [4, 28, 65, 245]


def test_eindhoven_is_large_and_not_one_of_the_g4(tariff: Tariff, register: Register) -> None:
    (eindhoven,) = register.named("Eindhoven")
    assert tariff.size_class(eindhoven.code, 249_783) is SizeClass.LARGE
    assert tariff.size_class(eindhoven.code, 900_000) is SizeClass.LARGE
    assert tariff.size_class("GM0344", 1) is SizeClass.G4


@pytest.mark.parametrize(
    ("inhabitants", "expected"),
    [
        (100_000, SizeClass.LARGE),
        (99_999, SizeClass.MEDIUM),
        (50_000, SizeClass.MEDIUM),
        (49_999, SizeClass.SMALL),
        (1, SizeClass.SMALL),
    ],
)
def test_a_class_begins_at_its_bound(tariff: Tariff, inhabitants: int, expected: SizeClass) -> None:
    assert tariff.size_class("GM9999", inhabitants) is expected


@pytest.mark.parametrize(
    ("inhabitants", "expected"),
    # 3 % of 50.000 is 1.500, of 100.000 is 3.000
    [(48_499, None), (48_500, SizeClass.MEDIUM), (51_500, SizeClass.MEDIUM), (51_501, None), (97_000, SizeClass.LARGE)],
)
def test_a_bound_is_nearby_within_three_percent(tariff: Tariff, inhabitants: int, expected: SizeClass | None) -> None:
    assert tariff.bound_nearby("GM9999", inhabitants) is expected


def test_eleven_municipalities_are_near_a_bound(tariff: Tariff, register: Register) -> None:
    assert sum(tariff.bound_nearby(m.code, m.inhabitants) is not None for m in register) == 11


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[tarieven.bijdrage.Klein]", "[tarieven.bijdrage.Klen]", "tarieven.1.bijdrage.Klein: is missing"),
        ("[tarieven.bijdrage.Klein]", "[tarieven.bijdrage.Klen]", "did you mean Klein?"),
        ("waarde = 100\n", "waarde = -100\n", "tarieven.1.uurtarief.waarde: should be greater than or equal to 0"),
        ("waarde = 100\n", "waard = 100\n", "tarieven.1.uurtarief.waard: is not a known key; did you mean waarde?"),
        ('"EUR per uur"', '"EUR"', "tarieven.1.uurtarief.eenheid: should be 'EUR per uur' (it is 'EUR')"),
        ("laag = 10000", "laag = 30000", "tarieven.1.hosting_saas: laag must not exceed hoog"),
        ("laag = 10000", "laag = inf", "tarieven.1.hosting_saas.laag"),
        ("laag = 10000", "laag = 10000.005", "tarieven.1.hosting_saas.laag"),
        ("waarde = 50000", "waarde = 150000", "middelgroot_vanaf must be below groot_vanaf"),
        ('herkomst = "vermeld"', 'herkomst = "gehoord"', "tarieven.1.software.herkomst"),
        ("geldig_vanaf = 2024-07-22", 'geldig_vanaf = "juli"', "tarieven.1.geldig_vanaf"),
        ("[[tarieven]]\n", "[[tarief]]\n", "tarief: is not a known key; did you mean tarieven?"),
        ("geldig_vanaf = 2024-07-22", "geldig_vanaf = ", "is not valid TOML"),
        ("laag = 10000", "laag = nan", "laag: should be a finite number (it is NaN)"),
        ("laag = 10000", 'laag = "10000"', "laag: should be a number (it is '10000')"),
        ("laag = 10000", "laag = true", "laag: should be a number (it is True)"),
        ("laag = 10000", "laag = 10000.005", "should be a number with no more than 2 decimals (it is 10000.005)"),
        ("hoog = 20000", "hoog = 10000001", "hoog: should be less than or equal to 10000000 (it is 10000001)"),
        ("waarde = 50000", "waarde = 50000.5", "middelgroot_vanaf.waarde: should be a whole number (it is 50000.5)"),
        ("datum = 2024-07-22", "datum = 2024-07-22T10:00:00", "tarieven.1.software.datum: should be a date without"),
        ("datum = 2024-07-22", 'datum = "2024-07-22"', "such as 2026-01-01 (it is '2024-07-22')"),
        (
            'link = "https://',
            'link = "http://',
            "tarieven.1.software.link: should be an address that begins with https:",
        ),
        (
            'bron = "figuur',
            'bron = ""\n# "figuur',
            "bron: should be a text in quotes, of at least one character (it is '')",
        ),
        ("[tarieven.software]", "[[tarieven.software]]", "tarieven.1.software: should be a table, with a key on each"),
        ("[[tarieven.toelichting]]", "[tarieven.toelichting]", "is not valid TOML"),
        ("codes = [", 'codes = "GM0344" #', "is not valid TOML"),
        ('"GM0363"', "363", "codes.2: is 363; a code is GM and 4 digits"),
        ('"GM0363"', '"GM363"', "codes.2: is 'GM363'; a code is GM and 4 digits, as in GM0363"),
    ],
)
def test_a_broken_tariff_file_is_refused_with_its_key_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = broken(tmp_path, old, new)
    with pytest.raises(TariffError) as refusal:
        read_tariffs(path)
    assert complaint in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert len(str(refusal.value)) < 2_000


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    path = broken(tmp_path, "waarde = 100\n", "waarde = -100\nwarde = 1\n")
    known = "herkomst, datum, link, waarde, eenheid, bron"
    path.write_text(path.read_text(encoding="utf-8").replace('"EUR per uur"', '"EUR"'), encoding="utf-8")
    with pytest.raises(TariffError) as refusal:
        read_tariffs(path)
    assert list(refusal.value.args) == [
        f"{path}: tarieven.1.uurtarief.waarde: should be greater than or equal to 0 (it is -100).",
        f"{path}: tarieven.1.uurtarief.eenheid: should be 'EUR per uur' (it is 'EUR').",
        f"{path}: tarieven.1.uurtarief.warde: is not a known key; did you mean waarde? Known here: {known}.",
    ]


def test_two_tariffs_for_one_day_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tarieven.toml"
    path.write_text(BLOCK + BLOCK, encoding="utf-8")
    with pytest.raises(TariffError, match="geldig_vanaf: the tariffs of 2024-07-22 and 2024-07-22 overlap"):
        read_tariffs(path)
    ended = BLOCK.replace("geldig_vanaf = 2024-07-22", "geldig_vanaf = 2024-07-22\ngeldig_tot = 2027-06-30", 1)
    path.write_text(ended + BLOCK.replace("2024-07-22", "2027-01-01", 1), encoding="utf-8")
    with pytest.raises(TariffError, match="overlap"):
        read_tariffs(path)


def test_the_reference_date_chooses_the_tariff(tmp_path: Path) -> None:
    later = BLOCK.replace("2024-07-22", "2027-01-01", 1).replace("waarde = 100\n", "waarde = 110\n", 1)
    path = tmp_path / "tarieven.toml"
    path.write_text(later + BLOCK, encoding="utf-8")
    tariffs = read_tariffs(path)
    assert tariff_on(tariffs, date(2026, 12, 31)).hourly_rate.value == 100
    assert tariff_on(tariffs, date(2027, 1, 1)).hourly_rate.value == 110
    with pytest.raises(TariffGap, match="no tariff is valid on 2024-07-21"):
        tariff_on(tariffs, date(2024, 7, 21))


def test_a_tariff_that_has_ended_is_not_used(tmp_path: Path) -> None:
    path = broken(tmp_path, "geldig_vanaf = 2024-07-22", "geldig_vanaf = 2024-07-22\ngeldig_tot = 2025-12-31")
    tariffs = read_tariffs(path)
    assert tariff_on(tariffs, date(2025, 12, 31)) is tariffs[0]
    with pytest.raises(TariffGap, match="from 2024-07-22 to 2025-12-31"):
        tariff_on(tariffs, date(2026, 1, 1))


def test_an_absent_tariff_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TariffError, match="cannot be read"):
        read_tariffs(tmp_path / "tarieven.toml")
