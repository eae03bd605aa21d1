"""Gaps, overlaps, rules that are masked or never hold, cliffs: what a sound rule set comes to beside its grammar.

`analysed` compares all conditions as sets of facts and says what it found with an example; `findings` is the same as
remarks on the text. Nothing is claimed that cannot be, and what was too much to look at is said.
"""

from __future__ import annotations

from policy.analysis.dimensions import Dimension
from policy.analysis.examples import facts_of
from policy.analysis.report import Analysis, Issue, analysed, findings
from policy.analysis.rules import Claim, Gap
from policy.analysis.witnesses import witnesses

__all__ = ["Analysis", "Claim", "Dimension", "Gap", "Issue", "analysed", "facts_of", "findings", "witnesses"]
