"""Writes values for people: numbers in groups of three, days as ISO 8601, and nothing a reader may not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from policy.feel import DateTime, DaysDuration, MonthsDuration, to_text
from policy.feel.builtins.temporal import MONTHS
from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import AssignmentSection
from policy.kinds.detailing import duration
from policy.kinds.incentive import IncentiveSection
from policy.kinds.labels import labels
from policy.linker.reasons import PLACEHOLDER
from policy.messages import sentence
from policy.model.document import FieldClass, FieldType
from policy.model.fields import Field
from policy.model.ruleset import Part, Question, RuleSet
from policy.runtime.scope import RuntimeScope
from policy.values import Language, Text, readable

ALL_CLASSES = frozenset({FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.PAY})
"""Every class of fields an explanation can show: who reported something stands in none, whoever reads it."""

_ATTAINMENT = Field("measure", FieldType.NUMBER, share=True)
"""What the conditions of awards call the attainment."""


def shown(value: Any, language: Language) -> str:
    """Write one value for a reader."""
    if value is None:
        return sentence("says-missing", {}, language)
    if isinstance(value, bool):
        return sentence("says-true" if value else "says-false", {}, language)
    if isinstance(value, Decimal):
        return readable(value)
    if isinstance(value, list):
        joint = "、" if language is Language.ZH else ", "
        return joint.join(shown(each, language) for each in value) or sentence("says-nothing", {}, language)
    return value if isinstance(value, str) else _temporal(value, language)


def gives(outputs: Iterable[tuple[str, str]], language: Language) -> str:
    """Say what a decision gives as a sentence: what each output is called, and its value as it is shown."""
    given = [
        sentence("why-gives-one", {"name": _within(name) if number else name, "value": value}, language)
        for number, (name, value) in enumerate(outputs)
    ]
    return ("，" if language is Language.ZH else ", ").join(given)


def _within(name: str) -> str:
    """Return a label as it stands within a sentence; an abbreviation stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def named(value: Any, names: Mapping[str, Text], language: Language) -> Any:
    """Return a value, or each of a list, as people call it; what has no name stays as it is."""
    if isinstance(value, list | tuple):
        return [named(each, names, language) for each in value]
    return names[value].to(language) if isinstance(value, str) and value in names else value


def labelled(rule_set: RuleSet) -> Mapping[str, Text]:
    """Return what the outputs of a policy and the rows of its section are called, by name and id."""
    called = {name: output.label for name, output in rule_set.outputs.items() if output.label is not None}
    return {**labels(rule_set.document.section), **called}


def _temporal(value: Any, language: Language) -> str:
    """Write a day, an instant or a duration as people of the language do."""
    if isinstance(value, DateTime):
        clock = to_text(value).partition("T")[2]
        return f"{_day(value.day, language)} {clock}"
    if isinstance(value, date):
        return _day(value, language)
    return duration(to_text(value), language) if isinstance(value, DaysDuration | MonthsDuration) else to_text(value)


def _day(day: date, language: Language) -> str:
    if language is Language.ZH:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


class Eyes:
    """What one reader of a decision may see.

    Args:
        rule_set: The policy.
        classes: Classes of fields the reader may see.
        language: The reader's language.
    """

    def __init__(self, rule_set: RuleSet, classes: Collection[FieldClass], language: Language) -> None:
        self._rule_set = rule_set
        self._classes = (frozenset(classes) | {FieldClass.OPEN}) & ALL_CLASSES
        self.language = language

    def sees(self, class_: FieldClass) -> bool:
        """Say whether values of a class may be shown."""
        return class_ in self._classes

    def may_see(self, path: str) -> bool:
        """Say whether the value at a path may be shown."""
        return self._classes_of(path) <= self._classes

    def value(self, scope: RuntimeScope, path: str) -> str:
        """Write the value at a path, or that it is hidden."""
        if not self.may_see(path):
            return sentence("says-hidden", {}, self.language)
        field, value = self.field(path), scope.read(path)
        if field is not None and field.is_share and isinstance(value, Decimal):
            return sentence("says-percent", {"value": readable(value.scaleb(2))}, self.language)
        return self._shown(value, {} if field is None else field.names)

    def member(self, path: str | None, value: Any) -> str:
        """Write one value of a path or of the list there, by its name where it has one."""
        field = None if path is None else self.field(path)
        return self._shown(value, {} if field is None else field.names)

    def given(self, output: str, value: Any) -> str:
        """Write the value of an output, or that it is hidden."""
        if not self.may_see(output):
            return sentence("says-hidden", {}, self.language)
        return self._shown(value, self._rule_set.outputs[output].names)

    def _shown(self, value: Any, names: Mapping[str, Text]) -> str:
        """Write a value by its name, where it has one."""
        return shown(named(value, names, self.language), self.language)

    def reason(self, because: Text, scope: RuntimeScope) -> str:
        """Write a reason with its values in their places."""
        text = because.to(self.language)
        return PLACEHOLDER.sub(lambda match: self.value(scope, match.group(1).strip()), text)

    def label(self, path: str) -> str:
        """Return what a field is called, its path where it has no label."""
        field = self.field(path)
        return path if field is None or field.label is None else field.label.to(self.language)

    def output(self, name: str) -> str:
        """Return what an output is called, its name where it has no label."""
        label = self._rule_set.outputs[name].label
        return name if label is None else label.to(self.language)

    def field(self, path: str) -> Field | None:
        """Return the field at a path, declared or derived; of an item, of the list it stands in."""
        section = self._rule_set.document.section
        found = self._rule_set.made.get(path) or self._rule_set.fields.get(self._in_facts(path))
        is_measure = found is None and path == _ATTAINMENT.path and isinstance(section, IncentiveSection)
        return _ATTAINMENT if is_measure and section.is_share else found

    def _in_facts(self, path: str) -> str:
        """Return a path as facts have it: of a candidate, an approver or an item in the list they stand in."""
        name, _, rest = path.partition(".")
        rows = self._lists().get(name)
        return path if rows is None or not rest else f"{rows}[].{rest}"

    def _lists(self) -> dict[str, str]:
        """Return the names that stand for an item of a list, each with that list."""
        document = self._rule_set.document
        lists = {"approver": "approvers"} if isinstance(document.section, ApprovalSection) else {}
        if isinstance(document.section, AssignmentSection) and document.section.allocate is not None:
            lists["manager"] = document.section.allocate.candidates
        if document.each is not None:
            lists[document.each.as_] = document.each.list
        return lists

    def _classes_of(self, path: str) -> frozenset[FieldClass]:
        """Return the classes of everything a path's value is made of."""
        if path in self._rule_set.outputs:
            return self._classes_given(path)
        made = self._rule_set.derived.get(path)
        if isinstance(made, Part):
            return self._classes_of_all(made.reads)
        if isinstance(made, Question):
            asked = self._rule_set.asked[made.policy]
            return frozenset(field.class_ for field in asked.fields.values())
        path = self._in_facts(path)
        fields: Mapping[str, Field] = self._rule_set.fields
        below = (f"{path}.", f"{path}[].")
        return frozenset(each.class_ for name, each in fields.items() if name == path or name.startswith(below))

    def _classes_given(self, output: str) -> frozenset[FieldClass]:
        """Return the classes of everything that some rule makes an output of."""
        given = [rule.then.get(output) for rule in self._rule_set.rules]
        return self._classes_of_all([path for each in given if isinstance(each, Part) for path in each.reads])

    def _classes_of_all(self, paths: Collection[str]) -> frozenset[FieldClass]:
        return frozenset(each for path in paths for each in self._classes_of(path))
