"""What the page of one's own shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError
from policy.model.document import FieldClass
from policy.runtime.showing import ALL_CLASSES
from policy.values import Language, Text
from webadmin.explaining import Explained
from webadmin.roster.facts import declared
from webadmin.roster.statement import Facts, Quarter, statement_facts
from webadmin.store import dated, naming, signals, standing
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept
from webadmin.store.tables import DECISION_TERMS, DECISIONS

STATEMENT = "incentive.quarterly"
"""The policy a statement is made by."""

GIVES = "assignment.new-customer"
"""The policy that gives customers to people."""

OWN = frozenset(ALL_CLASSES - {FieldClass.IDENTITY})
"""What one sees of oneself: all but who reported it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A customer somebody holds.

    Attributes:
        since: Since when.
        decision: The decision that chose them for it, where one is on record.
    """

    customer: Named
    since: date
    decision: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, as it would be made today.

    Attributes:
        made: The explained decision; None where it could not be made.
        problems: Why not, in the reader's language.
        names: Customers of the deals, by id.
    """

    quarter: Quarter
    facts: Facts
    made: Explained | None
    problems: tuple[str, ...]
    names: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal about somebody, with its pattern in words where its policy still loads."""

    kept: Kept
    words: Text | None


def customers(connection: Connection, person: str, day: date) -> list[Held]:
    """Return the customers somebody holds on a day, those held longest first."""
    held = standing.customers_of(connection, [person], day)
    names = naming.named(connection, Of.CUSTOMER, held)
    spans = dated.lines(connection, Of.CUSTOMER, held, ["owner"]) if held else {}
    since = {name: span.since for (name, _), found in spans.items() for span in found if span.covers(day)}
    chosen = _decisions(connection, held)
    found = [
        Held(names.get(name, Named(Of.CUSTOMER, name, None)), since.get(name, day), chosen.get(name)) for name in held
    ]
    return sorted(found, key=lambda each: (each.since, each.customer.id))


def _decisions(connection: Connection, held: Sequence[str]) -> dict[str, str]:
    """Return the latest decision about who gets each customer, where one is on record."""
    terms = {term("subject", name): name for name in held}
    found: dict[str, str] = {}
    for chunk in dated.chunks(terms):
        chosen = (
            select(DECISION_TERMS.c.term, DECISIONS.c.id)
            .join(DECISIONS, DECISIONS.c.id == DECISION_TERMS.c.decision_id)
            .where(DECISION_TERMS.c.term.in_(chunk), DECISIONS.c.policy == GIVES)
            .order_by(DECISIONS.c.id)
        )
        for name, decision in connection.execute(chosen):
            found[terms[name]] = decision
    return found


def statement(
    record: Record, connection: Connection, person: str, quarter: Quarter, act: Act, language: Language
) -> Statement:
    """Return somebody's statement for a quarter: decided anew, and not kept."""
    day = min(quarter.until - timedelta(1), act.today)
    facts = statement_facts(connection, person, quarter, day)
    names = naming.named(connection, Of.CUSTOMER, [each.customer for each in facts.deals if each.customer])
    policy = record.catalogue.policies(connection, day).get(STATEMENT)
    if policy is None:
        return Statement(quarter, facts, None, (), names)
    made, problems = _decided(policy, facts, day, language)
    return Statement(quarter, facts, made, problems, names)


def _decided(policy: Policy, facts: Facts, day: date, language: Language) -> tuple[Explained | None, tuple[str, ...]]:
    try:
        decision = policy.decide(declared(policy.reader.group, facts.facts), as_of=day, explain=True)
    except FactsError as error:
        return None, tuple(each.text(language) for each in error.problems)
    except EvaluationError as error:
        return None, (error.text(language),)
    why = {} if decision.explanation is None else decision.explanation.to_data(language, OWN)
    return Explained.of(policy, decision, why), ()


def signs(record: Record, connection: Connection, person: str, act: Act) -> list[Sign]:
    """Return the signals about somebody, the newest first."""
    policies = record.catalogue.policies(connection, act.today)
    found = []
    for kept in signals.search(connection, signals.Query(key=person), 50):
        if kept.unit.key_path.startswith(("manager.", "person.")):
            policy = policies.get(kept.unit.policy)
            patterns = () if policy is None else policy.rule_set.patterns
            words = next((each.because for each in patterns if each.id == kept.unit.pattern), None)
            found.append(Sign(kept, words))
    return found
