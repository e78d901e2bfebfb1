"""A workbook by XlsxWriter of which every string is literal, and every part is finished, checked and packed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO, StringIO
from itertools import chain

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

from pipeline.documents.workbooks.package import LARGE, Packed, packed, zipped
from pipeline.documents.workbooks.pages import MARK
from pipeline.documents.workbooks.strings import STRINGS, element

UNREAD = ("docProps/app.xml", "xl/theme/theme1.xml")
"""Parts that XlsxWriter makes and nobody reads: which program wrote it, with all names once more, and a theme."""
Finish = Callable[[str, str], str]
"""Gives a part of a workbook, from its name and as XlsxWriter makes it, as it is to be."""
Check = Callable[[str, bytes], None]
"""Checks a part that is as it is to be."""


class LiteralBook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook of which every string is literal, and every part is finished before it is packed, by `package`."""

    finish: Finish
    check: Check

    def __init__(self, options: Mapping[str, bool]) -> None:
        super().__init__(BytesIO(), {"in_memory": True, **options})
        self.parts: list[tuple[str, Callable[[], Packed]]] = []

    def number_first(self, texts: Iterable[str]) -> None:
        """Give these texts, all of which are to be written, the first numbers among the shared strings."""
        for text in texts:
            self.str_table._get_shared_string_index(text)
        self.str_table.count = 0

    def package(self) -> bytes:
        """The bytes of the workbook, to which nothing can be added any more."""
        self.close()
        return zipped((name, pack()) for name, pack in self.parts)

    def _get_packager(self) -> Packager:
        return _Packager(self.finish, self.check, self.parts)


class _Packager(Packager):  # type: ignore[misc]
    """Takes the parts of a workbook, so that XlsxWriter has nothing left to put in a zip file of its own."""

    def __init__(self, finish: Finish, check: Check, parts: list[tuple[str, Callable[[], Packed]]]) -> None:
        super().__init__()
        self.finish = finish
        self.check = check
        self.parts = parts

    def _create_package(self) -> list[tuple[StringIO, str, bool]]:
        made = super()._create_package()
        kept_apart = {
            f"xl/worksheets/sheet{number}.xml": getattr(page, "apart", [])
            for number, page in enumerate(self.workbook.worksheets(), 1)
        }
        with ThreadPoolExecutor(1) as aside:  # libdeflate lets Python go on with the next part meanwhile
            for part, name, _ in made:
                if name in UNREAD:
                    continue
                text = self.finish(name, part.getvalue())
                part.close()  # it takes as much memory again
                apart = kept_apart.get(name, [])
                data = _whole(text, [each.rows.getbuffer() for each in apart])
                self.check(name, _whole(text, [each.samples for each in apart]) if apart else data)
                apart.clear()
                pack = partial(packed, name, data)
                self.parts.append((name, aside.submit(pack).result if len(data) >= LARGE else pack))
        return []

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = _Strings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename(STRINGS))
            strings._assemble_xml_file()


def _whole(text: str, apart: Sequence[bytes | memoryview]) -> bytes:
    """A part with what is kept apart of it in its place; each has its mark there."""
    first, *others = map(str.encode, text.split(MARK, len(apart)))
    return b"".join((first, *chain.from_iterable(zip(apart, others, strict=True))))


class _Strings(SharedStrings):  # type: ignore[misc]
    def _write_sst_strings(self) -> None:
        self.fh.write("".join(map(element, self.string_table.string_array)))
