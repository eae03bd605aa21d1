"""Tells whether what a statement adds or takes away was due: which branch of its expression was taken, and why.

A line that comes to zero has a reason like every other; whether that reason holds is only told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policy.feel.checker import paths
from policy.feel.nodes import Arithmetic, If, Literal, Name, Node
from policy.kinds.incentive import IncentiveSection
from policy.kinds.statement import IncentiveResult
from policy.model.ruleset import Part
from policy.runtime.decide import Decided
from policy.runtime.scope import RuntimeScope

_SUMS = frozenset({"credited", "earned"})
"""Names of sums of a statement that its additions can read."""


@dataclass(frozen=True, slots=True)
class Adding:
    """How the expression of an addition came out.

    Attributes:
        is_met: False where its conditions led to a plain zero, true where they led to anything else; None where it
            asks for no condition.
        missing: Paths the conditions asked for read without a value, in order.
        reads: Paths of inputs the whole expression reads, in order.
        share: Fraction, where the branch that was taken is one of a sum of the statement.
        of: That sum, unrounded, in currency units.
    """

    is_met: bool | None
    missing: tuple[str, ...]
    reads: tuple[str, ...]
    share: Decimal | None = None
    of: Decimal | None = None


def additions(decided: Decided) -> dict[str, Adding]:
    """Return how each addition of a statement came out, by the id of its line; empty for any other decision."""
    section, result = decided.program.rule_set.document.section, decided.decision.result
    if not isinstance(section, IncentiveSection) or not isinstance(result, IncentiveResult):
        return {}
    names = {"credited": result.credited, "measure": result.measure, "earned": result.earned}
    scope = decided.scope.binding(names)
    expressions = decided.program.rule_set.expressions
    return {each.id: _adding(expressions[each.add], scope) for each in section.adjustments if each.add is not None}


def _adding(part: Part, scope: RuntimeScope) -> Adding:
    tests, taken = _taken(part, scope)
    is_zero = isinstance(taken, Literal) and taken.value == Decimal(0)
    read = [".".join(path) for test in tests for path in paths(test)]
    missing = [path for path in part.reads if path in read and scope.read(path) is None]
    inputs = [path for path in part.reads if path.partition(".")[0] not in scope.names]
    share, of = _share(taken, scope)
    return Adding(not is_zero if tests else None, tuple(missing), tuple(inputs), share, of)


def _share(taken: Node, scope: RuntimeScope) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Return the fraction and the sum an expression such as `0.1 * earned` multiplies; None for any other."""
    if not isinstance(taken, Arithmetic) or taken.sign != "*":
        return None, None
    for rate, name in ((taken.left, taken.right), (taken.right, taken.left)):
        if isinstance(rate, Literal) and isinstance(name, Name) and name.name in _SUMS:
            of = scope.names.get(name.name)
            if isinstance(rate.value, Decimal) and isinstance(of, Decimal):
                return rate.value, of
    return None, None


def _taken(part: Part, scope: RuntimeScope) -> tuple[list[Node], Node]:
    """Return the conditions an expression asked for, and the branch they led to."""
    asked, node = [], part.checked.node
    while isinstance(node, If):
        asked.append(node.test)
        node = node.yes if scope.node(part, node.test) is True else node.no
    return asked, node
