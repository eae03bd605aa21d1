"""Says in words what a form takes: of a member of a body, or of a parameter of an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from msgspec import inspect

from policy.model.document import FieldType
from policy.model.words import EXPECTED, named
from policy.values import Text

_OBJECT, _LIST, _TEXT = EXPECTED[FieldType.CONTEXT], EXPECTED[FieldType.LIST], EXPECTED[FieldType.STRING]
_INSTANT = Text(
    "带时区的时刻，例如 `2026-03-01T09:00:00+08:00`", "an instant with offset such as `2026-03-01T09:00:00+08:00`"
)


@cache
def kind_of(form: Any) -> inspect.Type:
    """Return what a form is made of."""
    return inspect.type_info(form)


def bare(kind: inspect.Type) -> tuple[inspect.Type, Mapping[str, Any]]:
    """Return a kind without what is said about it, and that: its JSON Schema beyond the type."""
    if isinstance(kind, inspect.Metadata):
        return kind.type, kind.extra_json_schema or {}
    return kind, {}


def choices(kind: inspect.Type) -> tuple[tuple[inspect.Type, ...], Mapping[str, Any]]:
    """Return what a value may be, each by itself, null left out, and what is said about it."""
    plain, schema = bare(kind)
    if not isinstance(plain, inspect.UnionType):
        return (plain,), schema
    found = [bare(each) for each in plain.types if not isinstance(each, inspect.NoneType)]
    return tuple(each for each, _ in found), {
        name: value for said in (*(said for _, said in found), schema) for name, value in said.items()
    }


def takes_null(kind: inspect.Type) -> bool:
    """Say whether a value may be null."""
    plain, schema = bare(kind)
    if isinstance(plain, inspect.UnionType):
        return any(isinstance(each, inspect.NoneType) for each in plain.types)
    return "null" in schema.get("type", ())


def words(kind: inspect.Type) -> tuple[str, ...]:
    """Return the words a value may be, none where it is no choice among words."""
    found: list[str] = []
    for each in choices(kind)[0]:
        if isinstance(each, inspect.LiteralType):
            found += map(str, each.values)
        elif isinstance(each, inspect.EnumType):
            found += [str(word.value) for word in each.cls]
        elif isinstance(each, inspect.StructType) and each.tag is not None:
            found.append(str(each.tag))
    return tuple(found)


def expected(kind: inspect.Type) -> Text:
    """Say what a value may be."""
    kinds, schema = choices(kind)
    first = kinds[0]
    if isinstance(first, inspect.StructType | inspect.DictType) or schema.get("type") == "object":
        return _within(_OBJECT, first, Text("个成员", "members"))
    if isinstance(first, inspect.ListType) or "array" in schema.get("type", ()):
        return _within(_LIST, first, Text("项", "items"))
    if known := words(kind):
        return one_of(known)
    if isinstance(first, inspect.IntType):
        return Text(f"介于 {first.ge} 与 {first.le} 之间的整数", f"a whole number from {first.ge} to {first.le}")
    if isinstance(first, inspect.DateType):
        return EXPECTED[FieldType.DATE]
    return _text(first, schema)


def one_of(known: Iterable[str]) -> Text:
    """Say that a value must be one of some words."""
    quoted = named(list(known))
    if len(quoted) == 1:
        return Text(f" {quoted[0]}", quoted[0])
    return Text(f"以下之一：{'、'.join(quoted)}", f"one of {', '.join(quoted)}")


def _text(kind: inspect.Type, schema: Mapping[str, Any]) -> Text:
    if schema.get("format") == "date-time":
        return _INSTANT
    if examples := schema.get("examples"):
        return Text(f"文本，例如 `{examples[0]}`", f"a text such as `{examples[0]}`")
    if isinstance(kind, inspect.StrType) and kind.pattern is not None:
        return Text(f"符合 `{kind.pattern}` 的文本", f"a text that fits `{kind.pattern}`")
    return _within(_TEXT, kind, Text("个字符", "characters"))


def _within(noun: Text, kind: inspect.Type, what: Text) -> Text:
    """Return a noun with how many of something it may have, where that is bounded."""
    least, most = getattr(kind, "min_length", None), getattr(kind, "max_length", None)
    if most is None:
        return noun
    if least is None:
        return Text(f"不超过 {most} {what.zh}的{noun.zh}", f"{noun.en} of at most {most} {what.en}")
    return Text(f"含 {least} 至 {most} {what.zh}的{noun.zh}", f"{noun.en} of {least} to {most} {what.en}")
