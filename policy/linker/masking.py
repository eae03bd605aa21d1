"""Rules that can decide nothing: an earlier one holds whenever they do, and only the first that hits counts.

Only what the conditions say word for word is told: an earlier rule masks a later one where each of its conditions is
one of the later one's, too. One without conditions masks all that follow.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy.linker.log import Log
from policy.model.document import HitPolicy, PolicyDocument
from policy.model.ruleset import Rule

Asked = frozenset[tuple[str, str]]
"""What a rule asks: the path a cell tests, empty for an expression, and the text."""


def check_masked(document: PolicyDocument, rules: Sequence[Rule], log: Log) -> None:
    """Warn of every rule that an earlier one masks; the places are those of the rules."""
    if document.hit_policy is not HitPolicy.FIRST:
        return
    earlier: list[tuple[Rule, Asked]] = []
    for rule in rules:
        asked = _asked(rule)
        masks = next((other for other, less in earlier if less <= asked), None)
        if masks is None:
            earlier.append((rule, asked))
        else:
            log.add("rule-masked", rule.place, name=rule.id, found=masks.id)


def _asked(rule: Rule) -> Asked:
    return frozenset((part.subject or "", part.text.strip()) for part in rule.when if part.text.strip() != "-")
