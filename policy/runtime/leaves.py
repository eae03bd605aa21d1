"""Takes conditions apart: what is joined by `and`, `or` and `not`, down to the parts that see values.

A part under `not` counts the other way round: it is told as `not(part)`, with the verdict that has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policy.feel.checker import paths
from policy.feel.nodes import Both, Either, Node
from policy.feel.problems import Note, noting
from policy.model.ruleset import Part
from policy.runtime.scope import RuntimeScope
from policy.runtime.splitting import leaf_nodes, negated

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part of a condition that is not made of others by `and`, `or`, `not`.

    Attributes:
        text: As written; of a cell its column and the cell.
        verdict: True, false, or None for unknown.
        reads: Paths it reads.
        notes: Why it is null where an expression in it could not be computed.
        node: The part of the tree.
    """

    text: str
    verdict: bool | None
    reads: tuple[str, ...]
    notes: tuple[Note, ...]
    node: Node


def leaves(part: Part, scope: RuntimeScope) -> list[Leaf]:
    """Return every part of a condition, in order of text."""
    return [_leaf(part, node, scope, negative) for node, negative in leaf_nodes(part.checked.node)]


def decisive(parts: Sequence[Part], scope: RuntimeScope) -> Leaf | None:
    """Return the first part that made a condition false, or unknown where none made it false; None where it is true."""
    unsure: Part | None = None
    for part in parts:
        value = scope.part(part)
        if value is False:
            return _decisive(part, part.checked.node, scope, value, negative=False)
        if value is not True and unsure is None:
            unsure = part
    return None if unsure is None else _decisive(unsure, unsure.checked.node, scope, None, negative=False)


def supporting(part: Part, scope: RuntimeScope) -> Iterator[Leaf]:
    """Yield the parts that made a condition true."""
    return _supporting(part, part.checked.node, scope, wanted=True)


def opposing(part: Part, scope: RuntimeScope) -> Iterator[Leaf]:
    """Yield what made a condition false, the other way round: what holds instead."""
    return _supporting(part, part.checked.node, scope, wanted=False)


def _leaf(part: Part, node: Node, scope: RuntimeScope, negative: bool) -> Leaf:  # noqa: FBT001
    notes: list[Note] = []
    with noting(notes):
        value = scope.node(part, node)
    verdict = (value is not negative) if isinstance(value, bool) else None
    text = leaf_text(part, node, negative=negative)
    if part.subject is not None:
        return Leaf(text, verdict, part.reads, tuple(notes), node)
    read = {".".join(path) for path in paths(node)}
    return Leaf(text, verdict, tuple(path for path in part.reads if path in read), tuple(notes), node)


def leaf_text(part: Part, node: Node, *, negative: bool) -> str:
    """Return how an explanation writes a part of a condition: `order.net >= 500000`; of a cell `customer.tier: A`.

    Args:
        part: The condition.
        node: The part of it, one of its `leaf_nodes`; of a cell the whole.
        negative: Whether it stands under `not`.
    """
    if part.subject is not None:
        return f"{part.subject}: {part.text}"
    text = _written(part.text, node)
    return f"not({text})" if negative else text


def _written(text: str, node: Node) -> str:
    """Return a node as it is written, with the brackets around what it begins or ends with."""
    start, end = node.start, node.end
    while _depth(text[start:end]) < 0 and "(" in text[:start]:
        start = text.rindex("(", 0, start)
    while _depth(text[start:end]) > 0 and ")" in text[end:]:
        end = text.index(")", end) + 1
    return " ".join(text[start:end].split())


def _depth(text: str) -> int:
    """Count brackets that open less those that close, texts in quotes left out."""
    bare = _TEXTS.sub("", text)
    return bare.count("(") - bare.count(")")


def _decisive(part: Part, node: Node, scope: RuntimeScope, verdict: Any, *, negative: bool) -> Leaf:
    inside = negated(node)
    if inside is not None:
        return _decisive(part, inside, scope, scope.node(part, inside), negative=not negative)
    if isinstance(node, Both | Either):
        values = [scope.node(part, each) for each in node.parts]
        same = [each for each, value in zip(node.parts, values, strict=True) if value is verdict]
        return _decisive(part, same[0] if same else node.parts[0], scope, verdict, negative=negative)
    return _leaf(part, node, scope, negative)


def _supporting(part: Part, node: Node, scope: RuntimeScope, *, wanted: bool) -> Iterator[Leaf]:
    inside = negated(node)
    if inside is not None:
        yield from _supporting(part, inside, scope, wanted=not wanted)
    elif isinstance(node, Both | Either):
        for each in node.parts:
            if scope.node(part, each) is wanted:
                yield from _supporting(part, each, scope, wanted=wanted)
    else:
        yield _leaf(part, node, scope, not wanted)
