"""A policy to be read through: every rule, value and setting in whole sentences, in the order a reader asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from policy.engine import Policy
from policy.model.ruleset import Output, Question, RuleSet
from policy.values import Language, Text
from webadmin.wording import rules
from webadmin.wording.rules import SaidRule
from webadmin.wording.sections import Told, told
from webadmin.wording.speech import Speech


class Change(StrEnum):
    """How a rule of a draft stands to what is in effect."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value that is worked out first: how, and id and title of the policy that is asked for it where one is."""

    name: str
    label: Text | None
    made: Markup
    policy: tuple[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A whole policy in words.

    Attributes:
        changes: Rules that do not say what the one in effect says.
        gone: Ids of rules in effect that a draft no longer has.
        defaults: What an output is where no rule gives it.
    """

    rules: tuple[SaidRule, ...]
    changes: Mapping[str, Change]
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
    different = () if before is None else tuple(rules.changed(before, policy, language))
    return Said(
        tuple(rules.by_id(policy, language).values()),
        {each.id: Change.NEW if each.before is None else Change.CHANGED for each in different if each.after},
        tuple(each.id for each in different if each.after is None),
        tuple(_derived(speech, policy)),
        tuple(_default(speech, each) for each in policy.rule_set.outputs.values() if each.has_default),
        tuple(told(policy.rule_set, speech)),
    )


def _derived(speech: Speech, policy: Policy) -> Iterator[SaidValue]:
    for name, made in policy.rule_set.derived.items():
        label = policy.rule_set.made[name].label
        if isinstance(made, Question):
            other = policy.rule_set.asked[made.policy]
            yield SaidValue(name, label, _asked(speech, made, other), (made.policy, other.document.title))
        else:
            yield SaidValue(name, label, speech.part(made))


def _asked(speech: Speech, made: Question, other: RuleSet) -> Markup:
    """Say what is taken from another policy, and what it is told instead of what stands there."""
    output = other.outputs.get(made.take)
    given = [
        speech.say("named", a=speech.called(path, other.fields.get(path)), b=speech.part(part))
        for path, part in made.given.items()
    ]
    taken = Markup("<code>{}</code>").format(made.take)
    if output is not None and output.label is not None:
        taken = Markup("<em>{}</em>").format(output.label.to(speech.language))
    return speech.say("told", a=taken, b=speech.joined("list", given)) if given else taken


def _default(speech: Speech, output: Output) -> tuple[Markup, Markup]:
    return speech.name(output.name), speech.constant(output.name, output.default)
