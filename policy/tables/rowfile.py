"""Files of rows, whatever they are saved as: what every reader gives, and the bounds all keep to.

Rows count as they are seen: of a workbook as the spreadsheet numbers them, of a CSV file as an editor numbers its
lines. A row stands where it begins, also where a cell holds line breaks; blank rows are left out and count. Bounds:
256 MiB (a workbook: 64 MiB, and 256 MiB unzipped), 1,000,000 rows, 1,000 columns, 32,767 characters in a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from policy.errors import Finding, Place, SourceError
from policy.messages import Said

LARGEST = 256 << 20
"""Bytes of a file that are read."""

MOST_ROWS = 1_000_000
"""Rows of a file that are read, the header left out."""

MOST_COLUMNS = 1_000
"""Columns of a file that are read."""

LONGEST_CELL = 32_767
"""Characters of a cell that are taken (as many as a spreadsheet's cell holds)."""

REPORT_EVERY = 1000
"""Rows between two reports of progress."""

Progress = Callable[[int, int], None]
"""`(bytes read, bytes in all)`; of a workbook, the unzipped bytes of the sheet."""


class TableError(SourceError):
    """A file cannot be read through its mapping.

    The places of its findings are rows and numbers of columns (`deals.xlsx [Deals]:7:2`), or stand in the mapping
    where that names what the file has not.
    """

    code = "table"


class Literal(str):
    """A cell that a spreadsheet keeps as number, day or boolean, in plain notation or ISO 8601.

    No pattern of a column applies to it: the spreadsheet has said already what it is.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one cell cannot be taken: a key of `policy.messages.CATALOGUE`, and what its sentence names."""

    code: str
    values: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Attributes:
        number: Its row; of a CSV file the line it begins at.
        cells: Its cells as written; empty when it cannot be read.
        code: Why it cannot be read: a key of `policy.messages.CATALOGUE`; None when it can.
        values: What that sentence names.
        column: Number of the column concerned, from 1; 0 when it is the whole row.
        faults: Position of a cell, from 0 → why it cannot be taken; that matters only where the cell is needed.
    """

    number: int
    cells: tuple[str, ...]
    code: str | None = None
    values: Mapping[str, Said] = field(default_factory=dict)
    column: int = 0
    faults: Mapping[int, Fault] = field(default_factory=dict)


class RowFile(Protocol):
    """A file, or one sheet of a workbook, with a row of headings.

    Attributes:
        path: Where it is.
        header: Headings, surrounding blanks left out.
        name: What places call it.
    """

    path: Path
    header: tuple[str, ...]
    name: str

    @property
    def sheet(self) -> str | None:
        """Return the name of the sheet; None where the file has none."""

    def rows(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield the rows below the header, blank ones left out.

        Args:
            progress: Called about every thousand rows, and at the end.

        Raises:
            TableError: there are more rows than are read, or the file is broken.
        """


def check_header(header: Sequence[str], name: str, row: int) -> None:
    """Check the headings of a file.

    Raises:
        TableError: they are too many, or one occurs twice.
    """
    if len(header) > MOST_COLUMNS:
        raise refused("table-too-many-columns", name, row, found=len(header), expected=MOST_COLUMNS)
    twice = [heading for heading, count in Counter(header).items() if count > 1 and heading]
    if twice:
        places = [(heading, Place(name, row, header.index(heading) + 1)) for heading in twice]
        raise TableError(Finding("table-column-twice", place, {"found": heading}) for heading, place in places)


def refused(code: str, name: str, row: int = 1, column: int = 1, /, **values: Said) -> TableError:
    """Return the error of a file with one finding."""
    return TableError([Finding(code, Place(name, row, max(1, column)), values)])
