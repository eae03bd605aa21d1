"""What a test of a policy compares, in words: the part of the decision, and what was expected there or came out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from policy.engine import Policy
from policy.kinds.detailing import duration
from policy.kinds.labels import labels
from policy.model.comparison import NONE
from policy.model.decision import Status
from policy.runtime.cases import Difference
from policy.runtime.showing import named
from policy.values import Language
from webadmin import keywords, words
from webadmin.wording import naming
from webadmin.wording.speech import Speech

_STEPS = re.compile(r"[^.\[\]]+|\[\d+\]")
_DURATIONS = frozenset({"within", "expires", "release", "over"})
_ASKED = frozenset({"who", "unless"})
_APART = ("id", "manager", "approver", "measure", "row")
"""Keys that tell items of a list apart."""
_SAID: Mapping[str, Mapping[Any, Any]] = {"by": words.BARS, "acts": words.ACTS}
"""Keys of a result whose values are words of the product."""
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
        self._parts = {each.text: part for each, part in policy.rule_set.expressions.items()}
        self._speech = Speech(policy.rule_set, language, links=False)
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
        if top == "outcome" and names:
            return self._output(names[0], value)
        return self._under(_ITEMS.sub("", steps[-1]), value) if steps else self._below(value)

    def both(self, difference: Difference) -> tuple[Any, Any]:
        """Return what a test expected and what came out, each in words.

        Of what came out only what the test names is told, of a list that is of another length what tells its items
        apart; what was expected is read as what came out is: a test writes both as text.
        """
        got = _narrowed(difference.expected, difference.got)
        expected = _read(difference.expected, difference.got)
        return self.value(difference.path, expected), self.value(difference.path, got)

    def written(self, path: Sequence[str], text: str) -> str:
        """Return a part that was compared as a text has it, one item after the other, as people call it.

        Args:
            path: Keys below `expect`: `("outcome", "stages")`.
            text: As `policy.model.comparison` writes it: `a, b`, or `manager: a; score: 1, manager: b; score: 2`,
                `[]` for none.
        """
        return str(gettext(", ")).join(self.items(path, text))

    def items(self, path: Sequence[str], text: str) -> list[str]:
        """Return what `written` says, item by item: rules have commas of their own."""
        place = ".".join(path)
        return [self._item(place, each) for each in text.split(", ")]

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
                self._key(name): self._output(name, each) if name in outputs else self._under(name, each)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._below(each) for each in value]
        return self._rows.get(value, value) if isinstance(value, str) else value

    def _under(self, key: str, value: Any) -> Any:
        """Return what stands under a key of a result."""
        if key in _DURATIONS and isinstance(value, str):
            return duration(value, self._language)
        if key in _ASKED and value in self._parts:
            return self._speech.part(self._parts[value]).striptags()
        if key in _SAID:
            said = _each(value, {str(name): str(words_) for name, words_ in _SAID[key].items()})
            return _each(said, self._rows)
        return self._below(value)

    def _key(self, name: str) -> str:
        output = self._rule_set.outputs.get(name)
        if output is not None and output.label is not None:
            return output.label.to(self._language)
        return str(words.RESULTS.get(name) or keywords.KEYS.get(name) or words.DECISIONS.get(name, name))

    def _field(self, path: str) -> str:
        field = self._rule_set.fields.get(_ITEMS.sub("[]", path))
        return path if field is None or field.label is None else field.label.to(self._language)


def _narrowed(expected: Any, got: Any) -> Any:
    """Return what came out with no more than a test names of it."""
    if isinstance(got, Mapping):
        if not isinstance(expected, Mapping):
            return next(({name: got[name]} for name in _APART if name in got), got)
        return {name: _narrowed(expected[name], each) for name, each in got.items() if name in expected}
    if isinstance(got, list):
        named = _together(expected) or None
        return [_narrowed(named, each) for each in got]
    return got


def _read(expected: Any, got: Any) -> Any:
    """Return what a test expects with numbers, yes and no as such, where what came out has such in that place."""
    if isinstance(expected, Mapping):
        there = got if isinstance(got, Mapping) else {}
        return {name: _read(each, there.get(name)) for name, each in expected.items()}
    if isinstance(expected, list):
        return [_read(each, _together(got)) for each in expected]
    if isinstance(got, bool) and expected in _TRUTH:
        return _TRUTH[expected]
    if isinstance(got, Decimal | int) and isinstance(expected, str):
        try:
            return Decimal(expected)
        except InvalidOperation:
            return expected
    return expected


def _together(items: Any) -> dict[str, Any]:
    """Return every key that items of a list have, with what stands under it in the last of them."""
    mappings = [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
    return {name: each for item in mappings for name, each in item.items()}


def _each(value: Any, called: Mapping[str, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_each(each, called) for each in value]
    return called.get(value, value) if isinstance(value, str) else value
