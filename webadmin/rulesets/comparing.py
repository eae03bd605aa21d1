"""The comparisons a line of a condition offers, by the type of its field, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _

from policy.conditions import How
from policy.conditions.tree import BARE, DAYS, MANY, RANGES
from policy.model.document import FieldType
from policy.model.fields import Field

_SAME = (How.EQUAL, How.UNEQUAL)
_AMONG = (How.ONE_OF, How.NONE_OF)
_ORDER = (How.LESS, How.AT_MOST, How.MORE, How.AT_LEAST, *RANGES)
_ALWAYS = (How.GIVEN, How.MISSING, How.TEST)

_OFFERED: Mapping[FieldType, Sequence[How]] = {
    FieldType.NUMBER: (*_SAME, *_ORDER, *_AMONG, *_ALWAYS),
    FieldType.STRING: (*_SAME, *_AMONG, How.CONTAINS, How.STARTS, How.ENDS, *_ALWAYS),
    FieldType.BOOLEAN: (How.TRUE, How.FALSE, *_SAME, *_ALWAYS),
    FieldType.DATE: (*_SAME, *_ORDER, *DAYS, *_AMONG, *_ALWAYS),
    FieldType.LIST: (How.CONTAINS, *_ALWAYS),
    FieldType.CONTEXT: (*_SAME, *_ORDER, *_AMONG, *_ALWAYS),
}

_WORDS = {
    How.EQUAL: _("is"),
    How.UNEQUAL: _("is not"),
    How.LESS: _("below"),
    How.AT_MOST: _("at most"),
    How.MORE: _("above"),
    How.AT_LEAST: _("at least"),
    How.BETWEEN: _("from … to …"),
    How.FROM_BELOW: _("from … to below …"),
    How.ABOVE_TO: _("above … to …"),
    How.INSIDE: _("above … and below …"),
    How.ONE_OF: _("is one of"),
    How.NONE_OF: _("is none of"),
    How.CONTAINS: _("contains"),
    How.STARTS: _("begins with"),
    How.ENDS: _("ends with"),
    How.GIVEN: _("is given"),
    How.MISSING: _("is missing"),
    How.TRUE: _("yes"),
    How.FALSE: _("no"),
    How.LAST_DAYS: _("no longer ago than … days"),
    How.DAYS_AGO: _("longer ago than … days"),
    How.NEXT_DAYS: _("no further ahead than … days"),
    How.DAYS_AHEAD: _("further ahead than … days"),
    How.TEST: _("passes the test (FEEL)"),
}
_NUMBERS = {
    How.EQUAL: "=",
    How.UNEQUAL: "≠",
    How.LESS: "<",
    How.AT_MOST: "≤",
    How.MORE: ">",
    How.AT_LEAST: "≥",
}
_DAYS = {
    How.EQUAL: _("on"),
    How.UNEQUAL: _("not on"),
    How.LESS: _("earlier than"),
    How.AT_MOST: _("on or before"),
    How.MORE: _("later than"),
    How.AT_LEAST: _("on or after"),
    How.BETWEEN: _("from … to …"),
    How.FROM_BELOW: _("from … to before …"),
    How.ABOVE_TO: _("after … to …"),
    How.INSIDE: _("after … and before …"),
}
_EQUALS = {How.EQUAL: "=", How.UNEQUAL: "≠"}
_OWN = {
    FieldType.BOOLEAN: _EQUALS,
    FieldType.NUMBER: _NUMBERS,
    FieldType.CONTEXT: _NUMBERS,
    FieldType.DATE: _DAYS,
    FieldType.DATE_TIME: _DAYS,
}


def offered(field: Field) -> Sequence[How]:
    """Return the comparisons a field can be asked with, the usual one first."""
    return _OFFERED.get(field.type, (*_SAME, *_ORDER, *_AMONG, *_ALWAYS))


def word(how: How, field: Field) -> str:
    """Return what a comparison is called, `…` where a value stands."""
    own = _OWN.get(field.type, {})
    return str(own[how] if how in own else _WORDS[how])


def needed(how: How) -> int | None:
    """Return how many values a comparison takes; None: any number."""
    if how in BARE:
        return 0
    if how in MANY:
        return None
    return 2 if how in RANGES else 1
