"""What the second engine knows of an event: flat facts of whole numbers and short texts.

Amounts are counted in their smallest unit by the field's scale, booleans as 1 and 0. Texts are told apart by their
fingerprint: of equal length, in plain letters, and nobody's data leave the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from policy.errors import EvaluationError
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.ruleset import EventPattern

TYPE, SECOND, RANK = "ty", "t", "o"
"""Names every fact has: type of the event, second since the first event, number in the order of the events."""

SENTINEL_RULE, SENTINEL = "sentinel", "-"
"""A rule that always fires, and the type of the fact it fires on: a replay that does not end with it has failed."""

_GREATEST = 10**15


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an event's data among its facts.

    Attributes:
        name: What the fact calls it.
        type: Type of the event.
        field: Never missing; a boolean, a text, or a number with a scale.
    """

    name: str
    type: str
    field: Field

    def value(self, value: Any) -> int | str:
        """Return a value as the fact holds it.

        Raises:
            EvaluationError: the number is too great.
        """
        if self.field.type is FieldType.STRING:
            return blake2s(value.encode(), digest_size=16).hexdigest()
        if self.field.type is FieldType.BOOLEAN:
            return int(value)
        number = int(Decimal(value).scaleb(self.field.scale or 0))
        if abs(number) > _GREATEST:
            code = "fact-unfit"
            raise EvaluationError(code, name=self.field.path)
        return number


@dataclass(frozen=True, slots=True)
class Flag:
    """A condition that is judged beforehand: 1 where it is true, else 0.

    Attributes:
        name: What the fact calls it.
        type: Type of the event.
        pattern: Name of the pattern that holds the condition.
        alias: What the pattern calls the event.
    """

    name: str
    type: str
    pattern: str
    alias: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Rules for one replay: patterns of the same key.

    Attributes:
        key: Path of their key.
        text: The rules as durable-rules reads them, JSON.
        patterns: Name of a rule → pattern; its events are `s0`, `s1` and so on in a match.
        types: Types of events they look at.
        before: Those among them that must not be there: their facts are given first.
    """

    key: str
    text: str
    patterns: Mapping[str, EventPattern]
    types: frozenset[str]
    before: frozenset[str]
    columns: tuple[Column, ...]
    flags: tuple[Flag, ...]
