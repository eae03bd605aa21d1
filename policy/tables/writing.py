"""A mapping into records → its text, as a person could have written it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from policy.errors import Place
from policy.model.canonical import canonical_json
from policy.model.written import Entries, Items, Scalar
from policy.tables.document import RecordMapping

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_WORD = re.compile(r"[a-z][a-z0-9_.-]*[a-z]")
_FIRST = ("mapping", "into", "source", "title")
_BLOCKS = {"columns", "joins", "where", "skip"}
_SECTIONS = {"fields", "facts"}
_LEFT_OUT = {"place", "text", "digest"}
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off"}


def written_mapping(mapping: RecordMapping) -> str:
    """Return the text of a mapping; what is as it would be without being said is left out."""
    return "\n".join(_lines(mapping)) + "\n"


def _lines(mapping: RecordMapping) -> Iterator[str]:
    for name in (*_FIRST, *(each.name for each in dataclasses.fields(mapping) if each.name not in _FIRST)):
        value = getattr(mapping, name)
        if name in _LEFT_OUT or _is_default(mapping, name):
            continue
        if name in _BLOCKS:
            yield f"{name}:"
            yield from (f"  - {_flow(each)}" for each in value)
        elif name in _SECTIONS:
            yield f"{name}:"
            yield from (f"  {_flow(path)}: {_flow(source)}" for path, source in value.items())
        else:
            yield f"{name}: {_flow(value)}"


def _is_default(of: Any, name: str) -> bool:
    declared = next(each for each in dataclasses.fields(of) if each.name == name)
    value = getattr(of, name)
    if declared.default_factory is not dataclasses.MISSING:
        return bool(value == declared.default_factory())
    return bool(declared.default is not dataclasses.MISSING and value == declared.default)


def _flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Scalar):
        return value.text if value.plain and _PLAIN.fullmatch(value.text) else canonical_json(value.text)
    value = _opened(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, str) and _WORD.fullmatch(value) and value not in _RESERVED:
        return str(value)
    return canonical_json(str(value) if isinstance(value, StrEnum) else value)


def _opened(value: Any) -> Any:
    """Return a part of a document as mappings and lists; anything else as it is."""
    if isinstance(value, Items):
        return value.items
    if isinstance(value, Entries):
        return {each.key: each.value for each in value.entries}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in dataclasses.fields(value) if each.name != "place"]
        return {name.rstrip("_"): getattr(value, name) for name in names if not _is_default(value, name)}
    return value


def _key(name: str) -> str:
    return name if _WORD.fullmatch(name) else canonical_json(name)


NOWHERE = Place("<form>", 1, 1)
"""The place of what a form says."""
