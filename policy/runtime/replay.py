"""A key's events as facts for the second engine, and its answer as ids of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy.compilers.durable.facts import RANK, SECOND, SENTINEL, TYPE, Ruleset
from policy.compilers.events import CompiledPattern
from policy.model.events import Event

Fact = Mapping[str, int | str]
"""Flat: whole numbers and short texts."""

Found = Mapping[str, frozenset[tuple[str, ...]]]
"""Name of a pattern → ids of the events of each match, in order of time."""


def facts(ruleset: Ruleset, patterns: Mapping[str, CompiledPattern], events: Sequence[Event]) -> list[Fact]:
    """Return the facts of one replay, in the order in which they must be given.

    Args:
        ruleset: What is looked for.
        patterns: Its patterns by name, compiled.
        events: Those of one key, in order (`policy.runtime.patterns.by_key`).

    Returns:
        Facts of events that must not be there, facts of the others, and the one that the sentinel waits for.

    Raises:
        EvaluationError: a value is too great for the engine, or a condition met a bound.
    """
    first, then = list[Fact](), list[Fact]()
    for rank, event in enumerate(events):
        if event.type in ruleset.types:
            into = first if event.type in ruleset.before else then
            into.append(_fact(ruleset, patterns, event, rank, event.second - events[0].second))
    return [*first, *then, {TYPE: SENTINEL}]


def _fact(
    ruleset: Ruleset, patterns: Mapping[str, CompiledPattern], event: Event, rank: int, second: int
) -> dict[str, int | str]:
    fact: dict[str, int | str] = {TYPE: event.type, SECOND: second, RANK: rank}
    for column in ruleset.columns:
        if column.type == event.type:
            fact[column.name] = column.value(event.at(column.field.path))
    for flag in ruleset.flags:
        if flag.type == event.type:
            condition = patterns[flag.pattern].conditions[flag.alias]
            fact[flag.name] = int(condition({flag.alias: event.data}) is True)
    return fact


def found(
    ruleset: Ruleset, answer: Sequence[tuple[str, Sequence[int]]], given: Sequence[Fact], events: Sequence[Event]
) -> Found:
    """Return what the second engine found.

    Args:
        ruleset: What it looked for.
        answer: Name of a rule and the positions of the facts of a match.
        given: The facts.
        events: Those of which they were made.
    """
    sets: dict[str, set[tuple[str, ...]]] = {pattern.name: set() for pattern in ruleset.patterns.values()}
    for rule, positions in answer:
        ranks = [int(given[position][RANK]) for position in positions]
        sets[ruleset.patterns[rule].name].add(tuple(events[rank].id for rank in ranks))
    return {name: frozenset(each) for name, each in sets.items()}
