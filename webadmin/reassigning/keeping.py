"""Keeps plans: they are no record of what happened, so they may be changed and thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from policy.values import Language, Text
from webadmin.ids import new_id
from webadmin.reassigning.proposal import Hand, Move, Proposal, together
from webadmin.reassigning.ranking import Rival, Share, rival_of, shares_of
from webadmin.reassigning.whatif import WhatIf
from webadmin.store import dated
from webadmin.store.revisions import Act, sought
from webadmin.store.tables import PLAN_MOVES, PLANS, REVISIONS
from webadmin.store.writer import Transaction

LONGEST_NAME = 200
MOST_EARLIER = 50
"""Changes by hand that can be undone."""


class State(StrEnum):
    """How far a plan is."""

    SAVED = "saved"
    APPLIED = "applied"
    UNDONE = "undone"


class Shared(StrEnum):
    """Who else sees a plan, of those who may simulate and see everybody in it."""

    OWN = "own"
    LEADS = "leads"
    ALL = "all"


class ChangedError(Exception):
    """Somebody changed the plan meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is kept; see `webadmin.models.plans`.

    Attributes:
        hands: Customer → what somebody chose.
        earlier: The choices before the last ones, the latest last.
        before: What `set_aside` gave of it before it was last calculated; None where that cannot be had again.
    """

    id: str
    name: str
    author: str
    day: date
    policy: str
    revision: str | None
    people: frozenset[str]
    whatif: WhatIf
    proposal: Proposal | None
    hands: dict[str, Hand]
    earlier: tuple[dict[str, Hand], ...]
    state: State
    shared: Shared
    job: str | None
    problem: Text | None
    applied: dict[str, Any] | None
    version: int
    changed_at: datetime
    before: str | None = None

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the moves with the choices made by hand; none while nothing is proposed."""
        return () if self.proposal is None else together(self.proposal.moves, self.hands)

    def choosing(self, hands: dict[str, Hand]) -> Plan:
        """Return the plan with other choices by hand; the ones before can be had again."""
        return replace(self, hands=hands, earlier=(*self.earlier, self.hands)[-MOST_EARLIER:])

    @property
    def void(self) -> dict[str, Hand]:
        """Return the choices by hand that hold no longer; none while nothing is proposed."""
        return {} if self.proposal is None else {name: each for name, each in self.hands.items() if each.void}

    def set_aside(self) -> str | None:
        """Return what `as_before` reads, to have the plan again as it is; None where nothing is proposed."""
        if self.proposal is None:
            return self.before
        told: dict[str, Any] = {
            "name": self.name,
            "day": self.day.isoformat(),
            "policy": self.policy,
            "revision": self.revision,
        }
        told |= {"people": sorted(self.people), "what_if": self.whatif.to_data(), "state": str(self.state)}
        told |= {"proposal": self.proposal.to_data(), "by_hand": _hands_data(self.hands)}
        return dated.written({**told, "earlier": [_hands_data(each) for each in self.earlier]})

    def as_before(self) -> Plan:
        """Return the plan as it was before it was last calculated; itself where that cannot be had again."""
        if self.before is None:
            return self
        told = dated.read(self.before)
        return replace(
            self,
            name=told["name"],
            day=date.fromisoformat(told["day"]),
            policy=told["policy"],
            revision=told["revision"],
            people=frozenset(told["people"]),
            whatif=WhatIf.from_data(told["what_if"]),
            proposal=Proposal.from_data(told["proposal"]),
            hands=_hands(told["by_hand"]),
            earlier=tuple(map(_hands, told["earlier"])),
            state=State(told["state"]),
            job=None,
            problem=None,
            before=None,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan as a list shows it.

    Attributes:
        begins: From when on anything is different.
    """

    id: str
    name: str
    author: str
    begins: date
    people: frozenset[str]
    state: State
    shared: Shared
    is_ready: bool
    changed_at: datetime


def new(name: str, day: date, policy: str, revision: str | None, whatif: WhatIf, act: Act) -> Plan:
    """Return a plan that is not kept yet."""
    return Plan(
        new_id(act.now),
        name,
        act.actor,
        day,
        policy,
        revision,
        whatif.people,
        whatif,
        None,
        {},
        (),
        State.SAVED,
        Shared.OWN,
        None,
        None,
        None,
        1,
        act.now,
    )


def copy(plan: Plan, name: str, act: Act) -> Plan:
    """Return a plan of one's own like another, not carried out."""
    return replace(
        plan,
        id=new_id(act.now),
        name=name,
        author=act.actor,
        state=State.SAVED,
        shared=Shared.OWN,
        job=None,
        applied=None,
        version=1,
        changed_at=act.now,
        before=None,
    )


def add(transaction: Transaction, plan: Plan) -> None:
    """Keep a new plan."""
    times = {"created_at": plan.changed_at, "changed_at": plan.changed_at, "deleted_at": None}
    transaction.add(PLANS, {"id": plan.id, "version": 1, **_columns(plan), **times})


def save(transaction: Transaction, plan: Plan, now: datetime) -> None:
    """Keep a plan that was changed.

    Args:
        transaction: What it happens in.
        plan: With the version it was read with.
        now: The instant.

    Raises:
        ChangedError: it was changed or thrown away since.
    """
    transaction.flush()
    columns = PLANS.c
    done = transaction.connection.execute(
        update(PLANS)
        .where(columns.id == plan.id, columns.version == plan.version, columns.deleted_at.is_(None))
        .values(**_columns(plan), version=plan.version + 1, changed_at=now)
    )
    if done.rowcount != 1:
        raise ChangedError(plan.id)


def throw_away(transaction: Transaction, name: str, now: datetime | None) -> None:
    """Throw a plan away, or take that back where there is no instant."""
    transaction.flush()
    transaction.connection.execute(update(PLANS).where(PLANS.c.id == name).values(deleted_at=now))


def _columns(plan: Plan) -> dict[str, Any]:
    proposal = None if plan.proposal is None else dated.written(plan.proposal.to_data())
    problem = None if plan.problem is None else dated.written({"zh": plan.problem.zh, "en": plan.problem.en})
    return {
        "name": plan.name,
        "author": plan.author,
        "day": plan.day,
        "policy": plan.policy,
        "revision": plan.revision,
        "people": dated.written(sorted(plan.people)),
        "what_if": dated.written(plan.whatif.to_data()),
        "proposal": proposal,
        "by_hand": dated.written(_hands_data(plan.hands)),
        "earlier": dated.written([_hands_data(each) for each in plan.earlier]),
        "before": plan.before,
        "state": str(plan.state),
        "shared": str(plan.shared),
        "job": plan.job,
        "problem": problem,
        "applied": None if plan.applied is None else dated.written(plan.applied),
    }


def _hands_data(hands: dict[str, Hand]) -> dict[str, Any]:
    return {name: asdict(each) for name, each in hands.items()}


def _hands(data: Any) -> dict[str, Hand]:
    return {name: Hand.from_data(each) for name, each in data.items()}


def find(connection: Connection, name: str, *, gone: bool = False) -> Plan | None:
    """Return a plan, None where there is none of that id; one that was thrown away only where asked for."""
    row = connection.execute(select(PLANS).where(PLANS.c.id == sought(name))).first()
    if row is None or (row.deleted_at is not None) != gone:
        return None
    return _plan(row)


def _plan(row: Row[Any]) -> Plan:
    problem = None if row.problem is None else dated.read(row.problem)
    return Plan(
        row.id,
        row.name,
        row.author,
        row.day,
        row.policy,
        row.revision,
        frozenset(dated.read(row.people)),
        WhatIf.from_data(dated.read(row.what_if)),
        None if row.proposal is None else Proposal.from_data(dated.read(row.proposal)),
        _hands(dated.read(row.by_hand)),
        tuple(_hands(each) for each in dated.read(row.earlier)),
        State(row.state),
        Shared(row.shared),
        row.job,
        None if problem is None else Text(problem["zh"], problem["en"]),
        None if row.applied is None else dated.read(row.applied),
        row.version,
        row.changed_at,
        row.before,
    )


def listed(connection: Connection) -> list[Listed]:
    """Return all plans, those changed last first."""
    columns = PLANS.c
    chosen = select(
        columns.id,
        columns.name,
        columns.author,
        columns.day,
        columns.people,
        columns.state,
        columns.shared,
        columns.proposal.is_not(None),
        columns.changed_at,
        columns.what_if,
    ).where(columns.deleted_at.is_(None))
    return [
        Listed(
            row[0],
            row[1],
            row[2],
            WhatIf.from_data(dated.read(row[9])).begins(row[3]),
            frozenset(dated.read(row[4])),
            State(row[5]),
            Shared(row[6]),
            bool(row[7]),
            row[8],
        )
        for row in connection.execute(chosen.order_by(columns.changed_at.desc(), columns.id.desc()))
    ]


def concerned(plan: Plan, proposal: Proposal) -> frozenset[str]:
    """Return everybody a plan tells of, of those the record knows."""
    made_up = {each.id for each in plan.whatif.join if each.is_new}
    return (plan.whatif.people | {each.person for each in proposal.people}) - made_up


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer is whose it is: by which plan, and what it said.

    Attributes:
        why: Language → reasons of the policy.
        score: None where the policy has none.
        said: What the person said who chose by hand; empty where the policy's proposal was taken.
        carried_by: Actor who carried it out, and when.
        taken_back_by: Actor who took it back, and when; None while it holds.
        policy: Id of the policy that proposed.
        terms: What the score of the taker is made of; none where the policy has no score, or they were not kept.
        rival: The second best, or whom the policy proposed where by hand; None where there is none, or it was not kept.
        revision: Number of the revision that proposed; None where it was not kept.
        author: Actor whose plan it is.
        is_private: Whether the plan's name is left out: it is its author's.
    """

    plan: str
    name: str
    giver: str
    taker: str
    since: date
    until: date | None
    why: dict[str, Sequence[str]]
    score: Any
    by_hand: bool
    said: str
    carried_by: str
    carried_at: datetime
    taken_back_by: str | None
    taken_back_at: datetime | None
    policy: str
    terms: tuple[Share, ...] = ()
    rival: Rival | None = None
    revision: int | None = None
    author: str = ""
    is_private: bool = False

    def to(self, language: Language) -> Sequence[str]:
        """Return the reasons in a language."""
        return self.why.get(str(language), ())

    def without_name(self) -> Reason:
        """Return it without the plan's name, which its author wrote for themselves: perhaps why somebody leaves.

        Why somebody was chosen by hand stays: whom a choice concerns is told its reason, as that of every decision.
        """
        return replace(self, name="", is_private=True)


def reasons(connection: Connection, customer: str) -> list[Reason]:
    """Return by which plans a customer changed hands, the latest first; those taken back are among them."""
    moves, plans = PLAN_MOVES.c, PLANS.c
    chosen = (
        select(PLAN_MOVES, plans.name, plans.policy, plans.author)
        .join(PLANS, plans.id == moves.plan_id)
        .where(moves.customer_id == sought(customer))
        .order_by(moves.since.desc(), moves.carried_at.desc(), moves.plan_id.desc())
    )
    return [_reason(row) for row in connection.execute(chosen)]


def brought(connection: Connection, person: str, since: Mapping[str, date]) -> dict[str, Reason]:
    """Return by which plans customers came to somebody, as far as these hold: what was taken back is no reason.

    It is for these people themselves, so the name of a plan is not in it.

    Args:
        connection: To the record.
        person: Who holds them.
        since: Customer → the day since when.
    """
    return _by_plans(connection, PLAN_MOVES.c.taker == person, since)


def taken(connection: Connection, person: str, until: Mapping[str, date]) -> dict[str, Reason]:
    """Return by which plans customers went from somebody, without the names of the plans.

    Args:
        connection: To the record.
        person: Who held them.
        until: Customer → the first day it was no longer theirs.
    """
    return _by_plans(connection, PLAN_MOVES.c.giver == person, until)


def _by_plans(connection: Connection, of: ColumnElement[bool], days: Mapping[str, date]) -> dict[str, Reason]:
    """Return by which plans some customers changed hands on some days."""
    moves, plans = PLAN_MOVES.c, PLANS.c
    found: dict[str, Reason] = {}
    for chunk in dated.chunks(days):
        chosen = (
            select(PLAN_MOVES, plans.name, plans.policy, plans.author)
            .join(PLANS, plans.id == moves.plan_id)
            .where(moves.customer_id.in_(chunk), of, moves.taken_back_at.is_(None))
            .order_by(moves.carried_at, moves.plan_id)
        )
        for row in connection.execute(chosen):
            if row.since == days[row.customer_id]:
                found[row.customer_id] = _reason(row).without_name()
    return found


def _reason(row: Row[Any]) -> Reason:
    told = dated.read(row.why)
    return Reason(
        row.plan_id,
        row.name,
        row.giver,
        row.taker,
        row.since,
        row.until,
        told["why"],
        told["score"],
        told["by_hand"],
        told["reason"],
        row.carried_by,
        row.carried_at,
        row.taken_back_by,
        row.taken_back_at,
        row.policy,
        shares_of(told.get("terms", ())),  # what was carried out before keeps none, and no second best
        rival_of(told.get("rival")),
        told.get("revision"),
        row.author,
    )


def revision_number(connection: Connection, plan: Plan) -> int | None:
    """Return the number of the revision that proposed, None where nothing is proposed or it is not kept."""
    if plan.proposal is None:
        return None
    columns = REVISIONS.c
    chosen = select(columns.number).where(columns.document == plan.policy, columns.digest == plan.proposal.digest)
    return connection.execute(chosen).scalar()
