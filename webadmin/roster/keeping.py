"""Writes records of one kind, their ids resolved, into the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy.model.canonical import canonical_json
from policy.tables import RecordKind
from webadmin.access.comparing import comparable
from webadmin.access.scopes import READABLE
from webadmin.access.sight import ClassOf
from webadmin.roster.facts import read_facts
from webadmin.store import absences, deals, events
from webadmin.store.absences import Away
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.imports import Was
from webadmin.store.revisions import Act
from webadmin.store.roster import Batch
from webadmin.store.things import ATTRIBUTES, FACT, Refusal, RosterError, Thing
from webadmin.store.writer import Transaction

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping came to.

    Attributes:
        differing: Ids of what is different, True where new.
        clashing: Ids of events that say something else than before, as far as may be told; they were not written.
        journal: What stood before of what is different; of events nothing, as they stay.
        rows: Deals and absences as they are now, by our ids.
        refused: Our ids of what cannot be so together with what is on record, each with why; nothing was written.
    """

    differing: Mapping[str, bool]
    clashing: tuple[str, ...] = ()
    journal: Sequence[Was] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refused: Mapping[str, RosterError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells records, of which system, and from which day on they hold where a record does not say.

    Attributes:
        class_of: What knows the class of a value in an event.
    """

    act: Act
    source: str
    since: date
    class_of: ClassOf


def keep(transaction: Transaction, kind: RecordKind, records: Sequence[Record], telling: Telling) -> Kept:
    """Write records whose ids are our own.

    Raises:
        RosterError: a record does not fit what is known.
    """
    return _KEEPERS[kind](transaction, records, telling)


def _things(of: Of) -> Callable[[Transaction, Sequence[Record], Telling], Kept]:
    def kept(transaction: Transaction, records: Sequence[Record], telling: Telling) -> Kept:
        batch = Batch(transaction, telling.act)
        for record in records:
            facts = _facts(record) if of is Of.CUSTOMER else {}
            contact = record.get("email" if of is Of.PERSON else "phone") or facts.pop("phone", None)
            attributes = {name: record[name] for name in ATTRIBUTES[of] if record.get(name) is not None}
            thing = Thing(of, record["id"], record["name"], record.get("name_en"), contact)
            batch.put(thing, {**facts, **attributes}, record.get("since", telling.since))
        done = batch.finish()
        differing = {name: (of, name) in done.new for _, name in (*done.new, *done.changed)}
        return Kept(differing, journal=batch.journal)

    return kept


def _facts(record: Record) -> dict[str, Any]:
    """Return the facts of a customer by the attributes that keep them."""
    found: dict[str, Any] = {}
    for name, value in record.get("facts", {}).get("customer", {}).items():
        is_own = name in ATTRIBUTES[Of.CUSTOMER] or name == "phone"
        if name != "id":
            found[name if is_own else f"{FACT}{name}"] = value
    return found


def _absences(transaction: Transaction, records: Sequence[Record], telling: Telling) -> Kept:
    told = [Away(each["id"], each["person"], each["since"], each["until"]) for each in records]
    journal: list[Was] = []
    differing = absences.put(transaction, told, telling.act, journal)
    return Kept(differing, journal=journal, rows={each.id: each.row() for each in told})


def _deals(transaction: Transaction, records: Sequence[Record], telling: Telling) -> Kept:
    transaction.flush()
    known = deals.known(transaction.connection, [each["id"] for each in records])
    told = [_deal(each, known.get(each["id"])) for each in records]
    refused = dict(_closing(told))
    if refused:
        return Kept({}, refused=refused)
    journal: list[Was] = []
    differing = deals.put(transaction, told, telling.act, journal)
    return Kept(differing, journal=journal, rows={each.id: each.row() for each in told})


def _deal(record: Record, was: Deal | None) -> Deal:
    """Return a deal as it is told; what a record does not tell stays as it was, as with people and customers."""
    facts = record["facts"] if was is None else _joined(read_facts(was.facts), record["facts"])
    told = {name: record.get(name) for name in ("customer", "owner", "opened_on", "closed_on")}
    kept = {name: getattr(was, name) if value is None and was is not None else value for name, value in told.items()}
    return Deal(id=record["id"], stage=record["stage"], facts=canonical_json(facts), **kept)


def _closing(told: Sequence[Deal]) -> Iterator[tuple[str, RosterError]]:
    """Yield deals that would be closed before they are opened: the file may tell one day, the record the other."""
    for each in told:
        if each.opened_on is not None and each.closed_on is not None and each.closed_on < each.opened_on:
            days = {"found": each.closed_on.isoformat(), "expected": each.opened_on.isoformat()}
            yield each.id, RosterError(Refusal.CLOSES, each.id, attribute="closed_on", **days)


def _joined(before: Any, after: Any) -> Any:
    """Return facts with those that are told anew in their places."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return after
    return {**before, **{name: _joined(before.get(name), each) for name, each in after.items()}}


def _events(transaction: Transaction, records: Sequence[Record], telling: Telling) -> Kept:
    """Write events; what somebody else told is held against what administrators may read, for nobody is to guess it."""
    told = [
        {
            "id": each["id"],
            "source": each.get("source", telling.source),
            "type": each["type"],
            "subject": each.get("subject"),
            "time": each["time"],
            "data": each["data"],
        }
        for each in records
    ]

    def seen(event: Mapping[str, Any]) -> Mapping[str, Any]:
        return comparable(event, frozenset(READABLE), telling.class_of)

    act = telling.act
    found = events.append_all(transaction, told, actor=act.actor, now=act.now, comparable=seen)
    pairs = list(zip(told, found, strict=True))
    return Kept(
        {event["id"]: True for event, each in pairs if not each.known},
        tuple(event["id"] for event, each in pairs if each.differs),
    )


_KEEPERS: Mapping[RecordKind, Callable[[Transaction, Sequence[Record], Telling], Kept]] = {
    RecordKind.TEAMS: _things(Of.TEAM),
    RecordKind.PEOPLE: _things(Of.PERSON),
    RecordKind.ABSENCES: _absences,
    RecordKind.CUSTOMERS: _things(Of.CUSTOMER),
    RecordKind.DEALS: _deals,
    RecordKind.EVENTS: _events,
}
