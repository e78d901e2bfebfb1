"""Which packs there can be of what a run made: of one municipality, of a province, or of everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.distribution.published import Publication, Published
from pipeline.documents.rejects import FILES as GIVEN_BACK
from pipeline.errors import InputsError
from pipeline.model.municipality import fold, slug


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack to be made: what it is called, of whom it is, and its documents by their names among the results.

    `municipalities` are those whose documents are in it, by name. `of` is empty if it is of all there is.
    """

    name: str
    of: str
    documents: Sequence[str]
    municipalities: Sequence[str]


def of_each(publication: Publication, codes: Collection[str] = ()) -> list[Pack]:
    """A pack for each municipality, or for each of those with these codes.

    Raises:
        InputsError: if nothing was made for one of them.
    """
    there = {one.code: one for one in publication.municipalities}
    if missing := [code for code in codes if code not in there]:
        raise InputsError(f"{', '.join(missing)}: no documents were made; run `make report` with a delivery of it.")
    chosen = [there[code] for code in dict.fromkeys(codes)] or publication.municipalities
    return [
        Pack(f"{one.record.municipality.file_stem}.zip", one.name, *_together(publication, [one])) for one in chosen
    ]


def of_province(publication: Publication, name: str) -> Pack:
    """A pack of all municipalities of a province for which documents were made.

    Raises:
        InputsError: if there are none.
    """
    provinces: dict[str, list[Published]] = defaultdict(list)
    for one in publication.municipalities:
        provinces[one.record.municipality.province].append(one)
    if (found := {fold(province): province for province in provinces if province}.get(fold(name))) is None:
        known = ", ".join(sorted(filter(None, provinces)))
        raise InputsError(f"{name!r}: no documents were made of a province of that name. There are: {known}.")
    return Pack(f"provincie-{slug(found)}.zip", f"provincie {found}", *_together(publication, provinces[found]))


def of_everything(publication: Publication) -> Pack:
    """A pack of all that a run made, also for the Stuurgroep; but no rejected rows: these are for who mends them."""
    documents = [name for name in sorted(publication.files) if name not in GIVEN_BACK]
    return Pack("alle-gemeenten.zip", "", documents, _names(publication.municipalities))


def _together(publication: Publication, some: Sequence[Published]) -> tuple[Sequence[str], Sequence[str]]:
    """The documents of some municipalities, with the one to which the summary of each refers; and their names."""
    return [*(name for one in some for name in one.files), *publication.shared], _names(some)


def _names(some: Sequence[Published]) -> list[str]:
    return sorted(one.name for one in some)
