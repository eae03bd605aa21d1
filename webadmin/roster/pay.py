"""A commission statement for a quarter, worked out from the record by the policy in effect, and explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError
from policy.model.decision import Decision
from policy.model.document import FieldClass
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from webadmin.explaining import Explained
from webadmin.roster import refunds
from webadmin.roster.facts import declared
from webadmin.roster.quarters import Quarter
from webadmin.roster.statement import Facts, statement_facts
from webadmin.roster.winning import Won
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.record import Record

STATEMENT = "incentive.quarterly"
"""The policy a statement is made by."""


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

    def currency(self, deal: Won) -> str | None:
        """Return the currency of a deal: its own, else that of the statement or the quota; None: not known."""
        made = None if self.made is None or self.made.result is None else self.made.result.currency
        return deal.currency or made or self.facts.facts["person"].get("currency")

    def share(self, index: int) -> Decimal | None:
        """Return which share of a deal counts, by its place among those that do; None where nothing says."""
        outcome = () if self.made is None else self.made.outcome
        found = outcome[index].get("counts") if index < len(outcome) else None
        return found if isinstance(found, Decimal) else None

    def why(self, index: int) -> str | None:
        """Return why that share of a deal counts, in the reader's language: the reason of its rule, or what it is."""
        given = {} if self.made is None else self.made.why.get("given", {})
        return next((reason or rule for (item, rule), (reason, _) in given.items() if item == index), None)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who reads: in which language, and which classes of values."""

    language: Language
    classes: frozenset[FieldClass]


def day_of(quarter: Quarter, today: date) -> date:
    """Return the day whose policies and quota count for a quarter: its last one, or today within it."""
    return min(quarter.until - timedelta(1), today)


def statement(
    record: Record, connection: Connection, person: str, quarter: Quarter, today: date, eyes: Eyes
) -> Statement:
    """Return somebody's statement for a quarter: decided anew, and not kept; without a quota there is none.

    Args:
        record: Whose policies.
        connection: To it.
        person: Whose.
        quarter: Which.
        today: The day it is made on.
        eyes: Who reads it.
    """
    day = day_of(quarter, today)
    policies = record.catalogue.policies(connection, day)
    back = refunds.refunds(connection, policies.events.get(refunds.TYPE), person, quarter, day)
    facts = replace(statement_facts(connection, person, quarter, day), refunds=back)
    names = naming.named(connection, Of.CUSTOMER, [each.customer for each in facts.won if each.customer])
    policy = policies.get(STATEMENT)
    if policy is None or facts.lacking:
        return Statement(quarter, facts, None, (), names)
    made, problems = decided(policy, facts.facts, day, eyes)
    return Statement(quarter, facts, made, problems, names)


def decided(
    policy: Policy, facts: Mapping[str, Any], day: date, eyes: Eyes
) -> tuple[Explained | None, tuple[str, ...]]:
    """Return what a policy makes of facts, explained; else why nothing could be made, in the reader's language."""
    try:
        decision = policy.decide(declared(policy.reader.group, facts), as_of=day, explain=True)
    except FactsError as error:
        return None, tuple(each.text(eyes.language) for each in error.problems)
    except EvaluationError as error:
        return None, (error.text(eyes.language),)
    return explained(policy, decision, eyes), ()


def explained(policy: Policy, decision: Decision, eyes: Eyes) -> Explained:
    """Return a decision that was made with its explanation, for somebody who may read it.

    Its `why` has besides, under `given`, what each rule gave and why: `DecisionExplanation.given`.
    """
    explanation = decision.explanation
    if not isinstance(explanation, DecisionExplanation):
        return Explained.of(policy, decision, {}, eyes.classes)
    given = explanation.given(eyes.language, eyes.classes)
    why = {**explanation.to_data(eyes.language, eyes.classes), "given": given}
    return Explained.of(policy, decision, why, eyes.classes)
