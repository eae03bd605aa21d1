"""Rules that can decide nothing: an earlier one holds whenever they do, and only the first that hits counts.

Only what the conditions say word for word is told: an earlier rule masks a later one where each of its conditions is
one of the later one's, too. One without conditions masks all that follow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from policy.linker.log import Log
from policy.model.document import HitPolicy, PolicyDocument
from policy.model.ruleset import Rule

Condition = tuple[str, str]
"""The path a cell tests, empty for an expression, and the text."""


def check_masked(document: PolicyDocument, rules: Sequence[Rule], log: Log) -> None:
    """Warn of every rule that an earlier one masks; where a condition could not be read, nothing is told."""
    if document.hit_policy is not HitPolicy.FIRST or log.errors:
        return
    asked = [_asked(rule) for rule in rules]
    counts = Counter(each for conditions in asked for each in conditions)
    earlier: defaultdict[Condition | None, list[int]] = defaultdict(list)  # under the condition fewest rules have
    for at, conditions in enumerate(asked):
        candidates = sorted(other for each in (None, *conditions) for other in earlier[each])
        masks = next((other for other in candidates if asked[other] <= conditions), None)
        if masks is None:
            earlier[min(conditions, key=lambda each: (counts[each], each), default=None)].append(at)
        else:
            log.add("rule-masked", rules[at].place, name=rules[at].id, found=rules[masks].id)


def _asked(rule: Rule) -> frozenset[Condition]:
    return frozenset((part.subject or "", part.text.strip()) for part in rule.when if part.text.strip() != "-")
