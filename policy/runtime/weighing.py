"""What one customer weighs by an assignment policy: what it brings to each limit, and what taking it away costs.

A decision ranks candidates for one customer as they stand; who hands out many, one by one, needs this besides, to keep
what everybody holds within the limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policy.feel.reckoning import reckon
from policy.kinds import assignment
from policy.kinds.assignment import AssignmentResult, AssignmentSection, Bound
from policy.model.decision import Decision
from policy.runtime.decide import Decided


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with what the customer weighs.

    Attributes:
        bounds: One for each limit, in the section's order, with the most of every candidate who is eligible.
        moving: Cost of taking the customer from today's owner, 0..1.
    """

    decision: Decision
    bounds: tuple[Bound, ...]
    moving: Decimal


def weigh(decided: Decided) -> Weighed:
    """Weigh what was decided; policies of other kinds have no limits.

    Raises:
        EvaluationError: something that must be a number is none.
    """
    section = decided.program.rule_set.document.section
    if not isinstance(section, AssignmentSection):
        return Weighed(decided.decision, (), Decimal(0))
    result = decided.decision.result
    ranked = {each.manager for each in result.ranked} if isinstance(result, AssignmentResult) else set()
    bounds = reckon(assignment.bounds, section, decided.scope, ranked)
    return Weighed(decided.decision, bounds, reckon(assignment.cost_of_moving, section, decided.scope))
