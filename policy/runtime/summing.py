"""Many decisions in a few lines: how often each answer came, and what the amounts add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, assert_never

from policy.kinds import KindResult
from policy.kinds.approval import ApprovalResult
from policy.kinds.assignment import AssignmentResult
from policy.kinds.penalty import PenaltyResult
from policy.kinds.saying import sentence as said
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import Given, IncentiveResult
from policy.messages import sentence
from policy.model.decision import Decision
from policy.model.ruleset import RuleSet
from policy.runtime.showing import gives, labelled, named, shown
from policy.values import Language, Text


@dataclass(frozen=True, slots=True)
class _Words:
    """What an answer is written with: labels of outputs and rows, and names of values; none of them for machines."""

    labels: Mapping[str, Text] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    @classmethod
    def of(cls, rule_set: RuleSet) -> _Words:
        """Return the words of a policy."""
        return cls(labelled(rule_set), {name: output.names for name, output in rule_set.outputs.items()})

    def called(self, name: str, language: Language) -> str:
        """Return what an output or a row is called, its name where it has no label."""
        return self.labels[name].to(language) if name in self.labels else name

    def value(self, output: str, value: Any, language: Language) -> Any:
        """Return a value of an output, by its name where it has one."""
        return named(value, self.names.get(output, {}), language)


class Sums:
    """What many decisions of one policy come to; answers and awards are told apart by the names machines know.

    Attributes:
        answers: The answer in words, with names and ids → decisions that gave it.
        amounts: What it is and its currency (None where not known) → sum.
        awards: Award → how often it was given.
    """

    def __init__(self, language: Language) -> None:
        self.answers: Counter[str] = Counter()
        self.amounts: dict[tuple[str, str | None], Decimal] = {}
        self.awards: Counter[str] = Counter()
        self._language = language
        self._said: dict[str, tuple[RuleSet, str]] = {}

    def add(self, decision: Decision, rule_set: RuleSet) -> None:
        """Count one decision that has an outcome, made by `rule_set`."""
        result = decision.result
        self._count(self.answers, rule_set, partial(_answer, decision, self._language))
        if isinstance(result, IncentiveResult):
            for name in ("earned", "held", "paid", "carried"):
                key = (name, result.currency)
                self.amounts[key] = self.amounts.get(key, Decimal(0)) + getattr(result, name)
            for award in result.awards:
                self._count(self.awards, rule_set, partial(_award, award, self._language))

    def said(self, counted: Counter[str]) -> list[tuple[str, int]]:
        """Return answers or awards as people call them, the most frequent first, with their counts.

        Where revisions call the same by different labels, those of the last one added count.
        """
        return [(self._said[each][1], count) for each, count in counted.most_common()]

    def _count(self, counter: Counter[str], rule_set: RuleSet, write: Callable[[_Words], str]) -> None:
        key = write(_Words())
        counter[key] += 1
        if key not in self._said or self._said[key][0] is not rule_set:
            self._said[key] = (rule_set, write(_Words.of(rule_set)))


def _award(award: Given, language: Language, words: _Words) -> str:
    return f"{words.called(award.id, language)}: {award.give}"


def _answer(decision: Decision, language: Language, words: _Words) -> str:
    """Return what decisions with the same answer share; what each has of its own is left out."""
    result = decision.result
    if isinstance(result, KindResult):
        return _of_kind(result, language, words)
    rows: list[Any] = decision.outcome if isinstance(decision.outcome, list) else [decision.outcome]
    pairs = (each for row in rows for each in (row or {}).items())
    given = (
        (words.called(name, language), shown(words.value(name, value, language), language)) for name, value in pairs
    )
    return gives(given, language)


def _of_kind(result: KindResult, language: Language, words: _Words) -> str:
    match result:
        case ApprovalResult():
            return said(result, language, words.labels)
        case ScorecardResult():
            value = str(words.value(result.give, result.value, language))
            return sentence("sums-grade", {"give": words.called(result.give, language), "value": value}, language)
        case AssignmentResult():
            code = "sums-assigned" if result.ranked else f"sums-{result.otherwise}"
            return sentence(code, {}, language)
        case IncentiveResult():
            code = "sums-carried" if result.total < 0 else "sums-paid" if result.total else "sums-nothing"
            return sentence(code, {}, language)
        case PenaltyResult():
            measures = tuple(words.called(each.measure, language) for each in result.proposed)
            return sentence("sums-proposes" if measures else "says-proposes-nothing", {"measures": measures}, language)
    assert_never(result)
