"""The workbooks of the corpus that are made here: by openpyxl, by XlsxWriter, and by hand, part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEADER = ("gemeente", "begeleiding", "hosting", "bijdrage")
ZEIST = ("Zeist", "zelf", "saas", "geen")
DELFT = ("Delft", "extern", "hybride", "financieel")
Rows = Sequence[Sequence[Any]]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'


def by_openpyxl(rows: Rows, change: Callable[[Any], object] = lambda _: None, **sheets: Rows) -> bytes:
    """A workbook with a sheet Opgave, and others; it may be changed before it is saved."""
    book = openpyxl.Workbook()
    book["Sheet"].title = "Opgave"
    for number, (name, others) in enumerate({"Opgave": rows, **sheets}.items()):
        sheet = book.create_sheet(name) if number else book[name]
        for row in others:
            sheet.append(list(row))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def by_xlsxwriter(fill: Callable[[Any, Any], object]) -> bytes:
    """A workbook with a sheet Opgave, that is filled with it and with its book."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        fill(book.add_worksheet("Opgave"), book)
    return saved.getvalue()


def with_extra(name: str, value: Any, rows: Rows = (ZEIST,)) -> Rows:
    """A table with one more column, in which something stands in the first row."""
    first, *rest = rows
    return [(*HEADER, name), (*first, value), *rest]


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip with some parts."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return saved.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def by_hand(rows: str, root: str = f"<worksheet {MAIN}>", end: str = "</worksheet>", **more: str) -> bytes:
    """The smallest workbook there is, with a sheet of which the rows are written out."""
    sheet = f"{root}<sheetData>{rows}</sheetData>{end}" if "{" not in root else root.format(rows) + end
    return zipped(
        {
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>'
            '<sheet name="Opgave" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId1" '
            f'Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
            **more,
        }
    )


def inline(rows: Iterable[Iterable[str]], quote: str = '"', prefix: str = "", places: bool = True) -> str:
    """Rows with their texts in the cells themselves, in one of the many ways in which programs may write that."""
    written = []
    for line, row in enumerate(rows, 1):
        cells = "".join(
            f"<{prefix}c{f' r={quote}{chr(65 + at)}{line}{quote}' if places else ''} t={quote}inlineStr{quote}>"
            f"<{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{prefix}c>"
            for at, text in enumerate(row)
        )
        written.append(f"<{prefix}row r={quote}{line}{quote}>{cells}</{prefix}row>")
    return "".join(written)


def opendocument(rows: str, manifest: str = "<manifest/>") -> bytes:
    """The smallest .ods there is, with a sheet of which the rows are written out."""
    content = (
        f'<office:document-content xmlns:office="o" {TABLE} xmlns:text="t"><office:body><office:spreadsheet>'
        f'<table:table table:name="Opgave">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return zipped({"content.xml": content, "META-INF/manifest.xml": manifest})


def ods_row(texts: Iterable[str], attributes: str = "") -> str:
    """A row of an .ods with texts."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


# --- What is changed in a workbook ------------------------------------------------------------------------------------


def _format(cell: str, code: str) -> Callable[[Any], object]:
    return lambda book: setattr(book.active[cell], "number_format", code)


def _error(cell: str) -> Callable[[Any], object]:
    return lambda book: setattr(book.active[cell], "data_type", "e")


def _strike(cell: str) -> Callable[[Any], object]:
    return lambda book: setattr(book.active[cell], "font", Font(strike=True))


def _hide_rows(*lines: int) -> Callable[[Any], object]:
    def hide(book: Any) -> None:
        for line in lines:
            book.active.row_dimensions[line].hidden = True

    return hide


def _hide(name: str) -> Callable[[Any], object]:
    return lambda book: setattr(book[name], "sheet_state", "hidden")


def _from_1904(book: Any) -> None:
    book.epoch = CALENDAR_MAC_1904


def _style_rows(book: Any) -> None:
    fill = PatternFill("solid", start_color="FFFF00")
    for line in range(4, 2_004):
        for column in range(1, 5):
            book.active.cell(line, column).fill = fill


def _many_empty_rows() -> bytes:
    cells = "".join(f'<c r="{column}{{0}}" s="1"/>' for column in "ABC")
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(4, 1_048_577, 5))
    return by_hand(inline([HEADER, ZEIST, DELFT]) + rows)


def _rich(sheet: Any, book: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, (*HEADER, "contact"))
    sheet.write_row(1, 0, ZEIST)
    sheet.write_rich_string(1, 4, "afdeling ", bold, "beheer", " & <zo>")


def _calculated(sheet: Any, book: Any) -> None:
    sheet.write_row(0, 0, (*HEADER, "begeleidingsuren", "startjaar"))
    sheet.write_row(1, 0, DELFT)
    sheet.write_formula(1, 4, "=100+50", None, 150)
    sheet.write_datetime(1, 5, datetime(2027, 7, 1), book.add_format({"num_format": "yyyy"}))


def _encrypted_zip() -> bytes:
    data = bytearray(by_openpyxl([HEADER, ZEIST]))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def _twice() -> bytes:
    saved = io.BytesIO(by_openpyxl([HEADER, ZEIST]))
    with zipfile.ZipFile(saved, "a") as file, file.open("xl/worksheets/sheet1.xml", "w") as part:
        part.write(b"<worksheet/>")
    return saved.getvalue()


def _lying() -> bytes:
    """A zip that says of a part that it is smaller than it is."""
    rows = inline([HEADER, ZEIST]) + '<row r="9"/>' * 100_000
    data = by_hand(rows)
    size = len(parts_of(data)["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    assert size in data
    return data.replace(size, (5_000).to_bytes(4, "little"))


def _rejected_once() -> bytes:
    header = (*HEADER, "te_veel", "bestand", "regel", "kenmerk", "bevinding")
    return by_openpyxl([header, (*ZEIST, None, "opgave.csv", 7, "abcdefgh", "hosting: Kies saas.")])


_PROLOGUE = '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "Zeist">]>'
_PLAIN = inline([HEADER, ZEIST])

MADE: dict[str, Callable[[], bytes]] = {
    "tabel-gewoon.xlsx": lambda: by_openpyxl([HEADER, ZEIST, DELFT]),
    "tabel-hoofdletters.XLSX": lambda: by_openpyxl([HEADER, ZEIST, DELFT]),
    "tabel-titel.xlsx": lambda: by_openpyxl([("Opgave Signalen",), (), HEADER, ZEIST, (), DELFT]),
    "tabel-verschoven.xlsx": lambda: by_openpyxl([(), (None, None, *HEADER), (None, None, *ZEIST)]),
    "tabel-volgorde.xlsx": lambda: by_openpyxl([HEADER[::-1], ZEIST[::-1], DELFT[::-1]]),
    "getallen-echt.xlsx": lambda: by_openpyxl(
        [(*HEADER, "begeleidingsuren", "hosting_laag", "hosting_hoog"), (*DELFT[:2], "saas", "geen", 12.5, 9000.0, 1e4)]
    ),
    "getallen-tekst.xlsx": lambda: by_openpyxl(
        [(*HEADER, "begeleidingsuren", "hosting_laag", "hosting_hoog"), (*DELFT, "12,5", "9.000", "10.000,50")]
    ),
    "getallen-drie-decimalen.xlsx": lambda: by_openpyxl(with_extra("begeleidingsuren", 1.234, [DELFT])),
    "getallen-vijftien-cijfers.xlsx": lambda: by_openpyxl(with_extra("begeleidingsuren", 0.1 + 0.2, [DELFT])),
    "getallen-procent.xlsx": lambda: by_openpyxl(
        with_extra("begeleidingsuren", 0.02, [DELFT, ZEIST]), _format("E2", "0%")
    ),
    "getallen-te-groot.xlsx": lambda: by_openpyxl(with_extra("begeleidingsuren", 1e300, [DELFT])),
    "getallen-negatief.xlsx": lambda: by_openpyxl(with_extra("begeleidingsuren", -3, [DELFT])),
    "getallen-code.xlsx": lambda: by_openpyxl(
        [("gemeentecode", *HEADER[1:]), (355, *ZEIST[1:])], _format("A2", "0000")
    ),
    "waarheid.xlsx": lambda: by_openpyxl(with_extra("afgestemd", True, [("Zeist", "zelf", "saas", "alternatief")])),
    "datum-jaar.xlsx": lambda: by_openpyxl(with_extra("startjaar", date(2027, 7, 1))),
    "datum-1904.xlsx": lambda: by_openpyxl(with_extra("startjaar", date(2027, 7, 1)), _from_1904),
    "datum-in-uren.xlsx": lambda: by_openpyxl(with_extra("begeleidingsuren", date(2027, 7, 1), [DELFT])),
    "datum-in-tekst.xlsx": lambda: by_openpyxl(with_extra("contact", date(2027, 7, 1))),
    "datum-iso.xlsx": lambda: by_hand(
        inline([(*HEADER, "startjaar")])
        + inline([HEADER, ZEIST])
        .partition("</row>")[2]
        .replace("</row>", '<c r="E2" t="d"><v>2027-07-01T00:00:00</v></c></row>')
    ),
    "formule-zonder-uitkomst.xlsx": lambda: by_openpyxl(with_extra("contact", "=A1")),
    "formule-verplicht.xlsx": lambda: by_openpyxl([HEADER, ("Zeist", "=A1", "saas", "geen")]),
    "formule-met-uitkomst.xlsx": lambda: by_xlsxwriter(_calculated),
    "fout-in-keuze.xlsx": lambda: by_openpyxl([HEADER, ("Zeist", "zelf", "#N/A", "geen"), DELFT], _error("C2")),
    "fout-in-tekst.xlsx": lambda: by_openpyxl(with_extra("contact", "#REF!"), _error("E2")),
    "samengevoegd-titel.xlsx": lambda: by_openpyxl(
        [("Opgave",), HEADER, ZEIST], lambda book: book.active.merge_cells("A1:D1")
    ),
    "samengevoegd-rijen.xlsx": lambda: by_openpyxl(
        [HEADER, ZEIST, DELFT], lambda book: book.active.merge_cells("C2:C3")
    ),
    "verborgen-rij.xlsx": lambda: by_openpyxl([("Opgave",), HEADER, ZEIST, DELFT, ()], _hide_rows(1, 4, 5)),
    "verborgen-filter.ods": lambda: opendocument(
        ods_row(HEADER) + ods_row(ZEIST, 'table:visibility="filter"') + ods_row(DELFT, 'table:visibility="collapse"')
    ),
    "doorgestreept.xlsx": lambda: by_openpyxl([HEADER, ZEIST, DELFT], _strike("A3")),
    "leeg-opgemaakt.xlsx": lambda: by_openpyxl([HEADER, ZEIST, DELFT], _style_rows),
    "leeg-veel-opgemaakt.xlsx": _many_empty_rows,
    "leeg.xlsx": lambda: by_openpyxl([]),
    "kop-alleen.xlsx": lambda: by_openpyxl([HEADER]),
    "kop-geen.xlsx": lambda: by_openpyxl([("Beste collega,",), ("hierbij de opgave",)]),
    "kop-regeleinde.xlsx": lambda: by_openpyxl([("naam\ngemeente", "bege\nleiding", *HEADER[2:]), ZEIST]),
    "kop-dubbel.xlsx": lambda: by_openpyxl([(*HEADER, "hosting"), (*ZEIST, "saas")]),
    "kop-onbekend.xlsx": lambda: by_openpyxl(with_extra("lievelingskleur", "geel")),
    "blad-tweede.xlsx": lambda: by_openpyxl([("Toelichting",), ("Vul blad Tabel in.",)], Tabel=[HEADER, ZEIST]),
    "blad-twee-tabellen.xlsx": lambda: by_openpyxl([HEADER, ZEIST], Oud=[HEADER, DELFT]),
    "blad-halve-kop-eerst.xlsx": lambda: by_openpyxl([("gemeente", "hosting"), ("Delft",)], Tabel=[HEADER, ZEIST]),
    "blad-verborgen.xlsx": lambda: by_openpyxl([("Niets",)], _hide("Tabel"), Tabel=[HEADER, ZEIST]),
    "blad-verborgen-ernaast.xlsx": lambda: by_openpyxl([HEADER, ZEIST], _hide("Oud"), Oud=[HEADER, DELFT]),
    "macros.xlsm": lambda: zipped(parts_of(by_openpyxl([HEADER, ZEIST])) | {"xl/vbaProject.bin": b"Sub Auto_Open"}),
    "een-cel.xlsx": lambda: by_openpyxl([(";".join(HEADER),), (";".join(ZEIST),)]),
    "een-cel-rij.xlsx": lambda: by_openpyxl([HEADER, (";".join(DELFT),), ZEIST]),
    "rechts-van-tabel.xlsx": lambda: by_openpyxl([HEADER, (*ZEIST, None, "let op"), DELFT]),
    "laatste-cel.xlsx": lambda: by_openpyxl(
        [HEADER, ZEIST], lambda book: book.active.__setitem__("XFD1048576", "verdwaald")
    ),
    "dubbel.xlsx": lambda: by_openpyxl([HEADER, ZEIST, ("Zeist", "extern", "saas", "geen")]),
    "tekst-formule.xlsx": lambda: by_openpyxl(
        with_extra("contact", "=1+1"), lambda book: setattr(book.active["E2"], "data_type", "s")
    ),
    "tekst-rijk.xlsx": lambda: by_xlsxwriter(_rich),
    "tekst-regels.xlsx": lambda: by_openpyxl(with_extra("backlog", "koppeling\nen nog iets")),
    "tekst-rij-in-cel.xlsx": lambda: by_openpyxl(with_extra("backlog", "koppeling\nDelft;extern;hybride;financieel")),
    "tekst-te-lang.xlsx": lambda: by_hand(inline([(*HEADER, "contact"), (*ZEIST, "a" * 40_000)])),
    "tekst-verborgen.xlsx": lambda: by_openpyxl(with_extra("contact", "a\u202eb")),
    "hand-inline.xlsx": lambda: by_hand(_PLAIN),
    "hand-zonder-plaatsen.xlsx": lambda: by_hand(inline([HEADER, ZEIST], "'", places=False)),
    "hand-witruimte.xlsx": lambda: by_hand(_PLAIN.replace("><", ">\n  <").replace("saas", "sa<!-- -->as")),
    "hand-opgemaakte-tekst.xlsx": lambda: by_hand(
        inline([(*HEADER, "contact")])
        + inline([HEADER, ZEIST])
        .partition("</row>")[2]
        .replace("</is></c></row>", '</is></c><c r="E2" t="s">\n<v>0</v>\n</c></row>'),
        **{"xl/sharedStrings.xml": "<sst>\n<si>\n<r>\n<t>a </t>\n</r>\n<r>\n<t>b</t>\n</r>\n</si>\n</sst>"},
    ),
    "hand-entiteit.xlsx": lambda: by_hand(inline([(*HEADER, "contact"), (*ZEIST, "a &amp; &#x62; &lt;c&gt;")])),
    "hand-fonetisch.xlsx": lambda: by_hand(_PLAIN.replace("<t>saas</t>", "<t>saas</t><rPh><t>SAAS</t></rPh>")),
    "hand-voorvoegsel.xlsx": lambda: by_hand(
        f"<x:sheetData>{inline([HEADER, ZEIST], prefix='x:')}</x:sheetData>",
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}',
        "</x:worksheet>",
    ),
    "hand.ods": lambda: opendocument(ods_row(HEADER) + ods_row(ZEIST)),
    "hand-herhaald.ods": lambda: opendocument(
        ods_row(HEADER)
        + ods_row(ZEIST, 'table:number-rows-repeated="3"')
        + ods_row([""], 'table:number-rows-repeated="1048571"')
    ),
    "naam-xlsx-als.xls": lambda: by_openpyxl([HEADER, ZEIST]),
    "naam-ods-als.xlsx": lambda: opendocument(ods_row(HEADER) + ods_row(ZEIST)),
    "naam-csv-als.xlsx": lambda: b"gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\n",
    "naam-html-als.xls": lambda: b"<html><table><tr><td>gemeente</td></tr></table></html>",
    "naam-pdf-als.xlsx": lambda: b"%PDF-1.7\n",
    "naam-zip-als.xlsx": lambda: zipped({"opgave.csv": "gemeente;begeleiding;hosting;bijdrage\n"}),
    "naam-xlsb-als.xlsx": lambda: zipped({"xl/workbook.bin": b"\x83\x01\x00"}),
    "kwaad-leeg.xlsx": lambda: b"",
    "kwaad-afgekapt.xlsx": lambda: by_openpyxl([HEADER, ZEIST])[:-900],
    "kwaad-afgekapt-blad.xlsx": lambda: by_hand(_PLAIN, f"<worksheet {MAIN}><sheetData>{{}}", ""),
    "kwaad-documenttype.xlsx": lambda: by_hand(_PLAIN, f"{_PROLOGUE}<worksheet {MAIN}>"),
    "kwaad-documenttype.ods": lambda: zipped(
        {"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><office:document-content xmlns:office="o"/>'}
    ),
    "kwaad-kolom-geen.xlsx": lambda: by_hand(_PLAIN.replace('"D2"', '"!!2"')),
    "kwaad-codering.xlsx": lambda: by_hand(
        _PLAIN, **{"xl/styles.xml": '<?xml version="1.0" encoding="UTF-8TF-8"?><styleSheet/>'}
    ),
    "kwaad-versleuteld.xlsx": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptionInfo".encode("utf-16-le")
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 2_000
    ),
    "kwaad-versleuteld.ods": lambda: opendocument(
        ods_row(HEADER), '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    ),
    "kwaad-wachtwoord-op-zip.xlsx": _encrypted_zip,
    "kwaad-deel-twee-keer.xlsx": _twice,
    "kwaad-te-veel-delen.xlsx": lambda: zipped(dict.fromkeys(map(str, range(2_001)), "")),
    "kwaad-opgeblazen.xlsx": lambda: by_hand(_PLAIN, **{"xl/media/a.xml": "0" * 20_000_000}),
    "kwaad-liegt.xlsx": _lying,
    "kwaad-rij-te-laag.xlsx": lambda: by_hand(_PLAIN.replace('2"', '1048577"')),
    "kwaad-rijen-terug.xlsx": lambda: by_hand(inline([HEADER, ZEIST]).replace('<row r="2">', '<row r="1">')),
    "kwaad-kolom-te-ver.xlsx": lambda: by_hand(_PLAIN.replace('"D2"', '"ZZZ2"')),
    "kwaad-tekst-ontbreekt.xlsx": lambda: by_hand('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
    "kwaad-herhaald.ods": lambda: opendocument(
        ods_row(HEADER) + ods_row(ZEIST, 'table:number-rows-repeated="1048575"')
    ),
    "kwaad-spaties.ods": lambda: opendocument(
        ods_row((*HEADER, "contact")) + ods_row([*ZEIST, 'a<text:s text:c="99999999"/>b'])
    ),
    "terug-afgekeurd.xlsx": _rejected_once,
}
"""Each by its name."""
