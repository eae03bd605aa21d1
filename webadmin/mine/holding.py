"""The customers somebody holds, and why they hold them: a decision that chose them, or a reassignment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy.engine import Policies, Policy
from webadmin import scored
from webadmin.access.telling import policy_of
from webadmin.reassigning import keeping
from webadmin.reassigning.keeping import Reason
from webadmin.scored import Term
from webadmin.store import dated, naming, standing
from webadmin.store.dated import Of
from webadmin.store.decisions import COLUMNS, Found, term
from webadmin.store.naming import Named
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.tables import DECISION_TERMS, DECISIONS

GIVES = "assignment.new-customer"
"""The policy that gives customers to people."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A decision that chose somebody for a customer, as far as it is about them.

    Attributes:
        as_of: The day or instant it was decided for, as it was asked.
        score: None where the policy has none.
        eligible: How many could be chosen, somebody themselves among them.
        others: How many could not.
        equal: How many had the same score, somebody themselves not among them: the tie break chose then.
    """

    id: str
    as_of: str
    score: Decimal | None
    terms: Sequence[Term]
    eligible: int
    others: int
    equal: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A customer somebody holds.

    Attributes:
        since: Since when.
        moved: The reassignment that brought it; None where none did.
        chosen: The decision that chose them; None where a reassignment came later, or none chose them.
        terms: What their own score is made of, by which a reassignment chose them.
    """

    customer: Named
    since: date
    moved: Reason | None = None
    chosen: Chosen | None = None
    terms: Sequence[Term] = ()


def customers_of(connection: Connection, person: str, day: date) -> list[Held]:
    """Return the customers somebody holds on a day, those held longest first, without why."""
    held = standing.customers_of(connection, [person], day)
    names = naming.named(connection, Of.CUSTOMER, held)
    spans = dated.lines(connection, Of.CUSTOMER, held, ["owner"]) if held else {}
    since = {name: span.since for (name, _), found in spans.items() for span in found if span.covers(day)}
    found = [Held(names.get(name, Named(Of.CUSTOMER, name, None)), since.get(name, day)) for name in held]
    return sorted(found, key=lambda each: (each.since, each.customer.id))


def with_reasons(
    record: Record, connection: Connection, person: str, held: Sequence[Held], policies: Policies
) -> list[Held]:
    """Return the customers somebody holds with why.

    Args:
        record: Where texts of the past are compiled.
        connection: To it.
        person: Who holds them.
        held: As `customers_of` gives them.
        policies: In effect today.
    """
    names = [each.customer.id for each in held]
    moved = keeping.brought(connection, person, {each.customer.id: each.since for each in held})
    chosen = dict(_chosen(record, connection, person, [name for name in names if name not in moved], policies))
    own = {name: scored.terms(policies, each.policy, each.terms) for name, each in moved.items()}
    return [
        Held(each.customer, each.since, moved.get(name), chosen.get(name), own.get(name, ()))
        for each, name in zip(held, names, strict=True)
    ]


def _chosen(
    record: Record, connection: Connection, person: str, customers: Collection[str], policies: Policies
) -> Iterator[tuple[str, Chosen]]:
    """Yield customer and the latest decision about who gets it, where that chose somebody."""
    own = {person, *naming.elsewhere(connection, Of.PERSON, [person])}
    for customer, found in _latest(connection, customers).items():
        body = parsed(found.body or "")
        result: Mapping[str, Any] = body["decision"].get("result") or {}
        if result.get("assigned") not in own:
            continue
        policy = policy_of(record, connection, found, body["decision"]["closure"], policies)
        yield customer, _told(found, result, policy)


def _told(found: Found, result: Mapping[str, Any], policy: Policy | None) -> Chosen:
    called = scored.names(policy)
    own = result["ranked"][0]
    terms = [
        Term(called.get(each["id"], each["id"]), Decimal(each["weight"]), Decimal(each["value"]))
        for each in own["terms"]
    ]
    score = None if own["score"] is None else Decimal(own["score"])
    ranked, excluded = result["ranked"], len(result["excluded"])
    equal = sum(each["score"] == own["score"] for each in ranked) - 1 if score is not None else 0
    return Chosen(found.id, found.as_of, score, terms, len(ranked), excluded, equal)


def _latest(connection: Connection, customers: Collection[str]) -> dict[str, Found]:
    """Return the latest decision about who gets each customer, where one is on record and not erased."""
    terms = {term("subject", name): name for name in customers}
    last: dict[str, str] = {}
    for chunk in dated.chunks(terms):
        chosen = (
            select(DECISION_TERMS.c.term, DECISIONS.c.id)
            .join(DECISIONS, DECISIONS.c.id == DECISION_TERMS.c.decision_id)
            .where(DECISION_TERMS.c.term.in_(chunk), DECISIONS.c.policy == GIVES)
            .order_by(DECISIONS.c.id)
        )
        for name, decision in connection.execute(chosen):
            last[terms[name]] = decision
    about = {decision: customer for customer, decision in last.items()}
    found: dict[str, Found] = {}
    for chunk in dated.chunks(about):
        rows = connection.execute(select(*COLUMNS).where(DECISIONS.c.id.in_(chunk), DECISIONS.c.body.is_not(None)))
        found |= {about[row.id]: Found(*row) for row in rows}
    return found
