"""One pattern → one rule of durable-rules, in the subset that was measured to be safe.

Its C core reads beyond a buffer where the last join of a rule is false, so the first join stands once more at the end.
What must not be there comes last and is of another type. Neither `$or` nor arithmetic but `$add` is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policy.compilers.durable.conditions import Columns, Seen, Terms, Test, terms
from policy.compilers.durable.facts import RANK, SECOND, TYPE, Column, Flag
from policy.model.ruleset import EventPattern, Wanted
from policy.values import Text

LONGEST_COUNT = 3
"""Counts up to this are written, as a join of that many facts."""

MOST_EVENTS = 6
"""Events one rule may name, what must not be there too."""

MOST_TESTS = 60
"""Tests on one type of event in all rules that run together."""


class AloneError(Exception):
    """A pattern the second engine cannot look for.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.en)


@dataclass(slots=True)
class Rule:
    """One rule.

    Attributes:
        parts: What stands under `all`.
        tests: Type of event → number of tests on it.
        before: The type that must not be there, if there is one.
    """

    pattern: EventPattern
    parts: list[Mapping[str, Any]] = field(default_factory=list)
    tests: Counter[str] = field(default_factory=Counter)
    columns: dict[str, Column] = field(default_factory=dict)
    flags: dict[str, Flag] = field(default_factory=dict)
    before: frozenset[str] = frozenset()

    @property
    def types(self) -> frozenset[str]:
        """Return the types of events that must be there."""
        return frozenset(self.tests) - self.before


class Writer:
    """Writes rules that share names of columns and flags."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._flags: dict[tuple[str, str], Flag] = {}

    def rule(self, pattern: EventPattern) -> Rule:
        """Write the rule of a pattern.

        Raises:
            AloneError: it cannot be written safely.
        """
        _check_written(pattern)
        rule = Rule(pattern)
        if pattern.at_least is None:
            self._sequence(pattern, rule)
        else:
            self._count(pattern.steps[0], pattern.at_least, rule)
        if max(rule.tests.values()) > MOST_TESTS:
            raise AloneError(_TOO_MANY_TESTS)
        return rule

    def _sequence(self, pattern: EventPattern, rule: Rule) -> None:
        seen: dict[str, Seen] = {}
        for number, step in enumerate(pattern.steps):
            name = f"s{number}"
            joins = [] if number == 0 else _after(f"s{number - 1}", SECOND, step.within)
            seen[step.alias] = Seen(name, step.type)
            self._add(rule, name, step, joins, seen)
        if pattern.without is not None:
            last = f"s{len(pattern.steps) - 1}"
            joins = [_than("$gte", SECOND, {"s0": SECOND}), _than("$lte", SECOND, {last: SECOND})]
            seen[pattern.without.alias] = Seen("n", pattern.without.type)
            rule.before = frozenset({pattern.without.type.name})
            self._add(rule, "n$not", pattern.without, joins, seen)

    def _count(self, step: Wanted, at_least: int, rule: Rule) -> None:
        for number in range(at_least):
            joins = []
            if number:
                joins = [_than("$gt", RANK, {f"s{number - 1}": RANK}), _than("$lte", SECOND, _plus("s0", step.within))]
            self._add(rule, f"s{number}", step, joins, {step.alias: Seen(f"s{number}", step.type)})

    def _add(self, rule: Rule, name: str, wanted: Wanted, joins: Sequence[Test], seen: Mapping[str, Seen]) -> None:
        """Add one event to a rule: its type, tests against literals, joins, and the first join once more."""
        written = self._condition(rule, wanted, seen)
        tests = [{TYPE: wanted.type.name}, *written.alone, *joins, *written.joins]
        tests += [*joins, *written.joins][:1]
        rule.parts.append({name: {"$and": tests}})
        rule.tests[wanted.type.name] += len(tests)
        rule.columns.update({each.name: each for each in written.columns})

    def _condition(self, rule: Rule, wanted: Wanted, seen: Mapping[str, Seen]) -> Terms:
        """Write a condition: as tests where it is plain, else, where it reads its own event alone, as a flag."""
        if wanted.where is None:
            return Terms()
        written = terms(wanted.where.checked.node, wanted.alias, seen, self._columns)
        if written is not None:
            return written
        if any(path.split(".")[0] != wanted.alias for path in wanted.where.reads):
            raise AloneError(_COMPARES)
        known = (rule.pattern.name, wanted.alias)
        name = f"w{len(self._flags)}"
        flag = self._flags.setdefault(known, Flag(name, wanted.type.name, *known))
        rule.flags[flag.name] = flag
        return Terms(alone=[{flag.name: 1}])


def _check_written(pattern: EventPattern) -> None:
    if pattern.at_least is not None and pattern.at_least > LONGEST_COUNT:
        raise AloneError(_COUNTS)
    if len(list(pattern.wanted())) > MOST_EVENTS:
        raise AloneError(_TOO_MANY_EVENTS)
    if pattern.without is not None and pattern.without.type.name in {each.type.name for each in pattern.steps}:
        raise AloneError(_SAME_TYPE)


def _after(alias: str, name: str, within: int | None) -> list[Test]:
    later = _than("$gt", name, {alias: name})
    return [later] if within is None else [later, _than("$lte", name, _plus(alias, within))]


def _than(sign: str, name: str, value: Any) -> Test:
    return {sign: {name: value}}


def _plus(alias: str, seconds: int | None) -> Any:
    return {"$add": {"$l": {alias: SECOND}, "$r": seconds or 0}}


_COUNTS = Text("第二引擎最多计数到三", "the second engine counts up to three")
_TOO_MANY_EVENTS = Text("第二引擎的一条规则最多写六个事件", "a rule of the second engine names at most six events")
_SAME_TYPE = Text("其间不得发生的事件与某一步同类", "what must not lie between is of the type of a step")
_COMPARES = Text(
    "条件把两个事件作了简单比较以外的比较", "a condition relates two events by more than a plain comparison"
)
_TOO_MANY_TESTS = Text("条件过多", "there are too many conditions on one type of event")
