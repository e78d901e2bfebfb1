"""Whom to ask may be a person: that stays in the municipality's own workbook, and is in nothing that is published."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from msgspec import to_builtins

from pipeline.publishing.kept_results import is_kept
from pipeline.publishing.manifest import MANIFEST, read_manifest
from pipeline.results.archive import FOLDER
from pipeline.results.reading import opened
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT

HEADER = ["gemeente", "begeleiding", "hosting", "bijdrage", "backlog", "contact"]
PERSON = "Voornaam Achternaam"


def deliver(folder: Path, *rows: str, name: str = "a", delimiter: str = ";") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join([delimiter.join(HEADER), *rows, ""]), newline="")


def made(folder: Path) -> Path:
    where = (folder / "inputs", folder / "outputs", REFERENCE, ROOT / "templates")
    report(Settings(*where, date(2026, 1, 1), workers=1))
    return folder / "outputs"


def holding(folder: Path, text: str) -> set[str]:
    """The files in which a text stands, wherever in them; the parts of what is packed as well."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        parts = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data]
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                parts = [package.read(name) for name in package.namelist()]
        if any(text.encode() in part for part in parts):
            found.add(path.relative_to(folder).as_posix())
    return found


LINE = f"Utrecht;zelf;saas;geen;;{PERSON}"
ROWS = {
    "accepted": f"Zeist;zelf;saas;geen;;{PERSON}",
    "hidden character": f"Delft;zelf;saas;geen;;{PERSON}\x07",
    "text behind a quote": f'Delft;zelf;saas;geen;;"tel. " {PERSON}',
    "too many fields": f"Delft;zelf;saas;geen;;tel. 1;{PERSON}",
    "too long": f"Delft;zelf;saas;geen;;{PERSON}{'x' * 40_000}",
    "wrong elsewhere": f"Delft;zelf;sas;geen;;{PERSON}",
    "rows swallowed": f'Delft;zelf;saas;geen;"{LINE}\n{LINE}";x',
    "rows swallowed by the owner": f'"{LINE}\n{LINE}";zelf;saas;geen;;x',
    "unknown owner": f"Delftt;zelf;saas;geen;;{PERSON}\x07",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_contact_is_in_nothing_that_is_published(tmp_path: Path, row: str) -> None:
    deliver(tmp_path / "inputs", "Amsterdam;zelf;saas;geen;;iemand", row)
    outputs = made(tmp_path)
    own = {"gemeenten/GM0355-zeist.xlsx", "gemeenten/GM0503-delft.xlsx", "afgekeurd.csv", "afgekeurd.xlsx"}
    assert holding(outputs, PERSON) <= own
    assert holding(outputs, PERSON), "somebody must be able to find it"


def test_a_contact_of_which_another_delivery_put_the_row_right_is_not_published(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", f"Delft;zelf;saas;geen;;{PERSON}\x07")
    deliver(tmp_path / "inputs", "Delft;zelf;saas;geen;;", name="b")
    outputs = made(tmp_path)
    assert "fout_vervangen" in (outputs / "kostenindicaties.json").read_text()
    assert holding(outputs, PERSON) == set()


def test_the_finding_on_a_contact_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", f"Delft;zelf;saas;geen;;{PERSON}\x07")
    result = json.loads((made(tmp_path) / "kostenindicaties.json").read_text())
    (finding,) = result["findings"]
    assert (finding["column"], finding["lines"], finding["value"]) == ("contact", [2], "")
    assert "Teken 20 van de tekst is een besturingsteken" in finding["message"]
    (row,) = result["rejected"]
    assert [cell["column"] for cell in row["values"]] == HEADER[:-1]


def test_who_mends_the_row_gets_the_contact_back(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", f"Delft;zelf;sas;geen;;{PERSON}")
    text = (made(tmp_path) / "afgekeurd.csv").read_text(encoding="utf-8-sig")
    assert [row["contact"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == [PERSON]


def test_an_earlier_result_of_the_former_version_is_compared_with_and_kept_without_contacts(tmp_path: Path) -> None:
    deliver(tmp_path / "inputs", "Zeist;zelf;saas;geen;;", f"Delft;zelf;sas;geen;;{PERSON}")
    outputs = made(tmp_path)
    former = json.loads((outputs / "kostenindicaties.json").read_text())
    former["schema"] = "2"
    former["indications"][0]["choices"]["contact"] = PERSON
    former["rejected"][0]["values"].append({"column": "contact", "text": PERSON})
    wrong = former["findings"][0] | {"column": "contact", "value": PERSON, "message": f"Gelezen als “{PERSON}”."}
    former["findings"].append(wrong)
    former["rejected"][0]["findings"].append(wrong)
    text = re.sub(r"^\{", "{\n", json.dumps(former, ensure_ascii=False))
    result = outputs / "kostenindicaties.json"
    files = to_builtins(read_manifest(outputs).files)
    files[result.name]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (outputs / MANIFEST).write_text(json.dumps(files))
    result.write_text(text)
    deliver(tmp_path / "inputs", "Zeist;zelf;saas;financieel;;")
    outputs = made(tmp_path)
    (kept,) = (outputs / FOLDER).iterdir()
    with opened(kept) as earlier:
        assert earlier.rest.schema == "2"
    assert is_kept(outputs, f"{FOLDER}/{kept.name}")
    assert "bijdrage: geen → financieel" in (outputs / "stuurgroep.md").read_text()
    assert holding(outputs, PERSON) == set()
