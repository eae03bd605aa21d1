"""Reads one value for a declared field: from JSON or Python, from a document as written, or from a file's text.

A value of a number field depends on its numeric value alone, however it was written: it is padded to the field's
scale where it has one, otherwise it carries no zeros it does not need; zero is never negative. A problem is noted
at its JSON pointer and the value is then None; reading goes on, so that all problems come at once.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from numbers import Real
from typing import Any

from policy.errors import Finding, Place, Problem, did_you_mean
from policy.feel import temporal
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.number import NOT_FINITE, WRITTEN, number, number_of
from policy.model.problems import UnfitError, gathered
from policy.model.words import EXPECTED, kind_of, named, shown, text_of
from policy.model.written import Entries, Items, Raw, Scalar
from policy.values import NUMBERS, Text

LONGEST_LIST = 100_000
"""Items a list may have."""

DEEPEST = 64
"""Levels of lists and objects in facts, the outermost counted."""

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def from_plain(field: Field, value: Any, pointer: str = "") -> tuple[Any, list[Problem]]:
    """Read a JSON or Python value; binary floats count as their shortest decimal text.

    Returns:
        The value, and its problems; with problems the value is None or incomplete and must not be used.
    """
    return gathered(lambda problems: read(field, value, pointer, problems))


def from_text(field: Field, text: str, pointer: str = "") -> tuple[Any, list[Problem]]:
    """Read the text of a cell of a file, numbers in plain notation, as `from_plain` does.

    An empty text is a text; whether an empty cell means "missing" is for the caller to say.
    """
    problems: list[Problem] = []
    try:
        value = _bounded(field, number_of(text) if field.type is FieldType.NUMBER else _of_text(field.type, text))
    except UnfitError as unfit:
        problems.append(Problem(unfit.code, pointer, unfit.values))
        return None, problems
    return value, problems


def from_raw(field: Field, raw: Raw) -> tuple[Any, list[Finding]]:
    """Read a value as written in a document: the field gives it its type.

    Returns:
        The value, and findings at their places; with findings the value is None or incomplete.
    """
    value, problems = gathered(lambda problems: read(field, raw, "", problems))
    return value, [Finding(each.code, place_of(raw, each), each.values) for each in problems]


def place_of(raw: Raw, problem: Problem) -> Place:
    """Return where the value of a problem stands in what was read, its key's place where the key is the matter.

    What is missing has the place of the mapping it is missing from.
    """
    place = raw.place
    for token in problem.pointer.split("/")[1:]:
        if isinstance(raw, Items):
            raw = raw.items[int(token)]
            place = raw.place
        elif isinstance(raw, Entries):
            key = token.replace("~1", "/").replace("~0", "~")
            entry = next((each for each in raw.entries if each.key == key), None)
            if entry is None:
                break
            raw = entry.value
            place = entry.place if problem.code == "facts-unknown" else raw.place
    return place


def read(field: Field, value: Any, pointer: str, problems: list[Problem], depth: int = 1) -> Any:
    """Read a value from wherever it comes; see the module's header.

    Args:
        field: What it must fit.
        value: JSON or Python value; scalars, lists and mappings as written in a document are taken too.
        pointer: Where it stands.
        problems: Takes what does not fit.
        depth: Its level, should it be a list or an object; 1 is the outermost.
    """
    if field.type is FieldType.LIST:
        return _list(field, value, pointer, problems, depth)
    if field.type is FieldType.CONTEXT:
        if isinstance(value, Mapping | Entries):
            return anything(value, pointer, problems, depth)
        problems.append(_wrong(value, FieldType.CONTEXT, pointer))
        return None
    try:
        return one(field, value)
    except UnfitError as unfit:
        problems.append(Problem(unfit.code, pointer, unfit.values))
        return None


def one(field: Field, value: Any) -> Any:
    """Read a value that is neither list nor object.

    Raises:
        UnfitError: it does not fit.
    """
    return _bounded(field, _READERS[field.type](value))


def pointed(pointer: str, name: str | int) -> str:
    """Return the JSON pointer of a member (RFC 6901)."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def is_nothing(value: Any) -> bool:
    """Say whether a value says "missing": JSON's null, or YAML's own."""
    return value is None or (isinstance(value, Scalar) and value.plain and value.text in _NOTHING)


def _number(value: Any) -> Decimal | int:
    if isinstance(value, Scalar) and value.plain:
        if is_nothing(value):
            raise _nothing(value, FieldType.NUMBER)
        return number_of(value.text)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return value
    text = text_of(value)
    if text is not None and (WRITTEN.fullmatch(text) or NOT_FINITE.fullmatch(text)):
        code = "value-number-as-text" if WRITTEN.fullmatch(text) else "value-not-finite"
        raise UnfitError(code, found=shown(text), expected=EXPECTED[FieldType.NUMBER])
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _unfit(value, FieldType.NUMBER)
    return _number_of_binary(value)


def _number_of_binary(value: Real) -> Decimal:
    """Take a binary floating-point number by its shortest decimal text."""
    try:
        return Decimal(str(value), NUMBERS)
    except DecimalException:
        raise _unfit(value, FieldType.NUMBER) from None


def _string(value: Any) -> str:
    text = text_of(value)
    if text is None:
        raise _unfit(value, FieldType.STRING)
    if isinstance(value, Scalar) and is_nothing(value):
        raise _nothing(value, FieldType.STRING)
    return whole(text)


def whole(text: str) -> str:
    """Return the text.

    Raises:
        UnfitError: it holds half of a character, which no file or database could keep.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UnfitError(code="value-surrogate", found=shown(ascii(text))) from None
    return text


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Scalar) and value.plain:
        return bool(_of_text(FieldType.BOOLEAN, value.text))
    raise _unfit(value, FieldType.BOOLEAN)


def _temporal(kind: FieldType) -> Callable[[Any], Any]:
    def reader(value: Any) -> Any:
        """Return the date, time or duration a value is or reads as."""
        text = text_of(value)
        taken = _taken_over(kind, value) if text is None else _of_text(kind, text)
        if taken is None:
            raise _unfit(value, kind)
        return taken

    return reader


def _taken_over(kind: FieldType, value: Any) -> Any:
    """Take a temporal value of Python or of expressions; None where it is of another kind."""
    if isinstance(value, _TEMPORAL[kind]):
        return None if kind is FieldType.DATE and isinstance(value, datetime) else value
    try:
        if kind is FieldType.DATE_TIME and isinstance(value, date):
            return DateTime.of(value) if isinstance(value, datetime) else DateTime(value)
        if kind is FieldType.TIME and isinstance(value, time):
            return Time.of(value)
    except ValueError:
        raise UnfitError(code="value-form", found=shown(value), expected=EXPECTED[kind]) from None
    if kind is FieldType.DAYS_DURATION and isinstance(value, timedelta):
        return DaysDuration.of(value)
    return None


def _of_text(kind: FieldType, text: str) -> Any:
    """Read anything but a number from its text."""
    if kind is FieldType.STRING:
        return whole(text)
    value: Any = None
    if kind is FieldType.BOOLEAN:
        value = {"true": True, "false": False}.get(text)
    elif kind is FieldType.DATE:
        value = temporal.read_date(text)
    elif kind is FieldType.TIME:
        value = temporal.read_time(text)
    elif kind is FieldType.DATE_TIME:
        value = temporal.read_date_time(text)
    elif kind in _TEMPORAL:
        duration = temporal.read_duration(text)
        value = duration if isinstance(duration, _TEMPORAL[kind]) else None
    if value is None:
        raise UnfitError(code="value-form", found=shown(text), expected=EXPECTED[kind])
    return value


def _bounded(field: Field, value: Any) -> Any:
    """Return the value in its one form, when it is within what the field allows."""
    if field.type is FieldType.NUMBER:
        value = number(value, field.scale)
    if field.min is not None and is_before(value, field.min):
        raise UnfitError(code="value-below-min", found=shown(value), expected=shown(field.min))
    if field.max is not None and is_before(field.max, value):
        raise UnfitError(code="value-above-max", found=shown(value), expected=shown(field.max))
    if field.one_of is not None and value not in field.one_of:
        known = [shown(each) for each in field.one_of]
        raise UnfitError(
            code="value-not-one-of", found=shown(value), expected=named(known), **did_you_mean(shown(value), known)
        )
    return value


def is_before(one: Any, other: Any) -> bool:
    """Say whether a value is less than another of the same field.

    Raises:
        UnfitError: one has a distance from UTC and the other has none.
    """
    if isinstance(one, Time | DateTime):
        if one.is_local is not other.is_local:
            raise UnfitError(code="value-offset", found=shown(one), expected=shown(other))
        return bool(one.moment < other.moment)
    return bool(one < other)


def _list(field: Field, value: Any, pointer: str, problems: list[Problem], depth: int) -> list[Any] | None:
    items = value.items if isinstance(value, Items) else value
    if not isinstance(items, list | tuple):
        problems.append(_wrong(value, FieldType.LIST, pointer))
        return None
    if not is_within(len(items), pointer, problems, depth):
        return None
    if field.of is None:
        return [anything(item, pointed(pointer, at), problems, depth + 1) for at, item in enumerate(items)]
    item_field = dataclasses.replace(field, type=field.of, of=None)
    return [read(item_field, item, pointed(pointer, at), problems, depth + 1) for at, item in enumerate(items)]


def is_within(length: int, pointer: str, problems: list[Problem], depth: int) -> bool:
    """Say whether a list or object is neither too long nor too deep; note it where it is."""
    if depth > DEEPEST:
        problems.append(Problem("facts-too-deep", pointer, {"expected": DEEPEST}))
    elif length > LONGEST_LIST:
        problems.append(Problem("facts-list-too-long", pointer, {"found": length, "expected": LONGEST_LIST}))
    else:
        return True
    return False


def anything(value: Any, pointer: str, problems: list[Problem], depth: int) -> Any:
    """Read a value nothing is declared of: what a context or an undeclared list holds."""
    if isinstance(value, Mapping | Entries):
        if not is_within(0, pointer, problems, depth):
            return None
        return {
            name: anything(below, pointed(pointer, name), problems, depth + 1)
            for name, below in members(value, pointer, problems)
        }
    if isinstance(value, list | tuple | Items):
        return _list(Field(pointer, FieldType.LIST), value, pointer, problems, depth)
    try:
        return _plain_leaf(value)
    except UnfitError as unfit:
        problems.append(Problem(unfit.code, pointer, unfit.values))
        return None


def members(value: Any, pointer: str, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """Yield the members of a mapping, and note keys that are no names or occur twice."""
    if isinstance(value, Entries):
        yield from ((entry.key, entry.value) for entry in value.entries)
        return
    if isinstance(value, Repeating):
        for name in value.twice:
            problems.append(Problem("facts-key-twice", pointed(pointer, name), {"found": shown(name)}))  # noqa: PERF401 - counts
    for name, below in value.items():
        if not isinstance(name, str):
            problems.append(Problem("facts-key", pointer, {"found": shown(name)}))
            continue
        try:
            whole(name)
        except UnfitError as unfit:
            problems.append(Problem(unfit.code, pointer, unfit.values))
            continue
        yield name, below


class Repeating(dict[str, Any]):
    """A JSON object in which keys occur twice.

    Attributes:
        twice: Those keys, in order.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs)
        self.twice = tuple(key for key, count in counts.items() if count > 1)


def _plain_leaf(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Scalar):
        return _written_leaf(value)
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Real | Decimal):
        return number(_number(value))
    for kind in _TEMPORAL:
        taken = _taken_over(kind, value)
        if taken is not None:
            return taken
    raise UnfitError(code="value-type", found=kind_of(value), expected=Text("JSON 值", "a value of JSON"))


def _written_leaf(value: Scalar) -> Any:
    """Read a scalar nothing is declared of: unquoted, a number and a boolean are literals."""
    if is_nothing(value):
        return None
    if value.plain and value.text in ("true", "false"):
        return value.text == "true"
    if value.plain and WRITTEN.fullmatch(value.text):
        return number(number_of(value.text))
    return whole(value.text)


def _unfit(value: Any, kind: FieldType) -> UnfitError:
    if isinstance(value, Scalar) and is_nothing(value):
        return _nothing(value, kind)
    return UnfitError("value-type", found=kind_of(value), expected=EXPECTED[kind])


def _nothing(value: Scalar, kind: FieldType) -> UnfitError:
    return UnfitError("value-null", found=value.text, expected=EXPECTED[kind])


def _wrong(value: Any, kind: FieldType, pointer: str) -> Problem:
    unfit = _unfit(value, kind)
    return Problem(unfit.code, pointer, unfit.values)


_TEMPORAL: Mapping[FieldType, type] = {
    FieldType.DATE: date,
    FieldType.TIME: Time,
    FieldType.DATE_TIME: DateTime,
    FieldType.DAYS_DURATION: DaysDuration,
    FieldType.MONTHS_DURATION: MonthsDuration,
}

_READERS: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.STRING: _string,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
    **{kind: _temporal(kind) for kind in _TEMPORAL},
}
