"""Municipalities that no longer exist: when they were merged away since 2019, and which ones came in their place.

Facts as CBS publishes them (StatLine, "Gebieden; overzicht vanaf 1830"). The counts agree with the mergers:
380 municipalities in 2018, 355 in 2019 and 2020, 352 in 2021, 345 and from 24 March 344 in 2022, 342 since 2023.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.register import fold


@dataclass(frozen=True, slots=True)
class Former:
    """A municipality that was merged away: its code and name, the first day without it, the codes of its successors."""

    code: str
    name: str
    ended: date
    successors: tuple[str, ...]


_MERGERS = """
2019-01-01 GM0014 GM0009 Ten Boer, GM0017 Haren
2019-01-01 GM1966 GM0005 Bedum, GM1663 De Marne, GM1651 Eemsmond
2019-01-01 GM1966+GM1969 GM0053 Winsum
2019-01-01 GM1969 GM0015 Grootegast, GM0022 Leek, GM0025 Marum, GM0056 Zuidhorn
2019-01-01 GM1970 GM0058 Dongeradeel, GM1722 Ferwerderadiel, GM0079 Kollumerland en Nieuwkruisland
2019-01-01 GM1960 GM0236 Geldermalsen, GM0733 Lingewaal, GM0304 Neerijnen
2019-01-01 GM1961 GM0545 Leerdam, GM0620 Vianen, GM0707 Zederik
2019-01-01 GM0575 GM0576 Noordwijkerhout
2019-01-01 GM1963 GM0585 Binnenmaas, GM0611 Cromstrijen, GM0588 Korendijk, GM0584 Oud-Beijerland, GM0617 Strijen
2019-01-01 GM1978 GM0689 Giessenlanden, GM1927 Molenwaard
2019-01-01 GM0394 GM0393 Haarlemmerliede en Spaarnwoude
2019-01-01 GM1959 GM0738 Aalburg, GM0870 Werkendam, GM0874 Woudrichem
2019-01-01 GM1954 GM0951 Nuth, GM0881 Onderbanken, GM0962 Schinnen
2021-01-01 GM1979 GM0003 Appingedam, GM0010 Delfzijl, GM0024 Loppersum
2021-01-01 GM0757+GM0824+GM0855+GM0865 GM0788 Haaren
2022-01-01 GM1980 GM0398 Heerhugowaard, GM0416 Langedijk
2022-01-01 GM1982 GM0756 Boxmeer, GM1684 Cuijk, GM0786 Grave, GM0815 Mill en Sint Hubert, GM1702 Sint Anthonis
2022-01-01 GM1991 GM1685 Landerd, GM0856 Uden
2022-01-01 GM0439 GM0370 Beemster
2022-03-24 GM0363 GM0457 Weesp
2023-01-01 GM1992 GM0501 Brielle, GM0530 Hellevoetsluis, GM0614 Westvoorne
"""
"""A line per merger: the first day, the successors, and the municipalities that ended."""


def _read() -> tuple[Former, ...]:
    former = []
    for line in _MERGERS.strip().splitlines():
        day, successors, ended = line.split(maxsplit=2)
        for code, name in re.findall(r"(GM\d{4}) ([^,]+)", ended):
            former.append(Former(code, name, date.fromisoformat(day), tuple(successors.split("+"))))
    return tuple(former)


FORMER = _read()
BY_KEY: Mapping[str, Former] = {key: f for f in FORMER for key in (f.code, fold(f.name))}
"""Every former municipality by its code and by its folded name."""
