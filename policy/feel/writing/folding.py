"""Calls whose arguments are all known are carried out when the expression is compiled.

One that meets a bound stays a call, and meets it when it is evaluated: compiling never fails over a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy.errors import EvaluationError
from policy.feel.values import Budget
from policy.feel.writing.code import Code

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter


MOST_FOLDED = 20_000
"""Steps that compiling one expression spends on values at most; beyond that calls stay calls."""


def folded(emitter: Emitter, name: str, function: Callable[..., Any], *parts: Code | None) -> Code:
    """Write a call, or its value where all arguments are known already and it gives one."""
    codes = [part for part in parts if part is not None]
    if all(code.is_constant for code in codes):
        value = _value(emitter, function, codes) if can_fold(emitter) else None
        if value is not None and value.__class__ not in (list, dict):
            return emitter.constant(value)
    return Code(f"{name}({', '.join(code.source for code in codes)})")


def can_fold(emitter: Emitter) -> bool:
    """Say whether any of what compiling may spend on values is left."""
    return emitter.folding.left > 0


def pay_folding(emitter: Emitter, steps: int) -> None:
    """Take what was spent."""
    emitter.folding.left -= steps


def _value(emitter: Emitter, function: Callable[..., Any], codes: list[Code]) -> Any:
    budget = Budget(emitter.folding.left, at_once=True)
    try:
        return function(*(code.constant for code in codes))
    except EvaluationError:
        return None
    finally:
        budget.done(None)
        emitter.folding.left = budget.left
