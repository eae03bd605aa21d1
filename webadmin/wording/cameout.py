"""What a test of a policy compares, in words: the part of the decision, and what was expected there or came out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from policy.engine import Policy
from policy.kinds.labels import labels
from policy.model.comparison import NONE
from policy.model.decision import Status
from policy.runtime.showing import named
from policy.values import Language
from webadmin import words
from webadmin.wording import naming

_STEPS = re.compile(r"[^.\[\]]+|\[\d+\]")
_TRUTH = {"true": True, "false": False}
_ITEMS = re.compile(r"\[\d+\]")


class CameOut:
    """Says what tests of one policy compare.

    Args:
        policy: The policy.
        language: The reader's language.
    """

    def __init__(self, policy: Policy, language: Language) -> None:
        self._rule_set = policy.rule_set
        self._language = language
        self._rules = naming.called(policy, language)
        self._rows = {name: text.to(language) for name, text in labels(policy.rule_set.document.section).items()}

    def what(self, path: str) -> str:
        """Return what a part of a decision is called: of `outcome.stages[0]` the output, then “item 1”."""
        top, *steps = _STEPS.findall(path)
        below = [gettext("item %(number)s", number=int(each[1:-1]) + 1) if each[0] == "[" else each for each in steps]
        said = [self._key(each) if step == each else each for each, step in zip(below, steps, strict=True)]
        shown = said if top == "outcome" and said else [str(words.DECISIONS[top]), *said]
        return " \u203a ".join(shown)

    def value(self, path: str, value: Any) -> Any:
        """Return a value of a part of a decision with everything in it as people call it."""
        top, *steps = _STEPS.findall(path)
        if top == "status":
            return str(words.STATUSES[Status(value)]) if value in set(Status) else value
        if top == "hits":
            return _each(value, self._rules)
        if top == "missing":
            return [self._field(each) for each in value]
        outputs = self._rule_set.outputs
        names = [each for each in steps if each in outputs]
        return self._output(names[0], value) if top == "outcome" and names else self._below(value)

    def written(self, path: Sequence[str], text: str) -> str:
        """Return a part that was compared as a text has it, one item after the other, as people call it.

        Args:
            path: Keys below `expect`: `("outcome", "stages")`.
            text: As `policy.model.comparison` writes it: `a, b`, or `manager: a; score: 1, manager: b; score: 2`,
                `[]` for none.
        """
        place = ".".join(path)
        return str(gettext(", ")).join(self._item(place, each) for each in text.split(", "))

    def _item(self, place: str, item: str) -> str:
        pairs = [each.partition(": ") for each in item.split("; ")]
        if all(between for _, between, _ in pairs):
            said = (f"{self._key(key)}{gettext(': ')}{self._one(place, value)}" for key, _, value in pairs)
            return str(gettext("; ")).join(said)
        return self._one(place, item)

    def _one(self, place: str, value: str) -> str:
        if value == NONE:
            return str(gettext("none"))
        if value in _TRUTH:
            return str(gettext("yes") if _TRUTH[value] else gettext("no"))
        return self._field(value) if place == "missing" else str(self.value(place, value))

    def _output(self, name: str, value: Any) -> Any:
        return named(value, self._rule_set.outputs[name].names, self._language)

    def _below(self, value: Any) -> Any:
        """Return a part of a result: its keys in words, its rows by their labels, outputs by the names of values."""
        if isinstance(value, Mapping):
            outputs = self._rule_set.outputs
            return {
                self._key(name): self._output(name, each) if name in outputs else self._below(each)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._below(each) for each in value]
        return self._rows.get(value, value) if isinstance(value, str) else value

    def _key(self, name: str) -> str:
        output = self._rule_set.outputs.get(name)
        if output is not None and output.label is not None:
            return output.label.to(self._language)
        return str(words.RESULTS.get(name) or words.KEYS.get(name) or words.DECISIONS.get(name, name))

    def _field(self, path: str) -> str:
        field = self._rule_set.fields.get(_ITEMS.sub("[]", path))
        return path if field is None or field.label is None else field.label.to(self._language)


def _each(value: Any, called: Mapping[str, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_each(each, called) for each in value]
    return called.get(value, value) if isinstance(value, str) else value
