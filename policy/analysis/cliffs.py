"""Thresholds where a little more brings less, or much more at once: rate tables, grades, bands of points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, DecimalException
from itertools import pairwise
from typing import Any

from policy.analysis.boxes import Box
from policy.analysis.dimensions import Dimension
from policy.analysis.reading import constant
from policy.analysis.rules import Compared
from policy.analysis.saying import label, value
from policy.currency import is_currency, minor_units
from policy.errors import Finding
from policy.feel import types as feel
from policy.kinds.bands import Band, Method
from policy.kinds.base import summed
from policy.kinds.incentive import Bands, IncentiveSection
from policy.kinds.scorecard import Grades, ScorecardSection
from policy.model.document import Combine, HitPolicy
from policy.model.ruleset import Constant, Output, RuleSet
from policy.model.written import Scalar
from policy.values import NUMBERS, Text, readable, rounded, shortest

_EXAMPLE = Decimal(100_000)
"""What one unit of the measure is worth in an example, where the policy computes it."""


def cliffs(rule_set: RuleSet, compared: Compared) -> Iterator[Finding]:
    """Yield a finding for every such threshold.

    Args:
        rule_set: A sound rule set.
        compared: Its conditions compared.
    """
    section = rule_set.document.section
    if isinstance(section, IncentiveSection) and section.bands is not None:
        with suppress(DecimalException):  # amounts beyond every sensible bound: the decision itself says so
            yield from _bands(rule_set, section.bands)
    if isinstance(section, ScorecardSection):
        if section.grades is not None:
            yield from _grades(section.grades, rule_set.outputs)
        yield from _points(rule_set, compared.dimensions, compared.boxes)


def _bands(rule_set: RuleSet, bands: Bands) -> Iterator[Finding]:
    base = rule_set.expressions.get(bands.base)
    known = None if base is None else constant(base.checked.node)
    amount = known if isinstance(known, Decimal) and known > 0 else _EXAMPLE
    of = base.checked.type if base is not None else None
    unit = of.unit if isinstance(of, feel.NumberType) and is_currency(of.unit) else None

    def pay(measure: Decimal, rate: Decimal) -> str:
        """Write what a measure earns at a rate, rounded as it is paid."""
        earned = NUMBERS.multiply(NUMBERS.multiply(measure, rate), amount)
        return f"{rounded(earned, minor_units(unit)):,f}"

    for row, before, below, reached in _steps(bands.rows, bands.method):
        said = {"found": pay(*reached), "expected": pay(*below), "base": readable(amount)}
        if reached[0] == below[0]:
            code = "band-jump" if reached[1] > below[1] else "band-fall"
            rates = {"rate": _share(row.rate), "before": _share(before.rate)}
            yield Finding(code, row.place, {"name": shortest(reached[0]), **said, **rates})
        else:
            ends = {"from": readable(below[0]), "to": readable(reached[0])}
            yield Finding("band-sinks", row.place, {**said, **ends})


Point = tuple[Decimal, Decimal]
"""A measure and the rate that everything up to it is paid at."""


def _steps(rows: Sequence[Band], method: Method) -> Iterator[tuple[Band, Band, Point, Point]]:
    """Yield a row, the one before it, and two points between which pay jumps, or sinks though the measure rises."""
    if method is Method.WHOLE:
        for before, row in pairwise(rows):
            if row.rate != before.rate:
                yield row, before, (row.from_, before.rate), (row.from_, row.rate)
    elif method is Method.INTERPOLATED:
        for before, row in pairwise(rows):
            sinks = _sinking(before, row)
            if sinks is not None:
                yield row, before, *sinks
    if method is not Method.MARGINAL and rows[-1].rate < 0:
        last = rows[-1]
        yield last, last, (last.from_, last.rate), (NUMBERS.add(last.from_, Decimal(1)), last.rate)


def _sinking(before: Band, row: Band) -> tuple[Point, Point] | None:
    """Return where pay sinks while its rate goes from one row's to the next one's; pay is a parabola there."""
    width = NUMBERS.subtract(row.from_, before.from_)
    slope = NUMBERS.divide(NUMBERS.subtract(row.rate, before.rate), width)
    if slope == 0:
        return None
    peak = NUMBERS.divide(NUMBERS.subtract(before.from_, NUMBERS.divide(before.rate, slope)), Decimal(2))
    inside = min(max(peak, before.from_), row.from_)
    low, high = (inside, row.from_) if slope < 0 else (before.from_, inside)
    points = [(each, _rate(before, slope, each)) for each in (low, high)]
    return (points[0], points[1]) if _pay(points[1]) < _pay(points[0]) else None


def _rate(before: Band, slope: Decimal, measure: Decimal) -> Decimal:
    return NUMBERS.add(before.rate, NUMBERS.multiply(slope, NUMBERS.subtract(measure, before.from_)))


def _pay(point: Point) -> Decimal:
    return NUMBERS.multiply(*point)


def _share(rate: Decimal) -> Text:
    percent = shortest(NUMBERS.multiply(rate, Decimal(100)))
    return Text(f"{percent}%", f"{percent}%")


def _grades(grades: Grades, outputs: Any) -> Iterator[Finding]:
    """Yield the rows that give a worse grade for more points."""
    output: Output = outputs[grades.give]
    order = [str(each) for each in output.one_of or ()]
    given = [row.value.text if isinstance(row.value, Scalar) else "" for row in grades.rows]
    if not set(given) <= set(order):
        return
    ranks = [-order.index(each) for each in given]
    for at in _against(ranks):
        row = grades.rows[at]
        values = {"found": given[at], "expected": given[at - 1], "name": shortest(row.from_)}
        yield Finding("grade-fall", row.place, values)


def _against(values: Sequence[Any]) -> list[int]:
    """Return the positions of the steps that go against most others; where as many rise as fall, those that fall."""
    rises = [at for at in range(1, len(values)) if values[at] > values[at - 1]]
    falls = [at for at in range(1, len(values)) if values[at] < values[at - 1]]
    if not rises or not falls:
        return []
    return rises if len(falls) > len(rises) else falls


def _points(
    rule_set: RuleSet, dimensions: Sequence[Dimension], boxes: Sequence[Sequence[Box] | None]
) -> Iterator[Finding]:
    """Yield the thresholds of a field at which points turn, where rules of that field alone give them."""
    if rule_set.hit_policy is not HitPolicy.COLLECT:
        return
    summed = [each for each in rule_set.outputs.values() if each.combine is Combine.SUM]
    for number, of in enumerate(dimensions):
        own = [at for at, each in enumerate(boxes) if each is not None and [list(box) for box in each] == [[number]]]
        if of.is_ordered and of.path and len(own) > 1:
            for output in summed:
                yield from _turns(rule_set, of, {at: (boxes[at] or [{}])[0][number] for at in own}, output)


def _turns(rule_set: RuleSet, of: Dimension, masks: dict[int, int], output: Output) -> Iterator[Finding]:
    given = {at: rule_set.rules[at].then.get(output.name, Constant(Decimal(0))) for at in masks}
    if not all(isinstance(each, Constant) and isinstance(each.value, Decimal) for each in given.values()):
        return
    points = {at: each.value for at, each in given.items() if isinstance(each, Constant)}
    stretches = list(of.stretches())
    sums = [summed(points[at] for at, mask in masks.items() if mask >> cell & 1) for cell, _ in stretches]
    for at in _against(sums):
        cell, start = stretches[at]
        near = [other for other, mask in masks.items() if (mask >> cell ^ mask >> (cell - 1)) & 1]
        rule = rule_set.rules[near[-1]]
        at_value = value(of, start)
        yield Finding(
            "points-turn",
            rule.place,
            {"name": label(of), "at": at_value, "found": readable(sums[at]), "expected": readable(sums[at - 1])},
        )
