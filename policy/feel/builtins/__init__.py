"""The built-in functions of expressions, by name."""

from __future__ import annotations

from policy.feel.builtins import contexts, conversion, lists, numbers, patterns, ranges, strings, temporal
from policy.feel.builtins.registry import BUILTINS, Parameter, Signature, as_value, chosen, packed

__all__ = ["BUILTINS", "ENVIRONMENT", "NAMES", "Parameter", "Signature", "as_value", "chosen", "packed", "patterns"]

_PARTS = (contexts, conversion, lists, numbers, ranges, strings, temporal)
"""Imported for the functions they enter into the table."""

ENVIRONMENT = frozenset(["today", "now", "lookup"])
"""Functions that read what is around the evaluation; compilers write them out themselves."""

NAMES = frozenset(BUILTINS) | ENVIRONMENT | {"not"}
"""Names of all functions an expression can call."""
