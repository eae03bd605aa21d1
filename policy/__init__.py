"""The policy engine: rule sets and facts in, decisions with their reasons out.

Names are loaded when first asked for, so that `import policy.errors` stays small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy import feel
    from policy.engine import Policies, Policy, Prepared, check, load, load_folder, prepare
    from policy.errors import (
        AsOfError,
        EvaluationError,
        ExpressionError,
        FactsError,
        Finding,
        PolicyError,
        SourceError,
        UnsupportedError,
    )
    from policy.model.decision import Decision, Status
    from policy.values import Language, Text

_HOMES = {
    **dict.fromkeys(["Policies", "Policy", "Prepared", "check", "load", "load_folder", "prepare"], "policy.engine"),
    **dict.fromkeys(
        [
            "AsOfError",
            "EvaluationError",
            "ExpressionError",
            "FactsError",
            "Finding",
            "PolicyError",
            "SourceError",
            "UnsupportedError",
        ],
        "policy.errors",
    ),
    **dict.fromkeys(["Decision", "Status"], "policy.model.decision"),
    **dict.fromkeys(["Language", "Text"], "policy.values"),
}

__all__ = [
    "AsOfError",
    "Decision",
    "EvaluationError",
    "ExpressionError",
    "FactsError",
    "Finding",
    "Language",
    "Policies",
    "Policy",
    "PolicyError",
    "Prepared",
    "SourceError",
    "Status",
    "Text",
    "UnsupportedError",
    "check",
    "feel",
    "load",
    "load_folder",
    "prepare",
]


def __getattr__(name: str) -> Any:
    if name == "feel":
        return import_module("policy.feel")
    home = _HOMES.get(name)
    if home is None:
        msg = f"module `policy` has no attribute `{name}`"
        raise AttributeError(msg)
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
