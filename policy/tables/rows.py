"""What one row of a file comes to: facts, or reasons why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policy.messages import Said
from policy.model.words import EXPECTED
from policy.tables.conversion import Written
from policy.tables.feeds import Column, Feed
from policy.tables.report import Refusal, Row
from policy.tables.sheet import Cells
from policy.values import Text

AS_OF = "as_of"
"""Name of the day of the decision where a field is named."""

_DAY = Text("决定所依据的日期", "the day the decision is for")


@dataclass(frozen=True, slots=True)
class Taken:
    """A row as it was read.

    Attributes:
        number: Its row, as `rowfile` counts.
        cells: Its cells and those of its partners; None where it cannot be read.
        problems: Why it cannot be read, or that it has no partner.
    """

    number: int
    cells: Cells | None
    problems: tuple[Refusal, ...] = ()


def made(rows: tuple[int, ...], key: str, facts: dict[str, Any], as_of: str | None, problems: Iterable[Refusal]) -> Row:
    """Return the row with its facts, or without them where there are problems."""
    found = tuple(problems)
    return Row(rows[0], rows, key, None, None, found) if found else Row(rows[0], rows, key, facts, as_of)


def facts_of(feeds: Iterable[Feed], cells: Cells, row: int) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the facts some inputs get from a row, and what does not fit."""
    facts: dict[str, Any] = {}
    problems: list[Refusal] = []
    for feed in feeds:
        value, unfit = _value(feed, cells, row)
        problems += unfit
        if value is not None:
            put(facts, feed.names, value)
    return facts, problems


def put(facts: dict[str, Any], names: tuple[str, ...], value: Any) -> None:
    """Set the value at a path."""
    for name in names[:-1]:
        facts = facts.setdefault(name, {})
    facts[names[-1]] = value


def day_of(written: Written, column: Column, cells: Cells, row: int) -> tuple[str | None, list[Refusal]]:
    """Return the day a decision is for from a column, and what is wrong with it."""
    text = cells[column]
    if not text:
        return None, [Refusal(row, column.label, AS_OF, "table-empty", {"found": AS_OF, "expected": _DAY})]
    value, problems = written.as_of(text)
    return value, [Refusal(row, column.label, AS_OF, each.code, each.values) for each in problems]


def _value(feed: Feed, cells: Cells, row: int) -> tuple[Any, list[Refusal]]:
    if feed.column is None or feed.conversion is None:
        return feed.value, []
    text, label, path = cells.get(feed.column), feed.column.label, feed.field.path
    if text:
        value, problems = feed.conversion.read(text)
        return value, [Refusal(row, label, path, each.code, each.values) for each in problems]
    if feed.value is None and feed.field.required:
        code = "table-unjoined" if text is None else "table-empty"
        values: dict[str, Said] = {"found": path, "expected": EXPECTED[feed.field.type]}
        return None, [Refusal(row, label, path, code, values)]
    return feed.value, []
