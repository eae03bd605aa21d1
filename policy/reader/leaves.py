"""Nodes → values that hold no other shape: texts, ids, numbers, dates, expressions, and values as written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from policy.errors import Place
from policy.messages import Said
from policy.model.document import Kind
from policy.model.written import Cells, Entries, Entry, Expression, Items, Raw, Scalar
from policy.reader.scalars import (
    as_event_name,
    as_id,
    day,
    digits,
    is_duration,
    is_event_name,
    is_id,
    is_number,
    is_path,
)
from policy.reader.shapes import Key, Leaf
from policy.values import DIGITS, Language, Text
from policy.yamltext import Composed, ListNode, MapNode, Node, ScalarNode, marks

_EXPECTED: Mapping[Leaf, Text] = {
    Leaf.TEXT: Text(zh="文本，或 {zh: …, en: …}", en="a text, or {zh: …, en: …}"),
    Leaf.STRING: Text(zh="文本", en="a text"),
    Leaf.ID: Text(zh="标识（id）", en="an id"),
    Leaf.POLICY_ID: Text(zh="<类别>.<名称>", en="<kind>.<name>"),
    Leaf.PATH: Text(zh="以点连接的名称", en="names joined by dots"),
    Leaf.EVENT: Text(zh="事件类型，例如 customer_lost", en="a type of event such as customer_lost"),
    Leaf.DURATION: Text(zh="时长，例如 P7D", en="a duration such as P7D"),
    Leaf.INTEGER: Text(zh="整数", en="a whole number"),
    Leaf.NUMBER: Text(zh="数字", en="a number"),
    Leaf.BOOLEAN: Text(zh="true 或 false", en="true or false"),
    Leaf.DATE: Text(zh="日期，例如 2026-03-01", en="a date such as 2026-03-01"),
    Leaf.EXPRESSION: Text(zh="FEEL 表达式", en="a FEEL expression"),
    Leaf.CONDITION: Text(zh="FEEL 表达式，或“字段: 单元格”的映射", en="a FEEL expression, or a mapping field: cell"),
    Leaf.RAW: Text(zh="值", en="a value"),
    Leaf.ENTRIES: Text(zh="映射（键: 值）", en="a mapping (key: value)"),
}

_LONGEST_SHOWN = 60
_MOST_INTEGER_DIGITS = 9


class Leaves:
    """Reads single values of one text, and notes what is wrong with them; a value that fails is None."""

    def __init__(self, composed: Composed) -> None:
        self._text = composed.text
        self._collector = composed.collector

    def place(self, node: Node) -> Place:
        """Return where a node begins."""
        return self._collector.place(node.line, node.column)

    @property
    def full(self) -> bool:
        """Say whether more errors would no longer be listed."""
        return self._collector.full

    def near(self, found: str, known: Iterable[str]) -> dict[str, Said]:
        """Return `{"suggestion": name}` with the known name nearest to `found`, or nothing."""
        return self._collector.near(found, known)

    def find(self, code: str, node: Node, **values: Said) -> None:
        """Note a finding at a node."""
        one_line = isinstance(node, ScalarNode) and "\n" not in self._text[node.start : node.end]
        self._collector.add(code, self.place(node), node.end - node.start if one_line else 0, **values)

    def wrong(self, expected: Text, node: Node) -> None:
        """Note that a node has another shape than is expected."""
        self.find("wrong-shape", node, found=_described(node), expected=expected)

    def null(self, node: ScalarNode) -> None:
        """Note YAML's null, or that nothing stands where a value should."""
        if node.value:
            self.find("null-value", node, found=node.value)
        else:
            self.find("no-value", node)

    def read(self, leaf: Leaf, node: Node, key: Key | None = None) -> Any:
        """Return the value of a node that is not null.

        Args:
            leaf: What is expected.
            node: What stands there.
            key: The key it stands under, with its bounds.
        """
        if isinstance(node, ScalarNode) and leaf not in {Leaf.RAW, Leaf.ENTRIES}:
            return self._scalar(leaf, node, key)
        match leaf:
            case Leaf.RAW:
                return self.raw(node)
            case Leaf.TEXT if isinstance(node, MapNode):
                return self._languages(node)
            case Leaf.CONDITION if isinstance(node, MapNode):
                return self._cells(node)
            case Leaf.ENTRIES if isinstance(node, MapNode):
                return self.raw(node)
        self.wrong(_EXPECTED[leaf], node)
        return None

    def expression(self, node: Node) -> Expression | None:
        """Return FEEL text; a plain number or boolean is FEEL as written."""
        if not isinstance(node, ScalarNode):
            self.wrong(_EXPECTED[Leaf.EXPRESSION], node)
            return None
        text = self._filled(node)
        return None if text is None else Expression(text, marks(self._collector.name, self._text, node))

    def raw(self, node: Node) -> Raw | None:
        """Return a value as written; nulls inside are findings."""
        match node:
            case ScalarNode():
                if node.is_null:
                    self.null(node)
                    return None
                return Scalar(node.value, not node.style, marks(self._collector.name, self._text, node))
            case ListNode():
                items = tuple(map(self.raw, node.items))
                return Items(tuple(each for each in items if each is not None), self.place(node))
            case MapNode():
                return Entries(self._entries(node), self.place(node))

    def _entries(self, node: MapNode) -> tuple[Entry, ...]:
        entries = [(name, self.raw(value)) for name, value in node.entries]
        return tuple(Entry(name.value, self.place(name), value) for name, value in entries if value is not None)

    def _cells(self, node: MapNode) -> Cells:
        for name, _ in node.entries:
            self._scalar(Leaf.PATH, name, None)
        return Cells(self._entries(node), self.place(node))

    def _languages(self, node: MapNode) -> Text | None:
        texts: dict[str, str | None] = {}
        known = tuple(map(str, Language))
        for name, value in node.entries:
            if name.value not in known:
                self.find("unknown-key", name, found=name.value, expected=known, **self.near(name.value, known))
            elif isinstance(value, ScalarNode):
                texts[name.value] = self._filled(value)
            else:
                self.wrong(_EXPECTED[Leaf.STRING], value)
        for language in known:
            if node.get(language) is None:
                self.find("missing-key", node, expected=language)
        zh, en = texts.get("zh"), texts.get("en")
        return Text(zh=zh, en=en) if zh and en else None

    def _filled(self, node: ScalarNode) -> str | None:
        if node.is_null:
            self.null(node)
            return None
        if node.value.strip():
            return node.value
        self.find("empty-text", node)
        return None

    def _scalar(self, leaf: Leaf, node: ScalarNode, key: Key | None) -> Any:
        match leaf:
            case Leaf.TEXT:
                text = self._filled(node)
                return None if text is None else Text(zh=text, en=text)
            case Leaf.STRING:
                return self._filled(node)
            case Leaf.EXPRESSION | Leaf.CONDITION:
                return self.expression(node)
            case Leaf.INTEGER | Leaf.NUMBER:
                return self._number(node, key, whole=leaf is Leaf.INTEGER)
            case _:
                return self._form(leaf, node)

    def _form(self, leaf: Leaf, node: ScalarNode) -> Any:
        if leaf is Leaf.POLICY_ID:
            return self._policy_id(node)
        value = _VALUES[leaf](node)
        if value is None:
            near = _NEAREST[leaf](node.value) if leaf in _NEAREST else ""
            self.find(_CODES[leaf], node, found=_shown(node.value), **({"suggestion": near} if near else {}))
        return value

    def _policy_id(self, node: ScalarNode) -> str | None:
        kind, _, name = node.value.partition(".")
        kinds = tuple(map(str, Kind))
        if not is_id(name):
            self.find("wrong-policy-id", node, found=_shown(node.value))
        elif kind not in kinds:
            self.find("unknown-kind", node, found=kind, expected=kinds, **self.near(kind, kinds))
        else:
            return node.value
        return None

    def _number(self, node: ScalarNode, key: Key | None, *, whole: bool) -> Decimal | int | None:
        text = node.value
        least = key.least if key and key.least is not None else (0 if whole else None)
        most = key.most if key else None
        if node.style or not is_number(text) or (whole and not _is_whole(text)):
            self.find("wrong-whole-number" if whole else "wrong-number", node, found=_shown(text))
        elif digits(text) > DIGITS:
            self.find("too-many-digits", node, found=digits(text), limit=DIGITS)
        elif least is not None and Decimal(text) < least:
            self.find("too-small", node, found=text, expected=least)
        elif most is not None and Decimal(text) > most:
            self.find("too-great", node, found=text, expected=most)
        else:
            return int(text) if whole else Decimal(text)
        return None


def _boolean(node: ScalarNode) -> bool | None:
    return node.value == "true" if not node.style and node.value in {"true", "false"} else None


_VALUES: Mapping[Leaf, Callable[[ScalarNode], Any]] = {
    Leaf.ID: lambda node: node.value if is_id(node.value) else None,
    Leaf.PATH: lambda node: node.value if is_path(node.value) else None,
    Leaf.EVENT: lambda node: node.value if is_event_name(node.value) else None,
    Leaf.DURATION: lambda node: node.value if is_duration(node.value) else None,
    Leaf.DATE: lambda node: day(node.value),
    Leaf.BOOLEAN: _boolean,
}

_CODES: Mapping[Leaf, str] = {
    Leaf.ID: "wrong-id",
    Leaf.PATH: "wrong-path",
    Leaf.EVENT: "wrong-event-name",
    Leaf.DURATION: "wrong-duration",
    Leaf.DATE: "wrong-date",
    Leaf.BOOLEAN: "wrong-boolean",
}

_NEAREST: Mapping[Leaf, Callable[[str], str]] = {Leaf.ID: as_id, Leaf.EVENT: as_event_name}
"""How a text is made into what was probably meant."""


def _is_whole(text: str) -> bool:
    return "." not in text and len(text.lstrip("-")) <= _MOST_INTEGER_DIGITS


def _described(node: Node) -> Text:
    """Say in a few words what stands at a node."""
    match node:
        case ScalarNode():
            return Text(zh=f"`{_shown(node.value)}`", en=f"`{_shown(node.value)}`")
        case ListNode():
            return Text(zh="列表", en="a list")
        case MapNode():
            return Text(zh="映射（键: 值）", en="a mapping (key: value)")


def _shown(text: str) -> str:
    """Shorten a text that is named in a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
