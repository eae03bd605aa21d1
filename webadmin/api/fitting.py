"""Holds a value of JSON against the form it should have: everything that does not fit, each with its pointer.

The forms are msgspec's, which itself would name the first fault only, in English. Members of a form that are raw JSON
are not looked into, beyond whether they are the list or the object the form says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from policy.model import words
from policy.model.reading import pointed
from policy.values import Text
from webadmin.api import expecting
from webadmin.api.problems import Fault, body_problem, meant
from webadmin.api.searching import is_instant

MOST_NAMED = 20
"""Faults of one body that are named; the others are counted."""

T = TypeVar("T")


def fitted(value: Any, form: type[T]) -> T:
    """Return a value in a form, a struct or a choice among tagged ones.

    Raises:
        ProblemError: it does not fit; carries everything that is wrong with it.
    """
    faults, more = unfit(value, form)
    if faults:
        raise body_problem(faults, more)
    return msgspec.convert(_raw(value, form), form)


def unfit(value: Any, form: Any) -> tuple[list[Fault], int]:
    """Return what does not fit, in the order of the form, and how many faults there are beyond those."""
    walk = _Walk()
    walk.value(expecting.kind_of(form), value, "")
    return walk.faults, walk.more


def _raw(value: Any, form: Any) -> Any:
    """Return a value that fits, whatever is raw in its form replaced by some raw JSON."""
    if not isinstance(value, Mapping):
        return value
    blank = msgspec.Raw(b"0")
    found = dict(value)
    for field in getattr(expecting.kind_of(form), "fields", ()):
        given = found.get(field.name)
        (kind, *_), _ = expecting.choices(field.type)
        if isinstance(kind, inspect.RawType) and field.name in found:
            found[field.name] = blank
        elif isinstance(kind, inspect.ListType) and isinstance(expecting.bare(kind.item_type)[0], inspect.RawType):
            found[field.name] = [blank] * len(given or ())
    return found


class _Walk:
    """Looks at a value and notes what does not fit.

    Attributes:
        faults: The first ones.
        more: How many there are beyond those.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.more = 0

    def value(self, kind: inspect.Type, value: Any, pointer: str) -> None:
        """Look at a value of any kind."""
        if value is None and expecting.takes_null(kind):
            return
        (first, *_), schema = expecting.choices(kind)
        takes = _JSON.get(_raw_type(schema), object) if isinstance(first, inspect.RawType) else _TAKEN[type(first)]
        fits = isinstance(value, takes) and not (isinstance(value, bool) and takes is not object)
        if not fits:
            self._of_wrong_type(kind, value, pointer)
        elif isinstance(first, inspect.StructType):
            self._struct(kind, value, pointer)
        elif isinstance(first, inspect.DictType):
            self._mapping(first, value, pointer)
        elif isinstance(first, inspect.ListType):
            self._list(first, value, pointer)
        else:
            self._leaf(kind, value, pointer)

    def _leaf(self, kind: inspect.Type, value: Any, pointer: str) -> None:
        """Look at a text or a number, which is of the type it should be."""
        (first, *_), schema = expecting.choices(kind)
        if isinstance(first, inspect.StrType) and self._is_measured(first, len(value), _CHARACTERS, pointer):
            has_form = first.pattern is None or re.search(first.pattern, value) is not None
            if not has_form or (schema.get("format") == "date-time" and not is_instant(value)):
                self._wrong("body-form", kind, value, pointer)
        elif isinstance(first, inspect.DateType) and not _is_day(value):
            self._wrong("body-form", kind, value, pointer)
        elif isinstance(first, inspect.LiteralType) and value not in first.values:
            self._unknown_word(kind, value, pointer)
        elif isinstance(first, inspect.IntType) and not _is_between(first, value):
            self._wrong("body-range", kind, value, pointer)

    def _struct(self, kind: inspect.Type, value: Mapping[str, Any], pointer: str) -> None:
        """Look at an object; where it may have several forms, one of its members says which."""
        structs = {str(each.tag): each for each in expecting.choices(kind)[0] if isinstance(each, inspect.StructType)}
        first = next(iter(structs.values()))
        if first.tag_field is None:
            self._object(first, value, pointer)
            return
        name = first.tag_field
        words_of_it, below = inspect.LiteralType(tuple(structs)), pointed(pointer, name)
        if name not in value:
            self._missing(name, words_of_it, below)
        elif isinstance(value[name], str) and value[name] in structs:
            self._object(structs[value[name]], value, pointer, tag=name)
        else:
            self.value(words_of_it, value[name], below)

    def _object(
        self, struct: inspect.StructType, value: Mapping[str, Any], pointer: str, *, tag: str | None = None
    ) -> None:
        known = [field.encode_name for field in struct.fields]
        if struct.forbid_unknown_fields:
            names = known if tag is None else [tag, *known]
            for name in value:
                if name not in names:
                    self._unknown(name, names, pointer)
        for field in struct.fields:
            below = pointed(pointer, field.encode_name)
            if field.encode_name in value:
                self.value(field.type, value[field.encode_name], below)
            elif field.required:
                self._missing(field.encode_name, field.type, below)

    def _of_wrong_type(self, kind: inspect.Type, value: Any, pointer: str) -> None:
        """Note a value of another type; a list in place of an object may belong into its only member."""
        fields: tuple[inspect.Field, ...] = getattr(expecting.choices(kind)[0][0], "fields", ())
        if isinstance(value, list) and len(fields) == 1 and isinstance(fields[0].type, inspect.ListType):
            name = fields[0].encode_name
            zh = f'此处是列表，应为对象：请把列表放在 `{name}` 下，即 {{"{name}": […]}}'
            en = f'found a list, expected an object: put the list under `{name}`, as in {{"{name}": […]}}'
            self._note(Fault("body-list", Text(zh, en), pointer))
        else:
            self._wrong("body-type", kind, value, pointer)

    def _mapping(self, kind: inspect.DictType, value: Mapping[str, Any], pointer: str) -> None:
        if self._is_measured(kind, len(value), _MEMBERS, pointer):
            for name, each in value.items():
                self.value(kind.key_type, name, pointed(pointer, name))
                self.value(kind.value_type, each, pointed(pointer, name))

    def _list(self, kind: inspect.ListType, value: list[Any], pointer: str) -> None:
        if self._is_measured(kind, len(value), _ITEMS, pointer):
            for index, each in enumerate(value):
                self.value(kind.item_type, each, f"{pointer}/{index}")

    def _is_measured(self, kind: Any, length: int, what: Text, pointer: str) -> bool:
        """Say whether something is neither too short nor too long; note it where it is."""
        if (kind.min_length or 0) <= length and (kind.max_length is None or length <= kind.max_length):
            return True
        wanted = expecting.expected(kind)
        zh, en = f"有 {length} {what.zh}，应为{wanted.zh}", f"found {length} {what.en}, expected {wanted.en}"
        self._note(Fault("body-length", Text(zh, en), pointer))
        return False

    def _missing(self, name: str, kind: inspect.Type, pointer: str) -> None:
        wanted = expecting.expected(kind)
        text = Text(f"缺少 `{name}`，应为{wanted.zh}", f"`{name}` is missing, expected {wanted.en}")
        self._note(Fault("body-missing", text, pointer))

    def _unknown(self, name: str, known: list[str], pointer: str) -> None:
        if len(self.faults) >= MOST_NAMED:  # a body may have thousands of them
            self.more += 1
            return
        shown, wanted = words.shown(name), expecting.one_of(known)
        text = Text(f"未知字段 `{shown}`，应为{wanted.zh}", f"unknown field `{shown}`, expected {wanted.en}")
        self._note(meant(Fault("body-unknown", text, pointed(pointer, name)), name, known))

    def _unknown_word(self, kind: inspect.Type, value: str, pointer: str) -> None:
        shown, wanted = words.shown(value), expecting.expected(kind)
        text = Text(f"此处是 `{shown}`，应为{wanted.zh}", f"found `{shown}`, expected {wanted.en}")
        self._note(meant(Fault("body-choice", text, pointer), value, expecting.words(kind)))

    def _wrong(self, code: str, kind: inspect.Type, value: Any, pointer: str) -> None:
        found, wanted = words.kind_of(value), expecting.expected(kind)
        text = Text(f"此处是{found.zh}，应为{wanted.zh}", f"found {found.en}, expected {wanted.en}")
        self._note(Fault(code, text, pointer))

    def _note(self, fault: Fault) -> None:
        if len(self.faults) < MOST_NAMED:
            self.faults.append(fault)
        else:
            self.more += 1


_MEMBERS, _ITEMS, _CHARACTERS = Text("个成员", "members"), Text("项", "items"), Text("个字符", "characters")
_JSON: Mapping[str, type] = {"object": Mapping, "array": list}
_TAKEN: Mapping[type, type] = {
    inspect.StructType: Mapping,
    inspect.DictType: Mapping,
    inspect.ListType: list,
    inspect.StrType: str,
    inspect.LiteralType: str,
    inspect.DateType: str,
    inspect.IntType: int,
    inspect.AnyType: object,
}
"""What JSON must give for each kind."""


def _raw_type(schema: Mapping[str, Any]) -> str:
    """Return the type its form says raw JSON has, empty where it says none; null was looked at before."""
    said = schema.get("type", "")
    return said if isinstance(said, str) else next(each for each in said if each != "null")


def _is_between(kind: inspect.IntType, value: int) -> bool:
    return (kind.ge is None or kind.ge <= value) and (kind.le is None or value <= kind.le)


def _is_day(value: str) -> bool:
    try:
        msgspec.convert(value, date)
    except msgspec.ValidationError:
        return False
    return True
