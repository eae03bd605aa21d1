"""Carries a plan out, as one change of the roster, and takes it back as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, update

from webadmin.reassigning import keeping
from webadmin.reassigning.keeping import Plan, State
from webadmin.reassigning.proposal import Move, Proposal
from webadmin.reassigning.whatif import Joiner
from webadmin.store import audit, dated, roster
from webadmin.store.absences import away_on
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.revisions import Act
from webadmin.store.tables import PLAN_MOVES
from webadmin.store.things import Change, Thing
from webadmin.store.writer import Transaction

OBJECT = "reassignment"


class Sort(StrEnum):
    """What of the roster is not as it was when the plan was calculated."""

    OWNER = "owner"
    COUNT = "count"
    CAPACITY = "capacity"
    GONE = "gone"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Drift:
    """Something that has changed since a plan was calculated.

    Attributes:
        of: Whether `id` is a customer or a person.
        was: What it was then; plain text, a person's id for an owner.
        now: What it is.
    """

    sort: Sort
    of: Of
    id: str
    was: str = ""
    now: str = ""


class MovedError(Exception):
    """The roster has changed since; nothing was written."""

    def __init__(self, drifts: tuple[Drift, ...]) -> None:
        super().__init__(", ".join(f"{each.sort} {each.id}" for each in drifts))
        self.drifts = drifts


class PastError(Exception):
    """The day a plan was calculated for, or a time it covers, is over; nothing was written.

    Attributes:
        day: The day that is over.
        person: Whose absence is over by the day of the plan; None: the day of the plan is.
    """

    def __init__(self, day: date, person: str | None = None) -> None:
        super().__init__(f"{day} {person or ''}")
        self.day, self.person = day, person


def check_days(plan: Plan, today: date) -> None:
    """Check that the day of a plan is to come, and that every customer that is covered comes back after it.

    Raises:
        PastError: one of them is over: carried out all the same, the plan would do what nobody looked at.
    """
    if plan.day < today:
        raise PastError(plan.day)
    for person, away in plan.whatif.away.items():
        if away.until <= plan.day:
            raise PastError(away.until, person)


def drifts(connection: Connection, plan: Plan) -> tuple[Drift, ...]:
    """Return what of the roster a plan rests on is different by now: owners, and what the takers hold and can."""
    if plan.proposal is None:
        return ()
    made = [move for move in plan.moves if move.taker is not None]
    found = [*_owners(connection, made), *_people(connection, plan, plan.proposal, made)]
    return tuple(sorted(found, key=lambda each: (each.of, each.id, each.sort)))


def _owners(connection: Connection, made: list[Move]) -> list[Drift]:
    found = []
    for since in sorted({move.since for move in made}):
        then = {move.customer: move.giver for move in made if move.since == since}
        held = dated.values_on(connection, Of.CUSTOMER, since, ["owner"], list(then))
        for name, giver in then.items():
            owner = held.get(name, {}).get("owner")
            if owner != giver:
                found.append(Drift(Sort.OWNER, Of.CUSTOMER, name, giver, owner or ""))
    return found


def _people(connection: Connection, plan: Plan, proposal: Proposal, made: list[Move]) -> list[Drift]:
    day, takers = plan.day, {move.taker for move in made}
    joined = {each.id for each in plan.whatif.join}
    asked = [each for each in proposal.people if each.person in takers and each.person not in joined]
    states = dated.values_on(connection, Of.PERSON, day, ["status", "capacity"], [each.person for each in asked])
    held = dated.values_on(connection, Of.CUSTOMER, day, ["owner"])
    counts = Counter(each.get("owner") for each in held.values())
    away = away_on(connection, day)
    found = []
    for each in asked:
        state, name = states.get(each.person, {}), each.person
        if state.get("status", "active") == "left":
            found.append(Drift(Sort.GONE, Of.PERSON, name))
        if name in away:
            found.append(Drift(Sort.AWAY, Of.PERSON, name))
        capacity = each.capacity if each.was is None else each.was
        if state.get("capacity") != capacity:
            found.append(Drift(Sort.CAPACITY, Of.PERSON, name, str(capacity), str(state.get("capacity"))))
        if counts[name] != each.count:
            found.append(Drift(Sort.COUNT, Of.PERSON, name, str(each.count), str(counts[name])))
    return found


def apply(transaction: Transaction, plan: Plan, act: Act, reason: str = "") -> None:
    """Carry a plan out from its day on: owners, whoever joins, capacities, with their events and one audit entry.

    It holds from the day it was calculated for and no other: loads, pace and who is there depend on the day.

    Args:
        transaction: What it happens in.
        plan: As it was read.
        act: Who carries it out.
        reason: What they say where a limit is passed.

    Raises:
        PastError: its day, or an absence it covers, is over; nothing was changed.
        MovedError: the roster is different from what was calculated with; nothing was changed.
        ChangedError: the plan was changed, or carried out by somebody else.
        RosterError: the roster refuses it.
    """
    check_days(plan, act.today)
    transaction.flush()
    found = drifts(transaction.connection, plan)
    if found:
        raise MovedError(found)
    day = plan.day
    made = [move for move in plan.moves if move.taker is not None]
    before = _before(transaction.connection, plan)
    things, changes = _joined(plan)
    changes += [Change(Of.PERSON, name, "capacity", value, day) for name, value in sorted(plan.whatif.capacity.items())]
    for move in made:
        changes += _owner(move)
    roster.apply(transaction, things, changes, act, f"{OBJECT} {plan.id}")
    moves = [_written(move) for move in made]
    applied = {"day": day.isoformat(), "moves": moves, "before": before, "by": act.actor, "reason": reason}
    what = {"plan": plan.id, "name": plan.name, **applied, "back": False}
    audit.note(transaction, act.now, act.actor, Action.CHANGED, f"{OBJECT}:{plan.id}", what)
    number = keeping.revision_number(transaction.connection, plan)
    transaction.add(PLAN_MOVES, *(_told(plan, move, act, number) for move in made))
    kept = replace(plan, state=State.APPLIED, applied=applied, whatif=plan.whatif.without_names(), before=None)
    keeping.save(transaction, kept, act.now)


def _joined(plan: Plan) -> tuple[list[Thing], list[Change]]:
    things = [Thing(Of.PERSON, each.id, each.name) for each in plan.whatif.join if each.is_new]
    changes = [
        Change(Of.PERSON, each.id, name, value, plan.day)
        for each in plan.whatif.join
        for name, value in _attributes(each).items()
    ]
    return things, changes


def _attributes(joiner: Joiner) -> dict[str, Any]:
    told = joiner.attributes() if joiner.is_new else {"status": "active"}
    return {name: value for name, value in told.items() if value not in ("", [])}


def _before(connection: Connection, plan: Plan) -> dict[str, Any]:
    """Return what is to be had again: person → attribute → value before, None for nothing."""
    capacities = dict.fromkeys(plan.whatif.capacity, ("capacity",))
    asked = {**capacities, **{each.id: ("status",) for each in plan.whatif.join}}
    held = dated.values_on(connection, Of.PERSON, plan.day, ["status", "capacity"], list(asked))
    new = {each.id for each in plan.whatif.join if each.is_new}
    return {
        name: {each: "left" if name in new else held.get(name, {}).get(each) for each in attributes}
        for name, attributes in asked.items()
    }


def _owner(move: Move) -> list[Change]:
    changes = [Change(Of.CUSTOMER, move.customer, "owner", move.taker, move.since)]
    if move.until is not None:
        changes.append(Change(Of.CUSTOMER, move.customer, "owner", move.giver, move.until))
    return changes


def _written(move: Move) -> dict[str, Any]:
    until = None if move.until is None else move.until.isoformat()
    since = move.since.isoformat()
    return {"customer": move.customer, "from": move.giver, "to": move.taker, "since": since, "until": until}


def _told(plan: Plan, move: Move, act: Act, revision: int | None) -> Mapping[str, Any]:
    why: dict[str, Any] = {"why": move.why, "score": move.score, "by_hand": move.by_hand, "reason": move.reason}
    why |= {"revision": revision}
    why |= {"terms": [asdict(each) for each in move.terms], "rival": None if move.rival is None else asdict(move.rival)}
    return {
        "plan_id": plan.id,
        "customer_id": move.customer,
        "giver": move.giver,
        "taker": move.taker,
        "since": move.since,
        "until": move.until,
        "why": dated.written(why),
        "carried_at": act.now,
        "carried_by": act.actor,
        "taken_back_at": None,
        "taken_back_by": None,
    }


def undo(transaction: Transaction, plan: Plan, act: Act) -> None:
    """Take a plan back: everybody holds what they held before, from the day on it held, though never before today.

    Raises:
        MovedError: a customer is held by somebody else by now, whoever would get one back has left, a capacity was
            changed once more, or whoever joined holds others since; nothing was changed.
        ChangedError: it was taken back already.
    """
    transaction.flush()
    if plan.state is not State.APPLIED or plan.applied is None:
        raise keeping.ChangedError(plan.id)
    changes: list[Change] = []
    wrong: list[Drift] = []
    for each in plan.applied["moves"]:
        since = max(date.fromisoformat(each["since"]), act.today)
        until = None if each["until"] is None else date.fromisoformat(each["until"])
        if until is not None and until <= act.today:
            continue  # it went back by itself
        owner = dated.values_on(transaction.connection, Of.CUSTOMER, since, ["owner"], [each["customer"]])
        now = owner.get(each["customer"], {}).get("owner")
        if now != each["to"]:
            wrong.append(Drift(Sort.OWNER, Of.CUSTOMER, each["customer"], each["to"], now or ""))
        changes.append(Change(Of.CUSTOMER, each["customer"], "owner", each["from"], since))
    day = max(date.fromisoformat(plan.applied["day"]), act.today)
    givers = {str(each.value) for each in changes}
    wrong += [*_gone(transaction.connection, day, givers), *_changed_since(transaction.connection, plan, day)]
    if wrong:
        raise MovedError(tuple(wrong))
    changes += [
        Change(Of.PERSON, person, name, value, day)
        for person, held in sorted(plan.applied["before"].items())
        for name, value in held.items()
    ]
    roster.apply(transaction, (), changes, act, f"{OBJECT} {plan.id} undone")
    what = {"plan": plan.id, "name": plan.name, "moves": plan.applied["moves"], "back": True}
    audit.note(transaction, act.now, act.actor, Action.CHANGED, f"{OBJECT}:{plan.id}", what)
    moves = PLAN_MOVES.c
    standing = update(PLAN_MOVES).where(moves.plan_id == plan.id, moves.taken_back_at.is_(None))
    transaction.run(standing.values(taken_back_at=act.now, taken_back_by=act.actor))
    keeping.save(transaction, replace(plan, state=State.UNDONE, applied=None), act.now)


def _gone(connection: Connection, day: date, people: Collection[str]) -> list[Drift]:
    """Return who has left by now: they get no customer back."""
    held = dated.values_on(connection, Of.PERSON, day, ["status"], sorted(people))
    return [Drift(Sort.GONE, Of.PERSON, name) for name, each in sorted(held.items()) if each.get("status") == "left"]


def _changed_since(connection: Connection, plan: Plan, day: date) -> list[Drift]:
    """Return what of people was changed after a plan had set it: undoing would go over that."""
    before = (plan.applied or {})["before"]
    held = dated.values_on(connection, Of.PERSON, day, ["capacity", "status"], sorted(before))
    found = []
    for name, was in sorted(before.items()):
        now = held.get(name, {})
        if "capacity" in was and now.get("capacity") != plan.whatif.capacity[name]:
            shown = (str(plan.whatif.capacity[name]), str(now.get("capacity")))
            found.append(Drift(Sort.CAPACITY, Of.PERSON, name, *shown))
        if "status" in was and now.get("status") == "left":
            found.append(Drift(Sort.GONE, Of.PERSON, name))
    return [*found, *_holding_more(connection, plan, day)]


def _holding_more(connection: Connection, plan: Plan, day: date) -> list[Drift]:
    """Return who joined by a plan and holds other customers by now: without them these would be with nobody."""
    given = Counter({} if plan.proposal is None else {each.person: each.count for each in plan.proposal.people})
    given.update(each["to"] for each in (plan.applied or {})["moves"])
    owners = dated.values_on(connection, Of.CUSTOMER, day, ["owner"])
    counts = Counter(each.get("owner") for each in owners.values())
    return [
        Drift(Sort.COUNT, Of.PERSON, each.id, str(given[each.id]), str(counts[each.id]))
        for each in plan.whatif.join
        if counts[each.id] > given[each.id]
    ]


def by_pace(plan: Plan) -> dict[str, Counter[str]]:
    """Return which limits on what is given anew a plan passes: limit → person → by how many customers."""
    found: dict[str, Counter[str]] = {}
    for move in plan.moves:
        for limit in move.pace if move.taker is not None else ():
            found.setdefault(limit, Counter())[move.taker or ""] += 1
    return found
