"""What of an event somebody may hold against one on record: answers must not tell which hidden value was guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy.model.document import FieldClass
from webadmin.access.scopes import READABLE
from webadmin.access.sight import OPEN_ATTRIBUTES, ClassOf


def comparable(event: Mapping[str, Any], classes: frozenset[FieldClass], class_of: ClassOf) -> dict[str, Any]:
    """Return an event without what is hidden, so that whether something hidden is there at all makes no difference.

    Args:
        event: As it is recorded.
        classes: Classes of values that may be read; who reported something is read by nobody.
        class_of: What knows the class of a value in an event.
    """
    seen = (classes | {FieldClass.OPEN}) & frozenset(READABLE)
    kind = str(event["type"])

    def shown(value: Mapping[str, Any], prefix: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, each in value.items():
            path = f"{prefix}{name}"
            if isinstance(each, Mapping):
                inner = shown(each, f"{path}.", kind)
                found |= {name: inner} if inner else {}
            elif class_of(kind, path) in seen and not _holds_fields(each):
                found[name] = each
        return found

    rest = {name: each for name, each in event.items() if name not in OPEN_ATTRIBUTES and name != "data"}
    plain = {name: each for name, each in event.items() if name in OPEN_ATTRIBUTES}
    return {**plain, "rest": shown(rest, "", ""), "data": shown(event.get("data") or {}, "", kind)}


def _holds_fields(value: object) -> bool:
    """Say whether a value is a list of items with fields: their classes are not known one by one."""
    return isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value)
