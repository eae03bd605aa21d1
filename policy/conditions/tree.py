"""The tree of a condition.

Values are texts as a person types them: a literal as its field's type reads it (`500000`, `A`, `2026-03-01`,
`P90D`), or a formula after `=`. A field whose type is not known has formulas only, written without `=`.
Nodes compare by what they say; where they came from does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Join(StrEnum):
    """How the parts of a group count."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


class How(StrEnum):
    """How a line compares its field; a range says of each end whether it is in."""

    EQUAL = "eq"
    UNEQUAL = "ne"
    LESS = "lt"
    AT_MOST = "le"
    MORE = "gt"
    AT_LEAST = "ge"
    BETWEEN = "between"
    FROM_BELOW = "from-below"
    ABOVE_TO = "above-to"
    INSIDE = "inside"
    ONE_OF = "one-of"
    NONE_OF = "none-of"
    CONTAINS = "contains"
    STARTS = "starts"
    ENDS = "ends"
    GIVEN = "given"
    MISSING = "missing"
    TRUE = "true"
    FALSE = "false"
    LAST_DAYS = "last-days"
    DAYS_AGO = "days-ago"
    NEXT_DAYS = "next-days"
    DAYS_AHEAD = "days-ahead"
    TEST = "test"


SIGNS = {
    How.EQUAL: "=",
    How.UNEQUAL: "!=",
    How.LESS: "<",
    How.AT_MOST: "<=",
    How.MORE: ">",
    How.AT_LEAST: ">=",
}
"""Comparisons with one value, and the sign of each."""

RANGES = {
    How.BETWEEN: ("[", "]"),
    How.FROM_BELOW: ("[", ")"),
    How.ABOVE_TO: ("(", "]"),
    How.INSIDE: ("(", ")"),
}
"""Comparisons with two values, and the brackets of each."""

DAYS = {
    How.LAST_DAYS: (">=", "-"),
    How.DAYS_AGO: ("<", "-"),
    How.NEXT_DAYS: ("<=", "+"),
    How.DAYS_AHEAD: (">", "+"),
}
"""Comparisons with a day so many days before or after the day of the decision: the sign, and which way."""

BARE = frozenset({How.GIVEN, How.MISSING, How.TRUE, How.FALSE})
"""Comparisons without a value."""

MANY = frozenset({How.ONE_OF, How.NONE_OF})
"""Comparisons with any number of values."""

CALLS = {How.CONTAINS: "contains", How.STARTS: "starts with", How.ENDS: "ends with"}
"""Comparisons of texts, and the function of each."""


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison of a field.

    Attributes:
        path: The field as conditions write it.
        values: As many as `how` takes; see the head of the module.
        source: The text it was read from; empty for a new one.
        start: Where that begins in the whole condition.
        id: What the maker of the tree calls it.
    """

    path: str
    how: How
    values: tuple[str, ...] = ()
    source: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Free:
    """A part written as FEEL; the other attributes as of a `Line`."""

    text: str
    source: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that count together; the other attributes as of a `Line`."""

    join: Join
    parts: tuple[Part, ...] = ()
    source: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    id: str = field(default="", compare=False)


Part = Line | Free | Group


def walk(part: Part) -> Iterator[Part]:
    """Yield a part and everything below it, in order of text."""
    yield part
    if isinstance(part, Group):
        for each in part.parts:
            yield from walk(each)


def is_formula(value: str) -> bool:
    """Say whether a value is a formula after `=`."""
    return value.lstrip().startswith("=")


def normal(group: Group) -> Group:
    """Return a condition as it is read back: without empty parts, and without groups of a single part.

    A cell that any value passes is an empty part.
    """
    parts = [each for each in map(_normal, group.parts) if each is not None]
    if len(parts) == 1 and isinstance(parts[0], Group) and group.join is not Join.NONE:
        return parts[0]
    join = Join.ALL if len(parts) < 2 and group.join is Join.ANY else group.join
    return replace(group, join=join if parts else Join.ALL, parts=tuple(parts))


def _normal(part: Part) -> Part | None:
    if isinstance(part, Free):
        return part if part.text.strip() else None
    if isinstance(part, Line):
        return part if part.path and not (part.how is How.TEST and part.values[:1] in {("-",), ("",)}) else None
    made = normal(part)
    if not made.parts:
        return None
    return made.parts[0] if len(made.parts) == 1 and made.join is not Join.NONE else made
