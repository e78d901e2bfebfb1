"""The Dutch texts that every document shares, from `templates/teksten.toml`.

They are the names and explanations of options and of the cost items with a rule of their own, the remarks, what the
steering group and the organisation are called, and the sentences of documents (`zinnen`). Whoever edits that file gets
other documents without touching code.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from pipeline.errors import TextsError
from pipeline.model.choices import REQUIRED_OPTIONS
from pipeline.model.columns import Option
from pipeline.model.indication import Remark, RemarkCode
from pipeline.model.items import RULED, Item, ItemTexts
from pipeline.model.tariffs import Tariff
from pipeline.reference.places import Folder

FILE = "teksten.toml"
SENTENCES = "zinnen."
"""Before the key of a sentence."""
_PLACE = re.compile(r"\{(\w+)\}")


class Texts(Struct, frozen=True):
    """All shared texts, with the placeholders `{stuurgroep}` and `{organisatie}` filled in.

    `signalen` says what that is, and `indication` what an indication is; `items` are per cost item with a rule of its
    own, by its key, and `sources` how it is said what their amounts rest on; `options` per option, `remarks` per code,
    with placeholders in them; `sentences` are all others, by their key below `zinnen`.
    """

    organisation: str
    steering_group: str
    signalen: str
    indication: str
    items: Mapping[str, ItemTexts]
    sources: Mapping[str, str]
    options: Mapping[Option, str]
    remarks: Mapping[RemarkCode, str]
    sentences: Mapping[str, str]

    @property
    def purpose(self) -> str:
        """What Signalen is, and what an indication of its costs is."""
        return f"{self.signalen} {self.indication}"

    def say(self, key: str, **values: object) -> str:
        """A sentence, with values in place of what stands between braces.

        Raises:
            TextsError: if there is no such sentence, or no value for what stands in it.
        """
        if key not in self.sentences:
            raise TextsError(f"{FILE}: {SENTENCES}{key} is missing; give a text.")
        return _filled_in(SENTENCES + key, self.sentences[key], values)

    def of(self, item: Item) -> ItemTexts:
        """The texts of an item: its own, or else those that stand here."""
        if item.texts is None:
            return self.items[item.key]
        own = (item.texts.name, item.texts.explanation, item.texts.asked)
        return ItemTexts(*(_filled(text, self.steering_group, self.organisation) for text in own))

    def tell_apart(self, items: Iterable[Item]) -> None:
        """See that each item has a name of its own, by which readers and the workbook's counts know it.

        Raises:
            TextsError: if two items have the same name.
        """
        names = Counter(self.of(item).name for item in items)
        if twice := [name for name, number in names.items() if number > 1]:
            raise TextsError(
                f"{twice[0]!r} is the name of two items; give each its own, in {FILE} or in the tariff file (posten)."
            )

    def remark(self, remark: Remark) -> str:
        """The sentence of one remark.

        Raises:
            TextsError: as `say` does.
        """
        return _filled_in(f"opmerkingen.{remark.code.value}", self.remarks[remark.code], remark.about)

    def stated(self, item: Item, tariff: Tariff) -> str:
        """How it is said what the tariff's amount of an item rests on."""
        provenance = tariff.stated(item).provenance
        if item.key not in self.sources:
            return provenance
        return _filled_in(f"posten.{item.key}.herkomst", self.sources[item.key], {"herkomst": provenance})


def _filled_in(key: str, text: str, values: Mapping[str, object]) -> str:
    def value(place: re.Match[str]) -> str:
        if place[1] not in values:
            known = " or ".join(f"{{{name}}}" for name in values) or "nothing between braces"
            raise TextsError(f"{FILE}: {key}: {place[0]} is not known here; write {known}.")
        return str(values[place[1]])

    return _PLACE.sub(value, text)


def in_a_sentence(name: str) -> str:
    """A name as it stands within a sentence: with a small letter, unless it is an abbreviation."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def read_texts(folder: Folder) -> Texts:
    """Read the texts from the folder with templates.

    Raises:
        TextsError: if the file cannot be read or parsed, or a text is missing, empty or unknown.
    """
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise TextsError(f"{path}: cannot be read ({error.strerror}); it must hold the shared texts.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TextsError(f"{path}: is not valid TOML in UTF-8: {error}.") from error

    texts = dict(_flatten(data))
    wanted = [
        *("algemeen.organisatie", "algemeen.stuurgroep", "algemeen.signalen", "algemeen.doel"),
        *(f"posten.{item.key}.{part}" for item in RULED for part in (*_ITEM_PARTS, _ITEM_SOURCE)),
        *(f"opties.{key}.{option.value}" for key, options in REQUIRED_OPTIONS.items() for option in options),
        *(f"opmerkingen.{code.value}" for code in RemarkCode),
    ]
    problems = [f"{key} is missing; give a text" for key in wanted if not texts.get(key)]
    sentences = [key for key, text in texts.items() if key.startswith(SENTENCES) and text]
    known = {*wanted, *sentences}
    problems += [f"{key} is not a known text; remove it or mend its name" for key in texts if key not in known]
    if problems:
        raise TextsError(*(f"{path}: {problem}." for problem in problems))

    def text(key: str) -> str:
        return _filled(texts[key], texts["algemeen.stuurgroep"], texts["algemeen.organisatie"])

    return Texts(
        organisation=text("algemeen.organisatie"),
        steering_group=text("algemeen.stuurgroep"),
        signalen=text("algemeen.signalen"),
        indication=text("algemeen.doel"),
        items={item.key: ItemTexts(*(text(f"posten.{item.key}.{part}") for part in _ITEM_PARTS)) for item in RULED},
        sources={item.key: text(f"posten.{item.key}.{_ITEM_SOURCE}") for item in RULED},
        options={o: text(f"opties.{key}.{o.value}") for key, options in REQUIRED_OPTIONS.items() for o in options},
        remarks={code: text(f"opmerkingen.{code.value}") for code in RemarkCode},
        sentences={key.removeprefix(SENTENCES): text(key) for key in sentences},
    )


_ITEM_PARTS = ("naam", "uitleg", "gevraagd")
_ITEM_SOURCE = "herkomst"


def _filled(text: str, steering_group: str, organisation: str) -> str:
    return text.replace("{stuurgroep}", steering_group).replace("{organisatie}", organisation)


def _flatten(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """The texts of nested tables by dotted key; what is not a text counts as empty."""
    flat: list[tuple[str, str]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            flat += _flatten(value, f"{prefix}{key}.")
        else:
            flat.append((f"{prefix}{key}", value.strip() if isinstance(value, str) else ""))
    return flat
