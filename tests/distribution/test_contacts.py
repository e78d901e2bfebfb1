"""The list of contacts is read as a delivery is, and what is wrong in it is said without an address."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.distribution import gathering
from pipeline.distribution.contacts import Contacts, read_contacts
from pipeline.distribution.recipients import recipients, told_of_contacts
from pipeline.errors import InputsError
from pipeline.intake import Limits, read_deliveries
from pipeline.reference.register import Register
from tests.conftest import REFERENCE, ROOT
from tests.distribution.conftest import DAY


def listed(folder: Path, register: Register, text: str | bytes) -> Contacts:
    (folder / "contacten.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_contacts(folder, register)


def test_without_a_list_there_are_none(tmp_path: Path, register: Register) -> None:
    assert read_contacts(tmp_path, register) == Contacts({})


@pytest.mark.parametrize(
    "text",
    [
        "gemeente;e_mail\nZeist;info@zeist.nl\nDen Haag;a@denhaag.nl, b@denhaag.nl\n",
        "\ufeffLijst\r\nE-mailadres\tGemeentecode\r\ninfo@zeist.nl\tGM0355\r\na@denhaag.nl b@denhaag.nl\t518\r\n",
        'telefoon,gemeente,mail\n1,Zeist,info@zeist.nl\n2,\'s-Gravenhage,"a@denhaag.nl; b@denhaag.nl"\n3,Delft,\n',
        "gemeente;e_mail\nZeist;info@zeist.nl\nDen Haag;a@denhaag.nl\nden haag;b@denhaag.nl\n",
        "gemeente;e_mail\nZeist;info@zeist.nl\nDen Haag;a@denhaag.nl, b@denhaag.nl\n".encode("utf-16"),
    ],
)
def test_it_is_read_as_people_write_it(tmp_path: Path, register: Register, text: str | bytes) -> None:
    assert listed(tmp_path, register, text) == Contacts(
        {"GM0355": ("info@zeist.nl",), "GM0518": ("a@denhaag.nl", "b@denhaag.nl")}
    )


def test_what_is_wrong_is_said_with_its_line_and_what_is_right_counts(tmp_path: Path, register: Register) -> None:
    text = "gemeente;e_mail\nZiest;jan@zeist.nl\nDelft;piet@\nUtrecht;a@utrecht.nl;b@b.nl\nZeist;info@zeist.nl\n;\n"
    contacts = listed(tmp_path, register, text + ";x@zeist.nl\n")
    assert contacts.addresses == {"GM0355": ("info@zeist.nl",)}
    assert [(f.file, f.line, f.column, f.severity.value) for f in contacts.findings] == [
        ("contacten.csv", 2, "gemeente", "waarschuwing"),
        ("contacten.csv", 3, "e_mail", "waarschuwing"),
        ("contacten.csv", 4, None, "waarschuwing"),
        ("contacten.csv", 7, "gemeente", "waarschuwing"),
    ]
    said = " ".join(finding.sentence for finding in contacts.findings)
    assert "Bedoelde u Zeist" in said
    assert "@" not in said.replace("info@zeist.nl", "")


def test_a_quote_that_is_not_closed_gives_nobody_the_address_of_another(tmp_path: Path, register: Register) -> None:
    contacts = listed(tmp_path, register, 'gemeente;e_mail\nZeist;"a@zeist.nl\nDelft;b@delft.nl\nUtrecht;"c@c.nl\n')
    assert "GM0355" not in contacts.addresses
    assert contacts.findings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nodig zijn gemeente"),
        ("Zeist;info@zeist.nl\n", "nodig zijn gemeente of gemeentecode, en e_mail"),
        ("gemeente;e_mail;e_mail\nZeist;a@zeist.nl;b@zeist.nl\n", "twee keer"),
        (b"\x00\x01\x02PK\x03\x04", ""),
    ],
)
def test_what_is_no_such_list_ends_the_run(tmp_path: Path, register: Register, text: str | bytes, said: str) -> None:
    with pytest.raises(InputsError) as error:
        listed(tmp_path, register, text)
    assert str(error.value).startswith(f"{tmp_path / 'contacten.csv'}")
    assert said in str(error.value)
    assert "@" not in str(error.value)


def test_what_a_delivery_says_comes_before_the_list(tmp_path: Path, register: Register) -> None:
    contacts = listed(tmp_path, register, "gemeente;e_mail\nZeist;lijst@zeist.nl\nDelft;lijst@delft.nl\n")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage;e_mail\nZeist;zelf;saas;geen;eigen@zeist.nl\n")
    intake = read_deliveries(inputs, register)
    found = recipients(intake, contacts.addresses)
    assert {code: one.addresses for code, one in found.items()} == {
        "GM0355": ("eigen@zeist.nl",),
        "GM0503": ("lijst@delft.nl",),
    }


def test_mail_goes_by_the_list_where_no_delivery_says_where_to(tmp_path: Path, results: Path) -> None:
    reference = Path(shutil.copytree(REFERENCE, tmp_path / "reference"))
    (reference / "contacten.csv").write_text("gemeente;e_mail\nDelft;lijst@delft.nl\nZiest;x@zeist.nl\n")
    where = (results.parent / "inputs", results, reference, ROOT / "templates")
    mail = gathering.mail(*where, DAY, Limits(), None)
    assert {code: one.addresses for code, one in mail.recipients.items()} == {"GM0503": ("lijst@delft.nl",)}
    assert [(f.file, f.line) for f in mail.findings] == [("contacten.csv", 3)]


@pytest.mark.skipif(not shutil.which("git") or not (ROOT / ".git").exists(), reason="no checkout")
def test_nobody_commits_the_list_by_accident() -> None:
    done = subprocess.run(["git", "check-ignore", "inputs/reference/contacten.csv"], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_a_link_that_leads_nowhere_is_no_empty_list(tmp_path: Path, register: Register) -> None:
    (tmp_path / "contacten.csv").symlink_to(tmp_path / "weg.csv")
    with pytest.raises(InputsError, match=r"contacten\.csv"):
        read_contacts(tmp_path, register)


def test_a_delivery_that_replaces_an_address_of_the_list_is_told(tmp_path: Path, register: Register) -> None:
    contacts = listed(tmp_path, register, "gemeente;e_mail\nZeist;lijst@zeist.nl\nDelft;Een@delft.nl\n")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    header = "gemeente;begeleiding;hosting;bijdrage;e_mail\n"
    (inputs / "a.csv").write_text(f"{header}Zeist;zelf;saas;geen;dief@x.nl\nDelft;zelf;saas;geen;een@delft.nl\n")
    (finding,) = told_of_contacts(read_deliveries(inputs, register), contacts)
    assert (finding.file, finding.line, finding.municipality) == ("a.csv", 2, "GM0355")
    assert "Hier staat een ander e-mailadres dan in contacten.csv." in finding.sentence
    assert "@" not in finding.sentence
