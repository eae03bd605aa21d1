"""Cases: an event says who opened one, because of which signal, resting on which events. It decides nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, select

from policy.model.events import EventType
from webadmin.store import dated, events
from webadmin.store.changes import SOURCE
from webadmin.store.decisions import term
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept
from webadmin.store.tables import DECISION_TERMS, DECISIONS, EVENT_TERMS, EVENTS, SIGNALS
from webadmin.store.writer import Transaction

TYPE = "case_opened"
_NAMED = ("manager.id", "customer.id")


@dataclass(frozen=True, slots=True)
class Case:
    """A case that was opened.

    Attributes:
        id: Of the case.
        signal: Id of the signal it was opened because of.
        manager: Whom it names, as the event calls them; None for nobody.
        actor: Who opened it, as the record calls whoever wrote the event.
        evidence: Ids of the events it rests on.
    """

    id: str
    signal: str
    manager: str | None
    actor: str
    at: datetime
    evidence: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What is said where a case is opened."""

    evidence: tuple[str, ...]
    note: str


def opened(connection: Connection, names: Sequence[str]) -> dict[str, Case]:
    """Return the cases of some signals, by the signal; of several the first one."""
    found: dict[str, Case] = {}
    for chunk in dated.chunks(names):
        wanted = {term("signal.id", each): each for each in chunk}
        chosen = select(EVENT_TERMS.c.term, EVENTS.c.time, EVENTS.c.body).join(
            EVENTS, EVENTS.c.id == EVENT_TERMS.c.row_id
        )
        chosen = chosen.where(EVENT_TERMS.c.term.in_(wanted), EVENTS.c.type == TYPE, EVENTS.c.body.is_not(None))
        for key, time, body in connection.execute(chosen.order_by(EVENTS.c.id)):
            found.setdefault(wanted[key], _case(time, json.loads(body)))
    return found


def naming(connection: Connection, terms: Sequence[str]) -> dict[str, Case]:
    """Return the cases whose events are found by some terms, by the signal they name; of several the first one."""
    found: dict[str, Case] = {}
    for chunk in dated.chunks(terms):
        rows = select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term.in_(chunk))
        chosen = select(EVENTS.c.time, EVENTS.c.body).where(EVENTS.c.id.in_(rows), EVENTS.c.body.is_not(None))
        for time, text in connection.execute(chosen.where(EVENTS.c.type.concat("") == TYPE).order_by(EVENTS.c.id)):
            case = _case(time, json.loads(text))
            found.setdefault(case.signal, case)
    return found


def find(connection: Connection, name: str) -> Case | None:
    """Return a case by its id, the first of that id; None where none is on record."""
    rows = select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term == term("case.id", name))
    chosen = select(EVENTS.c.time, EVENTS.c.body).where(EVENTS.c.id.in_(rows), EVENTS.c.body.is_not(None))
    row = connection.execute(chosen.where(EVENTS.c.type.concat("") == TYPE).order_by(EVENTS.c.id).limit(1)).first()
    return None if row is None else _case(row.time, json.loads(row.body))


def decided(connection: Connection, names: Iterable[str]) -> dict[str, datetime]:
    """Return since when a decision about some cases is on record, by the case; one without any is left out."""
    found: dict[str, datetime] = {}
    for chunk in dated.chunks(sorted(names)):
        wanted = {term("subject", each): each for each in chunk}
        chosen = (
            select(DECISION_TERMS.c.term, func.min(DECISIONS.c.recorded_at))
            .join(DECISIONS, DECISIONS.c.id == DECISION_TERMS.c.decision_id)
            .where(DECISION_TERMS.c.term.in_(wanted))
        )
        for key, first in connection.execute(chosen.group_by(DECISION_TERMS.c.term)):
            found[wanted[key]] = first
    return found


def _case(time: datetime, body: dict[str, Any]) -> Case:
    data = body["event"]["data"]
    who = (data["case"]["id"], data["signal"]["id"], data.get("manager", {}).get("id"), body["actor"])
    return Case(*who, time, tuple(data["evidence"]), data.get("note", ""))


def open_case(transaction: Transaction, sort: EventType, kept: Kept, opening: Opening, act: Act) -> bool:
    """Open the case of a signal, once.

    Args:
        transaction: What it happens in.
        sort: The type of the event, as the vocabulary of today declares it.
        kept: The signal.
        opening: What is said.
        act: Who opens it, and when.

    Returns:
        Whether it was opened now; False where that had been done before.

    Raises:
        FactsError: the vocabulary asks for something else.
    """
    if kept.id in opened(transaction.connection, [kept.id]):
        return False
    name = f"case-{kept.id}"
    path, key = kept.unit.key_path, kept.unit.key
    data: dict[str, Any] = {"case": {"id": name}, "signal": {"id": kept.id}, "opened_by": act.actor}
    data["evidence"] = list(opening.evidence)
    if path in _NAMED:
        data[path.partition(".")[0]] = {"id": key}
    if opening.note:
        data["note"] = opening.note
    event = {"id": name, "source": SOURCE, "type": TYPE, "subject": name, "time": act.now.isoformat()}
    told = events.append(transaction, {**event, "data": sort.read(data)}, actor=act.actor, now=act.now)
    return not told.known


class State(StrEnum):
    """How a case stands."""

    OPEN = "open"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases are sought; all that is given must hold.

    Attributes:
        policy: Of the signal.
        keys: Only of signals found by one of these keys, as `term` writes them; None: by any.
        before: Id of the event of the last one on the page before.
    """

    state: State | None = None
    policy: str | None = None
    keys: Collection[str] | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as it stands.

    Attributes:
        event: Id of the event it was opened by.
        signal: Id of the signal it was opened because of.
        decision: Id of the last decision about it; None: there is none on record.
    """

    event: str
    signal: str
    case: Case
    decision: str | None

    @property
    def state(self) -> State:
        """Return how it stands."""
        return State.OPEN if self.decision is None else State.DECIDED


def search(connection: Connection, query: Query, limit: int) -> list[Listed]:
    """Return cases, the one opened last first."""
    parts = [None] if query.keys is None else list(dated.chunks(sorted(set(query.keys))))
    rows = [row for part in parts for row in connection.execute(_sought(query, part).limit(limit))]
    found = sorted(rows, key=lambda row: str(row.id), reverse=True)[:limit]
    return [Listed(row.id, row.signal, _case(row.time, json.loads(row.body)), row.decision) for row in found]


_SIGNAL, _CASE = "signal.id=", "case.id="


def _sought(query: Query, keys: Iterable[str] | None) -> Select[Any]:
    of_signal, of_case = EVENT_TERMS.alias(), EVENT_TERMS.alias()
    signal = func.substr(of_signal.c.term, len(_SIGNAL) + 1)
    subject = literal("subject=").concat(func.substr(of_case.c.term, len(_CASE) + 1))
    last = select(func.max(DECISION_TERMS.c.decision_id)).where(DECISION_TERMS.c.term == subject).scalar_subquery()
    chosen = (
        select(EVENTS.c.id, EVENTS.c.time, EVENTS.c.body, SIGNALS.c.id.label("signal"), last.label("decision"))
        .select_from(EVENTS)
        .join(of_signal, and_(of_signal.c.row_id == EVENTS.c.id, of_signal.c.term.startswith(_SIGNAL)))
        .join(of_case, and_(of_case.c.row_id == EVENTS.c.id, of_case.c.term.startswith(_CASE)))
        .join(SIGNALS, SIGNALS.c.id == signal)
        .where(EVENTS.c.type == TYPE, EVENTS.c.body.is_not(None))
    )
    if query.state is not None:
        chosen = chosen.where(last.is_(None) if query.state is State.OPEN else last.is_not(None))
    if query.policy is not None:
        chosen = chosen.where(SIGNALS.c.policy == query.policy)
    if query.before is not None:
        chosen = chosen.where(EVENTS.c.id < query.before)
    if keys is not None:
        chosen = chosen.where(SIGNALS.c.key_term.in_(keys))
    return chosen.order_by(EVENTS.c.id.desc())
