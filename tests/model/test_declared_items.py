"""A block that declares an item is refused with its file and key if it cannot be, and told what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.errors import TariffError
from pipeline.intake.fields.columns import ADDED
from pipeline.intake.tariffs import read_tariff
from pipeline.model.choices import COLUMNS
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import REFERENCE, Indicator
from tests.documents.workbooks.engine import Parts
from tests.posten import BY_CHOICE, ONCE, WITHOUT_AMOUNT, add_to, block
from tests.results.samples import BASIS

FILE = "tarieven.toml"
AT = "tarieven.1.posten.4"


def read(folder: Path, *changes: tuple[str, str]) -> Tariff:
    add_to(folder / FILE, *changes)
    return read_tariff(folder, BASIS.tariff.valid_from)


def refusal(folder: Path, *changes: tuple[str, str]) -> str:
    with pytest.raises(TariffError) as refused:
        read(folder, *changes)
    message = str(refused.value)
    assert str(folder / FILE) in message
    assert len(message) < 1_000
    return message


def called(word: str) -> tuple[str, str]:
    return 'sleutel = "opleiding"', f'sleutel = "{word}"'


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("naam = ", "name = "), f"{AT}.naam: is missing; add it"),
        (("naam = ", "name = "), f"{AT}.name: is not a known key; did you mean naam?"),
        (("gevraagd = ", "# "), f"{AT}.gevraagd: is missing; add it"),
        (('"jaarlijks"', '"maandelijks"'), f"{AT}.periode: should be 'eenmalig' or 'jaarlijks' (it is 'maandelijks')"),
        (('"altijd"', '"soms"'), f"{AT}.telt: should be 'altijd' or 'bij keuze' (it is 'soms')"),
        (("laag = 2000\n", ""), f"{AT}: laag and hoog belong together; give both, or neither"),
        (("hoog = 3000\n", ""), f"{AT}: laag and hoog belong together; give both, or neither"),
        (("laag = 2000", "laag = 4000"), f"{AT}: laag must not exceed hoog"),
        (("laag = 2000", "laag = -1"), f"{AT}.laag: should be greater than or equal to 0 (it is -1)"),
        (('"EUR per jaar"', '"EUR"'), f"{AT}: eenheid 'EUR' does not fit periode 'jaarlijks'; make it 'EUR per jaar'"),
        (('"jaarlijks"', '"eenmalig"'), f"{AT}: eenheid 'EUR per jaar' does not fit periode 'eenmalig'; make it 'EUR'"),
        (called("Opleiding 2"), f"{AT}.sleutel: 'Opleiding 2' cannot be a key; give 3 to 30 small letters"),
        (called("rc"), f"{AT}.sleutel: 'rc' cannot be a key"),
        (called("opleiding__twee"), "such as opleiding_gebruikers"),
        (called("demo"), "tarieven.1: posten: sleutel 'demo' stands twice; each item has its own"),
        (called("dem_o"), "tarieven.1: posten: sleutel 'dem_o' stands twice"),
        (("Opleiding gebruikers", "demo-omgeving"), "naam 'demo-omgeving' stands twice; each item has its own"),
        (called("uurtarief"), "'uurtarief' is the key of a figure; choose another word"),
    ],
)
def test_a_block_that_cannot_be_is_refused(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    assert complaint in refusal(tmp_path, change)


@pytest.mark.parametrize("word", ["software", "guidance", "begeleiding", "hosting", "bijdrage", "contribution"])
def test_no_item_takes_the_key_of_one_with_a_rule_of_its_own(tmp_path: Path, word: str) -> None:
    assert f"'{word}' is taken by an item with a rule of its own; choose another word" in refusal(
        tmp_path, called(word)
    )


def test_no_item_takes_the_name_of_a_column(tmp_path: Path) -> None:
    headers = [header for column in COLUMNS for header in (column.name, *column.synonyms)]
    words = {header.replace(" ", "_").replace("-", "_").lower() for header in (*headers, *ADDED)}
    for word in words:
        assert word in refusal(tmp_path, called(word))


def test_no_item_takes_the_name_of_an_input_cell(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "SaaS", "geen"), basis, texts))
    inputs = {name.removeprefix("invoer_") for name in parts.names if name.startswith("invoer_")}
    assert len(inputs) > 12
    for word in inputs:
        assert word in refusal(tmp_path, called(word))


def test_no_item_takes_a_word_by_which_its_estimate_would_have_the_name_of_another_cell(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "SaaS", "geen"), basis, texts))
    words = {name.removesuffix("_laag") for name in parts.names if name.endswith("_laag")}
    words -= {word for word in words if word.startswith("tekst_")}  # that of a text gives way
    words -= {item.word for item in basis.tariff.items}
    assert {"kosten_hosting", "eenmalig", "begin_looptijd", "saas"} < words
    for word in words:
        assert word in refusal(tmp_path, called(word))


@pytest.mark.parametrize(
    "changes", [(), ONCE, (BY_CHOICE,), (WITHOUT_AMOUNT,)], ids=["always", "once", "by choice", "p.m."]
)
def test_no_two_cells_of_a_workbook_have_one_name(
    changes: tuple[tuple[str, str], ...], indicated: Indicator, texts: Texts, tmp_path: Path
) -> None:
    """Also with a key that looks like the name of a cell that another item has."""
    for word in (
        "opleiding",
        "hosting_kosten",
        "tekst_pm",
        "pro_memorie",
        "true",
    ):
        tariff = read(tmp_path, called(word), *changes)
        basis = ReferenceData(tariff, BASIS.register_date, BASIS.register_source, BASIS.country, BASIS.day)
        indication = indicated("Zeist", "extern", "SaaS", "geen", by=tariff)
        book = Parts(render_indication(indication, basis, texts)).parts["xl/workbook.xml"].decode()
        names = [part.split('"')[0] for part in book.split('<definedName name="')[1:]]
        own = [name.lower() for name in names if not name.startswith("_xlnm")]
        assert len(own) == len(set(own)) > 100


@pytest.mark.parametrize("word", ["demo", "backlog", "in_natura"])
def test_the_items_of_which_the_choices_speak_must_be_there(tmp_path: Path, word: str) -> None:
    shipped = (REFERENCE / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(shipped.replace(f'sleutel = "{word}"', 'sleutel = "iets_anders"'), encoding="utf-8")
    with pytest.raises(TariffError, match=f"there is no item '{word}'; add its block"):
        read_tariff(tmp_path, BASIS.tariff.valid_from)


def test_more_yearly_items_than_a_workbook_holds_are_refused(tmp_path: Path) -> None:
    add_to(tmp_path / FILE)
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        for letter in "abcdefghijklm":
            file.write(block(called(letter * 3), ("Opleiding", letter)))
    # inzet in natura, opleiding, and 13 more; 70 amounts over five years
    with pytest.raises(TariffError, match="15 yearly items are too many; a workbook of 5 years holds 14"):
        read_tariff(tmp_path, BASIS.tariff.valid_from)


def test_more_items_than_a_workbook_holds_are_refused(tmp_path: Path) -> None:
    add_to(tmp_path / FILE)
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        for number in range(27):
            letter = chr(ord("a") + number % 26) * (3 + number // 26)
            file.write(block(called(letter), ("Opleiding", letter), *ONCE))
    # demo, backlog, inzet in natura, opleiding, and 27 more
    with pytest.raises(TariffError, match="31 items are too many; a workbook holds 30"):
        read_tariff(tmp_path, BASIS.tariff.valid_from)
