"""Dated rows of people, teams and customers: read as spans, written as the difference between two states.

Values are canonical JSON, numbers without needless zeros, so that equal values are equal texts.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, or_, select, update

from policy.model.canonical import canonical_json
from policy.model.number import number
from webadmin.ids import new_id
from webadmin.store.spans import Span
from webadmin.store.tables import DATED
from webadmin.store.writer import Transaction

CHUNK = 400
"""Ids named in one statement; SQLite takes some thousand."""

LONGEST_VALUE = 1000
"""Characters of a value as it is kept."""


class Of(StrEnum):
    """Of whom or what something holds."""

    PERSON = "person"
    TEAM = "team"
    CUSTOMER = "customer"


Key = tuple[str, str]
"""Id and attribute."""

Lines = dict[Key, list[Span[str]]]
"""What held of each attribute, in order of time, as canonical JSON."""


def written(value: Any) -> str:
    """Return a value as dated rows keep it."""
    return canonical_json(_shortened(value))


def _shortened(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, Mapping):
        return {name: _shortened(each) for name, each in value.items()}
    return [_shortened(each) for each in value] if isinstance(value, list | tuple) else value


def read(text: str) -> Any:
    """Return the value a dated row keeps, numbers as decimals; days stay ISO texts."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def spans_text(spans: Iterable[Span[str]]) -> str:
    """Return spans as one text, without the rows that keep them."""
    return canonical_json([[span.value, span.since, span.until] for span in spans])


def read_spans(text: str) -> list[Span[str]]:
    """Return the spans of such a text."""
    return [
        Span(value, date.fromisoformat(since), None if until is None else date.fromisoformat(until))
        for value, since, until in json.loads(text)
    ]


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield names in pieces that fit one statement."""
    whole = list(dict.fromkeys(names))
    for begin in range(0, len(whole), CHUNK):
        yield whole[begin : begin + CHUNK]


def lines(
    connection: Connection, of: Of, ids: Collection[str] | None = None, attributes: Collection[str] | None = None
) -> Lines:
    """Return what held, of some or of all, for some attributes or all."""
    columns = DATED.c
    chosen = select(columns.of_id, columns.attribute, columns.value, columns.since, columns.until, columns.id)
    chosen = chosen.where(columns.of == str(of)).order_by(columns.since)
    if attributes is not None:
        chosen = chosen.where(columns.attribute.in_(attributes))
    found: Lines = defaultdict(list)
    parts = [chosen] if ids is None else [chosen.where(columns.of_id.in_(part)) for part in chunks(ids)]
    for part in parts:
        for of_id, attribute, value, since, until, row in connection.execute(part):
            found[of_id, attribute].append(Span(value, since, until, row))
    return dict(found)


def on(chosen: Select[Any], day: date) -> Select[Any]:
    """Return a selection of dated rows narrowed to those that hold on a day."""
    return chosen.where(DATED.c.since <= day, or_(DATED.c.until.is_(None), DATED.c.until > day))


def values_on(
    connection: Connection,
    of: Of,
    day: date,
    attributes: Collection[str] | None = None,
    ids: Collection[str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return what holds on a day: id → attribute → value; those left out of whom nothing does."""
    columns = DATED.c
    chosen = select(columns.of_id, columns.attribute, columns.value).where(columns.of == str(of))
    if attributes is not None:
        chosen = chosen.where(columns.attribute.in_(attributes))
    parts = [chosen] if ids is None else [chosen.where(columns.of_id.in_(part)) for part in chunks(ids)]
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for part in parts:
        for of_id, attribute, value in connection.execute(on(part, day)):
            found[of_id][attribute] = read(value)
    return dict(found)


def first_days(connection: Connection, of: Of, ids: Collection[str]) -> dict[str, date]:
    """Return from which day on anything holds: id → day; those left out of whom nothing ever does."""
    columns = DATED.c
    chosen = select(columns.of_id, func.min(columns.since)).where(columns.of == str(of)).group_by(columns.of_id)
    rows = (row for part in chunks(ids) for row in connection.execute(chosen.where(columns.of_id.in_(part))))
    return {row[0]: row[1] for row in rows}


def save(
    transaction: Transaction, of: Of, before: Lines, after: Lines, event_of: Callable[[Key, date], str], now: datetime
) -> None:
    """Write what is different.

    Args:
        transaction: What it happens in; the events must be flushed.
        of: Of whom or what.
        before: The spans as they are kept.
        after: The spans as they shall be, of everything that may differ.
        event_of: The event that made a value hold from a day on.
        now: The instant.
    """
    moved: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for key, spans in after.items():
        kept = {span.row: span for span in before.get(key, ())}
        stay = {span.row for span in spans}
        gone += [{"row": row} for row in kept if row not in stay]
        for span in spans:
            if span.row is None:
                transaction.add(DATED, _row(of, key, span, event_of(key, span.since), now))
            elif kept[span.row] != span:
                moved.append({"row": span.row, "begin": span.since, "end": span.until})
    columns = DATED.c
    if gone:
        transaction.run(delete(DATED).where(columns.id == bindparam("row")), gone)
    if moved:
        change = update(DATED).where(columns.id == bindparam("row"))
        transaction.run(change.values(since=bindparam("begin"), until=bindparam("end")), moved)


def _row(of: Of, key: Key, span: Span[str], event: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "of": str(of),
        "of_id": key[0],
        "attribute": key[1],
        "value": span.value,
        "since": span.since,
        "until": span.until,
        "event_id": event,
    }
