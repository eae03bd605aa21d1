"""The rules as a grid to be typed into: every cell with what may stand there, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy.errors import Finding, Grade
from policy.model.document import PolicyDocument, RuleItem
from policy.model.fields import Field
from policy.model.written import Cells, Expression
from policy.values import Text
from webadmin.library import Look
from webadmin.rulesets import table
from webadmin.rulesets.editing import ANY, written


@dataclass(frozen=True, slots=True)
class Box:
    """One cell.

    Attributes:
        name: `cell`, `when`, `then` or `because`, and of what: what a change of it is called.
        part: Path of the field, name of the output, or language.
        value: What stands there.
        choices: What may be chosen; empty: anything may be typed.
        shape: `number`, `date`, `text` or `choice`: what a phone's keyboard should be.
        findings: What is wrong there.
    """

    name: str
    part: str
    value: str
    choices: tuple[str, ...] = ()
    shape: str = "text"
    findings: tuple[Finding, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Say whether what stands there keeps the text from loading."""
        return any(each.grade is Grade.ERROR for each in self.findings)


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


@dataclass(frozen=True, slots=True)
class Grid:
    """All rules; `free` are fields that could become columns, as path and label."""

    inputs: tuple[table.Column, ...]
    outputs: tuple[table.Column, ...]
    lines: tuple[Line, ...]
    free: tuple[tuple[str, Text | None], ...]


def grid(look: Look, fields: Mapping[str, Field], extra: Sequence[str] = ()) -> Grid:
    """Lay the rules of a draft out.

    Args:
        look: At the draft; its document reads.
        fields: Fields by path, as far as they are known.
        extra: Paths of columns to add that no rule looks at yet.
    """
    document = look.document
    if not isinstance(document, PolicyDocument):
        msg = f"{look.name} is no policy"
        raise TypeError(msg)
    inside = {table.in_rules(path, document): field for path, field in fields.items()}
    shown = table.rule_table(document, fields)
    used = [each.name for each in shown.inputs]
    added = [path for path in extra if path in inside and path not in used]
    inputs = (*shown.inputs, *(table.Column(path, inside[path].label, inside[path].unit) for path in added))
    free = tuple(
        (path, each.label) for path, each in inside.items() if path not in {*used, *added} and "[]" not in path
    )
    remarks = placed(document, look.findings)
    lines = tuple(_line(rule, inputs, document, inside, remarks.get(rule.id, ())) for rule in document.rules)
    return Grid(inputs, shown.outputs, lines, free)


def _line(
    rule: RuleItem,
    inputs: Iterable[table.Column],
    document: PolicyDocument,
    fields: Mapping[str, Field],
    findings: Sequence[Finding],
) -> Line:
    cells = {cell.key: cell.value for cell in rule.when.cells} if isinstance(rule.when, Cells) else {}
    given = {entry.key: entry.value for entry in rule.then.entries}
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

    def box(name: str, part: str, value: str, choices: Iterable[str] = (), shape: str = "text") -> Box:
        return Box(name, part, value, tuple(choices), shape, tuple(own.get((name, part), ())))

    texts = {path: text for path, raw in cells.items() if (text := written(raw)) != ANY}
    return Line(
        rule.id,
        Box("rename", "", rule.id, findings=tuple(rest)),
        box("when", "", rule.when.text) if isinstance(rule.when, Expression) else None,
        tuple(box("cell", each.name, texts.get(each.name, ""), *_of(fields, each.name)) for each in inputs),
        tuple(
            box("then", name, written(given[name]) if name in given else "", map(written, each.one_of or ()))
            for name, each in document.outputs.items()
        ),
        tuple(box("because", tongue, getattr(rule.because, tongue) if rule.because else "") for tongue in ("zh", "en")),
    )


def _of(fields: Mapping[str, Field], path: str) -> tuple[tuple[str, ...], str]:
    """Return what may be chosen for a field, and the shape of its cells."""
    field = fields.get(path)
    if field is None:
        return (), "text"
    choices = tuple(map(str, field.one_of or (("true", "false") if field.type == "boolean" else ())))
    return choices, "choice" if choices else str(field.type)


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
