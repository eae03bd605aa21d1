"""What all policies share, to be read.

Of a reference table the rows of one key stand together, the newest first, with the days each is in effect; of the
vocabulary every field, with the policies that name it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from policy.engine import Policies
from policy.model.document import (
    FieldClass,
    FieldOptions,
    FieldType,
    ReferenceDocument,
    ReferenceRow,
    VocabularyDocument,
)
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
        line: Where it stands in the text.
    """

    since: date
    last: date | None
    cells: tuple[tuple[Any, str | None] | None, ...]
    is_current: bool
    line: int


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
        last = None if end is None else end - timedelta(1)
        told.append(Told(row.from_, last, _cells(document, row), is_current, row.place.line))
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
    read = _READERS.get(options.type or FieldType.STRING, str)
    try:
        return (options.names or {}).get(raw.text) or read(raw.text)
    except (InvalidOperation, KeyError, ValueError):
        return raw.text


_READERS: Mapping[FieldType, Callable[[str], Any]] = {
    FieldType.NUMBER: Decimal,
    FieldType.DATE: date.fromisoformat,
    FieldType.BOOLEAN: {"true": True, "false": False}.__getitem__,
}


def users(policies: Policies, name: str) -> list[tuple[str, Text]]:
    """Return id and title of the policies that read a table, by id."""
    return sorted((found, policy.title) for found, policy in policies.items() if _reads(policy, name))


def _reads(policy: Any, name: str) -> bool:
    return name in policy.rule_set.references


@dataclass(frozen=True, slots=True)
class SharedField:
    """One field of the vocabulary.

    Attributes:
        values: Those that may stand in it, as people call them; empty: any.
        low: The least that may stand in it; None for no bound.
        high: The most.
        users: Id and title of the policies that name it.
    """

    path: str
    label: Text | None
    type: FieldType | None
    of: str | None
    unit: str | None
    values: tuple[Text | str, ...]
    low: Any
    high: Any
    class_: FieldClass
    users: tuple[tuple[str, Text], ...]


def fields(document: VocabularyDocument, policies: Policies) -> list[SharedField]:
    """Return the fields of the vocabulary in its order."""
    named: dict[str, list[tuple[str, Text]]] = {}
    for name, policy in sorted(policies.items()):
        for path in policy.rule_set.fields:
            named.setdefault(path, []).append((name, policy.title))
    return [_field(path, each, tuple(named.get(path, ()))) for path, each in document.fields.items()]


def _field(path: str, options: FieldOptions, named: tuple[tuple[str, Text], ...]) -> SharedField:
    called = options.names or {}
    values = tuple(called.get(each.text, each.text) for each in options.one_of or () if isinstance(each, Scalar))
    low, high = (None if each is None else _value(each, options) for each in (options.min, options.max))
    kind, own = options.type, options.class_ or FieldClass.OPEN
    return SharedField(path, options.label, kind, options.of, options.unit, values, low, high, own, named)
