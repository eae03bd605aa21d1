"""Reads a file through a mapping into records: one of each row, each id once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policy.errors import Problem
from policy.feel.temporal import DateTime
from policy.messages import Said
from policy.model.document import VocabularyDocument
from policy.tables.document import RecordKind, RecordMapping
from policy.tables.recordfields import FACTS
from policy.tables.recordplan import record_plan
from policy.tables.report import Refusal, Report
from policy.tables.rowfile import Progress
from policy.tables.rows import Taken, facts_of
from policy.tables.taking import Taking

Checker = Callable[[str, Mapping[str, Any]], Iterable[Problem]]
"""Type and data of an event → what does not fit in the data, each with its JSON pointer."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What one row came to.

    Attributes:
        number: Its row.
        key: What people call it: the texts of the mapping's `key`, else its id; may be empty.
        record: Plain data: own fields by name, and nested values of the vocabulary under `facts` (of an event:
            `data`). Days are dates, numbers decimals, the `time` of an event ISO 8601 with offset; what is missing is
            left out. None where there are problems.
        problems: Why there is no record; each with sheet, row, column, field, code and sentence.
        read: What could be read of a row with problems, in the same form; empty where there are none.
    """

    number: int
    key: str
    record: dict[str, Any] | None
    problems: tuple[Refusal, ...] = ()
    read: dict[str, Any] = field(default_factory=dict)


class RecordTable:
    """A file with its mapping; iterating over it reads it, from the beginning each time.

    Attributes:
        plan: The mapping, checked.
        report: What became of the rows so far.
    """

    def __init__(
        self,
        path: Path,
        mapping: RecordMapping,
        vocabulary: VocabularyDocument,
        *,
        checker: Checker | None = None,
        latest: datetime | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Check the mapping, open the file, read the files it is joined with.

        Args:
            path: The main file; joined files lie beside it.
            mapping: Says what its columns mean.
            vocabulary: The fields all policies share.
            checker: Says what data an event of a type may have.
            latest: The last instant an event may be of; None: any.
            progress: Told about every thousand rows.

        Raises:
            SourceError: the mapping does not fit.
            TableError: a file does not fit the mapping, or cannot be read.
        """
        self.plan = record_plan(mapping, vocabulary)
        self._checker = checker
        self._latest = latest
        self._taking = Taking(path, mapping, self.plan.columns, progress)
        self.report = self._new_report()

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of the main file."""
        return self._taking.headings

    def __iter__(self) -> Iterator[RecordRow]:
        """Yield what each row came to; rows that are left out are only counted.

        Raises:
            TableError: the file has more rows than are read, or is broken.
        """
        self.report = self._new_report()
        seen = _Seen(distinct=self.plan.mapping.distinct)
        for taken in self._taking.rows(self.report):
            row = self._row(taken)
            again = [replace(each, column=self._column("id"), sheet=self._taking.sheet) for each in seen.look(row)]
            if again and again[0].code == _REPEATED:
                self.report.repeat(again[0])
                continue
            problems = (*(replace(each, sheet=self._taking.sheet) for each in row.problems), *again)
            self.report.count(1, problems)
            yield replace(row, problems=problems, record=None, read=row.record or {}) if problems else row

    def _new_report(self) -> Report:
        return Report(self._taking.sheet, head="report-records")

    def _row(self, taken: Taken) -> RecordRow:
        if taken.cells is None:
            return RecordRow(taken.number, "", None, taken.problems)
        into = self.plan.mapping.into
        record, problems = facts_of(self.plan.feeds, taken.cells, taken.number)
        if into in FACTS:
            record.setdefault(FACTS[into], {})
        unfit = {each.field for each in problems}
        problems += [each for each in self._checked(record, taken.number) if each.field not in unfit]
        key = self._taking.key(taken) or str(record.get("id", ""))
        return RecordRow(taken.number, key, record, (*taken.problems, *problems))

    def _checked(self, record: dict[str, Any], row: int) -> Iterator[Refusal]:
        """Yield what does not fit in a record as a whole, and give the time of an event its offset."""
        into = self.plan.mapping.into
        since, until = record.get("since"), record.get("until")
        if into is RecordKind.ABSENCES and since is not None and until is not None and until <= since:
            values: dict[str, Said] = {"found": str(until), "expected": str(since)}
            yield Refusal(row, self._column("until"), "until", "table-absence-ends", values)
        opened, closed = record.get("opened_on"), record.get("closed_on")
        if into is RecordKind.DEALS and opened is not None and closed is not None and closed < opened:
            days: dict[str, Said] = {"found": str(closed), "expected": str(opened)}
            yield Refusal(row, self._column("closed_on"), "closed_on", "table-deal-closes", days)
        if into is not RecordKind.EVENTS:
            return
        if isinstance(record.get("time"), DateTime):
            instant = _instant(record["time"], self.plan.mapping.time_zone)
            if isinstance(instant, str):
                record["time"] = instant
                yield from self._ahead(instant, row)
            else:
                yield Refusal(row, self._column("time"), "time", instant.code, instant.values)
        if self._checker is not None and "type" in record:
            for problem in self._checker(record["type"], record["data"]):
                path = problem.pointer.removeprefix("/").replace("/", ".")
                yield Refusal(row, self._column(path), path or None, problem.code, problem.values)

    def _ahead(self, instant: str, row: int) -> Iterator[Refusal]:
        """Yield that an event has not happened yet."""
        if self._latest is not None and datetime.fromisoformat(instant) > self._latest:
            values: dict[str, Said] = {"found": instant, "expected": self._latest.isoformat(timespec="seconds")}
            yield Refusal(row, self._column("time"), "time", "record-event-future", values)

    def _column(self, path: str) -> str | None:
        """Return the column a field is read from."""
        feeds = (feed for feed in self.plan.feeds if feed.field.path == path and feed.column is not None)
        return next((feed.column.label for feed in feeds if feed.column is not None), None)


_REPEATED = "table-repeated"
"""Code of a row that says what an earlier one said."""


class _Seen:
    """The ids of a file so far.

    Attributes:
        distinct: Whether a row that comes to the same record as an earlier one counts as that one.
    """

    def __init__(self, *, distinct: bool) -> None:
        self.distinct = distinct
        self._rows: dict[str, tuple[int, dict[str, Any] | None]] = {}

    def look(self, row: RecordRow) -> list[Refusal]:
        """Return what is wrong with the id of a row, or that the row says what an earlier one said."""
        name = None if row.record is None else row.record.get("id")
        if not isinstance(name, str):
            return []
        first = self._rows.setdefault(name, (row.number, row.record if self.distinct else None))
        if first[0] == row.number:
            return []
        code = "table-id-differs" if self.distinct else "table-id-twice"
        if self.distinct and first[1] == row.record:
            if row.problems:
                return []  # what is wrong with the row is said already
            code = _REPEATED
        return [Refusal(row.number, None, "id", code, {"found": name, "first": first[0], "row": row.number})]


def _instant(time: DateTime, zone: str | None) -> str | Problem:
    """Return the instant of a time as ISO 8601 text with offset, or why it is none."""
    if not time.is_local:
        return time.to_python().isoformat()
    if zone is None:
        return Problem("table-local-time", "", {"found": str(time)})
    local = time.to_python().replace(tzinfo=ZoneInfo(zone))
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return Problem("table-no-one-time", "", {"found": str(time), "expected": zone})
    return local.isoformat()
