"""What tests of what goes out share: results of a few municipalities."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.distribution.letters import Letters
from pipeline.distribution.messages import Sender
from pipeline.distribution.recipients import Recipient
from pipeline.distribution.rounds import Mail
from pipeline.intake import read_deliveries
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from pipeline.reference.texts import Texts
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.distribution.mailserver import certificate

DAY = date(2026, 1, 1)
ADDRESSES = {"GM0355": ("beheer@zeist.example",), "GM0363": ("a@amsterdam.example", "b@amsterdam.example")}
"""Where messages go: Delft has none, and Amsterdam two."""
DELIVERED = (
    "gemeente;begeleiding;hosting;bijdrage;herkomst;bijdrage_toelichting\n"
    "Zeist;extern;saas;financieel;;\n"
    "Delft;zelf;in huis;alternatief;;Wij vertalen de handleiding\n"
    "Amsterdam;extern;saas;financieel;voorbeeld;\n"
)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run makes of three municipalities, of which one is only illustrated; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "inputs").mkdir()
    (folder / "inputs" / "a.csv").write_text(DELIVERED, encoding="utf-8")
    report(Settings(folder / "inputs", folder / "outputs", REFERENCE, ROOT / "templates", DAY, workers=1))
    return folder / "outputs"


@pytest.fixture
def outputs(results: Path, tmp_path: Path) -> Path:
    """A folder with those results, to be changed."""
    return Path(shutil.copytree(results, tmp_path / "outputs"))


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of a server on this machine, which is trusted where `SSL_CERT_FILE` names it."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusting(trusted: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, and it is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return trusted


Mailer = Callable[..., Mail]


@pytest.fixture
def mailer(results: Path, outputs: Path, register: Register, tariff: Tariff, texts: Texts) -> Mailer:
    """What a round of mail is made from; `addresses` are those of municipalities by code."""
    intake = read_deliveries(results.parent / "inputs", register, None, tariff.items, DAY.year)
    letters = Letters.read(ROOT / "templates", texts, tariff)

    def make(addresses: Mapping[str, tuple[str, ...]] = ADDRESSES, **more: Any) -> Mail:
        recipients = {code: Recipient(code, theirs) for code, theirs in addresses.items()}
        usual = Mail(outputs, letters, intake, recipients, register, DAY, Sender("signalen@example.nl", "Signalen"))
        return replace(usual, **more)

    return make
