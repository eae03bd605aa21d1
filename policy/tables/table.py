"""Reads a file through a mapping: one set of facts per row, or per group of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policy.errors import Finding, SourceError
from policy.model.facts import FactsReader
from policy.tables.document import MappingDocument
from policy.tables.feeds import Column
from policy.tables.groups import grouped
from policy.tables.plan import plan
from policy.tables.report import Refusal, Report, Row
from policy.tables.rowfile import Literal, Progress
from policy.tables.rows import Taken, day_of, facts_of, made
from policy.tables.sheet import Cells
from policy.tables.taking import Taking


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
        undated: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Check the mapping, open the file, read the files it is joined with.

        Args:
            path: The main file; joined files lie beside it.
            mapping: Says what its columns mean.
            reader: The policy's reader of facts: it knows the inputs.
            as_of: Day, or instant with offset, for every row, where the mapping says nothing of it.
            undated: Day for rows whose cell for it is empty, where the mapping names a column; None refuses them.
            progress: Told about every thousand rows.

        Raises:
            SourceError: the mapping does not fit the inputs.
            TableError: a file does not fit the mapping, or cannot be read.
        """
        self.plan = plan(mapping, reader.group)
        if as_of is None and mapping.as_of is None:
            raise SourceError([Finding("table-no-as-of", mapping.place)])
        self._as_of = as_of
        self._undated = undated
        self._taking = Taking(path, mapping, self.plan.columns, progress)
        self.report = Report(self._taking.sheet)

    def __iter__(self) -> Iterator[Row]:
        """Yield what each row, or group, came to; rows the mapping leaves out are only counted.

        Raises:
            TableError: the file has more rows than are read.
        """
        self.report = Report(self._taking.sheet)
        group = self.plan.mapping.group
        taken = map(self._dated, self._taking.rows(self.report))
        rows = self._single(taken) if group is None else grouped(self.plan, group, taken, self._as_of)
        for row in rows:
            found = replace(row, problems=tuple(replace(each, sheet=self._taking.sheet) for each in row.problems))
            self.report.count(len(found.rows), found.problems)
            yield found

    def _dated(self, row: Taken) -> Taken:
        """Return a row with the day it is for where its cell for that is empty, and such rows have one."""
        as_of = self.plan.mapping.as_of
        if self._undated is None or row.cells is None or as_of is None or as_of.column is None:
            return row
        day = Column(as_of.column, None, as_of.place)
        return row if row.cells[day] else replace(row, cells={**row.cells, day: Literal(self._undated)})

    def _single(self, taken: Iterator[Taken]) -> Iterator[Row]:
        for row in taken:
            rows = (row.number,)
            if row.cells is None:
                yield Row(row.number, rows, "", None, None, row.problems)
                continue
            facts, unfit = facts_of(self.plan.feeds, row.cells, row.number)
            as_of, untimed = self._day(row.cells, row.number)
            yield made(rows, self._taking.key(row), facts, as_of, [*row.problems, *unfit, *untimed])

    def _day(self, cells: Cells, row: int) -> tuple[str | None, list[Refusal]]:
        as_of = self.plan.mapping.as_of
        if as_of is None:
            return self._as_of, []
        if as_of.column is None or self.plan.as_of is None:
            return as_of.constant, []
        return day_of(self.plan.as_of, Column(as_of.column, None, as_of.place), cells, row)
