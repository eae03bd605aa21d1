"""An explained decision as pages show it: the answer, what it gives, and how every rule came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from policy.engine import Policy
from policy.kinds.incentive import IncentiveSection
from policy.kinds.labels import labels
from policy.model.decision import Decision
from policy.model.document import FieldClass
from policy.runtime.adding import Adding
from policy.runtime.explain import DecisionExplanation
from policy.values import Text
from webadmin import filters, language
from webadmin.wording.explanations import Words
from webadmin.wording.lacking import Lack, Lacking

Rules = Sequence[tuple[int | None, Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True)
class Explained:
    """One decision.

    Attributes:
        policy: Whose it is.
        decision: What was decided.
        why: Its explanation as plain data, in the reader's language and for the reader's eyes.
        outcome: Outcome as a list: one row, or one for each item or hit.
        result: What the kind makes of it; None where there is none or it is hidden.
        classes: Classes of values its reader may see.
    """

    policy: Policy
    decision: Decision
    why: Mapping[str, Any]
    outcome: Sequence[Any]
    result: Any
    classes: frozenset[FieldClass]

    @classmethod
    def of(
        cls, policy: Policy, decision: Decision, why: Mapping[str, Any], classes: frozenset[FieldClass]
    ) -> Explained:
        """Return a decision of which nothing is hidden but what its explanation hides."""
        return cls(policy, decision, why, rows(decision.outcome), decision.result, classes)

    @property
    def rules(self) -> Rules:
        """Return how each rule came out, in words and in order, by number of an item from 1; None without items."""
        grouped = groupby(map(self.words.rule, self.why.get("rules", ())), key=lambda rule: rule["item"])
        return [(None if item is None else item + 1, list(group)) for item, group in grouped]

    @cached_property
    def words(self) -> Words:
        """Return what says in the reader's language what the engine names."""
        return Words(self.policy, language.chosen())

    @cached_property
    def lacks(self) -> Mapping[str, Sequence[Lack]]:
        """Return what everybody lacks whom rows of an assignment exclude, by candidate."""
        explanation = self.decision.explanation
        if not isinstance(explanation, DecisionExplanation):
            return {}
        said_by = Lacking(self.policy, language.chosen())
        barred = explanation.barred(language.chosen(), self.classes)
        return {candidate: said_by.lacks(rows) for candidate, rows in barred.items()}

    @property
    def answer(self) -> str:
        """Return the answer in one sentence; amounts are written as the lines of a statement are."""
        return self.words.sentence(filters.monetary(self.why["answer"]))

    @cached_property
    def additions(self) -> Mapping[str, Adding]:
        """Return how each addition of a statement came out, by the id of its line; empty where it is hidden."""
        explanation = self.decision.explanation
        if self.result is None or not isinstance(explanation, DecisionExplanation):
            return {}
        return explanation.additions()

    def called(self, name: str) -> Text | str:
        """Return what a row of the section is called, its id where it has no label."""
        return labels(self.policy.rule_set.document.section).get(name, name)

    @property
    def reasons(self) -> Mapping[str, Text]:
        """Return why each adjustment and award is made, by its id."""
        section = self.policy.rule_set.document.section
        if not isinstance(section, IncentiveSection):
            return {}
        because = {line.id: line.because for line in section.adjustments}
        because |= {each.id: each.because for each in section.awards}
        return {name: text for name, text in because.items() if text is not None}


def rows(outcome: Any) -> list[Any]:
    """Return an outcome as a list of rows."""
    return [row for row in (outcome if isinstance(outcome, list) else [outcome]) if row is not None]
