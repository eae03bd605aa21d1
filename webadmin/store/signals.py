"""Signals as they are kept, and how far the events have been looked at.

A signal's row says how it stands; each of its states is an audit entry, which nothing takes away. Rows are written
only together with the position they were found at, by whoever still has its turn: so each is raised once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.ids import new_id
from webadmin.store import audit, dated
from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.decisions import term
from webadmin.store.revisions import SYSTEM
from webadmin.store.tables import AUDIT, ENTRIES, EVENTS, POSITIONS, SIGNALS
from webadmin.store.writer import Transaction

NAME = "signals"
"""Name of the position."""

Ids = tuple[str, ...]


class State(StrEnum):
    """How a signal stands."""

    RAISED = "raised"
    ONE_ENGINE = "one-engine"
    UNDER_REVIEW = "under-review"
    UNAVAILABLE = "second-engine-unavailable"
    WITHDRAWN = "withdrawn"


class TurnLostError(Exception):
    """Somebody else wrote since the position was read: nothing was written."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is looked for: one pattern of one revision, among the events that share a key."""

    policy: str
    revision: str
    pattern: str
    severity: str
    key_path: str
    key: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the engines found: a signal as it should stand.

    Attributes:
        identity: What tells it from every other.
        events: Ids of its events in the record, in order of time.
        reason: Why it stands as it does; None where both engines agree.
        first: Events of each match the first engine found; None where it gave up.
        second: The same of the second engine; None where it was not, or could not be, asked.
        led: Ids of the events that led to this state, where it is withdrawn.
    """

    identity: str
    state: State
    events: Ids
    first_time: datetime
    last_time: datetime
    reason: Text | None = None
    first: tuple[Ids, ...] | None = None
    second: tuple[Ids, ...] | None = None
    led: Ids = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A signal as it lies in the record."""

    id: str
    unit: Unit
    finding: Finding
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """How far the events have been looked at; see `webadmin.models.signals.Position`."""

    seq: int
    publication: int
    recheck_from: int | None
    turn: int


def identity_of(revision: str, name: str) -> str:
    """Return what tells a signal from every other.

    Args:
        revision: Digest of the policy.
        name: Digest over pattern, key and the events that made it.
    """
    return hashlib.sha256(canonical_json([revision, name]).encode()).hexdigest()


def position(connection: Connection) -> Position:
    """Return how far the events have been looked at."""
    columns = POSITIONS.c
    chosen = select(columns.seq, columns.publication, columns.recheck_from, columns.turn)
    return Position(*connection.execute(chosen.where(columns.name == NAME)).one())


def advance(transaction: Transaction, before: Position, after: Position) -> None:
    """Move the position on; its turn is taken from `before`.

    Raises:
        TurnLostError: it is no longer where it was.
    """
    columns = POSITIONS.c
    done = transaction.connection.execute(
        update(POSITIONS)
        .where(columns.name == NAME, columns.turn == before.turn)
        .values(seq=after.seq, publication=after.publication, recheck_from=after.recheck_from, turn=before.turn + 1)
    )
    if not done.rowcount:
        raise TurnLostError


def behind(connection: Connection) -> tuple[int, datetime | None]:
    """Return how many events have not been looked at, and when the first of them was told."""
    columns, at = ENTRIES.c, position(connection).seq
    of_events = columns.chain == str(Chain.EVENTS)
    last = connection.execute(select(func.max(columns.seq)).where(of_events)).scalar() or 0
    if last <= at:
        return 0, None
    first = select(EVENTS.c.recorded_at).join(ENTRIES, columns.row_id == EVENTS.c.id)
    return last - at, connection.execute(first.where(of_events, columns.seq == at + 1)).scalar()


def counts(connection: Connection) -> dict[State, int]:
    """Return how many signals stand how."""
    columns = SIGNALS.c
    rows = connection.execute(select(columns.state, func.count().label("many")).group_by(columns.state))
    found = {row.state: row.many for row in rows}
    return {state: found.get(str(state), 0) for state in State}


def kept(connection: Connection, unit: Unit, since: datetime, until: datetime) -> list[Kept]:
    """Return the signals of a unit that lie, in part, between two instants, both included."""
    columns = SIGNALS.c
    chosen = select(SIGNALS).where(
        columns.policy == unit.policy,
        columns.pattern == unit.pattern,
        columns.key_term == term(unit.key_path, unit.key),
        columns.revision == unit.revision,
        columns.first_time <= until,
        columns.last_time >= since,
    )
    return [_read(row) for row in connection.execute(chosen)]


def find(connection: Connection, name: str) -> Kept | None:
    """Return one signal, None where there is none of that id."""
    row = connection.execute(select(SIGNALS).where(SIGNALS.c.id == name)).first()
    return None if row is None else _read(row)


@dataclass(frozen=True, slots=True)
class Query:
    """Which signals are sought; all that is given must hold.

    Attributes:
        keys: Only those found by one of these keys, as `term` writes them; None: by any.
        before: Id of the last one on the page before.
    """

    state: str | None = None
    policy: str | None = None
    pattern: str | None = None
    key: str | None = None
    keys: Collection[str] | None = None
    before: str | None = None


def search(connection: Connection, query: Query, limit: int) -> list[Kept]:
    """Return signals, the newest first."""
    columns, chosen = SIGNALS.c, select(SIGNALS)
    for name in ("state", "policy", "pattern", "key"):
        value = getattr(query, name)
        if value is not None:
            chosen = chosen.where(columns[name] == value)
    if query.before is not None:
        chosen = chosen.where(columns.id < query.before)
    chosen = chosen.order_by(columns.id.desc()).limit(limit)
    if query.keys is None:
        return [_read(row) for row in connection.execute(chosen)]
    narrowed = (chosen.where(columns.key_term.in_(chunk)) for chunk in dated.chunks(sorted(set(query.keys))))
    found = [_read(row) for each in narrowed for row in connection.execute(each)]
    return sorted(found, key=lambda kept: kept.id, reverse=True)[:limit]


def history(connection: Connection, name: str) -> list[tuple[datetime, Mapping[str, Any]]]:
    """Return every state a signal has had, the first one first: when, and what the audit entry says."""
    chosen = select(AUDIT.c.recorded_at, AUDIT.c.body).where(
        AUDIT.c.object == name, AUDIT.c.action.in_((str(Action.SIGNALLED), str(Action.SIGNAL_CHANGED)))
    )
    rows = connection.execute(chosen.order_by(AUDIT.c.id))
    return [(time, json.loads(body)["what"]) for time, body in rows if body is not None]


def raise_(transaction: Transaction, unit: Unit, finding: Finding, now: datetime) -> str:
    """Keep a signal that was not there before; return its id."""
    name, body = new_id(now), _body(finding)
    times = {"first_time": finding.first_time, "last_time": finding.last_time, "created_at": now, "changed_at": now}
    transaction.add(
        SIGNALS,
        {
            "id": name,
            "identity": finding.identity,
            "policy": unit.policy,
            "revision": unit.revision,
            "pattern": unit.pattern,
            "severity": unit.severity,
            "key_path": unit.key_path,
            "key": unit.key,
            "key_term": term(unit.key_path, unit.key),
            "state": str(finding.state),
            **times,
            "body": canonical_json(body),
        },
    )
    what = {"identity": finding.identity, **asdict(unit), **_stand(finding, body)}
    audit.note(transaction, now, SYSTEM, Action.SIGNALLED, name, what)
    return name


def change(transaction: Transaction, before: Kept, finding: Finding, now: datetime) -> None:
    """Put a signal into another state."""
    body = _body(finding)
    transaction.connection.execute(
        update(SIGNALS)
        .where(SIGNALS.c.id == before.id)
        .values(
            state=str(finding.state),
            first_time=finding.first_time,
            last_time=finding.last_time,
            changed_at=now,
            body=canonical_json(body),
        )
    )
    audit.note(transaction, now, SYSTEM, Action.SIGNAL_CHANGED, before.id, _stand(finding, body))


def _body(finding: Finding) -> dict[str, Any]:
    return {
        "events": finding.events,
        "reason": None if finding.reason is None else {"zh": finding.reason.zh, "en": finding.reason.en},
        "first": finding.first,
        "second": finding.second,
        "led": finding.led,
    }


def _stand(finding: Finding, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the audit entry of a state says."""
    times = {"first_time": finding.first_time.isoformat(), "last_time": finding.last_time.isoformat()}
    return {"state": str(finding.state), **times, **body}


def columns_of(what: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the columns of a row must be, as far as one of its audit entries says."""
    found = {name: what[name] for name in ("identity", *Unit.__dataclass_fields__) if name in what}
    if "key" in found:
        found["key_term"] = term(found["key_path"], found["key"])
    for name in ("first_time", "last_time"):
        found[name] = datetime.fromisoformat(what[name])
    return {**found, "state": what["state"], "body": canonical_json({name: what[name] for name in _BODY})}


_BODY = ("events", "reason", "first", "second", "led")


def _read(row: Row[Any]) -> Kept:
    body = json.loads(row.body)
    reason = body["reason"]
    finding = Finding(
        row.identity,
        State(row.state),
        tuple(body["events"]),
        row.first_time,
        row.last_time,
        None if reason is None else Text(reason["zh"], reason["en"]),
        _matches(body["first"]),
        _matches(body["second"]),
        tuple(body["led"]),
    )
    unit = Unit(row.policy, row.revision, row.pattern, row.severity, row.key_path, row.key)
    return Kept(row.id, unit, finding, row.created_at, row.changed_at)


def _matches(written: Sequence[Sequence[str]] | None) -> tuple[Ids, ...] | None:
    return None if written is None else tuple(tuple(each) for each in written)
