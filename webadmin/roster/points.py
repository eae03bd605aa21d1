"""The points of somebody for a quarter: the score on record, else one made from what the record suffices for.

The record knows what was sold, the quota, and which customers were held and lost; it knows neither surveys nor problems
nor what colleagues say. What it does not know is never guessed: a policy that must have it gives no points then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.errors import PolicyError
from policy.model.fields import Field
from webadmin.access.telling import policy_of
from webadmin.explaining import Explained
from webadmin.roster import pay
from webadmin.roster.pay import Eyes, day_of
from webadmin.roster.quarters import Quarter
from webadmin.roster.retention import retention
from webadmin.roster.statement import counting
from webadmin.store import dated, decisions, events
from webadmin.store.dated import Of
from webadmin.store.days import beginning
from webadmin.store.decisions import Found, Query, term
from webadmin.store.recompute import parsed
from webadmin.store.record import Record

SCORECARD = "scorecard.manager-performance"
"""The policy points are given by."""

_SCORES = 50
"""Newest scores looked through for one of the quarter."""


@dataclass(frozen=True, slots=True)
class Points:
    """Somebody's points.

    Attributes:
        made: The explained score; None where there is none.
        decision: Id of the decision it is; None where it is worked out now.
        known: What the record knows of the inputs.
        missing: Inputs it does not know and the policy takes nothing for.
        taken: Inputs it does not know, and what the policy takes then.
    """

    quarter: Quarter
    made: Explained | None
    decision: str | None
    known: Sequence[tuple[Field, Any]] = ()
    missing: Sequence[Field] = ()
    taken: Sequence[Field] = ()
    problems: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Say whether a rule counted in it, or an input is known for it: that can be contested."""
        given = {} if self.made is None else self.made.why.get("given", {})
        return name in {rule for _, rule in given} or name in {field.path for field, _ in self.known}


def points(
    record: Record, connection: Connection, person: str, quarter: Quarter, today: date, eyes: Eyes
) -> Points | None:
    """Return somebody's points for a quarter; None where no policy gives any."""
    day = day_of(quarter, today)
    policies = record.catalogue.policies(connection, day)
    policy = policies.get(SCORECARD)
    for found in _scores(connection, person, quarter):
        closure: Mapping[str, str] = parsed(found.body or "")["decision"]["closure"]
        then = policy_of(record, connection, found, closure, policies)
        made = None if then is None else _explained(then, found, eyes)
        if made is not None:
            return Points(quarter, made, found.id)
    return None if policy is None else _made(connection, policy, person, quarter, day, eyes)


def _scores(connection: Connection, person: str, quarter: Quarter) -> Iterator[Found]:
    """Yield the scores on record that are for a day of the quarter, the newest first."""
    query = Query(terms=((term("subject", person),),), policy=SCORECARD)
    for each in decisions.search(connection, query, _SCORES):
        on = date.fromisoformat(each.as_of[:10])
        if quarter.since <= on < quarter.until and each.body is not None:
            yield each


def _explained(policy: Policy, found: Found, eyes: Eyes) -> Explained | None:
    body = parsed(found.body or "")
    try:
        made = policy.decide(body["facts"], as_of=found.as_of, events=body["events"], explain=True)
    except PolicyError:
        return None
    return pay.explained(policy, made, eyes)


def _made(connection: Connection, policy: Policy, person: str, quarter: Quarter, day: date, eyes: Eyes) -> Points:
    """Return the points made from what the record knows."""
    facts = on_record(connection, person, quarter, day)
    fields = policy.rule_set.fields
    known = [(field, facts[path]) for path, field in fields.items() if path in facts and path != "manager.id"]
    unknown = [field for path, field in fields.items() if path not in facts]
    missing = [field for field in unknown if not field.has_default]
    taken = [field for field in unknown if field.has_default]
    if any(field.required for field in missing):
        return Points(quarter, None, None, known, missing, taken)
    made, problems = pay.decided(policy, nested(facts), day, eyes)
    return Points(quarter, made, None, known, missing, taken, problems)


def on_record(connection: Connection, person: str, quarter: Quarter, day: date) -> dict[str, Any]:
    """Return what the record knows, by the paths of the vocabulary.

    `review.customers_at_start` are the customers somebody had to keep in the quarter, `review.customers_lost` those of
    them that were lost in it by the day; the policy's share of customers kept is the one of the other. See
    `webadmin.roster.retention` for who counts: lost before is not at the start, handed over is not lost.
    """
    held = dated.values_on(connection, Of.PERSON, day, ["quota", "quota_currency"], [person]).get(person, {})
    deals, _ = counting(connection, person, quarter, day, held.get("quota_currency"))
    kept = retention(connection, person, quarter, day)
    told = events.data_of(connection, "complaint", "manager.id", [person], beginning(day + timedelta(1)))
    upheld = sum(data.get("upheld") is True for time, data in told if time >= beginning(quarter.since))
    found: dict[str, Any] = {
        "manager.id": person,
        "review.sales": sum((each.amount or Decimal() for each in deals), Decimal()),
        "review.customers_at_start": Decimal(len(kept.held)),
        "review.customers_lost": Decimal(len(kept.lost)),
        "review.complaints_upheld": Decimal(upheld),
    }
    return found | ({"review.quota": held["quota"]} if "quota" in held else {})


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts by their paths as a policy reads them: `manager.id` → `manager` → `id`."""
    found: dict[str, dict[str, Any]] = {}
    for path, value in facts.items():
        group, _, name = path.partition(".")
        found.setdefault(group, {})[name] = value
    return found
