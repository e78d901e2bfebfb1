"""Look for Dutch words that no dictionary has in the fixed text: texts, tariff, templates and how to deliver.

Run by `.ci/run`, with hunspell; words of our own stand in `woorden.txt` beside this file.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = Path(__file__).with_name("woorden.txt")
NO_WORDS = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\{\w+\}"  # of Jinja
    r"|\b[\w/-]+\.(?:csv|json|md|xlsx)\b"  # names of files
    r"|<[a-z/!][^<>]*>|\]\([^)]*\)|https?://\S+|^---$|^description:",  # of HTML and Markdown
    re.DOTALL | re.MULTILINE,
)
CODE = re.compile(r"```.*?```|`[^`]+`|\(\.[a-z]+(?:, \.[a-z]+)*\)", re.DOTALL)
"""Names of columns, files and commands, as Markdown shows them, and how names of files end."""
_MARKS = str.maketrans("", "", "\\*`")


def fixed_texts() -> Iterator[str]:
    """Everything in words that a document may show, whatever the municipality."""
    for path in (ROOT / "templates" / "teksten.toml", ROOT / "inputs" / "reference" / "tarieven.toml"):
        yield from _texts_in(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").glob("*.j2")):
        yield CODE.sub(" ", path.read_text(encoding="utf-8").replace("&shy;", ""))
    for name in ("aanleveren.md", "verspreiden.md"):
        yield CODE.sub(" ", (ROOT / "docs" / name).read_text(encoding="utf-8"))


def _texts_in(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _texts_in(each)


def unknown_words() -> list[str]:
    """The words that neither the dictionary nor our own list has."""
    text = "\n".join(NO_WORDS.sub(" ", each).translate(_MARKS) for each in fixed_texts())
    command = ["hunspell", "-d", "nl_NL", "-i", "utf-8", "-l"]
    found = subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    own = set(OWN.read_text(encoding="utf-8").split())
    return sorted({word.strip(".-'+") for word in found.split()} - own - {""})


if __name__ == "__main__":
    if unknown := unknown_words():
        sys.exit(f"not in the dictionary: {', '.join(unknown)}; mend them, or add them to {OWN.relative_to(ROOT)}")
