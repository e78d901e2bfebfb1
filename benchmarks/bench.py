"""How fast it is, in ratios: `make bench`. Rounds are interleaved, so that noise meets all variants alike.

Figures of one run stand in docs/performance.md.
"""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import tempfile
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
MANY = 10_000


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
    filled = Workbooks(texts).prepare(basis, indications, len(chosen))
    package = render_indication(indications[0], basis, texts)
    with zipfile.ZipFile(BytesIO(package)) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    look = ("font", "fill", "border", "alignment", "number_format", "protection")
    cells = [
        [(c.row, c.column, c.value, [(n, copy(getattr(c, n))) for n in look]) for row in sheet for c in row if c.value]
        for sheet in openpyxl.load_workbook(BytesIO(package))
    ]
    remembering = writer._Page

    def built_plainly() -> None:
        writer._Page = Worksheet
        try:
            for indication in indications:
                render_indication(indication, basis, texts)
        finally:
            writer._Page = remembering

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
        "built, formulas remembered": lambda: [
            render_indication(indication, basis, texts) for indication in indications
        ],
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
        ["kostenindicatie", "report", "-q", *where, "--templates", ROOT / "templates", *more], start_new_session=True
    )
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for member in members(process.pid):
            peaks[member] = peak(member) or peaks.get(member, 0)
        time.sleep(0.2)
    seconds = time.perf_counter() - began
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


def many_municipalities(folder: Path) -> Path:
    """The shipped register and inputs, repeated with other codes and names until there are 10,000."""
    inputs = folder / "many"
    shutil.copytree(ROOT / "inputs", inputs)
    names: dict[str, list[dict[str, str]]] = {}
    with (REFERENCE / "gemeenten.csv").open(encoding="utf-8-sig", newline="") as file:
        register = list(csv.DictReader(file))
    with (ROOT / "inputs" / "000-landelijk-voorbeeld.csv").open(encoding="utf-8-sig", newline="") as file:
        names["000-landelijk-voorbeeld.csv"] = list(csv.DictReader(file, delimiter=";"))
    by_name = {row["gemeente"]: row for row in names["000-landelijk-voorbeeld.csv"]}
    (inputs / "010-gevarieerd-voorbeeld.csv").unlink()
    rows, choices = [], []
    for number in range(MANY):
        row = register[number % len(register)]
        other = {"gemeentecode": f"GM{number:04d}", "gemeente": f"{row['gemeente']} {number // len(register)}"}
        rows.append(row | other | {"ook_bekend_als": ""})
        choices.append(by_name[row["gemeente"]] | other)
    for path, table, delimiter in (
        (inputs / "reference" / "gemeenten.csv", rows, ","),
        (inputs / "000-landelijk-voorbeeld.csv", choices, ";"),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, list(table[0]), delimiter=delimiter)
            written.writeheader()
            written.writerows(table)
    return inputs


def row(label: str, value: str, bound: str = "") -> None:
    """Print one row of the table of results."""
    click.echo(f"| {label} | {value} | {bound} |")


@click.command()
@click.option("--quick", is_flag=True, help="Leave out the 10,000 municipalities.")
def main(quick: bool) -> None:
    """Measure, and print a Markdown table of ratios, each with the bound that it must keep."""
    row("what", "measured", "bound")
    row("---", "---:", "---:")
    one = workbooks()
    plain = one["plain XlsxWriter"]
    for name, seconds in one.items():
        row(f"one workbook: {name}", f"{seconds * 1000:.1f} ms")
    row("filled layout / plain XlsxWriter", f"{one['filled layout'] / plain:.3f}", "0.15")
    row("filled layout / openpyxl", f"{one['filled layout'] / one['openpyxl']:.3f}", "0.08")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs, outputs = ROOT / "inputs", folder / "outputs"
        taken: dict[str, list[tuple[float, int, int]]] = {"1": [], "2": [], "warm": []}
        for _ in range(3):
            for workers in ("1", "2"):
                shutil.rmtree(outputs, ignore_errors=True)
                taken[workers].append(run(inputs, outputs, "--workers", workers))
            taken["warm"].append(run(inputs, outputs))
        serial, two, warm = (statistics.median(t[0] for t in taken[which]) for which in ("1", "2", "warm"))
        row("342 municipalities, one worker", f"{serial:.2f} s")
        row("342 municipalities, two workers", f"{two:.2f} s")
        row("two workers / one, 342 municipalities", f"{two / serial:.2f}")
        row("342 by two workers / workbooks alone by plain XlsxWriter", f"{two / (342 * plain):.3f}", "0.25")
        row("nothing changed", f"{warm:.2f} s", "0.8 s")
        helped = rounds(
            {"help": lambda: subprocess.run(["kostenindicatie", "--help"], capture_output=True, check=True)}, 5
        )
        row("--help", f"{helped['help']:.2f} s", "0.2 s")
        if quick:
            return
        of_many = many_municipalities(folder)
        alone, _, _ = run(of_many, folder / "many-alone", "--workers", "1")
        many, own, worker = run(of_many, folder / "many-outputs", "--workers", "2")
        row(f"{MANY} municipalities, one worker", f"{alone:.1f} s")
        row(f"{MANY} municipalities, two workers", f"{many:.1f} s")
        row(f"two workers / one, {MANY} municipalities", f"{many / alone:.2f}", "0.65")
        row("time for each / that of 342", f"{many / MANY / (two / 342):.2f}", "1.15")
        row("peak memory of the parent", f"{own} MiB", "350 MiB")
        row("peak memory of a worker", f"{worker} MiB", "100 MiB")


if __name__ == "__main__":
    main()
