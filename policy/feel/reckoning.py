"""The decimal context that generated arithmetic runs in, and how it becomes the thread's.

Operators (`a * b`) compute in the thread's context and are far faster than methods of a context. A generated function
that uses them looks whether it runs in this one, and otherwise enters it by itself: where that happens often, as in a
decision, it is entered once around everything.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, getcontext, setcontext
from typing import ParamSpec, TypeVar

from policy.values import DIGITS, LARGEST_EXPONENT

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def quiet(rounding: str) -> Context:
    """Return a context of the language's numbers in which nothing raises."""
    return Context(prec=DIGITS, rounding=rounding, Emin=-LARGEST_EXPONENT, Emax=LARGEST_EXPONENT, traps=[])


RECKONING = quiet(ROUND_HALF_EVEN)
"""The context of generated arithmetic; nothing may change it."""


def reckon(function: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs) -> _Result:
    """Call a function with `RECKONING` as the thread's context, and put the one before back."""
    before = getcontext()
    setcontext(RECKONING)
    try:
        return function(*given, **named)
    finally:
        setcontext(before)
