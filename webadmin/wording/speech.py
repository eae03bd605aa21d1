"""Says an expression in words: the same meaning, brackets where the order of reading would change it.

What has no words stays as it is written, marked as code: nothing is dropped, and nothing is said that is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from policy.analysis.reading import dotted
from policy.feel import evaluate
from policy.feel import nodes as n
from policy.feel.temporal import DateTime
from policy.feel.types import BOOLEAN
from policy.linker.reasons import PLACEHOLDER
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.reference import ReferenceTable
from policy.model.ruleset import Constant, Part, RuleSet
from policy.runtime.showing import ALL_CLASSES, Eyes, named, shown
from policy.values import Language, Text, readable
from webadmin import words
from webadmin.wording import setting
from webadmin.wording.opposites import opposite
from webadmin.wording.phrases import (
    COMPARED,
    DATED,
    DENIED,
    GREATEST,
    MEMBERS,
    NUMBERED,
    RECKONED,
    SAID,
    closed_up,
    phrase_of,
)
from webadmin.wording.simplifying import called, simplified

_OR, _AND, _TEST, _SUM, _PRODUCT, _POWER, _WHOLE = range(1, 8)
"""How tightly what is said holds together; looser things stand in brackets inside tighter ones."""

_LEVELS: Mapping[type, int] = {n.Either: _OR, n.Both: _AND, n.Negation: _PRODUCT}
_ARITHMETIC = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_WORDS = ("earned", "credited", "measure")
_DAYS = (FieldType.DATE, FieldType.DATE_TIME, FieldType.TIME)
_LOOSE = (n.Comparison, n.Between, n.In, n.If, n.Quantified, n.For, n.InstanceOf)


class Speech:
    """Says the expressions of one policy in one language.

    Args:
        rule_set: The policy; its labels are what fields are called.
        language: The reader's language.
        links: Whether the name of a derived value leads to where the page says what it is.
    """

    def __init__(self, rule_set: RuleSet, language: Language, *, links: bool = True) -> None:
        self.language = language
        self._rule_set = rule_set
        self._eyes = Eyes(rule_set, ALL_CLASSES, language)
        self._links = links
        self._events = {
            each.alias: each.type
            for pattern in rule_set.patterns
            for each in (*pattern.steps, *filter(None, (pattern.without,)))
        }
        self._text = ""
        self._subject: str | None = None
        self._is_headed = False
        self._items: frozenset[str] = frozenset()

    # --- what a document holds

    def condition(self, parts: Sequence[Part]) -> Markup:
        """Say what must be true; nothing where it always is."""
        if len(parts) == 1:
            return self.part(parts[0])
        return self.joined("and", [self.part(part, _AND) for part in parts])

    def part(self, part: Part, need: int = 0) -> Markup:
        """Say one expression or cell."""
        before = self._text, self._subject
        self._text, self._subject = part.text, part.subject
        try:
            if part.checked.type == BOOLEAN:
                return self._condition(part.checked.node, need)
            return self._within(part.checked.node, need)
        finally:
            self._text, self._subject = before

    def leaf(self, part: Part, node: n.Node, *, negative: bool) -> Markup:
        """Say one part of a condition, the other way round where it stands under `not`; a cell is one by itself."""
        if part.subject is not None:
            return self.part(part)
        before, self._text = self._text, part.text
        try:
            return self._denied(node) if negative else self._condition(node, 0)
        finally:
            self._text = before

    def cell(self, part: Part) -> Markup:
        """Say what a cell asks below the heading of its column, which names what it is about."""
        self._is_headed = True
        try:
            return self.part(part).strip()
        finally:
            self._is_headed = False

    def given(self, output: str, value: Constant | Part) -> Markup:
        """Say what a rule gives for an output."""
        return self.part(value) if isinstance(value, Part) else self.constant(output, value.value)

    def constant(self, output: str, value: Any) -> Markup:
        """Say a plain value of an output, with its unit."""
        declared = self._rule_set.outputs[output]
        of = FieldType.STRING if declared.of is None else declared.of
        field = Field(output, of, unit=declared.unit, scale=declared.scale, names=declared.names)
        return self._constant(value, field)

    def reason(self, because: Text) -> Markup:
        """Say a reason; where a value will stand, what it is called."""
        text, at, said = closed_up(because.to(self.language), self.language), 0, Markup("")
        for match in PLACEHOLDER.finditer(text):
            said += escape(text[at : match.start()]) + self.say("place", a=self.name(match.group(1).strip()))
            at = match.end()
        return said + escape(text[at:])

    def name(self, path: str) -> Markup:
        """Return what a field, an output or a derived value is called."""
        if path in self._rule_set.outputs:
            label = self._eyes.output(path)
        elif path in _WORDS and path not in self._rule_set.derived:
            label = SAID[path].to(self.language)
        else:
            label = self._eyes.label(path)
        if label != path:
            return Markup("<em>{}</em>").format(label)
        if self._links and path in self._rule_set.derived:
            return Markup('<a href="#derived-{0}"><code>{0}</code></a>').format(path)
        return self.called(path, self._beyond(path))

    def called(self, path: str, field: Field | None) -> Markup:
        """Return what a field is called; its path where it has no label."""
        if field is None or field.label is None:
            return Markup("<code>{}</code>").format(path)
        return Markup("<em>{}</em>").format(field.label.to(self.language))

    def _beyond(self, path: str) -> Field | None:
        """Return the field of all items of a list that a path goes through, or of the data of an event it names."""
        through = next((each for name, each in self._rule_set.fields.items() if name.replace("[]", "") == path), None)
        alias, _, rest = path.partition(".")
        event = self._events.get(alias)
        return through or (None if event is None or not rest else event.field(rest))

    def say(self, phrase: Text | str, /, *some: Any, **parts: Any) -> Markup:
        """Put what is said of parts into a phrase."""
        text = SAID[phrase] if isinstance(phrase, str) else phrase
        return setting.phrase(text.to(self.language), self.language, some, parts)

    def values(self, values: Sequence[Any]) -> Markup:
        """List plain values."""
        return self.joined("list", [self._constant(each, None) for each in values])

    # --- expressions

    def _within(self, node: n.Node, need: int) -> Markup:
        said = self._said(node)
        return self.say("brackets", a=said) if need and self._level(node) < need else said

    def _level(self, node: n.Node) -> int:
        if isinstance(node, n.Arithmetic):
            return _ARITHMETIC[node.sign]
        if isinstance(node, n.Tests):
            return _OR if len(node.tests) > 1 and not self._listed(node.tests) else _TEST
        if isinstance(node, n.In):
            return _OR if len(node.tests) > 1 and not self._listed(node.tests) else _TEST
        if isinstance(node, n.Call):
            return _TEST if _has_words(node) else _WHOLE
        return _TEST if isinstance(node, _LOOSE) else _LEVELS.get(type(node), _WHOLE)

    def _said(self, node: n.Node) -> Markup:
        path = dotted(node)
        if path is not None:
            return self._value(path)
        write = _WRITERS.get(type(node))
        return self._as_written(node) if write is None else write(self, node)

    def _value(self, path: str) -> Markup:
        first, _, rest = path.partition(".")
        if first in self._items:
            return self.say("item") if not rest else self._below(rest)
        of, _, last = path.rpartition(".")
        if last in MEMBERS and self._field_of(path) is None and (self._field_of(of) or of in self._rule_set.derived):
            return self.say("of", a=self._value(of), b=MEMBERS[last].to(self.language))
        return self.name(path)

    def _field_of(self, path: str) -> Field | None:
        return self._rule_set.fields.get(path) or self._beyond(path)

    def _below(self, rest: str) -> Markup:
        """Return the name of a field of an item that is only known by its last part."""
        ends = [path for path in self._rule_set.fields if path.endswith(f"[].{rest}")]
        return self.name(ends[0]) if ends else Markup("<code>{}</code>").format(rest)

    def _as_written(self, node: n.Node) -> Markup:
        return Markup("<code>{}</code>").format(" ".join(self._text[node.start : node.end].split()))

    def joined(self, by: str, parts: Iterable[Markup]) -> Markup:
        """Join what is said of parts by `and`, `or`, or as a `list`."""
        return setting.joined(SAID[by].to(self.language), self.language, parts)

    def _field(self, node: n.Node | None) -> Field | None:
        path = self._subject if isinstance(node, n.Subject) else None if node is None else dotted(node)
        if path is None:
            return None
        first, _, rest = path.partition(".")
        if first in self._items and rest:
            path = next((each for each in self._rule_set.fields if each.endswith(f"[].{rest}")), path)
        return self._eyes.field(path)

    def _literal(self, node: n.Literal) -> Markup:
        return self._constant(node.value, None)

    def _beside(self, node: n.Node, field: Field | None) -> Markup:
        """Say an operand; a number takes the unit of the field it is compared with."""
        if isinstance(node, n.Literal) and node.value is not None:
            return self._constant(node.value, field)
        if isinstance(node, n.Negation) and isinstance(node.operand, n.Literal):
            return self.say("minus", a=self._beside(node.operand, field))
        return self._within(node, _SUM)

    def _constant(self, value: Any, field: Field | None) -> Markup:
        if isinstance(value, list | tuple):
            items = [self._constant(each, field) for each in value]
            return self.joined("list", items) if items else self.say("nothing")
        if isinstance(value, dict):
            entries = [self.say("named", a=key, b=self._constant(each, None)) for key, each in value.items()]
            return self.joined("list", entries)
        return Markup("<b>{}</b>").format(self._plain(value, field))

    def _plain(self, value: Any, field: Field | None) -> Markup | str:
        if value is None:
            return self.say("no-value")
        if isinstance(value, bool):
            return self.say("true" if value else "false")
        if isinstance(value, Decimal):
            return self._number(value, field)
        known = value if field is None else named(value, field.names, self.language)
        return self.say("quoted", a="") if value == "" else shown(known, self.language)

    def _number(self, value: Decimal, field: Field | None) -> Markup | str:
        if field is None:
            return readable(value)
        if field.unit is not None and "." not in field.unit:
            return self.say("unit", a=readable(value), b=words.UNITS.get(field.unit, field.unit))
        return self.say("percent", a=readable(value * 100)) if field.is_share else readable(value)

    def _subject_said(self, _: n.Subject) -> Markup:
        return self.name(self._subject or "?")

    def _member(self, node: n.Path) -> Markup:
        table = self._looked_up(node.source)
        column = None if table is None else table.columns.get(node.name)
        label = None if column is None else column.label
        called: Markup | str = Markup("<code>{}</code>").format(node.name)
        if label is not None:
            called = Markup("<em>{}</em>").format(label.to(self.language))
        elif table is None and node.name in MEMBERS:
            called = MEMBERS[node.name].to(self.language)
        return self.say("of", a=self._within(node.source, _WHOLE), b=called)

    def _all(self, node: n.Both) -> Markup:
        return self.joined("and", [self._condition(each, _AND + 1) for each in node.parts])

    def _any(self, node: n.Either) -> Markup:
        return self.joined("or", [self._condition(each, _AND + 1) for each in node.parts])

    def _condition(self, node: n.Node, need: int) -> Markup:
        """Say a part that must be true: of a yes-or-no value alone that it is so."""
        path = dotted(node)
        field = self._field(node)
        if path is not None and (field is None or field.type is FieldType.BOOLEAN):
            return self.say("yes", a=self._value(path))
        return self._within(node, need)

    def _denied(self, operand: n.Node) -> Markup:
        if (path := dotted(operand)) is not None:
            return self.say("no", a=self._value(path))
        if (other := opposite(operand)) is not None:
            return self._within(other, 0)
        if isinstance(operand, n.Call) and (asks := f"{called(operand)}/{len(operand.arguments)}") in DENIED:
            return self.say(DENIED[asks], *(self._within(each, _WHOLE) for each in operand.arguments))
        return self.say("not", a=self._within(operand, _TEST if isinstance(operand, n.Both | n.Either) else 0))

    def _minus(self, node: n.Negation) -> Markup:
        return self.say("minus", a=self._within(node.operand, _POWER))

    def _arithmetic(self, node: n.Arithmetic) -> Markup:
        level = _ARITHMETIC[node.sign]
        right = level if node.sign in "+*" else level + 1
        return self.say(RECKONED[node.sign], a=self._within(node.left, level), b=self._within(node.right, right))

    def _comparison(self, node: n.Comparison) -> Markup:
        sign, left, right = node.sign, node.left, node.right
        if isinstance(left, n.Literal) and not isinstance(right, n.Literal):
            sign, left, right = _FLIPPED[sign], right, left  # type: ignore[assignment]
        return self._compared(self._within(left, _SUM), self._field(left), sign, right)

    def _compared(self, said: Markup, field: Field | None, sign: str, right: n.Node) -> Markup:
        """Say how something compares with an operand."""
        value = right.value if isinstance(right, n.Literal) else ...
        if value is None and sign in ("=", "!="):
            return self.say("missing" if sign == "=" else "given", a=said)
        if isinstance(value, bool) and sign in ("=", "!="):
            return self.say("yes" if value is (sign == "=") else "no", a=said)
        other = self._field(right)
        known = field or other
        dated = isinstance(value, date | DateTime) or (known is not None and known.type in _DAYS)
        numbered = isinstance(value, Decimal) or (known is not None and known.type is FieldType.NUMBER)
        table = DATED if dated else NUMBERED if numbered else {}
        return self.say(table.get(sign, COMPARED[sign]), a=said, b=self._beside(right, field))

    def _between(self, node: n.Between) -> Markup:
        field = self._field(node.value)
        low, high = self._beside(node.low, field), self._beside(node.high, field)
        return self.say("between", a=self._within(node.value, _SUM), b=low, c=high)

    def _in(self, node: n.In) -> Markup:
        return self._tested(self._within(node.value, _SUM), self._field(node.value), node.tests)

    def _cell(self, node: n.Tests) -> Markup:
        said = Markup("") if self._is_headed else self.name(self._subject or "?")
        field = self._field(n.Subject(0, 0))
        if not node.tests:
            return self.say("any", a=said)
        if not node.negated:
            return self._tested(said, field, node.tests)
        if self._listed(node.tests) and len(node.tests) > 1:
            return self.say("none-of", a=said, b=self._alternatives(node.tests, field))
        return self.say("not", a=self._tested(said, field, node.tests))

    def _listed(self, tests: Sequence[n.Node]) -> bool:
        """Say whether tests are plain values, which are named one after the other."""
        return all(isinstance(each, n.Literal) and each.value is not None for each in tests)

    def _alternatives(self, tests: Sequence[n.Node], field: Field | None) -> Markup:
        return self.joined("list", [self._beside(each, field) for each in tests])

    def _tested(self, said: Markup, field: Field | None, tests: Sequence[n.Node]) -> Markup:
        if len(tests) == 1 and isinstance(tests[0], n.ListLiteral) and tests[0].items:
            tests = tests[0].items
        if self._listed(tests) and len(tests) > 1:
            return self.say("one-of", a=said, b=self._alternatives(tests, field))
        return self.joined("or", [self._test(said, field, each).strip() for each in tests])

    def _test(self, said: Markup, field: Field | None, test: n.Node) -> Markup:
        if isinstance(test, n.UnaryTest):
            return self._compared(said, field, test.sign, test.operand)
        if isinstance(test, n.Range):
            return self.say("in-range", a=said, b=self._range(test, field))
        if isinstance(test, n.Literal | n.Negation):
            return self._compared(said, field, "=", test)
        if any(isinstance(each, n.Subject) for each in n.walk(test)):
            return self._within(test, _AND)
        path = dotted(test)
        if path is not None:
            other = self._field(test)
            is_list = other is not None and other.type is FieldType.LIST
            return self.say("within" if is_list else COMPARED["="], a=said, b=self._value(path))
        return self.say("within", a=said, b=self._within(test, _SUM))

    def _range(self, node: n.Range, field: Field | None = None) -> Markup:
        ends = [self.say("included" if each else "excluded") for each in (node.low_included, node.high_included)]
        low, high = self._beside(node.low, field), self._beside(node.high, field)
        return self.say("range", a=low, b=high, p=ends[0], q=ends[1])

    def _list(self, node: n.ListLiteral) -> Markup:
        if not node.items:
            return self.say("empty")
        return self.say("brackets", a=self.joined("list", [self._within(each, _SUM) for each in node.items]))

    def _if(self, node: n.If) -> Markup:
        test = self._condition(node.test, 0)
        return self.say("if", a=test, b=self._within(node.yes, _SUM), c=self._within(node.no, _SUM))

    def _filter(self, node: n.Filter) -> Markup:
        source = self._within(node.source, _WHOLE)
        if isinstance(node.test, n.Literal) and isinstance(node.test.value, Decimal):
            return self.say("at", a=source, b=readable(node.test.value))
        if isinstance(node.test, n.Negation) and isinstance(node.test.operand, n.Literal):
            return self.say("at-end", a=source, b=self._constant(node.test.operand.value, None))
        return self.say("where", a=source, b=self._of_item(frozenset({"item"}), lambda: self._within(node.test, _TEST)))

    def _of_item(self, names: frozenset[str], say: Callable[[], Markup]) -> Markup:
        before, self._items = self._items, self._items | names
        try:
            return say()
        finally:
            self._items = before

    def _loop(self, each: n.Each) -> Markup:
        source = self._within(each.source, _WHOLE)
        return source if each.to is None else self.say("to", a=source, b=self._within(each.to, _WHOLE))

    def _quantified(self, node: n.Quantified) -> Markup:
        return self._over("every" if node.every else "some", node, node.each, node.test)

    def _for(self, node: n.For) -> Markup:
        return self._over("for", node, node.each, node.result)

    def _over(self, phrase: str, node: n.Node, loops: tuple[n.Each, ...], below: n.Node) -> Markup:
        if len(loops) > 1:
            return self._as_written(node)
        said = self._of_item(frozenset({loops[0].name}), lambda: self._within(below, _TEST))
        return self.say(phrase, a=self._loop(loops[0]), b=said)

    def _call(self, node: n.Call) -> Markup:
        node = simplified(node)
        name, count = called(node), len(node.arguments)
        if node.names is not None or name is None:
            return self._as_written(node)
        if name == "not" and count == 1:
            return self._denied(node.arguments[0])
        return self._function(node, name, count)

    def _function(self, node: n.Call, name: str, count: int) -> Markup:
        if name in ("today", "now") and not count:
            return self.say(name)
        if name in ("date", "duration", "time", "date and time") and count == 1 and _is_text(node.arguments[0]):
            return self._temporal(node)
        phrase = phrase_of(name, count)
        said = [self._within(each, _SUM if phrase is None else _WHOLE) for each in node.arguments]
        if name == "lookup" and count > 1:
            return self.say("lookup", a=self._table(node.arguments[0]), b=self.joined("list", said[1:]))
        if name in GREATEST and said:
            return self.say(GREATEST[name], a=self.joined("list", said))
        if phrase is not None:
            return self.say(phrase, *said)
        return self.say("call", a=Markup("<code>{}</code>").format(name), b=self.joined("list", said))

    def _looked_up(self, node: n.Node) -> ReferenceTable | None:
        """Return the table that is looked up, where a node looks one up."""
        if not isinstance(node, n.Call) or called(node) != "lookup" or not node.arguments:
            return None
        return self._referred(node.arguments[0])

    def _referred(self, node: n.Node) -> ReferenceTable | None:
        name = node.value if isinstance(node, n.Literal) else None
        return self._rule_set.references.get(name) if isinstance(name, str) else None

    def _table(self, node: n.Node) -> Markup | str:
        table = self._referred(node)
        return self._as_written(node) if table is None else table.title.to(self.language)

    def _temporal(self, node: n.Call) -> Markup:
        value = evaluate(self._text[node.start : node.end], {})
        return self._as_written(node) if value is None else self._constant(value, None)


def _has_words(node: n.Call) -> bool:
    name = called(node)
    return name is not None and (name in GREATEST or name == "not" or phrase_of(name, len(node.arguments)) is not None)


def _is_text(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and isinstance(node.value, str)


_WRITERS: Mapping[type, Callable[[Speech, Any], Markup]] = {
    n.Literal: Speech._literal,  # noqa: SLF001
    n.Subject: Speech._subject_said,  # noqa: SLF001
    n.Path: Speech._member,  # noqa: SLF001
    n.Filter: Speech._filter,  # noqa: SLF001
    n.Call: Speech._call,  # noqa: SLF001
    n.Negation: Speech._minus,  # noqa: SLF001
    n.Arithmetic: Speech._arithmetic,  # noqa: SLF001
    n.Comparison: Speech._comparison,  # noqa: SLF001
    n.Both: Speech._all,  # noqa: SLF001
    n.Either: Speech._any,  # noqa: SLF001
    n.If: Speech._if,  # noqa: SLF001
    n.Between: Speech._between,  # noqa: SLF001
    n.In: Speech._in,  # noqa: SLF001
    n.Tests: Speech._cell,  # noqa: SLF001
    n.Range: Speech._range,  # noqa: SLF001
    n.ListLiteral: Speech._list,  # noqa: SLF001
    n.For: Speech._for,  # noqa: SLF001
    n.Quantified: Speech._quantified,  # noqa: SLF001
}
"""How each kind of node is said; all others stay as they are written."""
