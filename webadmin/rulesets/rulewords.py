"""What is typed into the form of a rule in words, as the form has it: `50万`, `两成`, names; as the table reads it."""

from __future__ import annotations

import re
from dataclasses import replace

from policy.conditions import Free, Group, How, Line, Part, is_formula
from policy.conditions.literals import type_of
from policy.conditions.tree import BARE, DAYS
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import plain
from webadmin.rulesets import spoken, typed
from webadmin.rulesets.known import Giving, Known
from webadmin.rulesets.ruleform import Gives, RuleForm

_BOUND = re.compile(r"([<>]=?) (.+)")
_RANGE = re.compile(r"([\[(])(.+)\.\.(.+)([\])])")
_DAY = re.compile(r'date\("(.+)"\)')
_SIGNS = {">": How.MORE, ">=": How.AT_LEAST, "<": How.LESS, "<=": How.AT_MOST}
_ENDS = {"[]": How.BETWEEN, "[)": How.FROM_BELOW, "(]": How.ABOVE_TO, "()": How.INSIDE}


def read(form: RuleForm, known: Known) -> RuleForm:
    """Return a form with what was typed in words as values; what is not understood stays as it was typed."""
    then = {name: _gives(each, known.outputs[name]) for name, each in form.then.items()}
    return replace(form, tree=condition(form.tree, known), then=then)


def condition(tree: Group, known: Known) -> Group:
    """Return a condition with what was typed in words as values."""
    return replace(tree, parts=tuple(_part(each, known) for each in tree.parts))


def _part(part: Part, known: Known) -> Part:
    if isinstance(part, Group):
        return replace(part, parts=tuple(_part(each, known) for each in part.parts))
    field = None if isinstance(part, Free) else known.fields.get(part.path)
    return part if isinstance(part, Free) or field is None or part.how in BARE else _line(part, field)


def _line(line: Line, field: Field) -> Line:
    if line.how is How.TEST:
        cells = [typed.cell(each, field) if each else each for each in line.values]
        return replace(line, values=tuple(each for each in cells if isinstance(each, str))) if all(cells) else line
    if line.how in DAYS:
        return replace(line, values=tuple(_amount(each, "days") for each in line.values))
    of = type_of(field)
    if of is FieldType.STRING:
        return replace(line, values=tuple(_named(each, field) for each in line.values))
    if of not in (FieldType.NUMBER, FieldType.DATE):
        return line
    return _compared(line, field) or replace(line, values=tuple(_value(each, field, of) for each in line.values))


def _compared(line: Line, field: Field) -> Line | None:
    """Return a line whose value says itself how it is compared: `50万以上`, `10 至 20`; None for any other."""
    if line.how is not How.EQUAL or len(line.values) != 1 or is_formula(line.values[0]):
        return None
    said = spoken.condition(line.values[0], field) or ""
    if found := _BOUND.fullmatch(said):
        return replace(line, how=_SIGNS[found[1]], values=(_bare(found[2]),))
    if found := _RANGE.fullmatch(said):
        return replace(line, how=_ENDS[found[1] + found[4]], values=(_bare(found[2]), _bare(found[3])))
    return None


def _bare(text: str) -> str:
    found = _DAY.fullmatch(text)
    return text if found is None else found[1]


def _value(text: str, field: Field, of: FieldType) -> str:
    if not text or is_formula(text):
        return text
    if of is FieldType.NUMBER:
        return _amount(text, field.unit)
    said = spoken.condition(text, field) or ""
    return said if re.fullmatch(r"\d{4}-\d\d-\d\d", said) else text


def _amount(text: str, unit: str | None) -> str:
    found = spoken.amount(text, unit)
    return text if found is None else plain(found)


def _named(text: str, field: Field) -> str:
    choices = {str(each): field.called(each) for each in field.one_of or ()} or field.names
    meant = None if not text or is_formula(text) or text in choices else spoken.values(text, choices)
    return meant[0][0] if meant is not None and len(meant[0]) == 1 and not meant[1] else text


def _gives(gives: Gives, output: Giving) -> Gives:
    if not gives.given or gives.formula or output.shape == "raw":
        return gives
    of = output.of if output.type is FieldType.LIST else output.type
    field = Field(output.name, of or FieldType.STRING, unit=output.unit, names=output.names)
    read_as = _amount_of if of is FieldType.NUMBER else _named
    return replace(gives, values=tuple(each if is_formula(each) else read_as(each, field) for each in gives.values))


def _amount_of(text: str, field: Field) -> str:
    return _amount(text, field.unit)
