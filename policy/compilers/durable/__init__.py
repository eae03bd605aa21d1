"""Compiles patterns of events to durable-rules, the second and independent engine.

What makes the engines independent is what they do with events: order, windows, absence and counting are worked out
by each in its own way. Conditions are compared by durable-rules where they are plain comparisons. A richer condition
on one event alone is judged beforehand by FEEL, and both engines go by it: the language itself is held against a second
interpreter in the tests. A condition that relates two events by more than a comparison is not handed over at all: such
a pattern runs on one engine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.compilers.durable.facts import SENTINEL, SENTINEL_RULE, TYPE, Column, Flag, Ruleset
from policy.compilers.durable.rules import MOST_TESTS, AloneError, Rule, Writer
from policy.model.ruleset import EventPattern
from policy.values import Text

__all__ = ["Column", "Compiled", "Flag", "Ruleset", "compile_patterns"]

MOST_RULES = 40
"""Rules that run together, the sentinel among them."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Patterns for the second engine.

    Attributes:
        rulesets: Rules, those together that can run together; every pattern is in one of them or in `alone`.
        alone: Name of a pattern that runs on the first engine alone → why.
    """

    rulesets: tuple[Ruleset, ...]
    alone: Mapping[str, Text]


def compile_patterns(patterns: Sequence[EventPattern]) -> Compiled:
    """Compile patterns, of one policy or of several."""
    writer, alone, bundles = Writer(), dict[str, Text](), list[list[Rule]]()
    for pattern in patterns:
        try:
            rule = writer.rule(pattern)
        except AloneError as error:
            alone[pattern.name] = error.reason
            continue
        bundle = next((each for each in bundles if _fits(rule, each)), None)
        if bundle is None:
            bundles.append([rule])
        else:
            bundle.append(rule)
    return Compiled(tuple(map(_ruleset, bundles)), alone)


def _fits(rule: Rule, bundle: Sequence[Rule]) -> bool:
    """Say whether a rule can run together with others.

    A type that one rule wants and another one does not want cannot be given first for both.
    """
    together = [*bundle, rule]
    wanted = {name for each in together for name in each.types}
    unwanted = {name for each in together for name in each.before}
    tests = sum((each.tests for each in together), Counter[str]())
    return (
        len(together) < MOST_RULES
        and rule.pattern.key == bundle[0].pattern.key
        and not wanted & unwanted
        and max(tests.values()) <= MOST_TESTS
    )


def _ruleset(bundle: Sequence[Rule]) -> Ruleset:
    rules = {f"p{number}": {"all": rule.parts} for number, rule in enumerate(bundle)}
    rules[SENTINEL_RULE] = {"all": [{"s0": {"$and": [{TYPE: SENTINEL}]}}]}
    return Ruleset(
        bundle[0].pattern.key,
        json.dumps(rules),
        {f"p{number}": rule.pattern for number, rule in enumerate(bundle)},
        frozenset(name for rule in bundle for name in rule.tests),
        frozenset(name for rule in bundle for name in rule.before),
        tuple({name: each for rule in bundle for name, each in rule.columns.items()}.values()),
        tuple({name: each for rule in bundle for name, each in rule.flags.items()}.values()),
    )
