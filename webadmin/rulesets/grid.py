"""The rules as a grid to be typed into: every cell with what may stand there, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from policy.errors import Finding, Grade
from policy.model.document import FieldType, PolicyDocument, RuleItem
from policy.model.fields import Field
from policy.model.written import Cells, Expression, Raw
from policy.values import Language, Text
from webadmin.library import Look
from webadmin.rulesets import service, shares, table, typed
from webadmin.rulesets.editing import ANY, MOST, Change, reason_cells, written
from webadmin.rulesets.known import Giving, Known, known
from webadmin.rulesets.refusing import Refused
from webadmin.rulesets.saidgrid import Words
from webadmin.rulesets.sound import placed

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_UNREAD = ("feel-unexpected", "feel-unexpected-end", "feel-unknown-character")
_NUMERAL = re.compile(r"^[^.]*[\d零一二两三四五六七八九十百千万亿][^.]*$")


@dataclass(frozen=True, slots=True)
class Box:
    """One cell.

    Attributes:
        name: `cell`, `when`, `then`, `because`, or `row` in a reference table: what a change of it is called.
        part: Of what: path of the field, name of the output or column, or language.
        value: What stands there, as the document has it.
        choices: What may be chosen, each with what people call it; empty: anything may be typed.
        shape: `number`, `date`, `text`, `choice` for one of the choices, or `choices` where several may stand.
        unit: Of a number; None for none.
        findings: What is wrong there.
        missed: What was typed here and not taken.
        names: What people call values that may stand there besides the choices.
        words: What stands there in words; None where it is to be shown as it is written, or has no words.
        read: How what was typed here was read, where that is written otherwise; None for nothing to say.
        is_unread: Whether it is to compare a number or a day, and is neither words for that nor FEEL.
        copied: Of an empty cell of a reason: the text of the other language, which stands for both.
        meant: The two readings where a share was typed as a number of per cent: `> 8%` for `> 8`.
    """

    name: str
    part: str
    value: str
    choices: tuple[tuple[str, Text | None], ...] = ()
    shape: str = "text"
    unit: str | None = None
    findings: tuple[Finding, ...] = ()
    missed: Refused | None = None
    names: Mapping[str, Text] = field(default_factory=dict)
    words: Markup | None = None
    read: str | None = None
    is_unread: bool = False
    meant: shares.Doubt | None = None
    copied: str = ""

    @property
    def called(self) -> tuple[Text, ...]:
        """Return what people call the values that stand there; nothing where one has no name, or a choice shows it."""
        names = {**self.names, **dict(self.choices)}
        found = [name for each in self.value.split(", ") if (name := names.get(each)) is not None]
        is_shown = self.shape in ("flag", "choice")
        return () if is_shown or len(found) < len(self.value.split(", ")) else tuple(found)

    @property
    def is_day(self) -> bool:
        """Say whether a picker of days can show what stands there: what a rule gives, a day or nothing."""
        return self.shape == "date" and self.name == "then" and bool(not self.value or _DAY.fullmatch(self.value))

    @property
    def is_flag(self) -> bool:
        """Say whether it holds yes or no."""
        return self.shape == "flag"

    @property
    def is_wrong(self) -> bool:
        """Say whether what stands there keeps the text from loading."""
        return any(each.grade is Grade.ERROR for each in self.findings)


Editor = tuple[tuple[tuple[str, Text | None], ...], str, str | None]
"""How a cell is typed: its choices, its shape and its unit."""

_PLAIN: Editor = ((), "text", None)
_FLAG: Editor = ((("true", None), ("false", None)), "flag", None)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule.

    Attributes:
        condition: Its whole condition where that is not written as cells.
        name: Its id, to be typed anew; what is wrong with the rule outside of its cells stands there.
        reason: Why, in words; None where nothing is said.
        fault: Why the rule cannot be read in words; None where it can.
    """

    id: str
    name: Box
    condition: Box | None
    cells: tuple[Box, ...]
    then: tuple[Box, ...]
    because: tuple[Box, ...]
    reason: Text | Markup | None = None
    fault: Finding | None = None

    @property
    def is_always(self) -> bool:
        """Say whether it holds in every case: it asks for nothing."""
        return self.condition is None and not any(each.value for each in self.cells)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Return all of its cells."""
        whole = () if self.condition is None else (self.condition,)
        return (self.name, *whole, *self.cells, *self.then, *self.because)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all that is wrong with it."""
        return tuple(finding for each in self.boxes for finding in each.findings)

    @property
    def missed(self) -> bool:
        """Say whether something was typed in it that was not taken."""
        return any(each.missed is not None for each in self.boxes)


@dataclass(frozen=True, slots=True)
class Head:
    """What can be done with a column.

    Attributes:
        left: Column it may change places with, None where there is none.
        right: The same on the other side.
        stays: Why it cannot be moved: `made` where it is worked out, `first`, `last`, or `before-made` where the next
            one is worked out.
    """

    left: str | None
    right: str | None
    stays: tuple[str, ...] = ()


Free = tuple[str, tuple[tuple[str, Text | None], ...]]
"""Fields of a group that could become columns: its name, then path and label of each."""


@dataclass(frozen=True, slots=True)
class Grid:
    """All rules.

    Attributes:
        heads: What can be done with each of the inputs.
        free: Fields that could become columns: those the policy knows under an empty name, then those it may take
            from the vocabulary, by group.
        rest: Errors that stand in no cell: in the tests, in the outputs, in a section.
        missed: What was not taken and has no cell here any more.
    """

    inputs: tuple[table.Column, ...]
    heads: tuple[Head, ...]
    outputs: tuple[table.Column, ...]
    lines: tuple[Line, ...]
    free: tuple[Free, ...]
    rest: tuple[Finding, ...]
    missed: Refused | None
    most: int = MOST

    @property
    def holds_missed(self) -> bool:
        """Say whether something was typed in a cell that was not taken."""
        return any(each.missed for each in self.lines)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be shown besides the rules: their words, and a change that was not made or was read in its own way."""

    words: Words
    missed: Refused | None
    read: Change | None

    def missed_at(self, name: str, rule: str, part: str) -> Refused | None:
        """Return a change of a cell that was not made."""
        return self.missed if self.missed is not None and _is_of(self.missed.change, name, rule, part) else None

    def read_at(self, name: str, rule: str, part: str, value: str) -> str | None:
        """Return what a cell was read as where that is not what was typed."""
        change = self.read
        if change is None or not _is_of(change, name, rule, part) or not value:
            return None
        return None if typed.is_same(change.value, value) else value


def _is_of(change: Change, name: str, rule: str, part: str) -> bool:
    return (change.what, change.rule, change.part) == (name, rule, part)


def grid(
    look: Look,
    words: Words | None = None,
    extra: Sequence[str] = (),
    done: tuple[Refused | None, Change | None] = (None, None),
) -> Grid:
    """Lay the rules of a draft out.

    Args:
        look: At the draft; its document reads.
        words: What its cells say.
        extra: Paths of columns to add that no rule looks at yet.
        done: A change that was not made, whose text stays in its cell, and one that was.
    """
    document = look.document
    if not isinstance(document, PolicyDocument):
        msg = f"{look.name} is no policy"
        raise TypeError(msg)
    asked = _Asked(words or Words(), *done)
    fields, knows = service.fields(look), known(look)
    inside = {table.in_rules(path, document): field for path, field in fields.items()}
    shown = table.rule_table(document, fields)
    used = [each.name for each in shown.inputs]
    added = [path for path in dict.fromkeys(extra) if path in inside and path not in used]
    inputs = (*shown.inputs, *(table.Column(path, inside[path].label, inside[path].unit) for path in added))
    remarks, outputs = placed(document, look.findings), table.given(document)
    lines = tuple(_line(rule, (inputs, outputs), knows, remarks.get(rule.id, ()), asked) for rule in document.rules)
    shown_there = {id(each) for line in lines for each in line.findings}
    rest = tuple(each for each in look.errors if id(each) not in shown_there)
    missed = None if any(each.missed for each in lines) else asked.missed
    return Grid(
        inputs, _heads(document, inputs), shown.outputs, lines, _free(document, inside, knows, inputs), rest, missed
    )


def _heads(document: PolicyDocument, inputs: Sequence[table.Column]) -> tuple[Head, ...]:
    """Return what each column may change places with: columns stand in the order of the inputs they are of."""
    declared = {table.in_rules(each.path, document) for each in document.inputs}
    names = [each.name if each.name in declared else None for each in inputs]
    return tuple(_head(names, at) for at in range(len(names)))


def _head(names: Sequence[str | None], at: int) -> Head:
    """Return what a column may change places with; what is worked out has no name, and stands behind what is given."""
    if names[at] is None:
        return Head(None, None, ("made",))
    left, right = (names[each] if 0 <= each < len(names) else None for each in (at - 1, at + 1))
    is_last = at == len(names) - 1
    first = () if at else ("first",)
    return Head(left, right, (*first, *(() if right else ("last" if is_last else "before-made",))))


def _free(
    document: PolicyDocument, inside: Mapping[str, Field], knows: Known, inputs: Sequence[table.Column]
) -> tuple[Free, ...]:
    """Return the fields that could become columns: those the policy knows, and those of the vocabulary by group."""
    taken = {each.name for each in inputs}
    own = tuple((path, each.label) for path, each in inside.items() if path not in taken and "[]" not in path)
    groups: dict[str, list[tuple[str, Text | None]]] = {}
    for path, options in knows.shared.items():
        name = table.in_rules(path, document)
        if name not in inside and "[]" not in name:
            groups.setdefault(name.partition(".")[0], []).append((name, options.label))
    shared = tuple((group, tuple(members)) for group, members in groups.items())
    return (("", own), *shared) if own else shared


def _line(
    rule: RuleItem,
    columns: tuple[Iterable[table.Column], Collection[str]],
    knows: Known,
    findings: Sequence[Finding],
    asked: _Asked,
) -> Line:
    inputs, outputs = columns
    cells = {cell.key: cell.value for cell in rule.when.cells} if isinstance(rule.when, Cells) else {}
    given = {entry.key: entry.value for entry in rule.then.entries}
    own, rest = _shared(rule, cells, given, findings)

    def box(name: str, part: str, value: str, editor: Editor = _PLAIN) -> Box:
        found = rest if name == "rename" else own.get((name, part), ())
        called = knows.names(part) if name in ("cell", "then") else {}
        said = tuple(_with_names(each, called) for each in found)
        at = (name, rule.id, part)
        words = asked.words.cells.get((rule.id, name, part, value))
        read = asked.read_at(*at, value)
        meant = shares.doubt(value, knows.fields.get(part) if name == "cell" else None)
        unread = name == "cell" and any(map(str.isalnum, value)) and _is_unread(editor, said)
        missed = asked.missed_at(*at)
        return Box(name, part, value, *editor, said, missed, called, words, read, unread, meant)

    texts = {path: text for path, raw in cells.items() if (text := written(raw)) != ANY}
    return Line(
        rule.id,
        box("rename", "", rule.id),
        box("when", "", rule.when.text) if isinstance(rule.when, Expression) else None,
        tuple(box("cell", each.name, texts.get(each.name, ""), _asking(knows, each.name)) for each in inputs),
        tuple(
            box("then", name, written(given[name]) if name in given else "", editor_of(each))
            for name, each in knows.outputs.items()
            if name in outputs
        ),
        _reason(rule, box),
        None if rule.because is None else asked.words.reasons.get((rule.id, rule.because), rule.because),
        asked.words.faults.get(rule.id),
    )


def _reason(rule: RuleItem, box: Callable[[str, str, str], Box]) -> tuple[Box, ...]:
    """Return the cells of a reason; where one text stands for both languages, the other cell is empty."""
    cells = reason_cells(rule.because)
    return tuple(
        replace(box("because", tongue, text), copied="" if text or rule.because is None else rule.because.zh)
        for tongue, text in cells.items()
    )


def _is_unread(editor: Editor, findings: Iterable[Finding]) -> bool:
    """Say whether a condition on a number or a day is no expression, or words that hold a number."""
    return editor[1] in (FieldType.NUMBER, FieldType.DATE) and any(
        each.code in _UNREAD or (each.code == "feel-unknown-name" and _NUMERAL.search(str(each.values["found"])))
        for each in findings
    )


def _with_names(finding: Finding, names: Mapping[str, Text]) -> Finding:
    """Return a finding that lists the values that may stand there with what people call them."""
    expected = finding.values.get("expected")
    values = [each.strip("`") for each in expected] if isinstance(expected, tuple) else []
    if names.keys().isdisjoint(values):
        return finding

    def listed(language: Language, comma: str) -> str:
        return comma.join(f"{names[each].to(language)} `{each}`" if each in names else f"`{each}`" for each in values)

    said = Text(zh=listed(Language.ZH, "、"), en=listed(Language.EN, ", "))
    return replace(finding, values={**finding.values, "expected": said})


def _shared(
    rule: RuleItem, cells: Mapping[str, Raw], given: Mapping[str, Raw], findings: Sequence[Finding]
) -> tuple[dict[tuple[str, str], list[Finding]], list[Finding]]:
    """Return the findings of a rule by the cell they stand in, and those that stand in none.

    Doubts about a reason name both, and are told where the rule is named: that column always stays in sight, while of
    a reason next to nothing may be.
    """
    starts = [*((("cell", key), raw.place) for key, raw in cells.items())]
    starts += [(("then", key), raw.place) for key, raw in given.items()]
    if isinstance(rule.when, Expression):
        starts.append((("when", ""), rule.when.place))
    if "because" in rule.places:
        tongue = next((each for each, text in reason_cells(rule.because).items() if text), "zh")
        starts.append((("because", tongue), rule.places["because"]))
    own: dict[tuple[str, str], list[Finding]] = {}
    rest = []
    for finding in findings:
        at = max((start for start in starts if start[1] <= finding.place), key=lambda start: start[1], default=None)
        is_doubt = at is not None and at[0][0] == "because" and finding.grade is not Grade.ERROR
        if at is not None and at[1].line == finding.place.line and not is_doubt:
            own.setdefault(at[0], []).append(finding)
        else:
            rest.append(finding)
    return own, rest


def _asking(knows: Known, path: str) -> Editor:
    """Return how a condition on a field is typed: several of its values may stand there."""
    field = knows.fields.get(path)
    if field is None:
        return _PLAIN
    choices = tuple((str(each), field.called(each)) for each in field.one_of or ())
    if field.type is FieldType.BOOLEAN:
        return _FLAG
    return choices, "choices" if choices else str(field.type), field.unit


def editor_of(output: Giving) -> Editor:
    """Return how what a rule gives is typed."""
    if output.type is FieldType.BOOLEAN:
        return _FLAG
    shapes = {"lines": "list", "raw": "text"}
    named = tuple((each, output.names.get(each)) for each in output.choices)
    return named, shapes.get(output.shape, output.shape), output.unit
