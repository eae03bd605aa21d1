"""Expressions as people would say them: without what is only written so that a computation has a beginning."""

from __future__ import annotations

from dataclasses import replace

from policy.feel import nodes as n

_TOTALS = ("sum",)


def simplified(node: n.Call) -> n.Call:
    """Return a call without the zero a sum over nothing begins with: `sum(concatenate([0], x))` as `sum(x)`."""
    if called(node) not in _TOTALS or len(node.arguments) != 1:
        return node
    inside = node.arguments[0]
    if not isinstance(inside, n.Call) or called(inside) != "concatenate":
        return node
    rest = tuple(each for each in inside.arguments if not _is_zero(each))
    return replace(node, arguments=rest) if len(rest) == 1 < len(inside.arguments) else node


def called(node: n.Call) -> str | None:
    """Return the name of the function that is called, where it is one."""
    return node.function.name if isinstance(node.function, n.Name) else None


def _is_zero(node: n.Node) -> bool:
    """Say whether a node is `[0]`."""
    if not isinstance(node, n.ListLiteral) or len(node.items) != 1:
        return False
    item = node.items[0]
    return isinstance(item, n.Literal) and not isinstance(item.value, bool | str) and item.value == 0
