"""What the rules of a policy come to together, as a page shows it: remarks with an example to try and a row to add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy.analysis import Issue, facts_of, witnesses
from policy.engine import Policy
from policy.errors import Finding, Place, PolicyError
from policy.values import Text
from webadmin.library import Look
from webadmin.rulesets.editing import Change
from webadmin.rulesets.service import gravest_first, hit_rules

MOST = 20
"""Remarks that a page lists; the text shows all."""

_NEVER = ("rule-never", "rule-masked")


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark.

    Attributes:
        rules: Ids of the rules it is about.
        example: Number of its example, as an address names it, from 1; None where it has none.
        row: The changes that add the rule it asks for; none where it asks for none.
    """

    finding: Finding
    rules: tuple[str, ...]
    example: int | None
    row: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """All remarks, gravest first.

    Attributes:
        more: How many are not listed.
        otherwise: What gets the defaults, in words; None where there are none.
    """

    remarks: Sequence[Remark] = ()
    more: int = 0
    otherwise: Text | None = None

    @property
    def by_rule(self) -> Mapping[str, Sequence[Finding]]:
        """Return the remarks that are told of each rule."""
        found: dict[str, list[Finding]] = {}
        for each in self.remarks:
            if each.rules:
                found.setdefault(each.rules[0], []).append(each.finding)
        return found


def together(look: Look) -> Together:
    """Return what the rules come to, for what loads."""
    if look.policy is None:
        return Together()
    analysis = look.policy.analysis
    numbers = {_key(each.finding): at for at, each in enumerate(_exemplified(look.policy), 1)}
    told = {_key(each.finding): _remark(each, numbers) for each in analysis.issues}
    ordered = [told[_key(each)] for each in gravest_first(look.findings) if _key(each) in told]
    return Together(ordered[:MOST], max(0, len(ordered) - MOST), analysis.otherwise)


def _key(finding: Finding) -> tuple[str, Place]:
    return finding.code, finding.place


def _remark(issue: Issue, numbers: Mapping[tuple[str, Place], int]) -> Remark:
    cells = [
        Change("cell", "+1", path, given if isinstance(given, str) else ", ".join(given))
        for path, given in issue.cells.items()
    ]
    row = (Change("add"), *cells) if cells else ()
    return Remark(issue.finding, issue.rules, numbers.get(_key(issue.finding)), row)


def _exemplified(policy: Policy) -> list[Issue]:
    return [each for each in policy.analysis.issues if each.example is not None]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Facts made for a test of a rule; `is_hit` says whether it hits by them."""

    facts: Mapping[str, Any]
    is_hit: bool


def proposed(policy: Policy, rule: str, as_of: str) -> Proposed | None:
    """Return facts by which a rule hits, else those that come near to it; None where there are none."""
    made = list(witnesses(policy.rule_set, rule))
    hitting = (each for each in made if rule in _hits(policy, each, as_of))
    found = next(hitting, None)
    if found is not None:
        return Proposed(found, is_hit=True)
    return Proposed(made[0], is_hit=False) if made else None


def never(policy: Policy, rule: str) -> Finding | None:
    """Return the remark that no facts can hit a rule, None where nobody knows that."""
    told = (each.finding for each in policy.analysis.issues if each.rules[:1] == (rule,))
    return next((each for each in told if each.code in _NEVER), None)


def _hits(policy: Policy, facts: Mapping[str, Any], as_of: str) -> set[str]:
    try:
        return hit_rules(policy.decide(facts, as_of=as_of))
    except PolicyError:
        return set()


def example(policy: Policy, number: str) -> dict[str, Any] | None:
    """Return the facts of an example by its number, None where there is none of it."""
    known = _exemplified(policy)
    is_known = number.isascii() and number.isdecimal() and len(number) < 6 and 0 < int(number) <= len(known)
    return facts_of(policy.rule_set, known[int(number) - 1].example or {}) if is_known else None
