from __future__ import annotations

import time

import pytest

from pipeline.intake.municipalities.matching import Owners
from pipeline.model.municipality import Municipality
from pipeline.reference.register import Register


@pytest.fixture(scope="module")
def owners(register: Register) -> Owners:
    return Owners(register)


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("", "Den Bsch", "Bedoelde u 's-Hertogenbosch?"),
        ("", "Amsterdm", "Bedoelde u Amsterdam?"),
        ("", "Krimpen", "Bedoelde u Krimpen aan den IJssel?"),
        ("", "gemeente Capelle", "Bedoelde u Capelle aan den IJssel?"),
        ("", "Alphen", "Bedoelde u Alphen aan den Rijn of Alphen-Chaam?"),
        ("", "Bussum", "Bussum is op 1-1-2016 opgegaan in Gooise Meren (GM1942); vul die gemeente in."),
        ("GM0140", "", "in Leeuwarden (GM0080), Súdwest-Fryslân (GM1900) en Waadhoeke (GM1949)"),
        ("", "Uden", "Uden is op 1-1-2022 opgegaan in Maashorst (GM1991); vul die gemeente in."),
        ("", "gemeente Weesp", "Weesp is op 24-3-2022 opgegaan in Amsterdam (GM0363)"),
        ("", "Haaren", "in Boxtel (GM0757), Oisterwijk (GM0824), Tilburg (GM0855) en Vught (GM0865)"),
        ("", "Haaren", "vul een van die gemeenten in."),
        ("", "Haren gn", "Deze gemeente staat niet in het register"),
        ("", "Oud-Beyerlant", "Bedoelde u Oud-Beijerland (nu Hoeksche Waard)? Deze gemeente"),
        ("", "gemeente Amsterdm", "Bedoelde u Amsterdam?"),
        ("GM0788", "", "Haaren is op 1-1-2021 opgegaan in Boxtel"),
        ("GM0355", "Delft", "GM0355 is Zeist, en Delft in Zuid-Holland (GM0503) is een andere gemeente"),
        ("GM1234", "", "Deze code staat niet in het register"),
        ("Zeist", "", "Een gemeentecode is GM en vier cijfers"),
    ],
)
def test_what_is_wrong_says_what_would_be_right(owners: Owners, code: str, name: str, message: str) -> None:
    problem = owners.owner(code, name).problem
    assert problem is not None
    assert message in problem[2]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Totaal", "Dit is een totaal, geen gemeente; haal deze regel weg."),
        ("TOTAAL:", "Dit is een totaal"),
        ("Totaal aantal gemeenten", "Dit is een totaal"),
        ("Gemiddelde", "Dit is een totaal"),
        ("Bron: CBS", "Dit is een toelichting, geen gemeente; haal deze regel weg."),
        ("N.B. alleen de gele cellen invullen", "Dit is een toelichting"),
        ("* zie de toelichting", "Dit is een toelichting"),
        ("Let op: kies uit de lijst", "Dit is een toelichting"),
        ("Legenda", "Dit is een toelichting"),
        ("Gelderland", "Dit is een provincie, geen gemeente; geef elke gemeente een eigen regel en haal deze weg."),
        ("Provincie Utrecht", "Dit is een provincie"),
        ("Utrecht (provincie)", "Dit is een provincie"),
        ("Friesland", "Dit is een provincie"),
        ("Waterschap Limburg", "Dit is een waterschap"),
        ("Hoogheemraadschap van Rijnland", "Dit is een waterschap"),
        ("Wetterskip Fryslân", "Dit is een waterschap"),
        ("Vallei en Veluwe", "Dit is een waterschap"),
        ("Drechtsteden", "Dit is een samenwerkingsverband"),
        ("gemeente Drechtsteden", "Dit is een samenwerkingsverband"),
        ("BUCH", "Dit is een samenwerkingsverband"),
        ("Werkorganisatie BUCH", "Dit is een samenwerkingsverband"),
        ("Regio Twente", "Dit is een samenwerkingsverband"),
        ("Omgevingsdienst Midden-Holland", "Dit is een gemeenschappelijke dienst"),
        ("Bonaire", "Dit is een openbaar lichaam in Caribisch Nederland, geen gemeente; haal deze regel weg."),
        ("St. Eustatius", "Dit is een openbaar lichaam in Caribisch Nederland"),
        ("Curaçao", "Dit is een land binnen het Koninkrijk"),
        ("Antwerpen", "Dit is een gemeente buiten Nederland, geen gemeente in het register"),
        ("Gent", "Dit is een gemeente buiten Nederland"),
    ],
)
def test_what_is_no_municipality_is_called_what_it_is(owners: Owners, name: str, message: str) -> None:
    problem = owners.owner("", name).problem
    assert problem is not None
    assert problem[:2] == ("geen_gemeente", "gemeente")
    assert problem[2].startswith(message)


@pytest.mark.parametrize(
    ("code", "name", "which"),
    [
        ("", "Zeist en Utrecht", "Zeist en Utrecht"),
        ("", "Zeist, Bunnik", "Zeist en Bunnik"),
        ("", "Zeist/Bunnik/De Bilt", "Zeist, Bunnik en De Bilt"),
        ("", "gemeente Zeist & gemeente Bunnik", "Zeist en Bunnik"),
        ("", "Zeist + Weesp", "Zeist en Weesp"),
        ("", "Bergen (NH), Castricum", "Bergen (NH.) en Castricum"),
        ("GM0355, GM0312", "", "Zeist en Bunnik"),
        ("", "Bergen en Castricum", "Bergen en Castricum"),
        ("", "Zeist\nBunnik", "Zeist en Bunnik"),
        ("GM0355", "Zeist en Bunnik", "Zeist en Bunnik"),
    ],
)
def test_more_municipalities_in_one_field_are_each_asked_a_row(
    owners: Owners, code: str, name: str, which: str
) -> None:
    problem = owners.owner(code, name).problem
    assert problem is not None
    assert problem[0] == "gemeente_meer"
    assert problem[2] == f"Hier staan meer gemeenten: {which}; geef elke gemeente een eigen regel."


@pytest.mark.parametrize(
    "name", ["Nuenen, Gerwen en Nederwetten", "Zeist, Utrecht", "Mook en Middelaar", "Hof van Twente"]
)
def test_a_name_with_and_or_a_comma_in_it_is_one_municipality(owners: Owners, name: str) -> None:
    assert owners.owner("", name).problem is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("", "GM0355 Zeist"),
        ("", "GM0355 - Zeist"),
        ("", "Zeist (GM0355)"),
        ("", "gm 355: gemeente Zeist"),
        ("", "0355 Zeist"),
        ("", "GM0355"),
        ("", "0355"),
        ("GM0355 Zeist", ""),
        ("Zeist (GM0355)", "Zeist"),
        ("GM0355", "GM0355 Zeist"),
        ("0355 Zeist", "Zeist"),
    ],
)
def test_a_code_and_a_name_in_one_field_are_understood(owners: Owners, code: str, name: str) -> None:
    owner = owners.owner(code, name)
    assert owner.problem is None
    assert owner.municipality
    assert owner.municipality.code == "GM0355"


@pytest.mark.parametrize(
    ("code", "name", "problem", "message"),
    [
        (
            "",
            "GM0355 Delft",
            "code_en_naam",
            "GM0355 is Zeist, en Delft in Zuid-Holland (GM0503) is een andere gemeente",
        ),
        ("GM0355", "GM0344 Utrecht", "code_en_naam", "GM0355 is Zeist, en Utrecht in Utrecht (GM0344) is een andere"),
        (
            "GM0355 Delft",
            "",
            "code_en_naam",
            "GM0355 is Zeist, en Delft in Zuid-Holland (GM0503) is een andere gemeente",
        ),
        ("", "355", "gemeente_onbekend", "Bedoelde u Zeist (GM0355)? Schrijf de naam, of zet de code in gemeentecode."),
        ("", "3701 Zeist", "gemeente_onbekend", "Bedoelde u Zeist?"),
        ("", "GM9999 Zeist", "code_onbekend", "Deze code staat niet in het register"),
    ],
)
def test_a_code_is_never_guessed_from_a_number(
    owners: Owners, code: str, name: str, problem: str, message: str
) -> None:
    found = owners.owner(code, name).problem
    assert found is not None
    assert found[0] == problem
    assert found[2].startswith(message)


@pytest.mark.parametrize(
    "name",
    [
        *("S\ufffddwest-Frysl\ufffdn", "S\ufffd\ufffddwest-Frysl\ufffd\ufffdn", "S?dwest-Frysl?n", "S??dwest-Frysl??n"),
        *("SÃºdwest-FryslÃ¢n", "S√∫dwest-Frysl√¢n", "S├║dwest-Frysl├ón", "Sœdwest-Frysl‰n", "S£dwest-Frysl\u0192n"),
    ],
)
def test_damaged_letters_get_the_name_that_was_meant(owners: Owners, name: str) -> None:
    problem = owners.owner("", name).problem
    assert problem is not None
    assert problem[2].startswith("Er zijn letters beschadigd. Bedoelde u Súdwest-Fryslân?")


def test_damage_that_may_be_many_names_gets_none(owners: Owners) -> None:
    problem = owners.owner("", "\ufffd\ufffd").problem
    assert problem is not None
    assert "Bedoelde u" not in problem[2]


def test_the_former_municipalities_are_gone_and_their_successors_exist(register: Register) -> None:
    # 393 municipalities in 2015 and 342 now: 51 fewer. 71 ended, and 20 of the successors are new:
    # Gooise Meren, Berg en Dal (2016), Meierijstad (2017), Midden-Groningen, Waadhoeke, Westerwolde (2018),
    # Het Hogeland, Westerkwartier, Noardeast-Fryslân, West Betuwe, Vijfheerenlanden, Hoeksche Waard, Molenlanden,
    # Altena, Beekdaelen (2019), Eemsdelta (2021), Dijk en Waard, Land van Cuijk, Maashorst (2022), Voorne aan Zee.
    assert len(register.former) - 20 == 393 - 342
    assert len({former.code for former in register.former}) == 71
    for former in register.former:
        assert former.code not in register.municipalities
        assert register.named(former.name) == ()
        assert all(code in register.municipalities for code in former.successors)


def test_every_municipality_is_known_by_code_and_by_name(owners: Owners, register: Register) -> None:
    for municipality in register:
        assert owners.owner(municipality.code, "").municipality == municipality
        assert owners.owner("", municipality.name).municipality == municipality
        assert owners.owner("", f"Gemeente {municipality.name}").municipality == municipality
        assert owners.owner(municipality.code, municipality.name).problem is None


ODD = ("Zeist", "zeist", "Geen", "# Ede", "GM0363", "0363", "Zeist (GM0002)", "A, B en C", "D\ufffdm", "d" * 81, "?")
"""Names in a register of which some are something else besides: another code, a name twice, nothing at all."""


def test_what_is_told_at_once_is_what_a_longer_look_says(register: Register) -> None:
    municipalities = [Municipality(f"GM{number:04}", name, "Utrecht", 9) for number, name in enumerate(ODD)]
    odd = Owners(Register.of(municipalities, register.reference_date, register.source))
    told = {(m.code, name): odd.official(m.code, name) for m in municipalities for name in (*ODD, "", "Ede")}
    assert all(owner == odd.owner(*of) for of, owner in told.items() if owner)
    assert {name for (_, name), owner in told.items() if owner} == {"zeist", "Geen", "# Ede", "0363", "A, B en C", "?"}
    assert all(Owners(register).official(m.code, m.name) for m in register)


@pytest.mark.parametrize("piece", [" ", "?", "\ufffd", "Zeist, ", "GM", "0", "(", "en ", "é"])
def test_a_name_without_end_takes_no_longer_than_its_length(owners: Owners, piece: str) -> None:
    began = time.process_time()
    for text in (piece * 8_000, f"Zeist{piece * 8_000}", f"1{piece * 8_000}2"):
        owners.owner("", text)
        owners.owner(text, "")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["#Ede", "# Ede", "~~Ede~~", "//Ede", "// gemeente Ede", "<!-- Ede -->"])
def test_a_name_that_is_struck_out_does_not_count_in_silence(owners: Owners, name: str) -> None:
    owner = owners.owner("", name)
    assert (owner.municipality and owner.municipality.name, owner.problem and owner.problem[0]) == (
        "Ede",
        "gemeente_doorgestreept",
    )
