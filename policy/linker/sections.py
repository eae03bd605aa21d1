"""Reads every expression and condition of a kind's section, each with the names its kind provides there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.errors import did_you_mean
from policy.feel import types as feel
from policy.kinds.approval import ApprovalSection
from policy.kinds.assignment import Allocate, AssignmentSection
from policy.kinds.incentive import IncentiveSection
from policy.kinds.penalty import PenaltySection
from policy.kinds.scorecard import Grades, ScorecardSection
from policy.linker.expressions import Reader
from policy.linker.fields import Vocabulary
from policy.linker.log import Log
from policy.linker.patterns import patterns
from policy.linker.scope import Scope
from policy.model import reading
from policy.model.document import PolicyDocument
from policy.model.fields import Field, Group, Rows, feel_type, tree
from policy.model.ruleset import EventPattern, Output, Part
from policy.model.written import Cells, Condition, Expression

_NUMBER = (feel.NumberType,)
_BOOLEAN = (feel.BooleanType,)
_SEPARATED = "approver"
_CANDIDATE = "manager"


@dataclass(slots=True)
class Read:
    """What was read of a section.

    Attributes:
        conditions: Every condition → its parts.
        expressions: Every expression → checked.
        patterns: Patterns of events, in order.
    """

    conditions: dict[Condition, tuple[Part, ...]] = field(default_factory=dict)
    expressions: dict[Expression, Part] = field(default_factory=dict)
    patterns: tuple[EventPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a section.

    Attributes:
        inputs: The policy's inputs as they stand in facts.
        scope: Names of the policy: inputs, derived values and outputs.
        item: Scope under `each`: also the item's name; the same as `scope` without.
    """

    document: PolicyDocument
    vocabulary: Vocabulary
    inputs: Group
    outputs: Mapping[str, Output]
    scope: Scope
    item: Scope
    reader: Reader
    log: Log


def read(around: Around) -> Read:
    """Read the section of a policy; findings go to the log."""
    section = around.document.section
    into = Read()
    if isinstance(section, ApprovalSection):
        _approval(section, around, into)
    elif isinstance(section, AssignmentSection):
        _assignment(section, around, into)
    elif isinstance(section, IncentiveSection):
        _incentive(section, around, into)
    elif isinstance(section, PenaltySection):
        _penalty(section, around, into)
    elif isinstance(section, ScorecardSection):
        _scorecard(section, around)
    return into


def _expression(
    written: Expression | None, scope: Scope, expected: tuple[type, ...], around: Around, into: Read
) -> None:
    if written is not None:
        part = around.reader.formula(written, scope, expected=expected)
        if part is not None:
            into.expressions[written] = part


def _condition(written: Condition | None, scope: Scope, around: Around, into: Read) -> None:
    if written is not None:
        into.conditions[written] = around.reader.condition(written, scope)


def _all(row: Any, scope: Scope, expected: tuple[type, ...], around: Around, into: Read) -> None:
    """Read every expression and condition that stands directly in a row of a section."""
    for each in dataclasses.fields(row):
        value = getattr(row, each.name)
        if isinstance(value, Cells) or (each.name == "when" and isinstance(value, Expression)):
            _condition(value, scope, around, into)
        elif isinstance(value, Expression):
            _expression(value, scope, expected, around, into)


def _approval(section: ApprovalSection, around: Around, into: Read) -> None:
    scope = around.scope.adding(_SEPARATED, _person(around, "approvers", _SEPARATED))
    for stage in section.stages:
        _expression(stage.who, scope, _BOOLEAN, around, into)
        _expression(stage.unless, around.scope, _BOOLEAN, around, into)
    for row in section.separation:
        _expression(row.never, scope, _BOOLEAN, around, into)


def _person(around: Around, many: str, one: str) -> feel.Type:
    """Return the type of a person a kind provides: items of the input list, and the vocabulary's fields."""
    rows = around.inputs.members.get(many)
    declared: dict[str, feel.Type] = {}
    if isinstance(rows, Rows):
        declared = {name: feel_type(member) for name, member in rows.item.members.items()}
    shared = {path: each for path, each in around.vocabulary.fields.items() if path.startswith(f"{one}.")}
    group = tree(shared).members.get(one)
    if isinstance(group, Group):
        declared = {**{name: feel_type(member) for name, member in group.members.items()}, **declared}
    return feel.ContextType(declared) if declared else feel.AnyType()


def _assignment(section: AssignmentSection, around: Around, into: Read) -> None:
    allocate = section.allocate
    if allocate is None:
        return
    scope = around.scope.adding(_CANDIDATE, _candidate(allocate, around))
    for eligible in allocate.eligible:
        _condition(eligible.when, scope, around, into)
    for score in allocate.score:
        _expression(score.value, scope, _NUMBER, around, into)
    for row in (*allocate.limits, *allocate.keep):
        _all(row, scope, _NUMBER, around, into)
    for path in allocate.tie_break:
        if scope.type_at(path) is None:
            known = did_you_mean(path, scope.paths())
            around.log.add("unknown-path", allocate.place, found=path, **known)


def _candidate(allocate: Allocate, around: Around) -> feel.Type:
    here: Any = around.inputs
    for name in allocate.candidates.split("."):
        here = here.members.get(name) if isinstance(here, Group) else None
    if isinstance(here, Rows):
        return feel_type(here.item)
    lists = [each.path for each in around.inputs.fields() if str(each.type) == "list"]
    known = did_you_mean(allocate.candidates, lists)
    around.log.add("candidates-no-list", allocate.place, found=allocate.candidates, **known)
    return feel.AnyType()


def _incentive(section: IncentiveSection, around: Around, into: Read) -> None:
    unit = _unit_of_credit(section, around, into)
    amount = feel.NumberType(unit)
    credited = around.scope.adding("credited", amount)
    _expression(section.measure, credited, _NUMBER, around, into)
    measured = credited.adding("measure", feel.NumberType())
    if section.bands is not None:
        _expression(section.bands.base, measured, _NUMBER, around, into)
    after = measured.adding("earned", amount)
    for row in (*section.adjustments, *section.awards):
        _all(row, after, _NUMBER, around, into)


def _unit_of_credit(section: IncentiveSection, around: Around, into: Read) -> str | None:
    _expression(section.credit, around.item, _NUMBER, around, into)
    part = None if section.credit is None else into.expressions.get(section.credit)
    return part.checked.type.unit if part is not None and isinstance(part.checked.type, feel.NumberType) else None


def _penalty(section: PenaltySection, around: Around, into: Read) -> None:
    for measure in section.measures:
        _expression(measure.amount, around.scope, _NUMBER, around, into)
    events = around.vocabulary.events
    into.patterns = patterns(section.patterns, around.document, events, around.reader, around.log)


def _scorecard(section: ScorecardSection, around: Around) -> None:
    grades = section.grades
    if grades is None:
        return
    for key, name in (("of", grades.of), ("give", grades.give)):
        if name not in around.outputs:
            around.log.add("unknown-output", grades.places[key], found=name, **did_you_mean(name, around.outputs))
    _check_grades(grades, around)


def _check_grades(grades: Grades, around: Around) -> None:
    output = around.outputs.get(grades.give)
    if output is None:
        return
    as_field = Field(output.name, output.type, output.of, output.one_of, output.unit, output.scale)
    for row in grades.rows:
        _, findings = reading.from_raw(as_field, row.value)
        around.log.extend(findings)
