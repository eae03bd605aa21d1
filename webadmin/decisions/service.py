"""Makes decisions and keeps them: whoever gets an answer can rely on its being on disk.

This is where the clock is read, the revision in effect is found, and a decision gets its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.errors import Finding
from policy.model.decision import Decision
from policy.model.events import read_events
from policy.model.instants import AsOf
from policy.runtime.decide import decide
from policy.runtime.explain import explain
from webadmin.store import decisions, revisions
from webadmin.store.days import TIME_ZONE, day_of
from webadmin.store.record import Record
from webadmin.store.revisions import Effective
from webadmin.store.writer import Transaction


class RetiredPolicyError(Exception):
    """The policy of that name is retired on the day.

    Attributes:
        name: What was asked for.
        day: The day.
        retired: The revision that left, since when, and who answers for it.
    """

    def __init__(self, name: str, day: date, retired: Effective) -> None:
        super().__init__(name)
        self.name = name
        self.day = day
        self.retired = retired


class UnknownPolicyError(Exception):
    """No policy of that name is in effect on the day.

    Attributes:
        name: What was asked for.
        day: The day.
        others: Policies that are in effect then.
        errors: Those of its text in the folder of policies, which keep it from being published.
    """

    def __init__(self, name: str, day: date, others: Sequence[str], errors: Sequence[Finding] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.errors = tuple(errors)
        self.day = day
        self.others = tuple(others)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a policy.

    Attributes:
        policy: Its id.
        facts: A mapping as JSON gives it, or JSON.
        as_of: Day, or instant with offset; None: now.
        events: The subject's events.
        explain: Whether the decision brings its explanation, which is not kept.
    """

    policy: str
    facts: Mapping[str, Any] | bytes
    as_of: str | None = None
    events: Sequence[Mapping[str, Any]] = ()
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A decision ready to be kept.

    Attributes:
        facts: As they are recorded.
    """

    policy: Policy
    decision: Decision
    facts: Mapping[str, Any]
    record: decisions.Record


def clock() -> datetime:
    """Return the instant it is."""
    return datetime.now(UTC)


def today(now: datetime) -> date:
    """Return the day it is where the organisation is."""
    return day_of(now)


def make(record: Record, connection: Connection, asked: Asked, *, actor: str, now: datetime) -> Made:
    """Decide under the revision in effect; nothing is kept yet.

    Raises:
        UnknownPolicyError, RetiredPolicyError: no policy of that name is in effect.
        Unloadable: it is, and does not load.
        FactsError, AsOfError, EvaluationError, UnsupportedError: as `Policy.decide` raises them.
    """
    as_of = now.isoformat(timespec="seconds") if asked.as_of is None else asked.as_of
    policy = policy_for(record, connection, asked.policy, day_for(as_of))
    return made(policy, asked, as_of, actor=actor, now=now)


def made(policy: Policy, asked: Asked, as_of: str, *, actor: str, now: datetime) -> Made:
    """Decide under a policy that was found already; nothing is kept yet.

    Raises:
        FactsError, AsOfError, EvaluationError, UnsupportedError: as `Policy.decide` raises them.
    """
    facts = policy.reader.read(asked.facts)
    events = read_events(asked.events)
    decided = decide(policy.program, facts, AsOf.read(as_of, policy.rule_set.document.time_zone), events)
    decision = replace(decided.decision, explanation=explain(decided)) if asked.explain else decided.decision
    plain = policy.reader.plain(facts)
    return Made(policy, decision, plain, decisions.record(policy, decision, plain, actor=actor, now=now, events=events))


def day_for(as_of: str) -> date:
    """Return the day on which a policy must be in effect to decide for a day or instant.

    Raises:
        AsOfError: it is neither.
    """
    return AsOf.read(as_of, TIME_ZONE).day


def policy_for(record: Record, connection: Connection, name: str, day: date) -> Policy:
    """Return the policy in effect on a day.

    Raises:
        UnknownPolicyError: there is none.
        RetiredPolicyError: it is retired.
        Unloadable: there is one, and it does not load.
    """
    policy = record.catalogue.policy(connection, name, day)
    if policy is None:
        retired = revisions.retired(connection, day).get(name)
        if retired is not None:
            raise RetiredPolicyError(name, day, retired)
        others = sorted(each for each in record.catalogue.in_effect(connection, day) if "." in each)
        raise UnknownPolicyError(name, day, others, record.catalogue.left.get(name, ()))
    return policy


def keep(record: Record, made: Iterable[Made]) -> None:
    """Put decisions into the record; on return they are on disk.

    Raises:
        BusyError: nothing was kept; trying again may help.
    """
    rows = tuple(made)
    record.writer.write(lambda transaction: put(transaction, rows))


def put(transaction: Transaction, made: Iterable[Made]) -> None:
    """Put decisions into the record as part of a transaction."""
    for each in made:
        decisions.append(transaction, each.record)
