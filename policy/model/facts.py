"""Reads a caller's facts: a mapping or JSON in, slotted structs out; or every problem at once.

Facts fit the inputs of one policy exactly: an unknown name is refused, a required one must be there. JSON's null
says "missing", and a missing value is None, or the default where one is declared. Bounds: 1 MiB of JSON, 64 levels,
100,000 items in a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, DecimalException
from typing import Any

import msgspec

from policy.errors import FactsError, Finding, Problem, did_you_mean
from policy.model import decoding, reading, words
from policy.model.decoding import Facts, Shape
from policy.model.document import FieldType
from policy.model.fields import Field, Group, Member, Rows
from policy.model.problems import gathered
from policy.model.written import Entries, Items
from policy.values import LARGEST_EXPONENT, NUMBERS, Text

__all__ = ["LARGEST", "Facts", "FactsReader"]

LARGEST = 1 << 20
"""Bytes of JSON that are read."""


class FactsReader:
    """Reads the facts of one policy; made once, safe to share between threads.

    Args:
        group: The inputs as they stand in facts (`policy.model.fields.tree`).
    """

    def __init__(self, group: Group) -> None:
        self.group = group
        self._shape = decoding.shape(group)
        self._decoder = msgspec.json.Decoder(self._shape.struct, float_hook=Decimal)
        self._check_json = decoding.checker(self._shape, counted=True)
        self._check_mapping = decoding.checker(self._shape, counted=False)

    def read(self, facts: Mapping[str, Any] | bytes | str) -> Facts:
        """Decode and check facts.

        Args:
            facts: A mapping as JSON would give it (decimals, days, times and durations as Python or FEEL values are
                taken too; a binary float counts as its shortest decimal text), or JSON as UTF-8 bytes or text.

        Raises:
            FactsError: they do not fit; carries every problem with its JSON pointer.
        """
        if isinstance(facts, bytes | str):
            return self._read_json(facts if isinstance(facts, bytes) else facts.encode("utf-8", "surrogatepass"))
        return self._read_mapping(facts)

    def from_entries(self, entries: Entries) -> tuple[Facts | None, list[Finding]]:
        """Read facts written in a document, the `given` of a test for instance.

        Returns:
            The facts and no findings, or None and every finding at its place.
        """
        values, problems = self._walked(entries)
        if not problems:
            return self._shape.made(values), []
        return None, [Finding(each.code, reading.place_of(entries, each), each.values) for each in problems]

    def attribute(self, path: tuple[str, ...]) -> str | None:
        """Return the attributes that lead to a field or group: `f0.f2`; None where there is none.

        A list is a whole: what its items hold are entries of dicts.
        """
        attributes: list[str] = []
        member: Member = self.group
        for name in path:
            if not isinstance(member, Group) or name not in member.members:
                return None
            attributes.append(f"f{list(member.members).index(name)}")
            member = member.members[name]
        return ".".join(attributes) or None

    def plain(self, facts: Facts) -> dict[str, Any]:
        """Return facts as nested dicts, without what is missing; read again they give the same facts."""
        return _plain_struct(self._shape, facts)

    def _read_json(self, body: bytes) -> Facts:
        if len(body) > LARGEST:
            raise FactsError([Problem("facts-too-large", "", {"found": len(body), "expected": LARGEST})])
        try:
            facts = self._decoder.decode(body)
            seen = self._check_json(facts)
            if body.count(b":") == seen or decoding.members(body) == seen:
                return facts
        except decoding.FAILURES:
            pass  # read slowly, to say why
        return self._read_slowly(_parsed(body))

    def _read_mapping(self, facts: Mapping[str, Any]) -> Facts:
        try:
            taken = msgspec.convert(facts, self._shape.struct)
            self._check_mapping(taken)
        except decoding.FAILURES:
            return self._read_slowly(facts)
        return taken

    def _read_slowly(self, value: Any) -> Facts:
        values, problems = self._walked(value)
        if problems:
            raise FactsError(problems)
        return self._shape.made(values)

    def _walked(self, value: Any) -> tuple[Any, list[Problem]]:
        return gathered(lambda problems: _Walk(self.group, problems).group(self.group, value, "", 1))


class _Walk:
    """Reads facts name by name and notes every problem."""

    def __init__(self, top: Group, problems: list[Problem]) -> None:
        self._top = top
        self._problems = problems

    def group(self, group: Group, value: Any, pointer: str, depth: int) -> dict[str, Any]:
        """Read the members of an object: every declared name with its value, its default or None."""
        values = decoding.absent(group)
        if not isinstance(value, Mapping | Entries):
            self._wrong(value, FieldType.CONTEXT, pointer)
            return values
        there = set()
        for name, below in reading.members(value, pointer, self._problems):
            member = group.members.get(name)
            if member is None:
                self._unknown(name, group, pointer)
            elif not reading.is_nothing(below):
                there.add(name)
                values[name] = self._member(member, below, reading.pointed(pointer, name), depth + 1)
        for name, member in group.members.items():
            if member.required and name not in there:
                self._missing(member, name, reading.pointed(pointer, name))
        return values

    def _member(self, member: Member, value: Any, pointer: str, depth: int) -> Any:
        if isinstance(member, Field):
            return reading.read(member, value, pointer, self._problems, depth)
        if isinstance(member, Group):
            return self.group(member, value, pointer, depth)
        return self._rows(member, value, pointer, depth)

    def _rows(self, rows: Rows, value: Any, pointer: str, depth: int) -> list[dict[str, Any]]:
        items = value.items if isinstance(value, Items) else value
        if not isinstance(items, list | tuple):
            self._wrong(value, FieldType.LIST, pointer)
            return []
        if not reading.is_within(len(items), pointer, self._problems, depth):
            return []
        return [self.group(rows.item, item, reading.pointed(pointer, at), depth + 1) for at, item in enumerate(items)]

    def _wrong(self, value: Any, expected: FieldType, pointer: str) -> None:
        values = {"found": words.kind_of(value), "expected": words.EXPECTED[expected]}
        self._problems.append(Problem("value-type", pointer, values))

    def _unknown(self, name: str, group: Group, pointer: str) -> None:
        near = did_you_mean(name, group.members) or _elsewhere(name, self._top)
        values = {"found": words.shown(name), "expected": words.named(list(group.members)), **near}
        self._problems.append(Problem("facts-unknown", reading.pointed(pointer, name), values))

    def _missing(self, member: Member, name: str, pointer: str) -> None:
        """Note every required field of a member that is not there."""
        if isinstance(member, Group):
            for below, each in member.members.items():
                if each.required:
                    self._missing(each, below, reading.pointed(pointer, below))
            return
        field = member if isinstance(member, Field) else member.field
        expected = words.EXPECTED[field.type]
        self._problems.append(Problem("facts-missing", pointer, {"found": field.path or name, "expected": expected}))


def _elsewhere(name: str, top: Group) -> dict[str, Any]:
    """Suggest the path of a field that has the name in another group."""
    paths = [field.path for field in top.fields() if field.name == name]
    return {"suggestion": paths[0]} if paths else {}


def _parsed(body: bytes) -> Any:
    """Parse JSON for the slow way: every number as written, keys that occur twice kept in mind."""
    try:
        return json.loads(
            body.decode(), object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=Decimal
        )
    except UnicodeDecodeError as error:
        values: dict[str, Any] = {"position": error.start + 1, "found": f"0x{body[error.start]:02X}"}
        raise FactsError([Problem("facts-encoding", "", values)]) from None
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "column": error.colno, "found": _found(error)}
        raise FactsError([Problem("facts-json", "", values)]) from None
    except RecursionError:
        raise FactsError([Problem("facts-too-deep", "", {"expected": reading.DEEPEST})]) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else reading.Repeating(pairs)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text, NUMBERS)
    except DecimalException:
        values: dict[str, Any] = {"found": words.shown(text), "expected": LARGEST_EXPONENT}
        raise FactsError([Problem("value-exponent", "", values)]) from None


def _found(error: json.JSONDecodeError) -> Text:
    there = error.doc[error.pos : error.pos + 1]
    if not there:
        return Text("文本在此结束，", "the end of the text")
    named = there if there.isprintable() else f"U+{ord(there):04X}"
    return Text(f"`{named}` ", f"`{named}`")


def _plain_struct(shape: Shape, facts: Facts) -> dict[str, Any]:
    found = {}
    for at, (name, member) in enumerate(shape.group.members.items()):
        value = getattr(facts, f"f{at}")
        if isinstance(member, Group):
            value = _plain_struct(shape.below[name], value) or None
        elif isinstance(member, Rows) and value is not None:
            value = [_plain_item(member.item, item) for item in value]
        if value is not None:
            found[name] = value
    return found


def _plain_item(group: Group, item: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_there(group, item))


def _there(group: Group, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, member in group.members.items():
        value = item[name]
        if isinstance(member, Group):
            value = _plain_item(member, value) or None
        elif isinstance(member, Rows) and value is not None:
            value = [_plain_item(member.item, each) for each in value]
        if value is not None:
            yield name, value
