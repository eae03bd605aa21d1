"""Reads a CSV file row by row, and says where it cannot be read.

Rows count as in a spreadsheet: the header is row 1, a row is one record even where a cell holds line breaks.
Bounds: 256 MiB, 1,000,000 rows, 32,767 characters in a cell, 1 MiB in a line.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from policy.errors import Finding, Place, SourceError
from policy.messages import Said
from policy.tables.document import Encoding

LARGEST = 256 << 20
"""Bytes of a file that are read."""

MOST_ROWS = 1_000_000
"""Rows of a file that are read, the header left out."""

LONGEST_CELL = 32_767
"""Characters of a cell that are taken (as many as a spreadsheet's cell holds)."""

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read."""

REPORT_EVERY = 1000
"""Rows between two reports of progress."""

Progress = Callable[[int, int], None]
"""`(bytes read, bytes in all)`."""

_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")


class TableError(SourceError):
    """A file cannot be read through its mapping.

    The places of its findings are rows (the header is row 1) and numbers of columns, or stand in the mapping where
    that names what the file has not.
    """

    code = "table"


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Attributes:
        number: Its row, the header being 1.
        cells: Its cells as written; empty when it cannot be read.
        code: Why it cannot be read: a key of `policy.messages.CATALOGUE`; None when it can.
        values: What that sentence names.
        column: Number of the column concerned, from 1; 0 when it is the whole row.
    """

    number: int
    cells: tuple[str, ...]
    code: str | None = None
    values: dict[str, Said] = field(default_factory=dict)
    column: int = 0


class CsvFile:
    """One CSV file with a header.

    Attributes:
        path: Where it is.
        header: Names of its columns, surrounding blanks left out.
    """

    def __init__(self, path: Path, encoding: Encoding = Encoding.UTF_8, delimiter: str = ",") -> None:
        """Open the file and read its header.

        Raises:
            TableError: it is too large, has no header or one that cannot be read, or names a column twice.
        """
        self.path = path
        self._encoding = encoding
        self._delimiter = delimiter
        self._size = path.stat().st_size
        if self._size > LARGEST:
            raise self._refused("table-too-large", found=self._size, expected=LARGEST)
        first = next(self._records(None), None)
        if first is None:
            raise self._refused("table-empty-file")
        if first.code is not None:
            raise self._refused(first.code, first.column, **first.values)
        self.header = tuple(cell.strip() for cell in first.cells)
        twice = [name for name, count in Counter(self.header).items() if count > 1 and name]
        if twice:
            raise TableError(
                Finding("table-column-twice", Place(str(path), 1, self.header.index(name) + 1), {"found": name})
                for name in twice
            )

    def rows(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield the rows below the header, blank ones left out.

        Args:
            progress: Called about every thousand rows, and at the end.

        Raises:
            TableError: there are more rows than are read.
        """
        records = self._records(progress)
        next(records)
        for record in records:
            if record.number - 1 > MOST_ROWS:
                raise self._refused("table-too-many-rows", expected=MOST_ROWS)
            if record.code is None and len(record.cells) != len(self.header):
                values: dict[str, Said] = {"found": len(record.cells), "expected": len(self.header)}
                yield Record(record.number, (), "table-ragged", values)
            else:
                yield record

    def _records(self, progress: Progress | None) -> Iterator[Record]:
        with self.path.open("rb") as file:
            lines = _Lines(file, self._encoding)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            number = 0
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error:
                    cells = None
                if cells == []:
                    continue
                number += 1
                yield _record(number, cells, lines.fault())
                if progress is not None and number % REPORT_EVERY == 0:
                    progress(file.tell(), self._size)
            if progress is not None:
                progress(self._size, self._size)

    def _refused(self, code: str, column: int = 1, **values: Said) -> TableError:
        return TableError([Finding(code, Place(str(self.path), 1, max(1, column)), values)])


def _record(number: int, cells: list[str] | None, fault: Record | None) -> Record:
    if fault is not None:
        return Record(number, (), fault.code, fault.values)
    if cells is None:
        return Record(number, (), "table-quotes")
    for column, cell in enumerate(cells, 1):
        if len(cell) > LONGEST_CELL:
            values: dict[str, Said] = {"found": len(cell), "expected": LONGEST_CELL}
            return Record(number, (), "table-cell-too-long", values, column)
    return Record(number, tuple(cells))


class _Lines:
    """The lines of a file as text, and what was wrong with those since last asked."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self._file = file
        self._encoding = encoding
        self._fault: Record | None = None
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_LINE):
            self._number += 1
            if self._number == 1:
                line = self._begun(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                line = self._cut(line)
            yield self._decoded(line)

    def fault(self) -> Record | None:
        """Return what was wrong since last asked, as a record without cells."""
        fault, self._fault = self._fault, None
        return fault

    def _begun(self, line: bytes) -> bytes:
        if line.startswith(_OTHER_BOMS):
            self._note("table-encoding", line=1, found="UTF-16", expected=str(self._encoding))
        return line.removeprefix(_BOM)

    def _cut(self, line: bytes) -> bytes:
        while (more := self._file.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
            pass
        self._note("table-line-too-long", line=self._number, expected=LONGEST_LINE)
        return line[:LONGEST_CELL].replace(b'"', b"") + b"\n"

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            byte = f"0x{line[error.start]:02X}"
            self._note("table-encoding", line=self._number, found=byte, expected=str(self._encoding))
            return line.decode(self._encoding, "replace")

    def _note(self, code: str, **values: Said) -> None:
        if self._fault is None:
            self._fault = Record(0, (), code, values)
