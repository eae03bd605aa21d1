"""Reads a file through a mapping: one set of facts per row, or per group of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policy.errors import Finding, SourceError
from policy.model.facts import FactsReader
from policy.tables.csvfile import CsvFile, Progress, Record
from policy.tables.document import Choice, MappingDocument
from policy.tables.groups import grouped
from policy.tables.plan import Column, plan
from policy.tables.report import Refusal, Report, Row
from policy.tables.rows import Taken, day_of, facts_of, made
from policy.tables.sheet import JOINT, Cells, Joined, Sheet


class Table:
    """A file with its mapping; iterating over it reads it, from the beginning each time.

    Attributes:
        plan: The mapping, checked.
        report: What became of the rows so far.
    """

    def __init__(
        self,
        path: Path,
        mapping: MappingDocument,
        reader: FactsReader,
        *,
        as_of: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Check the mapping, open the file, read the files it is joined with.

        Args:
            path: The main file; joined files lie beside it.
            mapping: Says what its columns mean.
            reader: The policy's reader of facts: it knows the inputs.
            as_of: Day, or instant with offset, for every row, where the mapping says nothing of it.
            progress: Told about every thousand rows.

        Raises:
            SourceError: the mapping does not fit the inputs.
            TableError: a file does not fit the mapping, or cannot be read.
        """
        self.plan = plan(mapping, reader.group)
        self.report = Report()
        if as_of is None and mapping.as_of is None:
            raise SourceError([Finding("table-no-as-of", mapping.place)])
        self._as_of = as_of
        self._progress = progress
        columns = self.plan.columns
        file = CsvFile(path, mapping.encoding, mapping.delimiter)
        self._sheet = Sheet(file, [each for each in columns if each.join is None], mapping.columns)
        self._joins = [Joined(join, path.parent, mapping, columns) for join in mapping.joins]

    def __iter__(self) -> Iterator[Row]:
        """Yield what each row, or group, came to; rows the mapping leaves out are only counted.

        Raises:
            TableError: the file has more rows than are read.
        """
        self.report = Report()
        for join in self._joins:
            self.report.mend(join.mended)
        group = self.plan.mapping.group
        rows = self._single() if group is None else grouped(self.plan, group, self._taken(), self._as_of)
        for row in rows:
            self.report.count(row)
            yield row

    def _single(self) -> Iterator[Row]:
        mapping = self.plan.mapping
        keys = [Column(name, None, mapping.place) for name in mapping.key]
        for row in self._taken():
            rows = (row.number,)
            if row.cells is None:
                yield Row(row.number, rows, "", None, None, row.problems)
                continue
            facts, unfit = facts_of(self.plan.feeds, row.cells, row.number)
            as_of, untimed = self._day(row.cells, row.number)
            key = JOINT.join(row.cells[column] for column in keys)
            yield made(rows, key, facts, as_of, [*row.problems, *unfit, *untimed])

    def _day(self, cells: Cells, row: int) -> tuple[str | None, list[Refusal]]:
        as_of = self.plan.mapping.as_of
        if as_of is None:
            return self._as_of, []
        if as_of.column is None or self.plan.as_of is None:
            return as_of.constant, []
        return day_of(self.plan.as_of, Column(as_of.column, None, as_of.place), cells, row)

    def _taken(self) -> Iterator[Taken]:
        """Yield the rows that are not left out, with their partners."""
        for record in self._sheet.file.rows(self._progress):
            self.report.read += 1
            if record.code is not None:
                yield Taken(record.number, None, (self._unreadable(record),))
                continue
            cells, mended = self._sheet.cells(record)
            self.report.mend(mended)
            left_out = self._left_out(cells)
            if left_out is None:
                yield self._with_partners(record.number, cells)
            else:
                self.report.skip(left_out.column, cells[_of(left_out)])

    def _unreadable(self, record: Record) -> Refusal:
        column = self._sheet.file.header[record.column - 1] if record.column else None
        return Refusal(record.number, column, None, record.code or "", record.values)

    def _left_out(self, cells: Cells) -> Choice | None:
        """Return the choice because of which a row is left out."""
        mapping = self.plan.mapping
        for choice in mapping.where:
            if cells[_of(choice)] not in choice.one_of:
                return choice
        return next((choice for choice in mapping.skip if cells[_of(choice)] in choice.one_of), None)

    def _with_partners(self, number: int, cells: dict[Column, str]) -> Taken:
        problems = []
        for joined in self._joins:
            key = joined.key(cells)
            partner = joined.partner(key)
            if partner is None and all(key) and not joined.join.optional:
                values = {"found": JOINT.join(key), "file": joined.join.file, **joined.near(key)}
                label = JOINT.join(each.column for each in joined.join.on)
                problems.append(Refusal(number, label, None, "table-no-partner", values))
            cells |= partner or {}
        return Taken(number, cells, tuple(problems))


def _of(choice: Choice) -> Column:
    return Column(choice.column, None, choice.place)
