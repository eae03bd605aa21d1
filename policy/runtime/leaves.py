"""Takes conditions apart: what is joined by `and`, `or` and `not`, down to the parts that see values."""

from __future__ import annotations

from collections.abc import Iterator

from policy.feel.nodes import Both, Call, Either, Name, Node


def leaf_nodes(node: Node) -> Iterator[Node]:
    """Yield the parts of a condition that are not made of others by `and`, `or`, `not`, in order of text."""
    inside = negated(node)
    if isinstance(node, Both | Either):
        for part in node.parts:
            yield from leaf_nodes(part)
    elif inside is not None:
        yield from leaf_nodes(inside)
    else:
        yield node


def negated(node: Node) -> Node | None:
    """Return what stands in `not(…)`, None for anything else."""
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not":
        return node.arguments[0] if len(node.arguments) == 1 else None
    return None
