"""What one customer weighs by an assignment policy: what it brings to each limit, and what taking it away costs.

A decision ranks candidates for one customer as they stand; who hands out many, one by one, needs this besides, to keep
what everybody holds within the limits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from policy.feel.reckoning import reckon
from policy.kinds import assignment
from policy.kinds.assignment import AssignmentResult, AssignmentSection, Bound, Ranked
from policy.model.decision import Decision
from policy.runtime.decide import Decided
from policy.runtime.scope import RuntimeScope


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with what the customer weighs.

    Attributes:
        bounds: One for each limit, in the section's order, with the most of every candidate who is eligible or asked
            about.
        moving: Cost of taking the customer from today's owner, 0..1.
        scores: Candidate asked about → score with its terms, whatever excludes them; see
            `policy.kinds.assignment.scores`.
    """

    decision: Decision
    bounds: tuple[Bound, ...]
    moving: Decimal
    scores: Mapping[str, Ranked] = field(default_factory=dict)


def weigh(decided: Decided, asked: Collection[str] = ()) -> Weighed:
    """Weigh what was decided; policies of other kinds have no limits.

    Args:
        decided: The decision.
        asked: Ids of candidates about whom more is asked, whether or not they are eligible.

    Raises:
        EvaluationError: something that must be a number is none.
    """
    section = decided.program.rule_set.document.section
    if not isinstance(section, AssignmentSection):
        return Weighed(decided.decision, (), Decimal(0))
    result = decided.decision.result
    ranked = {each.manager for each in result.ranked} if isinstance(result, AssignmentResult) else set()
    scope = _with_every_output(decided)
    bounds = reckon(assignment.bounds, section, scope, ranked.union(asked))
    scores = reckon(assignment.scores, section, scope, asked)
    return Weighed(decided.decision, bounds, reckon(assignment.cost_of_moving, section, scope), scores)


def _with_every_output(decided: Decided) -> RuntimeScope:
    """Return the scope of a decision; where there is no outcome its outputs are unknown, and so is what needs them."""
    unknown = dict.fromkeys(name for name in decided.program.rule_set.outputs if name not in decided.scope.names)
    return decided.scope.binding(unknown) if unknown else decided.scope
