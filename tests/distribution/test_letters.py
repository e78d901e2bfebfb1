"""What a municipality reads in its message: the amounts of its documents, and what is asked of it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.distribution.letters import _MEANINGS, Letter, Letters
from pipeline.distribution.published import published
from pipeline.errors import TextsError
from pipeline.model.choices import REQUIRED_OPTIONS
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
    assert "berekend met de keuzes die uw gemeente heeft opgegeven." in delft.text
    costs = delft.text.partition("WAT HET KOST\n\n")[2].partition("WAT WIJ U VRAGEN")[0]
    assert costs.startswith("Wat Signalen uw gemeente kost, is nog onbekend: ")
    assert "een raming nodig van: projectbegeleiding, hosting en beheer, communitybijdrage.\n" in costs
    for of_amounts in ("hierboven", "van laag tot hoog", "€", "- "):
        assert of_amounts not in costs
    asked = delft.text.partition("WAT WIJ U VRAGEN\n\n")[2].partition("\n\n")[0].splitlines()
    assert asked == [
        "- Wilt u de alternatieve bijdrage afstemmen met de Stuurgroep?",
        (
            "- Projectbegeleiding: hulp bij het vertalen van werkprocessen naar Signalen (technische inrichting). "
            "Wilt u de eigen uren voor de inrichting ramen?"
        ),
        "- Hosting en beheer: waar Signalen draait en wie het beheert. Wilt u een eigen raming of offerte aanleveren?",
        (
            "- Communitybijdrage: vrijwillige bijdrage aan de gezamenlijke kosten. "
            "Wilt u de waarde van de alternatieve bijdrage ramen?"
        ),
        "- Wilt u controleren of de keuzes kloppen?",
    ]


def test_who_knows_nothing_yet_reads_who_writes_what_was_chosen_and_by_which_tariff(
    written: dict[str, Letter],
) -> None:
    text = written["Delft"].text
    assert "Wij zijn de Stuurgroep van de Signalen community." in text
    assert "Signalen is opensourcesoftware waarmee gemeenten meldingen" in text
    assert (
        "DE KEUZES\n\n- Begeleiding: zelf (de gemeente richt Signalen zelf in)\n"
        "- Hosting: in huis (Signalen draait bij de gemeente, en zij beheert het zelf)\n"
        "- Bijdrage: alternatief (de gemeente draagt op een andere manier bij dan met geld)\n\n"
    ) in text
    assert "Er is gerekend met het tarief van 22 juli 2024." in text
    assert "Hebt u een vraag? Stel die ook in een antwoord op dit bericht." in text


def test_every_option_and_every_item_can_be_written_in_a_letter(texts: Texts, tariff: Tariff) -> None:
    assert {texts.say(_MEANINGS[option]) for options in REQUIRED_OPTIONS.values() for option in options}
    for item in tariff.items:
        asked = texts.of(item).asked.rstrip(".").removesuffix(")").split(" (")[0].split()
        assert asked[-1].endswith("en") or asked[0] == "Nagaan", f"'Wilt u {asked}?' would be no question"


def test_an_example_is_called_one_and_only_asks_for_choices(written: dict[str, Letter]) -> None:
    amsterdam = written["Amsterdam"]
    assert amsterdam.subject == "Voorbeeld: kostenindicatie Signalen voor Amsterdam"
    assert "Uw gemeente heeft nog geen keuzes opgegeven." in amsterdam.text
    assert "gerekend met keuzes die niet van uw gemeente zijn." in amsterdam.text
    assert "DE KEUZES (VOORBEELD)\n\n- Begeleiding: extern (" in amsterdam.text
    assert "WAT WIJ U VRAGEN\n\n- Wilt u uw eigen keuzes opgeven?\n\n" in amsterdam.text
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
