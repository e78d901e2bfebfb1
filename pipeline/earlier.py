"""A result read back from its JSON form, without what is not compared: an old folder with results is enough."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import ResultError
from pipeline.intake import Finding, Severity
from pipeline.intake.findings import may_be_published
from pipeline.results import SCHEMA

FORMER = "2"
"""The version before this one, which can be read too: it held contacts besides."""
FILE = "kostenindicaties.json"

_HEAVY = frozenset({"years", "options", "scenarios", "sensitivities", "findings", "remarks"})
_NAMES = ("gemeente", "gemeentecode")


def read_result(path: Path) -> Mapping[str, Any]:
    """A result from its JSON form, a kept one (`.json.gz`), or the folder that holds it; without what is not compared.

    Of a rejected row is left whose it was (`municipality`), how it named it (`named`), and the codes of its findings.

    Raises:
        ResultError: if there is none, or it is no result of this version.
    """
    file = path / FILE if path.is_dir() else path
    try:
        data = file.read_bytes()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        result = json.loads(text, object_hook=_without_what_is_heavy)
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror or error}); it must hold a result.") from error
    except (ValueError, EOFError, zlib.error) as error:
        raise ResultError(f"{file}: is no result in JSON ({error}).") from error
    if not isinstance(result, dict) or "indications" not in result:
        raise ResultError(f"{file}: is no result of kostenindicatie.")
    if str(result.get("schema", "")).partition(".")[0] not in (FORMER, SCHEMA.partition(".")[0]):
        raise ResultError(f"{file}: has version {result.get('schema')!r} of the result; this is version {SCHEMA}.")
    return result


def without_contacts(data: bytes) -> bytes:
    """A result as it may be kept: from one of the former version goes what is published no more."""
    if f'"schema": "{FORMER}"'.encode() not in data[:40]:
        return data
    return json.dumps(json.loads(data, object_hook=_without_contact), ensure_ascii=False).encode()


def _without_contact(value: dict[str, Any]) -> dict[str, Any]:
    match value:
        case {"contact": _}:
            return value | {"contact": None}
        case {"column": column, "text": text} if not may_be_published(column, text):
            return value | {"text": ""}
        case {"code": code, "file": file, "column": column, "value": text, "message": message}:
            finding = Finding(Severity.ERROR, code, file, None, column, text, message).published
            return value | {"column": finding.column, "value": finding.value, "message": finding.message}
    return value


def _without_what_is_heavy(value: dict[str, Any]) -> dict[str, Any]:
    if value.keys() >= {"origin", "values", "findings"}:  # a rejected row
        return {
            "municipality": value["municipality"],
            "named": [cell["text"] for cell in value["values"] if cell["column"] in _NAMES],
            "codes": [finding["code"] for finding in value["findings"]],
        }
    return {key: part for key, part in value.items() if key not in _HEAVY}
