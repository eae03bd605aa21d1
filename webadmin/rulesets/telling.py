"""What is told of changes that were made to a draft, besides that they are saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext, ngettext

from policy.model.document import PolicyDocument, TestItem
from policy.model.written import Items, Raw, Scalar
from policy.reader import read
from webadmin import language
from webadmin.rulesets import editing
from webadmin.rulesets.drafting import Made
from webadmin.rulesets.editing import Change

MOST = 3
"""Tests, and names of rules, that are told of one change."""


def told(made: Made, asked: Sequence[Change]) -> str:
    """Say what changes did besides what they were asked for; empty where that is nothing.

    Args:
        made: The draft before and after them.
        asked: The changes.
    """
    before, now = (read(text).document for text in (made.before, made.text))
    if not isinstance(before, PolicyDocument) or not isinstance(now, PolicyDocument):
        return ""
    sorts = {each.what for each in asked}
    said = [*(_gone(before, now) if "remove" in sorts else ()), *(_named(before, now, asked) if "add" in sorts else ())]
    return language.joined([*said, *(_added(before, now) if len(asked) == 1 and "add" in sorts else ())])


def _gone(before: PolicyDocument, now: PolicyDocument) -> Iterator[str]:
    """Say which rules are gone, and what that means for the tests that name them."""
    kept = {each.id for each in now.rules}
    for rule in before.rules:
        if rule.id in kept:
            continue
        yield gettext("The rule “%(rule)s” is gone from the draft.", rule=rule.id)
        naming = [each for each in before.tests if rule.id in _hits(each.expect.hits)]
        still = [each for each in now.tests if rule.id in _hits(each.expect.hits)]
        rest = [each for each in naming if each.name not in {test.name for test in still}]
        if rest:
            yield gettext("No longer expected to hit by: %(tests)s.", tests=_names(rest))
        if still:
            yield gettext("Expected to hit alone, so they fail until they are changed: %(tests)s.", tests=_names(still))


def _added(before: PolicyDocument, now: PolicyDocument) -> Iterator[str]:
    """Say what a rule that was added does before anything is typed into it."""
    known = {each.id for each in before.rules}
    for above, rule in zip([None, *now.rules], now.rules, strict=False):
        if rule.id in known:
            continue
        given = any(editing.written(each.value) not in ("", "0") for each in rule.then.entries)
        if given and above is not None:
            said = gettext(
                "The new rule holds in every case until you type a condition, and gives what “%(rule)s” gives for now.",
                rule=above.id,
            )
        else:
            said = gettext("The new rule holds in every case until you type a condition, and gives nothing yet.")
        yield said


def _named(before: PolicyDocument, now: PolicyDocument, asked: Iterable[Change]) -> Iterator[str]:
    """Say what new rules are called whose names could not stay as they were typed."""
    known = {each.id for each in before.rules}
    new = [each.id for each in now.rules if each.id not in known]
    wanted = [each.value for each in asked if each.what == "add"]
    other = [(typed, name) for typed, name in zip(wanted, new, strict=False) if typed and typed != name]
    if other:
        pairs = [gettext("“%(typed)s” is called “%(name)s”", typed=typed, name=name) for typed, name in other[:MOST]]
        said = gettext(
            "Names of rules take lower case letters, digits and hyphens: %(pairs)s.", pairs=gettext("; ").join(pairs)
        )
        yield said if len(other) <= MOST else language.joined([said, _more(len(other) - MOST)])


def _names(tests: Sequence[TestItem]) -> str:
    said = [each.name.to(language.chosen()) for each in tests[:MOST]]
    more = [_more(len(tests) - MOST)] if len(tests) > MOST else []
    return str(gettext("; ")).join([*said, *more])


def _more(count: int) -> str:
    return str(ngettext("and %(num)s more", "and %(num)s more", count))


def _hits(raw: Raw | None) -> set[str]:
    if isinstance(raw, Scalar):
        return {raw.text}
    return set().union(*map(_hits, raw.items)) if isinstance(raw, Items) else set()
