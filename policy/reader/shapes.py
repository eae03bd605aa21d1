"""The grammar of documents, taken from their dataclasses: which keys, required or not, of which shape.

The reader reads by it and the JSON Schema is made from it, so that neither can know a key the other does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, get_args, get_origin, get_type_hints

from policy.kinds import SECTIONS
from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import Allocate
from policy.kinds.incentive import Adjustment, Bands
from policy.kinds.penalty import Count, PenaltySection
from policy.kinds.scorecard import Grades
from policy.model.document import (
    Ask,
    Derived,
    Duration,
    EventName,
    EventOptions,
    FieldOptions,
    Id,
    OutputOptions,
    Path,
    PolicyDocument,
    PolicyId,
    ReferenceDocument,
    ReferenceRow,
    VocabularyDocument,
    Worked,
)
from policy.model.written import Condition, Entries, Expression, Raw
from policy.values import Text

_PLACED = {"place", "text", "digest", "places", "section"}
"""Fields that say where and how a document is written: no keys."""


class Leaf(Enum):
    """Shapes that hold no other."""

    TEXT = "a text in both languages"
    STRING = "a text"
    ID = "an id"
    POLICY_ID = "<kind>.<name>"
    PATH = "names joined by dots"
    EVENT = "a type of event"
    DURATION = "an ISO 8601 duration"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    EXPRESSION = "a FEEL expression"
    CONDITION = "a FEEL expression or cells"
    RAW = "any value"
    ENTRIES = "a mapping of any values"


@dataclass(frozen=True, slots=True)
class Word:
    """One of the words of an enumeration."""

    words: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping.

    Attributes:
        value: What stands under each key.
        name: What the keys are: paths, types of events, or any values.
    """

    value: Shape
    name: Leaf = Leaf.PATH


@dataclass(frozen=True, slots=True)
class ExpressionOr:
    """A FEEL expression, or a mapping of one of some records."""

    records: tuple[Record, ...]

    def chosen(self, keys: Collection[str]) -> Record:
        """Return the record that is meant where these keys stand: the one most of them belong to."""
        return max(self.records, key=lambda each: len(each.keys.keys() & set(keys)))


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys.

    Attributes:
        of: The dataclass it becomes.
        keys: Its keys, in order of declaration.
        rest: Field of the dataclass that takes all other keys; None refuses them.
    """

    of: type[Any]
    keys: Mapping[str, Key]
    rest: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record.

    Attributes:
        field: Name of the dataclass's field.
        least: Least number, or least count of items; None: any.
        most: Greatest number; None: any.
    """

    name: str
    field: str
    shape: Shape
    required: bool
    default: object = None
    least: int | None = None
    most: int | None = None


Shape = Leaf | Word | ListOf | MapOf | ExpressionOr | Record

_BOUNDS: Mapping[tuple[type[Any], str], tuple[int | None, int | None]] = {
    (PolicyDocument, "rules"): (1, None),
    (PolicyDocument, "outputs"): (1, None),
    (VocabularyDocument, "fields"): (1, None),
    (VocabularyDocument, "events"): (1, None),
    (EventOptions, "data"): (1, None),
    (Count, "at_least"): (1, 100),
    (ReferenceDocument, "key"): (1, None),
    (ReferenceDocument, "columns"): (1, None),
    (ApprovalSection, "stages"): (1, None),
    (PenaltySection, "measures"): (1, None),
    (Bands, "rows"): (1, None),
    (Grades, "rows"): (1, None),
    (Allocate, "eligible"): (1, None),
    (Adjustment, "hold"): (0, 1),
    (FieldOptions, "scale"): (0, 34),
    (OutputOptions, "scale"): (0, 34),
}
"""Least and greatest number or count of items, where a dataclass does not say it itself."""

_LEAVES: Mapping[object, Leaf] = {
    Text: Leaf.TEXT,
    str: Leaf.STRING,
    Id: Leaf.ID,
    PolicyId: Leaf.POLICY_ID,
    Path: Leaf.PATH,
    EventName: Leaf.EVENT,
    Duration: Leaf.DURATION,
    int: Leaf.INTEGER,
    Decimal: Leaf.NUMBER,
    bool: Leaf.BOOLEAN,
    date: Leaf.DATE,
    Expression: Leaf.EXPRESSION,
    Entries: Leaf.ENTRIES,
}


_NAMES: Mapping[object, Leaf] = {Path: Leaf.PATH, EventName: Leaf.EVENT, str: Leaf.STRING}
"""What the keys of a mapping are."""


def record(of: Any) -> Record:
    """Return the grammar of a dataclass."""
    return _record(of)


@cache
def _record(of: Any) -> Record:
    hints = get_type_hints(of)
    rest = "cells" if of is ReferenceRow else None
    keys = {}
    for each in fields(of):
        if each.name in _PLACED or each.name == rest:
            continue
        name = each.name.removesuffix("_")
        least, most = _BOUNDS.get((of, name), (each.metadata.get("at_least"), None))
        required = each.default is MISSING and each.default_factory is MISSING
        default = None if each.default is MISSING else each.default
        keys[name] = Key(name, each.name, _shape(hints[each.name]), required, default, least, most)
    return Record(of, MappingProxyType(keys), rest)


@cache
def keys_of_kinds() -> Mapping[str, str]:
    """Return every key some kind adds to a policy, with the kind."""
    return {key: str(kind) for kind, section in SECTIONS.items() for key in record(section).keys}


def _shape(hint: Any) -> Shape:
    if hint in _LEAVES:
        return _LEAVES[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Word(hint)
    arguments = tuple(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return ListOf(_shape(arguments[0]))
    if get_origin(hint) is Mapping:
        return MapOf(_shape(arguments[1]), _NAMES[arguments[0]])
    if arguments:
        return _choice(arguments)
    return record(hint)


def _choice(arguments: tuple[Any, ...]) -> Shape:
    if len(arguments) == 1:
        return _shape(arguments[0])
    if set(arguments) == set(get_args(Raw)):
        return Leaf.RAW
    if set(arguments) == set(get_args(Condition)):
        return Leaf.CONDITION
    if set(arguments) == set(get_args(Derived)):
        return ExpressionOr((record(Worked), record(Ask)))
    msg = f"no shape for {arguments}"
    raise TypeError(msg)
