"""What a municipality reads in its message: the amounts of its documents, and what is asked of it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.distribution.letters import Letter, Letters
from pipeline.distribution.published import published
from pipeline.errors import TextsError
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from tests.conftest import ROOT


@pytest.fixture
def written(outputs: Path, texts: Texts, tariff: Tariff) -> dict[str, Letter]:
    """The letters, by the name of the municipality."""
    letters = Letters.read(ROOT / "templates", texts, tariff)
    with published(outputs) as publication:
        return {
            one.name: letters.write(one.record, [name.rpartition("/")[2] for name in one.files])
            for one in publication.municipalities
        }


class Words(HTMLParser):
    """The words of a page, without its head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.partition("<body")[2].partition(">")[2])

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def test_the_three_amounts_stand_in_it_as_in_the_summary(written: dict[str, Letter], outputs: Path) -> None:
    # 150 hours × € 100 once; hosting € 12.500–18.000 and, in the class Middelgroot, € 10.000–14.500 of contribution
    # each year: the numbers are those of the summary, which has tests of its own.
    summary = (outputs / "gemeenten/GM0355-zeist.md").read_text(encoding="utf-8").replace("&NoBreak;", "")
    text = written["Zeist"].text
    for line in ("Eerste jaar (2026): ", "Daarna per jaar: ", "Samen over 2026 t/m 2030: "):
        amount = text.partition(f"- {line}")[2].partition("\n")[0]
        assert amount.startswith("€ ")
        assert f"**{amount}**" in summary.replace("\N{NO-BREAK SPACE}", " ")
    assert "€ 37.500–47.500" in text


def test_what_is_unknown_is_called_so_and_asked(written: dict[str, Letter]) -> None:
    delft = written["Delft"]
    assert delft.subject == "Kostenindicatie Signalen voor Delft"
    assert "die uw gemeente heeft opgegeven: begeleiding zelf, hosting in huis, bijdrage alternatief." in delft.text
    assert delft.text.count(": onbekend\n") == 3
    assert "Nog zonder bedrag (p.m.): Projectbegeleiding, Hosting en beheer, Communitybijdrage." in delft.text
    asked = delft.text.partition("WAT WIJ U VRAGEN\n\n")[2].partition("\n\n")[0].splitlines()
    assert asked == [
        "- De alternatieve bijdrage afstemmen met de Stuurgroep.",
        "- Projectbegeleiding. De eigen uren voor de inrichting ramen.",
        "- Hosting en beheer. Een eigen raming of offerte aanleveren.",
        "- Communitybijdrage. De waarde van de alternatieve bijdrage ramen.",
        "- Controleren of de keuzes kloppen.",
    ]


def test_an_example_is_called_one_and_only_asks_for_choices(written: dict[str, Letter]) -> None:
    amsterdam = written["Amsterdam"]
    assert amsterdam.subject == "Voorbeeld: kostenindicatie Signalen voor Amsterdam"
    assert "Uw gemeente heeft nog geen keuzes opgegeven." in amsterdam.text
    assert "niet van uw gemeente zijn (begeleiding extern, hosting SaaS, bijdrage financieel)." in amsterdam.text
    assert "WAT WIJ U VRAGEN\n\n- Uw eigen keuzes opgeven.\n\n" in amsterdam.text
    assert "voorbeeld" not in written["Zeist"].text.lower()


def test_the_html_says_what_the_text_says(written: dict[str, Letter]) -> None:
    for letter in written.values():
        text, html = letter.text.replace("- ", ""), " ".join(Words(letter.html).found)
        assert _bare(html) == _bare(text)


def _bare(text: str) -> str:
    """The letters and figures of a text: in a table, no colon stands behind what an amount is."""
    return "".join(text.replace(":", "").split()).lower()


def test_a_name_is_data_in_the_html_and_on_one_line(outputs: Path, texts: Texts, tariff: Tariff) -> None:
    from msgspec import structs

    letters = Letters.read(ROOT / "templates", texts, tariff)
    with published(outputs) as publication:
        record = publication.municipalities[0].record
    named = structs.replace(record.municipality, name="<b>Zeist\r\nBcc: x")
    letter = letters.write(structs.replace(record, municipality=named), [])
    assert "&lt;b&gt;Zeist[U+000D][U+000A]Bcc: x" in letter.html
    assert "<b>" not in letter.html
    assert letter.subject == "Kostenindicatie Signalen voor <b>Zeist[U+000D][U+000A]Bcc: x"


def test_a_broken_template_is_told_by_its_line(tmp_path: Path, texts: Texts, tariff: Tariff) -> None:
    for name in ("bericht.txt.j2", "bericht.html.j2"):
        (tmp_path / name).write_bytes((ROOT / "templates" / name).read_bytes())
    (tmp_path / "bericht.txt.j2").write_text("eerst\n{{ geen }", encoding="utf-8")
    with pytest.raises(TextsError, match=r"bericht\.txt\.j2: line 2: "):
        Letters.read(tmp_path, texts, tariff)
    (tmp_path / "bericht.html.j2").unlink()
    with pytest.raises(TextsError, match=r"bericht\.html\.j2: is missing"):
        Letters.read(tmp_path, texts, tariff)
