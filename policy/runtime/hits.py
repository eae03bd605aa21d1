"""What several hits mean: the outcome under each hit policy, and whether unknown rules could change it.

A hit is what one rule gives: output → value, unrounded; outputs it does not give are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from policy.model.decision import Status
from policy.model.document import Combine, FieldType, HitPolicy
from policy.model.ruleset import Output
from policy.values import NUMBERS, rounded, shortest

Hit = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Combined:
    """What hits come to.

    Attributes:
        status: `decided`, `no_hit`, `conflict`, or `undetermined` where an output that is not optional is null.
        values: Output → value before rounding; a list of those where the hit policy gives a list; None unless decided.
        null: Outputs that are null though they are not optional.
    """

    status: Status
    values: dict[str, Any] | list[dict[str, Any]] | None
    null: tuple[str, ...] = ()


def combined(outputs: Sequence[Output], hit_policy: HitPolicy, hits: Sequence[Hit]) -> Combined:
    """Combine hits under a hit policy.

    Args:
        outputs: The outputs that rules give, in order of declaration.
        hit_policy: What several hits mean.
        hits: What the rules that hit give, in order of the document.

    Source:
        DMN 1.5, 8.2.8 (hit policies) and 8.2.11 (default output values).
    """
    if not hits:
        return _nothing(outputs, hit_policy)
    if hit_policy is HitPolicy.COLLECT:
        return _collected(outputs, hits)
    if hit_policy is HitPolicy.UNIQUE and len(hits) > 1:
        return Combined(Status.CONFLICT, None)
    whole = [_completed(outputs, hit) for hit in (hits[:1] if hit_policy is HitPolicy.FIRST else hits)]
    null = _nulls(outputs, whole)
    return Combined(Status.UNDETERMINED, None, null) if null else _chosen(outputs, hit_policy, whole)


def _chosen(outputs: Sequence[Output], hit_policy: HitPolicy, whole: list[dict[str, Any]]) -> Combined:
    if hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST):
        return Combined(Status.DECIDED, whole[0])
    if hit_policy is HitPolicy.ANY:
        seen = [formed(outputs, each) for each in whole]
        agree = all(each == seen[0] for each in seen)
        return Combined(Status.DECIDED, whole[0]) if agree else Combined(Status.CONFLICT, None)
    if hit_policy is HitPolicy.RULE_ORDER:
        return Combined(Status.DECIDED, whole)
    ranked = sorted(whole, key=lambda each: _rank(outputs, each))
    return Combined(Status.DECIDED, ranked[0] if hit_policy is HitPolicy.PRIORITY else ranked)


def _nothing(outputs: Sequence[Output], hit_policy: HitPolicy) -> Combined:
    if not all(output.has_default for output in outputs):
        return Combined(Status.NO_HIT, None)
    defaults = {output.name: output.default for output in outputs}
    listed = hit_policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
    return Combined(Status.DECIDED, [defaults] if listed else defaults)


def _completed(outputs: Sequence[Output], hit: Hit) -> dict[str, Any]:
    return {output.name: hit.get(output.name, output.default) for output in outputs}


def _nulls(outputs: Sequence[Output], whole: Iterable[Hit]) -> tuple[str, ...]:
    return tuple(
        output.name for output in outputs if not output.optional and any(each[output.name] is None for each in whole)
    )


def _rank(outputs: Sequence[Output], values: Hit) -> tuple[int, ...]:
    """Return the priority of an outcome, outputs from left to right, the best first; unlisted values come last."""
    return tuple(
        output.one_of.index(values[output.name]) if values[output.name] in output.one_of else len(output.one_of)
        for output in outputs
        if output.one_of is not None
    )


def _collected(outputs: Sequence[Output], hits: Sequence[Hit]) -> Combined:
    values: dict[str, Any] = {}
    null: list[str] = []
    for output in outputs:
        given = [hit[output.name] for hit in hits if output.name in hit]
        if not given and not output.has_default:
            if not output.optional:
                return Combined(Status.NO_HIT, None)
            values[output.name] = None
        elif not given:
            values[output.name] = output.default
        else:
            values[output.name] = _one_of_many(output, given)
            if values[output.name] is None and not output.optional:
                null.append(output.name)
    return Combined(Status.UNDETERMINED, None, tuple(null)) if null else Combined(Status.DECIDED, values)


def _one_of_many(output: Output, given: list[Any]) -> Any:
    """Return what the values of several hits come to; null where one of them is null and would count."""
    if output.combine is Combine.COUNT:
        return Decimal(len(given))
    if any(value is None for value in given):
        return None
    return _COMBINED[output.combine](output, given)


def _union(output: Output, given: list[Any]) -> list[Any]:
    """Return every value once: in declared order where there is one, else in order of first appearance."""
    items = [item for value in given for item in (value if output.type is FieldType.LIST else [value])]
    once: list[Any] = []
    for item in items:
        if item not in once:
            once.append(item)
    order = output.one_of
    return once if order is None else sorted(once, key=lambda item: order.index(item) if item in order else len(order))


_COMBINED: Mapping[Combine, Callable[[Output, list[Any]], Any]] = {
    Combine.LIST: lambda _, given: given,
    Combine.UNION: _union,
    Combine.SUM: lambda _, given: reduce(NUMBERS.add, given),
    Combine.MIN: lambda _, given: min(given),
    Combine.MAX: lambda _, given: max(given),
}


def formed(outputs: Iterable[Output], values: Any) -> Any:
    """Round what was computed, once, half up, to the scale of each output.

    Args:
        outputs: The outputs in `values`.
        values: Output → value, or a list of those.

    Returns:
        The same shape; numbers with a scale show exactly that many decimals.
    """
    if isinstance(values, list):
        return [formed(outputs, each) for each in values]
    scales = {output.name: output.scale for output in outputs}
    return {name: _rounded(value, scales.get(name)) for name, value in values.items()}


def _rounded(value: Any, scale: int | None) -> Any:
    if isinstance(value, list):
        return [_rounded(each, scale) for each in value]
    if not isinstance(value, Decimal):
        return value
    if scale is not None:
        return rounded(value, scale)
    return _canonical(value)


def _canonical(number: Decimal) -> Decimal:
    """Return a number without trailing zeros, so that equal numbers are written alike."""
    return Decimal(shortest(number))


def swaying(unknown: Sequence[int], outcome_with: Callable[[Sequence[int]], Any], base: Any) -> list[int]:
    """Return the unknown rules that could change the outcome.

    Each alone, and all together: under every hit policy, where neither changes the outcome no other choice among
    them does (a sum whose every term adds nothing, a winner that none beats, a list nobody lengthens; a default
    that one term equals, two terms do not).

    Args:
        unknown: Numbers of the unknown rules, in order.
        outcome_with: Gives the outcome when these unknown rules hit beside the true ones.
        base: The outcome of the true rules alone.

    Returns:
        Numbers of the rules that matter, in order; empty when the outcome is certain.
    """
    single = [rule for rule in unknown if outcome_with([rule]) != base]
    if single or len(unknown) == 1 or outcome_with(unknown) == base:
        return single
    return list(unknown)
