"""What a score is made of, term by term, as pages show it: each term as its policy calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from policy.engine import Policies, Policy
from policy.kinds.labels import labels
from policy.values import Text
from webadmin.reassigning.ranking import Share


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score.

    Attributes:
        called: Its label; its id where it has none, or the policy no longer loads.
        value: In 0..1.
    """

    called: Text | str
    weight: Decimal
    value: Decimal


def names(policy: Policy | None) -> Mapping[str, Text]:
    """Return what the rows of a policy are called, by id; nothing where it no longer loads."""
    return {} if policy is None else labels(policy.rule_set.document.section)


def terms(policies: Policies, policy: str, shares: Iterable[Share]) -> tuple[Term, ...]:
    """Return what a score of a policy is made of, as the policy of today calls it."""
    called = names(policies.get(policy))
    return tuple(Term(called.get(each.id, each.id), each.weight, each.value) for each in shares)
