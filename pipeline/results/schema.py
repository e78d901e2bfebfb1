"""The JSON schema of `kostenindicaties.json`, made of the types that it is written by; this module writes the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from pipeline.results.records import Record
from pipeline.results.result import SCHEMA, Result

FILE = Path(__file__).with_name("kostenindicaties.schema.json")


def schema() -> str:
    """The schema as it stands in the file.

    What is written has every key and no other, also those without which an earlier result can be read.
    """
    made = msgspec.json.schema(Result[Record])
    for definition in made["$defs"].values():
        _complete(definition)
    whole = made["$defs"].pop(made["$ref"].rpartition("/")[2])
    whole["properties"]["schema"]["const"] = SCHEMA
    whole |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Kostenindicaties Signalen"}
    text = json.dumps(whole | {"$defs": made["$defs"]}, ensure_ascii=False, indent=2)
    return text.replace(r"\\Z", "$") + "\n"  # how a pattern ends in the dialect of JSON schema


def _complete(definition: dict[str, Any]) -> None:
    definition["description"] = " ".join(definition["description"].split())
    if properties := definition.get("properties"):
        definition |= {"required": list(properties), "additionalProperties": False}
        for of in properties.values():
            of.pop("default", None)


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
