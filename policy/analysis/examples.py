"""Makes facts of an example: what it names, and the rest as plain as the inputs allow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from policy.model.document import FieldType
from policy.model.fields import Field, Group, Member
from policy.model.ruleset import RuleSet

_PLAIN: Mapping[FieldType, Any] = {
    FieldType.STRING: "x",
    FieldType.BOOLEAN: False,
    FieldType.DATE: "2026-01-01",
    FieldType.TIME: "09:00:00",
    FieldType.DATE_TIME: "2026-01-01T09:00:00+08:00",
    FieldType.DAYS_DURATION: "P1D",
    FieldType.MONTHS_DURATION: "P1M",
}


def facts_of(rule_set: RuleSet, example: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts that fit the inputs and hold an example.

    Args:
        rule_set: The policy.
        example: Values by path, as conditions name them; None for "missing". Of an item under `each` they go into
            the only item of its list; those of derived values are left out, for no facts hold them.
    """
    each = rule_set.document.each
    placed: dict[str, Any] = {}
    for path, value in example.items():
        begins = each is not None and path.startswith(f"{each.as_}.")
        placed[f"{each.list}[].{path.partition('.')[2]}" if begins and each is not None else path] = value
    return _group(rule_set.tree, placed, None if each is None else each.list)


def _group(group: Group, example: Mapping[str, Any], listed: str | None) -> dict[str, Any]:
    made = {name: _member(member, example, listed) for name, member in group.members.items()}
    return {name: value for name, value in made.items() if value is not None}


def _member(member: Member, example: Mapping[str, Any], listed: str | None) -> Any:
    if isinstance(member, Group):
        return _group(member, example, listed) or None
    if isinstance(member, Field):
        if member.path in example:
            return _plain(example[member.path])
        return _some(member) if member.required else None
    if member.field.path == listed:
        return [_group(member.item, example, listed)]
    return [] if member.required else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _some(field: Field) -> Any:
    """Return the plainest value a required field can have."""
    if field.type is FieldType.LIST:
        return []
    if field.type is FieldType.CONTEXT:
        return {}
    if field.one_of:
        return field.one_of[0]
    if field.type is FieldType.NUMBER:
        low, high = field.min, field.max
        zero = Decimal(0)
        return low if low is not None and low > zero else high if high is not None and high < zero else zero
    least = field.min if field.min is not None else field.max
    return _PLAIN[field.type] if least is None else str(least)
