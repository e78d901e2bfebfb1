from __future__ import annotations

import time

import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.fields.addresses import addresses_in
from pipeline.intake.fields.characters import shown, without_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("info@zeist.nl", ("info@zeist.nl",)),
        ("a@zeist.nl, b@zeist.nl;c@zeist.nl  d@zeist.nl", ("a@zeist.nl", "b@zeist.nl", "c@zeist.nl", "d@zeist.nl")),
        ("a@zeist.nl\nb@zeist.nl", ("a@zeist.nl", "b@zeist.nl")),
        ("A@Zeist.NL, a@zeist.nl", ("A@zeist.nl",)),
        ("Jansen, Jan <jan@zeist.nl>; Piet de Vries <piet@zeist.nl>", ("jan@zeist.nl", "piet@zeist.nl")),
        ("mailto:jan@zeist.nl", ("jan@zeist.nl",)),
        ("jan@gemeenté.nl", ("jan@xn--gemeent-hya.nl",)),
        ("jan.o'neill+post@mail.zeist.nl", ("jan.o'neill+post@mail.zeist.nl",)),
    ],
)
def test_addresses_are_read_as_people_list_them(text: str, addresses: tuple[str, ...]) -> None:
    assert addresses_in(text) == (addresses, "")


@pytest.mark.parametrize(
    ("text", "addresses", "said"),
    [
        ("jan.jansen", (), "Dit is geen e-mailadres;"),
        ("jan@localhost", (), "Dit is geen e-mailadres;"),
        ("jän@zeist.nl", (), "Dit is geen e-mailadres;"),
        ("jan@zeist..nl", (), "Dit is geen e-mailadres;"),
        ("a@b@zeist.nl", (), "Dit is geen e-mailadres;"),
        ("<>", (), "Dit is geen e-mailadres;"),
        ("x" * 300 + "@zeist.nl", (), "Dit is geen e-mailadres;"),
        ("a@zeist.nl\nDelft;b@delft.nl", (), "Dit is geen e-mailadres;"),
        ("a@zeist.nl, b@, c@zeist.nl d", ("a@zeist.nl", "c@zeist.nl"), "Adres 2 en 4 van 4 is geen e-mailadres;"),
        (
            "a@zeist.nl of anders aan de griffie van onze gemeente in het stadhuis",
            ("a@zeist.nl",),
            "Niet alles hier is",
        ),
        (", ".join(f"a{n}@zeist.nl" for n in range(11)), (), "Hier staan 11 adressen; geef er hoogstens 10."),
    ],
)
def test_what_is_no_address_is_said_without_repeating_it(text: str, addresses: tuple[str, ...], said: str) -> None:
    found, problem = addresses_in(text)
    assert found == addresses
    assert problem.startswith(said)
    assert "@" not in problem.replace("info@zeist.nl", "")


@pytest.mark.parametrize(
    "text",
    [
        *("@" * 32_000, "a@" * 16_000, "a" * 32_000, "a@b.nl " * 4_500, "<" * 32_000),
        *("a(at)" * 6_400, "a[at]" * 6_400, "a @ " * 8_000, "a @ " + "b." * 16_000, "a" + " " * 32_000 + "@b.nl"),
        *("[at" * 10_000, "a @ " + "b" * 32_000, "a" * 16_000 + "(at)" + "a" * 16_000),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    addresses_in(text), without_addresses(text)
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "text",
    [
        *("jan@zeist.nl", "Jan<jan@zeist.nl>", "vraag (jan@zeist.nl)", "jan＠zeist.nl", "mailto:jan@zeist.nl,"),
        *(
            "jan @ zeist.nl",
            "jan@ zeist.nl",
            "jan @zeist.nl",
            "(jan (at) zeist.nl)",
            "jan[AT]zeist.nl",
            "jan ( at ) zeist.nl",
        ),
    ],
)
def test_what_a_finding_shows_has_no_address_in_it(text: str) -> None:
    assert "zeist" not in shown(text)
    assert "jan" not in shown(text)
    assert "[e-mailadres]" in shown(text)


def test_an_address_that_is_cut_off_is_not_shown_in_part() -> None:
    assert "jan" not in shown("x" * 190 + " jan.jansen.met.een.lange.naam@zeist.nl")


@pytest.mark.parametrize("text", ["2 @ 5", "2 @ 1.000", "@", "5 uur @", "koppeling", "zelf (at)", "a (b) c.nl"])
def test_what_is_no_address_is_shown(text: str) -> None:
    assert shown(text) == text


PIECES = st.sampled_from(
    [*("jan", "@", ".", "zeist.nl", " ", "\n", ",", ";", "<", ">", '"', "\\"), *("\r\nBcc: ", "é", "\u202e", "=?")]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_whatever_stands_there_an_address_is_one_on_one_line_and_nothing_is_repeated(text: str) -> None:
    addresses, problem = addresses_in(text)
    for address in addresses:
        assert address.isascii()
        assert address.isprintable()
        assert " " not in address
        assert validate_email(address, check_deliverability=False).ascii_email == address
    assert "@" not in problem.replace("info@zeist.nl", "")
    assert addresses or problem
