"""Writes filters, `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.typerules import items_of
from policy.feel.writing.code import Code

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter


def loops_of(node: n.Node) -> int:
    """Count the loops in an expression, one inside the other as two; a function definition may run any number."""
    found = 0
    for each in n.walk(node):
        if isinstance(each, n.Filter):
            found += 1
        elif isinstance(each, n.For | n.Quantified):
            found += len(each.each) + _reads_partial(each)
        elif isinstance(each, n.FunctionLiteral):
            found += 2
    return found


def _reads_partial(node: n.For | n.Quantified) -> bool:
    return isinstance(node, n.For) and any(
        isinstance(each, n.Name) and each.name == "partial" for each in n.walk(node.result)
    )


def write_filter(emitter: Emitter, node: n.Filter) -> Code:
    """Write a filter, by position where the test is known to be a number."""
    items = emitter.emit(node.source)
    if isinstance(emitter.type_of(node.test), t.NumberType):
        return Code(f"_position({items.source}, {emitter.emit(node.test).source})")
    scope, variable = emitter.item(items_of(emitter.type_of(node.source)))
    budget = emitter.spending()
    body = emitter.body(variable, lambda: emitter.inside(scope, node.test))
    known = "_known" if emitter.missing == "unknown" else ""
    name = "_kept" if isinstance(emitter.type_of(node.test), t.BooleanType) else "_selected"
    return Code(f"{name}{known}({budget}, {items.source}, {body})")


def _iterated(emitter: Emitter, each: n.Each) -> str:
    source = emitter.emit(each.source).source
    return source if each.to is None else f"_steps({source}, {emitter.emit(each.to).source})"


def write_for(emitter: Emitter, node: n.For) -> Code:
    """Write `for`."""
    budget = emitter.spending()
    if _reads_partial(node):
        return _for_partial(emitter, node, budget)
    if emitter.loops == 1:
        return _only(emitter, "_loop", node.each[0], lambda: emitter.emit(node.result))
    opened = []
    for number, each in enumerate(node.each):
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        name = "_loop" if number == len(node.each) - 1 else "_loop_joined"
        opened.append(f"{name}({budget}, {source}, lambda {variable}: ")
        emitter.scopes.append(scope)
    result = emitter.emit(node.result).source
    del emitter.scopes[len(emitter.scopes) - len(node.each) :]
    return Code("".join(opened) + result + ")" * len(node.each))


def _only(emitter: Emitter, name: str, each: n.Each, write: Callable[[], Code]) -> Code:
    """Write the only loop of an expression."""
    source = _iterated(emitter, each)
    scope, (variable,) = emitter.bind(each.name)
    emitter.scopes.append(scope)
    body = emitter.body(variable, write)
    emitter.scopes.pop()
    return Code(f"{name}({emitter.spending()}, {source}, {body})")


def _for_partial(emitter: Emitter, node: n.For, budget: str) -> Code:
    partial, (found,) = emitter.bind("partial")
    emitter.scopes.append(partial)
    opened = []
    for number, each in enumerate(node.each):
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        last = number == len(node.each) - 1
        name = f"_loop_partial({budget}, {source}, {found}, " if last else f"_loop_nested({budget}, {source}, "
        opened.append(f"{name}lambda {variable}: ")
        emitter.scopes.append(scope)
    read = emitter.fresh("_v")
    partial.names["partial"] = read
    result = f"(lambda {read}: {emitter.emit(node.result).source})({found}[:])"
    del emitter.scopes[len(emitter.scopes) - len(node.each) - 1 :]
    loops = "".join(opened) + result + ")" * len(node.each)
    return Code(f"(lambda {found}: {found} if {loops} is not None else None)([])")


def write_quantified(emitter: Emitter, node: n.Quantified) -> Code:
    """Write `some` or `every`."""
    name = "_every" if node.every else "_some"
    if emitter.loops == 1:
        return _only(emitter, name, node.each[0], lambda: emitter.truth(node.test))
    budget = emitter.spending()
    opened = []
    for each in node.each:
        source = _iterated(emitter, each)
        scope, (variable,) = emitter.bind(each.name)
        opened.append(f"{name}({budget}, {source}, lambda {variable}: ")
        emitter.scopes.append(scope)
    test = emitter.truth(node.test).source
    del emitter.scopes[len(emitter.scopes) - len(node.each) :]
    return Code("".join(opened) + test + ")" * len(node.each))
