"""Evaluating one expression by itself, and compiling it to a Python function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from typing import Literal as Choice

from policy.errors import EvaluationError
from policy.feel import nodes as n
from policy.feel.builtins import NAMES
from policy.feel.checker import check
from policy.feel.compiler import Emitter
from policy.feel.parser import parse, parse_tests
from policy.feel.problems import Note, noting
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time, read_temporal
from policy.feel.types import ANY, Type
from policy.feel.values import Function, Range, from_python

Missing = Choice["null", "unknown"]
Moment = date | datetime | DateTime | str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The clock of an evaluation outside any policy.

    Attributes:
        as_of: The day or instant it is for; None when nobody said.
    """

    as_of: date | DateTime | None = None

    @property
    def today(self) -> date:
        """Return the day.

        Raises:
            EvaluationError: nobody said for which day.
        """
        if self.as_of is None:
            code = "today-without-day"
            raise EvaluationError(code)
        return self.as_of.day if isinstance(self.as_of, DateTime) else self.as_of

    @property
    def now(self) -> DateTime | None:
        """Return the instant; None when only the day is known.

        Raises:
            EvaluationError: nobody said for which instant.
        """
        if self.as_of is None:
            code = "now-without-instant"
            raise EvaluationError(code)
        return self.as_of if isinstance(self.as_of, DateTime) else None

    def lookup(self, name: str, keys: tuple[Any, ...]) -> Any:
        """Refuse: there are no reference tables outside a policy.

        Raises:
            EvaluationError: always.
        """
        del keys
        code = "lookup-without-tables"
        raise EvaluationError(code, found=name)


_NOWHERE = Surroundings()


def evaluate(
    text: str,
    context: Mapping[str, Any] = MappingProxyType({}),
    *,
    as_of: Moment = None,
    problems: list[Note] | None = None,
    missing: Missing = "null",
) -> Any:
    """Evaluate an expression.

    An error of meaning is null, as the language has it: a division by zero, a text that is no date, a day outside the
    years 1 to 9999; `problems` says which.

    Args:
        text: The expression.
        context: Values of its variables; Python's own numbers, dates and durations are taken over exactly.
        as_of: What `today()` and `now()` give, which never read the clock: without it they are refused, as `now()` is
            with a day alone. A text is read as ISO 8601.
        problems: Receives the reason of every null that comes from an error of meaning.
        missing: "null" for FEEL's reading of missing data, "unknown" for that of policies.

    Returns:
        None, bool, str, Decimal, `datetime.date`, list, dict, or one of `Time`, `DateTime`, `DaysDuration`,
        `MonthsDuration`, `Range` and `Function` of this package. Times, dates with times and durations of days are
        Python's own by their method `to_python()`, and as ISO 8601 writes them by `str`.

    Raises:
        ExpressionError: the text cannot be read.
        EvaluationError: a bound of cost was reached, or the clock was asked and not given.
        ValueError: `missing` or `as_of` is none of what it may be.

    Example:
        >>> evaluate("deal.amount * 0.03", {"deal": {"amount": 1000}})
        Decimal('30.00')
        >>> str(evaluate('today() + duration("P7D")', as_of="2026-03-01"))
        '2026-03-08'
        >>> reasons = []
        >>> evaluate("1 / 0", problems=reasons) is None, reasons[0].code
        (True, 'feel-division-by-zero')
    """
    values, names = _taken(context)
    function = _made(text, names, frozenset(values), missing, cell=False)
    with noting(problems):
        found = function(values, _surroundings(as_of))
    return _unsigned(found)


def _unsigned(found: Any) -> Any:
    """Return the value without the sign of a zero in it, which numbers of the language do not have.

    Lists and contexts are changed where they stand: they are this evaluation's own.
    """
    whole = [found]
    waiting: list[Any] = [whole]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        for key, value in each.items() if each.__class__ is dict else enumerate(each):
            if value.__class__ is Decimal:
                if not value and value.is_signed():
                    each[key] = value.copy_abs()
            elif value.__class__ is Range:
                each[key] = replace(value, low=_unsigned(value.low), high=_unsigned(value.high))
            elif value.__class__ in (list, dict):
                waiting.append(value)
    return whole[0]


def unary_test(
    text: str,
    value: Any,
    context: Mapping[str, Any] = MappingProxyType({}),
    *,
    as_of: Moment = None,
    problems: list[Note] | None = None,
    missing: Missing = "null",
) -> bool | None:
    """Say whether a cell of a decision table holds of a value.

    Args:
        text: The cell.
        value: What it tests, `?`.
        context: Values of its variables.
        as_of: What `today()` and `now()` give; a text is read as ISO 8601.
        problems: Receives the reason of every null that comes from an error of meaning.
        missing: "null" for FEEL's reading of missing data, "unknown" for that of policies.

    Raises:
        ExpressionError: the text cannot be read.
        EvaluationError: a bound of cost was reached, or the clock was asked and not given.
        ValueError: `missing` or `as_of` is none of what it may be.

    Example:
        >>> unary_test("[1..5], 10", 10)
        True
    """
    values, names = _taken(context)
    function = _made(text, names, frozenset(values), missing, cell=True)
    with noting(problems):
        return function(values, _surroundings(as_of), from_python(value))  # type: ignore[no-any-return]


def compile(  # noqa: A001 - the language's word
    text: str, names: Iterable[str] | Mapping[str, Type] = (), *, missing: Missing = "null"
) -> Callable[..., Any]:
    """Compile an expression to a function of a context.

    Args:
        text: The expression.
        names: Names of its variables, with their types where known; needed for names with spaces.
        missing: "null" for FEEL's reading of missing data, "unknown" for that of policies.

    Returns:
        A function of the values of its variables, taken over as in `evaluate`, and of surroundings with `today`, `now`
        and `lookup` where the expression asks for them. It is quickest with values as described in
        `policy.feel.values` (see `from_python`): these are taken as they are.

    Raises:
        ExpressionError: the text cannot be read.

    Example:
        >>> commission = compile("amount * 0.03", ["amount"])
        >>> commission({"amount": Decimal(1000)}), commission({"amount": 12.5})
        (Decimal('30.00'), Decimal('0.375'))
    """
    _check_missing(missing)
    scope = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, ANY)
    function = _function(parse(text, scope), scope, missing, cell=False, closed=False)

    def evaluated(context: Mapping[str, Any], env: Any = _NOWHERE) -> Any:
        """Give the value of the expression for these values of its variables."""
        found = function(context if _are_own(context.values()) else from_python(context), env)
        return found.copy_abs() if found.__class__ is Decimal and not found else found

    return evaluated


_OWN = frozenset({Decimal, str, bool, type(None), date, Time, DateTime, DaysDuration, MonthsDuration, Range, Function})


def _are_own(values: Iterable[Any]) -> bool:
    """Say whether all of the values are the language's own already: to look costs a part of what converting does."""
    for each in values:
        kind = each.__class__
        if kind in _OWN:
            continue
        if not (kind is dict and _are_own(each.values())) and not (kind is list and _are_own(each)):
            return False
    return True


def _check_missing(missing: str) -> None:
    if missing not in ("null", "unknown"):
        msg = f'missing is "null" or "unknown", not {missing!r}'
        raise ValueError(msg)


def _taken(context: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    values = from_python(context)
    names: set[str] = set()
    _collect(values, names)
    return values, frozenset(names)


def _collect(value: Any, names: set[str]) -> None:
    if isinstance(value, dict):
        names.update(value)
        for each in value.values():
            _collect(each, names)
    elif isinstance(value, list):
        for each in value:
            _collect(each, names)


def _moment(text: str) -> date | DateTime:
    found = read_temporal(text)
    if found is None or not isinstance(found, date | DateTime):
        msg = f"as_of is a day or an instant as ISO 8601 writes them, not {text!r}"
        raise ValueError(msg)
    return found


def _surroundings(as_of: Moment) -> Surroundings:
    if as_of is None:
        return _NOWHERE
    if isinstance(as_of, str):
        as_of = _moment(as_of)
    return Surroundings(DateTime.of(as_of) if isinstance(as_of, datetime) else as_of)


@lru_cache(maxsize=512)
def _made(
    text: str, names: frozenset[str], variables: frozenset[str], missing: Missing, *, cell: bool
) -> Callable[..., Any]:
    _check_missing(missing)
    node = parse_tests(text, names) if cell else parse(text, names)
    return _function(node, dict.fromkeys(variables, ANY), missing, cell=cell, closed=True)


def _function(
    node: n.Node, scope: Mapping[str, Type], missing: Missing, *, cell: bool, closed: bool
) -> Callable[..., Any]:
    def resolve(path: tuple[str, ...]) -> str | None:
        """Return the code that reads a name from the context, None where it is no name of it."""
        name = path[0]
        if len(path) > 1 or (name not in scope and (closed or name in NAMES)):
            return None
        if closed:
            return f"c[{name!r}]"
        return f"c[{name!r}] if {name!r} in c else _fail('feel-unknown-variable', found={name!r})"

    emitter = Emitter(missing=missing, resolve=resolve, parameters=("c", "env", "subject") if cell else ("c", "env"))
    checked = check(node, scope, subject=ANY if cell else None)
    source = emitter.test(checked, "subject") if cell else emitter.expression(checked)
    emitter.namespace["_nowhere"] = _NOWHERE
    return emitter.function(f"return {source}", parameters=() if cell else ("c", "env=_nowhere"))
