"""The fast way from JSON or a mapping to facts: generated for one tree of inputs.

`msgspec` decodes straight into slotted structs: attributes `f0`, `f1`, … in order of declaration, one struct per
group. A generated function then checks what `msgspec` does not, and puts values into their one form, in place.
Both only ever say yes where `policy.model.facts` would say the same; whatever they refuse is read once more there,
slowly, with every problem named.

`msgspec` takes the last of two equal keys silently. So the generated function counts the members it sees, and
every member of an object has one colon outside texts: more colons than members means a key occurs twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from policy.errors import Problem
from policy.model.document import FieldType
from policy.model.fields import Field, Group, Member, Rows
from policy.model.number import EXACT, number, quantum
from policy.model.problems import UnfitError
from policy.model.reading import LONGEST_LIST, one, read


class Facts(msgspec.Struct, gc=False):
    """Facts of one decision, or one group of them; missing values are None.

    Lists of groups hold one dict per item with every declared name.
    """


class RefusedError(Exception):
    """The fast way does not take the facts; says nothing about why."""


FAILURES = (RefusedError, UnfitError, msgspec.MsgspecError, DecimalException, UnicodeError, RecursionError)
"""What the fast way can raise; all of it means: read them slowly."""

_PLAIN: Mapping[FieldType, Any] = {FieldType.STRING: str, FieldType.BOOLEAN: bool, FieldType.DATE: date}
_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')


@dataclass(frozen=True, slots=True)
class Shape:
    """The struct of one group.

    Attributes:
        struct: Its class; member number i is attribute `f<i>`.
        below: Shapes of the groups in it, and of the items of its lists, by name.
    """

    group: Group
    struct: type[Facts]
    below: Mapping[str, Shape]

    def made(self, values: Mapping[str, Any]) -> Facts:
        """Make the struct from values by name, each in its final form; what is not named is None."""
        return self.struct(
            **{f"f{at}": self._member(name, values.get(name)) for at, name in enumerate(self.group.members)}
        )

    def _member(self, name: str, value: Any) -> Any:
        return self.below[name].made(value or {}) if isinstance(self.group.members[name], Group) else value


def shape(group: Group) -> Shape:
    """Make the structs of a group and of all below it."""
    below: dict[str, Shape] = {}
    for name, member in group.members.items():
        if isinstance(member, Group):
            below[name] = shape(member)
        elif isinstance(member, Rows):
            below[name] = shape(member.item)
    attributes = [
        _attribute(f"f{at}", member, below.get(name)) for at, (name, member) in enumerate(group.members.items())
    ]
    struct: Any = msgspec.defstruct(
        "Facts",
        attributes,
        bases=(Facts,),
        rename={f"f{at}": name for at, name in enumerate(group.members)},
        kw_only=True,
        forbid_unknown_fields=True,
        gc=False,
    )
    return Shape(group, struct, below)


def _attribute(name: str, member: Member, below: Shape | None) -> tuple[str, Any] | tuple[str, Any, Any]:
    taken: Any = Any
    if isinstance(member, Field):
        taken = _PLAIN.get(member.type, Any)
    elif below is not None:
        taken = below.struct if isinstance(member, Group) else list[below.struct]  # type: ignore[name-defined]
    if member.required:
        return (name, taken)
    return (name, taken if taken is Any else taken | None | UnsetType, UNSET)


def members(body: bytes) -> int:
    """Count the members of all objects in a JSON text that has been decoded without an error."""
    return _TEXTS.sub(b"", body).count(b":")


def checker(top: Shape, *, counted: bool) -> Callable[[Facts], int]:
    """Generate the function that checks decoded facts and puts their values into their one form, in place.

    Args:
        top: The shape of the facts.
        counted: True for facts decoded from JSON: the function returns how many members it saw (texts are whole
            then, numbers finite). False for facts taken from a mapping: it returns 0.
    """
    writer = _Writer(counted=counted)
    writer.group(top, "s", depth=1)
    source = "\n".join(["def check(s):", "    n = 0", *writer.lines, "    return n"])
    exec(compile(source, "<facts>", "exec"), writer.names)  # noqa: S102 - holds no text from outside but as constants
    made: Callable[[Facts], int] = writer.names["check"]
    return made


class _Writer:
    """Writes the source of one checking function.

    Attributes:
        lines: The source so far.
        names: Constants it uses.
    """

    def __init__(self, *, counted: bool) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "UNSET": UNSET,
            "Decimal": Decimal,
            "Refused": RefusedError,
            "quantize": EXACT.quantize,
            "number": number,
            "one": one,
            "read": _read,
            "keys": _keys,
        }
        self._counted = counted
        self._indent = 1
        self._locals = 0

    def group(self, at: Shape, source: str, depth: int, *, as_dict: bool = False) -> str:
        """Write the checks of a group held by the local `source`.

        Returns:
            The source of its value: the local itself, or a dict of its members.
        """
        if self._counted:
            self._line(f"n += {len(at.group.members)}")
        values = {}
        for index, (name, member) in enumerate(at.group.members.items()):
            values[name] = self._member(member, at.below.get(name), f"{source}.f{index}", depth, as_dict=as_dict)
        if as_dict:
            return "{" + ", ".join(f"{name!r}: {value}" for name, value in values.items()) + "}"
        return source

    def _member(self, member: Member, below: Shape | None, source: str, depth: int, *, as_dict: bool) -> str:
        local = self._local()
        self._line(f"{local} = {source}")
        if not member.required:
            self._missing(member, below, local, as_dict=as_dict)
            self._indent += 1
        written = len(self.lines)
        if isinstance(member, Field):
            self._field(member, local, depth)
        elif below is not None and isinstance(member, Group):
            self._assign(local, self.group(below, local, depth + 1, as_dict=as_dict))
        elif below is not None:
            self._rows(below, local, depth + 1)
        if not member.required:
            if len(self.lines) == written:
                self._line("pass")
            self._indent -= 1
        if not as_dict:
            self._line(f"{source} = {local}")
        return local

    def _missing(self, member: Member, below: Shape | None, local: str, *, as_dict: bool) -> None:
        default: Any = None
        if isinstance(member, Field):
            default = member.default
        elif isinstance(member, Rows):
            default = member.field.default
        elif below is not None:
            default = absent(member) if as_dict else below.made(absent(member))
        if self._counted:
            self._line(f"if {local} is UNSET: n -= 1; {local} = {self._constant(default)}")
            self._line(f"elif {local} is None: {local} = {self._constant(default)}")
        else:
            self._line(f"if {local} is UNSET or {local} is None: {local} = {self._constant(default)}")
        self._line("else:")

    def _rows(self, item: Shape, local: str, depth: int) -> None:
        rows, each = self._local(), self._local()
        self._line(f"if len({local}) > {LONGEST_LIST}: raise Refused")
        self._line(f"{rows} = []")
        self._line(f"for {each} in {local}:")
        self._indent += 1
        self._line(f"{rows}.append({self.group(item, each, depth + 1, as_dict=True)})")
        self._indent -= 1
        self._line(f"{local} = {rows}")

    def _field(self, field: Field, local: str, depth: int) -> None:
        if field.type is FieldType.NUMBER:
            self._number(field, local)
        elif field.type in (FieldType.LIST, FieldType.CONTEXT):
            self._line(f"{local} = read({self._constant(field)}, {local}, {depth + 1})")
            if self._counted and (field.type is FieldType.CONTEXT or field.of in (None, FieldType.CONTEXT)):
                self._line(f"n += keys({local})")
            return
        elif field.type not in _PLAIN:
            self._line(f"{local} = one({self._constant(field)}, {local})")
            return
        elif field.type is FieldType.STRING and not self._counted:
            self._line(f"if type({local}) is not str: raise Refused")
            self._line(f"if not {local}.isascii(): {local}.encode()")
        self._bounds(field, local)

    def _number(self, field: Field, local: str) -> None:
        self._line(f"t = type({local})")
        self._line("if t is not Decimal and t is not int: raise Refused")
        if not self._counted:
            self._line(f"if t is Decimal and not {local}.is_finite(): raise Refused")
        if field.scale is None:
            self._line(f"{local} = number({local})")
            return
        zero, unit = self._constant(number(0, field.scale)), self._constant(quantum(field.scale))
        self._line(f"{local} = quantize({local}, {unit}) or {zero}")

    def _bounds(self, field: Field, local: str) -> None:
        if field.min is not None:
            self._line(f"if {local} < {self._constant(field.min)}: raise Refused")
        if field.max is not None:
            self._line(f"if {local} > {self._constant(field.max)}: raise Refused")
        if field.one_of is not None:
            self._line(f"if {local} not in {self._constant(frozenset(field.one_of))}: raise Refused")

    def _assign(self, local: str, value: str) -> None:
        if value != local:
            self._line(f"{local} = {value}")

    def _line(self, text: str) -> None:
        self.lines.append("    " * self._indent + text)

    def _local(self) -> str:
        self._locals += 1
        return f"v{self._locals}"

    def _constant(self, value: Any) -> str:
        if value is None:
            return "None"
        name = f"C{len(self.names)}"
        self.names[name] = value
        return name


def absent(member: Group) -> dict[str, Any]:
    """Return the values of a group that is missing: defaults, and None."""
    values: dict[str, Any] = {}
    for name, below in member.members.items():
        if isinstance(below, Group):
            values[name] = absent(below)
        else:
            values[name] = below.default if isinstance(below, Field) else below.field.default
    return values


class _First(list[Problem]):
    """Takes no problem."""

    def append(self, problem: Problem) -> None:
        """Refuse."""
        raise RefusedError(problem.code)


_FIRST = _First()


def _read(field: Field, value: Any, depth: int) -> Any:
    return read(field, value, "", _FIRST, depth)


def _keys(value: Any) -> int:
    """Count the members of all objects in a value."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys, value.values()))
    return sum(map(_keys, value)) if isinstance(value, list) else 0
