"""The municipality's workbook in LibreOffice, the real application: the same answers, in two locales."""

from __future__ import annotations

import random
import re
import subprocess
from collections import defaultdict
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
from tests.documents.workbooks.shapes import MORE, SHAPES, combine, expected, follows
from tests.office import Change, tell

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


@pytest.mark.parametrize("shape", SHAPES)
def test_libreoffice_computes_what_the_rules_say_after_any_change_of_the_inputs(
    shape: str, indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    words, more = SHAPES[shape]
    indication = indicated(*words, **more)
    parts = Parts(render_indication(indication, basis, texts))
    wiped = tmp_path / "wiped.xlsx"
    wiped.write_bytes(variant(parts, {}))
    combinations = [combine(random.Random(f"{words[0]} {seed}")) for seed in range(MORE)]
    answers = [expected(indication, each, basis, texts).values for each in combinations]
    places = [place for place in parts.formulas if follows(place, parts)]
    typed: list[list[Change]] = [
        [(*parts.names[name], "" if value is None else value) for name, value in each.inputs.items()]
        for each in combinations
    ]

    for locale in ("en-US", "nl-NL"):
        (folder := tmp_path / locale).mkdir()
        at_first, *told = tell(wiped, [[], *typed], folder, SETTINGS.format(locale=locale))
        assert differences(parts.formulas, parts.values, defaultdict(str, at_first)) == []
        for combination, answer, computed in zip(combinations, answers, told, strict=True):
            assert differences(places, answer, defaultdict(str, computed)) == [], (locale, combination)


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


def test_the_amounts_of_a_column_end_at_the_same_place(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    path = tmp_path / "zeist.xlsx"
    path.write_bytes(render_indication(indicated("Zeist", "extern", "SaaS", "financieel"), basis, texts))
    each_on_a_page = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
    printed = open_and_save([path], tmp_path, "nl-NL", each_on_a_page) / "zeist.pdf"
    command = ["pdftotext", "-f", "3", "-l", "3", "-bbox", str(printed), "-"]
    page = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Meerjarenraming" in page
    ends = {round(float(right)) for right in re.findall(r'xMax="([\d.]+)" yMax="[\d.]+">0</word>', page)}
    assert len(ends) == 10  # low and high of five columns stand below each other, in both tables
