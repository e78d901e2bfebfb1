"""Whose row it is: from a code, a name, or both to one municipality, or to what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.intake.former import BY_KEY, Former
from pipeline.intake.reading import Unreadable, refuse_hidden
from pipeline.intake.values import both, either
from pipeline.register import Municipality, Register, fold

CODE = re.compile(r"(?i)(?:(GM)[\s-]*)?0*([0-9]{1,4})(?:[.,]0+)?")
PROVINCES = {
    "Drenthe": "DR",
    "Flevoland": "FL",
    "Fryslân": "FR",
    "Gelderland": "GLD",
    "Groningen": "GR",
    "Limburg": "L",
    "Noord-Brabant": "NB",
    "Noord-Holland": "NH",
    "Overijssel": "O",
    "Utrecht": "U",
    "Zeeland": "Z",
    "Zuid-Holland": "ZH",
}

_GEMEENTE = re.compile(r"(?i)^(?:de\s+)?gem(?:eente|\.)\s+|\s+\(gemeente\)$")
_WITH_PROVINCE = re.compile(r"(.+?)\s*(?:\(([^()]+)\)|,\s*(.+))")


@dataclass(frozen=True, slots=True)
class Owner:
    """The municipality of a row, where it can be known; and what is wrong: a code, the column, a Dutch sentence."""

    municipality: Municipality | None
    problem: tuple[str, str, str] | None = None


class Owners:
    """Tells whose row it is; what it worked out once it remembers."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._candidates = [*register.names(), *(key for key in BY_KEY if key not in register.names())]
        self.owner = lru_cache(maxsize=65_536)(self._owner)

    def _owner(self, code: str, name: str) -> Owner:
        if not name and not code:
            return Owner(None, ("gemeente_ontbreekt", "gemeente", "Vul een gemeente of een gemeentecode in."))
        for column, text in (("gemeente", name), ("gemeentecode", code)):
            try:
                refuse_hidden(text)
            except Unreadable as problem:
                return Owner(None, ("waarde", column, str(problem)))
        if not code and (written := CODE.fullmatch(name)) and written[1]:
            code, name = name, ""
        named = self._named(name) if name else ()
        if not code:
            return self._by_name(name, named)
        by_code = self._coded(code)
        if by_code is None:
            return Owner(named[0] if len(named) == 1 else None, ("code_onbekend", "gemeentecode", self._no_code(code)))
        if name and by_code not in named:
            return Owner(None, ("code_en_naam", "gemeente", self._disagree(by_code, name, named)))
        return Owner(by_code)

    def are_named(self, text: str) -> bool:
        """Whether a text is the name or the code of a municipality, or of more than one."""
        written = CODE.fullmatch(text)
        return bool(written[1] and self._coded(text)) if written else bool(self.register.named(text))

    def _by_name(self, name: str, named: tuple[Municipality, ...]) -> Owner:
        if len(named) == 1:
            return Owner(named[0])
        if named:
            message = f"Bedoelde u {either([_in_full(m) for m in named])}? Vul de gemeentecode in."
            return Owner(None, ("gemeente_dubbelzinnig", "gemeente", message))
        if former := BY_KEY.get(fold(_GEMEENTE.sub("", name))):
            return Owner(None, ("gemeente_opgeheven", "gemeente", self._ended(former)))
        return Owner(None, ("gemeente_onbekend", "gemeente", self._no_name(name)))

    def _coded(self, code: str) -> Municipality | None:
        written = CODE.fullmatch(code)
        return self.register.municipalities.get(f"GM{int(written[2]):04d}") if written else None

    def _named(self, name: str) -> tuple[Municipality, ...]:
        """Who goes by a name, also with "gemeente" before it, or a province behind it in brackets."""
        for form in (name, _GEMEENTE.sub("", name)):
            if found := self.register.named(form):
                return found
        if parts := _WITH_PROVINCE.fullmatch(_GEMEENTE.sub("", name)):
            province = fold(parts[2] or parts[3])
            return tuple(
                m
                for m in self.register.named(parts[1])
                if province in (fold(m.province), fold(PROVINCES.get(m.province, m.province)))
            )
        return ()

    # --- What would be right ------------------------------------------------------------------------------------------

    def _no_code(self, code: str) -> str:
        written = CODE.fullmatch(code)
        if written and (former := BY_KEY.get(f"GM{int(written[2]):04d}")):
            return self._ended(former)
        if written:
            return "Deze code staat niet in het register; een gemeentecode is die van het CBS, zoals GM0363."
        return "Een gemeentecode is GM en vier cijfers, zoals GM0363."

    def _disagree(self, by_code: Municipality, name: str, named: tuple[Municipality, ...]) -> str:
        if named:
            other = f"en {either([_in_full(m) for m in named])} is een andere gemeente"
        elif former := BY_KEY.get(fold(_GEMEENTE.sub("", name))):
            other = f"en {self._ended(former)}"
            return f"{by_code.code} is {by_code.name}, {other}"
        else:
            other = "en deze naam staat niet in het register"
        return f"{by_code.code} is {by_code.name}, {other}; laat code en naam bij elkaar horen, of laat er één weg."

    def _no_name(self, name: str) -> str:
        folded = fold(_GEMEENTE.sub("", name)[:100])
        near = process.extract(folded, self._candidates, scorer=fuzz.ratio, limit=3, score_cutoff=75)
        names = list(dict.fromkeys(name for key, _, _ in near for name in self._called(key)))
        meant = f"Bedoelde u {either(names)}? " if names else ""
        return f"{meant}Deze gemeente staat niet in het register; gebruik de officiële naam of de gemeentecode."

    def _called(self, key: str) -> list[str]:
        """The names that a folded name stands for; of a former municipality with what it went into."""
        if former := BY_KEY.get(key):
            known = self.register.municipalities
            into = [known[code].name for code in former.successors if code in known]
            return [f"{former.name} (nu {both(into)})"] if into else [former.name]
        return [municipality.name for municipality in self.register.names()[key]]

    def _ended(self, former: Former) -> str:
        day = f"{former.ended.day}-{former.ended.month}-{former.ended.year}"
        known = self.register.municipalities
        into = [f"{known[code].name} ({code})" if code in known else code for code in former.successors]
        what = "die gemeente" if len(into) == 1 else "een van die gemeenten"
        return f"{former.name} is op {day} opgegaan in {both(into)}; vul {what} in."


def _in_full(municipality: Municipality) -> str:
    return f"{municipality.name} in {municipality.province} ({municipality.code})"
