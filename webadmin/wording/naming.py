"""What rules are called where there is only room for a few words: why they are there, else when they hit.

A rule has an id and no name. Its reason says in the reader's language what it is about; the id stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from policy.engine import Policy
from policy.values import Language
from webadmin.wording import rules

LONGEST = 110
"""Characters of what a rule is called; the rest is cut, and … says so."""

JOINT = " / "
"""Stands between what policies call rules of one id."""


def called(policy: Policy, language: Language) -> dict[str, str]:
    """Return id → what people call it, of every rule that says why or when."""
    said = rules.by_id(policy, language)
    words = {name: (each.because or each.when).striptags() for name, each in said.items()}
    return {name: _cut(text) for name, text in words.items() if text}


def whole(policy: Policy, language: Language) -> dict[str, str]:
    """Return id → what a rule is called in a sentence about it, uncut.

    A reason with places for values is no name of a rule that did not hit: when it hits is said instead.
    """
    reasons = {each.id: "" if each.because is None else each.because.to(language) for each in policy.rule_set.rules}
    words: dict[str, str] = {}
    for name, each in rules.by_id(policy, language).items():
        because = each.because or Markup("")
        words[name] = ((each.when or because) if "{" in reasons[name] else (because or each.when)).striptags()
    return {name: said for name, said in words.items() if said}


def called_in(policies: Iterable[Policy], names: Iterable[str], language: Language) -> Mapping[str, str]:
    """Return what rules of some ids are called, in whichever of the policies they are; unknown ones are left out."""
    held = [called(each, language) for each in policies]
    found = {name: list(dict.fromkeys(each[name] for each in held if name in each)) for name in names}
    return {name: _cut(JOINT.join(words)) for name, words in found.items() if words}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
