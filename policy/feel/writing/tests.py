"""Writes `in` and the unary tests of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.writing.code import NULL, TRUE, Code
from policy.feel.writing.operators import EQUATED, compared, contained, held, spanned
from policy.feel.writing.values import write_list_literal

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

_FEW = 4


def write_in(emitter: Emitter, node: n.In) -> Code:
    """Write `in`."""
    value = emitter.emit(node.value)
    of = emitter.type_of(node.value)
    return held(emitter, value, lambda bound: _any_test(emitter, bound, of, node.tests, cell=False))


def write_tests(emitter: Emitter, node: n.Tests) -> Code:
    """Write a whole cell."""
    if not node.tests:
        return TRUE
    subject = emitter.subject or NULL

    def write(bound: Code) -> Code:
        """Write the tests of the subject, which is in `bound`."""
        emitter.subject = bound
        code = _any_test(emitter, bound, emitter.subject_type, node.tests, cell=True)
        return emitter.opposite(code) if node.negated else code

    return held(emitter, subject, write)


def _any_test(emitter: Emitter, value: Code, of: t.Type, tests: tuple[n.Node, ...], *, cell: bool) -> Code:
    listed = _constants(emitter, of, tests)
    if listed is not None and len(listed) > 1:
        return _among(emitter, value, listed)
    return emitter.any_of([_one_test(emitter, value, of, test, cell=cell) for test in tests])


def _constants(emitter: Emitter, of: t.Type, nodes: tuple[n.Node, ...]) -> list[Code] | None:
    if not isinstance(of, EQUATED) or any(type(emitter.type_of(node)) is not type(of) for node in nodes):
        return None
    codes = [emitter.emit(node) if _is_constant(node) else NULL for node in nodes]
    return codes if all(code.is_constant and code.constant is not None for code in codes) else None


def _is_constant(node: n.Node) -> bool:
    return isinstance(node, n.Literal | n.Negation | n.Call)


def _among(emitter: Emitter, value: Code, listed: list[Code]) -> Code:
    if len(listed) > _FEW:
        members = emitter.bound(frozenset(code.constant for code in listed))
    else:
        members = "(" + ", ".join(code.source for code in listed) + ",)"
    whole = f"{value.source} in {members}"
    if value.definite or emitter.missing == "null":
        return Code(f"({whole})", definite=True)
    return Code(f"(None if {value.source} is None else {whole})")


def _one_test(emitter: Emitter, value: Code, of: t.Type, node: n.Node, *, cell: bool) -> Code:
    if isinstance(node, n.UnaryTest):
        return compared(emitter, node.sign, value, emitter.emit(node.operand), of, emitter.type_of(node.operand))
    if isinstance(node, n.Range):
        return _in_range(emitter, value, of, node)
    if cell and any(isinstance(each, n.Subject) for each in n.walk(node)):
        return emitter.truth(node)
    if isinstance(node, n.ListLiteral) and node.items:
        return _inwrite_list_literal(emitter, value, of, node)
    return _matched(emitter, value, of, node)


def _in_range(emitter: Emitter, value: Code, of: t.Type, node: n.Range) -> Code:
    ends = (emitter.emit(node.low), emitter.emit(node.high))
    signs = ("<=" if node.low_included else "<", "<=" if node.high_included else "<")
    return spanned(emitter, value, ends, signs, (of, emitter.type_of(node.low), emitter.type_of(node.high)))


def _inwrite_list_literal(emitter: Emitter, value: Code, of: t.Type, node: n.ListLiteral) -> Code:
    listed = _constants(emitter, of, node.items)
    if listed is not None:
        return _among(emitter, value, listed)
    known = "known_" if emitter.missing == "unknown" else ""
    return Code(f"_{known}passes({value.source}, {write_list_literal(emitter, node).source})")


def _matched(emitter: Emitter, value: Code, of: t.Type, node: n.Node) -> Code:
    code, found = emitter.emit(node), emitter.type_of(node)
    inline = contained(emitter, code, value, found, of) if emitter.missing == "unknown" else None
    if inline is not None:
        return inline
    if code.constant is None or (type(found) is type(of) and isinstance(of, EQUATED)):
        return compared(emitter, "=", value, code, of, found)
    known = "known_" if emitter.missing == "unknown" else ""
    return Code(f"_{known}passes({value.source}, {code.source})")
