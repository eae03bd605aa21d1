"""A decision under way: the day it is for, derived values, and the answers of other policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.compilers.python import Inquiry, Program
from policy.errors import EvaluationError, FactsError
from policy.feel.problems import fail
from policy.feel.temporal import DateTime
from policy.model.decision import Decision, Status
from policy.model.instants import AsOf

Decide = Callable[[Program, Any, AsOf], Decision]
"""Decides a program over decoded facts; how a question to another policy is answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What another policy answered.

    Attributes:
        value: What was taken; None when it did not decide.
        missing: What it missed, each `<policy>: <path>`.
        decision: Its decision; None when the facts did not fit it.
    """

    value: Any
    missing: tuple[str, ...]
    decision: Decision | None


class Environment:
    """What compiled functions ask of a decision under way (their `env`).

    Attributes:
        today: The day it is for, in the policy's time zone.
        d: Derived values by number; None for those that need another policy.
    """

    __slots__ = ("_answers", "_as_of", "_decide", "_f", "_late", "_program", "d", "today")

    def __init__(self, program: Program, facts: Any, as_of: AsOf, decide: Decide) -> None:
        self._program = program
        self._f = facts
        self._as_of = as_of
        self._decide = decide
        self._answers: dict[int, Answer] = {}
        self._late: dict[int, Any] = {}
        self.today: date = as_of.day
        self.d: list[Any] = []
        program.derive(self, facts)

    @property
    def now(self) -> DateTime:
        """Return the instant it is for.

        Raises:
            EvaluationError: only a day was given.
        """
        if self._as_of.instant is None:
            msg = "now-without-time"
            raise EvaluationError(msg, found=self._as_of.text)
        return self._as_of.instant

    def lookup(self, name: str, keys: Sequence[Any]) -> dict[str, Any] | None:
        """Return the row of a reference table in effect on the day; None, with a reason, where there is none."""
        row = self._program.rule_set.references[name].row(tuple(keys), self.today)
        if row is None:
            said = ", ".join(str(key) for key in keys)
            fail("lookup-no-row", name=name, found=said, day=self.today.isoformat())
        return row

    def late(self, index: int) -> Any:
        """Return a derived value that needs another policy, computed when first read."""
        if index not in self._late:
            self._late[index] = self._program.late[index](self, self._f, {})
        return self._late[index]

    def ask(self, index: int) -> Any:
        """Return what another policy gives, asked when first read."""
        return self.answer(index).value

    def answer(self, index: int) -> Answer:
        """Return the whole answer of another policy, asked when first read."""
        if index not in self._answers:
            self._answers[index] = self._answered(self._program.inquiries[index])
        return self._answers[index]

    def asked(self) -> dict[int, Answer]:
        """Return the answers so far, by number of the derived value."""
        return self._answers

    def _answered(self, inquiry: Inquiry) -> Answer:
        other = self._program.asked[inquiry.policy]
        try:
            facts = other.reader.read(self._facts_for(other, inquiry))
        except FactsError as error:
            names = [problem.pointer.strip("/").replace("/", ".") for problem in error.problems]
            return Answer(None, tuple(f"{inquiry.policy}: {name}" for name in names), None)
        decision = self._decide(other, facts, self._as_of.within(other.rule_set.document.time_zone))
        if decision.status is not Status.DECIDED:
            missing = [each if ": " in each else f"{inquiry.policy}: {each}" for each in decision.missing]
            return Answer(None, tuple(missing or [f"{inquiry.policy}: {decision.status}"]), decision)
        return Answer(_taken(decision.outcome, inquiry.take), (), decision)

    def _facts_for(self, other: Program, inquiry: Inquiry) -> dict[str, Any]:
        """Return the other policy's facts: given ones by their formula, the rest from the same paths."""
        facts: dict[str, Any] = {}
        lists = {path.partition("[]")[0] for path in other.rule_set.fields if "[]" in path}
        plain = [path for path in other.rule_set.fields if "[]" not in path]
        for path in dict.fromkeys([*plain, *lists]):
            function = inquiry.given.get(path) or self._program.value_at(path)
            value = None if function is None else function(self, self._f, {})
            if value is not None:
                _put(facts, path.split("."), value)
        return facts


def _put(facts: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        facts = facts.setdefault(name, {})
    facts[names[-1]] = value


def _taken(outcome: Any, take: str) -> Any:
    """Return one output of an outcome; of a list of outcomes the list of theirs."""
    if isinstance(outcome, list):
        return [_taken(each, take) for each in outcome]
    return outcome.get(take)
