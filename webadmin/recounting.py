"""What events of the record say to one reader: when, what, and of their data what the reader may see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from sqlalchemy import Row

from policy.errors import FactsError
from policy.model.document import FieldClass, FieldType
from policy.model.events import EventType, value_at
from policy.model.fields import Field
from policy.values import Text
from webadmin import referring, words
from webadmin.referring import Reader
from webadmin.roster.wording import declared_of
from webadmin.signals.seeing import WHOM
from webadmin.store import naming
from webadmin.store.changes import NEW
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.tables import EVENTS

COLUMNS = (EVENTS.c.id, EVENTS.c.time, EVENTS.c.type, EVENTS.c.source, EVENTS.c.body)
"""What is read of an event that is told."""

_ATTRIBUTE, _ATTRIBUTES, _SIDES = "field", "fields", ("before", "after")
"""Where the record's own events say what changed, and from what to what."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value an event says.

    Attributes:
        field: What it is called.
        value: It; whom or what it names where the reader sees them; of a change the attributes' fields or names.
        of: How it is written.
        raw: As the event has it; None where `value` is that, or it names a change.
    """

    field: Field
    value: Any
    of: Field | None
    raw: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event; `label` is None where the vocabulary does not declare its type."""

    id: str
    time: datetime
    type: str
    source: str
    label: Text | None
    values: tuple[Value, ...]


def told(reader: Reader, row: Row[*tuple[Any, ...]], *, but: Mapping[str, str] | None = None) -> Told:
    """Return an event as a reader sees it.

    Args:
        reader: Who reads.
        row: Its `COLUMNS`.
        but: Path → value: what need not be said, as the page is about it.
    """
    sort = reader.policies.events.get(row.type)
    said = () if sort is None or row.body is None else values(reader, sort, row.body)
    kept = tuple(each for each in said if (but or {}).get(each.field.path) != _id(each.value))
    return Told(row.id, row.time, row.type, row.source, None if sort is None else sort.label, kept)


def values(reader: Reader, sort: EventType, body: str) -> Iterator[Value]:
    """Yield what an event says in the classes the reader may see; who reported something is in none of them."""
    event = json.loads(body, parse_float=Decimal, parse_int=Decimal)["event"].get("data") or {}
    try:
        data = sort.read(event)
    except FactsError:
        return
    changed = _Changed(reader, data)
    for path in _paths(data, ""):
        field = sort.field(path)
        if field is not None and field.class_ in reader.classes | {FieldClass.OPEN}:
            yield from changed.said(field, path, value_at(data, path))


class _Changed:
    """Words for the attributes an event says have changed, and for what stood and stands there."""

    def __init__(self, reader: Reader, data: Mapping[str, Any]) -> None:
        self._reader, self._data = reader, data
        self._is_change = _ATTRIBUTE in data or _ATTRIBUTES in data
        of = Of.CUSTOMER if _ATTRIBUTE in data else Of.PERSON
        self._declared = declared_of(reader.policies, of) if self._is_change else {}
        self._attribute = data.get(_ATTRIBUTE)

    def said(self, field: Field, path: str, value: Any) -> Iterator[Value]:
        """Yield one value; of what the reader may not see neither what stood nor what stands."""
        if not self._is_change:
            named = _with_name(self._reader, WHOM.get(path), value)
            known = referring.referred(self._reader, path, named, self._data)
            yield Value(field, known, field, referring.without_reports(self._reader, path, value))
        elif path in (_ATTRIBUTE, _ATTRIBUTES):
            names = value if isinstance(value, list | tuple) else [value]
            yield Value(field, [self._called(each) for each in names], None)
        elif path not in _SIDES:
            yield Value(field, _with_name(self._reader, WHOM.get(path), value), field)
        elif self._attribute == "owner":
            yield Value(field, _with_name(self._reader, Of.PERSON, value), None)
        else:
            declared = self._declared.get(str(self._attribute))
            if declared is None or declared.class_ in self._reader.classes | {FieldClass.OPEN}:
                said = str(words.STANDINGS[value]) if value in words.STANDINGS else _typed(declared, value)
                yield Value(field, said, declared)

    def _called(self, name: str) -> Any:
        """Return what an attribute is called: words, or the field that says so."""
        if name == NEW:
            return gettext("taken up")
        return words.ATTRIBUTES.get(name) or self._declared.get(name) or name


def _typed(field: Field | None, value: Any) -> Any:
    """Return what an event tells as text as a value of its field; as it stands where it is none."""
    kind = None if field is None or not isinstance(value, str) else field.type
    try:
        if kind is FieldType.NUMBER:
            return Decimal(value)
        if kind is FieldType.DATE:
            return date.fromisoformat(value)
    except (InvalidOperation, ValueError):
        return value
    return {"true": True, "false": False}.get(value, value) if kind is FieldType.BOOLEAN else value


def _with_name(reader: Reader, of: Of | None, value: Any) -> Any:
    """Return whom a value names, where it names somebody the reader sees; else the value."""
    who = None if of is None else naming.named(reader.connection, of, [value]).get(value)
    return value if of is None or who is None or not reader.circle.sees(of, who.id) else who


def _id(value: Any) -> Any:
    return value.id if isinstance(value, Named) else value


def _paths(value: Mapping[str, Any], above: str) -> Iterator[str]:
    for name, each in value.items():
        path = f"{above}.{name}" if above else name
        if isinstance(each, Mapping):
            yield from _paths(each, path)
        else:
            yield path
