"""The inputs of two revisions as one tree, so that one form and one file serve both."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from policy.engine import Policy
from policy.model.fields import Field, Group, Member, Rows


def merged(one: Group, other: Group, *, lenient: bool = False) -> Group:
    """Return the inputs of both; an input both have may hold what either of them allows.

    Args:
        one: Inputs of one revision.
        other: Inputs of the other.
        lenient: Whether everything may be missing: each revision says by itself what it needs. Else what one of them
            needs is needed.
    """
    members = {name: _joined(each, other.members.get(name), lenient) for name, each in one.members.items()}
    members |= {name: _joined(each, None, lenient) for name, each in other.members.items() if name not in members}
    return Group(members)


def _joined(one: Member, other: Member | None, lenient: bool) -> Member:  # noqa: FBT001 - handed on
    if isinstance(one, Group):
        return merged(one, other if isinstance(other, Group) else Group({}), lenient=lenient)
    if isinstance(one, Rows):
        rows = other if isinstance(other, Rows) else None
        item = Group({}) if rows is None else rows.item
        field = _field(one.field, None if rows is None else rows.field, lenient)
        return Rows(field, merged(one.item, item, lenient=lenient))
    return _field(one, other if isinstance(other, Field) else None, lenient)


def _field(one: Field, other: Field | None, lenient: bool) -> Field:  # noqa: FBT001 - handed on
    allowed = one.one_of
    if other is not None and allowed is not None:
        allowed = None if other.one_of is None else tuple(dict.fromkeys((*allowed, *other.one_of)))
    least, most = (one.min, one.max) if other is None or (one.min, one.max) == (other.min, other.max) else (None, None)
    if lenient:
        return dataclasses.replace(one, one_of=allowed, min=None, max=None, optional=True, has_default=False)
    made = dataclasses.replace(one, one_of=allowed, min=least, max=most)
    is_needed = other is not None and other.required
    return dataclasses.replace(made, optional=False, has_default=False) if is_needed else made


def only_in(one: Policy, other: Policy) -> tuple[Field, ...]:
    """Return the inputs of one policy that the other does not know."""
    known = {each.path for each in other.reader.group.fields()}
    return tuple(each for each in one.reader.group.fields() if each.path not in known)


def unknown(policy: Policy, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of given facts that a policy has no input for."""
    return tuple(dict.fromkeys(_unknown(policy.reader.group, facts, "")))


def _unknown(group: Group, facts: Mapping[str, Any], prefix: str) -> list[str]:
    found: list[str] = []
    for name, value in facts.items():
        member, path = group.members.get(name), f"{prefix}{name}"
        if member is None:
            found += _paths(value, path)
        elif isinstance(member, Group) and isinstance(value, Mapping):
            found += _unknown(member, value, f"{path}.")
        elif isinstance(member, Rows) and isinstance(value, list | tuple):
            for item in value:
                found += _unknown(member.item, item, f"{path}[].") if isinstance(item, Mapping) else []
    return found


def _paths(value: Any, path: str) -> list[str]:
    if isinstance(value, Mapping) and value:
        return [each for name, below in value.items() for each in _paths(below, f"{path}.{name}")]
    return [path]
