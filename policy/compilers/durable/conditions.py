"""Conditions on events → tests of durable-rules, where they are plain comparisons joined by `and`.

Plain is: a field of the event that is never missing, against a literal or the same sort of field of an event before
it; numbers by any sign, texts and booleans by `=` and `!=`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from policy.compilers.durable.facts import Column
from policy.errors import EvaluationError
from policy.feel import nodes as n
from policy.model.document import FieldType
from policy.model.events import EventType
from policy.values import decimals

Test = Mapping[str, Any]
"""One test as durable-rules reads it."""

_SIGNS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_KINDS = {FieldType.STRING: str, FieldType.BOOLEAN: bool, FieldType.NUMBER: Decimal}


@dataclass(frozen=True, slots=True)
class Seen:
    """An event a condition can see.

    Attributes:
        name: What the rule calls it.
        type: Its type.
    """

    name: str
    type: EventType


@dataclass(slots=True)
class Columns:
    """The columns of facts that rules ask for, each with one name."""

    _known: dict[tuple[str, str], Column] = field(default_factory=dict)

    def of(self, type_: EventType, path: str) -> Column | None:
        """Return the column of a field; None where a fact cannot hold it, or it may be missing."""
        declared = type_.field(path)
        if declared is None or declared.type not in _KINDS or not (declared.required or declared.has_default):
            return None
        if declared.type is FieldType.NUMBER and declared.scale is None:
            return None
        return self._known.setdefault((type_.name, path), Column(f"d{len(self._known)}", type_.name, declared))


@dataclass(slots=True)
class Terms:
    """Tests of one event.

    Attributes:
        alone: Tests against literals.
        joins: Tests against events before it.
        columns: What they read.
    """

    alone: list[Test] = field(default_factory=list)
    joins: list[Test] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)


def terms(node: n.Node, own: str, seen: Mapping[str, Seen], columns: Columns) -> Terms | None:
    """Write a condition as tests.

    Args:
        node: The condition, checked.
        own: Alias of the event it is on.
        seen: Alias → event, its own and those before it.
        columns: Gives the names of fields.

    Returns:
        The tests; None where the condition is more than plain comparisons.
    """
    writer = _Writer(own, seen, columns)
    parts = node.parts if isinstance(node, n.Both) else (node,)
    return writer.terms if all(writer.written(part) for part in parts) else None


class _Writer:
    def __init__(self, own: str, seen: Mapping[str, Seen], columns: Columns) -> None:
        self._own = own
        self._seen = seen
        self._columns = columns
        self.terms = Terms()

    def written(self, node: n.Node) -> bool:
        """Write one part of a condition; say whether that can be done."""
        if not isinstance(node, n.Comparison):
            column = self._own_column(node)
            return column is not None and self._against(column, "=", value=True)
        left, right = self._own_column(node.left), self._own_column(node.right)
        if left is not None and right is None:
            return self._compared(left, node.sign, node.right)
        if right is not None and left is None:
            return self._compared(right, _FLIPPED.get(node.sign, node.sign), node.left)
        return False

    def _compared(self, column: Column, sign: str, other: n.Node) -> bool:
        if sign not in ("=", "!=") and column.field.type is not FieldType.NUMBER:
            return False
        if isinstance(other, n.Negation) and isinstance(other.operand, n.Literal):
            value = other.operand.value
            return isinstance(value, Decimal) and self._against(column, sign, value=-value)
        if isinstance(other, n.Literal):
            return self._against(column, sign, value=other.value)
        return self._joined(column, sign, other)

    def _against(self, column: Column, sign: str, *, value: Any) -> bool:
        """Write a comparison with a literal that the column can hold."""
        if type(value) is not _KINDS[column.field.type]:
            return False
        if isinstance(value, Decimal) and decimals(value) > (column.field.scale or 0):
            return False
        try:
            self.terms.alone.append(_test(column.name, sign, column.value(value)))
        except EvaluationError:
            return False
        self.terms.columns.append(column)
        return True

    def _joined(self, column: Column, sign: str, other: n.Node) -> bool:
        """Write a comparison with a field of an event before."""
        there = self._column(other)
        if there is None or (there[1].field.type, there[1].field.scale) != (column.field.type, column.field.scale):
            return False
        seen, field_ = there
        self.terms.joins.append(_test(column.name, sign, {seen.name: field_.name}))
        self.terms.columns += [column, field_]
        return True

    def _own_column(self, node: n.Node) -> Column | None:
        found = self._column(node)
        return found[1] if found is not None and found[0] is self._seen[self._own] else None

    def _column(self, node: n.Node) -> tuple[Seen, Column] | None:
        names: list[str] = []
        while isinstance(node, n.Path):
            names.insert(0, node.name)
            node = node.source
        if not names or not isinstance(node, n.Name) or node.name not in self._seen:
            return None
        seen = self._seen[node.name]
        column = self._columns.of(seen.type, ".".join(names))
        return None if column is None else (seen, column)


def _test(name: str, sign: str, value: Any) -> Test:
    return {name: value} if sign == "=" else {_SIGNS[sign]: {name: value}}
