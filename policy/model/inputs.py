"""The JSON Schema of a policy's inputs, for forms and for callers of the API.

It says what a JSON Schema can say; `policy.model.facts` checks the rest (digits, keys that occur twice, durations
of the right sort). Titles are English, `x-title` holds both languages; `x-unit` and `x-class` say what the
vocabulary declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policy.model.document import FieldClass, FieldType
from policy.model.fields import Field, Group, Member, Rows
from policy.model.number import quantum
from policy.model.reading import LONGEST_LIST

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The JSON Schema the result is written in."""

_TYPES: Mapping[FieldType, Mapping[str, Any]] = {
    FieldType.STRING: {"type": "string"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.TIME: {"type": "string", "format": "time"},
    FieldType.DATE_TIME: {"type": "string", "format": "date-time"},
    FieldType.DAYS_DURATION: {"type": "string", "format": "duration"},
    FieldType.MONTHS_DURATION: {"type": "string", "format": "duration"},
    FieldType.LIST: {"type": "array", "maxItems": LONGEST_LIST},
    FieldType.CONTEXT: {"type": "object"},
}


def inputs_schema(group: Group) -> dict[str, Any]:
    """Return the JSON Schema of facts.

    Args:
        group: The inputs as they stand in facts.

    Returns:
        Plain data; numbers in it are exact decimals (`policy.model.canonical` writes them).
    """
    return {"$schema": DIALECT, **_group(group)}


def plain_schema(type_: FieldType, of: FieldType | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a value of a type, of which nothing else is said and which may be null."""
    schema = dict(_TYPES[type_])
    if of is not None:
        schema["items"] = {**_TYPES[of]}
    return _or_null(schema)


def _group(group: Group) -> dict[str, Any]:
    required = [name for name, member in group.members.items() if member.required]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _member(member) for name, member in group.members.items()},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _member(member: Member) -> dict[str, Any]:
    if isinstance(member, Field):
        schema = _field(member)
    elif isinstance(member, Rows):
        schema = {**_field(member.field), "items": _group(member.item)}
    else:
        schema = _group(member)
    return schema if member.required else _or_null(schema)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Let a value that may be missing also be given as null."""
    changed = {**schema, "type": [schema["type"], "null"]}
    return {**changed, "enum": [*schema["enum"], None]} if "enum" in schema else changed


def _field(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {**_TYPES[field.type]}
    if field.type is FieldType.LIST and field.of is not None:
        schema["items"] = {**_TYPES[field.of], **_limits(field)}
    else:
        schema |= _limits(field)
    if field.has_default:
        schema["default"] = field.default
    if field.label is not None:
        schema |= {"title": field.label.en, "x-title": {"zh": field.label.zh, "en": field.label.en}}
    if field.unit is not None:
        schema["x-unit"] = field.unit
    if field.class_ is not FieldClass.OPEN:
        schema["x-class"] = str(field.class_)
    return schema


def _limits(field: Field) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if field.one_of is not None:
        limits["enum"] = list(field.one_of)
    if field.scale is not None:
        limits["multipleOf"] = quantum(field.scale)
    if isinstance(field.min, Decimal):
        limits["minimum"] = field.min
    if isinstance(field.max, Decimal):
        limits["maximum"] = field.max
    return limits
