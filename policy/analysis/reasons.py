"""Reasons that name a number which nothing of their rule has: the rule was changed, and its reason still says 60 days.

What a rule has are the numbers of its condition and its outcome, of what these are worked out from (derived values,
reference tables, names and defaults of fields), of the stages or measures it gives, and of what other rules test: of
the same field where they count before it (`the rest, up to 30 days`), of another where they give the same (`approved
like a service above 20,000`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from policy.analysis.amounts import Amount, Worth, amounts, exact
from policy.analysis.boxes import Budget, TooManyError
from policy.analysis.reading import constant, dotted, fields_of
from policy.analysis.rules import given_outputs, outcome, rank
from policy.analysis.saying import both
from policy.errors import Finding, Place
from policy.feel import nodes as n
from policy.feel.temporal import DaysDuration, MonthsDuration, read_duration
from policy.kinds.scorecard import Grades
from policy.linker.reasons import PLACEHOLDER, placeholders
from policy.messages import Said
from policy.model.document import FieldType, HitPolicy
from policy.model.fields import Field
from policy.model.ruleset import Constant, Part, Question, Rule, RuleSet
from policy.model.written import Expression, Marks, Scalar
from policy.values import NUMBERS, Text, readable

_TOLD = 6
"""Numbers of a rule that are told beside one it does not have."""

_STEPS = 200_000
"""Rules that are looked at beside the one whose reason names an unknown number."""


def reasons(rule_set: RuleSet) -> Iterator[Finding]:
    """Yield a finding for every reason that names numbers its rule does not have."""
    knows = _Numbers(rule_set)
    for at, rule in enumerate(rule_set.rules):
        try:
            unknown = _unknown(rule.because, knows, at)
        except TooManyError:
            yield Finding("analysis-bounded", rule_set.document.places["rules"], {"name": both("box-of-reasons")})
            return
        if unknown is not None:
            place = rule_set.document.rules[at].places.get("because", rule.place)
            values: dict[str, Said] = {"name": rule.id, "found": unknown}
            values |= {"expected": knows.told(rule), "example": f"{{{knows.shown(at)}}}"}
            yield Finding("reason-number", place, values)


def _unknown(because: Text | None, knows: _Numbers, at: int) -> Text | None:
    """Return the numbers of a reason that its rule does not have, as either language names them; None for none."""
    texts = () if because is None else (because.zh, because.en)
    named = [amounts(PLACEHOLDER.sub(" ", each)) for each in texts]
    for known in (knows.own, knows.around):  # what others test is looked at only where it is needed
        if any(named):
            numbers = known(at)
            named = [[each for each in below if numbers.isdisjoint(each.worth)] for below in named]
    if not any(named):
        return None
    zh, en = named
    return Text(_listed(zh or en, "、"), _listed(en or zh, ", "))


def _listed(found: Sequence[Amount], comma: str) -> str:
    return comma.join(f"`{each.text}`" for each in found)


class _Numbers:
    """The numbers of a policy, by where they stand."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._rule_set = rule_set
        self._fields = fields_of(rule_set)
        self._parts = [list(_conjuncts(rule.when)) for rule in rule_set.rules]
        self._budget = Budget(_STEPS)

    def own(self, at: int) -> set[Worth]:
        """Return the numbers a rule has itself, without signs."""
        rule = self._rule_set.rules[at]
        return {*self._of_rule(rule), *self._of_paths(self._paths(at) | _read(rule.then.values()), set())}

    def around(self, at: int) -> set[Worth]:
        """Return the numbers of other rules that its reason may name.

        Raises:
            TooManyError: too many rules were looked at.
        """
        paths, before = self._paths(at), self._before(at)
        found: set[Worth] = set()
        for other, parts in enumerate(self._parts):
            self._budget.spend(1)
            is_alike = not paths or self._outcomes[other] == self._outcomes[at]
            for node, below in parts if other != at else ():
                if is_alike if paths.isdisjoint(below) else other in before:
                    found |= set(_of_node(node))
        return found

    def _paths(self, at: int) -> set[str]:
        return {path for _, below in self._parts[at] for path in below}

    @cached_property
    def _outcomes(self) -> list[tuple[object, ...]]:
        return [outcome(rule) for rule in self._rule_set.rules]

    def _before(self, at: int) -> Collection[int]:
        """Return the rules that count before one: it holds of what they leave."""
        if self._rule_set.hit_policy is HitPolicy.FIRST:
            return range(at)
        if self._rule_set.hit_policy is not HitPolicy.PRIORITY or self._ranks[at] is None:
            return ()
        own = self._ranks[at] or ()
        return {other for other, each in enumerate(self._ranks) if each is not None and each < own}

    @cached_property
    def _ranks(self) -> list[tuple[int, ...] | None]:
        outputs = given_outputs(self._rule_set)
        return [rank(rule, outputs) for rule in self._rule_set.rules]

    def told(self, rule: Rule) -> Text:
        """Say which numbers stand in a rule itself."""
        found = list(dict.fromkeys(self._said(rule)))[:_TOLD]
        if not found:
            return both("box-no-numbers")
        values = Text("、".join(each.zh for each in found), ", ".join(each.en for each in found))
        return both("box-numbers", values=values)

    def shown(self, at: int) -> str:
        """Return a path whose value a reason could show: of a number the rule looks at, or what it is about.

        One that the reason shows already comes first: it is what the number is said of.
        """
        because = self._rule_set.rules[at].because
        shows = set() if because is None else set(placeholders(because))
        read = sorted(path for _, below in self._parts[at] for path in below if path in self._fields)
        numbers = [path for path in read if self._fields[path].type is FieldType.NUMBER]
        return next(
            iter([*sorted(numbers, key=lambda path: path not in shows), *read]), self._rule_set.document.subject.id
        )

    def _said(self, rule: Rule) -> Iterator[Text]:
        for node, paths in _conjuncts(rule.when):
            is_share = any(of.is_share for path in paths if (of := self._fields.get(path)) is not None)
            for each in _literals(node):
                yield from _in_words(each, is_share=is_share)
        for given in rule.then.values():
            values = [given.value] if isinstance(given, Constant) else _literals(given.checked.node)
            for each in values:
                yield from _in_words(each, is_share=False)

    def _of_rule(self, rule: Rule) -> Iterator[Worth]:
        for part in rule.when:
            yield from _of_node(part.checked.node)
            yield from self._looked_up(part.checked.node)
        for name, given in rule.then.items():
            if isinstance(given, Constant):
                yield from self._of_given(name, given.value)
            else:
                yield from _of_node(given.checked.node)
                yield from self._looked_up(given.checked.node)

    def _of_given(self, name: str, value: Any) -> Iterator[Worth]:
        """Yield the numbers of a literal outcome: itself, how many it lists, what they are called, their rows."""
        output = self._rule_set.outputs[name]
        items = value if isinstance(value, list | tuple) else (value,)
        if len(items) > 1:
            yield Decimal(len(items))
        yield from _of_value(output.default)
        for each in items:
            yield from _of_value(each)
            if each in output.names:
                yield from _of_text(output.names[each])
        rows = getattr(self._rule_set.document.section, output.section, ()) if output.section is not None else ()
        for row in rows:
            if getattr(row, "id", None) in items:
                yield from _of_row(row)

    def _of_paths(self, paths: Iterable[str], seen: set[str]) -> Iterator[Worth]:
        """Yield the numbers of fields and of what is worked out, down to what it is worked out from."""
        for path in paths:
            if path in seen:
                continue
            seen.add(path)
            yield from _amounts_in(path.replace("_", " "))
            made = next((each for name, each in self._rule_set.derived.items() if _is_below(path, name)), None)
            if isinstance(made, Part):
                yield from _of_node(made.checked.node)
                yield from self._looked_up(made.checked.node)
                yield from self._of_paths(made.reads, seen)
            elif isinstance(made, Question):
                yield from _of_grades(self._rule_set.asked[made.policy])
            if path in self._fields:
                yield from _of_field(self._fields[path])

    def _looked_up(self, node: n.Node) -> Iterator[Worth]:
        """Yield the numbers of every table an expression reads."""
        for each in n.walk(node):
            if isinstance(each, n.Literal) and isinstance(each.value, str):
                table = self._rule_set.references.get(each.value)
                for rows in table.rows.values() if table is not None else ():
                    for _, _, cells in rows:
                        for value in cells.values():
                            yield from _of_value(value)


def _is_below(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def _conjuncts(parts: Iterable[Part]) -> Iterator[tuple[n.Node, frozenset[str]]]:
    """Yield the parts that must all hold, each with the paths it reads."""
    for part in parts:
        node = part.checked.node
        for each in node.parts if isinstance(node, n.Both) else (node,):
            yield each, _paths(each, part)


def _paths(node: n.Node, part: Part) -> frozenset[str]:
    named = {path for each in n.walk(node) if (path := dotted(each)) is not None}
    found = {path for path in part.reads if any(_is_below(path, each) for each in named)}
    return frozenset(found | ({part.subject} if part.subject is not None else set()))


def _read(given: Iterable[Constant | Part]) -> set[str]:
    return {path for each in given if isinstance(each, Part) for path in each.reads}


def _literals(node: n.Node) -> Iterator[Any]:
    """Yield the constants of an expression: sums of them as one, durations as such."""
    known = constant(node)
    if known is not None:
        yield known
    if isinstance(node, n.Literal) and isinstance(node.value, DaysDuration | MonthsDuration):
        yield node.value
    if known is None or not isinstance(node, n.Negation):
        for child in n.children(node):
            yield from _literals(child)


def _of_node(node: n.Node) -> Iterator[Worth]:
    for each in _literals(node):
        yield from _of_value(each)


def _of_value(value: Any) -> Iterator[Worth]:
    """Yield the number or the span of time a value is, or those its text names."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | Decimal):
        yield exact(Decimal(value))
    elif isinstance(value, DaysDuration):
        yield DaysDuration(abs(value.nanos))
    elif isinstance(value, MonthsDuration):
        yield MonthsDuration(abs(value.months))
    elif isinstance(value, str):
        lasting = read_duration(value)
        yield from _amounts_in(value) if lasting is None else _of_value(lasting)


def _amounts_in(text: str) -> Iterator[Worth]:
    """Yield every number a text may name."""
    for each in amounts(text):
        yield from each.worth


def _of_text(text: Text | None) -> Iterator[Worth]:
    for each in () if text is None else (text.zh, text.en):
        yield from _amounts_in(each)


def _of_field(of: Field) -> Iterator[Worth]:
    yield from _of_value(of.default)
    for text in (of.label, *of.names.values()):
        yield from _of_text(text)


def _of_grades(asked: RuleSet) -> Iterator[Worth]:
    grades = getattr(asked.document.section, "grades", None)
    for row in grades.rows if isinstance(grades, Grades) else ():
        yield exact(row.from_)


def _of_row(row: Any) -> Iterator[Worth]:
    """Yield the numbers of a stage or a measure."""
    if isinstance(row, Expression | Scalar):
        yield from _amounts_in(row.text)
    elif isinstance(row, Text):
        yield from _of_text(row)
    elif isinstance(row, tuple):
        for each in row:
            yield from _of_row(each)
    elif isinstance(row, Place | Marks | Mapping):
        return
    elif is_dataclass(row):
        for each in fields(row):
            yield from _of_row(getattr(row, each.name))
    elif row != 1:  # one approver and one piece of evidence are what is taken where nothing is said
        yield from _of_value(row)


def _in_words(value: Any, *, is_share: bool) -> Iterator[Text]:
    if isinstance(value, Decimal):
        text = f"{readable(NUMBERS.scaleb(value, 2))}%" if is_share else readable(value)
        yield Text(f"`{text}`", f"`{text}`")
    elif isinstance(value, DaysDuration | MonthsDuration):
        yield Text(f"`{value}`", f"`{value}`")
    elif isinstance(value, str) and (lasting := read_duration(value)) is not None:
        yield from _in_words(lasting, is_share=False)
