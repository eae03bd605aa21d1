"""What generated code calls besides operators: paths, filters, loops, functions, the clock and reference tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, getcontext
from typing import Any, Protocol

from policy.errors import EvaluationError
from policy.feel.builtins.temporal import PROPERTIES
from policy.feel.operations import truth
from policy.feel.problems import fail
from policy.feel.reckoning import RECKONING, reckon
from policy.feel.temporal import DateTime, days_later
from policy.feel.typerules import CLASSES, is_within
from policy.feel.types import AnyType, ContextType, DateTimeType, FunctionType, ListType, NullType, RangeType, Type
from policy.feel.values import (
    FEW_STEPS,
    LONGEST_LIST,
    MANY,
    NO_BOUND,
    Budget,
    Function,
    Range,
    alone,
    charge,
    kind,
    sized,
)


class Environment(Protocol):
    """What is around an evaluation.

    Attributes:
        today: The day it is for.
        now: The instant it is for; None when only the day is known.
    """

    @property
    def today(self) -> date:
        """Return the day."""

    @property
    def now(self) -> DateTime | None:
        """Return the instant."""

    def lookup(self, name: str, keys: tuple[Any, ...]) -> Any:
        """Return the row of a reference table, or None."""


# paths


def path(value: Any, name: str) -> Any:
    """Give `value.name`; over a list, the list of it for every item."""
    if value.__class__ is dict:
        if name in value:
            return value[name]
        return fail("feel-no-entry", found=name)
    if value is None:
        return fail("feel-null-path", found=name)
    if value.__class__ is list:
        return _list_path(value, name, {})
    if value.__class__ is Range:
        return _range_property(value, name)
    read = PROPERTIES.get(value.__class__, {}).get(name)
    return fail("feel-no-path", left=kind(value), found=name) if read is None else read(value)


def column(items: Any, name: str) -> Any:
    """Give `items.name` where the items are known to be contexts with that field."""
    if items is None:
        return fail("feel-null-path", found=name)
    if len(items) > MANY:
        charge(len(items))
    try:
        return [item[name] for item in items]
    except (KeyError, TypeError):  # one is missing, or its field is
        return [None if item is None else item.get(name) for item in items]


def _list_path(items: list[Any], name: str, seen: dict[int, list[Any]]) -> list[Any]:
    # lists that occur twice are read once: their number may double with every level
    if id(items) not in seen:
        charge(len(items))
        seen[id(items)] = [
            _list_path(item, name, seen) if item.__class__ is list else path(item, name) for item in items
        ]
    return seen[id(items)]


def _range_property(span: Range, name: str) -> Any:
    if name == "start":
        return None if span.low is NO_BOUND else span.low
    if name == "end":
        return None if span.high is NO_BOUND else span.high
    included = {"start included": span.low_included, "end included": span.high_included}
    return included[name] if name in included else fail("feel-no-path", left=kind(span), found=name)


# filters take None for a budget where they are the only loop of an expression: a short one needs none


def position(items: Any, place: Any) -> Any:
    """Give the item at a place, from 1, or from the end with a negative one; null outside."""
    if place.__class__ is not Decimal:
        return fail("feel-filter", found=kind(place))
    if items.__class__ is not list:
        items = [] if items is None else [items]
    at = int(place) if place.adjusted() < 10 else 0
    if at != place or not (1 <= at <= len(items) or -len(items) <= at <= -1):
        return fail("feel-index", found=str(place))
    return items[at - 1 if at > 0 else at]


def kept(budget: Budget | None, weight: int, items: Any, test: Callable[[Any], Any]) -> Any:
    """Give the items whose test is true."""
    listed = _items(items)
    if budget is not None:
        budget.spend(len(listed) * weight)
    elif len(listed) * weight > FEW_STEPS:
        return alone(kept, weight, listed, test)
    return [item for item in listed if test(item) is True]


def kept_known(budget: Budget | None, weight: int, items: Any, test: Callable[[Any], Any]) -> Any:
    """Give the items whose test is true; unknown when the list is missing or a test is unknown."""
    if items is None:
        return fail("feel-null-operand", sign="[…]")
    items = _items(items)
    if budget is not None:
        budget.spend(len(items) * weight)
    elif len(items) * weight > FEW_STEPS:
        return alone(kept_known, weight, items, test)
    found = []
    for item in items:
        result = test(item)
        if result is True:
            found.append(item)
        elif result is not False:
            return truth(result) and None
    return found


def selected(budget: Budget | None, weight: int, items: Any, test: Callable[[Any], Any]) -> Any:
    """Give what a filter whose sort is only known at run time selects: one item or those that pass."""
    return _selected(budget, weight, items, test, kept)


def selected_known(budget: Budget | None, weight: int, items: Any, test: Callable[[Any], Any]) -> Any:
    """Give the same, unknown when the list is missing or a test is unknown."""
    return _selected(budget, weight, items, test, kept_known)


def _selected(
    budget: Budget | None, weight: int, items: Any, test: Callable[[Any], Any], keep: Callable[..., Any]
) -> Any:
    listed = _items(items)
    first = test(listed[0] if listed else None)
    if first.__class__ is Decimal:
        return position(items, first)
    if first is not None and first.__class__ is not bool:
        return fail("feel-filter", found=kind(first))
    return keep(budget, weight, items, test)


def _items(items: Any) -> list[Any]:
    if items.__class__ is list:
        return items
    return [] if items is None else [items]


# loops


def steps(low: Any, high: Any) -> Any:
    """Give the whole numbers or days from `low` to `high`, down when `high` is before."""
    if low.__class__ is Decimal and high.__class__ is Decimal and _is_small(low) and _is_small(high):
        return [Decimal(each) for each in _counted(int(low), int(high))]
    if low.__class__ is date and high.__class__ is date:
        first = low.toordinal()
        return [days_later(low, each - first) for each in _counted(first, high.toordinal())]
    return fail("feel-not-a-loop", found=kind(high if low.__class__ in (Decimal, date) else low))


def _is_small(number: Decimal) -> bool:
    return number.adjusted() < 18 and number == number.to_integral_value()


def _counted(low: int, high: int) -> range:
    step = 1 if low <= high else -1
    if abs(high - low) >= LONGEST_LIST:
        code = "feel-range-too-long"
        raise EvaluationError(code, found=abs(high - low) + 1, expected=LONGEST_LIST)
    return range(low, high + step, step)


def source(value: Any) -> Any:
    """Give what a loop goes over: the items of a list, the steps of a range, or one value."""
    if value.__class__ is list:
        return value
    if value is None:
        return fail("feel-not-a-loop", found="null")
    if value.__class__ is Range:
        return _range_steps(value)
    return [value]


def _range_steps(span: Range) -> Any:
    listed = steps(span.low, span.high)
    if listed is None:
        return None
    if span.low > span.high:
        return fail("feel-not-a-loop", found=kind(span))
    return listed[0 if span.low_included else 1 : len(listed) if span.high_included else -1]


def loop(budget: Budget, weight: int, values: Any, body: Callable[[Any], Any]) -> list[Any] | None:
    """Give `body` of every item."""
    items = values if values.__class__ is list else source(values)
    if items is None:
        return None
    budget.spend(len(items) * weight)
    return [body(item) for item in items]


def loop_joined(budget: Budget, weight: int, values: Any, body: Callable[[Any], Any]) -> list[Any] | None:
    """Give the lists that `body` gives of every item as one list."""
    items = source(values)
    if items is None:
        return None
    budget.spend(len(items) * weight)
    found: list[Any] = []
    for item in items:
        inner = body(item)
        if inner is None:
            return None
        found += inner
        if len(found) > LONGEST_LIST:
            return sized(found)
    return found


def loop_partial(
    budget: Budget, weight: int, values: Any, found: list[Any], body: Callable[[Any], Any]
) -> list[Any] | None:
    """Put `body` of every item at the end of `found`, which the bodies read."""
    items = source(values)
    if items is None:
        return None
    for item in items:
        budget.spend(weight + len(found) // 8)
        found.append(body(item))
    return sized(found)


def loop_nested(budget: Budget, weight: int, values: Any, body: Callable[[Any], Any]) -> bool | None:
    """Run an inner loop for every item; null when one could not run."""
    items = source(values)
    if items is None:
        return None
    budget.spend(len(items) * weight)
    for item in items:
        if body(item) is None:
            return None
    return True


def some(budget: Budget, weight: int, values: Any, test: Callable[[Any], Any]) -> bool | None:
    """Say whether a test holds of an item: unknown when none does and one is unknown."""
    items = values if values.__class__ is list else source(values)
    if items is None:
        return None
    budget.spend(len(items) * weight)
    outcome: bool | None = False
    for item in items:
        result = test(item)
        if result is True:
            return True
        if result is None:
            outcome = None
    return outcome


def every(budget: Budget, weight: int, values: Any, test: Callable[[Any], Any]) -> bool | None:
    """Say whether a test holds of every item: unknown when none fails and one is unknown."""
    items = values if values.__class__ is list else source(values)
    if items is None:
        return None
    budget.spend(len(items) * weight)
    outcome: bool | None = True
    for item in items:
        result = test(item)
        if result is False:
            return False
        if result is None:
            outcome = None
    return outcome


# functions


def define(
    budget: Budget, weight: int, site: int, names: tuple[str, ...], of: FunctionType, body: Callable[..., Any]
) -> Function:
    """Give a function value.

    Args:
        budget: What the evaluation may spend.
        weight: The steps of one call.
        site: Number of the definition in the expression; it is never entered twice at once.
        names: Names of the parameters.
        of: Their types, and that of the result.
        body: Takes the arguments by position.
    """
    takes_any = all(isinstance(each, AnyType) for each in of.parameters or ())

    def apply(*arguments: Any) -> Any:
        """Call the body with arguments that fit the parameters, null where they do not; never within itself."""
        budget.spend(weight)
        if site in budget.active:
            code = "feel-recursion"
            raise EvaluationError(code)
        given = arguments if takes_any else _given(names, of, arguments)
        if given is None:
            return None
        budget.active.add(site)
        try:
            # a function may be called when the evaluation that defined it is over
            return body(*given) if getcontext() is RECKONING else reckon(body, *given)
        finally:
            budget.active.discard(site)

    return Function("", names, apply, None, of)


def _given(names: tuple[str, ...], of: FunctionType, arguments: tuple[Any, ...]) -> Any:
    """Return the arguments as the parameters' types; null with a reason where one is none."""
    given = []
    for name, each, argument in zip(names, of.parameters or (), arguments, strict=True):
        given.append(_as(argument, each))
        if given[-1] is None and argument is not None:
            return fail("feel-argument-kind", parameter=name)
    return given


def _as(value: Any, of: Type) -> Any:
    """Return a value as one of a type: a list of one item may stand for it, or it for a list; None where it cannot."""
    if value is None or conforms(value, of):
        return value
    if value.__class__ is list and len(value) == 1 and conforms(value[0], of):
        return value[0]
    if isinstance(of, ListType) and conforms(value, of.of):
        return [value]
    return DateTime(value, 0, 0) if value.__class__ is date and isinstance(of, DateTimeType) else None


def conforms(value: Any, of: Type) -> bool:
    """Say whether a value is of a type; null is, of every one, inside lists and contexts."""
    return _conforms(value, of, {})


_Seen = dict[tuple[int, int], bool]


def _conforms(value: Any, of: Type, seen: _Seen) -> bool:
    if isinstance(of, AnyType):
        return True
    if value.__class__ is not CLASSES[type(of)]:
        return False
    inside = _INSIDE.get(type(of))
    if inside is None:
        return True
    key = (id(value), id(of))
    if key not in seen:
        seen[key] = inside(value, of, seen)
    return seen[key]


def _list_conforms(value: list[Any], of: ListType, seen: _Seen) -> bool:
    charge(len(value))
    return all(item is None or _conforms(item, of.of, seen) for item in value)


def _context_conforms(value: dict[str, Any], of: ContextType, seen: _Seen) -> bool:
    return all(
        name in value and (value[name] is None or _conforms(value[name], each, seen))
        for name, each in of.fields.items()
    )


def _range_conforms(value: Range, of: RangeType, seen: _Seen) -> bool:
    return all(end is None or end is NO_BOUND or _conforms(end, of.of, seen) for end in (value.low, value.high))


def _function_conforms(value: Function, of: FunctionType, _seen: _Seen) -> bool:
    if of.parameters is None or value.type is None:
        return True
    parameters = value.type.parameters or ()
    if len(of.parameters) != len(parameters):
        return False
    taken = all(is_within(asked, given) for asked, given in zip(of.parameters, parameters, strict=True))
    return taken and is_within(value.type.result, of.result)


_INSIDE: dict[type, Callable[[Any, Any, _Seen], bool]] = {
    ListType: _list_conforms,
    ContextType: _context_conforms,
    RangeType: _range_conforms,
    FunctionType: _function_conforms,
}


def instance(value: Any, of: Type) -> bool:
    """Give `value instance of type`; null is an instance of nothing but `Null`."""
    return conforms(value, of) and (value is not None or isinstance(of, NullType))


# surroundings


def now(env: Environment) -> DateTime:
    """Give the instant the evaluation is for.

    Raises:
        EvaluationError: only the day is known.
    """
    if env.now is None:
        code = "now-without-time"
        raise EvaluationError(code)
    return env.now


def lookup(env: Environment, name: Any, keys: tuple[Any, ...]) -> Any:
    """Give the row of a reference table; null when a key is missing."""
    if name.__class__ is not str or any(key is None for key in keys):
        return fail("feel-lookup-missing")
    return env.lookup(name, keys)
