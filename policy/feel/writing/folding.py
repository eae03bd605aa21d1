"""Calls whose arguments are all known are carried out when the expression is compiled.

One that meets a bound stays a call, and meets it when it is evaluated: compiling never fails over a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy.errors import EvaluationError
from policy.feel.writing.code import Code

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter


def folded(emitter: Emitter, name: str, function: Callable[..., Any], *parts: Code | None) -> Code:
    """Write a call, or its value where all arguments are known already and it gives one."""
    codes = [part for part in parts if part is not None]
    if all(code.is_constant for code in codes):
        value = _value(function, codes)
        if value is not None and value.__class__ not in (list, dict):
            return emitter.constant(value)
    return Code(f"{name}({', '.join(code.source for code in codes)})")


def _value(function: Callable[..., Any], codes: list[Code]) -> Any:
    try:
        return function(*(code.constant for code in codes))
    except EvaluationError:
        return None
