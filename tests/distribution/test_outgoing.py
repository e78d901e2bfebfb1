"""What goes out is known by what it says: the same is never mailed again, and something else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from pipeline.distribution.journal import Entry, read_journal
from pipeline.distribution.letters import Letters
from pipeline.distribution.rounds import Mail, Sent, send_round
from pipeline.distribution.sender import Pace
from pipeline.distribution.server import Server
from pipeline.errors import OutputsError
from pipeline.intake import read_deliveries
from pipeline.model.tariffs import Tariff
from pipeline.publishing.manifest import COPY, MANIFEST, read_manifest
from pipeline.reference.register import Register
from pipeline.reference.texts import read_texts
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.distribution.conftest import DAY, DELIVERED, Mailer
from tests.distribution.mailserver import HERE, serving

Remake = Callable[..., Mail]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder with the deliveries from which the results were made, to be changed."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "a.csv").write_text(DELIVERED, encoding="utf-8")
    return folder


@pytest.fixture
def remake(mailer: Mailer, inputs: Path, register: Register, tariff: Tariff) -> Remake:
    """Have a report made of them, perhaps on another day or by other templates."""
    mail = mailer()

    def make(
        day: date = DAY,
        templates: Path = ROOT / "templates",
        reference: Path = REFERENCE,
        *,
        reported: bool = True,
    ) -> Mail:
        if reported:
            report(Settings(inputs, mail.outputs, reference, templates, day, workers=1))
        intake = read_deliveries(inputs, register, None, tariff.items, day.year)
        letters = Letters.read(templates, read_texts(templates), tariff)
        return replace(mail, intake=intake, letters=letters, day=day)

    return make


def send(mail: Mail) -> tuple[Sent, int]:
    """Send everything; gives what became of it, and how many messages arrived."""
    with serving() as (port, received):
        sent = send_round(mail, Server(HERE, port, plain=True, timeout=1), Pace(1_000_000, wait=0.01), everything=True)
    return sent, len(received.messages)


def documents(mail: Mail) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (mail.outputs / "gemeenten").iterdir()}


def test_a_report_on_another_day_is_no_reason_to_mail_anybody_again(remake: Remake) -> None:
    before = remake()
    made = documents(before)
    assert send(before)[1] == 3
    later = remake(date(2026, 6, 30))
    assert all(data != made[name] for name, data in documents(later).items())  # the reference date stands in each
    sent, arrived = send(later)
    assert (arrived, sent.outcome.sent, sent.outcome.before) == (0, [], 3)


def test_a_year_that_turns_gives_other_amounts_and_so_another_message(remake: Remake) -> None:
    assert send(remake())[1] == 3
    sent, arrived = send(remake(date(2027, 1, 4)))
    assert (arrived, sent.outcome.before) == (3, 0)


def test_a_row_that_moves_and_a_delivery_with_another_name_are_no_reason_either(remake: Remake, inputs: Path) -> None:
    assert send(remake())[1] == 3
    head, rows = DELIVERED.split("\n", 1)
    moved = f"{head}\nSoest;extern;saas;financieel;;\n\n{rows}"
    (inputs / "a.csv").write_text(moved, encoding="utf-8")
    for mail in (remake(reported=False), remake()):
        sent, arrived = send(mail)
        assert (arrived, sent.outcome.before) == (0, 3)
        assert not [one for one in sent.left_out if "gewijzigd" in one.why]
    (inputs / "a.csv").rename(inputs / "b.csv")
    for mail in (remake(reported=False), remake()):
        assert send(mail)[1] == 0


def test_a_row_that_says_the_same_in_a_later_delivery_is_no_reason_either(remake: Remake, inputs: Path) -> None:
    assert send(remake())[1] == 3
    (inputs / "b.csv").write_text(DELIVERED, encoding="utf-8")
    assert send(remake(reported=False))[1] == 0
    assert send(remake())[1] == 0


def test_another_choice_is_another_message_for_whom_it_concerns(remake: Remake, inputs: Path) -> None:
    assert send(remake())[1] == 3
    (inputs / "a.csv").write_text(DELIVERED.replace("Zeist;extern", "Zeist;zelf"), encoding="utf-8")
    stale = send(remake(reported=False))[0]
    assert [one.name for one in stale.left_out] == ["Zeist", "Delft"]
    assert stale.left_out[0].why.startswith("De keuzes zijn gewijzigd sinds de documenten zijn gemaakt.")
    assert send(remake())[0].outcome.sent == ["Zeist"]


def test_a_delivery_that_can_be_used_no_more_leaves_out_who_stood_in_it(remake: Remake, inputs: Path) -> None:
    (inputs / "b.csv").write_text(DELIVERED.replace("\nDelft", "\n#").split("#")[0], encoding="utf-8")
    remake()
    (inputs / "b.csv").write_bytes(b"\x00\x01")
    sent = send(remake(reported=False))[0]
    assert sent.outcome.sent == ["Amsterdam", "Amsterdam"]
    assert sent.left_out[0].why == (
        "De aanlevering van deze gemeente is niet meer te gebruiken. Herstel haar, en geef make report."
    )


def test_another_word_in_a_template_mails_nobody_again(remake: Remake, tmp_path: Path) -> None:
    before = remake()
    made = documents(before)
    assert send(before)[1] == 3
    templates = Path(shutil.copytree(ROOT / "templates", tmp_path / "templates"))
    texts = templates / "teksten.toml"
    text = texts.read_text(encoding="utf-8")
    texts.write_text(text.replace('"Signalen software"', '"De software"'), encoding="utf-8")
    assert texts.read_text(encoding="utf-8") != text
    after = remake(templates=templates)
    assert documents(after) != made
    assert send(after)[1] == 0


@pytest.mark.parametrize(
    ("said", "instead", "arrive"),
    [
        ("waarde = 2500\neenheid", "waarde = 2600\neenheid", 3),
        ("niet vermeld; gangbare grens", "niet genoemd; gangbare grens", 0),
    ],
)
def test_another_figure_of_the_tariff_is_another_message_and_another_word_in_it_is_not(
    remake: Remake, tmp_path: Path, said: str, instead: str, arrive: int
) -> None:
    """A figure of other municipalities stands in each workbook too, which works out what other choices cost."""
    assert send(remake())[1] == 3
    reference = Path(shutil.copytree(REFERENCE, tmp_path / "reference"))
    tariffs = reference / "tarieven.toml"
    text = tariffs.read_text(encoding="utf-8")
    assert said in text
    tariffs.write_text(text.replace(said, instead), encoding="utf-8")
    assert send(remake(reference=reference))[1] == arrive


def test_results_of_which_nobody_knows_the_reference_date_are_not_sent(remake: Remake) -> None:
    mail = remake()
    old = structs.replace(read_manifest(mail.outputs), day=None)
    for name in (MANIFEST, COPY):
        (mail.outputs / name).write_bytes(old.as_bytes())
    with pytest.raises(OutputsError, match="did not leave word of the reference date; run `make report`"):
        send(mail)
    assert send(remake())[1] == 3


def test_the_journal_tells_which_files_were_sent(remake: Remake) -> None:
    mail = remake()
    send(mail)
    noted: Entry = read_journal(mail.outputs / "verzending")[-1]
    assert sorted(noted.files) == ["GM0363-amsterdam.md", "GM0363-amsterdam.xlsx"]
    assert all(len(checksum) == 64 for checksum in noted.files.values())
