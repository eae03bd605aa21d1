"""Reads one sheet of a workbook (XLSX) row by row; cells come as what the spreadsheet says they are.

The header is the first row that is not blank. Numbers are taken by the shortest decimal text of what the file holds,
days as ISO 8601. A formula is refused where its cell is needed, for the file only holds what it came to when
somebody saved it last; so are errors. Merged cells in the table are refused: only the first of them has the value.
Hidden rows and columns are read like others.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader

from policy.errors import Finding, Place, did_you_mean
from policy.feel.temporal import DaysDuration
from policy.messages import Said
from policy.model.words import named
from policy.tables import rowfile
from policy.tables.archive import Archive
from policy.tables.rowfile import (
    LONGEST_CELL,
    REPORT_EVERY,
    Fault,
    Literal,
    Progress,
    Record,
    TableError,
    check_header,
    refused,
)
from policy.values import shortest

LAST_ROW = 1_048_576
"""The last row a spreadsheet has."""

_BATCH = 100
_MOST_FINDINGS = 100
_PIECE = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_LONGEST_MERGED = 200

Row = Sequence[Any]
"""Cells as the library gives them, trailing ones left out."""


class SheetFile:
    """One sheet of a workbook, with a header.

    Attributes:
        path: Where the workbook is.
        sheet: Name of the sheet.
        header: Names of its columns, surrounding blanks left out.
        name: The path, and the sheet in brackets.
    """

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        """Open the workbook and read the sheet's header.

        Args:
            path: Where it is.
            sheet: Name of the sheet; None: the only one that is not hidden.

        Raises:
            TableError: the file is no workbook that can be read, lacks the sheet, or the sheet has no header, one
                that cannot be read, or merged cells.
        """
        self.path = path
        with _opened(path) as (archive, book):
            self.sheet: str = _chosen(book, sheet, str(path))
            self.name = f"{path} [{self.sheet}]"
            number, cells = next(self._walk(book), (1, ()))
            self._begin = number
            self.header = self._headings(number, cells)
            self._check_merged(archive, book)

    def rows(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield the rows below the header, as `RowFile` says.

        Raises:
            TableError: there are more rows than are read, or the file is broken.
        """
        with _opened(self.path) as (archive, book):
            read = 0
            for number, cells in self._walk(book):
                if number <= self._begin:
                    continue
                read += 1
                if read > rowfile.MOST_ROWS:
                    raise refused("table-too-many-rows", self.name, number, expected=rowfile.MOST_ROWS)
                yield self._record(number, cells)
                if progress is not None and read % REPORT_EVERY == 0 and archive.part is not None:
                    progress(archive.part[0].tell(), archive.part[1])
            if progress is not None and archive.part is not None:
                progress(archive.part[1], archive.part[1])

    def _walk(self, book: Workbook) -> Iterator[tuple[int, Row]]:
        """Yield number and cells of the rows that are not blank."""
        sheet: Any = book[self.sheet]
        sheet.reset_dimensions()  # what some programs write there is wrong
        rows = sheet.iter_rows()
        number = 0
        while batch := self._batch(rows, number):
            for row in batch:
                number += 1
                if len(row) > rowfile.MOST_COLUMNS:
                    values = {"found": len(row), "expected": rowfile.MOST_COLUMNS}
                    raise refused("table-too-many-columns", self.name, number, len(row), **values)
                cells = _filled(row)
                if cells:
                    yield number, cells
            if number > LAST_ROW:
                raise refused("table-too-many-rows", self.name, number, expected=rowfile.MOST_ROWS)

    def _batch(self, rows: Iterator[Row], number: int) -> list[Row]:
        with warnings.catch_warnings(), _broken(self.name, number + 1):
            warnings.simplefilter("ignore")  # of what is not read here: validations, extensions
            return list(islice(rows, _BATCH))

    def _headings(self, number: int, cells: Row) -> tuple[str, ...]:
        if not cells:
            raise refused("table-empty-file", self.name)
        read = [self._cell(cell) for cell in cells]
        faults = [(at, each) for at, each in enumerate(read, 1) if isinstance(each, Fault)]
        if faults:
            raise TableError(Finding(each.code, Place(self.name, number, at), each.values) for at, each in faults)
        header = tuple(str(each).strip() for each in read)
        check_header(header, self.name, number)
        return header

    def _record(self, number: int, cells: Row) -> Record:
        read = [self._cell(cell) for cell in cells]
        if len(read) > len(self.header):
            return Record(number, (), "table-ragged", {"found": len(read), "expected": len(self.header)})
        read += [""] * (len(self.header) - len(read))
        faults = {at: each for at, each in enumerate(read) if isinstance(each, Fault)}
        return Record(number, tuple("" if isinstance(each, Fault) else each for each in read), faults=faults)

    def _cell(self, cell: Any) -> str | Fault:
        """Return the text of a cell, or why it has none."""
        if cell.data_type == "f":
            return Fault("table-formula", self._where(cell))
        text = None if cell.data_type == "e" else _text(cell.value)
        if text is None:
            return Fault("table-error-cell", {**self._where(cell), "found": str(cell.value)})
        if len(text) > LONGEST_CELL:
            return Fault("table-cell-too-long", {"found": len(text), "expected": LONGEST_CELL})
        return text

    def _where(self, cell: Any) -> dict[str, Said]:
        return {"sheet": self.sheet, "cell": str(cell.coordinate)}

    def _check_merged(self, archive: Archive, book: Workbook) -> None:
        """Refuse cells that are merged within the table."""
        sheet: Any = book[self.sheet]
        with _broken(self.name, 1), archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - has no other name
            merged = list(islice(self._merged(iter(lambda: part.read(_PIECE), b"")), _MOST_FINDINGS))
        if merged:
            raise TableError(merged)

    def _merged(self, pieces: Iterable[bytes]) -> Iterator[Finding]:
        kept = b""
        for piece in pieces:
            text = kept + piece
            for found in _MERGED.finditer(text):
                left, top, right, bottom = (each.decode() for each in found.groups())
                if int(bottom) >= self._begin and _column(left) <= len(self.header):
                    values = {"sheet": self.sheet, "found": f"{left}{top}:{right}{bottom}"}
                    yield Finding("table-merged", Place(self.name, int(top), _column(left)), values)
            last = max((found.end() for found in _MERGED.finditer(text)), default=0)
            kept = text[max(last, len(text) - _LONGEST_MERGED) :]


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets that are not hidden; of all where all are.

    Raises:
        TableError: it cannot be read.
    """
    with _opened(path) as (_, book):
        seen = [str(each.title) for each in book.worksheets if each.sheet_state == "visible"]
        return tuple(seen or [str(each.title) for each in book.worksheets])


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Archive, Workbook]]:
    with Archive(path) as archive, path.open("rb") as file:
        with warnings.catch_warnings(), _broken(str(path), 1, "table-no-workbook"):
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read here
            reader = ExcelReader(file, read_only=True, keep_links=False)
            reader.archive = archive  # which keeps to its bounds
            reader.read()
        yield archive, reader.wb


@contextmanager
def _broken(name: str, row: int, code: str = "table-broken-workbook") -> Iterator[None]:
    """Turn whatever the library trips over into an error of the file."""
    try:
        yield
    except TableError:
        raise
    except Exception as error:
        raise refused(code, name, row) from error


def _chosen(book: Workbook, sheet: str | None, name: str) -> str:
    """Return the name of the sheet that is meant.

    Raises:
        TableError: it is not there, or there are several and none is named.
    """
    titles = [str(each.title) for each in book.worksheets]
    if sheet is not None:
        if sheet not in titles:
            near = did_you_mean(sheet, titles)
            raise refused("table-no-sheet", name, found=sheet, expected=named(titles), **near)
        return sheet
    seen = [each.title for each in book.worksheets if each.sheet_state == "visible"]
    if len(seen) != 1:
        raise refused("table-which-sheet", name, found=len(seen), expected=named(seen or titles))
    return seen[0]


def _filled(row: Row) -> Row:
    """Return the cells up to the last one that holds something."""
    end = len(row)
    while end and row[end - 1].value in (None, ""):
        end -= 1
    return row[:end]


def _text(value: Any) -> str | None:
    """Return a cell's value as text; None where a number is not finite."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return Literal("true" if value else "false")
    if isinstance(value, date | time | timedelta):
        return Literal(_temporal(value))
    number = Decimal(str(value))
    return Literal(shortest(number)) if number.is_finite() else None


def _temporal(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return str(DaysDuration.of(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat()


def _column(letters: str) -> int:
    """Return the number of a column by its letters: `A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
