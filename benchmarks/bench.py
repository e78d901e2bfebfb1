"""How fast it is, in ratios: `make bench`. Rounds are interleaved, so that noise meets all variants alike.

Figures of one run stand in docs/performance.md.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from datetime import date
from io import BytesIO
from pathlib import Path

import click
import openpyxl
from xlsxwriter.worksheet import Worksheet

from pipeline.documents.workbooks import Workbooks, render_indication, writer
from pipeline.intake import read_deliveries
from pipeline.model.indication import indicate
from pipeline.model.tariffs import tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import read_texts

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "inputs" / "reference"
MANY, LARGE = 10_000, 100_000
DELIVERY = "000-landelijk-voorbeeld.csv"
LIMITS = ("--max-rows", "200000")


def rounds(variants: Mapping[str, Callable[[], object]], number: int) -> dict[str, float]:
    """The median seconds of each variant, in so many interleaved rounds."""
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(number):
        for name, variant in variants.items():
            began = time.perf_counter()
            variant()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def workbooks() -> dict[str, float]:
    """Seconds for one of our own workbooks: filled in, built, built by plain XlsxWriter, by openpyxl, zipped."""
    register = read_register(REFERENCE / "gemeenten.csv")
    tariff = tariff_on(read_tariffs(REFERENCE / "tarieven.toml"), date(2026, 1, 1))
    texts, basis = read_texts(ROOT / "templates"), ReferenceData.of(register, tariff, date(2026, 11, 25))
    chosen = read_deliveries(ROOT / "inputs", register).choices
    indications = [indicate(choices, tariff, 2026) for choices in chosen[::34]]
    filled = Workbooks(texts).prepare(basis, indications, {})
    package = render_indication(indications[0], basis, texts)
    with zipfile.ZipFile(BytesIO(package)) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    look = ("font", "fill", "border", "alignment", "number_format", "protection")
    cells = [
        [(c.row, c.column, c.value, [(n, copy(getattr(c, n))) for n in look]) for row in sheet for c in row if c.value]
        for sheet in openpyxl.load_workbook(BytesIO(package))
    ]
    remembering = writer.Page

    def built_plainly() -> None:
        writer.Page = Worksheet
        try:
            for indication in indications:
                render_indication(indication, basis, texts)
        finally:
            writer.Page = remembering

    def zipped() -> None:
        for _ in indications:
            with zipfile.ZipFile(BytesIO(), "w", zipfile.ZIP_DEFLATED) as file:
                for name, data in parts.items():
                    file.writestr(name, data)

    def by_openpyxl() -> None:
        """Cells, formulas and their look only: no charts, names, tables, validation or conditional formats."""
        for _ in indications:
            book = openpyxl.Workbook()
            for contents in cells:
                sheet = book.create_sheet()
                for row, column, value, looks in contents:
                    cell = sheet.cell(row, column, value)
                    for name, part in looks:
                        setattr(cell, name, part)
            book.save(BytesIO())

    variants = {
        "filled layout": lambda: [filled.render(indication, basis) for indication in indications],
        "built": lambda: [render_indication(indication, basis, texts) for indication in indications],
        "plain XlsxWriter": built_plainly,
        "openpyxl": by_openpyxl,
        "zip floor": zipped,
    }
    return {name: seconds / len(indications) for name, seconds in rounds(variants, 5).items()}


def run(inputs: Path, outputs: Path, *more: str) -> tuple[float, int, int]:
    """Seconds of a whole process that makes a report, and the peak memory of it and of its largest worker (MiB)."""
    where: list[str | Path] = ["--inputs", inputs, "--reference", inputs / "reference", "--outputs", outputs]
    began = time.perf_counter()
    process = subprocess.Popen(
        ["kostenindicatie", "report", "-q", *where, "--templates", ROOT / "templates", *LIMITS, *more],
        start_new_session=True,
    )
    peaks: dict[int, int] = {}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            for member in members(process.pid):
                peaks[member] = peak(member) or peaks.get(member, 0)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        process.wait()
        seconds = time.perf_counter() - began
    finally:
        ended.set()
        watching.join()
    if process.returncode:
        raise click.ClickException(f"the run failed with exit code {process.returncode}")
    own = peaks.pop(process.pid, 0)
    return seconds, own, max(peaks.values(), default=0)


def members(group: int) -> list[int]:
    """The processes of a process group (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                found.append(int(process.name))
    return found


def peak(process: int) -> int:
    """The most memory that a process has had resident (MiB; Linux)."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


def many_municipalities(folder: Path, number: int, code: str, form: str = "") -> Path:
    """The shipped register and inputs, repeated with other names until there are so many; `code` makes their codes.

    With a `form` of codes that are not Dutch, no municipality ever merged.
    """
    inputs = folder / f"many-{number}"
    shutil.copytree(ROOT / "inputs", inputs)
    with (REFERENCE / "gemeenten.csv").open(encoding="utf-8-sig", newline="") as file:
        register = list(csv.DictReader(file))
    with (inputs / DELIVERY).open(encoding="utf-8-sig", newline="") as file:
        by_name = {row["gemeente"]: row for row in csv.DictReader(file, delimiter=";")}
    (inputs / "010-gevarieerd-voorbeeld.csv").unlink()
    rows, choices = [], []
    for place in range(number):
        row = register[place % len(register)]
        other = {"gemeentecode": code.format(place), "gemeente": f"{row['gemeente']} {place // len(register)}"}
        rows.append(row | other | {"ook_bekend_als": ""} | ({"codevorm": form} if form else {}))
        choices.append(by_name[row["gemeente"]] | other)
    for path, table, delimiter in (
        (inputs / "reference" / "gemeenten.csv", rows, ","),
        (inputs / DELIVERY, choices, ";"),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, list(table[0]), delimiter=delimiter)
            written.writeheader()
            written.writerows(table)
    if form:
        (inputs / "reference" / "herindelingen.csv").unlink()
        tariffs = inputs / "reference" / "tarieven.toml"
        text = tariffs.read_text(encoding="utf-8")
        tariffs.write_text(
            re.sub(r'"GM(\d{4})"', lambda found: f'"{code.format(int(found[1]))}"', text), encoding="utf-8"
        )
    return inputs


def edit(inputs: Path, line: int) -> None:
    """Change one row of a delivery, as if that was done a while ago: a run waits for a file that is very young."""
    path = inputs / DELIVERY
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    words = ("extern", "zelf") if ";extern;" in lines[line] else ("zelf", "extern")
    lines[line] = lines[line].replace(*words)
    path.write_text("".join(lines), encoding="utf-8")
    ago = time.time() - 10
    os.utime(path, (ago, ago))


def compared(folder: Path, old: Path) -> tuple[float, int]:
    """Seconds that `diff` takes from an old result to the one in a folder, and its peak memory (MiB)."""
    began = time.perf_counter()
    process = subprocess.Popen(["kostenindicatie", "diff", old, folder], stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, peak(process.pid))
        time.sleep(0.02)
    return time.perf_counter() - began, most


def size(folder: Path) -> float:
    """How large the files in a folder are together (GB)."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9


def row(label: str, value: str, bound: str = "") -> None:
    """Print one row of the table of results."""
    click.echo(f"| {label} | {value} | {bound} |")


@click.command()
@click.option("--quick", is_flag=True, help="Leave out the 10,000 municipalities.")
@click.option("--large", is_flag=True, help="Measure 100,000 municipalities, and nothing else: it takes long.")
def main(quick: bool, large: bool) -> None:
    """Measure, and print a Markdown table of ratios, each with the bound that it must keep."""
    row("what", "measured", "bound")
    row("---", "---:", "---:")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if large:
            measure_large(folder)
            return
        country = measure_workbooks_and_country(folder)
        if not quick:
            measure_many(folder, country)


def measure_workbooks_and_country(folder: Path) -> float:
    """One workbook in several ways, and the municipalities of the Netherlands; gives how long two workers take."""
    one = workbooks()
    plain = one["plain XlsxWriter"]
    for name, seconds in one.items():
        row(f"one workbook: {name}", f"{seconds * 1000:.1f} ms")
    row("filled layout / plain XlsxWriter", f"{one['filled layout'] / plain:.3f}", "0.15")
    row("filled layout / openpyxl", f"{one['filled layout'] / one['openpyxl']:.3f}", "0.08")
    inputs, outputs = folder / "inputs", folder / "outputs"
    shutil.copytree(ROOT / "inputs", inputs)
    taken: dict[str, list[tuple[float, int, int]]] = {"1": [], "2": [], "edited": [], "same": []}
    for turn in range(5):
        for workers in ("1", "2"):
            shutil.rmtree(outputs, ignore_errors=True)
            taken[workers].append(run(inputs, outputs, "--workers", workers))
        taken["same"].append(run(inputs, outputs))
        edit(inputs, 50 + turn)
        taken["edited"].append(run(inputs, outputs))
    serial, two, edited, same = (statistics.median(t[0] for t in taken[which]) for which in taken)
    row("342 municipalities, one worker", f"{serial:.2f} s")
    row("342 municipalities, two workers", f"{two:.2f} s")
    row("two workers / one, 342 municipalities", f"{two / serial:.2f}")
    row("342 by two workers / workbooks alone by plain XlsxWriter", f"{two / (342 * plain):.3f}", "0.25")
    row("one row edited, 342 municipalities", f"{edited:.2f} s")
    row("one row edited / from nothing by two workers", f"{edited / two:.2f}")
    row("nothing changed, 342 municipalities", f"{same:.2f} s", "0.8 s")
    helped = rounds({"help": lambda: subprocess.run(["kostenindicatie", "--help"], capture_output=True, check=True)}, 5)
    row("--help", f"{helped['help']:.2f} s", "0.2 s")
    return two


def measure_many(folder: Path, country: float) -> None:
    """As many municipalities as Dutch codes allow; `country` is how long those of the Netherlands take."""
    inputs = many_municipalities(folder, MANY, "GM{:04d}")
    alone, _, _ = run(inputs, folder / "alone", "--workers", "1")
    outputs = folder / "many-outputs"
    many, own, worker = run(inputs, outputs, "--workers", "2")
    row(f"{MANY:,} municipalities, one worker", f"{alone:.1f} s")
    row(f"{MANY:,} municipalities, two workers", f"{many:.1f} s")
    row(f"two workers / one, {MANY:,} municipalities", f"{many / alone:.2f}", "0.65")
    row("time for each / that of 342", f"{many / MANY / (country / 342):.2f}", "1.15")
    row("peak memory of the parent", f"{own} MiB", "350 MiB")
    row("peak memory of a worker", f"{worker} MiB", "100 MiB")
    measure_again(inputs, outputs, many)
    row(f"`diff` of two results of {MANY:,}", "{:.1f} s, {} MiB".format(*compared(outputs, folder / "alone")))


def measure_large(folder: Path) -> None:
    """A hundred thousand municipalities."""
    inputs, outputs = many_municipalities(folder, LARGE, "EU{:05d}", "EU00000"), folder / "outputs"
    seconds, own, worker = run(inputs, outputs, "--workers", "2")
    row(f"{LARGE:,} municipalities, two workers", f"{seconds:.0f} s")
    row("peak memory of the parent", f"{own} MiB")
    row("peak memory of a worker", f"{worker} MiB")
    row("on disk", f"{size(outputs):.2f} GB")
    measure_again(inputs, outputs, seconds)


def measure_again(inputs: Path, outputs: Path, from_nothing: float) -> None:
    """What a run takes on a folder with results, when nothing changed and after an edit."""
    same, own, _ = run(inputs, outputs)
    row("nothing changed", f"{same:.1f} s, {own} MiB")
    taken = []
    for line in (50, 60, 70):
        edit(inputs, line)
        taken.append(run(inputs, outputs))
    edited, own, worker = statistics.median(t[0] for t in taken), max(t[1] for t in taken), max(t[2] for t in taken)
    row("one row edited", f"{edited:.1f} s, {own} MiB, and {worker} MiB in a process beside it")
    row("one row edited / from nothing", f"{edited / from_nothing:.2f}")


if __name__ == "__main__":
    main()
