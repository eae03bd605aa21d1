"""A mapping into records → its text, as a person could have written it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from policy.errors import Place
from policy.model.canonical import canonical_json
from policy.tables.document import RecordMapping
from policy.values import Text

_FIRST = ("mapping", "into", "source", "title")
_BLOCKS = {"columns", "joins", "where", "skip"}
_SECTIONS = {"fields", "facts"}
_LEFT_OUT = {"place", "text", "digest"}


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
    return canonical_json(_plain(value))


def _plain(value: Any) -> Any:
    """Return what a value is written as: its names as in the text, places and defaults left out."""
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in dataclasses.fields(value) if each.name != "place"]
        return {name.rstrip("_"): _plain(getattr(value, name)) for name in names if not _is_default(value, name)}
    return value


NOWHERE = Place("<form>", 1, 1)
"""The place of what a form says."""
