"""Outcomes and rules as the cells of a table tell them: by what they are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from policy.engine import Policy
from webadmin import filters
from webadmin.filters import own, shown, worded


def outcome(value: Any, policy: Policy | None) -> str:
    """Write an outcome: each output by its label, with what is given for it by its name.

    Args:
        value: Output → value, a list of such under `each`, or None.
        policy: That gave it; None where it no longer loads.
    """
    if value is None:
        return ""
    if not isinstance(value, Mapping):
        return together(outcome(each, policy) if isinstance(each, Mapping) else shown(each) for each in value)
    outputs = {} if policy is None else policy.rule_set.outputs
    told = []
    for name, given in value.items():
        output = outputs.get(name)
        label = own(output.label) if output is not None and output.label is not None else name
        told.append(f"{label}: {filters.quantity(worded(given, output), output.unit if output else None)}")
    return "; ".join(told)


def hits(names: Iterable[Any], called: Mapping[str, str]) -> str:
    """Write rules by what they are called, each with its id; those of several items one after the other."""
    flat = [rule for each in names for rule in (each if isinstance(each, list | tuple) else [each])]
    return together(f"{called[rule]} ({rule})" if rule in called else str(rule) for rule in flat)


def together(texts: Iterable[str]) -> str:
    """Return texts one after the other, those that follow one another and are the same once, with how many they are."""
    runs = [(text, sum(1 for _ in same)) for text, same in groupby(texts)]
    return "; ".join(text if count == 1 else f"{text} ×{count}" for text, count in runs)
