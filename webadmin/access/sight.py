"""What a reader of a decision gets to see of it: values of other classes than the reader's are null, and named.

A value is hidden where its field is of such a class, where it is computed from one, and where the very text of a
hidden value turns up in a result or a sentence (the id of a person in a ranking). A result that only chooses among
people by who they are keeps its numbers; one computed from pay is hidden whole. Who reported something is hidden from
everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from policy.engine import Policy
from policy.messages import sentence
from policy.model.document import FieldClass, Kind
from policy.model.reading import pointed
from policy.runtime.explain import DecisionExplanation
from policy.runtime.showing import ALL_CLASSES, Eyes
from policy.values import Language

ClassOf = Callable[[str, str], FieldClass]
"""Type of an event, path in its data → the class of the value."""

OPEN_ATTRIBUTES = ("id", "source", "type", "time", "specversion", "datacontenttype")
"""Attributes of an event that hide nothing."""


class Sight:
    """What readers with some classes see of one policy's decisions; `sight_of` keeps them.

    Attributes:
        sees_all: Whether nothing is hidden, events aside.
    """

    def __init__(self, policy: Policy, classes: frozenset[FieldClass]) -> None:
        self._rule_set = policy.rule_set
        self._classes = (classes | {FieldClass.OPEN}) & ALL_CLASSES
        eyes = Eyes(policy.rule_set, self._classes, Language.EN)
        self._outputs = frozenset(name for name in policy.rule_set.outputs if not eyes.may_see(name))
        choosing = Eyes(policy.rule_set, self._classes | {FieldClass.PERSONAL}, Language.EN)
        parts = [part for each in policy.rule_set.conditions.values() for part in each]
        reads = {path for part in (*parts, *policy.rule_set.expressions.values()) for path in part.reads}
        pays = policy.kind is Kind.INCENTIVE and FieldClass.PAY not in self._classes
        self._result = not pays and all(choosing.may_see(path) for path in (*reads, *policy.rule_set.outputs))
        fields = policy.rule_set.fields.values()
        self.sees_all = self._result and not self._outputs and all(field.class_ in self._classes for field in fields)

    def shows_output(self, name: str) -> bool:
        """Say whether the policy has an output of that name that is not hidden."""
        return name in self._rule_set.outputs and name not in self._outputs

    def facts(self, facts: Mapping[str, Any], pointer: str = "/facts") -> tuple[dict[str, Any], list[str]]:
        """Return facts without hidden values, and the JSON pointers of those."""
        hidden: list[str] = []
        return self._facts(facts, "", pointer, hidden), hidden

    def _facts(self, here: Mapping[str, Any], prefix: str, pointer: str, hidden: list[str]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, value in here.items():
            shown[name] = self._fact(value, f"{prefix}{name}", pointed(pointer, name), hidden)
        return shown

    def _fact(self, value: Any, path: str, pointer: str, hidden: list[str]) -> Any:
        if isinstance(value, Mapping) and path not in self._rule_set.fields:
            return self._facts(value, f"{path}.", pointer, hidden)
        below = f"{path}[]."
        if isinstance(value, list) and any(name.startswith(below) for name in self._rule_set.fields):
            return [self._facts(item, below, pointed(pointer, at), hidden) for at, item in enumerate(value)]
        field = self._rule_set.fields.get(path)
        if field is not None and field.class_ in self._classes:
            return value
        hidden.append(pointer)
        return None

    def decision(self, data: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return a decision's data without hidden values, and the JSON pointers of those.

        Args:
            data: As `Decision.to_data` gives it.
            facts: The whole facts it was made from.
        """
        hidden: list[str] = []
        outcome = self._outcome(data["outcome"], hidden)
        result = data["result"]
        if result is not None and not self._result:
            result = None
            hidden.append("/decision/result")
        names = self._names(facts)
        shown = {
            **data,
            "outcome": _without(outcome, names, "/decision/outcome", hidden),
            "result": _without(result, names, "/decision/result", hidden),
        }
        if data["events"] is not None:  # a digest over few unknown values can be tried out
            shown["events"] = {**data["events"], "digest": None}
            hidden.append("/decision/events/digest")
        return shown, hidden

    def _outcome(self, outcome: Any, hidden: list[str]) -> Any:
        if outcome is None or not self._outputs:
            return outcome
        if isinstance(outcome, list):
            return [self._row(each, f"/decision/outcome/{at}", hidden) for at, each in enumerate(outcome)]
        return self._row(outcome, "/decision/outcome", hidden)

    def _row(self, row: Any, pointer: str, hidden: list[str]) -> Any:
        if isinstance(row, list):
            return [self._row(each, pointed(pointer, at), hidden) for at, each in enumerate(row)]
        if not isinstance(row, Mapping):
            return row
        hidden += [pointed(pointer, name) for name in row if name in self._outputs]
        return {name: None if name in self._outputs else value for name, value in row.items()}

    def hides(self, facts: Mapping[str, Any], names: Collection[str]) -> bool:
        """Say whether one of some texts is a value of the facts that is hidden: then nothing may be found by it."""
        return not self._names(facts).isdisjoint(names)

    def _names(self, facts: Mapping[str, Any]) -> frozenset[str]:
        """Return the hidden values that are texts."""
        _, hidden = self.facts(facts, "")
        return frozenset(each for pointer in hidden for each in _texts(_at(facts, pointer)))

    def events(self, events: list[Any], class_of: ClassOf) -> tuple[list[Any], list[str]]:
        """Return a subject's events without hidden values, and the JSON pointers of those."""
        hidden: list[str] = []

        def of_data(value: Any, path: str, pointer: str, kind: str) -> Any:
            if isinstance(value, Mapping):
                return {
                    name: of_data(below, f"{path}.{name}" if path else name, pointed(pointer, name), kind)
                    for name, below in value.items()
                }
            if class_of(kind, path) in self._classes:
                return value
            hidden.append(pointer)
            return None

        shown = []
        for at, event in enumerate(events):
            plain = {name: value for name, value in event.items() if name in OPEN_ATTRIBUTES}
            rest = {name: value for name, value in event.items() if name not in OPEN_ATTRIBUTES and name != "data"}
            kind = str(event.get("type"))
            given = {**plain, **of_data(rest, "", f"/events/{at}", "")}
            if "data" in event:
                given["data"] = of_data(event["data"], "", f"/events/{at}/data", kind)
            shown.append(given)
        return shown, hidden

    def explanation(
        self, explanation: DecisionExplanation, facts: Mapping[str, Any], language: Language
    ) -> dict[str, Any]:
        """Return an explanation as plain data, hidden values said to be hidden."""
        data = explanation.to_data(language, self._classes)
        names = self._names(facts)
        unsaid = sentence("says-hidden", {}, language)
        if not self._result or _named(data["answer"], names):
            data["answer"] = unsaid
        lines = data["details"] if self._result else []
        data["details"] = [unsaid if _named(line, names) else line for line in lines]
        return data

    def answer(self, explanation: DecisionExplanation, facts: Mapping[str, Any], language: Language) -> str:
        """Return the first sentence of an explanation, or that it is hidden."""
        said = explanation.answer(language, self._classes)
        is_hidden = not self._result or _named(said, self._names(facts))
        return sentence("says-hidden", {}, language) if is_hidden else said

    def class_of(self, path: str) -> FieldClass | None:
        """Return the class of a field, None where the policy has no such field."""
        field = self._rule_set.fields.get(path)
        return None if field is None else field.class_


@lru_cache(maxsize=256)
def sight_of(policy: Policy, classes: frozenset[FieldClass]) -> Sight:
    """Return what readers with some classes see of a policy's decisions."""
    return Sight(policy, classes)


def _named(text: str, names: Collection[str]) -> bool:
    return any(name in text for name in names)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if len(value) > 1 else []  # a single letter would be found everywhere
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def _without(value: Any, names: Collection[str], pointer: str, hidden: list[str]) -> Any:
    """Return a value in which every text that is one of some names is null."""
    if not names:
        return value
    if isinstance(value, str) and value in names:
        hidden.append(pointer)
        return None
    if isinstance(value, Mapping):
        return {name: _without(each, names, pointed(pointer, name), hidden) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without(each, names, pointed(pointer, at), hidden) for at, each in enumerate(value)]
    return value
