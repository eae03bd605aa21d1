"""What is different between two texts of a document, by meaning: parts added, removed, moved, and changed one by one.

Comments, quotes and the order of keys make no difference. Items of a list are the same where they have the same id
(a test its name, an input its path), wherever they stand. A test that is called otherwise is the same one where one of
its two names stayed, or else its facts are those of no other; a rule is, where nothing but its id is another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from policy.errors import Place
from policy.model.document import Document, PolicyDocument, RuleItem, TestItem
from policy.model.written import Cells, Entries, Entry, Expression, Items, Marks, Scalar
from policy.values import Text, plain

Path = tuple[str, ...]
"""What leads to a part: `("rules", "large", "when", "order.amount")`."""


NONE = "[]"
"""How a list with nothing in it is written, where having none is another thing."""


class What(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        path: Of the item that was added, removed or moved, or of the single value that was changed.
        before: What stood there, `[]` for an empty list; of a moved item its place, counted from 1. Empty where
            nothing stood there.
        after: What stands there now, the same way.
        parts: Of an item that was added or removed its single values, each with what leads to it below the item.
    """

    what: What
    path: Path
    before: str = ""
    after: str = ""
    parts: tuple[tuple[Path, str], ...] = field(default=(), compare=False)


@dataclass(slots=True)
class _Flat:
    """A document laid flat.

    Attributes:
        values: Path → single value as it is written.
        orders: Path of a list → names of its items in order.
        called: Path of an item → another name that it is to have here.
    """

    values: dict[Path, str] = field(default_factory=dict)
    orders: dict[Path, list[str]] = field(default_factory=dict)
    called: Mapping[Path, str] = field(default_factory=dict, compare=False)


def differences(before: Document | None, after: Document | None) -> list[Difference]:
    """Return what is different, in the order of the later text; parts that are gone come last.

    Args:
        before: The earlier document; None where there was none.
        after: The later one; None where there is none any more.
    """
    old, new = _flat(before, renamed(before, after)), _flat(after)
    found = [each for path in {**new.orders, **old.orders} for each in _items(path, old, new)]
    whole = [each.path for each in found if each.what is not What.MOVED]
    for path in dict.fromkeys((*new.values, *old.values)):
        was, now = old.values.get(path, ""), new.values.get(path, "")
        if was != now and not any(path[: len(each)] == each for each in whole):
            found.append(Difference(What.CHANGED, path, was, now))
    places = {path: number for number, path in enumerate(dict.fromkeys((*new.values, *old.values)))}
    return sorted(found, key=lambda each: _place(each.path, places))


def renamed(before: Document | None, after: Document | None) -> dict[Path, str]:
    """Return the tests and rules that are only called otherwise: path in the earlier document → name in the later."""
    if not isinstance(before, PolicyDocument) or not isinstance(after, PolicyDocument):
        return {}
    tests = _paired(_by_name(before.tests), _by_name(after.tests), (_own_name, _facts))
    rules = _paired(_by_name(before.rules), _by_name(after.rules), (_contents,))
    found: dict[Path, str] = {("tests", old): new for old, new in tests.items()}
    found |= {("rules", old): new for old, new in rules.items()}
    return found


def _by_name(items: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(_names(items), items, strict=True))


def _paired(old: Mapping[str, Any], new: Mapping[str, Any], keys: Iterable[Callable[[Any], object]]) -> dict[str, str]:
    """Return gone names with the new names of what is the same by one of some keys, where no two have that key."""
    found: dict[str, str] = {}
    for key in keys:
        gone = _alone({name: key(each) for name, each in old.items() if name not in new and name not in found})
        come = {name: each for name, each in new.items() if name not in old and name not in found.values()}
        there = _alone({name: key(each) for name, each in come.items()})
        found |= {gone[each]: there[each] for each in gone if each in there}
    return found


def _alone(keys: Mapping[str, object]) -> dict[object, str]:
    """Return key → name of the things that share their key with no other."""
    counts = Counter(keys.values())
    return {key: name for name, key in keys.items() if counts[key] == 1}


def _own_name(test: TestItem) -> object:
    return test.name.zh


def _facts(test: TestItem) -> object:
    return test.as_of, _hashable(test.given), _hashable(test.events)


def _contents(rule: RuleItem) -> object:
    return _hashable(rule, {("id",)})


def _hashable(value: Any, without: AbstractSet[Path] = frozenset()) -> object:
    """Return what a part of a document holds, wherever and in whatever order it is written."""
    flat = _Flat()
    _lay(flat, (), value)
    return frozenset((path, each) for path, each in flat.values.items() if path not in without)


def is_alike(before: Any, after: Any) -> bool:
    """Say whether two parts of documents, such as a rule in two texts, hold the same values."""
    old, new = _Flat(), _Flat()
    _lay(old, (), before)
    _lay(new, (), after)
    return old == new


def _place(path: Path, places: Mapping[Path, int]) -> int:
    """Return where a part stands: where the first single value below it does."""
    if path in places:
        return places[path]
    return min((number for each, number in places.items() if each[: len(path)] == path), default=len(places))


def _items(path: Path, old: _Flat, new: _Flat) -> Iterator[Difference]:
    was, now = old.orders.get(path, []), new.orders.get(path, [])
    for name in now:
        if name not in was:
            parts = _parts(new, (*path, name))
            yield Difference(What.ADDED, (*path, name), "", _said(parts), parts)
    for name in was:
        if name not in now:
            parts = _parts(old, (*path, name))
            yield Difference(What.REMOVED, (*path, name), _said(parts), "", parts)
    both = [name for name in now if name in was]
    stayed = _longest([was.index(name) for name in both])
    for number, name in enumerate(both):
        if number not in stayed:
            yield Difference(What.MOVED, (*path, name), str(was.index(name) + 1), str(now.index(name) + 1))


def _longest(numbers: Sequence[int]) -> set[int]:
    """Return the places of a longest rising row of numbers: whatever is not among them was moved."""
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number)
        before[place] = last[at - 1] if at else None
        ends[at:], last[at:] = [number, *ends[at + 1 :]], [place, *last[at + 1 :]]
    found: set[int] = set()
    place_or_none = last[-1] if last else None
    while place_or_none is not None:
        found.add(place_or_none)
        place_or_none = before[place_or_none]
    return found


def _parts(flat: _Flat, path: Path) -> tuple[tuple[Path, str], ...]:
    """Return the single values of an item with what leads to them below it."""
    inside = ((each[len(path) :], value) for each, value in flat.values.items() if each[: len(path)] == path)
    return tuple((name, value) for name, value in inside if name != ("id",))


def _said(parts: Iterable[tuple[Path, str]]) -> str:
    """Return an item in one line: its single values with the last part of their names."""
    return ", ".join(f"{'.'.join(name)}: {value}" for name, value in parts)


def _flat(document: Document | None, called: Mapping[Path, str] | None = None) -> _Flat:
    """Lay a document flat; some of its items are called otherwise."""
    flat = _Flat(called=called or {})
    if document is None:
        return flat
    for key, value in _keys(document):
        if key == "section":
            for own, inside in _keys(value) if value is not None else ():
                _lay(flat, (own,), inside)
        elif key not in {"text", "digest"}:
            _lay(flat, (key,), value)
    return flat


def _lay(flat: _Flat, path: Path, value: Any) -> None:
    if value is None or isinstance(value, Place | Marks):
        return
    single = _single(value)
    if single is not None:
        flat.values[path] = single
    elif isinstance(value, Text):
        flat.values[(*path, "zh")], flat.values[(*path, "en")] = value.zh, value.en
    elif isinstance(value, Cells | Entries):
        for each in value.cells if isinstance(value, Cells) else value.entries:
            _lay(flat, (*path, each.key), each.value)
    elif isinstance(value, Mapping | tuple):
        _lay_list(flat, path, value)
    else:
        for key, each in _keys(value):
            _lay(flat, (*path, key), each)


def _lay_list(flat: _Flat, path: Path, values: Mapping[Any, Any] | tuple[Any, ...]) -> None:
    if isinstance(values, Mapping):
        names, values = [str(each) for each in values], tuple(values.values())
    elif all(_single(each) is not None for each in values):
        if values:
            flat.values[path] = ", ".join(str(_single(each)) for each in values)
        return
    else:
        names = [flat.called.get((*path, each), each) for each in _names(values)]
    flat.orders[path] = names
    for name, each in zip(names, values, strict=True):
        _lay(flat, (*path, name), each)


def _names(values: Iterable[Any]) -> list[str]:
    found: list[str] = []
    for number, each in enumerate(values, 1):
        name = getattr(each, "id", None) or getattr(each, "path", None) or getattr(each, "name", None)
        written = name.en if isinstance(name, Text) else str(name) if name else str(number)
        found.append(written if written not in found else f"{written} {number}")
    return found


def _single(value: Any) -> str | None:
    """Return a single value as it is written; None for what has parts."""
    if isinstance(value, Scalar | Expression):
        return value.text
    if isinstance(value, Items):
        return ", ".join(_single(each) or _joined(each) for each in value.items) or NONE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return str(value) if isinstance(value, str | int) else None


def _joined(value: Any) -> str:
    if isinstance(value, Entries):
        return "; ".join(f"{each.key}: {_single(each.value) or _joined(each.value)}" for each in value.entries)
    return str(value)


def _keys(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Entry):
        return [(value.key, value.value)]
    if not is_dataclass(value):
        return [("", str(value))]
    kept = [(each, getattr(value, each.name)) for each in fields(value) if each.name != "places"]
    return [(each.name.rstrip("_"), NONE if held == () and each.default is None else held) for each, held in kept]
