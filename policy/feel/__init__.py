"""The expression language of rules: DMN 1.5 FEEL, exact, typed and compiled to Python.

lexer → parser → nodes with places → checker with types → emitter of Python source. Numbers are decimals of 34
digits; logic is three-valued; an error of meaning is null with a reason; cost is bounded.

This package re-exports what stands by itself; the compilers of rule sets use `types`, `checker` and `compiler`.
"""

from __future__ import annotations

from policy.feel.builtins.conversion import to_text
from policy.feel.evaluation import compile, evaluate, unary_test  # noqa: A004 - the language's word
from policy.feel.parser import parse, parse_tests
from policy.feel.problems import Note
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.values import Function, Range, from_python

__all__ = [
    "DateTime",
    "DaysDuration",
    "Function",
    "MonthsDuration",
    "Note",
    "Range",
    "Time",
    "compile",
    "evaluate",
    "from_python",
    "parse",
    "parse_tests",
    "to_text",
    "unary_test",
]
