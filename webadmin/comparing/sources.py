"""Where the facts of a comparison come from, besides what is typed: a recorded decision, a customer, a deal, a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.model.document import FieldClass
from webadmin.access.circle import Circle
from webadmin.access.sight import sight_of
from webadmin.access.telling import policy_of
from webadmin.filling.candidates import Candidates, candidates
from webadmin.ids import is_id
from webadmin.roster.facts import declared, facts_of_customer, read_facts
from webadmin.store import audit, deals, decisions, jobrows, naming
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.decisions import Found
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Filled:
    """Facts to begin with.

    Attributes:
        of: `decision`, `customer`, `deal` or `row`.
        name: Id of what they are from.
        facts: Nested, without what the reader may not see.
        as_of: The day or instant they are for; None: today.
        events: The subject's events.
        hidden: How many values were left out, as the reader may not see them.
        candidates: The account managers among the facts; None where the policy chooses nobody.
    """

    of: str
    name: str
    facts: Mapping[str, Any]
    as_of: str | None = None
    events: tuple[Any, ...] = ()
    hidden: int = 0
    candidates: Candidates | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, in what."""

    record: Record
    connection: Connection
    circle: Circle
    classes: frozenset[FieldClass]
    act: Act


def of_decision(reading: Reading, name: str) -> tuple[Filled, Found] | None:
    """Return the facts of a recorded decision; None where there is none the reader may see, or it is erased."""
    name = name.strip()
    found = decisions.find(reading.connection, name) if is_id(name) else None
    if found is None or found.body is None or not reading.circle.readable(reading.connection, [name]):
        return None
    body = parsed(found.body)
    closure = body["decision"]["closure"]
    policies = reading.record.catalogue.policies(reading.connection, reading.act.today)
    policy = policy_of(reading.record, reading.connection, found, closure, policies)
    if policy is None:
        return None
    facts, hidden = sight_of(policy, reading.classes).facts(body["facts"])
    return Filled("decision", name, facts, found.as_of, tuple(body["events"]), len(hidden)), found


def of_customer(reading: Reading, policy: Policy, value: str) -> Filled | None:
    """Return what is known of a customer today, with the account managers where the policy asks for them."""
    for name in naming.every_name(reading.connection, Of.CUSTOMER, value.strip()):
        if not reading.circle.sees(Of.CUSTOMER, name) or not naming.named(reading.connection, Of.CUSTOMER, [name]):
            continue
        day = reading.act.today
        facts: dict[str, Any] = dict(facts_of_customer(reading.connection, name, day))
        offered = None
        if "managers" in policy.reader.group.members:
            policies = reading.record.catalogue.policies(reading.connection, day)
            offered = candidates(reading.connection, policies, day, reading.circle, facts["customer"])
            facts["managers"] = list(offered.managers)
        return _seen(reading, policy, Filled("customer", name, facts, candidates=offered))
    return None


def of_deal(reading: Reading, policy: Policy, value: str) -> Filled | None:
    """Return the facts of a deal as they were last told."""
    deal = deals.find(reading.connection, value.strip())
    if deal is None:
        return None
    about = ((Of.CUSTOMER, deal.customer), (Of.PERSON, deal.owner))
    if not reading.circle.is_all and not any(reading.circle.sees(of, name) for of, name in about if name is not None):
        return None
    as_of = None if deal.closed_on is None else deal.closed_on.isoformat()
    return _seen(reading, policy, Filled("deal", deal.id, read_facts(deal.facts), as_of))


def of_row(reading: Reading, job: str, number: int) -> Filled | None:
    """Return the facts of a row of a comparison; of a recorded decision those of the decision."""
    row = jobrows.find(reading.connection, job, number)
    if row is None:
        return None
    if row.decision is not None:
        found = of_decision(reading, row.decision)
        return None if found is None else found[0]
    if "facts" not in row.body:
        return None
    return Filled("row", str(row.body["row"]), row.body["facts"], row.body["as_of"])


def _seen(reading: Reading, policy: Policy, filled: Filled) -> Filled:
    given = declared(policy.reader.group, filled.facts)
    facts, hidden = sight_of(policy, reading.classes).facts(given)
    return replace(filled, facts=facts, hidden=len(hidden))


def note_read(transaction: Transaction, act: Act, filled: Filled) -> None:
    """Leave the audit entry of somebody having read what facts are from."""
    audit.note(transaction, act.now, act.actor, Action.READ, filled.name, {"of": filled.of, "as": "comparison"})
