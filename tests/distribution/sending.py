"""Deliveries with addresses, and the command that sends, as a process of its own."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import RUN

FROM = "signalen@example.nl"


def deliver(folder: Path, number: int | None) -> int:
    """Deliver the choices of so many municipalities (all, if None), each with an address; gives how many there are."""
    with (REFERENCE / "gemeenten.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row["gemeente"] for row in csv.DictReader(file)]
    names = ["Zeist", "Amsterdam", "Delft", *(name for name in rows if name not in ("Zeist", "Amsterdam", "Delft"))]
    folder.mkdir()
    with (folder / "a.csv").open("w", encoding="utf-8") as file:
        file.write("gemeente;begeleiding;hosting;bijdrage;e_mail\n")
        for place, name in enumerate(names[:number]):
            domain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
            file.write(f"{name};extern;saas;financieel;post+{place}@{domain}.example\n")
    return len(names[:number])


def start(folder: Path, port: int, *more: str, under: Sequence[str | Path] = ()) -> subprocess.Popen[str]:
    """Start sending what stands in `outputs` of a folder; `under` is what starts it."""
    named = {"--inputs": folder / "inputs", "--outputs": folder / "outputs", "--reference": REFERENCE}
    where = [str(part) for pair in named.items() for part in pair]
    fast = ("--per-minute", "1000000", "--wait", "0.01", "--timeout", "5", "--end-timeout", "5")
    to = ("--smtp", f"127.0.0.1:{port}", "--from", FROM)
    return subprocess.Popen(
        [*under, sys.executable, "-c", RUN, "send", *where, *fast, *to, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
