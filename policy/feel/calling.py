"""Checks calls of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.errors import did_you_mean
from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.builtins import BUILTINS, NAMES, Signature
from policy.feel.checkerconstants import check_call
from policy.feel.checkerpatterns import check_pattern
from policy.feel.habits import meant_function
from policy.feel.signatures import result_of, wrong_argument
from policy.feel.temporal import read_duration
from policy.feel.typerules import OF_CLASS, comparable, items_of, said

if TYPE_CHECKING:
    from policy.feel.checker import Checker

EXAMPLES: dict[str, tuple[t.Type, str]] = {
    "date": (t.DATE, 'date("2026-03-01")'),
    "time": (t.TIME, 'time("10:30:00")'),
    "date and time": (t.DATE_TIME, 'date and time("2026-03-01T10:30:00+08:00")'),
    "duration": (t.DAYS, 'duration("P1DT2H")'),
    "@": (t.DATE, '@"2026-03-01"'),
}
"""What temporal literals are, and how one is written, by the function that reads them."""

_PATTERNS = frozenset(["matches", "replace", "split"])
"""Functions that take a regular expression."""


def written(node: n.Node) -> str:
    """Write a path as in the text, as far as it is one."""
    if isinstance(node, n.Name):
        return node.name
    if isinstance(node, n.Path):
        return f"{written(node.source)}.{node.name}"
    if isinstance(node, n.Call):
        return f"{written(node.function)}(…)"
    return f"{written(node.source)}[…]" if isinstance(node, n.Filter) else "…"


def call_type(checker: Checker, node: n.Call) -> t.Type:
    """Check a call; return the type of what it gives."""
    if isinstance(node.function, n.Name) and not checker.is_shadowed(node.function.name):
        return _built_in(checker, node, node.function)
    of = checker.visit(node.function)
    for argument in node.arguments:
        checker.visit(argument)
    if isinstance(of, t.FunctionType):
        if of.parameters is not None and len(of.parameters) != len(node.arguments):
            expected = str(len(of.parameters))
            checker.remark(
                "feel-arguments", node, function=written(node.function), expected=expected, found=len(node.arguments)
            )
        return of.result
    if not isinstance(of, t.AnyType):
        checker.remark("feel-not-callable", node.function, found=said(of))
    return t.ANY


def _built_in(checker: Checker, node: n.Call, function: n.Name) -> t.Type:
    name = function.name
    types = [checker.visit(argument) for argument in node.arguments]
    if name == "not":
        return _negated(checker, node, types)
    if name == "lookup":
        return _looked_up(checker, node)
    if name in ("today", "now"):
        _count(checker, node, name, not types, "0")
        return t.DATE if name == "today" else t.DATE_TIME
    if name not in BUILTINS:
        if name not in checker.scope:
            of_list = bool(types) and isinstance(types[0], t.ListType)
            meant = meant_function(name, NAMES, of_list=of_list)
            checker.remark("feel-unknown-function", function, found=name, **meant)
        elif not isinstance(checker.visit(function), t.AnyType):
            checker.remark("feel-not-callable", function, found=said(checker.scope[name]))
        return t.ANY
    return _signature(checker, node, name, types)


def _signature(checker: Checker, node: n.Call, name: str, types: list[t.Type]) -> t.Type:
    fitting = _fitting(checker, node, name)
    if not fitting:
        return t.ANY
    wrong = [wrong_argument(each, types, node.names) for each in fitting]
    if all(wrong):
        place, parameter, expected_said = wrong[0] or (0, "", "")
        at = node.arguments[place]
        checker.remark(
            "feel-argument-type",
            at,
            function=name,
            parameter=parameter,
            expected=expected_said,
            found=said(types[place]),
        )
        return t.ANY
    before = len(checker.remarks)
    _literal(checker, node, name, types)
    if name in _PATTERNS:
        check_pattern(checker, node, fitting[wrong.index(None)])
    if len(checker.remarks) == before:
        check_call(checker, node, name)
    if name == "list contains" and len(node.arguments) == 2:
        _contained(checker, node, types)
    chosen = fitting[wrong.index(None)]
    first = node.arguments[0] if node.arguments else None
    if name == "duration" and isinstance(first, n.Literal) and isinstance(first.value, str):
        return OF_CLASS.get(type(read_duration(first.value)), t.ANY)
    return result_of(chosen, types, node.names)


def _fitting(checker: Checker, node: n.Call, name: str) -> list[Signature]:
    signatures = BUILTINS[name]
    if node.names is not None:
        fitting = [each for each in signatures if each.order(node.names) is not None]
        if not fitting:
            expected = tuple(dict.fromkeys(one.name for each in signatures for one in each.parameters))
            checker.remark("feel-argument-labels", node, function=name, found=node.names, expected=expected)
        return fitting
    fitting = [each for each in signatures if each.takes(len(node.arguments))]
    counts = " / ".join(dict.fromkeys(_count_text(each) for each in signatures))
    _count(checker, node, name, bool(fitting), counts)
    return fitting


def _contained(checker: Checker, node: n.Call, types: list[t.Type]) -> None:
    items = items_of(types[0])
    if not comparable(items, types[1]):
        checker.remark("feel-comparison", node, left=said(items), right=said(types[1]))
        return
    checker.one_of(items, node.arguments[1])
    if isinstance(node.arguments[0], n.ListLiteral):
        for item in node.arguments[0].items:
            checker.one_of(types[1], item)


def _count(checker: Checker, node: n.Call, name: str, fits: object, expected: str) -> bool:
    if not fits:
        checker.remark("feel-arguments", node, function=name, expected=expected, found=len(node.arguments))
    return bool(fits)


def _literal(checker: Checker, node: n.Call, name: str, types: list[t.Type]) -> None:
    if name not in EXAMPLES or len(types) != 1:
        return
    argument = node.arguments[0]
    if isinstance(argument, n.Literal) and isinstance(argument.value, str):
        signature = next(each for each in BUILTINS[name] if each.takes(1))
        if signature.call(argument.value) is None:
            checker.bad_literal(argument, name, argument.value)


def _negated(checker: Checker, node: n.Call, types: list[t.Type]) -> t.Type:
    if _count(checker, node, "not", len(types) == 1, "1") and not isinstance(
        types[0], t.BooleanType | t.AnyType | t.NullType
    ):
        checker.remark("feel-condition", node.arguments[0], found=said(types[0]))
    return t.BOOLEAN


def _looked_up(checker: Checker, node: n.Call) -> t.Type:
    first = node.arguments[0] if node.arguments else None
    if not isinstance(first, n.Literal) or not isinstance(first.value, str):
        checker.remark("feel-reference-literal", first or node)
        return t.ANY
    if first.value not in checker.references:
        checker.remark("feel-reference", first, found=first.value, **did_you_mean(first.value, checker.references))
        return t.ANY
    return checker.references[first.value]


def _count_text(signature: Signature) -> str:
    if signature.many:
        return f"{max(signature.fewest, 1)}…"
    most = len(signature.parameters)
    return str(most) if signature.fewest == most else f"{signature.fewest}-{most}"
