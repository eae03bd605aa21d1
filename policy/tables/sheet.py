"""The cells of a file's rows by column, mended, and the files it is joined with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from policy.errors import Finding, Place, did_you_mean
from policy.messages import Said
from policy.model.words import named
from policy.tables.document import ColumnOptions, Delimiter, FileOptions, JoinItem
from policy.tables.feeds import Column, named_column
from policy.tables.opening import is_workbook, opened
from policy.tables.report import Mended
from policy.tables.rowfile import Fault, Literal, Record, RowFile, TableError

Cells = Mapping[Column, str]
"""Cells of one row and of its partners in joined files; an empty text is nothing, a missing partner has no cells."""

JOINT = " · "
"""Stands between the parts of a key, or of what a row or group is called."""

_MOST_FINDINGS = 100
_MOST_COMPARED = 1000


class Sheet:
    """The columns of one file that a mapping reads.

    Args:
        file: The file.
        columns: The columns.
        options: How columns are written.

    Raises:
        TableError: the file lacks columns; carries all of them.
    """

    def __init__(self, file: RowFile, columns: Sequence[Column], options: Iterable[ColumnOptions]) -> None:
        self.file = file
        findings = [_not_there(column, file) for column in columns if column.name not in file.header]
        if findings:
            raise TableError([*findings, *_other_delimiter(file)])
        known = list(options)
        self._columns = [
            (file.header.index(each.name), each, _cleaning(named_column(known, each.name))) for each in columns
        ]

    def faults(self, record: Record) -> list[tuple[Column, int, Fault]]:
        """Return the columns whose cells cannot be taken, from left to right, each with its number from 1, and why."""
        columns = {index: column for index, column, _ in self._columns if index in record.faults}
        return [(columns[index], index + 1, record.faults[index]) for index in sorted(columns)]

    def cells(self, record: Record) -> tuple[dict[Column, str], list[Mended]]:
        """Return the cells of a row, and which of them were mended."""
        cells: dict[Column, str] = {}
        mended: list[Mended] = []
        for index, column, meant in self._columns:
            written = record.cells[index]
            text = written if isinstance(written, Literal) else written.strip()
            text = meant.get(text, text)
            cells[column] = text
            if text and text != written:
                mended.append(Mended(record.number, column.label, written, text))
        return cells, mended


def _cleaning(options: ColumnOptions | None) -> Mapping[str, str]:
    """Return the text meant by each text that is not meant as it is written."""
    if options is None:
        return {}
    return {**{each.from_: each.to for each in options.mend}, **dict.fromkeys(options.missing, "")}


class Joined:
    """A joined file, by key.

    Attributes:
        mended: Its mended cells.
    """

    def __init__(self, join: JoinItem, main: Path, mapping: FileOptions, columns: Sequence[Column]) -> None:
        """Read the file.

        Args:
            join: Which file, and by which key.
            main: Where the main file is.
            mapping: Says how CSV files are written.
            columns: The columns the mapping reads, of all files.

        Raises:
            TableError: it is not there, lacks columns, has a row that cannot be read or a key that occurs twice.
        """
        self.join = join
        self.mended: list[Mended] = []
        self._columns = [each for each in columns if each.join == join.id]
        self._rows: dict[tuple[str, ...], Cells] = {}
        self._near: dict[tuple[str, ...], Mapping[str, Said]] = {}
        file = opened(_path(join, main), mapping, join.sheet)
        findings = list(self._read(Sheet(file, self._columns, join.columns)))
        if findings:
            raise TableError(findings[:_MOST_FINDINGS])

    def key(self, cells: Cells) -> tuple[str, ...]:
        """Return the key a row of the main file looks for."""
        return tuple(cells[Column(each.column, None, each.place)] for each in self.join.on)

    def partner(self, key: tuple[str, ...]) -> Cells | None:
        """Return the row of a key, None where there is none."""
        return self._rows.get(key)

    def near(self, key: tuple[str, ...]) -> Mapping[str, Said]:
        """Return the known key nearest to one that is not known, as a suggestion."""
        if key not in self._near:
            known = [JOINT.join(each) for each in self._rows] if len(self._rows) <= _MOST_COMPARED else []
            self._near[key] = did_you_mean(JOINT.join(key), known)
        return self._near[key]

    def _read(self, sheet: Sheet) -> Iterator[Finding]:
        for record in sheet.file.rows():
            place = Place(sheet.file.name, record.number, max(1, record.column))
            faults = sheet.faults(record)
            if record.code is not None:
                yield Finding(record.code, place, record.values)
            for _, column, fault in faults:
                yield Finding(fault.code, Place(sheet.file.name, record.number, column), fault.values)
            if record.code is not None or faults:
                continue
            cells, mended = sheet.cells(record)
            self.mended += mended
            key = tuple(cells[Column(each.key, self.join.id, each.place)] for each in self.join.on)
            if key in self._rows:
                yield Finding("table-join-key-twice", place, {"found": JOINT.join(key)})
            self._rows[key] = cells


def _path(join: JoinItem, main: Path) -> Path:
    """Return where a joined file is.

    Raises:
        TableError: it is not there, or is a sheet of a file that has none.
    """
    if join.file is None:
        if not is_workbook(main):
            values: dict[str, Said] = {"found": join.called, "expected": main.name}
            raise TableError([Finding("table-join-no-workbook", join.place, values)])
        return main
    path = main.parent / join.file
    if not path.is_file():
        values = {"found": join.file, "expected": str(main.parent)}
        raise TableError([Finding("table-no-file", join.place, values)])
    return path


def _not_there(column: Column, file: RowFile) -> Finding:
    header = [name for name in file.header if name]
    called = file.path.name if file.sheet is None else f"{file.path.name} [{file.sheet}]"
    values: dict[str, Said] = {"found": column.name, "file": called, "expected": named(header)}
    return Finding("table-unknown-column", column.place, {**values, **did_you_mean(column.name, header)})


def _other_delimiter(file: RowFile) -> Iterator[Finding]:
    """Suggest the delimiter that would give a header of one column several."""
    if len(file.header) == 1 and file.sheet is None:
        for delimiter in Delimiter:
            if delimiter in file.header[0]:
                values: dict[str, Said] = {"found": file.header[0][:60], "suggestion": str(delimiter)}
                yield Finding("table-delimiter", Place(file.name, 1, 1), values)
