"""Writes literals, names, paths, lists, contexts and ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel.builtins.ranges import make_range
from policy.feel.reading import static_path
from policy.feel.values import NO_BOUND
from policy.feel.writing.code import FALSE, TRUE, Code, constant_code
from policy.feel.writing.figures import is_days_between, write_figure
from policy.feel.writing.folding import folded
from policy.feel.writing.loops import write_filtered_field

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter


def write_literal(emitter: Emitter, node: n.Literal) -> Code:
    """Write a literal."""
    return emitter.constant(node.value)


def write_bad_literal(_emitter: Emitter, node: n.BadLiteral) -> Code:
    """Write a literal that is no temporal value: null, with the reason."""
    return Code(f"_unread({node.text!r}, '@')")


def write_name(emitter: Emitter, node: n.Name) -> Code:
    """Write a variable, or a function as a value."""
    return emitter.name(node)


def write_subject(emitter: Emitter, _node: n.Subject) -> Code:
    """Write the value a cell tests."""
    return emitter.subject or Code("_fail('feel-unknown-variable', found='?')")


def write_path(emitter: Emitter, node: n.Path) -> Code:
    """Write a path."""
    if is_days_between(emitter, node):
        return write_figure(emitter, node)
    filtered = write_filtered_field(emitter, node)
    if filtered is not None:
        return filtered
    path = static_path(node)
    return emitter.read(path, node) if path is not None else emitter.along(emitter.emit(node.source), (node,))


def write_list_literal(emitter: Emitter, node: n.ListLiteral) -> Code:
    """Write a list."""
    return Code("[" + ", ".join(emitter.emit(item).source for item in node.items) + "]", definite=True)


def write_context(emitter: Emitter, node: n.ContextLiteral) -> Code:
    """Write a context; each entry is bound for those after it."""
    keys = [entry.key for entry in node.entries]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        return Code(f"_fail('feel-duplicate-entry', found={twice!r})")
    scope, variables = emitter.bind(*keys)
    visible, _ = emitter.bind()
    emitter.scopes.append(visible)
    written = []
    for entry, variable in zip(node.entries, variables, strict=True):
        written.append(f"{entry.key!r}: ({variable} := {emitter.emit(entry.value).source})")
        visible.names[entry.key] = scope.names[entry.key]
    emitter.scopes.pop()
    return Code("{" + ", ".join(written) + "}", definite=True)


def write_range(emitter: Emitter, node: n.Range) -> Code:
    """Write a range as a value."""
    low, high = emitter.emit(node.low), emitter.emit(node.high)
    return folded(
        emitter, "_range", make_range, low, high, constant_code(node.low_included), constant_code(node.high_included)
    )


def write_unary_test(emitter: Emitter, node: n.UnaryTest) -> Code:
    """Write a comparison without its left side as a range value."""
    end = emitter.emit(node.operand)
    included = constant_code("=" in node.sign)
    endless = Code("_NO_BOUND", NO_BOUND, definite=True)
    if node.sign == "!=":
        return Code("_fail('feel-unary-range', sign='!=')")
    if node.sign == "=":
        return folded(emitter, "_range", make_range, end, end, TRUE, TRUE)
    if node.sign in ("<", "<="):
        return folded(emitter, "_range", make_range, endless, end, FALSE, included)
    return folded(emitter, "_range", make_range, end, endless, included, FALSE)
