"""Compiles the conditions of a pattern of events to Python functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from policy.feel.compiler import Emitter
from policy.model.ruleset import EventPattern, Part

Condition = Callable[[Mapping[str, Mapping[str, Any]]], Any]
"""Alias → data of that event, in; true, false or None (unknown) out."""


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """A pattern, ready to be looked for.

    Attributes:
        conditions: Alias → condition of that event; those without one are not among them.
    """

    pattern: EventPattern
    conditions: Mapping[str, Condition]


def compile_pattern(pattern: EventPattern) -> CompiledPattern:
    """Compile the conditions of a pattern; what is missing in an event is unknown to them."""
    found = {each.alias: _function(each.where) for each in pattern.wanted() if each.where is not None}
    return CompiledPattern(pattern, found)


def _function(part: Part) -> Condition:
    emitter = Emitter(
        missing="unknown", resolve=lambda path: f"c[{path[0]!r}]" if len(path) == 1 else None, parameters=("c",)
    )
    return emitter.function(f"return {emitter.expression(part.checked)}", "where")
