"""A result read back from its JSON form into the types that it was written by; of a municipality only the gist.

What is read is checked once, here, against those types: whoever has a `Result` can rely on all that is in it.
"""

from __future__ import annotations

import gzip
import json
import stat
import zlib
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

from msgspec import Meta, Struct, convert
from msgspec.json import Decoder

from pipeline.errors import ResultError
from pipeline.intake import Finding, Severity
from pipeline.intake.findings import may_be_published
from pipeline.model.items import HOSTING
from pipeline.results.records import Gist
from pipeline.results.result import FILE, FORMER, SCHEMA, Result

MOST_BYTES = 400_000_000
"""How large a result may be, unpacked: of 342 municipalities it is 1.6 million bytes."""

_PIECE = 1 << 20


class _Versioned(Struct):
    schema: Annotated[str, Meta(max_length=20)]


_VERSIONED, _RESULT = Decoder(_Versioned), Decoder(Result[Gist])


def read_result(path: Path) -> Result[Gist]:
    """A result from its JSON form, a kept one (`.json.gz`), or the folder that holds it.

    Raises:
        ResultError: if there is none, or it is no result of this version.
    """
    file = path
    try:
        file = path / FILE if path.is_dir() else path
        return _decode(_read(file))
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror or error}); it must hold a result.") from error
    except RecursionError as error:
        raise ResultError(f"{file}: is no result of kostenindicatie (nested too deeply).") from error
    except (ValueError, EOFError, zlib.error) as error:  # of which some quote what stood there
        raise ResultError(f"{file}: is no result of kostenindicatie ({str(error)[:200]}).") from error
    except ResultError as error:
        raise ResultError(f"{file}: {error}") from None


def _read(file: Path) -> bytearray:
    """The bytes of a file, unpacked, if they are not too many."""
    if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for, a device might never end
        raise ResultError("is no file; it must hold a result.")
    with file.open("rb") as opened:
        packed = opened.read(2) == b"\x1f\x8b"
        opened.seek(0)
        data = bytearray()
        source = cast(BinaryIO, gzip.GzipFile(fileobj=opened)) if packed else opened
        while piece := source.read(_PIECE):
            data += piece
            if len(data) > MOST_BYTES:
                raise ResultError(f"is larger than {MOST_BYTES // 1_000_000} MB, as no result is.")
    return data


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


def without_contacts(data: bytes) -> bytes:
    """A result as it may be kept: from one of the former version goes what is published no more.

    Of one that is damaged nothing is left: who could tell what in it is a contact?
    """
    if f'"schema": "{FORMER}"'.encode() not in data[:40]:
        return data
    try:
        return json.dumps(json.loads(data, object_hook=_without_contact), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return b""


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
