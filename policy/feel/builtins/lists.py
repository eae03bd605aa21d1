"""Built-in functions on lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, DecimalException
from functools import cmp_to_key
from typing import Any

from policy.errors import EvaluationError
from policy.feel.builtins.registry import KNOWN, function
from policy.feel.operations import add, divide, known_item, known_same, less, multiply, same, subtract
from policy.feel.problems import fail
from policy.feel.temporal import DaysDuration, MonthsDuration
from policy.feel.values import (
    LONG_TEXT,
    LONGEST_STRING,
    MANY,
    MOST_STEPS,
    Function,
    call,
    charge,
    price,
    price_texts,
    sized,
    sized_text,
    too_many_steps,
)
from policy.values import NUMBERS

_ZERO = Decimal(0)
_ONE = Decimal(1)
_plus = NUMBERS.add
_SORTED = frozenset([Decimal, str, date, DaysDuration, MonthsDuration])
_HASHED = _SORTED | {bool}
_MOST_COMPARED = 400
_MOST_FROZEN = 1000


def _whole(number: Decimal) -> int:
    return int(number) if number.adjusted() < 10 else (10**10 if number > 0 else -(10**10))


def _numbers(name: str, items: list[Any]) -> bool:
    if not items:
        fail("feel-empty-list", function=name)
        return False
    for item in items:
        if item.__class__ is not Decimal:
            fail("feel-not-numbers", function=name)
            return False
    return True


def _pay_texts(value: Any, items: list[Any]) -> None:
    """Pay for comparing each item with a value where it is a long text."""
    if value.__class__ is str and len(value) > LONG_TEXT:
        price_texts(items, longest=len(value))


# questions


@function("list contains(list: list, element: any) -> boolean")
def list_contains(items: list[Any], element: Any) -> bool:
    """Say whether an item equals `element`, null being a value."""
    price(len(items) // 2)
    _pay_texts(element, items)
    return any(same(item, element) is True for item in items)


def known_list_contains(items: Any, element: Any) -> bool | None:
    """Say whether an item equals `element`, unknown where something is missing."""
    if items is None:
        return None
    listed = items if items.__class__ is list else [items]
    charge(len(listed))
    _pay_texts(element, listed)
    if element is None:
        return None if listed else False
    outcome: bool | None = False
    for item in listed:
        if item is None:
            outcome = None
        elif item.__class__ is element.__class__:
            result = known_same(item, element)
            if result:
                return True
            outcome = None if result is None else outcome
    return outcome


@function("count(list: list) -> number")
def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@function("all(list...: any) -> boolean")
def _all(items: list[Any]) -> Any:
    return _judged(items, decisive=False)


@function("any(list...: any) -> boolean")
def _any(items: list[Any]) -> Any:
    return _judged(items, decisive=True)


def _judged(items: list[Any], *, decisive: bool) -> Any:
    if decisive in items and any(item is decisive for item in items):
        return decisive
    outcome: bool | None = not decisive
    for item in items:
        if item is None:
            outcome = None
        elif item.__class__ is not bool:
            return fail("feel-not-boolean", found=str(item)[:40])
    return outcome


# numbers of a list


@function("sum(list...: number) -> item")
def _sum(items: list[Any]) -> Any:
    if not _numbers("sum", items):
        return None
    total = items[0]
    try:
        for item in items[1:]:
            total = _plus(total, item)
    except DecimalException:
        return fail("feel-overflow", sign="sum")
    return total


@function("product(list...: number) -> number")
def _product(items: list[Any]) -> Any:
    if not _numbers("product", items):
        return None
    total = _ONE
    for item in items:
        total = multiply(total, item)
    return total


@function("mean(list...: number) -> item")
def _mean(items: list[Any]) -> Any:
    return divide(_sum(items), Decimal(len(items))) if _numbers("mean", items) else None


@function("median(list...: number) -> item")
def _median(items: list[Any]) -> Any:
    if not _numbers("median", items):
        return None
    price(len(items) // 2)
    ordered = sorted(items)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@function("mode(list...: number) -> list<item>")
def _mode(items: list[Any]) -> Any:
    if not items:
        return []
    if not _numbers("mode", items):
        return None
    price(len(items))
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(item for item, number in counts.items() if number == most)


@function("stddev(list...: number) -> item")
def _stddev(items: list[Any]) -> Any:
    if not _numbers("stddev", items):
        return None
    if len(items) < 2:
        return fail("feel-too-few", function="stddev", expected=2)
    price(3 * len(items))
    mean = _mean(items)
    squares = _ZERO
    for item in items:
        distance = subtract(item, mean)
        squares = add(squares, multiply(distance, distance))
    variance = divide(squares, Decimal(len(items) - 1))
    return None if variance is None else NUMBERS.sqrt(variance)


@function("min(list...: any) -> item")
def _min(items: list[Any]) -> Any:
    return _extreme("min", items, lambda found, item: less(item, found))


@function("max(list...: any) -> item")
def _max(items: list[Any]) -> Any:
    return _extreme("max", items, less)


def smaller(one: Any, other: Any) -> Any:
    """Give the minimum of two values."""
    if one.__class__ is Decimal and other.__class__ is Decimal:
        return min(one, other)
    return _min([one, other])


def larger(one: Any, other: Any) -> Any:
    """Give the maximum of two values."""
    if one.__class__ is Decimal and other.__class__ is Decimal:
        return max(one, other)
    return _max([one, other])


def _extreme(name: str, items: list[Any], better: Callable[[Any, Any], bool | None]) -> Any:
    if not items:
        return fail("feel-empty-list", function=name)
    found = items[0]
    if found.__class__ is str and len(items) > MANY:
        price_texts(items)
    if found is None or (len(items) == 1 and less(found, found) is None):
        return fail("feel-null-operand", sign=name) if found is None else None
    for item in items[1:]:
        result = better(found, item)
        if result is None:
            return None
        if result:
            found = item
    return found


# parts and new lists


@function("sublist(list: list, start position: number, length?: number) -> first")
def _sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    at = _place(items, start, "sublist")
    if at is None:
        return None
    if length is None:
        return items[at:]
    if length < 1 or at + _whole(length) > len(items):
        return fail("feel-position", function="sublist", found=str(length))
    return items[at : at + _whole(length)]


def _place(items: list[Any], position: Decimal, name: str) -> Any:
    at = _whole(position)
    if 1 <= at <= len(items):
        return at - 1
    if -len(items) <= at <= -1:
        return len(items) + at
    return fail("feel-position", function=name, found=str(position))


@function("append(list: list, item...: any) -> list<any>")
def _append(items: list[Any], more: list[Any]) -> list[Any]:
    return sized([*items, *more])


@function("concatenate(lists...: list) -> list<items>")
def _concatenate(lists: list[Any]) -> Any:
    return sized([item for each in _lists(lists) for item in each]) if _no_nulls("concatenate", lists) else None


@function("union(lists...: list) -> list<items>")
def _union(lists: list[Any]) -> Any:
    joined = _concatenate(lists)
    return None if joined is None else distinct(joined)


def _lists(lists: list[Any]) -> list[list[Any]]:
    return [each if each.__class__ is list else [each] for each in lists]


def _no_nulls(name: str, lists: list[Any]) -> bool:
    if None in lists and any(each is None for each in lists):
        fail("feel-null-argument", function=name, parameter="lists")
        return False
    return True


@function("insert before(list: list, position: number, newItem: any) -> list<any>")
def _insert_before(items: list[Any], position: Decimal, item: Any) -> Any:
    at = _place(items, position, "insert before")
    return None if at is None else sized([*items[:at], item, *items[at:]])


@function("remove(list: list, position: number) -> first")
def _remove(items: list[Any], position: Decimal) -> Any:
    at = _place(items, position, "remove")
    return None if at is None else items[:at] + items[at + 1 :]


@function("list replace(list: list, position: number, newItem: any) -> list<any>")
@function("list replace(list: list, match: function, newItem: any) -> list<any>")
def _list_replace(items: list[Any], where: Any, item: Any) -> Any:
    if where.__class__ is Function:
        return _replace_matching(items, where, item)
    at = _place(items, where, "list replace")
    return None if at is None else [*items[:at], item, *items[at + 1 :]]


def _replace_matching(items: list[Any], match: Function, item: Any) -> Any:
    found = []
    for each in items:
        result = call(match, (each, item))
        if result.__class__ is not bool:
            return fail("feel-not-boolean", found=str(result)[:40])
        found.append(item if result else each)
    return found


@function("reverse(list: list) -> first")
def _reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


@function("index of(list: list, match: any) -> list<number>")
def _index_of(items: list[Any], match: Any) -> list[Any]:
    price(len(items) // 2)
    _pay_texts(match, items)
    return [Decimal(number) for number, item in enumerate(items, 1) if same(item, match) is True]


@function("index of(list: list, match: any) -> list<number>", KNOWN)
def _known_index_of(items: list[Any], match: Any) -> Any:
    _pay_texts(match, items)
    found = [known_item(match, item) for item in items]
    if None in found:
        return fail("feel-null-argument", function="index of", parameter="list" if match is not None else "match")
    return [Decimal(number) for number, each in enumerate(found, 1) if each]


def distinct(items: list[Any]) -> list[Any]:
    """Return the items without those equal to an earlier one."""
    found: list[Any] = []
    known: set[tuple[type, Any]] = set()
    others: list[Any] = []
    price(len(items))
    for item in items:
        key = (item.__class__, item) if item.__class__ in _HASHED else _frozen(item, [_MOST_FROZEN])
        if key is not None:
            if key in known:
                continue
            known.add(key)
        elif any(same(item, each) is True for each in _compared(others)):
            continue
        else:
            others.append(item)
        found.append(item)
    return found


def _frozen(item: Any, left: list[int]) -> Any:
    # what equals another as a key where the two are the same; None for what is large or holds ranges or times
    if item.__class__ in _HASHED or item is None:
        return item.__class__, item
    if item.__class__ not in (list, dict):
        return None
    left[0] -= len(item) + 1
    if left[0] < 0:
        return None
    price(6 + 4 * len(item))
    parts: Any = item if isinstance(item, list) else item.values()
    inside = [_frozen(each, left) for each in parts]
    if None in inside:
        return None
    return item.__class__, tuple(inside) if item.__class__ is list else frozenset(zip(item, inside, strict=True))


def _compared(others: list[Any]) -> list[Any]:
    # each new item is compared with all before it: the whole grows with the square
    if len(others) > _MOST_COMPARED:
        raise too_many_steps()
    return others


@function("distinct values(list: list) -> first")
def _distinct_values(items: list[Any]) -> list[Any]:
    return distinct(items)


@function("flatten(list: list) -> list<any>")
def _flatten(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    waiting = [iter(items)]
    steps = 0
    while waiting:
        for item in waiting[-1]:
            steps += 1
            if item.__class__ is list:
                waiting.append(iter(item))
                break
            found.append(item)
        else:
            waiting.pop()
        if steps > MOST_STEPS:
            raise too_many_steps()
    price(steps // 2)
    return sized(found)


@function("sort(list: list) -> first")
@function("sort(list: list, precedes: function) -> first")
def _sort(items: list[Any], precedes: Function | None = None) -> Any:
    first = items[0].__class__ if items and precedes is None else None
    if first in _SORTED and all(item.__class__ is first for item in items):
        price(len(items) // 2)
        if first is str:
            price_texts(items, len(items).bit_length())
        return sorted(items)
    before = less if precedes is None else lambda one, other: call(precedes, (one, other))

    def order(one: Any, other: Any) -> int:
        """Return -1 where one comes before the other, else 0; `sorted` asks for nothing but whether one is less."""
        price(2)
        return -1 if before(one, other) is True else 0

    return sorted(items, key=cmp_to_key(order))


@function("sort(list: list) -> first", KNOWN)
@function("sort(list: list, precedes: function) -> first", KNOWN)
def _known_sort(items: list[Any], precedes: Function | None = None) -> Any:
    if len(items) < 2:
        return items
    if precedes is None:
        missing = any(item is None for item in items)
        return fail("feel-null-argument", function="sort", parameter="list") if missing else _sort(items)
    return _known_sorted(items, precedes)


def _known_sorted(items: list[Any], precedes: Function) -> Any:
    unknown: list[Any] = []

    def order(one: Any, other: Any) -> int:
        """Return -1, 1 or 0 as `cmp_to_key` takes it, and keep every answer that is neither true nor false."""
        before, after = call(precedes, (one, other)), call(precedes, (other, one))
        unknown.extend(each for each in (before, after) if each.__class__ is not bool)
        return -1 if before is True else 1 if after is True else 0

    found = sorted(items, key=cmp_to_key(order))
    return fail("feel-null-argument", function="sort", parameter="precedes") if unknown else found


@function("string join(list: list, delimiter?: string|null) -> string")
def _string_join(items: list[Any], delimiter: str | None = None) -> Any:
    price(len(items) // 4)
    texts = [item for item in items if item is not None]
    if any(item.__class__ is not str for item in texts):
        return fail("feel-not-texts", function="string join")
    length = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if length > LONGEST_STRING:
        code = "feel-string-too-long"
        raise EvaluationError(code, found=length, expected=LONGEST_STRING)
    return sized_text((delimiter or "").join(texts))
