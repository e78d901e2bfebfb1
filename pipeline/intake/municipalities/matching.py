"""Whose row it is: from a code, a name, or both to one municipality, or to what is wrong with them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache, partial
from operator import attrgetter
from weakref import proxy

from msgspec import Struct
from rapidfuzz import fuzz, process

from pipeline import dutch
from pipeline.intake.fields.characters import HIDDEN
from pipeline.intake.fields.parsing import Unreadable, refuse_endless, refuse_hidden
from pipeline.intake.municipalities.damaged_names import meant_by
from pipeline.intake.municipalities.strays import what_it_is
from pipeline.model.codes import CBS
from pipeline.model.municipality import Municipality, fold
from pipeline.reference.mergers import Former
from pipeline.reference.register import Register

STRAY = "geen_gemeente"
"""The code of what is wrong with a row that is no municipality's."""
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

MOST_COMPARED = 20_000
"""How many unknown names are compared with all names; whoever has more wrong does not read what each may mean."""

_MOST_NAMED = 80
"""How many characters the longest name has at most, with a province, a code and "gemeente" beside it, or damaged; what
is longer is compared with none."""
_STRUCK = re.compile(r"(?:#|//|~~|<!--|--)\s*")
_GEMEENTE = re.compile(r"(?i)^(?:de\s+)?gem(?:eente|\.)\s+|\s+\(gemeente\)$")
_WITH_PROVINCE = re.compile(r"(.+?)\s*(?:\(([^()]+)\)|,\s*(.+))")
_BETWEEN = re.compile(r"[,;/&+]|\ben\b")
_MARKS = " -–:;,./()"


class Owner(Struct, frozen=True):
    """The municipality of a row, where it can be known; and what is wrong: a code, the column, a Dutch sentence.

    `alike` is whether something in the register is like what stands there.
    """

    municipality: Municipality | None
    problem: tuple[str, str, str] | None = None
    alike: bool = True


class Owners:
    """Tells whose row it is; what it worked out once it remembers."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.codes = register.codes
        prefix, digits = self.codes.prefix, self.codes.digits
        self._code = re.compile(rf"(?i)(?:({prefix})[\s-]*)?0*([0-9]{{1,{digits}}})(?:[.,]0+)?")
        self._code_within = re.compile(rf"(?i)\b{prefix}[\s-]*[0-9]{{1,{digits}}}\b")
        self._number_before = re.compile(rf"[0-9]{{3,{digits}}}\b")
        self._former = {key: former for former in register.former for key in (former.code, fold(former.name))}
        self._compared = 0
        itself = proxy(self)  # so that all of it goes when nobody asks it any more
        self.owner = lru_cache(maxsize=65_536)(partial(Owners._owner, itself))
        self.near = lru_cache(maxsize=65_536)(partial(Owners._near, itself))

    def official(self, code: str, name: str) -> Owner | None:
        """The same as `owner` says of a code with the name as the register has them, without a look at what else it is.

        None if they are anything else, or if the name looks like a code too. Of very many rows nearly all are told so.
        """
        found = self.register.municipalities.get(code)
        if not found or found.name != name or len(name) > _MOST_NAMED or HIDDEN.search(name):
            return None
        return Owner(found) if self.register.named(name) == (found,) and self._apart(name) == ("", name) else None

    def _owner(self, code: str, name: str) -> Owner:
        if not name and not code:
            problem = "gemeente_ontbreekt", "gemeente", "Vul een gemeente of een gemeentecode in."
            return Owner(None, problem, alike=False)
        for column, text in (("gemeente", name), ("gemeentecode", code)):
            try:
                refuse_endless(text)
                refuse_hidden(text)
            except Unreadable as problem:
                return Owner(None, ("waarde", column, self._damaged(text) or str(problem)))
            if more := self._more(text):
                return Owner(None, ("gemeente_meer", column, more))
        code, name = (" ".join(text.split()) for text in (code, name))
        within, name = self._apart(name)
        written, beside = self._apart(code)
        code = written or code or within
        if not code:
            return self._by_name(name)
        claims = [(text, self._named(text)) for text in (name, beside if written else "") if text]
        by_code = self.coded(code)
        if by_code is None:
            named = claims[0][1] if claims else ()
            return Owner(named[0] if len(named) == 1 else None, ("code_onbekend", "gemeentecode", self._no_code(code)))
        if within:
            other = self.coded(within)
            claims.append((within, (other,) if other else ()))
        for text, named in claims:
            if by_code not in named:
                return Owner(by_code, ("code_en_naam", "gemeente", self._disagree(by_code, text, named)))
        return Owner(by_code)

    def named(self, text: str) -> tuple[Municipality, ...]:
        """Who is named by a text without anything else: a name (also "gemeente Zeist"), a GM code, or both."""
        if len(text) > _MOST_NAMED:
            return ()
        folded = fold(text)
        if (found := self.register.names().get(folded)) or not (
            "gem" in folded or "gm" in folded or "(" in text or "," in text or text[:3].isdigit()
        ):  # as nearly every line of text
            return found or ()
        code, name = self._apart(" ".join(text.split()))
        if not code:
            return self._named(name)
        coded = self.coded(code)
        return (coded,) if coded and (not name or coded in self._named(name)) else ()

    def are_named(self, text: str) -> bool:
        """Whether a text is the name or the code of a municipality, or of more than one."""
        written = self._code.fullmatch(text)
        return bool(written[1] and self.coded(text)) if written else bool(self.register.named(text))

    def _near(self, name: str) -> tuple[str, ...]:
        """The folded names that are near to a name, the nearest first."""
        if len(name) > _MOST_NAMED or self._compared >= MOST_COMPARED:
            return ()
        self._compared += 1
        folded = fold(re.sub("[0-9]", "", _GEMEENTE.sub("", name)))
        near = process.extract(folded, self._candidates, scorer=fuzz.ratio, limit=3, score_cutoff=75)
        return tuple(key for key, _, _ in near)

    def _by_name(self, name: str) -> Owner:
        struck = _STRUCK.match(name)
        named = self._named(name[struck.end() :].strip(f"~<> {_MARKS}") if struck else name)
        if struck and len(named) == 1:
            message = f"Deze regel lijkt doorgestreept; haal hem weg, of schrijf {named[0].name} zonder tekens ervoor."
            return Owner(named[0], ("gemeente_doorgestreept", "gemeente", message))
        if len(named) == 1:
            return Owner(named[0])
        if named:
            message = f"Bedoelde u {dutch.either([_in_full(m) for m in named])}? Vul de gemeentecode in."
            return Owner(None, ("gemeente_dubbelzinnig", "gemeente", message))
        plain = _GEMEENTE.sub("", name)
        if len(plain) <= _MOST_NAMED and (former := self._former.get(fold(plain))):
            return Owner(None, ("gemeente_opgeheven", "gemeente", self._ended(former)))
        if stray := what_it_is(plain):
            return Owner(None, (STRAY, "gemeente", stray), alike=False)
        meant, hint = self._meant(name)
        return Owner(None, ("gemeente_onbekend", "gemeente", hint), alike=meant)

    def coded(self, code: str) -> Municipality | None:
        """Who has a code, as people write it."""
        written = self._code.fullmatch(code)
        return self.register.municipalities.get(self.codes.code(written[2])) if written else None

    def _named(self, name: str) -> tuple[Municipality, ...]:
        """Who goes by a name, also with "gemeente" before it, or a province behind it in brackets."""
        if len(name) > _MOST_NAMED:
            return ()
        plain = _GEMEENTE.sub("", name)
        for form in (name, plain) if plain != name else (name,):
            if found := self.register.named(form):
                return found
        if parts := _WITH_PROVINCE.fullmatch(plain):
            province = fold(parts[2] or parts[3])
            return tuple(
                m
                for m in self.register.named(parts[1])
                if province in (fold(m.province), fold(PROVINCES.get(m.province, m.province)))
            )
        return ()

    def _apart(self, text: str) -> tuple[str, str]:
        """The code and the name in one field: "GM0355 Zeist", "Zeist (GM0355)", "0355 Zeist".

        A number alone is a code only if the name beside it agrees, or if it has the noughts of one.
        """
        written = self._code.fullmatch(text)
        if written and (written[1] or (text[0] == "0" and len(text) == self.codes.digits and self.coded(text))):
            return text, ""
        if within := self._code_within.search(text):
            return within[0], f"{text[: within.start()]} {text[within.end() :]}".strip(_MARKS)
        if number := self._number_before.match(text):
            name = text[number.end() :].strip(_MARKS)
            if self.coded(number[0]) in self._named(name):
                return number[0], name
        return "", text

    # --- What would be right ------------------------------------------------------------------------------------------

    @cached_property
    def _candidates(self) -> list[str]:
        """The folded names of all municipalities, those that were merged away too."""
        return [*self.register.names(), *(key for key in self._former if key not in self.register.names())]

    @cached_property
    def _begun(self) -> dict[str, list[Municipality]]:
        """Municipalities by the first word of their names, folded, if there is more than that."""
        begun: dict[str, list[Municipality]] = {}
        for municipality in sorted(self.register, key=attrgetter("name")):
            first, *others = re.split("[ -]", municipality.name)
            if others and len(first) > 3:  # not "De" or "Den"
                begun.setdefault(fold(first), []).append(municipality)
        return begun

    def _more(self, text: str) -> str:
        """What to say if a field names more than one municipality."""
        text, lines = " ".join(text.split()), text.splitlines()
        if not text or self._named(text):
            return ""
        text = "; ".join(" ".join(line.split()) for line in lines)
        if not _BETWEEN.search(text):
            return ""
        found: dict[str, str] = {}
        for part in _BETWEEN.split(text):
            code, name = self._apart(part.strip(_MARKS))
            coded = self.coded(code) if code else None
            named = (coded,) if coded else self._named(name)
            if named:
                found[named[0].code] = named[0].name if len(named) == 1 else name
            elif former := self._former.get(fold(_GEMEENTE.sub("", name))):
                found[former.code] = former.name
        if len(found) < 2:
            return ""
        return f"Hier staan meer gemeenten: {dutch.both(list(found.values()))}; geef elke gemeente een eigen regel."

    def _damaged(self, text: str) -> str:
        """What to say if letters of a name were damaged, and it is clear which name it was."""
        meant = meant_by(text, self.register.names()) if len(text) <= _MOST_NAMED else ()
        if not meant:
            return ""
        return f"Er zijn letters beschadigd. Bedoelde u {meant[0].name}? Bewaar het bestand als CSV UTF-8."

    def _no_code(self, code: str) -> str:
        written = self._code.fullmatch(code)
        if written and (former := self._former.get(self.codes.code(written[2]))):
            return self._ended(former)
        if written:
            of = "die van het CBS" if self.codes == CBS else "een code daaruit"
            return f"Deze code staat niet in het register; een gemeentecode is {of}, zoals {self.codes.example}."
        return f"Een gemeentecode is {self.codes.dutch}."

    def _disagree(self, by_code: Municipality, name: str, named: tuple[Municipality, ...]) -> str:
        if named:
            other = f"en {dutch.either([_in_full(m) for m in named])} is een andere gemeente"
        elif former := self._former.get(fold(_GEMEENTE.sub("", name))):
            other = f"en {self._ended(former)}"
            return f"{by_code.code} is {by_code.name}, {other}"
        else:
            other = "en deze naam staat niet in het register"
        return f"{by_code.code} is {by_code.name}, {other}; laat code en naam bij elkaar horen, of laat er één weg."

    def _meant(self, name: str) -> tuple[bool, str]:
        """Whether something in the register is like a name that is not in it, and what to say."""
        if damaged := self._damaged(name):
            return True, damaged
        if coded := self.coded(name):
            hint = "Schrijf de naam, of zet de code in gemeentecode."
            return True, f"Bedoelde u {coded.name} ({coded.code})? {hint}"
        begun = self._begun.get(fold(_GEMEENTE.sub("", name)), ()) if len(name) <= _MOST_NAMED else ()
        names = [m.name for m in begun] or list(
            dict.fromkeys(called for key in self.near(name) for called in self._called(key))
        )
        meant = f"Bedoelde u {dutch.either(names)}? " if names else ""
        hint = f"{meant}Deze gemeente staat niet in het register; gebruik de officiële naam of de gemeentecode."
        return bool(names) or any(self._named(part) for part in _BETWEEN.split(name)), hint

    def _called(self, key: str) -> list[str]:
        """The names that a folded name stands for; of a former municipality with what it went into."""
        if former := self._former.get(key):
            known = self.register.municipalities
            into = [known[code].name for code in former.successors if code in known]
            return [f"{former.name} (nu {dutch.both(into)})"] if into else [former.name]
        return [municipality.name for municipality in self.register.names()[key]]

    def _ended(self, former: Former) -> str:
        day = f"{former.ended.day}-{former.ended.month}-{former.ended.year}"
        known = self.register.municipalities
        into = [f"{known[code].name} ({code})" if code in known else code for code in former.successors]
        what = "die gemeente" if len(into) == 1 else "een van die gemeenten"
        return f"{former.name} is op {day} opgegaan in {dutch.both(into)}; vul {what} in."


def _in_full(municipality: Municipality) -> str:
    return f"{municipality.name} in {municipality.province} ({municipality.code})"
