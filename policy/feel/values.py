"""Ranges, functions, and the way of Python's own values in and out.

Inside expressions a number is a `Decimal`, a list a `list`, a context a `dict` with text keys; lists and contexts
are never changed once made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from weakref import ReferenceType, ref

from policy.errors import EvaluationError
from policy.feel.problems import fail
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.types import FunctionType
from policy.messages import Said
from policy.values import LARGEST_EXPONENT, NUMBERS, Text

LONGEST_LIST = 100_000
"""Items of a list, and steps of a range, at most."""

LONGEST_STRING = 100_000
"""Code points of a computed text at most."""

MOST_STEPS = 200_000
"""Steps of one evaluation at most: a step is about half a microsecond, a round of a loop one or more of them."""

_DEEPEST = 100
_LARGEST = 10**4000  # Python writes no longer ones


class NoBound:
    """The end of a range that goes on without end."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_BOUND"


NO_BOUND = NoBound()
"""The only `NoBound`."""


@dataclass(frozen=True, slots=True)
class Range:
    """Everything between two values.

    Attributes:
        low: Its lower end, or `NO_BOUND`; None when that end was null.
        high: Its upper end, or `NO_BOUND`; None when that end was null.
        low_included: Whether the lower end belongs to it.
        high_included: Whether the upper end belongs to it.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool


_Result = TypeVar("_Result")


class Budget:
    """What one evaluation with loops may still spend.

    Once it has run some rounds, or at once, it is the one in force, to `done`: what takes long is then charged to it.

    Attributes:
        left: Steps.
        active: Function definitions that are being carried out.
        patterns: Regular expressions that were paid for.
    """

    __slots__ = ("__weakref__", "_mark", "_token", "active", "left", "patterns")

    def __init__(self, left: int = MOST_STEPS, *, at_once: bool = False) -> None:
        self.left = left
        self.active: set[int] = set()
        self.patterns: set[tuple[str, str]] = set()
        self._mark = left - FEW_STEPS
        self._token: Token[ReferenceType[Budget] | None] | None = None
        if at_once:
            self._take_force()

    def spend(self, steps: int) -> None:
        """Take so many steps.

        Raises:
            EvaluationError: there are not that many left.
        """
        self.left -= steps
        if self.left < self._mark:
            self._take_force()

    def _take_force(self) -> None:
        if self.left < 0:
            self.done(None)
            raise too_many_steps()
        self._mark = 0
        if self._token is None:
            self._token = _budget.set(ref(self))

    def done(self, value: Any) -> Any:
        """Put the budget before into force again and return `value`."""
        if self._token is not None:
            _budget.reset(self._token)
            self._token = None
        return value


# weak: of an evaluation that was broken off by an error nothing stays in force
_budget: ContextVar[ReferenceType[Budget] | None] = ContextVar("_budget", default=None)
MANY = 64
"""Items of a list it costs nothing to go over."""

_SOME = 16
_AT_ONCE = 4
_LONG = 200
_COMPARED = 4000
LONG_TEXT = 2000
"""Characters of a text that takes little to compare."""

FEW_STEPS = 256
"""Rounds of loops that are too few to be counted exactly."""


def alone(run: Callable[..., _Result], *given: Any) -> _Result:
    """Run the only loop of an expression, a long one, with a budget of its own."""
    budget = Budget()
    result = run(budget, *given)
    budget.done(None)
    return result


def charge(items: int) -> None:
    """Take what going over so many items at once costs from the budget in force: a round for four.

    Raises:
        EvaluationError: it is spent.
    """
    if items > _SOME:
        price(items // _AT_ONCE)


def in_force() -> Budget | None:
    """Return the budget in force."""
    found = _budget.get()
    return None if found is None else found()


def price(steps: int) -> None:
    """Take so many steps from the budget in force.

    Raises:
        EvaluationError: it is spent.
    """
    budget = in_force()
    if budget is not None:
        budget.spend(steps)


def price_text(text: str) -> None:
    """Take what reading a text once costs, where it is long."""
    if len(text) > _LONG:
        price(len(text) // _LONG)


def price_compared(characters: int) -> None:
    """Take what comparing so many characters costs.

    Raises:
        EvaluationError: it takes too long, or the budget is spent.
    """
    steps = characters // _COMPARED
    if steps > MOST_STEPS:
        raise too_many_steps()
    if steps:
        price(steps)


def price_texts(items: list[Any], times: int = 1, longest: int = LONGEST_STRING) -> None:
    """Take what comparing each text of a list so many times costs, as if it were like the other up to `longest`.

    Raises:
        EvaluationError: it takes too long, or the budget is spent.
    """
    price_compared(times * sum(min(len(each), longest) for each in items if each.__class__ is str))


def too_many_steps() -> EvaluationError:
    """Return the error of what would take too long."""
    code = "feel-too-many-steps"
    return EvaluationError(code, expected=MOST_STEPS)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value.

    Attributes:
        name: As written; empty for a function definition.
        parameters: Names of its parameters; None when it takes what one of several signatures says.
        apply: Takes the arguments by position.
        arrange: Brings named arguments into order, None when a name is not known.
        type: Types of its parameters and result; None for a built-in function.
    """

    name: str
    parameters: tuple[str, ...] | None
    apply: Callable[..., Any]
    arrange: Callable[[tuple[Any, ...], tuple[str, ...]], tuple[Any, ...] | None] | None = None
    type: FunctionType | None = None


KINDS: Mapping[type, Said] = {
    type(None): Text(zh="空值", en="null"),
    Decimal: Text(zh="数字", en="a number"),
    str: Text(zh="文本", en="a text"),
    bool: Text(zh="布尔值", en="true or false"),
    date: Text(zh="日期", en="a date"),
    Time: Text(zh="时间", en="a time"),
    DateTime: Text(zh="日期时间", en="a date and time"),
    DaysDuration: Text(zh="时长（天与时间）", en="a duration of days and time"),
    MonthsDuration: Text(zh="时长（年与月）", en="a duration of years and months"),
    list: Text(zh="列表", en="a list"),
    dict: Text(zh="上下文", en="a context"),
    Range: Text(zh="区间", en="a range"),
    Function: Text(zh="函数", en="a function"),
}
"""What a value of each class is called in sentences."""


def kind(value: object) -> Said:
    """Name what sort of value it is."""
    return KINDS.get(value.__class__, value.__class__.__name__)


def sized(items: list[Any]) -> list[Any]:
    """Return the list.

    Raises:
        EvaluationError: it has more items than a list may.
    """
    if len(items) > LONGEST_LIST:
        code = "feel-list-too-long"
        raise EvaluationError(code, found=len(items), expected=LONGEST_LIST)
    charge(len(items))
    return items


def sized_text(text: str) -> str:
    """Return the text.

    Raises:
        EvaluationError: it is longer than a text may be.
    """
    if len(text) > LONGEST_STRING:
        code = "feel-string-too-long"
        raise EvaluationError(code, found=len(text), expected=LONGEST_STRING)
    charge(len(text) // _AT_ONCE)
    return text


def number(value: float) -> Decimal:
    """Take over Python's own number.

    Raises:
        EvaluationError: it is NaN, infinite, has more than 34 digits or too large an exponent.
    """
    return finite(Decimal(repr(value)))


def finite(value: Decimal) -> Decimal:
    """Return the number.

    Raises:
        EvaluationError: it is NaN, infinite, has more than 34 digits or too large an exponent.
    """
    if value.__class__ is not Decimal:
        value = Decimal(value)
    if not value.is_finite() or (value and abs(value.adjusted()) > LARGEST_EXPONENT):
        code = "feel-number-refused"
        raise EvaluationError(code, found=str(value))
    if len(value.as_tuple().digits) > NUMBERS.prec and NUMBERS.plus(value) != value:
        code = "feel-number-refused"
        raise EvaluationError(code, found=str(value))
    return value


def from_python(value: object, depth: int = 0) -> Any:
    """Take over a Python value: numbers become decimals, tuples lists, and Python's own times and durations ours.

    Raises:
        EvaluationError: it is a number that is refused, of a class nothing here knows, or nested too deep.
    """
    known = _FROM.get(value.__class__)
    if known is not None:
        return known(value)
    if depth > _DEEPEST:
        code = "feel-value-too-deep"
        raise EvaluationError(code, expected=_DEEPEST)
    if isinstance(value, Mapping):
        return {_key(key): from_python(each, depth + 1) for key, each in _few(value).items()}
    if isinstance(value, list | tuple):
        return [from_python(each, depth + 1) for each in _few(value)]
    if isinstance(value, datetime):
        return DateTime.of(value)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    for base in (Decimal, str):
        if isinstance(value, base):
            return from_python(value.value if isinstance(value, Enum) else base(value))
    if isinstance(value, int):
        return _from_int(int(value))
    code = "feel-value-unknown"
    raise EvaluationError(code, found=type(value).__name__)


def _same(value: Any) -> Any:
    return value


def _few(value: Any) -> Any:
    if len(value) > LONGEST_LIST:
        code = "feel-list-too-long"
        raise EvaluationError(code, found=len(value), expected=LONGEST_LIST)
    return value


def _key(key: object) -> str:
    return str(key.value if isinstance(key, Enum) else key)


def _from_text(text: str) -> str:
    return text if len(text) <= LONGEST_STRING else sized_text(text)


def _from_int(value: int) -> Decimal:
    if abs(value) >= _LARGEST:
        code = "feel-number-refused"
        raise EvaluationError(code, found=f"{'-' * (value < 0)}1E+{int(value.bit_length() * 0.30103)}")
    return number(value)


def _from_float(value: Any) -> Decimal:
    if not math.isfinite(value):
        code = "feel-number-refused"
        raise EvaluationError(code, found=repr(value))
    return number(value)


_FROM: dict[type, Callable[[Any], Any]] = {
    type(None): _same,
    bool: _same,
    str: _from_text,
    Decimal: finite,
    int: _from_int,
    float: _from_float,
    date: _same,
    datetime: DateTime.of,
    time: Time.of,
    timedelta: DaysDuration.of,
    Time: _same,
    DateTime: _same,
    DaysDuration: _same,
    MonthsDuration: _same,
    Range: _same,
    Function: _same,
}


def call(function: Any, arguments: tuple[Any, ...]) -> Any:
    """Call a function value with arguments by position; null with a reason when it is none."""
    if function.__class__ is not Function:
        return fail("feel-not-a-function", found=kind(function))
    if function.parameters is not None and len(function.parameters) != len(arguments):
        return fail("feel-argument-count", found=len(arguments), expected=len(function.parameters))
    return function.apply(*arguments)


def call_named(function: Any, arguments: tuple[Any, ...], names: tuple[str, ...]) -> Any:
    """Call a function value with named arguments; null with a reason when a name is not one of its parameters."""
    if function.__class__ is not Function:
        return fail("feel-not-a-function", found=kind(function))
    if function.arrange is not None:
        arranged = function.arrange(arguments, names)
        return fail("feel-argument-names", found=names) if arranged is None else function.apply(*arranged)
    if function.parameters is None or sorted(function.parameters) != sorted(names):
        return fail("feel-argument-names", found=names)
    given = dict(zip(names, arguments, strict=True))
    return function.apply(*(given[name] for name in function.parameters))
