"""Checks regular expressions that are written out, so that none turns out to be unusable when a policy decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel.builtins import Signature, patterns

if TYPE_CHECKING:
    from policy.feel.checker import Checker

_LONGEST_SHOWN = 80
MOST_PATTERNS = 60_000
"""Size of all patterns of one expression together, in instructions."""


def check_pattern(checker: Checker, node: n.Call, signature: Signature) -> None:
    """Remark on a pattern, its flags or its replacement, where these are literals that cannot be carried out."""
    written = _arguments(node, signature)
    pattern, flags = written.get("pattern", written.get("delimiter")), written.get("flags")
    if _text(flags) is None and flags is not None:
        return
    marks = _text(flags) or ""
    if flags is not None and (reason := patterns.refusal("", marks)):
        checker.remark("feel-bad-pattern", flags, found=marks[:_LONGEST_SHOWN], reason=reason)
        return
    text = _text(pattern)
    if pattern is None or text is None:
        return
    if not _affordable(checker, pattern, text, marks):
        return
    reason = patterns.refusal(text, marks)
    if reason is not None:
        checker.remark("feel-bad-pattern", pattern, found=text[:_LONGEST_SHOWN], reason=reason)
        return
    replacement = written.get("replacement")
    new = _text(replacement)
    if replacement is not None and new is not None:
        groups = patterns.compiled(text, marks).groups
        if patterns.replacement(new, groups, literal="q" in marks) is None:
            checker.remark("feel-bad-replacement", replacement, found=new[:_LONGEST_SHOWN])


def _affordable(checker: Checker, node: n.Node, text: str, marks: str) -> bool:
    """Count every pattern's size once; remark on the first that makes them too large together, and read no more."""
    if (text, marks) in checker.patterns:
        return True
    if sum(checker.patterns.values()) > MOST_PATTERNS:
        return False
    checker.patterns[text, marks] = patterns.weight(text, marks)
    if sum(checker.patterns.values()) <= MOST_PATTERNS:
        return True
    checker.remark("feel-patterns-too-large", node, found=text[:_LONGEST_SHOWN])
    return False


def _arguments(node: n.Call, signature: Signature) -> dict[str, n.Node]:
    if node.names is not None:
        return dict(zip(node.names, node.arguments, strict=True))
    return {parameter.name: each for parameter, each in zip(signature.parameters, node.arguments, strict=False)}


def _text(node: n.Node | None) -> str | None:
    return node.value if isinstance(node, n.Literal) and isinstance(node.value, str) else None
