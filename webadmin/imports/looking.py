"""What a chosen file looks like: how its letters and columns are written, and what its first rows hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from policy.tables import CsvFile, SheetFile, TableError, sheets
from policy.tables.document import Delimiter, Encoding
from policy.tables.opening import is_workbook, opened
from policy.tables.rowfile import Literal, RowFile, refused

LOOKED = 20_000
"""Rows that are looked at."""

SAMPLES = 3
"""Values shown beside a column."""

_TABLE = 2
"""Headings a sheet has at least that is taken for a table."""

MOST_VALUES = 40
"""Different values of a column that are told one by one."""

BEGINNING = 1 << 20
"""Bytes by which the letters are recognised."""

_PDF, _UTF_16 = b"%PDF", (b"\xff\xfe", b"\xfe\xff")
"""Beginnings: of pages to print, and of letters in UTF-16."""

_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIRED = 0.8
"""Share of runs of high bytes in pairs from which on they are Chinese in GB18030, and not accents in Windows-1252."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One column.

    Attributes:
        values: What its cells hold, with how often; empty ones left out.
        has_literals: Whether a spreadsheet said itself what some of them are.
    """

    name: str
    values: Counter[str] = field(default_factory=Counter)
    has_literals: bool = False

    @property
    def samples(self) -> list[str]:
        """Return its first different values."""
        return list(islice(self.values, SAMPLES))

    @property
    def distinct(self) -> list[str]:
        """Return its different values where they are few, else nothing."""
        return self.words(None)

    def words(self, split: str | None) -> list[str]:
        """Return its different values where they are few, else nothing; of lists their items, between `split`."""
        if split is None:
            found = dict.fromkeys(self.values)
        else:
            found = dict.fromkeys(item.strip() for each in self.values for item in each.split(split) if item.strip())
        return list(found) if len(found) <= MOST_VALUES else []


@dataclass(frozen=True, slots=True)
class Look:
    """A file.

    Attributes:
        encoding: None where it is a workbook.
        sheets: Its sheets where it is a workbook.
        sheet: The one that was read.
        rows: Rows that were looked at.
    """

    encoding: Encoding | None
    delimiter: Delimiter
    sheets: Sequence[str]
    sheet: str | None
    columns: Sequence[Seen]
    rows: int

    def column(self, name: str) -> Seen | None:
        """Return the column of a name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is to be read; None: as it looks."""

    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: str | None = None


def look(path: Path, way: Way = Way()) -> Look:
    """Look at a file.

    Raises:
        TableError: it cannot be read, whatever its columns mean.
    """
    if is_workbook(path):
        named = sheets(path)
        sheet = way.sheet if way.sheet in named else _likeliest(path, named)
        return _looked(SheetFile(path, sheet), None, Delimiter.COMMA, named)
    beginning = _beginning(path)
    if beginning.startswith(_PDF) or (b"\0" in beginning and not beginning.startswith(_UTF_16)):
        raise refused("table-no-workbook", str(path))
    encoding = way.encoding or encoding_of(beginning)
    delimiter = way.delimiter or delimiter_of(beginning.decode(encoding, "replace"))
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"}:
        opened(path, _Options(encoding, delimiter), None)  # type: ignore[arg-type]  # says what kind of file is refused
    return _looked(CsvFile(path, encoding, delimiter), encoding, delimiter, ())


@dataclass(frozen=True, slots=True)
class _Options:
    encoding: Encoding
    delimiter: Delimiter


def _likeliest(path: Path, named: Sequence[str]) -> str:
    """Return the first sheet that is a table: with several headings, and rows below them; else the first one.

    Many a workbook begins with a sheet that says what is in the others.
    """
    for each in named if len(named) > 1 else ():
        try:
            found = _looked(SheetFile(path, each), None, Delimiter.COMMA, named)
        except TableError:
            continue
        if len(found.columns) >= _TABLE and found.rows:
            return each
    return named[0]


def _looked(file: RowFile, encoding: Encoding | None, delimiter: Delimiter, named: Sequence[str]) -> Look:
    columns = [Seen(name) for name in file.header]
    literal: set[int] = set()
    rows = 0
    for record in islice(file.rows(), LOOKED):
        rows += 1
        for index, cell in enumerate(record.cells):
            text = cell.strip()
            if text:
                columns[index].values[text] += 1
                if isinstance(cell, Literal):
                    literal.add(index)
    found = [Seen(each.name, each.values, index in literal) for index, each in enumerate(columns) if each.name]
    return Look(encoding, delimiter, named, file.sheet, found, rows)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BEGINNING)


def encoding_of(content: bytes) -> Encoding:
    """Return how letters are most likely written; where nothing tells, UTF-8."""
    if content.startswith(_UTF_16):
        return Encoding.UTF_16
    cut = content[: content.rfind(b"\n") + 1] or content
    if _decodes(cut, Encoding.UTF_8):
        return Encoding.UTF_8
    runs = _HIGH.findall(cut)
    paired = sum(len(each) % 2 == 0 for each in runs)
    if _decodes(cut, Encoding.GB18030) and paired >= _PAIRED * len(runs):
        return Encoding.GB18030
    return Encoding.WINDOWS_1252 if _decodes(cut, Encoding.WINDOWS_1252) else Encoding.UTF_8


def _decodes(content: bytes, encoding: Encoding) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(text: str) -> Delimiter:
    """Return what most likely stands between two cells, by the row of headings."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(Delimiter, key=lambda each: (heading.count(each), each is Delimiter.COMMA))


__all__ = ["Look", "Seen", "TableError", "Way", "delimiter_of", "encoding_of", "look"]
