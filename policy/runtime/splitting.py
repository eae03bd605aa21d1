"""Splits the tree of a condition at `and`, `or` and `not`."""

from __future__ import annotations

from collections.abc import Iterator

from policy.feel.nodes import Both, Call, Either, Name, Node


def leaf_nodes(node: Node, *, negative: bool = False) -> Iterator[tuple[Node, bool]]:
    """Yield the parts not made of others by `and`, `or`, `not`, in order of text, and whether each is negated."""
    inside = negated(node)
    if isinstance(node, Both | Either):
        for part in node.parts:
            yield from leaf_nodes(part, negative=negative)
    elif inside is not None:
        yield from leaf_nodes(inside, negative=not negative)
    else:
        yield node, negative


def negated(node: Node) -> Node | None:
    """Return what stands in `not(…)`, None for anything else."""
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not":
        return node.arguments[0] if len(node.arguments) == 1 else None
    return None
