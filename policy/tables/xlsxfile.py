"""The parts of a workbook with one sheet, written row by row.

Texts stand in their cells, not in a table of their own, so nothing is held in memory. The library that reads workbooks
writes them several times more slowly: it makes an object of every cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, cast
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

PLAIN, QUOTED, DAY = 0, 1, 2
"""Styles of cells: as it is, a text that looks like a formula, a day."""

_FIRST_DAY = date(1899, 12, 30)
_LEVEL = 3
"""Of compression: the higher ones take twice the time for a tenth of the size."""

_PIECE = 1 << 16
"""Bytes of a piece, about."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders count='1'><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def number(digits: str) -> str:
    """Return the cell of a number, of its digits as they are."""
    return f"<c><v>{digits}</v></c>"


def flag(value: bool) -> str:  # noqa: FBT001 - it is the value of the cell
    """Return the cell of yes or no."""
    return f'<c t="b"><v>{value:d}</v></c>'


def day(value: date) -> str:
    """Return the cell of a day from 1900 on."""
    return f'<c s="{DAY}"><v>{(value - _FIRST_DAY).days}</v></c>'


def text(value: str, *, is_quoted: bool) -> str:
    """Return the cell of a text; `is_quoted` keeps a spreadsheet from taking it for a formula."""
    style = f' s="{QUOTED}"' if is_quoted else ""
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(value)}</t></is></c>'


EMPTY = "<c/>"
"""The cell of nothing."""


def pieces(rows: Iterable[Sequence[str]], sheet: str) -> Iterator[bytes]:
    """Yield a workbook piece by piece, as its rows come.

    Args:
        rows: The cells of each row.
        sheet: Name of the sheet.
    """
    sink = _Sink()
    with ZipFile(cast("IO[bytes]", sink), "w", ZIP_DEFLATED, compresslevel=_LEVEL) as parts:
        for name, part in {**_PARTS, "xl/workbook.xml": _workbook(sheet)}.items():
            parts.writestr(name, _XML + part)
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as page:
            page.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for cells in rows:
                page.write(f"<row>{''.join(cells)}</row>".encode())
                if sink.held > _PIECE:
                    yield sink.taken()
            page.write(b"</sheetData></worksheet>")
    yield sink.taken()


class _Sink:
    """Holds what an archive writes until it is taken; it cannot go back, so nothing is written twice."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0

    def write(self, piece: bytes) -> int:
        """Hold some more bytes, and return how many."""
        self._pieces.append(bytes(piece))
        self.held += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: whoever takes what is held sends it."""

    def taken(self) -> bytes:
        """Return the bytes that are held, and hold none."""
        found, self._pieces, self.held = b"".join(self._pieces), [], 0
        return found


def _workbook(sheet: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<sheets><sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
