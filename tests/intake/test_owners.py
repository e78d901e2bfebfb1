from __future__ import annotations

import pytest

from pipeline.intake.former import FORMER
from pipeline.intake.owners import Owners
from pipeline.register import Register


@pytest.fixture(scope="module")
def owners(register: Register) -> Owners:
    return Owners(register)


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("", "Den Bsch", "Bedoelde u 's-Hertogenbosch?"),
        ("", "Amsterdm", "Bedoelde u Amsterdam?"),
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


def test_the_former_municipalities_are_gone_and_their_successors_exist(register: Register) -> None:
    # 380 municipalities in 2018 and 342 now: 38 fewer. 52 ended, and 14 of the successors are new:
    # Het Hogeland, Westerkwartier, Noardeast-Fryslân, West Betuwe, Vijfheerenlanden, Hoeksche Waard, Molenlanden,
    # Altena, Beekdaelen (2019), Eemsdelta (2021), Dijk en Waard, Land van Cuijk, Maashorst (2022), Voorne aan Zee.
    assert len(FORMER) - 14 == 380 - 342
    for former in FORMER:
        assert former.code not in register.municipalities
        assert register.named(former.name) == ()
        assert all(code in register.municipalities for code in former.successors)


def test_every_municipality_is_known_by_code_and_by_name(owners: Owners, register: Register) -> None:
    for municipality in register:
        assert owners.owner(municipality.code, "").municipality == municipality
        assert owners.owner("", municipality.name).municipality == municipality
        assert owners.owner("", f"Gemeente {municipality.name}").municipality == municipality
        assert owners.owner(municipality.code, municipality.name).problem is None
