"""One rule in words, and which rules two texts of a policy say differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from policy.engine import Policy
from policy.model.comparison import is_alike, renamed
from policy.model.document import RuleItem
from policy.model.ruleset import Rule
from policy.values import Language
from webadmin.wording.speech import Speech


@dataclass(frozen=True, slots=True)
class SaidRule:
    """One rule in words.

    Attributes:
        when: What must be true; empty where it always hits.
        then: What it gives: the output's name and the value.
        line: Where it stands in the text.
    """

    id: str
    when: Markup
    then: tuple[tuple[Markup, Markup], ...]
    because: Markup | None
    line: int

    def says_like(self, other: SaidRule) -> bool:
        """Return whether another rule says the same, wherever it stands."""
        return (self.when, self.then, self.because) == (other.when, other.then, other.because)


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that two texts say differently; None where one of them does not have it.

    Attributes:
        is_renamed: Whether nothing but its id is another; `before` has the earlier one.
    """

    id: str
    before: SaidRule | None
    after: SaidRule | None
    is_renamed: bool = False


def said(speech: Speech, rule: Rule) -> SaidRule:
    """Say one rule."""
    when = speech.condition(rule.when) if rule.when else Markup("")
    then = tuple((speech.name(name), speech.given(name, value)) for name, value in rule.then.items())
    because = None if rule.because is None else speech.reason(rule.because)
    return SaidRule(rule.id, when, then, because, rule.place.line)


def by_id(policy: Policy, language: Language) -> dict[str, SaidRule]:
    """Say every rule of a policy."""
    speech = Speech(policy.rule_set, language)
    return {each.id: said(speech, each) for each in policy.rule_set.rules}


def changed(before: Policy | None, after: Policy | None, language: Language) -> Iterator[Changed]:
    """Yield the rules that are said differently, in the order of the later text; those that are gone come last.

    A rule that is written as it was is none of them, though the label of a field or a stage it names is another.
    """
    old, new = ({} if each is None else by_id(each, language) for each in (before, after))
    written = _written(before), _written(after)
    documents = (None if each is None else each.rule_set.document for each in (before, after))
    called = {name: path[1] for path, name in renamed(*documents).items() if path[0] == "rules"}
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        if name in called:
            yield Changed(name, old[called[name]], now, is_renamed=True)
        elif name in called.values():
            continue
        elif was is None or now is None or not (was.says_like(now) or is_alike(*(each.get(name) for each in written))):
            yield Changed(name, was, now)


def _written(policy: Policy | None) -> dict[str, RuleItem]:
    return {} if policy is None else {each.id: each for each in policy.rule_set.document.rules}
