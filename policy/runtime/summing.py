"""Many decisions in a few lines: how often each answer came, and what the amounts add up to."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any, assert_never

from policy.kinds import KindResult
from policy.kinds.approval import ApprovalResult
from policy.kinds.assignment import AssignmentResult
from policy.kinds.penalty import PenaltyResult
from policy.kinds.saying import sentence as said
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import IncentiveResult
from policy.messages import sentence
from policy.model.decision import Decision
from policy.runtime.showing import shown
from policy.values import Language


class Sums:
    """What many decisions of one policy come to.

    Attributes:
        answers: The answer in words → decisions that gave it.
        amounts: What it is and its currency (None where not known) → sum.
        awards: Award → how often it was given.
    """

    def __init__(self, language: Language) -> None:
        self.answers: Counter[str] = Counter()
        self.amounts: dict[tuple[str, str | None], Decimal] = {}
        self.awards: Counter[str] = Counter()
        self._language = language

    def add(self, decision: Decision) -> None:
        """Count one decision that has an outcome."""
        result = decision.result
        self.answers[self._answer(decision)] += 1
        if isinstance(result, IncentiveResult):
            for name in ("earned", "held", "paid", "carried"):
                key = (name, result.currency)
                self.amounts[key] = self.amounts.get(key, Decimal(0)) + getattr(result, name)
            self.awards.update(f"{award.id}: {award.give}" for award in result.awards)

    def _answer(self, decision: Decision) -> str:
        if isinstance(decision.result, KindResult):
            return _answer(decision.result, self._language)
        rows: list[Any] = decision.outcome if isinstance(decision.outcome, list) else [decision.outcome]
        given = tuple(f"{name} = {shown(value, self._language)}" for row in rows for name, value in (row or {}).items())
        return sentence("why-gives", {"values": given}, self._language)


def _answer(result: KindResult, language: Language) -> str:
    """Return what decisions with the same answer share; what each has of its own is left out."""
    match result:
        case ApprovalResult():
            return said(result, language)
        case ScorecardResult():
            return sentence("sums-grade", {"give": result.give, "value": str(result.value)}, language)
        case AssignmentResult():
            code = "sums-assigned" if result.ranked else f"sums-{result.otherwise}"
            return sentence(code, {}, language)
        case IncentiveResult():
            code = "sums-carried" if result.total < 0 else "sums-paid" if result.total else "sums-nothing"
            return sentence(code, {}, language)
        case PenaltyResult():
            measures = tuple(each.measure for each in result.proposed)
            return sentence("sums-proposes" if measures else "says-proposes-nothing", {"measures": measures}, language)
    assert_never(result)
