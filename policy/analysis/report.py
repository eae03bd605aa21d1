"""Findings of what was compared, each with the example it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policy.analysis.boxes import Box
from policy.analysis.cliffs import cliffs
from policy.analysis.dimensions import Dimension
from policy.analysis.reasons import reasons
from policy.analysis.rules import Claim, Compared, Gap, compare, given_outputs
from policy.analysis.saying import Written, both, cells, exemplified, joined, said
from policy.errors import Finding
from policy.messages import Said
from policy.model.ruleset import RuleSet
from policy.values import Text

_NO_HIT = "no_hit"

MOST_OF_A_CODE = 50
"""Findings of one code that are told of a policy; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding and what can be done with it.

    Attributes:
        rules: Ids of the rules it is about, the one it is told of first; none for a gap.
        example: Values by path for which it is so; None where there are none.
        cells: The cells of a row that would close a gap; empty where it is none, or cannot be written so.
    """

    finding: Finding
    rules: tuple[str, ...] = ()
    example: Mapping[str, Any] | None = None
    cells: Mapping[str, Written] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a rule set comes to.

    Attributes:
        issues: With their findings, in order of place.
        otherwise: What gets the defaults because no rule holds, in words; None where nothing does, or it has none.
    """

    issues: tuple[Issue, ...]
    otherwise: Text | None = None


def findings(rule_set: RuleSet) -> tuple[Finding, ...]:
    """Return the findings of a sound rule set."""
    return tuple(each.finding for each in analysed(rule_set).issues)


def analysed(rule_set: RuleSet) -> Analysis:
    """Analyse a sound rule set."""
    compared = compare(rule_set)
    issues = [*_few([_claimed(claim, compared.dimensions) for claim in compared.claims], rule_set)]
    otherwise = None
    if _has_defaults(rule_set):
        otherwise = _gaps_said(compared, compared.gaps) if compared.gaps else None
    else:
        issues += _gaps(rule_set, compared)
    issues += [Issue(each) for each in cliffs(rule_set, compared)]
    issues += _few([Issue(each, (str(each.values["name"]),)) for each in reasons(rule_set)], rule_set)
    issues += [Issue(_unread(rule_set, compared.unread))] if compared.unread else []
    issues.sort(key=lambda each: each.finding.place)
    return Analysis(tuple(issues), otherwise)


def _few(issues: Sequence[Issue], rule_set: RuleSet) -> Iterator[Issue]:
    """Yield the first issues of each code, and a note of how many more there are."""
    counts: Counter[str] = Counter()
    for each in issues:
        counts[each.finding.code] += 1
        if counts[each.finding.code] <= MOST_OF_A_CODE:
            yield each
    for code, count in counts.items():
        if count > MOST_OF_A_CODE:
            values: dict[str, Said] = {"name": code, "found": count, "expected": MOST_OF_A_CODE}
            yield Issue(Finding("analysis-more", rule_set.document.places["rules"], values))


def _claimed(claim: Claim, dimensions: Sequence[Dimension]) -> Issue:
    names = tuple(each.id for each in claim.others)
    values: dict[str, Said] = {"name": claim.rule.id}
    if names:
        values["found"] = _named(names)
    if claim.example is not None:
        values["example"] = exemplified(claim.example, dimensions)
    return Issue(Finding(claim.code, claim.rule.place, values), (claim.rule.id, *names), claim.example)


def _named(names: Sequence[str]) -> Text:
    """Return the ids of rules, of many the first few."""
    few = [f"`{each}`" for each in names[:_NAMED]]
    if len(names) > _NAMED:
        return both("box-and-more", values=Text("、".join(few), ", ".join(few)), count=str(len(names) - _NAMED))
    return Text("、".join(few), ", ".join(few))


_NAMED = 5


def _has_defaults(rule_set: RuleSet) -> bool:
    """Say whether there is a decision where no rule holds."""
    return all(each.has_default for each in given_outputs(rule_set))


def _gaps(rule_set: RuleSet, compared: Compared) -> Iterator[Issue]:
    """Yield the gaps that no test of the policy expects; where one does, its author has said that they are meant."""
    place = rule_set.document.places["rules"]
    meant = [rule_set.reader.plain(case.given) for case in rule_set.cases if case.expect.status == _NO_HIT]
    for code, certain in (("rules-gap", True), ("rules-may-gap", False)):
        gaps = [
            each
            for each in compared.gaps
            if each.certain is certain and not any(_lies_in(facts, each.box, rule_set, compared) for facts in meant)
        ]
        if gaps:
            told, ranges = exemplified(gaps[0].example, compared.dimensions), _gaps_said(compared, gaps)
            values: dict[str, Said] = {"example": told}
            if ranges != told:
                values["ranges"] = ranges
            yield Issue(Finding(code, place, values), (), gaps[0].example, cells(gaps[0].box, compared.dimensions))


def _lies_in(facts: Mapping[str, Any], box: Box, rule_set: RuleSet, compared: Compared) -> bool:
    """Say whether facts lie in a box; what the policy derives from them is not looked at."""
    inputs = [(of, mask) for number, mask in box.items() if (of := compared.dimensions[number]).certain]
    each = rule_set.document.each
    items = [facts] if each is None else [{**facts, each.as_: item} for item in _at(facts, each.list) or ()]
    return any(all(mask & of.cell(_at(item, of.path)) for of, mask in inputs) for item in items)


def _at(facts: Mapping[str, Any], path: str) -> Any:
    here: Any = facts
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _gaps_said(compared: Compared, gaps: Iterable[Gap]) -> Text:
    told = joined((said(each.box, compared.dimensions) for each in gaps), "box-or-else")
    return both("box-and-others", values=told) if compared.more else told


def _unread(rule_set: RuleSet, parts: Sequence[str]) -> Finding:
    named = joined((both(f"box-of-{each}") for each in parts), "box-too")
    return Finding("analysis-bounded", rule_set.document.places["rules"], {"name": named})
