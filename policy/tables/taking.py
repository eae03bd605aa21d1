"""Takes the rows of a main file with their partners in joined files, without those a mapping leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policy.messages import Said
from policy.tables.document import Choice, FileOptions
from policy.tables.feeds import Column
from policy.tables.opening import opened
from policy.tables.report import Refusal, Report
from policy.tables.rowfile import Progress, Record
from policy.tables.rows import Taken
from policy.tables.sheet import JOINT, Joined, Sheet


class Taking:
    """A main file and those it is joined with.

    Attributes:
        sheet: The sheet of the main file; None where it has none.
    """

    def __init__(self, path: Path, mapping: FileOptions, columns: Sequence[Column], progress: Progress | None) -> None:
        """Open the main file, read the files it is joined with.

        Args:
            path: The main file; joined files lie beside it.
            mapping: What is said of them.
            columns: The columns that are read, of all files.
            progress: Told about every thousand rows.

        Raises:
            TableError: a file does not fit the mapping, or cannot be read.
        """
        self._mapping = mapping
        self._progress = progress
        file = opened(path, mapping, mapping.sheet)
        self.sheet = file.sheet
        self._sheet = Sheet(file, [each for each in columns if each.join is None], mapping.columns)
        self._joins = [Joined(join, path, mapping, columns) for join in mapping.joins]

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of the main file."""
        return self._sheet.file.header

    def rows(self, report: Report) -> Iterator[Taken]:
        """Yield the rows that are not left out; the report is told of all.

        Raises:
            TableError: the file has more rows than are read, or is broken.
        """
        for join in self._joins:
            report.mend(join.mended)
        for record in self._sheet.file.rows(self._progress):
            report.read += 1
            unreadable = self._unreadable(record)
            if unreadable:
                yield Taken(record.number, None, unreadable)
                continue
            cells, mended = self._sheet.cells(record)
            report.mend(mended)
            left_out = self._left_out(record.number, cells)
            if left_out is None:
                yield self._with_partners(record.number, cells)
            else:
                report.skip(left_out)

    def key(self, taken: Taken) -> str:
        """Return what people call a row: the texts of the mapping's `key`; empty where it cannot be read."""
        cells = taken.cells
        if cells is None:
            return ""
        return JOINT.join(cells[Column(name, None, self._mapping.place)] for name in self._mapping.key)

    def _unreadable(self, record: Record) -> tuple[Refusal, ...]:
        number = record.number
        if record.code is not None:
            column = self._sheet.file.header[record.column - 1] if record.column else None
            return (Refusal(number, column, None, record.code, record.values, self.sheet),)
        faults = self._sheet.faults(record)
        return tuple(
            Refusal(number, column.label, None, fault.code, fault.values, self.sheet) for column, _, fault in faults
        )

    def _left_out(self, number: int, cells: dict[Column, str]) -> Refusal | None:
        """Return why a row is left out; None where it is taken."""
        for choice in self._mapping.where:
            found = cells[_of(choice)]
            if found not in choice.one_of:
                values: dict[str, Said] = {"found": found, "expected": choice.one_of}
                return Refusal(number, choice.column, None, "table-not-chosen", values, self.sheet)
        for choice in self._mapping.skip:
            found = cells[_of(choice)]
            if found in choice.one_of:
                return Refusal(number, choice.column, None, "table-left-out", {"found": found}, self.sheet)
        return None

    def _with_partners(self, number: int, cells: dict[Column, str]) -> Taken:
        problems = []
        for joined in self._joins:
            key = joined.key(cells)
            partner = joined.partner(key)
            if partner is None and all(key) and not joined.join.optional:
                values = {"found": JOINT.join(key), "file": joined.join.called, **joined.near(key)}
                label = JOINT.join(each.column for each in joined.join.on)
                problems.append(Refusal(number, label, None, "table-no-partner", values))
            cells |= partner or {}
        return Taken(number, cells, tuple(problems))


def _of(choice: Choice) -> Column:
    return Column(choice.column, None, choice.place)
