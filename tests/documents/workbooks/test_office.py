"""The municipality's workbook in LibreOffice, the real application: the same answers, in two locales."""

from __future__ import annotations

import random
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.model.amounts import Amount
from pipeline.model.tariffs import SizeClass
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import Indicator
from tests.documents.workbooks.engine import Parts, differences, variant
from tests.documents.workbooks.shapes import COMBINATIONS, SHAPES, combine, expected, follows

pytestmark = pytest.mark.office

# Without this setting LibreOffice keeps what is cached; the locale is the reader's.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{locale}</value></prop></item>
</oor:items>
"""


def open_and_save(paths: list[Path], folder: Path, locale: str, form: str = "xlsx:Calc MS Excel 2007 XML") -> Path:
    """Let LibreOffice open, recalculate and save workbooks in a form; gives the folder with what it saved."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(SETTINGS.format(locale=locale), encoding="utf-8")
    saved = folder / "saved"
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--norestore"),
            *("--convert-to", form, "--outdir", str(saved), *map(str, paths)),
        ],
        check=True,
        capture_output=True,
        timeout=900,
    )
    return saved


@pytest.mark.parametrize("locale", ["en-US", "nl-NL"])
@pytest.mark.parametrize("shape", SHAPES)
def test_libreoffice_computes_what_the_rules_say_after_any_change_of_the_inputs(
    shape: str, locale: str, indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    words, more = SHAPES[shape]
    indication = indicated(*words, **more)
    parts = Parts(render_indication(indication, basis, texts))
    combinations = [combine(random.Random(f"{words[0]} {seed}")) for seed in range(COMBINATIONS)]
    paths = [tmp_path / f"{seed}.xlsx" for seed in range(COMBINATIONS)]
    for path, combination in zip(paths, combinations, strict=True):
        path.write_bytes(variant(parts, combination.inputs))
    as_delivered = tmp_path / "delivered.xlsx"
    as_delivered.write_bytes(variant(parts, {}))
    saved = open_and_save([as_delivered, *paths], tmp_path, locale)

    assert differences(parts.formulas, parts.values, Parts((saved / as_delivered.name).read_bytes()).values) == []
    places = [place for place in parts.formulas if follows(place, parts)]
    for path, combination in zip(paths, combinations, strict=True):
        answers = expected(indication, combination, basis, texts)
        computed = Parts((saved / path.name).read_bytes())
        assert differences(places, answers.values, computed.values) == [], combination


def test_the_longest_name_and_the_largest_amounts_fit_on_paper(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    largest = {
        "estimates": (("hosting", Amount.between(Decimal("8999999.25"), Decimal("9999999.99"))),),
        "hours": Decimal("9999.75"),
        "size_class": SizeClass.G4,
        "inhabitants": 1,
    }
    indication = indicated("Nuenen", "extern", "hybride", "financieel", **largest)
    path = tmp_path / "largest.xlsx"
    path.write_bytes(render_indication(indication, basis, texts))
    printed = open_and_save([path], tmp_path, "nl-NL", "pdf") / "largest.pdf"
    pages = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True, text=True).stdout
    assert "Wat kost Signalen Nuenen, Gerwen en Nederwetten?" in pages
    # 10.039.974,25 = 9.999,75 x 100 + 8.999.999,25 + 40.000
    assert "10.039.974,25" in pages
    for wrong in ("###", "#REF", "#NAME", "#NAAM", "#VALUE", "#WAARDE", "#DIV", "#DEEL", "#N/A", "#N/B", "Err:"):
        assert wrong not in pages
    sheets_of_paper = pages.split("\f")[:-1]
    assert len(sheets_of_paper) <= 8
    assert [page.count("Verder in dit werkboek") for page in sheets_of_paper].count(1) == 1
    for number, page in enumerate(sheets_of_paper, 1):
        assert f"{number} van {len(sheets_of_paper)}" in page
    assert "Waaruit bestaat dat?" in sheets_of_paper[0]
    assert "Verder in dit werkboek" in sheets_of_paper[0], "the overview is one page"
