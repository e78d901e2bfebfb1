"""What stands around a number: a unit that fits, one that does not, and what was meant by it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.intake import Intake
from pipeline.model.items import HOSTING
from tests.intake.conftest import Reader


def deliver(read: Reader, column: str, text: str) -> Intake:
    """One row with one field, and the other end of an estimate."""
    other = {"hosting_laag": "hosting_hoog", "hosting_hoog": "hosting_laag"}.get(column)
    names, fields = column, f'"{text}"'
    if other:
        names, fields = f"{names};{other}", f"{fields};{'10000000' if other == 'hosting_hoog' else '600'}"
    return read(a=f"gemeente;begeleiding;hosting;bijdrage;{names}\nZeist;extern;saas;geen;{fields}\n")


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("begeleidingsuren", "€ 15000", "Hier hoort een aantal uren, geen bedrag in euro; vul bijvoorbeeld 150 in."),
        ("begeleidingsuren", "15.000 euro", "Hier hoort een aantal uren, geen bedrag in euro"),
        ("begeleidingsuren", "EUR 15000", "Hier hoort een aantal uren, geen bedrag in euro"),
        ("begeleidingsuren", "15k euro per jaar", "Hier hoort een aantal uren, geen bedrag in euro"),
        ("begeleidingsuren", "20 dagen", "Hier hoort een aantal uren, geen aantal dagen"),
        ("begeleidingsuren", "3 maanden", "Hier hoort een aantal uren, geen aantal maanden"),
        ("begeleidingsuren", "0,5 fte", "Hier hoort een aantal uren, geen aantal fte"),
        ("begeleidingsuren", "50%", "Hier hoort een aantal uren, geen percentage"),
        ("begeleidingsuren", "8 uur per week", "Dit is per week; vul het totaal in, bijvoorbeeld 150."),
        ("begeleidingsuren", "100 uur per jaar", "Dit is per jaar; vul het totaal in, bijvoorbeeld 150."),
        ("inwoners", "€ 66.000", "Hier hoort een aantal inwoners, geen bedrag in euro; vul bijvoorbeeld 64000 in."),
        ("inwoners", "66000 uur", "Hier hoort een aantal inwoners, geen aantal uren"),
        ("hosting_laag", "120 uur", "Hier hoort een bedrag in euro per jaar, geen aantal uren"),
        ("hosting_laag", "10%", "Hier hoort een bedrag in euro per jaar, geen percentage"),
        ("hosting_laag", "66000 inwoners", "Hier hoort een bedrag in euro per jaar, geen aantal inwoners"),
        ("hosting_laag", "€ 1000 per maand", "Dit is per maand; reken om naar een jaar, dus 12000."),
        ("hosting_laag", "1.000/mnd", "Dit is per maand; reken om naar een jaar, dus 12000."),
        ("hosting_laag", "€ 1000 p/m", "Dit is per maand; reken om naar een jaar, dus 12000."),
        ("hosting_laag", "€ 1000 maandelijks", "Dit is per maand; reken om naar een jaar, dus 12000."),
        ("hosting_hoog", "€ 2.500,- per kwartaal", "Dit is per kwartaal; reken om naar een jaar, dus 10000."),
        ("hosting_hoog", "200 per week", "Dit is per week; reken om naar een jaar."),
        ("hosting_hoog", "€ 50 per dag", "Dit is per dag; reken om naar een jaar."),
        ("hosting_hoog", "€ 100 per uur", "Dit is per uur; reken om naar een jaar."),
        ("hosting_hoog", "€ 0,35 per inwoner", "Dit is per inwoner; reken om naar een jaar."),
        ("hosting_hoog", "€ 1000 p.m.", "Is “p.m.” hier per maand, reken dan om naar een jaar, dus 12000"),
        ("hosting_laag", "$ 5000", "Schrijf alleen een bedrag in euro per jaar, zonder “$”; bijvoorbeeld 12500."),
        ("hosting_laag", "5000 excl. btw", "Schrijf alleen een bedrag in euro per jaar, zonder “excl. btw”"),
        ("begeleidingsuren", "uuruuruur", "Vul een aantal uren in, bijvoorbeeld 150, of laat het veld leeg."),
        ("begeleidingsuren", "1 uuruuruur", "Schrijf alleen een aantal uren, zonder “uuruuruur”"),
        ("begeleidingsuren", "1 uur uur", "Schrijf alleen een aantal uren, zonder “uur”"),
        ("hosting_laag", "ca. 12.500", "Laat “ca.” weg en schrijf 12500."),
        ("hosting_laag", "± € 12.500,-", "Laat “±” weg en schrijf 12500."),
        ("hosting_laag", "+/- 12500", "Laat “+/-” weg en schrijf 12500."),
        ("hosting_laag", "circa € 12k", "Laat “circa” weg en schrijf 12000."),
        ("hosting_laag", "ongeveer 12.500,50 per jaar", "Laat “ongeveer” weg en schrijf 12500,5."),
        ("hosting_hoog", "max. 20.000", "Laat “max.” weg en schrijf 20000."),
        ("begeleidingsuren", "~120", "Laat “~” weg en schrijf 120."),
        ("begeleidingsuren", "120+", "Laat “+” weg en schrijf 120."),
        ("inwoners", "ruim 66.000", "Laat “ruim” weg en schrijf 66000."),
        ("hosting_laag", "12 duizend", "Schrijf het getal voluit: 12000."),
        ("hosting_hoog", "1,2 mln", "Schrijf het getal voluit: 1200000."),
        ("hosting_laag", "10.000-20.000", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("hosting_laag", "€ 10.000 – € 20.000", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("hosting_hoog", "10 à 20k", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("hosting_hoog", "tussen 10.000 en 20.000", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("hosting_laag", "10.000 tot 20.000 euro per jaar", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("begeleidingsuren", "100-150", "Dit zijn twee getallen; vul er één in, bijvoorbeeld 150."),
        ("begeleidingsuren", "100 t/m 150 uur", "Dit zijn twee getallen; vul er één in, bijvoorbeeld 150."),
        ("begeleidingsuren", "geen", "Vul een aantal uren in, bijvoorbeeld 150, of laat het veld leeg."),
    ],
)
def test_what_does_not_fit_a_number_is_an_error_that_says_what_would_be_right(
    read: Reader, column: str, text: str, message: str
) -> None:
    (finding,) = deliver(read, column, text).findings
    assert (finding.code, finding.column) == ("waarde", column)
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("column", "text", "means"),
    [
        ("begeleidingsuren", "120 uur", "120"),
        ("begeleidingsuren", "120 uren", "120"),
        ("begeleidingsuren", "120,5 u.", "120.5"),
        ("hosting_laag", "€ 12.500,- euro per jaar", "12500"),
        ("hosting_laag", "12500 €/jaar", "12500"),
        ("hosting_laag", "€ 12.500 p.j.", "12500"),
        ("hosting_laag", "12k per jr.", "12000"),
        ("hosting_laag", "€ 12500 jaarlijks", "12500"),
        ("hosting_laag", "EUR 12.500 (per jaar)", "12500"),
        ("inwoners", "66.000 inwoners", "66000"),
        ("inwoners", "66000 inw.", "66000"),
    ],
)
def test_a_unit_that_fits_may_stand_with_its_number(read: Reader, column: str, text: str, means: str) -> None:
    intake = deliver(read, column, text)
    assert intake.findings == ()
    (choices,) = intake.choices
    estimate = choices.estimate_of(HOSTING)
    value = {
        "begeleidingsuren": choices.hours,
        "hosting_laag": estimate and estimate.low,
        "inwoners": choices.inhabitants,
    }[column]
    assert value == Decimal(means)


def test_a_range_in_one_field_is_one_error(read: Reader) -> None:
    head = "gemeente;begeleiding;hosting;bijdrage;hosting_laag;hosting_hoog\n"
    intake = read(a=head + "Zeist;extern;saas;geen;10.000-20.000;\n")
    assert [(f.code, f.column) for f in intake.findings] == [("waarde", "hosting_laag")]


@pytest.mark.parametrize(
    "text",
    [
        *("1-1-2027", "01-07-2027", "2027-01-01", "Q1 2027", "2027/2028", "begin 2027", "jan. 2027", "vanaf 2027"),
        *("'27", "27", "2.027", "2027?"),
    ],
)
def test_a_start_that_is_no_year_says_which_one_was_meant(read: Reader, text: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage;startjaar\nZeist;extern;saas;geen;{text}\n")
    (finding,) = intake.findings
    assert finding.message == "Bedoelde u 2027? Vul een jaartal van 2000 tot en met 2100 in."


@pytest.mark.parametrize("text", ["1999", "2101", "volgend jaar", "202", "20270", "15 maanden"])
def test_a_start_without_a_year_gets_an_example(read: Reader, text: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage;startjaar\nZeist;extern;saas;geen;{text}\n")
    (finding,) = intake.findings
    assert finding.message == "Vul een jaartal van 2000 tot en met 2100 in, bijvoorbeeld 2027."
