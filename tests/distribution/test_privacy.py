"""No e-mail address of a delivery or a list of contacts is in anything that leaves the folder with messages.

Real deliveries of each kind, with addresses where they belong and wherever else people type them, are read, reported,
drafted and packed by the real command; then every byte that it wrote or printed is looked through.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from pipeline.model.choices import COLUMNS
from pipeline.reference.register import Register
from tests.conftest import REFERENCE, ROOT

PERSON = "Persoonlijk"
"""In each address, and in what was meant as one."""
CHOSEN = {"begeleiding": "extern", "hosting": "saas", "bijdrage": "financieel"}
COMMAND = "import sys; from pipeline.__main__ import main; sys.argv[0] = 'kostenindicatie'; main()"
ELSEWHERE = [column.name for column in COLUMNS if column.name != "contact"]


HEADER = "gemeente;begeleiding;hosting;bijdrage;e_mail\n"


def address(number: int = 0) -> str:
    return f"{PERSON}.{number}@gemeente-{number}.nl"


def table(*rows: Mapping[str, str], more: tuple[str, ...] = ()) -> str:
    names = [*dict.fromkeys(name for row in rows for name in row), *more]
    lines = [";".join(f'"{row[name]}"' if name in row else "" for name in names) for row in rows]
    return "\n".join([";".join(names), *lines, ""])


def row(name: str, **more: str) -> dict[str, str]:
    return {"gemeente": name, **CHOSEN, **more}


DELIVERIES: dict[str, str] = {
    "good": table(row("Zeist", e_mail=f"{address(1)}, {address(2)}"), row("Delft", e_mail=f"Jan <{address(3)}>")),
    "wrong": table(
        row("Zeist", e_mail=f"{PERSON}@"), row("Delft", e_mail=f"{PERSON} zonder"), row("Ede", e_mail="#REF!")
    ),
    "half": table(row("Zeist", e_mail=f"{address()} en {PERSON}@fout")),
    "many": table(row("Zeist", e_mail=", ".join(map(address, range(20))))),
    "hidden": table(row("Zeist", e_mail=f"{PERSON}\u202e@zeist.nl")),
    "long": table(row("Zeist", e_mail=f"{address()} " * 2_000)),
    "rejected": table(row("Zeist", hosting="sas", e_mail=address()), row("Ziest", e_mail=address(1))),
    "twice": table(row("Zeist", e_mail=address(1)), row("Zeist", hosting="hybride", e_mail=address(2))),
    "unknown columns": table(row("Zeist", mailadressen_griffie=address(), opmerking=f"bel {address()}")),
    "column without a name": "gemeente;begeleiding;hosting;bijdrage;\nZeist;zelf;saas;geen;" + address() + "\n",
    "as a header": table(row("Zeist") | {address(): "x"}),
    "two columns": "gemeente;begeleiding;hosting;bijdrage;e_mail;e-mailadres\nZeist;zelf;saas;geen;a@zeist.nl;"
    + address()
    + "\n",
    "too many fields": f"{HEADER}Zeist;zelf;saas;geen;{address(1)};{address(2)}\n",
    "a field too many before": f"{HEADER}Zeist;zelf;saas;geen;x;{address(2)}\n",
    "open quote": 'gemeente;begeleiding;hosting;bijdrage;contact;e_mail\nZeist;zelf;saas;geen;"Jan;'
    f'{address(1)}\nDelft;zelf;saas;geen;"Piet;{address(2)}\n',
    "behind a quote": f'{HEADER}Zeist;zelf;saas;geen;"Jan" {address()}\n',
    "above the header": f"Opgave van {address()}\nZeist;zelf;saas;geen;{address(1)}\n" + table(row("Delft", e_mail="")),
    "below the rows": table(row("Zeist", e_mail="")) + f"Vragen? {address()}\n;;;;{address(1)}\n",
    "one cell": '"gemeente;begeleiding;hosting;bijdrage;e_mail"\n"Zeist;zelf;saas;geen;' + address() + '"\n',
    "header twice": (once := table(row("Zeist", e_mail=address()))) + once,
    "no table": f"{address()}\n{address(1)}\n",
    "other encoding": table(row("Zeist", e_mail=address(), hosting="sas", opmerking=address(1))),
    **{
        f"in {name}": table(row("Zeist") | {name: address()}, row("Delft") | {name: f"Jan ({address(1)})"})
        for name in ELSEWHERE
    },
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with reference data, and a list of contacts in it."""
    shutil.copytree(REFERENCE, tmp_path / "reference")
    contacts = f"gemeente;e_mail;naam\nZeist;{address(7)};x\nZiest;{address(8)};x\nEde;{PERSON}@;x\n{address(9)};x;x\n"
    (tmp_path / "reference" / "contacten.csv").write_text(contacts)
    (tmp_path / "inputs").mkdir()
    return tmp_path


def run(place: Path, *arguments: str, inputs: bool = True) -> str:
    """What a command prints."""
    options: list[str | Path] = ["--reference", place / "reference"]
    if arguments[0] != "check":
        options += ["--outputs", place / "outputs", "--templates", ROOT / "templates"]
    if inputs:
        options += ["--inputs", place / "inputs", "--date", "2026-01-01"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments, *options],
        cwd=ROOT,
        env=os.environ | {"KOSTENINDICATIE_FROM": "afzender@signalen.org"},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1, 3), done.stderr
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode()


def everything(place: Path) -> Iterator[str]:
    """All that the command prints about deliveries, from the first look at them until they are packed."""
    yield run(place, "check", "--verbose")
    yield run(place, "check", "--format", "json")
    yield run(place, "report", "--verbose", "--workers", "1", "--allow-removals")
    if (place / "outputs" / "kostenindicaties.json").exists():
        yield run(place, "send", "--draft")
        yield run(place, "send", "--status")
        yield run(place, "pack", inputs=False)
        yield run(place, "pack", "--all", inputs=False)


def holding(folder: Path) -> dict[str, bytes]:
    """The files and the parts of files in which a person is named, with what stands around it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] != "verzending":
            for name, data in parts(str(path.relative_to(folder)), path.read_bytes()):
                for encoding in ("utf-8", "utf-16-le"):
                    for word in (PERSON, PERSON.lower()):
                        at = data.find(word.encode(encoding))
                        if at >= 0 or word in name:
                            found[name] = data[max(at - 60, 0) : at + 60]
    return found


def parts(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is in a file, unpacked as far as it can be."""
    if data.startswith(b"\x1f\x8b"):
        yield from parts(f"{name}!", gzip.decompress(data))
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for member in package.namelist():
                yield from parts(f"{name}!{member}", package.read(member))
    else:
        yield name, data


def kept_private(place: Path) -> None:
    for said in everything(place):
        assert PERSON.lower() not in said.lower(), said
    assert holding(place / "outputs") == {}


def test_no_address_in_a_csv_leaves_the_folder_with_messages(place: Path, register: Register) -> None:
    """Each way to type one in a file of its own, about municipalities of its own."""
    names = iter([of.name for of in register if of.name.isalpha() and of.name not in ("Ede", "Utrecht")])
    for kind, text in DELIVERIES.items():
        ours = text.replace("Zeist", next(names)).replace("Delft", next(names))
        encoding = "utf-16" if kind == "other encoding" else "utf-8"
        (place / "inputs" / f"{kind}.csv").write_text(ours, encoding=encoding)
    kept_private(place)
    result = json.loads((place / "outputs" / "kostenindicaties.json").read_text())
    read = {each["name"] for each in result["deliveries"] if each["rows"]}
    assert {f"{kind}.csv" for kind in DELIVERIES} - read == {"no table.csv", "one cell.csv"}


def test_no_address_of_any_kind_of_delivery_leaves_the_folder_with_messages(place: Path) -> None:
    """All kinds at once, by round: the second has what came back of the first."""
    codes = ("Zeist", "Delft", "Ede", "Utrecht", "Amersfoort")
    good = [row(name, e_mail=address(n), backlog=f"zie {address(n)}") for n, name in enumerate(codes)]
    wrong = [row("Baarn") | {name: address(n)} for n, name in enumerate(("hosting", "begeleidingsuren", "afgestemd"))]
    (place / "inputs" / "a.csv").write_text(table(*good, *wrong, more=("notitie",)))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Opgave"
    sheet.append([f"Vragen? {address()}"])
    sheet.append(["gemeente", *CHOSEN, "e-mail", "telefoon", "contactgegevens"])
    sheet.append(["Hilversum", *CHOSEN.values(), address(1), address(2), "loket"])
    sheet.append(["Almere", "extern", address(3), "geen", f"{PERSON} zonder"])
    sheet["E3"].hyperlink = f"mailto:{address(1)}"
    sheet["E3"].comment = Comment(address(4), address(5))
    book.save(place / "inputs" / "b.xlsx")
    kept_private(place)
    drafts = place / "outputs" / "verzending" / "concepten"
    draft = (drafts / "GM0355-zeist.eml").read_bytes()
    assert address(0).lower().encode() in draft.lower(), "and there it is"

    mended = (place / "outputs" / "afgekeurd.csv").read_text(encoding="utf-8-sig").replace("[e-mailadres]", address(6))
    (place / "inputs" / "afgekeurd.csv").write_text(mended, encoding="utf-8-sig")
    returned = openpyxl.load_workbook(place / "outputs" / "gemeenten" / "GM0503-delft.xlsx")
    for word in ("hosting", "uurtarief", "backlog", "inwoners"):
        (where,) = returned.defined_names[f"invoer_{word}"].destinations
        returned[where[0]][where[1]] = address(len(word))
    returned.save(place / "inputs" / "retour.xlsx")
    kept_private(place)


def test_an_address_that_was_given_as_a_contact_is_in_nothing_that_is_published(place: Path) -> None:
    (place / "inputs" / "a.csv").write_text(
        table(row("Zeist", contact=address()), row("Delft", hosting="sas", contact=address(1)))
    )
    for said in everything(place):
        assert PERSON.lower() not in said.lower(), said
    found = {name.partition("!")[0] for name in holding(place / "outputs")}
    own = {"gemeenten/GM0355-zeist.xlsx", "afgekeurd.csv", "afgekeurd.xlsx"}
    assert {name for name in found if not name.startswith("pakketten/")} == own
    packed = {name for name in holding(place / "outputs") if name.startswith("pakketten/")}
    assert {name.split("!")[1] for name in packed} == {"gemeenten/GM0355-zeist.xlsx"}
