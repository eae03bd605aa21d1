"""Rows that make one set of facts together: one list item each, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from policy.messages import Said
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.words import EXPECTED
from policy.tables.document import GroupOptions
from policy.tables.feeds import Column
from policy.tables.formats import Span
from policy.tables.plan import Plan
from policy.tables.report import Refusal, Row
from policy.tables.rows import AS_OF, Taken, day_of, facts_of, made, put
from policy.tables.sheet import JOINT, Cells

_DAY = Field("", FieldType.DATE)

Key = tuple[tuple[str, ...], Span | None]
"""The texts a group shares, and its period."""


@dataclass(slots=True)
class _Group:
    """A group so far; `first` are the cells of its first row."""

    first: Cells
    rows: list[int] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)


def grouped(plan: Plan, options: GroupOptions, taken: Iterable[Taken], as_of: str | None) -> Iterator[Row]:
    """Yield rows that belong to no group as they come, then the groups in order of their first rows.

    A row that cannot be read could belong to any group: then no group is given out, for a statement without one of
    its rows would be wrong.

    Args:
        plan: The mapping, checked.
        options: What it says of groups.
        taken: The rows.
        as_of: Day for every group, where the mapping says nothing of it.
    """
    groups: dict[Key, _Group] = {}
    lost: list[Refusal] = []
    for row in taken:
        if row.cells is None:
            lost.append(Refusal(row.number, None, None, "table-row-lost", {"found": row.number}))
            yield Row(row.number, (row.number,), "", None, None, row.problems)
            continue
        key, problems = _key(plan, options, row.cells, row.number)
        if key is None:
            yield Row(row.number, (row.number,), "", None, None, (*row.problems, *problems))
        else:
            _add(plan, groups.setdefault(key, _Group(row.cells)), row.cells, row)
    for key, group in groups.items():
        yield _finished(plan, options, key, group, as_of, lost)


def _key(plan: Plan, options: GroupOptions, cells: Cells, row: int) -> tuple[Key | None, list[Refusal]]:
    period = options.period
    columns = [Column(name, None, options.place) for name in options.by]
    needed = [(column, FieldType.STRING) for column in columns]
    needed += [] if period is None else [(Column(period.column, None, period.place), FieldType.DATE)]
    problems = [
        Refusal(row, column.label, None, "table-empty", {"found": options.into, "expected": EXPECTED[kind]})
        for column, kind in needed
        if not cells[column]
    ]
    span = None
    if not problems and period is not None and plan.period is not None:
        column = needed[-1][0]
        day, unfit = plan.period.read(_DAY, cells[column])
        problems = [Refusal(row, column.label, None, each.code, each.values) for each in unfit]
        span = None if unfit else Span.around(day, period.of)
    return (None if problems else (tuple(cells[column] for column in columns), span)), problems


def _add(plan: Plan, group: _Group, cells: Cells, row: Taken) -> None:
    item, problems = facts_of(plan.items, cells, row.number)
    group.rows.append(row.number)
    group.items.append(item)
    group.problems += [*row.problems, *problems, *_differing(plan, group, cells, row.number)]


def _differing(plan: Plan, group: _Group, cells: Cells, row: int) -> Iterator[Refusal]:
    """Yield a refusal for each thing the group shares that is another one in this row."""
    shared = {feed.column: feed.field.path for feed in plan.feeds if feed.column is not None}
    as_of = plan.mapping.as_of
    if as_of is not None and as_of.column is not None:
        shared[Column(as_of.column, None, as_of.place)] = AS_OF
    for column, path in shared.items():
        found, expected = cells.get(column, ""), group.first.get(column, "")
        if found != expected:
            values: dict[str, Said] = {"found": found, "expected": expected, "row": group.rows[0]}
            yield Refusal(row, column.label, path, "table-differs", values)


def _finished(
    plan: Plan, options: GroupOptions, key: Key, group: _Group, as_of: str | None, lost: list[Refusal]
) -> Row:
    texts, span = key
    facts, problems = facts_of(plan.feeds, group.first, group.rows[0])
    put(facts, tuple(options.into.split(".")), group.items)
    day, untimed = _day(plan, span, group, as_of)
    called = JOINT.join([*texts, *([] if span is None else [str(span)])])
    return made(tuple(group.rows), called, facts, day, [*problems, *untimed, *group.problems, *lost])


def _day(plan: Plan, span: Span | None, group: _Group, given: str | None) -> tuple[str | None, list[Refusal]]:
    as_of = plan.mapping.as_of
    if as_of is None:
        return given, []
    if as_of.period_end and span is not None:
        return str(span.last_day), []
    if as_of.column is not None and plan.as_of is not None:
        return day_of(plan.as_of, Column(as_of.column, None, as_of.place), group.first, group.rows[0])
    return as_of.constant, []
