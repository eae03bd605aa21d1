"""Takes an import back: everything it changed is again as it was before, in one transaction with events of its own.

Nothing is taken back where something else builds on it: a value that was changed once more, somebody new whom others
name. Nobody is deleted: of people, teams and customers an import has added, nothing holds any more, but their ids stay
known. Events are what happened and stay; so do decisions, which are only counted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from policy.tables import RecordKind
from webadmin.ids import new_id
from webadmin.store import audit, dated, events, imports, naming
from webadmin.store.audit import Action
from webadmin.store.changes import SOURCE, Altered, Step, told
from webadmin.store.dated import Lines, Of, read_spans, spans_text, written
from webadmin.store.decisions import term
from webadmin.store.imports import Import, Was
from webadmin.store.revisions import Act
from webadmin.store.spans import Span, value_on
from webadmin.store.tables import ABSENCES, DATED, DEALS, DECISION_TERMS, LOGINS
from webadmin.store.things import IDENTITIES, REFERENCES
from webadmin.store.writer import Transaction

WHOLE: Mapping[str, Table] = {"deal": DEALS, "absence": ABSENCES}
"""What is kept as one row."""

MOST_NAMED = 50
"""Reasons that are told one by one."""


class Why(StrEnum):
    """Why an import cannot be taken back."""

    UNDONE = "undone"
    EVENTS = "events"
    CHANGED = "changed"
    NAMED = "named"


class StandsError(Exception):
    """An import is not taken back; nothing was changed.

    Attributes:
        reasons: Why.
    """

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(f"{each.why} {each.of} {each.id}" for each in reasons[:5]))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        of: What it concerns: `person`, `team`, `customer`, `deal` or `absence`; empty: the import as a whole.
        attribute: What of it was changed, or where it is named.
    """

    why: Why
    of: str = ""
    id: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """What taking an import back would come to.

    Attributes:
        changes: What would be as it was before.
        reasons: Why it cannot be; empty: it can.
        decisions: How many decisions were made since about those whom it concerns; they stay as they are.
    """

    made: Import
    changes: Sequence[Was]
    reasons: Sequence[Reason]
    decisions: int
    _now: _Now = field(repr=False)

    @property
    def may(self) -> bool:
        """Say whether it can be taken back."""
        return not self.reasons

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the deals and absences that stand as the import left them, by our ids."""
        left = {(each.of, each.id): each.after for each in self.changes}
        return {
            name: dict(row._mapping)  # noqa: SLF001 - the public name of a row's columns and values
            for sort, rows in self._now.rows.items()
            for name, row in rows.items()
            if row.event_id == left.get((sort, name))
        }


@dataclass(slots=True)
class _Now:
    """How what an import changed stands now."""

    lines: dict[Of, Lines] = field(default_factory=dict)
    names: dict[Of, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


def looked(connection: Connection, made: Import) -> Undo:
    """Return what taking an import back would come to."""
    changes = list(imports.changes(connection, made.id))
    now = _now(connection, changes)
    reasons = [] if made.undone_at is None else [Reason(Why.UNDONE)]
    if made.into == RecordKind.EVENTS:
        reasons.append(Reason(Why.EVENTS))
    elif not reasons:
        reasons += [*_changed(changes, now), *_named(connection, changes)]
    return Undo(made, changes, reasons, _decided(connection, made, changes), now)


def undo(transaction: Transaction, made: Import, act: Act) -> str:
    """Take an import back; return the id of the audit entry that says so.

    Raises:
        StandsError: something builds on it; nothing was changed.
    """
    transaction.flush()
    found = looked(transaction.connection, imports.find(transaction.connection, made.id) or made)
    if not found.may:
        raise StandsError(found.reasons)
    for of in Of:
        _restore(transaction, of, found, act)
    for sort in WHOLE:
        _restore_whole(transaction, sort, found, act)
    if not imports.close(transaction, made.id, {"undone_at": act.now, "undone_by": act.actor}):
        raise StandsError([Reason(Why.UNDONE)])
    what = {"undone": made.id, "digest": made.digest, "changes": len(found.changes)}
    return audit.note(transaction, act.now, act.actor, Action.IMPORT_UNDONE, f"import:{made.name}"[:300], what)


def _now(connection: Connection, changes: Sequence[Was]) -> _Now:
    found = _Now()
    for of in Of:
        ids = [each.id for each in changes if each.of == of]
        table = IDENTITIES[of][0]
        found.lines[of] = dated.lines(connection, of, dict.fromkeys(ids)) if ids else {}
        found.names[of] = _rows(connection, table, ids)
    for sort, table in WHOLE.items():
        found.rows[sort] = _rows(connection, table, [each.id for each in changes if each.of == sort])
    return found


def _rows(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, Any]:
    chosen = select(table)
    return {
        row.id: row for chunk in dated.chunks(ids) for row in connection.execute(chosen.where(table.c.id.in_(chunk)))
    }


def _changed(changes: Sequence[Was], now: _Now) -> Iterator[Reason]:
    """Yield what was changed once more since."""
    own = {(each.of, each.id, each.attribute) for each in changes}
    for each in changes:
        if each.of in WHOLE:
            row = now.rows[each.of].get(each.id)
            if row is None or row.event_id != each.after:
                yield Reason(Why.CHANGED, each.of, each.id)
            continue
        of = Of(each.of)
        if not each.attribute:
            later = [
                name for (thing, name) in now.lines[of] if thing == each.id and (each.of, each.id, name) not in own
            ]
            yield from (Reason(Why.CHANGED, each.of, each.id, name) for name in sorted(later))
        elif each.attribute in IDENTITIES[of][1]:
            row = now.names[of].get(each.id)
            if row is None or written(getattr(row, each.attribute)) != each.after:
                yield Reason(Why.CHANGED, each.of, each.id, each.attribute)
        elif spans_text(now.lines[of].get((each.id, each.attribute), [])) != (each.after or "[]"):
            yield Reason(Why.CHANGED, each.of, each.id, each.attribute)


def _named(connection: Connection, changes: Sequence[Was]) -> Iterator[Reason]:
    """Yield who was added by the import and is named elsewhere since."""
    own = {(each.of, each.id, each.attribute) for each in changes}
    for of in Of:
        fresh = [each.id for each in changes if each.of == of and not each.attribute]
        for chunk in dated.chunks(fresh):
            values = {written(name): name for name in chunk}
            for sort, attribute in (key for key, aim in REFERENCES.items() if aim is of):
                columns = DATED.c
                chosen = select(columns.of_id, columns.value).where(
                    columns.of == str(sort), columns.attribute == attribute, columns.value.in_(values)
                )
                for thing, value in connection.execute(chosen):
                    if (str(sort), thing, attribute) not in own:
                        yield Reason(Why.NAMED, str(of), values[value], attribute)
            for column in _NAMING.get(of, ()):
                rows = connection.execute(select(column).where(column.in_(chunk)).distinct()).scalars()
                yield from (Reason(Why.NAMED, str(of), name, column.table.name) for name in rows)


_NAMING = {
    Of.PERSON: (DEALS.c.owner_id, ABSENCES.c.person_id, LOGINS.c.person_id),
    Of.CUSTOMER: (DEALS.c.customer_id,),
}


def _decided(connection: Connection, made: Import, changes: Sequence[Was]) -> int:
    """Return how many decisions were made since about people and customers of the import."""
    columns, found = DECISION_TERMS.c, 0
    for of in (Of.PERSON, Of.CUSTOMER):
        ids = list(dict.fromkeys(each.id for each in changes if each.of == of))
        for chunk in dated.chunks([*ids, *naming.elsewhere(connection, of, ids)]):
            terms = [term(str(of), name) for name in chunk]
            counted = select(func.count(columns.decision_id.distinct()))
            found += connection.execute(
                counted.where(columns.term.in_(terms), columns.decision_id > made.id)
            ).scalar_one()
    return found


def _restore(transaction: Transaction, of: Of, found: Undo, act: Act) -> None:
    """Let hold again what held before, with the events that tell of it."""
    by_id: dict[str, list[Was]] = defaultdict(list)
    for each in found.changes:
        if each.of == of:
            by_id[each.id].append(each)
    lines = found._now.lines[of]  # noqa: SLF001 - its own
    altered = [_altered(of, name, changes, lines, found) for name, changes in by_id.items()]
    happened = [event for each in altered for event in told(each, act)]
    made = events.append_all(transaction, [event for event, _ in happened], actor=act.actor, now=act.now)
    transaction.flush()
    event_of = {key[0]: each.id for (_, keys), each in zip(happened, made, strict=True) for key in keys}
    after = {key: spans for each in altered for key, spans in each.after.items()}
    dated.save(transaction, of, lines, after, lambda key, _: event_of[key], act.now)
    table, columns = IDENTITIES[of]
    for name, changes in by_id.items():
        values = {each.attribute: json.loads(each.before or "null") for each in changes if each.attribute in columns}
        if values:
            transaction.run(update(table).where(table.c.id == name).values(values))
            naming.renew(transaction.connection, table, [name])


def _altered(of: Of, name: str, changes: Sequence[Was], lines: Lines, found: Undo) -> Altered:
    after: Lines = {}
    steps = []
    columns = IDENTITIES[of][1]
    for each in changes:
        if not each.attribute or each.attribute in columns:
            continue
        key = (name, each.attribute)
        now = lines.get(key, [])
        after[key] = _kept(read_spans(each.before or "[]"), now)
        day = _first(now, after[key], found.made.since)
        steps.append(Step(each.attribute, day, value_on(now, day), value_on(after[key], day)))
    renamed = tuple(each.attribute for each in changes if each.attribute in columns)
    owners = after.get((name, "owner"), lines.get((name, "owner"), []))
    held = {step.since: value_on(owners, step.since) for step in steps}
    plain = {day: None if text is None else dated.read(text) for day, text in held.items()}
    return Altered(of, name, False, renamed, tuple(steps), after, plain)  # noqa: FBT003 - a record, in order


def _kept(before: Sequence[Span[str]], now: Sequence[Span[str]]) -> list[Span[str]]:
    """Return the spans of before, those that stand by the same value and day in the rows that keep them."""
    rows = {(span.value, span.since): span.row for span in now}
    return [replace(span, row=rows.get((span.value, span.since))) for span in before]


def _first(now: Sequence[Span[str]], then: Sequence[Span[str]], otherwise: date) -> date:
    """Return the first day on which two lines differ."""
    days = sorted({day for span in (*now, *then) for day in (span.since, span.until) if day is not None})
    return next((day for day in days if value_on(now, day) != value_on(then, day)), otherwise)


def _restore_whole(transaction: Transaction, sort: str, found: Undo, act: Act) -> None:
    table = WHOLE[sort]
    changes = [each for each in found.changes if each.of == sort]
    rows = found._now.rows[sort]  # noqa: SLF001 - its own
    happened = [_EVENTS[sort](rows[each.id], each, act) for each in changes]
    made = events.append_all(transaction, happened, actor=act.actor, now=act.now)
    transaction.flush()
    gone = [each.id for each in changes if each.before is None]
    for chunk in dated.chunks(gone):
        transaction.run(delete(table).where(table.c.id.in_(chunk)))
    for each, event in zip(changes, made, strict=True):
        if each.before is not None:
            values = {**_plain(each.before), "event_id": event.id}
            transaction.run(update(table).where(table.c.id == each.id).values(values))


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    days = ("since", "until", "opened_on", "closed_on")
    return {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in found.items()
    }


def _deal(row: Any, was: Was, act: Act) -> dict[str, Any]:
    """Return the event of a deal that stands again as it was before, or is withdrawn."""
    before = None if was.before is None else _plain(was.before)
    told = row._mapping if before is None else before  # noqa: SLF001 - SQLAlchemy's own name for it
    data: dict[str, Any] = {"deal": {"id": was.id}, "stage": told["stage"]}
    if before is None:
        data["withdrawn"] = True
    if told["customer_id"] is not None:
        data["customer"] = {"id": told["customer_id"]}
    if told["owner_id"] is not None:
        data["manager"] = {"id": told["owner_id"]}
    return _event("deal_changed", was.id, data, act)


def _absence(row: Any, was: Was, act: Act) -> dict[str, Any]:
    person = row.person_id if was.before is None else _plain(was.before)["person_id"]
    data = {
        "manager": {"id": person},
        "change": "changed",
        "fields": ["absence"],
        "effective_on": row.since.isoformat(),
    }
    return _event("person_changed", person, data, act)


_EVENTS = {"deal": _deal, "absence": _absence}


def _event(sort: str, subject: str, data: Mapping[str, Any], act: Act) -> dict[str, Any]:
    return {
        "id": new_id(act.now),
        "source": SOURCE,
        "type": sort,
        "subject": subject,
        "time": act.now.isoformat(),
        "data": dict(data),
    }
