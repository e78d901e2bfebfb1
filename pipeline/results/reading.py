"""A result read back from its JSON form into the types that it was written by; of a municipality only the gist.

What is read is checked once, here, against those types: whoever has an `Earlier` can rely on all that is in it. The
records stay in the file, and are read from there one at a time; a large result is not held in memory.
"""

from __future__ import annotations

import gzip
import json
import stat
import zlib
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Annotated, Any, BinaryIO, TypeVar, cast

from msgspec import Meta, Raw, Struct, ValidationError, convert, defstruct
from msgspec.json import Decoder, encode
from msgspec.structs import fields

from pipeline.errors import ResultError
from pipeline.intake import Finding, Severity
from pipeline.intake.findings import may_be_published
from pipeline.model.items import HOSTING
from pipeline.packed import Packed
from pipeline.results.records import CostLine, Gist
from pipeline.results.result import FILE, FORMER, SCHEMA, Result

MOST_BYTES = 1_000_000_000
"""How large a result may be, unpacked: of 342 municipalities it is 1.7 million bytes."""
MOST_AT_ONCE = 400_000_000
"""How large it may be if it is not laid out as a run does that, because then it is held in memory."""

_LONGEST = 16_000_000
"""How long a line of it may be."""
_PIECE = 1 << 22
"""How much is read at once: a thread that packs it waits for its turn after each piece."""
_DIGEST = 32
"""How many bytes a fingerprint is."""
_NONE = bytes(_DIGEST)
"""What stands for that of a record of which nobody knows what it was made from."""

T = TypeVar("T")
_RECORDS = b'"indications": [\n'
"""The line behind which each record has a line, in a result as a run writes it."""


class _Versioned(Struct):
    schema: Annotated[str, Meta(max_length=20)]


_VERSIONED, _RESULT = Decoder(_Versioned), Decoder(Result[Gist])
_GIST = Decoder(
    defstruct("_Gist", [(each.name, Raw if each.name == "lines" else each.type) for each in fields(Gist)], gc=False)
)
"""All of a gist but the lines, which are the same in many."""
_lines = Decoder(tuple[CostLine, ...]).decode
_same_lines = lru_cache(maxsize=4_096)(_lines)
_REMEMBERED = 4_096
"""How long lines are, at most, to be remembered; those of a run are a thousand bytes."""


class Recorded(Struct, frozen=True, gc=False):
    """The record of a municipality: the fingerprint of what it was made from, and at which bytes it stands.

    Two with the same fingerprint are the same; where it is empty, nobody knows what it was made from.
    """

    fingerprint: str
    start: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
    length: Annotated[int, Meta(ge=0, le=_LONGEST)]


class ByCode(Mapping[str, T]):
    """What there is of each municipality, by its code; added in order of code, it takes no more memory than a list."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def nth(self, place: int) -> T:
        """What was added at this place."""
        raise NotImplementedError

    def _place(self, code: str) -> int | None:
        """At which place something was added of a municipality, if it was."""
        place = bisect_left(self.codes, code)
        return place if place < len(self.codes) and self.codes[place] == code else None

    def __getitem__(self, code: str) -> T:
        if (place := self._place(code)) is None:
            raise KeyError(code)
        return self.nth(place)

    def get(self, code: str, default: Any = None) -> Any:
        """What there is of a municipality, or else something else."""
        return default if (place := self._place(code)) is None else self.nth(place)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and self._place(code) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)


class Places(ByCode[Recorded]):
    """Where each record of a result stands."""

    def __init__(self) -> None:
        super().__init__()
        self._fingerprints = bytearray()
        self._starts, self._lengths = array("Q"), array("L")

    def add(self, code: str, place: Recorded) -> None:
        """Add the place of the next record."""
        self.codes.append(intern(code))
        self._fingerprints += bytes.fromhex(place.fingerprint) or _NONE
        self._starts.append(place.start)
        self._lengths.append(place.length)

    def nth(self, place: int) -> Recorded:
        """Where the record at this place stands."""
        fingerprint = self._fingerprints[place * _DIGEST : (place + 1) * _DIGEST]
        of = "" if fingerprint == _NONE else fingerprint.hex()
        return Recorded(of, self._starts[place], self._lengths[place])


class Gists(ByCode[Gist]):
    """The gist of each record; they are best asked for in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.in_order = Packed(Gist)

    def add(self, code: str, gist: Gist) -> None:
        """Add the gist of the next municipality."""
        self.codes.append(intern(code))
        self.in_order.append(gist)

    def nth(self, place: int) -> Gist:
        """The gist at this place."""
        return self.in_order[place]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A result that was read back: all of it but its records, whose they are, and what gives one as JSON, by its code.

    The same JSON says the same; other JSON may. Of some records the gist may be known, and where they stand.
    """

    rest: Result[Gist]
    codes: Collection[str]
    record: Callable[[str], bytes]
    known: Mapping[str, Gist] = field(default_factory=dict)
    places: Mapping[str, Recorded] = field(default_factory=dict)

    def gist(self, code: str) -> Gist:
        """The gist of a municipality."""
        return self.known.get(code) or as_gist(self.record(code))


def as_gist(record: bytes) -> Gist:
    """The gist of a record in the JSON form.

    Raises:
        ValidationError: if it is none.
    """
    try:
        of: Any = _GIST.decode(record)
        lines = bytes(of.lines)
        decode = _same_lines if len(lines) <= _REMEMBERED else _lines
        return Gist(of.municipality, of.choices, of.assumptions, decode(lines), of.totals)
    except (ValueError, RecursionError) as error:
        raise ValidationError(str(error)) from error


@contextmanager
def opened(path: Path, places: Mapping[str, Recorded] | None = None) -> Iterator[Earlier]:
    """A result from its JSON form, a kept one (`.json.gz`), or the folder that holds it; to be read meanwhile.

    Of one that was written by this program, and is just that, the places of its records may be known, by the code of
    the municipality and in that order.

    Raises:
        ResultError: if there is none, or it is no result of this version.
    """
    file = path / FILE if path.is_dir() else path
    with _explained(file):
        source = _open(file)
    with source:
        earlier = None
        with _explained(file):
            with suppress(ValueError, RecursionError):  # of a line; the whole tells what is wrong
                earlier = _by_place(source, places) if places else _by_line(source)
            earlier = earlier or _as_a_whole(source)
        of = earlier.record

        def record(code: str) -> bytes:
            with _explained(file):
                return of(code)

        yield replace(earlier, record=record)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Say of a result in a sentence what is wrong with it."""
    try:
        yield
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror or error}); it must hold a result.") from error
    except RecursionError as error:
        raise ResultError(f"{file}: is no result of kostenindicatie (nested too deeply).") from error
    except (ValueError, EOFError, zlib.error) as error:  # of which some quote what stood there
        raise ResultError(f"{file}: is no result of kostenindicatie ({str(error)[:200]}).") from error
    except ResultError as error:
        raise ResultError(f"{file}: {error}") from None


def _open(file: Path) -> BinaryIO:
    """A file, unpacked if it is packed."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, a device might never end
        raise ResultError("is no file; it must hold a result.")
    if status.st_size > MOST_BYTES:
        raise _too_large(MOST_BYTES)
    source = file.open("rb")
    packed = source.read(2) == b"\x1f\x8b"
    source.seek(0)
    return cast(BinaryIO, _Unpacked(source)) if packed else source


class _Unpacked(gzip.GzipFile):
    """A packed file, which is closed with what unpacks it."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._packed = packed

    def close(self) -> None:
        super().close()
        self._packed.close()


def _too_large(most: int) -> ResultError:
    return ResultError(f"is larger than {most // 1_000_000} MB, as no result is.")


def _by_line(source: BinaryIO) -> Earlier | None:
    """A result as a run writes it, with a line for each record, in order of code; None if it is anything else."""
    places = Places()
    rest = bytearray()
    at, within, more, last = 0, False, True, ""
    while line := source.readline(_LONGEST):
        if len(line) == _LONGEST or at > MOST_BYTES:
            return None
        if within and line.startswith(b"{"):
            text = line.removesuffix(b"\n").removesuffix(b",")
            code = as_gist(text).municipality.code
            if not more or code <= last:
                return None
            places.add(code, Recorded("", at, len(text)))
            more, last = len(line) == len(text) + 2, code
        else:
            if within and more and places:
                return None
            within = not places and line.endswith(_RECORDS)
            rest += line
        at += len(line)
    return _by_record(source, rest, places) if places and _VERSIONED.decode(rest).schema == SCHEMA else None


def _by_place(source: BinaryIO, places: Mapping[str, Recorded]) -> Earlier:
    """A result of which the places of its records are known."""
    last = places[deque(places, 1).pop()]
    before = source.read(next(iter(places.values())).start)
    source.seek(last.start + last.length)
    return _by_record(source, before + source.read(), places)


def _by_record(source: BinaryIO, rest: bytes | bytearray, places: Mapping[str, Recorded]) -> Earlier:
    """A result of which each record is read when it is asked for."""

    def record(code: str) -> bytes:
        place = places[code]
        source.seek(place.start)
        return source.read(place.length)

    return Earlier(_RESULT.decode(rest), places.keys(), record, places=places)


def _as_a_whole(source: BinaryIO) -> Earlier:
    """A result that is laid out in another way, or of the former version."""
    data = bytearray()
    source.seek(0)
    while piece := source.read(_PIECE):
        data += piece
        if len(data) > MOST_AT_ONCE:
            raise _too_large(MOST_AT_ONCE)
    result = _decode(data)
    gists: Mapping[str, Gist] = {gist.municipality.code: gist for gist in result.indications}
    return Earlier(result, gists.keys(), lambda code: encode(gists[code]), gists)


def _decode(data: bytearray) -> Result[Gist]:
    version = _VERSIONED.decode(data).schema
    if version.partition(".")[0] not in (FORMER, SCHEMA.partition(".")[0]):
        raise ResultError(f"has version {version!r} of the result; this is version {SCHEMA}.")
    if version.partition(".")[0] == FORMER:
        return convert(json.loads(data, object_hook=_renewed), Result[Gist], strict=True)
    return _RESULT.decode(data)


def _renewed(value: dict[str, Any]) -> dict[str, Any]:
    """A part of a result of the former version in the form of this one: there was one own estimate, for hosting."""
    if "hosting_estimate" in value:
        own = value["hosting_estimate"]
        return value | {"estimates": [{"item": HOSTING.word, "amount": own}] if own else []}
    return value


# --- Contacts ---------------------------------------------------------------------------------------------------------


def without_contacts(file: BinaryIO) -> Iterator[bytes]:
    """A result as it may be kept, in pieces: from one of the former version goes what is published no more.

    Of one that is damaged nothing is left: who could tell what in it is a contact?
    """
    begin = file.read(40)
    if f'"schema": "{FORMER}"'.encode() not in begin:
        yield begin
        while piece := file.read(_PIECE):
            yield piece
        return
    with suppress(ValueError, RecursionError):
        yield json.dumps(json.loads(begin + file.read(), object_hook=_without_contact), ensure_ascii=False).encode()


def _without_contact(value: dict[str, Any]) -> dict[str, Any]:
    match value:
        case {"contact": _}:
            return value | {"contact": None}
        case {"column": str() as column, "text": str() as text} if not may_be_published(column, text):
            return value | {"text": ""}
        case {
            "code": str() as code,
            "file": str() as file,
            "column": str() | None as column,
            "value": str() as text,
            "message": str() as message,
        }:
            finding = Finding(Severity.ERROR, code, file, None, column, text, message).published
            return value | {"column": finding.column, "value": finding.value, "message": finding.message}
    return value
