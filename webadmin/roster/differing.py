"""What an import changes of what is known already, value by value, as the record keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.imports import Was
from webadmin.store.spans import value_on
from webadmin.store.things import IDENTITIES

_COLUMNS = {"customer_id": "customer", "owner_id": "owner", "person_id": "person"}
"""Columns of deals and absences that name something, by the field they come from."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that becomes another.

    Attributes:
        of: `person`, `team`, `customer`, `deal` or `absence`.
        id: Our own.
        attribute: What of it: a field of its own, or a path of the vocabulary.
        before: None: nothing.
        after: The same.
        since: The first day of the new value; None where it holds always.
    """

    of: str
    id: str
    attribute: str
    before: Any
    after: Any
    since: date | None = None

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        since = None if self.since is None else self.since.isoformat()
        told = {"of": self.of, "id": self.id, "field": self.attribute}
        return {**told, "before": self.before, "after": self.after, "since": since}


def differences(journal: Iterable[Was], rows: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """Return what was known and changes; what is new is left out.

    Args:
        journal: What stood before of what is different.
        rows: Deals and absences as they are afterwards, by our ids.
    """
    known = list(journal)
    fresh = {(each.of, each.id) for each in known if each.of in set(Of) and not each.attribute}
    return [found for each in known if (each.of, each.id) not in fresh for found in _of(each, rows)]


def _of(each: Was, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Difference]:
    if each.of not in set(Of):
        after = rows.get(each.id)
        yield from () if each.before is None or after is None else _of_row(each, json.loads(each.before), after)
    elif each.attribute in IDENTITIES[Of(each.of)][1]:
        yield Difference(
            each.of, each.id, each.attribute, dated.read(each.before or "null"), dated.read(each.after or "null")
        )
    else:
        yield _of_spans(each)


def _of_spans(each: Was) -> Difference:
    before, after = (dated.read_spans(text or "[]") for text in (each.before, each.after))
    held = {(span.value, span.since) for span in before}
    new = next((span for span in after if (span.value, span.since) not in held), None)
    day = new.since if new is not None else next((span.since for span in before), None)
    was = None if day is None else value_on(before, day)
    one, other = (None if text is None else dated.read(text) for text in (was, None if new is None else new.value))
    return Difference(each.of, each.id, each.attribute, one, other, day)


def _of_row(each: Was, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what of a deal or an absence is different: its columns, and its facts path by path."""
    one, other = _flat(before), _flat(after)
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            yield Difference(each.of, each.id, name, one.get(name), other.get(name))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, value in row.items():
        if column == "facts":
            facts = json.loads(value, parse_float=Decimal, parse_int=Decimal)
            found |= dict(_paths(facts, ""))
        elif column not in ("id", "event_id"):
            found[_COLUMNS.get(column, column)] = value.isoformat() if isinstance(value, date) else value
    return found


def _paths(facts: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
