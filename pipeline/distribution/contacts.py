"""The list of contacts, `contacten.csv` beside the register: where to mail to for who delivers no address.

It is the user's own, is nowhere shipped, and holds personal data. It is read as tolerantly as a delivery is; what is
wrong in it is a finding that says where, and never repeats an address.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from pipeline.errors import InputsError
from pipeline.intake import Finding, Limits, Severity
from pipeline.intake.fields.characters import BLANKS, shown
from pipeline.intake.fields.columns import EITHER_OWNER, ORDINARY, OWNER
from pipeline.intake.findings import Refused
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.readers import read_csv
from pipeline.intake.readers.dialect import HEADER_WITHIN, Row, Table
from pipeline.intake.readers.file_access import read_bytes
from pipeline.intake.rows.headers import MISSING, Header, read_header
from pipeline.model.choices import E_MAIL
from pipeline.reference.places import Folder
from pipeline.reference.register import Register

FILE = "contacten.csv"


@dataclass(frozen=True, slots=True)
class Contacts:
    """The addresses of municipalities, by code, and what is wrong with the list."""

    addresses: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()


def read_contacts(folder: Folder, register: Register) -> Contacts:
    """Read the list of contacts in the folder with reference data; without one there are no addresses.

    It has a column for whose contact it is, by name or code as in a delivery, and `e_mail`; others are passed over. Of
    a municipality with more than one line all addresses count. A line that cannot be used gives none.

    Raises:
        InputsError: if it cannot be read, or is no such list; nobody could tell then who would be forgotten.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return Contacts({})
    limits = Limits()
    try:
        data, _ = read_bytes(path, limits.file_bytes)
        return _contacts(read_csv(data, ORDINARY, limits), Owners(register))
    except Refused as why:
        place = f": regel {why.line}" if why.line else ""
        raise InputsError(f"{path}{place}: {why.message}") from None


def _contacts(table: Table, owners: Owners) -> Contacts:
    header, rows = _header(table)
    found: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []

    def find(row: Row, code: str, column: str | None, value: str, message: str, of: str = "") -> None:
        findings.append(Finding(Severity.WARNING, code, FILE, row.line, column, shown(value), message, of))

    for row in rows:
        if any(map(str.strip, row.fields[header.width :])):
            message = 'Er staan meer velden dan kolommen; zet adressen waar iets tussen staat samen tussen "".'
            find(row, "te_veel_velden", None, "", message)
            continue
        texts = [text.strip(BLANKS) for text in row.fields]
        said = {name: texts[at] for name, at in header.places.items() if at < len(texts)}
        owner = owners.owner(said.get("gemeentecode", ""), said.get("gemeente", ""))
        if owner.municipality is None or owner.problem:
            code, column, message = owner.problem or ("gemeente_onbekend", "gemeente", "Dit is geen gemeente.")
            find(row, code, column, said.get(column, ""), message)
            continue
        code = owner.municipality.code
        outcome = ORDINARY.readers[E_MAIL.name].read(said.get(E_MAIL.name, ""))
        if outcome.code:
            find(row, outcome.code, E_MAIL.name, "", outcome.message, code)
        for address in outcome.value or ():
            found.setdefault(code, {}).setdefault(address.casefold(), address)
    return Contacts({code: tuple(addresses.values()) for code, addresses in found.items()}, tuple(findings))


def _header(table: Table) -> tuple[Header, Iterator[Row]]:
    """The header among the first rows, and the rows below it.

    Raises:
        Refused: if there is none, or a column that is needed stands in it twice or unreadably.
    """
    top = list(islice(table.rows, HEADER_WITHIN))
    for place, row in enumerate(top):
        named = ORDINARY.named_in(row.fields)
        if E_MAIL.name in named and any(name in named for name in OWNER):
            header, findings = read_header(row, table.delimiter, FILE, ORDINARY)
            for finding in findings:
                if finding.severity is Severity.ERROR and finding.code != MISSING:
                    raise Refused(finding.code, finding.message, row.line)
            return header, chain(top[place + 1 :], table.rows)
    message = f"Er is geen regel met de namen van de kolommen; nodig zijn {EITHER_OWNER}, en {E_MAIL.name}."
    raise Refused("geen_kopregel", message)
