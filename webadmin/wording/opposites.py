"""Turns a condition round without `not`: what holds where it is false. Where one is unknown, so is the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy.feel import nodes as n

_SIGNS: Mapping[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def opposite(node: n.Node) -> n.Node | None:
    """Return what holds where a condition is false, None where only `not` says it."""
    if isinstance(node, n.Comparison):
        return replace(node, sign=_SIGNS[node.sign])
    if isinstance(node, n.Quantified):
        function = n.Name("not", node.test.start, node.test.start)
        test = opposite(node.test) or n.Call(function, (node.test,), None, node.test.start, node.test.end)
        return replace(node, every=not node.every, test=test)
    return None
