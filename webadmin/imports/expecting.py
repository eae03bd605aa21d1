"""What was found and what was expected in a row that is not taken: in words, and without the marks of code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, ngettext

from policy.tables import Refusal
from webadmin import filters, language
from webadmin.imports import telling
from webadmin.imports.offered import Offered


def found(refusal: Refusal) -> str:
    """Return what was found, as it is written in the file; empty where nothing was."""
    is_nothing = refusal.code in telling.NOTHING or refusal.code == telling.MISSING
    return "" if is_nothing else str(refusal.values.get("found", ""))


def expected(refusal: Refusal, offered: Offered) -> str:
    """Return what was expected: bounds as bounds, numbers with what they count, values by their names."""
    given = refusal.values.get("expected")
    if given is None or given == "":
        return ""
    if refusal.code == "value-not-one-of":
        return _joined(telling.allowed(refusal, offered))
    say = _SAID.get(refusal.code)
    return _plain(given) if say is None else say(_written(given, refusal, offered), given)


def unmarked(text: str) -> str:
    """Return a sentence without the marks that set values apart as code on pages."""
    return text.replace("`", "")


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list):
        return _joined(map(_plain, value))
    return unmarked(str(value.to(language.chosen())) if hasattr(value, "to") else str(value))


def _joined(values: Any) -> str:
    return str(gettext(", ")).join(map(str, values))


def _written(value: Any, refusal: Refusal, offered: Offered) -> str:
    """Write a bound as values of the field are written: numbers grouped and with their unit, days as days."""
    name = telling.name_of(refusal.field, offered)
    field = None if name is None else offered.field(name)
    try:
        exact = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return filters.day(value) if _is_day(value) else _plain(value)
    return filters.number(exact) if isinstance(value, int) else filters.fact(exact, field)


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and value[:4].isdecimal() and value[4:5] == "-"


def _cells(text: str, count: Any) -> str:
    return str(ngettext("%(count)s cell", "%(count)s cells", count, count=text))


def _characters(text: str, count: Any) -> str:
    return str(ngettext("at most %(count)s character", "at most %(count)s characters", count, count=text))


def _decimals(text: str, count: Any) -> str:
    return str(ngettext("at most %(count)s decimal", "at most %(count)s decimals", count, count=text))


def _digits(text: str, count: Any) -> str:
    return str(ngettext("at most %(count)s digit", "at most %(count)s digits", count, count=text))


def _least(text: str, _: Any) -> str:
    return str(gettext("at least %(value)s", value=text))


def _most(text: str, _: Any) -> str:
    return str(gettext("at most %(value)s", value=text))


def _after(text: str, _: Any) -> str:
    return str(gettext("a day after %(day)s", day=text))


def _not_before(text: str, _: Any) -> str:
    return str(gettext("no day before %(day)s", day=text))


def _day(_: str, pattern: Any) -> str:
    return str(gettext("written as %(pattern)s", pattern=telling.pattern(str(pattern))))


def _number(_: str, example: Any) -> str:
    return str(gettext("written as %(pattern)s", pattern=example))


def _offset(_: str, __: Any) -> str:
    return str(gettext("with its offset from UTC"))


def _past(_: str, __: Any) -> str:
    return str(gettext("what has happened by now"))


_SAID: Mapping[str, Callable[[str, Any], str]] = {
    "value-below-min": _least,
    "table-below-bands": _least,
    "value-above-max": _most,
    "value-scale": _decimals,
    "value-digits": _digits,
    "table-ragged": _cells,
    "table-cell-too-long": _characters,
    "record-fact-too-long": _characters,
    "table-day": _day,
    "table-number": _number,
    "table-no-one-time": _offset,
    "table-absence-ends": _after,
    "table-deal-closes": _not_before,
    "roster-deal-closes": _not_before,
    "record-event-future": _past,
}
"""Code → what its `expected` means, from the text of it and the value itself."""
