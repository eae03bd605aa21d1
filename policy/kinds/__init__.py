"""The five kinds of policy: each one's section as it is written, and its pure meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from policy.kinds import approval, assignment, incentive, penalty, scorecard
from policy.kinds.approval import ApprovalResult, ApprovalSection
from policy.kinds.assignment import AssignmentResult, AssignmentSection
from policy.kinds.base import Scope
from policy.kinds.incentive import IncentiveSection
from policy.kinds.penalty import PenaltyResult, PenaltySection
from policy.kinds.scorecard import ScorecardResult, ScorecardSection
from policy.kinds.statement import IncentiveResult
from policy.model.document import Kind

Section = ApprovalSection | AssignmentSection | IncentiveSection | PenaltySection | ScorecardSection

KindResult = ApprovalResult | AssignmentResult | IncentiveResult | PenaltyResult | ScorecardResult

SECTIONS: Mapping[Kind, type[Section]] = {
    Kind.APPROVAL: ApprovalSection,
    Kind.ASSIGNMENT: AssignmentSection,
    Kind.INCENTIVE: IncentiveSection,
    Kind.PENALTY: PenaltySection,
    Kind.SCORECARD: ScorecardSection,
}
"""The section of each kind: its fields are the top-level keys that kind adds to a document."""


def result(section: Section, scope: Scope) -> KindResult | None:
    """Return what a section makes of the outcome; None where the section leaves nothing to do.

    Raises:
        Undetermined: something missing makes it unknown.
        EvaluationError: the section met a value it cannot work with.
    """
    match section:
        case ApprovalSection():
            return approval.result(section, scope)
        case AssignmentSection():
            return assignment.result(section, scope)
        case IncentiveSection():
            return incentive.result(section, scope)
        case PenaltySection():
            return penalty.result(section, scope)
        case ScorecardSection():
            return scorecard.result(section, scope)
    assert_never(section)


def section_output(section: Section) -> str | None:
    """Return the name of the output that a section gives, which no rule may give; None where it gives none."""
    return section.grades.give if isinstance(section, ScorecardSection) and section.grades is not None else None
