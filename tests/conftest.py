"""What tests share: the shipped register, tariff and texts, and a short way to choose and indicate."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.intake.readers import file_access as opening
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, Origin
from pipeline.model.indication import Indication, indicate
from pipeline.model.tariffs import Tariff, tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import Register, read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import Texts, read_texts

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "inputs" / "reference"

Chooser = Callable[..., Choices]
Indicator = Callable[..., Indication]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail what takes longer, instead of waiting for ever."""

    def fail(*_: object) -> None:
        raise AssertionError(f"it took more than {seconds} s")  # no TimeoutError: that is an OSError, which is caught

    was = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)


@pytest.fixture(autouse=True, scope="session")
def no_wait_for_young_files() -> Iterator[None]:
    """Tests read what they wrote a moment ago; waiting for such files is tested where it is the subject."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "STILL_FOR", 0.0)
        yield


@pytest.fixture(scope="session")
def register() -> Register:
    return read_register(REFERENCE / "gemeenten.csv")


@pytest.fixture(scope="session")
def tariff() -> Tariff:
    return tariff_on(read_tariffs(REFERENCE / "tarieven.toml"), date(2026, 1, 1))


@pytest.fixture(scope="session")
def texts() -> Texts:
    return read_texts(ROOT / "templates")


@pytest.fixture(scope="session")
def basis(register: Register, tariff: Tariff) -> ReferenceData:
    return ReferenceData.of(register, tariff, date(2026, 11, 25))


@pytest.fixture(scope="session")
def choose(register: Register) -> Chooser:
    """Choices in the words of the CSV: `choose("Amsterdam", "extern", "SaaS", "financieel", hours=...)`."""

    def chooser(name: str, guidance: str, hosting: str, contribution: str, **more: Any) -> Choices:
        (municipality,) = register.named(name)
        return Choices(
            municipality=municipality,
            guidance=next(g for g in Guidance if g.dutch == guidance),
            hosting=next(h for h in Hosting if h.dutch == hosting),
            contribution=next(c for c in Contribution if c.dutch == contribution),
            origin=Origin("voorbeeld.csv", 2),
            **more,
        )

    return chooser


@pytest.fixture(scope="session")
def indicated(choose: Chooser, tariff: Tariff) -> Indicator:
    """An indication for 2026, from the words of the CSV; `tariff` may be another one."""

    def indicator(*words: str, by: Tariff = tariff, **more: Any) -> Indication:
        return indicate(choose(*words, **more), by, 2026)

    return indicator
