"""What an expression may cost: how many steps one round of a loop is, and whether it is counted from the beginning.

A single pass over a list or a text is not counted: its length is bounded. What can add up is: loops that do more than
compare and reckon, what looks at every pair of items, and many calls in one expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.writing.operators import EQUATED

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

_PARTS_A_STEP = 8
_A_LITERAL, _A_PART, _A_CALL = 1, 2, 16
_MANY_CALLS = 8
_LIGHT = frozenset(
    [
        "abs",
        "ceiling",
        "count",
        "date",
        "decimal",
        "duration",
        "even",
        "floor",
        "is",
        "lookup",
        "not",
        "now",
        "odd",
        "time",
        "today",
        "ends with",
        "round down",
        "round half down",
        "round half up",
        "round up",
        "starts with",
        "string length",
    ]
)
_QUADRATIC = frozenset(
    [
        "flatten",
        "mode",
        "range",
        "replace",
        "sort",
        "split",
        "stddev",
        "string",
        "union",
        "distinct values",
        "index of",
        "list contains",
        "string join",
    ]
)


def round_weight(*parts: n.Node) -> int:
    """Return the steps of one round that carries out some parts; what loops inside do is counted by themselves."""
    return 1 + sum(_price(node) for part in parts for node in _without_loops(part)) // _PARTS_A_STEP


def _price(node: n.Node) -> int:
    if isinstance(node, n.Literal):
        return _A_LITERAL
    return _A_CALL if isinstance(node, n.Call) else _A_PART


def _without_loops(node: n.Node) -> Iterator[n.Node]:
    yield node
    repeated = _repeated(node)
    for child in n.children(node):
        if child is not repeated:
            yield from _without_loops(child)


def _repeated(node: n.Node) -> n.Node | None:
    """Return the part of a loop or function that is carried out again and again."""
    if isinstance(node, n.For):
        return node.result
    if isinstance(node, n.Filter | n.Quantified):
        return node.test
    return node.body if isinstance(node, n.FunctionLiteral) else None


def can_add_up(emitter: Emitter, node: n.Node) -> bool:
    """Say whether an expression is counted from the beginning."""
    calls = 0
    for each, is_repeated in _placed(node, is_repeated=False):
        if is_repeated and _is_long(emitter, each):
            return True
        if isinstance(each, n.Call):
            if _called(each) in _QUADRATIC and not _is_of_scalars(emitter, each):
                return True
            calls += not _is_light(emitter, each)
    return calls >= _MANY_CALLS


def _placed(node: n.Node, *, is_repeated: bool) -> Iterator[tuple[n.Node, bool]]:
    yield node, is_repeated
    again = _repeated(node)
    several = isinstance(node, n.For | n.Quantified) and len(node.each) > 1
    for child in n.children(node):
        yield from _placed(child, is_repeated=is_repeated or child is again or several)


def _called(node: n.Call) -> str:
    return node.function.name if isinstance(node.function, n.Name) else ""


def _is_long(emitter: Emitter, node: n.Node) -> bool:
    """Say whether a part may take long although it is no loop."""
    if isinstance(node, n.Call):
        return not _is_light(emitter, node)
    if isinstance(node, n.Arithmetic):
        return node.sign == "**" or not _are(emitter, t.NumberType, node.left, node.right)
    if isinstance(node, n.Comparison):
        return node.sign in ("=", "!=") and not any(_are(emitter, EQUATED, each) for each in (node.left, node.right))
    if isinstance(node, n.In):
        return not _are(emitter, EQUATED, node.value)
    if isinstance(node, n.Path):
        return not _are(emitter, t.ContextType, node.source)
    return isinstance(node, n.InstanceOf)


def _is_light(emitter: Emitter, node: n.Call) -> bool:
    name = _called(node)
    if name in ("min", "max"):
        return len(node.arguments) > 1
    return name in _LIGHT or (name == "list contains" and _is_of_scalars(emitter, node))


def _are(emitter: Emitter, of: type[t.Type] | tuple[type[t.Type], ...], *nodes: n.Node) -> bool:
    return all(isinstance(emitter.type_of(each), of) for each in nodes)


def _is_of_scalars(emitter: Emitter, node: n.Call) -> bool:
    of = emitter.type_of(node.arguments[0]) if node.arguments else t.ANY
    return _called(node) in ("list contains", "index of", "distinct values", "union") and (
        isinstance(of, t.ListType) and isinstance(of.of, EQUATED)
    )
