"""Other engines than ours: they recalculate a workbook after its cached values are wiped and its inputs are set."""

from __future__ import annotations

import math
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import ironcalc
from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

CellValue = str | float | bool | None
Place = tuple[str, str]
"""A sheet's name and a cell's address."""


class Parts:
    """The sheets of a workbook as they stand in the file: formulas, cached values, defined names."""

    model: ironcalc.Model | None = None
    """The workbook in another engine, which takes long to load it; whoever changes it puts it back."""

    def __init__(self, workbook: bytes) -> None:
        self.workbook = workbook
        with zipfile.ZipFile(BytesIO(workbook)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        strings = etree.fromstring(self.parts["xl/sharedStrings.xml"])
        self.strings = ["".join(item.itertext(f"{MAIN}t")) for item in strings.iter(f"{MAIN}si")]
        book = etree.fromstring(self.parts["xl/workbook.xml"])
        self.sheets = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]
        self.names = {
            name.get("name", ""): self._place(name.text or "")
            for name in book.iter(f"{MAIN}definedName")
            if ":" not in (name.text or "") and not name.get("name", "").startswith("_xlnm")
        }
        self.formulas: dict[Place, str] = {}
        self.values: dict[Place, CellValue] = {}
        for number, sheet in enumerate(self.sheets, 1):
            root = etree.fromstring(self.parts[f"xl/worksheets/sheet{number}.xml"])
            for cell in root.iter(f"{MAIN}c"):
                place = (sheet, cell.get("r", ""))
                if (formula := cell.find(f"{MAIN}f")) is not None:
                    self.formulas[place] = formula.text or ""
                self.values[place] = self._value(cell)

    @staticmethod
    def _place(reference: str) -> Place:
        sheet, address = reference.rsplit("!", 1)
        return sheet.strip("'"), address.replace("$", "")

    def _value(self, cell: etree._Element) -> CellValue:
        text: str | None = cell.findtext(f"{MAIN}v")
        if text is None:
            return None
        match cell.get("t", "n"):
            case "s":
                return self.strings[int(text)]
            case "str":
                return text
            case "b":
                return text == "1"
            case "e":
                raise AssertionError(f"{cell.get('r')} holds the error {text}")
            case _:
                return float(text)

    def named(self, name: str) -> CellValue:
        """The cached value of the cell with a defined name."""
        return self.values[self.names[name]]


def variant(
    parts: Parts, inputs: Mapping[str, CellValue], others: Mapping[Place, CellValue] = MappingProxyType({})
) -> bytes:
    """The workbook without any cached value, with other values in named input cells, and in others (None clears)."""
    changed = dict(parts.parts)
    cells: dict[str, dict[str, CellValue]] = defaultdict(dict)
    for (sheet, address), value in ({parts.names[name]: value for name, value in inputs.items()} | {**others}).items():
        cells[sheet][address] = value
    for number, sheet in enumerate(parts.sheets, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        root = etree.fromstring(changed[part])
        for cell in root.iter(f"{MAIN}c"):
            if cell.find(f"{MAIN}f") is not None:
                for cached in cell.findall(f"{MAIN}v"):
                    cell.remove(cached)
                cell.attrib.pop("t", None)
            elif cell.get("r") in cells[sheet]:
                _set(cell, cells[sheet][cell.get("r", "")])
        changed[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, data in changed.items():
            archive.writestr(name, data)
    return result.getvalue()


def _set(cell: etree._Element, value: CellValue) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    match value:
        case None:
            pass
        case str():
            cell.set("t", "inlineStr")
            etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = value
        case _:
            etree.SubElement(cell, f"{MAIN}v").text = repr(value)


def recalculate(
    parts: Parts,
    folder: Path,
    inputs: Mapping[str, CellValue],
    others: Mapping[Place, CellValue] = MappingProxyType({}),
) -> dict[Place, CellValue]:
    """What IronCalc computes for every formula cell, with other values in named input cells, and in others."""
    if parts.model is None:
        path = folder / "wiped.xlsx"
        path.write_bytes(variant(parts, {}))
        parts.model = ironcalc.load_from_xlsx(str(path))
    changed = {parts.names[name]: value for name, value in inputs.items()} | {**others}
    assert parts.formulas.keys().isdisjoint(changed), "a formula is no input"
    for place, value in changed.items():
        _put(parts, place, value)
    parts.model.evaluate()
    computed: dict[Place, CellValue] = {
        (sheet, address): parts.model.get_cell_value(parts.sheets.index(sheet), *coordinate_to_tuple(address))
        for sheet, address in parts.formulas
    }
    for place in changed:
        _put(parts, place, parts.values[place])
    return computed


def _put(parts: Parts, place: Place, value: CellValue) -> None:
    model, cell = parts.model, (parts.sheets.index(place[0]), *coordinate_to_tuple(place[1]))
    assert model is not None
    match value:
        case None:
            model.clear_cell_contents(*cell)
        case bool():
            model.update_cell_with_bool(*cell, value)
        case str():
            model.update_cell_with_text(*cell, value)
        case _:
            model.update_cell_with_number(*cell, value)


def differences(
    places: Iterable[Place], expected: Mapping[Place, CellValue], computed: Mapping[Place, CellValue]
) -> list[str]:
    """The cells where what is expected and what an engine computes differ by more than float dust."""

    def same(a: CellValue, b: CellValue) -> bool:
        if isinstance(a, float) and isinstance(b, int | float):
            return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        return a == b

    return [
        f"{place}: expected {expected[place]!r}, computed {computed[place]!r}"
        for place in places
        if not same(expected[place], computed[place])
    ]
