"""Facts by which one rule may hit, made from what its condition asks for: where a test of the rule can begin.

What a rule asks of derived values is asked of the inputs they are worked out from, one after the other; whether that
gives what is wanted, only deciding can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from policy.analysis.boxes import Box, Boxes, Budget, TooManyError
from policy.analysis.covering import Cover
from policy.analysis.dimensions import Dimension, NoValueError
from policy.analysis.examples import facts_of
from policy.analysis.reading import Reading
from policy.analysis.rules import MOST_DIMENSIONS, MOST_RULES
from policy.analysis.saying import example
from policy.model.document import HitPolicy
from policy.model.ruleset import Part, RuleSet

MOST = 24
"""Facts that are made for one rule."""

_STEPS = 50_000
"""Cells that are looked at to keep clear of rules that come first."""

_DEEPEST = 8
"""Derived values that are worked out from one another and followed."""


def witnesses(rule_set: RuleSet, name: str) -> Iterator[dict[str, Any]]:
    """Yield facts by which a rule may hit, the likeliest first, at most `MOST`; none where its condition is too much.

    Args:
        rule_set: A sound rule set.
        name: Id of the rule.
    """
    return islice(_witnesses(rule_set, name), MOST)


def _witnesses(rule_set: RuleSet, name: str) -> Iterator[dict[str, Any]]:
    at = next(number for number, each in enumerate(rule_set.rules) if each.id == name)
    try:
        dimensions, boxes = _boxes(rule_set, at)
    except (TooManyError, RecursionError):
        return
    for box in boxes:
        try:
            wanted = example(box, dimensions)
        except NoValueError:
            continue
        for placed in _placed(wanted, rule_set):
            yield facts_of(rule_set, placed)


def _boxes(rule_set: RuleSet, at: int) -> tuple[Sequence[Dimension], list[Box]]:
    """Return where a rule holds; where the first that hits counts, before all what no rule before it takes.

    Raises:
        TooManyError: that is too much to work out.
    """
    if len(rule_set.rules) > MOST_RULES:
        raise TooManyError
    reading = Reading(rule_set)
    before = rule_set.rules[:at] if rule_set.hit_policy is HitPolicy.FIRST else ()
    asked = [reading.condition(rule.when) for rule in (*before, rule_set.rules[at])]
    dimensions = tuple(reading.dimensions.values())
    if len(dimensions) > MOST_DIMENSIONS:
        raise TooManyError
    for each in dimensions:
        each.seal()
    made = Boxes(dimensions)
    own = made.true(asked[-1])
    taken = [box for each in asked[:-1] for box in made.not_false(each)]
    return dimensions, [*_free(own, taken, dimensions), *own]


def _free(own: Sequence[Box], taken: Sequence[Box], dimensions: Sequence[Dimension]) -> Iterator[Box]:
    if not taken:
        return
    cover, budget = Cover(dimensions, taken), Budget(_STEPS)
    for box in own:
        found = cover.uncovered(box, cover.all, budget)
        if isinstance(found, dict):
            yield found


def _placed(wanted: Mapping[str, Any], rule_set: RuleSet) -> Iterator[dict[str, Any]]:
    """Yield values by path with what is asked of derived values put into their inputs, each in its turn."""
    inputs = {path: _inputs(path, rule_set) for path in wanted if path not in rule_set.fields}
    for turn in range(max((len(each) for each in inputs.values()), default=0) or 1):
        moved = {paths[min(turn, len(paths) - 1)]: wanted[path] for path, paths in inputs.items() if paths}
        yield {**moved, **{path: value for path, value in wanted.items() if path not in inputs or not inputs[path]}}


def _inputs(path: str, rule_set: RuleSet) -> list[str]:
    """Return the inputs of a derived value's type that it is worked out from, nearest first."""
    of = rule_set.made.get(path)
    found: list[str] = []
    reached = [path]
    for _ in range(_DEEPEST):
        formulas = [made for each in reached if isinstance(made := rule_set.derived.get(each), Part)]
        reached = list(dict.fromkeys(read for each in formulas for read in each.reads))
        found += [each for each in reached if (field := rule_set.fields.get(each)) and of and field.type is of.type]
    return list(dict.fromkeys(found))
