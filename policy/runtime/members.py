"""Which members of a list make a condition false: what `list contains` looks for and does not find.

Read from the tree: `list contains(A, x)`, and `every x in A satisfies list contains(B, x)`.
"""

from __future__ import annotations

from typing import Any

from policy.feel.nodes import Call, Each, Name, Node, Path, Quantified, walk
from policy.model.ruleset import Part
from policy.runtime.scope import RuntimeScope


def missing(part: Part, node: Node, scope: RuntimeScope) -> tuple[str | None, list[Any]] | None:
    """Return the members that are not found.

    Args:
        part: The condition.
        node: A part of it that is false.
        scope: What it is evaluated in.

    Returns:
        Path of what they are the values of, None where it is no path, and the values; None where it is no such
        condition.
    """
    if isinstance(node, Quantified):
        return _of_every(part, node, scope)
    found = _contains(node)
    return None if found is None else (_path(found[1]), [scope.node(part, found[1])])


def _of_every(part: Part, node: Quantified, scope: RuntimeScope) -> tuple[str | None, list[Any]] | None:
    each, found = node.each[0], _contains(node.test)
    if not node.every or len(node.each) > 1 or each.to is not None or found is None or not _is_over(each, *found):
        return None
    asked, held = scope.node(part, each.source), scope.node(part, found[0])
    if not isinstance(asked, list) or not isinstance(held, list):
        return None
    return _path(each.source), [value for value in asked if value not in held]


def _is_over(each: Each, held: Node, item: Node) -> bool:
    """Say whether it is the item itself that is looked for, in a list that does not depend on it."""
    is_free = not any(isinstance(below, Name) and below.name == each.name for below in walk(held))
    return is_free and isinstance(item, Name) and item.name == each.name


def _contains(node: Node) -> tuple[Node, Node] | None:
    is_call = isinstance(node, Call) and isinstance(node.function, Name) and node.names is None
    if not is_call or node.function.name != "list contains" or len(node.arguments) != 2:  # type: ignore[union-attr]
        return None
    return node.arguments[0], node.arguments[1]  # type: ignore[union-attr]


def _path(node: Node) -> str | None:
    if isinstance(node, Name):
        return node.name
    source = _path(node.source) if isinstance(node, Path) else None
    return f"{source}.{node.name}" if isinstance(node, Path) and source is not None else None
