"""Explanations in words: what the engine tells of rules, parts of conditions and values by what people call them.

The engine's sentences name them as the text of the policy has them, between backticks; here each is told by its reason,
its meaning, its label or its title. What nobody has named stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from policy.engine import Policy
from policy.kinds.approval import ApprovalSection
from policy.model.ruleset import Rule
from policy.runtime.splitting import leaf_nodes
from policy.values import Language
from webadmin.wording import naming, setting
from webadmin.wording.phrases import closed_up
from webadmin.wording.speech import Speech

_NAMED = re.compile(r"`([^`]+)`")
_PLACE = re.compile(r"\[\d+\]")


class Words:
    """Says what explanations of one policy's decisions name, in one language."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self._rule_set = policy.rule_set
        self._speech = Speech(policy.rule_set, language, links=False)
        self._language = language
        self._parts = {rule.id: self._conditions(rule) for rule in policy.rule_set.rules}
        self._rules = naming.called(policy, language)
        asked = {name: each.document.title.to(language) for name, each in policy.rule_set.asked.items()}
        self._called = {**asked, **naming.whole(policy, language)}

    def sentence(self, text: str, more: Mapping[str, str] | None = None) -> str:
        """Return a sentence of the engine with what stands between backticks as people call it.

        Args:
            text: The sentence.
            more: As written → in words, for what is only known to this sentence.
        """
        pieces = [self._named(each, more or {}) if at % 2 else each for at, each in enumerate(_NAMED.split(text))]
        return closed_up(setting.plain(pieces, self._language), self._language)

    def rule(self, why: Mapping[str, Any]) -> dict[str, Any]:
        """Return how one rule came out: each part of its condition with its words, and its reason in words."""
        said = self._parts[why["id"]]
        parts = [{**part, "said": words} for part, words in zip(why["parts"], said, strict=True)]
        deciding = next((each for each in parts if why["decisive"] == _without(each)), None)
        for each in parts:
            each["decides"] = each is deciding
        told = {} if deciding is None else {deciding["text"]: deciding["said"].striptags()}
        return {**why, "parts": parts, "reason": self.sentence(why["reason"], told)}

    @property
    def rules(self) -> Mapping[str, str]:
        """Return what rules are called, by their ids."""
        return self._rules

    def stage(self, stage: str) -> Markup:
        """Say who is meant by a stage of an approval."""
        section = self._rule_set.document.section
        stages = section.stages if isinstance(section, ApprovalSection) else ()
        return next(self._speech.part(self._rule_set.expressions[each.who]) for each in stages if each.id == stage)

    def _conditions(self, rule: Rule) -> list[Markup]:
        """Say every part of a rule's condition, in the order an explanation tells them."""
        return [
            self._speech.leaf(part, node, negative=negative)
            for part in rule.when
            for node, negative in leaf_nodes(part.checked.node)
        ]

    def _named(self, written: str, more: Mapping[str, str]) -> str:
        for phrase, known in (("place", more), ("quoted", self._called)):
            if written in known:
                return self._speech.say(phrase, a=known[written]).striptags()
        field = self._rule_set.fields.get(_PLACE.sub("[]", written)) or self._rule_set.made.get(written)
        label = None if field is None or field.label is None else field.label.to(self._language)
        if label is None:
            return f"`{written}`"
        return f"{label} `{written}`" if _PLACE.search(written) else label


def _without(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in ("said", "decides")}
