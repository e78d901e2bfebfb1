"""The command `send`: drafts by default, one message before all, and nothing personal on the terminal."""

from __future__ import annotations

import csv
import email
import email.policy
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from tests.conftest import REFERENCE, ROOT
from tests.distribution.mailserver import PASSWORD, only_at, serving
from tests.distribution.sending import FROM, deliver

Send = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with deliveries, of which a run made the results."""
    deliver(tmp_path / "inputs", 3)
    ran = CliRunner().invoke(main, ["report", *_folders(tmp_path), "--templates", str(ROOT / "templates"), "-q"])
    assert ran.exit_code == 0, ran.output
    return tmp_path


@pytest.fixture
def send(here: Path) -> Send:
    """Give the command, as it would be given there."""

    def give(*arguments: str) -> Result:
        fast = ("--per-minute", "1000000", "--wait", "0.01", "--timeout", "2") if "--smtp" in arguments else ()
        return CliRunner().invoke(main, ["send", *_folders(here), *fast, *arguments])

    return give


def _folders(folder: Path) -> list[str]:
    named = {"--inputs": folder / "inputs", "--outputs": folder / "outputs", "--reference": REFERENCE}
    return [str(part) for pair in named.items() for part in pair]


def drafts(here: Path) -> list[Path]:
    return sorted((here / "outputs/verzending/concepten").iterdir())


def test_drafts_are_written_and_nothing_is_sent(here: Path, send: Send) -> None:
    done = send("--from", FROM)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == (
        f"3 messages written: {here / 'outputs/verzending/concepten'}. Nothing was sent; for that, give --smtp."
    )
    assert [path.name for path in drafts(here)] == [
        "GM0355-zeist.eml",
        "GM0363-amsterdam.eml",
        "GM0503-delft.eml",
    ]
    message = email.message_from_bytes(drafts(here)[0].read_bytes(), policy=email.policy.default)
    assert (message["X-Unsent"], message["To"], message["From"]) == ("1", "post+0@zeist.example", FROM)
    for part in message.iter_attachments():
        (whole,) = (path.read_bytes() for path in (here / "outputs").glob(f"**/{part.get_filename()}"))
        assert part.get_payload(decode=True) == whole


def test_drafts_are_the_same_bytes_each_time(here: Path, send: Send) -> None:
    send("--from", FROM, "--date", "2026-07-01")
    first = [path.read_bytes() for path in drafts(here)]
    send("--from", FROM, "--date", "2026-07-01")
    assert [path.read_bytes() for path in drafts(here)] == first


def test_who_is_left_out_is_listed_with_the_reason(here: Path, send: Send) -> None:
    file = here / "inputs/a.csv"
    file.write_text(file.read_text().replace("post+1@amsterdam.example", ""))
    send()
    done = send()
    assert done.exit_code == 3
    assert "Left out: Amsterdam; " in done.stderr
    with (here / "outputs/verzending/overgeslagen.csv").open(encoding="utf-8-sig", newline="") as listed:
        (row,) = csv.DictReader(listed, delimiter=";")
    assert (row["gemeentecode"], row["gemeente"]) == ("GM0363", "Amsterdam")
    assert row["reden"].startswith("Er is geen e-mailadres.")
    assert [path.name for path in drafts(here)] == ["GM0355-zeist.eml", "GM0503-delft.eml"]  # no longer the third


def test_a_draft_that_somebody_changed_is_kept(here: Path, send: Send) -> None:
    send()
    drafts(here)[0].write_text("mine")
    done = send()
    assert "concepten/GM0355-zeist.eml was changed by hand; it is kept as" in done.stderr
    assert (here / "outputs/verzending/concepten/GM0355-zeist.gewijzigd-1.eml").read_text() == "mine"


def test_a_changed_draft_of_who_is_left_out_is_named_until_it_is_removed(here: Path, send: Send) -> None:
    send()
    drafts(here)[0].write_text("mine")
    file = here / "inputs/a.csv"
    file.write_text(file.read_text().replace("post+0@zeist.example", ""))
    kept = "concepten/GM0355-zeist.gewijzigd-1.eml"
    assert f"concepten/GM0355-zeist.eml was changed by hand; it is kept as {kept}.\n" in send().stderr
    left = f"No draft of now, and left as it is: {kept}. Remove what is not needed any more"
    assert left in send().stderr
    (here / "outputs/verzending/.manifest.json").unlink()
    (here / "outputs/verzending/.manifest.copy.json").unlink()
    file.write_text(file.read_text().replace("post+1@amsterdam.example", ""))
    assert f"left as it is: {kept}, concepten/GM0363-amsterdam.eml. Remove" in send().stderr
    for path in (here / "outputs/verzending/concepten").iterdir():
        path.unlink()
    assert "left as it is" not in send().stderr


def test_only_what_is_yet_to_go_is_drafted(here: Path, send: Send, trusting: Path) -> None:
    file = here / "inputs/a.csv"
    file.write_text(file.read_text().replace("post+1@amsterdam", "'a@amsterdam.example, b@amsterdam").replace("'", ""))
    with serving(trusting) as (port, _):
        send("--smtp", f"127.0.0.1:{port}", "--from", FROM)  # to Zeist
    with serving(trusting, lambda at, number: "550 no" if (at, number) == ("RCPT", 2) else "") as (port, received):
        send("--smtp", f"127.0.0.1:{port}", "--from", FROM)  # to one of the two of Amsterdam
        assert [address for address, _ in received.messages] == ["a@amsterdam.example"]
    done = send("--from", FROM)
    assert [path.name for path in drafts(here)] == ["GM0363-amsterdam.eml", "GM0503-delft.eml"]
    message = email.message_from_bytes(drafts(here)[0].read_bytes(), policy=email.policy.default)
    assert message["To"] == "b@amsterdam.example"
    assert "2 messages sent before, and not drafted again.\n2 messages written" in done.stderr
    with serving(trusting, only_at("end", "swallow")) as (port, _):
        send("--smtp", f"127.0.0.1:{port}", "--from", FROM)
    doubted = send("--from", FROM)
    assert doubted.exit_code == 3
    assert "May have arrived, and may not: Delft (GM0503)." in doubted.stderr  # where nothing was refused goes first
    assert [path.name for path in drafts(here)] == ["GM0363-amsterdam.eml"]


def test_what_is_in_doubt_is_sent_again_by_name_or_code_unless_it_is_left_out(
    here: Path, send: Send, trusting: Path
) -> None:
    with serving(trusting, lambda at, number: "drop" if at == "end" and number < 4 else "") as (port, received):
        server = ("--smtp", f"127.0.0.1:{port}", "--from", FROM)
        assert "Amsterdam (GM0363)" in send(*server, "--all").stderr
        for name in ("zeist", "gm0363"):
            assert "1 message sent" in send(*server, "--resend", name).stderr
        assert len(received.messages) == 2
        assert "'Nergens' is not a municipality" in send(*server, "--resend", "Nergens").stderr
        file = here / "inputs/a.csv"
        file.write_text(file.read_text().replace("Delft;extern", "Delft;zelf"))
        left_out = send(*server, "--resend", "Delft")
        assert left_out.exit_code == 2
        assert "--resend Delft: is left out now, so that nothing goes to it. De keuzes zijn gewij" in left_out.stderr


def test_documents_of_another_year_are_not_sent_and_a_message_is_dated_as_they_are(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", 1)
    folders = [*_folders(tmp_path), "--from", FROM]
    report = ["report", *_folders(tmp_path), "--templates", str(ROOT / "templates"), "-q", "--date", "2026-03-01"]
    assert CliRunner().invoke(main, report).exit_code == 0
    late = CliRunner().invoke(main, ["send", *folders, "--date", "2027-01-02"])
    assert late.exit_code == 1
    assert "was made for 2026-03-01, and on 2027-01-02 the first year is another one" in late.stderr
    assert CliRunner().invoke(main, ["send", *folders, "--date", "2027-01-02", "--status"]).exit_code == 0
    assert CliRunner().invoke(main, ["send", *folders, "--date", "2026-12-30"]).exit_code == 0
    message = email.message_from_bytes(drafts(tmp_path)[0].read_bytes(), policy=email.policy.default)
    assert message["Date"] == "Sun, 01 Mar 2026 06:00:00 +0000"


def test_a_report_leaves_what_was_sent_alone_and_what_is_there_is_for_its_owner_only(here: Path, send: Send) -> None:
    send()
    folder = here / "outputs/verzending"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = CliRunner().invoke(main, ["report", *_folders(here), "--force", "-q"])
    assert (again.exit_code, again.output) == (0, "")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}


def test_one_message_goes_first_then_all_and_then_none(here: Path, send: Send, trusting: Path) -> None:
    with serving(trusting, log_in=True) as (port, received):
        password = here / "wachtwoord"
        password.write_bytes(PASSWORD + b"\n")
        who = ("--from", FROM, "--user", "signalen", "--password-file", str(password))
        server = ("--smtp", f"127.0.0.1:{port}", *who)
        rehearsed = send(*server, "--dry-run")
        assert (rehearsed.exit_code, len(received.messages)) == (0, 0)
        assert "1 message would be sent, only to Zeist, 0 were sent before. Nothing was sent" in rehearsed.stderr
        all_of_them = send(*server, "--dry-run", "--all")
        assert "3 messages would be sent, 0 were sent before. Nothing was sent" in all_of_them.stderr
        first = send(*server)
        assert (first.exit_code, len(received.messages)) == (0, 1)
        assert first.stderr.splitlines() == [
            "1 message sent, only to Zeist, 0 before.",
            "See how it arrived.",
            "2 messages are yet to go; for that, give --all.",
        ]
        everyone = send(*server, "--all")
        assert (everyone.exit_code, len(received.messages)) == (0, 3)
        assert send(*server, "--all").stderr == "0 messages sent, 3 before.\n"
    assert set(received.copies().values()) == {1}
    status = send("--status")
    assert status.stdout.splitlines()[0].startswith("GM0355 Zeist: sent; last on 20")
    assert status.stdout.splitlines()[-1] == "3 sent"
    for said in (rehearsed, first, everyone, status):
        assert "@" not in said.output
        assert PASSWORD.decode() not in said.output


def test_the_status_tells_which_workbooks_came_back(here: Path, send: Send) -> None:
    book = here / "outputs/gemeenten/GM0355-zeist.xlsx"
    (here / "inputs/terug.xlsx").write_bytes(book.read_bytes())
    assert "GM0355 Zeist: not sent; came back: terug.xlsx" in send("--status").stdout


def test_trouble_is_told_by_municipality_and_without_an_address(send: Send, trusting: Path) -> None:
    with serving(trusting, only_at("RCPT", "550 no user post+0@zeist.example here")) as (port, received):
        refused = send("--smtp", f"127.0.0.1:{port}", "--from", FROM, "--all")
    assert refused.exit_code == 3
    assert "Refused for good: Zeist (550). What the server said stands in verzending/verzonden.jsonl" in refused.stderr
    assert "@" not in refused.output
    assert len(received.messages) == 2


def test_a_name_of_the_environment_does_not_stand_in_the_way_of_drafts(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOSTENINDICATIE_SMTP_USER", "signalen")
    assert send().exit_code == 0


def test_a_round_that_ends_early_tells_what_was_sent_before_it_tells_why(send: Send, trusting: Path) -> None:
    with serving(trusting, lambda at, number: "530 log in" if (at, number) == ("MAIL", 3) else "") as (port, received):
        ended = send("--smtp", f"127.0.0.1:{port}", "--from", FROM, "--all")
    assert (ended.exit_code, len(received.messages)) == (1, 2)
    told, why = ended.stderr.splitlines()
    assert told == "Stopped: 2 messages of 3 sent, 0 before. The same command goes on from here."
    assert "takes mail only from who logs in" in why


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--smtp", "mail.example.nl"), 2, "it is written like mail.example.nl:587"),
        (("--smtp", "mail..nl:25"), 2, "it is written like mail.example.nl:587"),
        (("--smtp", "mail.example.nl:99999"), 2, "a port is a number"),
        (("--smtp", "127.0.0.1:1"), 2, "--from: is missing"),
        (("--smtp", "127.0.0.1:1", "--from", "nobody"), 2, "--from: is no sender"),
        (("--smtp", "127.0.0.1:1", "--from", FROM), 1, "cannot be reached"),
        (("--smtp", "192.0.2.1:25", "--insecure-plain"), 2, "--insecure-plain: is only for"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--user", "x"), 2, "the password is missing"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--resend", "Zeist"), 2, "none of its documents of now is in doubt"),
        (("--smtp", "127.0.0.1:1", "--dry-run"), 2, "--from: is missing"),
        (("--all",), 2, "--all goes with --smtp"),
        (("--dry-run",), 2, "--dry-run goes with --smtp"),
        (("--user", "x"), 2, "--user goes with --smtp"),
        (("--status", "--insecure-plain"), 2, "--insecure-plain goes with --smtp"),
        (("--password-file", __file__), 2, "--password-file goes with --smtp"),
        (("--draft", "--per-minute", "30"), 2, "--per-minute goes with --smtp"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--password-file", __file__), 2, "goes with --user"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--wait", "nan"), 2, "it is a number of seconds"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--timeout", "nan"), 2, "it is a number of seconds"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--timeout", "inf"), 2, "is not in the range 0.1<=x<=3600"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--end-timeout", "1e10"), 2, "is not in the range"),
        (("--smtp", "127.0.0.1:1", "--from", FROM, "--wait", "inf"), 2, "is not in the range 0<=x<=3600"),
        (("--draft", "--status"), 2, "Choose one of"),
        (("--date", "2020-01-01"), 1, "no tariff is valid"),
    ],
)
def test_wrong_use_is_a_sentence_and_leaves_nothing(
    here: Path, send: Send, arguments: tuple[str, ...], code: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("KOSTENINDICATIE_")]:
        monkeypatch.delenv(name)
    done = send(*arguments)
    assert done.exit_code == code, done.output
    assert sentence in done.stderr
    journal = here / "outputs/verzending/verzonden.jsonl"
    assert not journal.exists() or journal.read_bytes() == b""


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", 1)
    done = CliRunner().invoke(main, ["send", *_folders(tmp_path)])
    assert done.exit_code == 1
    assert done.stderr.endswith("is not there; run `make report` first.\n")
    assert not (tmp_path / "outputs").exists()


@pytest.mark.thorough
def test_a_draft_for_every_municipality_takes_three_seconds_at_most(tmp_path: Path) -> None:
    number = deliver(tmp_path / "inputs", None)
    ran = CliRunner().invoke(main, ["report", *_folders(tmp_path), "-q"])
    assert ran.exit_code == 0, ran.output
    best = 10.0
    for _ in range(3):
        began = time.process_time()
        assert CliRunner().invoke(main, ["send", *_folders(tmp_path), "--from", FROM]).exit_code == 0
        best = min(best, time.process_time() - began)
    assert len(drafts(tmp_path)) == number == 342
    assert best <= 3


def test_mail_that_another_delivery_moves_is_told_before_it_goes(here: Path, send: Send, trusting: Path) -> None:
    with serving(trusting) as (port, _):
        assert send("--smtp", f"127.0.0.1:{port}", "--from", FROM, "--all").exit_code == 0
    assert send().stderr.count("waarschuwing") == 0
    row = "Zeist;extern;saas;financieel;dief@elders.example\n"
    (here / "inputs/b.csv").write_text(f"gemeente;begeleiding;hosting;bijdrage;e_mail\n{row}")
    told = send().stderr
    assert "b.csv: 0 fouten, 2 waarschuwingen" in told
    assert "regel 2, GM0355, e_mail (“Zeist”): Hier staat een ander e-mailadres dan in a.csv, regel 2." in told
    assert "regel 2, GM0355, e_mail: Naar een adres dat hier staat is nog niet gemaild" in told
    assert "@" not in told
    checked = CliRunner().invoke(main, ["check", *_folders(here)[:2], *_folders(here)[4:]])
    assert "Hier staat een ander e-mailadres dan in a.csv, regel 2." in checked.stderr


def reasons(here: Path) -> dict[str, str]:
    with (here / "outputs/verzending/overgeslagen.csv").open(encoding="utf-8-sig", newline="") as listed:
        return {row["gemeente"]: row["reden"].partition(".")[0] for row in csv.DictReader(listed, delimiter=";")}


def test_each_reason_is_the_true_one(here: Path, send: Send) -> None:
    file = here / "inputs/a.csv"
    lines = file.read_text().splitlines()
    lines[1] = lines[1].replace("@zeist.example", "@")
    lines[2] = lines[2].replace("saas", "sasa")
    file.write_text("\n".join(lines) + "\nUtrecht;sasa;saas;financieel;info@utrecht.example\n")
    (here / "inputs/leeg.xlsx").write_bytes(b"no workbook")
    told = send()
    assert reasons(here) == {
        "Zeist": "Wat er bij e_mail staat, is geen e-mailadres",
        "Amsterdam": "De nieuwste regel van deze gemeente is afgekeurd",
        "Utrecht": "De nieuwste regel van deze gemeente is afgekeurd",
    }
    assert "leeg.xlsx: 1 fout" in told.stderr
    assert "regel 2, GM0355, e_mail: Dit is geen e-mailadres" in told.stderr
    assert "sasa" not in told.stderr  # what is wrong with choices is for a report, and check


def test_who_gets_a_draft_and_why_there_stands_beside_them(here: Path, send: Send, tmp_path: Path) -> None:
    reference = Path(shutil.copytree(REFERENCE, tmp_path / "reference"))
    (reference / "contacten.csv").write_text("gemeente;e_mail\nAmsterdam;een@x.example, =twee@x.example\n")
    file = here / "inputs/a.csv"
    file.write_text(file.read_text().replace("post+1@amsterdam.example", ""))
    send("--reference", str(reference))
    path = here / "outputs/verzending/ontvangers.csv"
    with path.open(encoding="utf-8-sig", newline="") as listed:
        rows = [[row["gemeentecode"], row["e_mail"], row["bron"]] for row in csv.DictReader(listed, delimiter=";")]
    assert rows == [
        ["GM0355", "post+0@zeist.example", "a.csv, regel 2"],
        ["GM0363", "een@x.example, '=twee@x.example", "contacten.csv"],
        ["GM0503", "post+2@delft.example", "a.csv, regel 4"],
    ]
    assert path.stat().st_mode & 0o077 == 0


def test_without_the_page_that_every_summary_refers_to_nothing_is_sent(here: Path, send: Send, trusting: Path) -> None:
    with (here / "outputs/uitgangspunten.md").open("a") as file:
        file.write("x")
    with serving(trusting) as (port, received):
        done = send("--smtp", f"127.0.0.1:{port}", "--from", FROM, "--all")
    assert (done.exit_code, received.messages) == (1, [])
    assert "uitgangspunten.md: was changed since it was made; run `make report` again." in done.stderr
