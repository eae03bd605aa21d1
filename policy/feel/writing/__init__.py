"""How each kind of node is written as Python; `policy.feel.compiler.Emitter` holds what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy.feel import nodes as n
from policy.feel.writing import calls, loops, operators, tests, values
from policy.feel.writing.code import FALSE, NULL, TRUE, Code, constant_code, unless
from policy.feel.writing.loops import loops_of
from policy.feel.writing.runtime import RUNTIME

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

__all__ = ["FALSE", "NULL", "RUNTIME", "TRUE", "WRITERS", "Code", "constant_code", "loops_of", "unless"]

WRITERS: dict[type, Callable[[Emitter, Any], Code]] = {
    n.Literal: values.write_literal,
    n.BadLiteral: values.write_bad_literal,
    n.Name: values.write_name,
    n.Subject: values.write_subject,
    n.Path: values.write_path,
    n.Filter: loops.write_filter,
    n.Call: calls.write_call,
    n.Negation: operators.write_negation,
    n.Arithmetic: operators.write_arithmetic,
    n.Comparison: operators.write_comparison,
    n.Both: operators.write_both,
    n.Either: operators.write_either,
    n.If: operators.write_if,
    n.Between: operators.write_between,
    n.In: tests.write_in,
    n.UnaryTest: values.write_unary_test,
    n.Tests: tests.write_tests,
    n.Range: values.write_range,
    n.ListLiteral: values.write_list_literal,
    n.ContextLiteral: values.write_context,
    n.For: loops.write_for,
    n.Quantified: loops.write_quantified,
    n.InstanceOf: calls.write_instance_of,
    n.FunctionLiteral: calls.write_function,
}
"""The writer of each kind of node."""
