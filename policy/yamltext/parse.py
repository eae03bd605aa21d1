"""YAML's events → nodes, guarded so that no text ends the process or takes more than linear time.

Built over the parser's events, never over its composer: libyaml's composer recurses and ends the process at
30,000 open brackets, and aliases make small texts explode. What libyaml and PyYAML's own parser both accept they
read alike; the latter also asks for quotes around `?` inside brackets, and for spaces where tabs part tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from policy.errors import Place
from policy.messages import Said
from policy.yamltext.canonical import FORBIDDEN, character_name
from policy.yamltext.collector import Collector
from policy.yamltext.misread import Misreadings
from policy.yamltext.nodes import ListNode, MapNode, Node, ScalarNode

DEEPEST = 64
"""Collections inside one another."""

MOST_NODES = 300_000
"""Scalars and collections; a text of 1 MiB made of ordinary rules has fewer than half as many."""

MOST_TOP_KEYS = 1_000
"""Keys of a document's outermost mapping; no kind of document has a tenth as many."""

MOST_SEPARATORS = 300_000
"""Commas, colons and line ends: beyond, a text is refused without being parsed, since nothing else bounds the time
of a parser. A text of 1 MiB made of ordinary rules has at most two thirds of them."""

_SEPARATORS = (",", ":", "\n")

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it, else PyYAML's own."""

_NO_CHARACTER = "invalid Unicode character escape code"
"""libyaml's words, for what PyYAML's own parser lets through."""

_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)

_HEADER = re.compile(r"[|>][-+1-9]*(?=#)")

_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Where YAML's grammar stops to hold.

    Attributes:
        problem: What the parser was doing and what it says; see `policy.yamltext.syntax` for both parsers' words.
        offset: Offset of the problem.
        line: Line of the problem, from 1.
        column: Column of the problem, from 1.
        begun: Line and column where that began, from 1; the problem's own where it does not say.
        flow: Line of the outermost bracket or brace open there; the problem's own outside of any.
        bracket: Line and column of the innermost one, from 1; None outside of any.
    """

    problem: str
    offset: int
    line: int
    column: int
    begun: tuple[int, int]
    flow: int
    bracket: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text holds.

    Attributes:
        root: Its one node; None where there is none or reading stopped.
        fault: Where YAML's grammar stopped to hold, if it did.
    """

    root: Node | None
    fault: Fault | None = None


def parse(text: str, collector: Collector, loader: Any = LOADER) -> Parsed:
    """Read the nodes of a canonical text.

    Args:
        text: Canonical text.
        collector: Takes the findings, save the grammar's fault.
        loader: PyYAML's loader class.
    """
    building = _Building(text, collector)
    if sum(map(text.count, _SEPARATORS)) > MOST_SEPARATORS:
        collector.add("too-many-nodes", collector.place(1, 1), limit=MOST_NODES)
        return Parsed(None)
    parser = loader(text)
    try:
        building.take_all(parser.get_event)
    except yaml.MarkedYAMLError as error:
        return Parsed(None, building.fault(error))
    except ValueError:  # PyYAML's own parser, at an escape beyond Unicode: `"\U00110000"`
        mark = parser.get_mark()
        return Parsed(None, building.fault(yaml.MarkedYAMLError(problem=_NO_CHARACTER, problem_mark=mark)))
    finally:
        parser.dispose()
    return Parsed(building.root)


def is_read_elsewhere(text: str) -> bool:
    """Say whether other readers of YAML, which give plain texts types by their form, take a text without complaint."""
    try:
        yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # `2026-02-30` is taken for a date
        return False
    return "\t" not in text


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; `key` waits for its value, None key for a pair left out."""

    event: Any
    is_map: bool
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: ScalarNode | None = None
    awaits_value: bool = False


class _Building:
    """Puts nodes together, event by event."""

    def __init__(self, text: str, collector: Collector) -> None:
        self.text = text
        self.collector = collector
        self.root: Node | None = None
        self.done = False
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._misread = Misreadings(text, collector)
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take_all(self, next_event: Callable[[], Any]) -> None:
        """Take the events of the text up to its end, or up to the finding that ends reading."""
        takes = self._takes
        event: Any = None
        while not self.done and type(event) is not yaml.StreamEndEvent:
            event = next_event()
            take = takes.get(type(event))
            if take is not None:
                take(event)
            if self.collector.full:
                self._stop()

    def fault(self, error: yaml.MarkedYAMLError) -> Fault:
        """Say where YAML's grammar stopped to hold."""
        at: Any = error.problem_mark or error.context_mark
        begun: Any = error.context_mark or at
        open_marks = [each.event.start_mark for each in self._open if each.event.flow_style]
        return Fault(
            problem=f"{error.context}: {error.problem}",
            offset=at.index,
            line=at.line + 1,
            column=at.column + 1,
            begun=(begun.line + 1, begun.column + 1),
            flow=(open_marks[0].line if open_marks else at.line) + 1,
            bracket=(open_marks[-1].line + 1, open_marks[-1].column + 1) if open_marks else None,
        )

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        style = event.style or ""
        finish = end.index
        if style in {"|", ">"}:
            finish = start.index + len(self.text[start.index : finish].rstrip("\n"))
            self._check_header(start)
        node = ScalarNode(event.value, style, start.index, finish, start.line + 1, start.column + 1)
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        if style == '"' and FORBIDDEN.search(event.value):
            self._refuse_escapes(event)
        self._add(node)

    def _check_header(self, start: Any) -> None:
        """Stop at a comment that touches a block scalar's indicator, as YAML has it; libyaml lets it pass."""
        header = _HEADER.match(self.text, start.index)
        if header:
            mark = yaml.Mark("", header.end(), start.line, start.column + header.end() - start.index, None, 0)
            raise yaml.MarkedYAMLError(problem="did not find expected comment or line break", problem_mark=mark)

    def _start(self, event: Any) -> None:
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event)
        if len(self._open) == DEEPEST:
            self._find("too-deep", event, limit=DEEPEST)
            self._stop()
        self._open.append(_Open(event, isinstance(event, yaml.MappingStartEvent)))

    def _end(self, event: Any) -> None:
        ended = self._open.pop()
        mark, flow = ended.event.start_mark, bool(ended.event.flow_style)
        bracketed = flow and self.text[mark.index] in "[{"  # a pair inside brackets needs no braces of its own
        node: Node
        written = None
        if not ended.is_map and bracketed:
            written = self._misread.range(ended.items, mark.index, event.end_mark.index)
        if written is not None:
            node = ScalarNode(written, '"', mark.index, event.end_mark.index, mark.line + 1, mark.column + 1)
        elif ended.is_map:
            entries = self._misread.pairs(ended.entries) if flow else ended.entries
            end = event.end_mark.index if bracketed or not entries else entries[-1][1].end
            node = MapNode(tuple(entries), flow, mark.index, end, mark.line + 1, mark.column + 1)
        else:
            if flow:
                self._misread.items(ended.items)
            end = event.end_mark.index if bracketed or not ended.items else ended.items[-1].end
            node = ListNode(tuple(ended.items), flow, mark.index, end, mark.line + 1, mark.column + 1)
        self._add(node)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        written = self.text[start.index : end.index]
        self._misread.refuse("alias", start.index, end.index)
        self._add(ScalarNode(written, '"', start.index, end.index, start.line + 1, start.column + 1))

    def _document(self, event: Any) -> None:
        self._documents += 1
        directive = _DIRECTIVE.search(self.text, 0, event.end_mark.index)
        if directive:
            line = self.text.count("\n", 0, directive.start()) + 1
            self.collector.add("directive", self.collector.place(line, 1), len(directive[0]), found=directive[0])
        if self._documents > 1:
            self._find("several-documents", event)
            self._stop()

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self.collector.add("too-many-nodes", self._place(node), limit=MOST_NODES)
            self._stop()
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.is_map and not parent.awaits_value:
            parent.key = self._key(parent, node)
            parent.awaits_value = True
            return
        if isinstance(node, ScalarNode) and not node.style:
            node = self._misread.scalar(node)
        if not parent.is_map:
            parent.items.append(node)
            return
        if parent.key is not None:
            parent.entries.append((parent.key, self._after_colon(parent.key, node)))
        parent.awaits_value = False
        if len(self._open) == 1 and len(parent.entries) == MOST_TOP_KEYS:
            self._cut(parent)

    def _cut(self, top: _Open) -> None:
        """Read no further in a document that has more keys than any kind of document: most of them are unknown."""
        mark, last = top.event.start_mark, top.entries[-1][1]
        self.done = True
        self.root = MapNode(
            tuple(top.entries),
            flow=bool(top.event.flow_style),
            start=mark.index,
            end=last.end,
            line=mark.line + 1,
            column=mark.column + 1,
        )
        self.collector.add("too-many-keys", self.collector.place(1, 1), limit=MOST_TOP_KEYS)

    def _after_colon(self, key: ScalarNode, node: Node) -> Node:
        """Return a value; where nothing is written, placed right after its key's colon, whatever the parser says."""
        if node.end > node.start:
            return node
        colon = self.text.find(":", key.end, node.start)
        if colon < 0:
            return node
        return ScalarNode("", "", colon + 1, colon + 1, key.line, key.column + colon + 1 - key.start)

    def _key(self, parent: _Open, node: Node) -> ScalarNode | None:
        """Return a key, or nothing where its pair is left out for a finding."""
        if not isinstance(node, ScalarNode):
            self.collector.add("key-not-text", self._place(node))
            return None
        values: dict[str, Said] = {"found": node.value}
        if node.value == "<<" and not node.style:
            code = "merge-key"
        elif node.value == "":
            code = "empty-key"
        elif node.value in parent.lines:
            code, values["first"] = "duplicate-key", parent.lines[node.value]
        else:
            parent.lines[node.value] = node.line
            return node
        self.collector.add(code, self._place(node), node.end - node.start, **values)
        return None

    def _refuse_properties(self, event: Any) -> None:
        """Note a tag or an anchor; a scalar that begins like one (`!= 3`) is shown in quotes."""
        code = "tag" if event.tag is not None else "anchor"
        if hasattr(event, "value"):
            self._misread.refuse(code, event.start_mark.index, event.end_mark.index)
        else:
            start = event.start_mark.index
            self._find(code, event, found=self.text[start : start + 40].split()[0])

    def _refuse_escapes(self, event: Any) -> None:
        """Note escapes that write forbidden characters; halves of pairs end reading, as libyaml has it."""
        half = _HALF.search(self.text, event.start_mark.index, event.end_mark.index)
        if half:
            line, begin = self.text.count("\n", 0, half.start()), self.text.rfind("\n", 0, half.start()) + 1
            mark = yaml.Mark("", half.start(), line, half.start() - begin, None, 0)
            raise yaml.MarkedYAMLError(problem=_NO_CHARACTER, problem_mark=mark)
        self._find("forbidden-character", event, found=character_name(FORBIDDEN.findall(event.value)[0]))

    def _find(self, code: str, event: Any, **values: Said) -> None:
        mark = event.start_mark
        self.collector.add(code, self.collector.place(mark.line + 1, mark.column + 1), 0, **values)

    def _place(self, node: Node) -> Place:
        return self.collector.place(node.line, node.column)

    def _stop(self) -> None:
        self.done = True
        self.root = None
