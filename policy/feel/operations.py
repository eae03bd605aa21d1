"""The operators of expressions on values whose types are only known at run time.

Every operation takes any value. A meaning that does not exist (text plus number, a local time before one with an
offset) is null with a noted reason. Equality and membership exist in two readings: FEEL's own, where null is a value
like others, and `known_…`, where a comparison with something missing is unknown (null).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

from policy.feel.problems import fail
from policy.feel.temporal import DAY, DateTime, DaysDuration, MonthsDuration, Time, days_later, months_later
from policy.feel.values import LONG_TEXT, MANY, NO_BOUND, Range, kind, price, price_compared, price_texts, sized_text
from policy.values import NUMBERS

_plus = NUMBERS.add
_minus = NUMBERS.subtract
_times = NUMBERS.multiply
_over = NUMBERS.divide
_LONGEST_DURATION = 10**30

_ORDERED = frozenset([Decimal, str, date, DaysDuration, MonthsDuration])
_SCALARS = frozenset([Decimal, str, bool, date, DaysDuration, MonthsDuration])


# arithmetic


def add(left: Any, right: Any) -> Any:
    """Give `left + right`."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _plus(left, right)
        except DecimalException:
            return fail("feel-overflow", sign="+")
    found = _ADDED.get((left.__class__, right.__class__))
    if found is not None:
        return found(left, right)
    return _no_meaning("+", left, right)


def subtract(left: Any, right: Any) -> Any:
    """Give `left - right`."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _minus(left, right)
        except DecimalException:
            return fail("feel-overflow", sign="-")
    found = _SUBTRACTED.get((left.__class__, right.__class__))
    if found is not None:
        return found(left, right)
    return _no_meaning("-", left, right)


def multiply(left: Any, right: Any) -> Any:
    """Give `left * right`."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        try:
            return _times(left, right)
        except DecimalException:
            return fail("feel-overflow", sign="*")
    if right.__class__ is Decimal and left.__class__ in (DaysDuration, MonthsDuration):
        return _scaled(left, right)
    if left.__class__ is Decimal and right.__class__ in (DaysDuration, MonthsDuration):
        return _scaled(right, left)
    return _no_meaning("*", left, right)


def divide(left: Any, right: Any) -> Any:
    """Give `left / right`."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        if not right:
            return fail("feel-division-by-zero")
        try:
            return _over(left, right)
        except DecimalException:
            return fail("feel-overflow", sign="/")
    if left.__class__ is DaysDuration or left.__class__ is MonthsDuration:
        return _divided(left, right)
    return _no_meaning("/", left, right)


def power(left: Any, right: Any) -> Any:
    """Give `left ** right`."""
    if left.__class__ is not Decimal or right.__class__ is not Decimal:
        return _no_meaning("**", left, right)
    if not right:
        return Decimal(1)
    if not left and right < 0:
        return fail("feel-division-by-zero")
    if left < 0 and right != right.to_integral_value():
        return fail("feel-root-of-negative")
    price(10 if right == right.to_integral_value() else 220)
    try:
        return NUMBERS.power(left, right)
    except DecimalException:
        return fail("feel-overflow", sign="**")


def negate(value: Any) -> Any:
    """Give `-value`."""
    if value.__class__ is Decimal:
        return NUMBERS.minus(value)
    if value.__class__ is DaysDuration:
        return DaysDuration(-value.nanos)
    if value.__class__ is MonthsDuration:
        return MonthsDuration(-value.months)
    return fail("feel-wrong-operand", sign="-", found=kind(value))


def _no_meaning(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return fail("feel-null-operand", sign=sign)
    return fail("feel-wrong-operands", sign=sign, left=kind(left), right=kind(right))


def _days(nanos: int) -> Any:
    return DaysDuration(nanos) if abs(nanos) < _LONGEST_DURATION else fail("feel-duration-too-long")


def _months(months: int) -> Any:
    return MonthsDuration(months) if abs(months) < _LONGEST_DURATION else fail("feel-duration-too-long")


def _within(value: Any) -> Any:
    return fail("feel-year-out-of-range") if value is None else value


def _scaled(duration: Any, factor: Decimal) -> Any:
    if factor.adjusted() > 30:
        return fail("feel-duration-too-long")
    if duration.__class__ is DaysDuration:
        return _days(int(_times(Decimal(duration.nanos), factor)))
    return _months(int(_times(Decimal(duration.months), factor)))


def _divided(duration: Any, by: Any) -> Any:
    amount = duration.nanos if duration.__class__ is DaysDuration else duration.months
    if by.__class__ is duration.__class__:
        unit = by.nanos if duration.__class__ is DaysDuration else by.months
        return _over(Decimal(amount), Decimal(unit)) if unit else fail("feel-division-by-zero")
    if by.__class__ is not Decimal:
        return _no_meaning("/", duration, by)
    if not by:
        return fail("feel-division-by-zero")
    if by.adjusted() < -30:
        return fail("feel-duration-too-long")
    quotient = int(_over(Decimal(amount), by))
    return _days(quotient) if duration.__class__ is DaysDuration else _months(quotient)


def whole_days(sign: str, duration: DaysDuration) -> int:
    """Return how many days later a day is after `+` or `-` a duration."""
    return (duration.nanos if sign == "+" else -duration.nanos) // DAY


def days_after(day: date, days: int) -> Any:
    """Give the day so many days later."""
    later = days_later(day, days)
    return fail("feel-year-out-of-range") if later is None else later


def _date_plus_days(day: date, duration: DaysDuration) -> Any:
    return days_after(day, whole_days("+", duration))


def _date_minus_days(day: date, duration: DaysDuration) -> Any:
    return days_after(day, whole_days("-", duration))


def _moments(left: Any, right: Any) -> Any:
    if left.is_local is not right.is_local:
        return fail("feel-local-and-zoned", sign="-")
    return DaysDuration(left.moment - right.moment)


def _midnight(day: date) -> DateTime:
    return DateTime(day, 0, 0)


_Operation = Callable[[Any, Any], Any]

_ADDED: dict[tuple[type, type], _Operation] = {
    (str, str): lambda a, b: sized_text(a + b),
    (DaysDuration, DaysDuration): lambda a, b: _days(a.nanos + b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: _months(a.months + b.months),
    (date, DaysDuration): _date_plus_days,
    (DaysDuration, date): lambda a, b: _date_plus_days(b, a),
    (date, MonthsDuration): lambda a, b: _within(months_later(a, b.months)),
    (MonthsDuration, date): lambda a, b: _within(months_later(b, a.months)),
    (DateTime, DaysDuration): lambda a, b: _within(a.plus(b)),
    (DaysDuration, DateTime): lambda a, b: _within(b.plus(a)),
    (DateTime, MonthsDuration): lambda a, b: _within(a.plus_months(b)),
    (MonthsDuration, DateTime): lambda a, b: _within(b.plus_months(a)),
    (Time, DaysDuration): lambda a, b: a.plus(b),
    (DaysDuration, Time): lambda a, b: b.plus(a),
}

_SUBTRACTED: dict[tuple[type, type], _Operation] = {
    (DaysDuration, DaysDuration): lambda a, b: _days(a.nanos - b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: _months(a.months - b.months),
    (date, DaysDuration): _date_minus_days,
    (date, MonthsDuration): lambda a, b: _within(months_later(a, -b.months)),
    (DateTime, DaysDuration): lambda a, b: _within(a.plus(DaysDuration(-b.nanos))),
    (DateTime, MonthsDuration): lambda a, b: _within(a.plus_months(MonthsDuration(-b.months))),
    (Time, DaysDuration): lambda a, b: a.plus(DaysDuration(-b.nanos)),
    (date, date): lambda a, b: DaysDuration((a - b).days * DAY),
    (DateTime, DateTime): _moments,
    (Time, Time): _moments,
    (date, DateTime): lambda a, b: _moments(_midnight(a), b),
    (DateTime, date): lambda a, b: _moments(a, _midnight(b)),
}


def operation(sign: str, left: type, right: type) -> _Operation | None:
    """Return what `+` or `-` does to values of two classes; None for other signs and for numbers."""
    return {"+": _ADDED, "-": _SUBTRACTED}.get(sign, {}).get((left, right))


# order


def less(left: Any, right: Any) -> bool | None:
    """Give `left < right`."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        if left.__class__ is str and len(left) > LONG_TEXT:
            price_compared(len(left))
        return bool(left < right)
    pair = _placed(left, right, "<")
    return None if pair is None else bool(pair[0] < pair[1])


def at_most(left: Any, right: Any) -> bool | None:
    """Give `left <= right`."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        if left.__class__ is str and len(left) > LONG_TEXT:
            price_compared(len(left))
        return bool(left <= right)
    pair = _placed(left, right, "<=")
    return None if pair is None else bool(pair[0] <= pair[1])


def more(left: Any, right: Any) -> bool | None:
    """Give `left > right`."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        if left.__class__ is str and len(left) > LONG_TEXT:
            price_compared(len(left))
        return bool(left > right)
    pair = _placed(left, right, ">")
    return None if pair is None else bool(pair[0] > pair[1])


def at_least(left: Any, right: Any) -> bool | None:
    """Give `left >= right`."""
    if left.__class__ is right.__class__ and left.__class__ in _ORDERED:
        if left.__class__ is str and len(left) > LONG_TEXT:
            price_compared(len(left))
        return bool(left >= right)
    pair = _placed(left, right, ">=")
    return None if pair is None else bool(pair[0] >= pair[1])


def _placed(left: Any, right: Any, sign: str) -> Any:
    if left.__class__ is right.__class__ and left.__class__ in (Time, DateTime):
        if left.is_local is right.is_local:
            return left.moment, right.moment
        return fail("feel-local-and-zoned", sign=sign)
    return _incomparable(left, right, sign)


def _incomparable(left: Any, right: Any, sign: str) -> Any:
    if left is None or right is None:
        return fail("feel-null-operand", sign=sign)
    return fail("feel-incomparable", sign=sign, left=kind(left), right=kind(right))


# equality


def equal(left: Any, right: Any) -> Any:
    """Give `left = right` as FEEL reads it: null equals null alone."""
    result = same(left, right)
    return _incomparable(left, right, "=") if result is None else result


def unequal(left: Any, right: Any) -> Any:
    """Give `left != right` as FEEL reads it."""
    result = same(left, right)
    if result is None:
        return _incomparable(left, right, "!=")
    return not result


def known_equal(left: Any, right: Any) -> bool | None:
    """Give `left = right`, unknown where something is missing."""
    if left is None or right is None:
        return None
    result = known_same(left, right)
    if result is None and left.__class__ is not right.__class__:
        _incomparable(left, right, "=")
    return result


def known_unequal(left: Any, right: Any) -> bool | None:
    """Give `left != right`, unknown where something is missing."""
    result = known_equal(left, right)
    return None if result is None else not result


def same(left: Any, right: Any) -> bool | None:
    """Compare two values, null being a value; None when they are of different sorts. Notes nothing."""
    if left is None or right is None:
        return left is right
    if left.__class__ is not right.__class__:
        return None
    if left.__class__ in _SCALARS:
        if left.__class__ is str and len(left) > LONG_TEXT:
            price_compared(len(left))
        return bool(left == right)
    return _Comparing(same).whole(left, right)


def known_same(left: Any, right: Any) -> bool | None:
    """Compare two values; None when they are of different sorts or it depends on something missing."""
    if left is None or right is None or left.__class__ is not right.__class__:
        return None
    return same(left, right) if left.__class__ in _SCALARS else _Comparing(known_same).whole(left, right)


class _Comparing:
    """One comparison of lists, contexts, ranges or clocks; parts that occur twice are compared once."""

    def __init__(self, plain: Callable[[Any, Any], bool | None]) -> None:
        self.plain = plain
        self.seen: dict[tuple[int, int], bool | None] = {}

    def parts(self, left: Any, right: Any) -> bool | None:
        """Compare two parts, None where that is not known."""
        alike = left.__class__ is right.__class__ and left.__class__ in _WHOLES
        return self.whole(left, right) if alike else self.plain(left, right)

    def whole(self, left: Any, right: Any) -> bool | None:
        """Compare two values of one class that have parts; None where that is not known."""
        compare = _WHOLES.get(left.__class__)
        if compare is None:
            return left is right
        key = (id(left), id(right))
        if key not in self.seen:
            self.seen[key] = compare(self, left, right)
        return self.seen[key]


def _same_list(comparing: _Comparing, left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    price(4 + len(left))
    if len(left) > MANY:
        price_texts(left)
    return _all(comparing.parts(one, other) for one, other in zip(left, right, strict=True))


def _same_context(comparing: _Comparing, left: dict[str, Any], right: dict[str, Any]) -> bool | None:
    price(4 + len(left))
    if left.keys() != right.keys():
        return False
    return _all(comparing.parts(one, right[key]) for key, one in left.items())


def _same_clock(_comparing: _Comparing, left: Any, right: Any) -> bool | None:
    return bool(left == right)


def _same_range(comparing: _Comparing, left: Range, right: Range) -> bool | None:
    if (left.low_included, left.high_included) != (right.low_included, right.high_included):
        return False
    return _all(_same_end(comparing, *ends) for ends in ((left.low, right.low), (left.high, right.high)))


def _same_end(comparing: _Comparing, left: Any, right: Any) -> bool | None:
    if left is NO_BOUND or right is NO_BOUND:
        return left is right
    return comparing.parts(left, right)


_WHOLES: dict[type, Callable[[_Comparing, Any, Any], bool | None]] = {
    list: _same_list,
    dict: _same_context,
    Time: _same_clock,
    DateTime: _same_clock,
    Range: _same_range,
}


def _all(results: Any) -> bool | None:
    outcome: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is None:
            outcome = None
    return outcome


def _any(results: Any) -> bool | None:
    outcome: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is None:
            outcome = None
    return outcome


# membership


def within(value: Any, span: Range) -> bool | None:
    """Say whether `value` lies in the range."""
    low, high = span.low, span.high
    above = True if low is NO_BOUND else (at_least if span.low_included else more)(value, low)
    if above is False:
        return False
    below = True if high is NO_BOUND else (at_most if span.high_included else less)(value, high)
    if below is False:
        return False
    return None if above is None or below is None else True


def member(value: Any, items: list[Any]) -> bool | None:
    """Say whether `value` equals an item of the list, or lies in a range of it."""
    price(1 + len(items) // 2)
    if value.__class__ is str and len(value) > LONG_TEXT:
        price_texts(items, longest=len(value))
    return _any(
        within(value, item) if item.__class__ is Range and value.__class__ is not Range else same(value, item) is True
        for item in items
    )


def known_member(value: Any, items: list[Any]) -> bool | None:
    """Say the same, unknown where something is missing."""
    price(1 + len(items) // 2)
    if value.__class__ is str and len(value) > LONG_TEXT:
        price_texts(items, longest=len(value))
    return _any(
        within(value, item) if item.__class__ is Range and value.__class__ is not Range else known_item(value, item)
        for item in items
    )


def known_item(value: Any, item: Any) -> bool | None:
    """Say whether `value` equals an item of a list, unknown where something is missing."""
    differ = value is not None and item is not None and value.__class__ is not item.__class__
    return False if differ else known_same(value, item)


def passes(value: Any, test: Any) -> Any:
    """Say whether `value` passes a test given as a value: in a range or a list, or equal to it."""
    if test.__class__ is Range and value.__class__ is not Range:
        return within(value, test)
    if test.__class__ is list:
        found = member(value, test)
        return True if found is not True and value.__class__ is list and same(value, test) is True else found
    return equal(value, test)


def known_passes(value: Any, test: Any) -> bool | None:
    """Say the same, unknown where something is missing."""
    if test.__class__ is Range and value.__class__ is not Range:
        return within(value, test)
    if test.__class__ is list:
        found = known_member(value, test)
        return True if found is not True and value.__class__ is list and known_same(value, test) is True else found
    return known_equal(value, test)


# logic


def truth(value: Any) -> Any:
    """Return a condition's value; what is neither true nor false counts as null, with a reason."""
    if value is True or value is False or value is None:
        return value
    return fail("feel-not-boolean", found=kind(value))


def no(value: Any) -> Any:
    """Give `not(value)`."""
    if value is True:
        return False
    if value is False:
        return True
    return None if value is None else fail("feel-not-boolean", found=kind(value))


# ranges as values
