"""A reference table to be read: rows of one key together, the newest first, with the days each is in effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from policy.engine import Policies
from policy.model.document import FieldOptions, FieldType, ReferenceDocument, ReferenceRow
from policy.model.written import Scalar
from policy.values import Text
from webadmin.rulesets.editing import written


@dataclass(frozen=True, slots=True)
class Told:
    """One row.

    Attributes:
        since: First day in effect.
        last: Last day in effect; None for no end.
        cells: One for each column: a value with its unit, or None where nothing stands.
        is_current: It is in effect today.
    """

    since: date
    last: date | None
    cells: tuple[tuple[Any, str | None] | None, ...]
    is_current: bool


def rows(document: ReferenceDocument, today: date) -> list[Told]:
    """Return the rows, those of one key together in the order the keys first come in."""
    keys: dict[tuple[str, ...], list[ReferenceRow]] = {}
    for row in document.rows:
        key = tuple(written(row.cells[name]) if name in row.cells else "" for name in document.key)
        keys.setdefault(key, []).append(row)
    return [told for group in keys.values() for told in _newest_first(document, group, today)]


def _newest_first(document: ReferenceDocument, group: list[ReferenceRow], today: date) -> list[Told]:
    dated = sorted(group, key=lambda each: each.from_)
    ends = [after.from_ for _, after in pairwise(dated)]
    told = []
    for row, following in zip(dated, [*ends, None], strict=True):
        end = min((each for each in (row.until, following) if each is not None), default=None)
        is_current = row.from_ <= today and (end is None or today < end)
        told.append(
            Told(row.from_, None if end is None else end - timedelta(1), _cells(document, row), is_current)
        )
    return told[::-1]


def _cells(document: ReferenceDocument, row: ReferenceRow) -> tuple[tuple[Any, str | None] | None, ...]:
    return tuple(
        (_value(row.cells[name], options), options.unit) if name in row.cells else None
        for name, options in document.columns.items()
    )


def _value(raw: Any, options: FieldOptions) -> Any:
    """Return a cell as its column has it read; what does not fit stays as it is written."""
    if not isinstance(raw, Scalar):
        return written(raw)
    name: Text | None = (options.names or {}).get(raw.text)
    if name is not None:
        return name
    try:
        match options.type:
            case FieldType.NUMBER:
                return Decimal(raw.text)
            case FieldType.DATE:
                return date.fromisoformat(raw.text)
            case FieldType.BOOLEAN if raw.text in ("true", "false"):
                return raw.text == "true"
    except (InvalidOperation, ValueError):
        return raw.text
    return raw.text


def users(policies: Policies, name: str) -> list[tuple[str, Text]]:
    """Return id and title of the policies that read a table, by id."""
    return sorted((found, policy.title) for found, policy in policies.items() if _reads(policy, name))


def _reads(policy: Any, name: str) -> bool:
    return name in policy.rule_set.references
