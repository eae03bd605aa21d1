"""Which customers are not to be taken from their owner for balance: those the policy in effect says are protected.

A policy says so if it is one of assignment that gives an output `action` of which `protect` is a value, as
`assignment.reclaim` does.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from policy.engine import Policies, Policy
from policy.errors import EvaluationError, FactsError
from policy.model.document import Kind
from policy.values import Language
from webadmin.reassigning.ranking import Said
from webadmin.reassigning.relieving import Protecting
from webadmin.reassigning.scene import is_usable
from webadmin.roster import facts
from webadmin.roster.facts import declared

ACTION, PROTECT = "action", "protect"


def protecting(connection: Connection, policies: Policies, day: date) -> Protecting:
    """Return what says which customers are protected on a day."""
    judges = [each for each in policies.values() if _judges(each)]

    def protected(names: Collection[str]) -> dict[str, Said]:
        if not judges or not names:
            return {}
        known = facts.facts_of_customers(connection, day, names)
        found = {name: _why(judges, each, day) for name, each in known.items()}
        return {name: why for name, why in found.items() if why is not None}

    return protected


def _judges(policy: Policy) -> bool:
    output = policy.rule_set.outputs.get(ACTION)
    is_one = policy.kind is Kind.ASSIGNMENT and not is_usable(policy)
    return is_one and output is not None and PROTECT in (output.one_of or ())


def _why(judges: Collection[Policy], known: dict[str, object], day: date) -> Said | None:
    """Return why a customer is protected, None where it is not; what cannot be decided does not protect."""
    for policy in judges:
        try:
            decided = policy.decide(declared(policy.reader.group, known), as_of=day, explain=True)
        except (FactsError, EvaluationError):
            continue
        told = decided.explanation
        if isinstance(decided.outcome, dict) and decided.outcome.get(ACTION) == PROTECT and told is not None:
            return {str(to): tuple(told.because(to)) for to in Language}
    return None
