"""The five kinds of policy: each one's section as it is written, and its pure meaning."""

from __future__ import annotations

from collections.abc import Mapping

from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import AssignmentSection
from policy.kinds.incentive import IncentiveSection
from policy.kinds.penalty import PenaltySection
from policy.kinds.scorecard import ScorecardSection
from policy.model.document import Kind

Section = ApprovalSection | AssignmentSection | IncentiveSection | PenaltySection | ScorecardSection

SECTIONS: Mapping[Kind, type[Section]] = {
    Kind.APPROVAL: ApprovalSection,
    Kind.ASSIGNMENT: AssignmentSection,
    Kind.INCENTIVE: IncentiveSection,
    Kind.PENALTY: PenaltySection,
    Kind.SCORECARD: ScorecardSection,
}
"""The section of each kind: its fields are the top-level keys that kind adds to a document."""
