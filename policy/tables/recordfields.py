"""The records a mapping can fill, and the fields each of them has of its own.

Ids are texts of the outside system. Numbers are exact decimals; `quota` and `monthly_wage` are currency units. Days
count from their beginning: `since` is the first day, `until` the first day no longer. Why somebody is absent is no
field, and never becomes one (guard rail 9).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policy.model.document import FieldClass, FieldType
from policy.model.fields import Field
from policy.tables.document import RecordKind

FACTS: Mapping[RecordKind, str] = {
    RecordKind.CUSTOMERS: "facts",
    RecordKind.DEALS: "facts",
    RecordKind.EVENTS: "data",
}
"""Under which name the values of vocabulary paths stand in a record; kinds that take none are left out."""

FACTS_OF: Mapping[RecordKind, str] = {RecordKind.CUSTOMERS: "customer."}
"""How the paths must begin that a kind takes."""

ROLES = ("account-manager", "lead", "director", "finance", "legal", "general-manager", "auditor")
"""What a person can be in the organisation."""

_AS_IN_VOCABULARY: Mapping[tuple[RecordKind, str], str] = {
    (RecordKind.TEAMS, "region"): "managers[].region",
    (RecordKind.PEOPLE, "region"): "managers[].region",
    (RecordKind.PEOPLE, "regions"): "managers[].regions",
    (RecordKind.PEOPLE, "level"): "managers[].level",
    (RecordKind.PEOPLE, "skills"): "managers[].skills",
    (RecordKind.PEOPLE, "languages"): "managers[].languages",
    (RecordKind.PEOPLE, "industries"): "managers[].industries",
    (RecordKind.PEOPLE, "certificates"): "managers[].certificates",
    (RecordKind.PEOPLE, "capacity"): "managers[].capacity",
    (RecordKind.PEOPLE, "quota_currency"): "person.currency",
    (RecordKind.CUSTOMERS, "tier"): "customer.tier",
    (RecordKind.CUSTOMERS, "region"): "customer.region",
    (RecordKind.CUSTOMERS, "industry"): "customer.industry",
    (RecordKind.CUSTOMERS, "needs"): "customer.needs",
}
"""Own fields that policies see under a path of the vocabulary: what it allows is what the record allows."""


def _text(name: str, *, class_: FieldClass = FieldClass.OPEN, one_of: tuple[str, ...] | None = None) -> Field:
    return Field(name, FieldType.STRING, optional=True, class_=class_, one_of=one_of)


def _texts(name: str) -> Field:
    return Field(name, FieldType.LIST, of=FieldType.STRING, optional=True)


def _day(name: str) -> Field:
    return Field(name, FieldType.DATE, optional=True)


def _number(name: str, scale: int, class_: FieldClass = FieldClass.OPEN) -> Field:
    return Field(name, FieldType.NUMBER, scale=scale, min=Decimal(0), optional=True, class_=class_)


def _needed(field: Field) -> Field:
    return dataclasses.replace(field, optional=False)


_ID = _needed(_text("id"))
_NAMED = (_ID, _needed(_text("name")), _text("name_en"))

_FIELDS: Mapping[RecordKind, tuple[Field, ...]] = {
    RecordKind.TEAMS: (*_NAMED, _text("parent"), _text("region"), _day("since")),
    RecordKind.PEOPLE: (
        *_NAMED,
        _text("email", class_=FieldClass.PERSONAL),
        _text("team"),
        _text("role", one_of=ROLES),
        _text("status", one_of=("active", "leaving", "left")),
        _text("region"),
        _texts("regions"),
        _number("level", 0),
        _texts("skills"),
        _texts("languages"),
        _texts("industries"),
        _texts("certificates"),
        _day("hired_on"),
        _day("leaves_on"),
        _number("capacity", 1),
        _number("quota", 2, FieldClass.PAY),
        _text("quota_currency"),
        _number("monthly_wage", 2, FieldClass.PAY),
        _day("since"),
    ),
    RecordKind.ABSENCES: (_ID, _needed(_text("person")), _needed(_day("since")), _needed(_day("until"))),
    RecordKind.CUSTOMERS: (
        *_NAMED,
        _text("owner"),
        _text("tier"),
        _text("region"),
        _text("industry"),
        _text("status", one_of=("active", "lost", "public")),
        _texts("needs"),
        _text("phone", class_=FieldClass.PERSONAL),
        _day("since"),
    ),
    RecordKind.DEALS: (
        _ID,
        _text("customer"),
        _text("owner"),
        _needed(_text("stage", one_of=("open", "won", "lost"))),
        _day("opened_on"),
        _day("closed_on"),
    ),
    RecordKind.EVENTS: (
        _ID,
        _needed(_text("type")),
        _text("subject"),
        _needed(Field("time", FieldType.DATE_TIME)),
        _text("source"),
    ),
}


def record_fields(kind: RecordKind, vocabulary: Mapping[str, Field] | None = None) -> dict[str, Field]:
    """Return the fields a record has of its own, by name, in order.

    Args:
        kind: What the record is of.
        vocabulary: Path → field; what it allows where policies see such a field is what the record may hold, by the
            names it gives the values.
    """
    return {field.name: _limited(kind, field, vocabulary or {}) for field in _FIELDS[kind]}


def _limited(kind: RecordKind, field: Field, vocabulary: Mapping[str, Field]) -> Field:
    shared = vocabulary.get(_AS_IN_VOCABULARY.get((kind, field.name), ""))
    if shared is None or shared.type is not field.type:
        return field
    limits: dict[str, Any] = {"one_of": shared.one_of, "min": shared.min, "max": shared.max, "scale": shared.scale}
    said = {name: limit for name, limit in limits.items() if limit is not None}
    return dataclasses.replace(field, **said, names=shared.names)
