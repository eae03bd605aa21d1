"""A policy to be read through: every rule, value and setting in whole sentences, in the order a reader asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from policy.engine import Policy
from policy.model.ruleset import Output, Question, Rule, RuleSet
from policy.values import Language, Text
from webadmin.wording.sections import Told, told
from webadmin.wording.speech import Speech


class Change(StrEnum):
    """How a rule of a draft stands to what is in effect."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class SaidRule:
    """One rule in words.

    Attributes:
        when: What must be true; empty where it always hits.
        then: What it gives: the output's name and the value.
        line: Where it stands in the text.
        change: None where it says what the rule in effect says.
    """

    id: str
    when: Markup
    then: tuple[tuple[Markup, Markup], ...]
    because: Markup | None
    line: int
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value that is worked out first: how, and the policy that is asked for it where one is."""

    name: str
    label: Text | None
    made: Markup
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A whole policy in words.

    Attributes:
        gone: Ids of rules in effect that a draft no longer has.
        defaults: What an output is where no rule gives it.
    """

    rules: tuple[SaidRule, ...]
    gone: tuple[str, ...]
    derived: tuple[SaidValue, ...]
    defaults: tuple[tuple[Markup, Markup], ...]
    sections: tuple[Told, ...]


def page(policy: Policy, before: Policy | None, language: Language) -> Said:
    """Say a policy in a language.

    Args:
        policy: What is read.
        before: What is in effect, where a draft is read: what differs is marked.
        language: The reader's.
    """
    speech = Speech(policy.rule_set, language)
    known = {} if before is None else _known(before, language)
    rules = [_rule(speech, each, known if before is not None else None) for each in policy.rule_set.rules]
    ids = {each.id for each in policy.rule_set.rules}
    return Said(
        tuple(rules),
        tuple(each for each in known if each not in ids),
        tuple(_derived(speech, policy)),
        tuple(_default(speech, each) for each in policy.rule_set.outputs.values() if each.has_default),
        tuple(told(policy.rule_set, speech)),
    )


def _known(before: Policy, language: Language) -> Mapping[str, SaidRule]:
    speech = Speech(before.rule_set, language)
    return {each.id: _rule(speech, each, None) for each in before.rule_set.rules}


def _rule(speech: Speech, rule: Rule, known: Mapping[str, SaidRule] | None) -> SaidRule:
    when = speech.condition(rule.when) if rule.when else Markup("")
    then = tuple((speech.name(name), speech.given(name, value)) for name, value in rule.then.items())
    because = None if rule.because is None else speech.reason(rule.because)
    change: Change | None = None
    if known is not None:
        before = known.get(rule.id)
        same = before is not None and (before.when, before.then, before.because) == (when, then, because)
        change = Change.NEW if before is None else None if same else Change.CHANGED
    return SaidRule(rule.id, when, then, because, rule.place.line, change)


def _derived(speech: Speech, policy: Policy) -> Iterator[SaidValue]:
    for name, made in policy.rule_set.derived.items():
        label = policy.rule_set.made[name].label
        if isinstance(made, Question):
            yield SaidValue(name, label, _asked(speech, made, policy.rule_set.asked[made.policy]), made.policy)
        else:
            yield SaidValue(name, label, speech.part(made))


def _asked(speech: Speech, made: Question, other: RuleSet) -> Markup:
    """Say what is taken from another policy, and what it is told instead of what stands there."""
    output = other.outputs.get(made.take)
    given = [speech.say("named", a=speech.name(path), b=speech.part(part)) for path, part in made.given.items()]
    taken = Markup("<code>{}</code>").format(made.take)
    if output is not None and output.label is not None:
        taken = Markup("<em>{}</em>").format(output.label.to(speech.language))
    return speech.joined("list", [taken, *given])


def _default(speech: Speech, output: Output) -> tuple[Markup, Markup]:
    return speech.name(output.name), speech.constant(output.name, output.default)
