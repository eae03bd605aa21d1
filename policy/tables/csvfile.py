"""Reads a CSV file row by row, and says where it cannot be read. A line may have 1 MiB."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from policy.messages import Said
from policy.tables import rowfile
from policy.tables.document import Encoding
from policy.tables.rowfile import LONGEST_CELL, REPORT_EVERY, Progress, Record, check_header, refused

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read."""

_PIECE = 1 << 16

_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")


class _Read(Protocol):
    def readline(self, limit: int, /) -> bytes:
        """Return the next line with its end, at most `limit` bytes of it; none at the end of the file."""


class CsvFile:
    """One CSV file with a header.

    Attributes:
        path: Where it is.
        sheet: None; the file is one table.
        header: Names of its columns, surrounding blanks left out.
        name: Its path as given.
    """

    def __init__(self, path: Path, encoding: Encoding = Encoding.UTF_8, delimiter: str = ",") -> None:
        """Open the file and read its header.

        Raises:
            TableError: it is too large, has no header or one that cannot be read, or names a column twice.
        """
        self.path = path
        self.sheet: str | None = None
        self.name = str(path)
        self._encoding = encoding
        self._delimiter = delimiter
        self._size = path.stat().st_size
        if self._size > rowfile.LARGEST:
            raise refused("table-too-large", self.name, found=self._size, expected=rowfile.LARGEST)
        first = next(self._records(None), None)
        if first is None:
            raise refused("table-empty-file", self.name)
        if first.code is not None:
            raise refused(first.code, self.name, first.number, first.column, **first.values)
        self.header = tuple(cell.strip() for cell in first.cells)
        check_header(self.header, self.name, first.number)

    def rows(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield the rows below the header, as `RowFile` says.

        Raises:
            TableError: there are more rows than are read, or the file is broken.
        """
        records = self._records(progress)
        next(records)
        for read, record in enumerate(records, 1):
            if read > rowfile.MOST_ROWS:
                raise refused("table-too-many-rows", self.name, record.number, expected=rowfile.MOST_ROWS)
            if record.code is None and len(record.cells) != len(self.header):
                values: dict[str, Said] = {"found": len(record.cells), "expected": len(self.header)}
                yield Record(record.number, (), "table-ragged", values)
            else:
                yield record

    def _records(self, progress: Progress | None) -> Iterator[Record]:
        with self.path.open("rb") as file:
            is_wide = self._encoding is Encoding.UTF_16
            lines = _Lines(_Narrow(file) if is_wide else file, self._encoding, self.name)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            read = 0
            while True:
                begin = lines.read + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error:
                    cells = None
                if cells == []:
                    continue
                read += 1
                yield _record(begin, cells, lines.fault())
                if progress is not None and read % REPORT_EVERY == 0:
                    progress(file.tell(), self._size)
            if progress is not None:
                progress(self._size, self._size)


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


class _Narrow:
    """The lines of a file in UTF-16 as bytes of UTF-8; what is no UTF-16 comes as bytes that are no UTF-8 either."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._is_read = False

    def readline(self, limit: int, /) -> bytes:
        """Return a line, or a piece of one that is as long as the limit."""
        while not self._lines and not self._is_read:
            self._read()
        if not self._lines:
            self._lines.append(self._rest)
            self._rest = b""
        line = self._lines.popleft()
        if len(line) > limit:
            self._lines.appendleft(line[limit:])
        return line[:limit]

    def _read(self) -> None:
        piece = self._file.read(_PIECE)
        self._is_read = not piece
        try:
            narrow = self._decoder.decode(piece, final=self._is_read).encode(errors="surrogatepass")
        except UnicodeError:
            narrow, self._is_read = b"\xff", True
        *lines, self._rest = (self._rest + narrow).split(b"\n")
        self._lines += (line + b"\n" for line in lines)
        if len(self._rest) >= LONGEST_LINE:
            self._lines.append(self._rest)
            self._rest = b""


class _Lines:
    """The lines of a file as text, and what was wrong with those since last asked.

    Attributes:
        read: How many were read so far, blank ones among them.
    """

    def __init__(self, file: _Read, encoding: Encoding, name: str) -> None:
        self._file = file
        self._name = name
        self._left = rowfile.LARGEST
        self._encoding = encoding
        self._fault: Record | None = None
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            self.read += 1
            if self.read == 1:
                line = self._begun(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                line = self._cut(line)
            yield self._decoded(line)

    def fault(self) -> Record | None:
        """Return what was wrong since last asked, as a record without cells."""
        fault, self._fault = self._fault, None
        return fault

    def _line(self) -> bytes:
        """Return a line or a piece of one; of a file that grows while it is read no more than of any other."""
        line = self._file.readline(LONGEST_LINE)
        self._left -= len(line)
        if self._left < 0:
            found = rowfile.LARGEST - self._left
            raise refused("table-too-large", self._name, found=found, expected=rowfile.LARGEST)
        return line

    def _begun(self, line: bytes) -> bytes:
        if line.startswith(_OTHER_BOMS):
            self._note("table-encoding", line=1, found="UTF-16", expected=str(self._encoding))
        return line.removeprefix(_BOM)

    def _cut(self, line: bytes) -> bytes:
        while (more := self._line()) and not more.endswith(b"\n"):
            pass
        self._note("table-line-too-long", line=self.read, expected=LONGEST_LINE)
        return line[:LONGEST_CELL].replace(b'"', b"") + b"\n"

    def _decoded(self, line: bytes) -> str:
        encoding = Encoding.UTF_8 if self._encoding is Encoding.UTF_16 else self._encoding
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            byte = f"0x{line[error.start]:02X}"
            self._note("table-encoding", line=self.read, found=byte, expected=str(self._encoding))
            return line.decode(encoding, "replace")

    def _note(self, code: str, **values: Said) -> None:
        if self._fault is None:
            self._fault = Record(0, (), code, values)
