"""Declared fields with everything resolved, and the tree they form in facts.

A path is names joined by dots; `[]` after a name means the items of a list: `credits[].amount`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from policy.feel import types as feel
from policy.feel.extents import Extent, fitting
from policy.model.document import FieldClass, FieldType
from policy.values import Text, decimals


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field.

    Attributes:
        path: Where it stands in the facts.
        of: For a list of plain values: their type; None for a list whose items have fields of their own.
        one_of: Values allowed, in order of priority; None: any.
        names: Value, as text → what people call it; without `one_of` of those that have a name.
        unit: A currency code, another unit, or the path of an input that holds the currency.
        scale: Decimals allowed; None: any.
        min: Least value allowed, inclusive.
        max: Greatest value allowed, inclusive.
        optional: True where it may be missing.
        default: Value taken where it is missing; meaningful when `has_default`.
        vocabulary: True where the vocabulary declares it.
        inherited: Policy whose question brings it in; None where declared in the policy itself.
        share: Whether it is said to be a fraction of a whole; None: its bounds tell.
    """

    path: str
    type: FieldType
    of: FieldType | None = None
    one_of: tuple[Any, ...] | None = None
    unit: str | None = None
    scale: int | None = None
    min: Any = None
    max: Any = None
    class_: FieldClass = FieldClass.OPEN
    label: Text | None = None
    names: Mapping[str, Text] = field(default_factory=dict, hash=False)
    optional: bool = False
    has_default: bool = False
    default: Any = None
    vocabulary: bool = False
    inherited: str | None = None
    share: bool | None = None

    def called(self, value: Any) -> Text | None:
        """Return what people call a value; None where that is its own text."""
        return self.names.get(value) if isinstance(value, str) else None

    @property
    def known(self) -> tuple[Any, ...]:
        """Return the values it may have; where any is allowed, those that have a name."""
        return tuple(self.names) if self.one_of is None else self.one_of

    @property
    def meanings(self) -> dict[str, str]:
        """Return what people write for values that have names, `folded`: values, and names that one alone has."""
        called: dict[str, set[str]] = {}
        for value in self.names.keys() & set(self.known):
            for text in (self.names[value].zh, self.names[value].en):
                called.setdefault(folded(text), set()).add(value)
        alone = {text: next(iter(values)) for text, values in called.items() if len(values) == 1}
        return {**alone, **{folded(value): value for value in self.names.keys() & set(self.known)}}

    @property
    def name(self) -> str:
        """Return the last name of its path."""
        return self.path.rpartition(".")[2]

    @property
    def is_share(self) -> bool:
        """Say whether it is a fraction of a whole, which people read as per cent."""
        if self.share is not None:
            return self.share
        return self.unit is None and self.min == 0 and self.max == 1 and bool(self.scale)

    @property
    def required(self) -> bool:
        """Say whether facts without it are refused."""
        return not self.optional and not self.has_default


def folded(text: str) -> str:
    """Return a text as it is compared with names: without case, width and space around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one name, as a JSON object holds them."""

    members: Mapping[str, Member] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Say whether an absent group is refused: some field in it is required."""
        return any(member.required for member in self.members.values())

    def fields(self) -> Iterator[Field]:
        """Yield every field in it, lists and the fields of their items too, in order of declaration."""
        for member in self.members.values():
            if isinstance(member, Field):
                yield member
            elif isinstance(member, Rows):
                yield member.field
                yield from member.item.fields()
            else:
                yield from member.fields()


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose items have fields of their own.

    Attributes:
        field: The list's own declaration (optional, default, label); its type is `list`.
        item: Fields of an item.
    """

    field: Field
    item: Group

    @property
    def required(self) -> bool:
        """Say whether facts without the list are refused."""
        return self.field.required


Member = Field | Group | Rows


class PathClashError(ValueError):
    """Two declarations cannot stand in one tree: a field is also a group, or is a list and is not.

    Attributes:
        path: The path that clashes.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


def tree(fields: Mapping[str, Field]) -> Group:
    """Arrange fields as they stand in facts.

    Args:
        fields: By path, in order of declaration.

    Returns:
        The top group. A list whose items are declared (`credits[].amount`) but which is not itself declared
        is required.

    Raises:
        PathClashError: two paths exclude one another.
    """
    top: dict[str, Any] = {}
    for path, declared in fields.items():
        _place(top, path, declared)
    return _group(top, "")


def _place(top: dict[str, Any], path: str, declared: Field) -> None:
    names = path.split(".")
    here = top
    for depth, name in enumerate(names[:-1]):
        below = here.setdefault(name, {})
        if isinstance(below, Field):
            raise PathClashError(".".join(names[: depth + 1]))
        here = below
    if names[-1] in here:
        raise PathClashError(path)
    here[names[-1]] = declared


def _group(members: Mapping[str, Any], prefix: str) -> Group:
    lists = {name[:-2] for name in members if name.endswith("[]")}
    found: dict[str, Member] = {}
    for name, member in members.items():
        plain, path = name.removesuffix("[]"), f"{prefix}{name}"
        if name.endswith("[]"):
            found[plain] = _rows(members.get(plain), member, path)
        elif name in lists:
            if not isinstance(member, Field) or member.type is not FieldType.LIST:
                raise PathClashError(path)
        elif isinstance(member, Field):
            found[name] = member
        else:
            found[name] = _group(member, f"{path}.")
    return Group(found)


def _rows(own: Field | None, item: Any, path: str) -> Rows:
    if isinstance(item, Field):
        raise PathClashError(path)
    return Rows(own or Field(path.removesuffix("[]"), FieldType.LIST), _group(item, f"{path}."))


_PLAIN_TYPES: Mapping[FieldType, feel.Type] = {
    FieldType.BOOLEAN: feel.BooleanType(),
    FieldType.DATE: feel.DateType(),
    FieldType.TIME: feel.TimeType(),
    FieldType.DATE_TIME: feel.DateTimeType(),
    FieldType.DAYS_DURATION: feel.DaysType(),
    FieldType.MONTHS_DURATION: feel.MonthsType(),
    FieldType.CONTEXT: feel.AnyType(),
    FieldType.LIST: feel.ListType(feel.AnyType()),
    FieldType.STRING: feel.StringType(),
    FieldType.NUMBER: feel.NumberType(),
}


def feel_type(member: Member) -> feel.Type:
    """Return the type an expression sees."""
    if isinstance(member, Group):
        return feel.ContextType({name: feel_type(below) for name, below in member.members.items()})
    if isinstance(member, Rows):
        return feel.ListType(feel_type(member.item))
    return _type_of_field(member)


def extent_of(field: Field) -> Extent | None:
    """Return what facts keep to at a number field; None where scale, least or greatest value is not declared."""
    ends = (field.min, field.max)
    if field.type is not FieldType.NUMBER or field.scale is None or None in ends:
        return None
    if any(decimals(end) > field.scale for end in ends):
        return None
    return fitting(Extent(field.scale, *ends))


def field_of(path: str, of: feel.Type) -> Field:
    """Return a field that holds what an expression of a type gives; where no type of field fits, a `context`."""
    if isinstance(of, feel.ListType):
        inside = field_of(path, of.of)
        return replace(inside, type=FieldType.LIST, of=inside.type)
    named = {type(feel_type): type_ for type_, feel_type in _PLAIN_TYPES.items()}
    named |= {feel.NumberType: FieldType.NUMBER, feel.StringType: FieldType.STRING}
    found = named.get(type(of), FieldType.CONTEXT)
    return Field(path, found, one_of=getattr(of, "one_of", None), unit=getattr(of, "unit", None))


def _type_of_field(field: Field) -> feel.Type:
    if field.type is FieldType.STRING:
        return feel.StringType(field.one_of)
    if field.type is FieldType.NUMBER:
        return feel.NumberType(field.unit)
    if field.type is FieldType.LIST and field.of is not None:
        return feel.ListType(_type_of_field(Field(field.path, field.of, one_of=field.one_of, unit=field.unit)))
    return _PLAIN_TYPES[field.type]
