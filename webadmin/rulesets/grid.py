"""The rules as a grid to be typed into: every cell with what may stand there, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policy.errors import Finding, Grade
from policy.model.document import FieldType, PolicyDocument, RuleItem
from policy.model.written import Cells, Expression, Raw
from policy.values import Text
from webadmin.library import Look
from webadmin.rulesets import service, table
from webadmin.rulesets.editing import ANY, MOST, written
from webadmin.rulesets.known import Giving, Known, known
from webadmin.rulesets.refusing import Refused

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


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
    """

    id: str
    name: Box
    condition: Box | None
    cells: tuple[Box, ...]
    then: tuple[Box, ...]
    because: tuple[Box, ...]

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
class Grid:
    """All rules.

    Attributes:
        free: Fields that could become columns, as path and label.
        rest: Errors that stand in no cell: in the tests, in the outputs, in a section.
        missed: What was not taken and has no cell here any more.
    """

    inputs: tuple[table.Column, ...]
    outputs: tuple[table.Column, ...]
    lines: tuple[Line, ...]
    free: tuple[tuple[str, Text | None], ...]
    rest: tuple[Finding, ...]
    missed: Refused | None
    most: int = MOST

    @property
    def holds_missed(self) -> bool:
        """Say whether something was typed in a cell that was not taken."""
        return any(each.missed for each in self.lines)


def grid(look: Look, extra: Sequence[str] = (), missed: Refused | None = None) -> Grid:
    """Lay the rules of a draft out.

    Args:
        look: At the draft; its document reads.
        extra: Paths of columns to add that no rule looks at yet.
        missed: A change that was not made: what was typed stays in its cell.
    """
    document = look.document
    if not isinstance(document, PolicyDocument):
        msg = f"{look.name} is no policy"
        raise TypeError(msg)
    fields, knows = service.fields(look), known(look)
    inside = {table.in_rules(path, document): field for path, field in fields.items()}
    shown = table.rule_table(document, fields)
    used = [each.name for each in shown.inputs]
    added = [path for path in extra if path in inside and path not in used]
    inputs = (*shown.inputs, *(table.Column(path, inside[path].label, inside[path].unit) for path in added))
    free = tuple(
        (path, each.label) for path, each in inside.items() if path not in {*used, *added} and "[]" not in path
    )
    remarks = placed(document, look.findings)
    outputs = table.given(document)
    lines = tuple(_line(rule, (inputs, outputs), knows, remarks.get(rule.id, ()), missed) for rule in document.rules)
    shown_there = {id(each) for line in lines for each in line.findings}
    rest = tuple(each for each in look.errors if id(each) not in shown_there)
    return Grid(inputs, shown.outputs, lines, free, rest, None if any(each.missed for each in lines) else missed)


def _line(
    rule: RuleItem,
    columns: tuple[Iterable[table.Column], Collection[str]],
    knows: Known,
    findings: Sequence[Finding],
    missed: Refused | None,
) -> Line:
    inputs, outputs = columns
    cells = {cell.key: cell.value for cell in rule.when.cells} if isinstance(rule.when, Cells) else {}
    given = {entry.key: entry.value for entry in rule.then.entries}
    own, rest = _shared(rule, cells, given, findings)

    def box(name: str, part: str, value: str, editor: Editor = _PLAIN) -> Box:
        asked = missed.change if missed is not None else None
        is_here = asked is not None and (asked.what, asked.rule, asked.part) == (name, rule.id, part)
        found = rest if name == "rename" else own.get((name, part), ())
        return Box(name, part, value, *editor, tuple(found), missed if is_here else None)

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
        tuple(box("because", tongue, getattr(rule.because, tongue) if rule.because else "") for tongue in ("zh", "en")),
    )


def _shared(
    rule: RuleItem, cells: Mapping[str, Raw], given: Mapping[str, Raw], findings: Sequence[Finding]
) -> tuple[dict[tuple[str, str], list[Finding]], list[Finding]]:
    """Return the findings of a rule by the cell they stand in, and those that stand in none."""
    starts = [*((("cell", key), raw.place) for key, raw in cells.items())]
    starts += [(("then", key), raw.place) for key, raw in given.items()]
    if isinstance(rule.when, Expression):
        starts.append((("when", ""), rule.when.place))
    own: dict[tuple[str, str], list[Finding]] = {}
    rest = []
    for finding in findings:
        at = max((start for start in starts if start[1] <= finding.place), key=lambda start: start[1], default=None)
        if at is not None and at[1].line == finding.place.line:
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


def placed(document: PolicyDocument, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings of each rule: those from where it begins to where the next one, or another key, does."""
    found: dict[str, list[Finding]] = {}
    begin = document.places["rules"]
    end = min((place for place in document.places.values() if place > begin), default=None)
    for finding in findings:
        here = [rule for rule in document.rules if rule.place <= finding.place]
        if here and (end is None or finding.place < end):
            found.setdefault(here[-1].id, []).append(finding)
    return found
