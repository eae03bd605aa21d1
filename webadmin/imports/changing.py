"""What an import changes of what is known already: from what to what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.values import Language
from webadmin.imports import telling
from webadmin.imports.byname import names_of
from webadmin.imports.offered import FACT, Offered
from webadmin.roster.references import sort_of
from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.imports import Was
from webadmin.store.spans import value_on
from webadmin.store.things import IDENTITIES

MOST = 50
"""Changes that are told one by one."""

_COLUMNS = {"customer_id": "customer", "owner_id": "owner", "person_id": "person"}
"""Columns of deals and absences that name something, by the field they come from."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that becomes another.

    Attributes:
        of: `person`, `team`, `customer`, `deal` or `absence`.
        id: Our own.
        called: What that is called; None where it has no name.
        field: What of it, as pages call it.
        before: As it is shown; empty: nothing.
        after: The same.
        since: The first day of the new value; None where it holds always.
    """

    of: str
    id: str
    called: str | None
    field: str
    before: str
    after: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class _Raw:
    of: str
    id: str
    attribute: str
    before: Any
    after: Any
    since: date | None = None


def changes(
    connection: Connection,
    journal: Iterable[Was],
    rows: Mapping[str, Mapping[str, Any]],
    offered: Offered,
    language: Language,
) -> tuple[list[Change], int]:
    """Return the first things that were known and change, and how many there are.

    Args:
        connection: To the record.
        journal: What stood before of what is different.
        rows: Deals and absences as they are afterwards, by our ids.
        offered: The fields of the kind.
        language: The reader's.
    """
    known = list(journal)
    fresh = {(each.of, each.id) for each in known if each.of in set(Of) and not each.attribute}
    found = [raw for each in known if (each.of, each.id) not in fresh for raw in _raw(each, rows)]
    shown = found[:MOST]
    names = _names(connection, shown, offered)
    return [_told(each, offered, names, language) for each in shown], len(found)


def _raw(each: Was, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[_Raw]:
    if each.of not in set(Of):
        after = rows.get(each.id)
        yield from () if each.before is None or after is None else _of_row(each, json.loads(each.before), after)
    elif each.attribute in IDENTITIES[Of(each.of)][1]:
        yield _Raw(
            each.of, each.id, each.attribute, dated.read(each.before or "null"), dated.read(each.after or "null")
        )
    else:
        yield _of_spans(each)


def _of_spans(each: Was) -> _Raw:
    before, after = (dated.read_spans(text or "[]") for text in (each.before, each.after))
    held = {(span.value, span.since) for span in before}
    new = next((span for span in after if (span.value, span.since) not in held), None)
    day = new.since if new is not None else next((span.since for span in before), None)
    was = None if day is None else value_on(before, day)
    name = f"{FACT}{each.attribute}" if "." in each.attribute else each.attribute
    one, other = (None if text is None else dated.read(text) for text in (was, None if new is None else new.value))
    return _Raw(each.of, each.id, name, one, other, day)


def _of_row(each: Was, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Raw]:
    """Yield what of a deal or an absence is different: its columns, and its facts path by path."""
    one, other = _flat(before), _flat(after)
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            yield _Raw(each.of, each.id, name, one.get(name), other.get(name))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, value in row.items():
        if column == "facts":
            facts = json.loads(value, parse_float=Decimal, parse_int=Decimal)
            found |= {f"{FACT}{path}": each for path, each in _paths(facts, "")}
        elif column not in ("id", "event_id"):
            found[_COLUMNS.get(column, column)] = value.isoformat() if isinstance(value, date) else value
    return found


def _paths(facts: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _names(connection: Connection, shown: Sequence[_Raw], offered: Offered) -> Mapping[str, Mapping[str, Any]]:
    """Return what is changed or named is called: sort → our id → name."""
    wanted: dict[str, set[str]] = {each.of: set() for each in shown if each.of in set(Of)}
    for each in shown:
        if each.of in wanted:
            wanted[each.of].add(each.id)
        sort = sort_of(offered.kind, each.attribute.removeprefix(FACT))
        if sort is not None:
            wanted.setdefault(sort, set()).update(v for v in (each.before, each.after) if isinstance(v, str))
    return {sort: names_of(connection, sort, sorted(ids)) for sort, ids in wanted.items()}


def _told(each: _Raw, offered: Offered, names: Mapping[str, Mapping[str, Any]], language: Language) -> Change:
    name = names.get(each.of, {}).get(each.id)
    sort = sort_of(offered.kind, each.attribute.removeprefix(FACT))
    named = {own: text.to(language) for own, text in names.get(sort or "", {}).items()}
    before, after = (_shown(each, value, offered, named) for value in (each.before, each.after))
    called = None if name is None else name.to(language)
    return Change(each.of, each.id, called, telling.called(offered, each.attribute), before, after, each.since)


def _shown(each: _Raw, value: Any, offered: Offered, named: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return (
        named[value] if isinstance(value, str) and value in named else telling.cell(offered, each.attribute, value, {})
    )
