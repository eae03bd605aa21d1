"""The form of one rule: what a person typed, as a tree of its condition, its outcome and its reason.

In a form `c` is the whole condition, `c.0` its first part, `c.0.1` the second part of that. Everything typed is kept
as typed until it is saved; `checked` says what is wrong with it by the name of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from policy.conditions import Free, Group, How, Join, Line, Part, of_cells, read
from policy.conditions.literals import feel, value_of
from policy.conditions.tree import MANY
from policy.model.document import FieldType, RuleItem
from policy.model.fields import Field
from policy.model.written import Cells, Entries, Expression, Items, Raw, Scalar
from policy.values import Text
from webadmin.rulesets.comparing import needed, offered
from webadmin.rulesets.editing import reason_cells
from webadmin.rulesets.known import Giving, Known

MOST_PARTS, DEEPEST = 200, 8
"""Parts a condition may have here, and how deep its groups may lie."""

LONGEST = 4000
"""Characters of one input."""

ROOT = "c"

_WITH_FORMULA = {"choice", "choices", "flag", "lines"}
"""Editors that have an input of their own for a formula."""


@dataclass(frozen=True, slots=True)
class Gives:
    """What a rule gives for one output.

    Attributes:
        values: As typed; for most outputs one.
        formula: FEEL in the place of the values; empty for none.
        given: False where the rule does not give the output.
    """

    values: tuple[str, ...] = ()
    formula: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class RuleForm:
    """One rule as it is typed.

    Attributes:
        id: What it is called.
        tree: Its condition; every part has its place in the form as its id.
        then: By output.
        because: By language; one text for both stands in its own language alone, as in the table.
    """

    id: str
    tree: Group
    then: Mapping[str, Gives]
    because: Mapping[str, str]


def empty(known: Known) -> RuleForm:
    """Return the form of a rule that is not there yet: one line, nothing given."""
    tree = numbered(Group(Join.ALL, (Line("", How.EQUAL, ("",)),)))
    return RuleForm("", tree, dict.fromkeys(known.outputs, Gives()), {"zh": "", "en": ""})


def of_rule(rule: RuleItem, known: Known) -> RuleForm:
    """Return the form of a rule as it is written."""
    given = {entry.key: entry.value for entry in rule.then.entries}
    then = {name: _gives(given.get(name), each) for name, each in known.outputs.items()}
    reason = None if rule.because is None else Text(rule.because.zh.strip(), rule.because.en.strip())
    return RuleForm(rule.id, numbered(condition_of(rule, known)), then, reason_cells(reason))


def condition_of(rule: RuleItem, known: Known) -> Group:
    """Return the condition of a rule as a tree."""
    if isinstance(rule.when, Cells):
        return of_cells(rule.when, known.fields)
    return read(rule.when.text, known.fields) if isinstance(rule.when, Expression) else Group(Join.ALL)


def from_form(form: MultiDict[str, str], known: Known) -> RuleForm:
    """Return what was typed.

    Raises:
        BadRequest: the form is none of ours.
        RequestEntityTooLarge: a condition has too many parts, lies too deep, or an input is too long.
    """
    tree = condition_from(form, known)
    then = {name: _posted(form, each) for name, each in known.outputs.items()}
    because = {tongue: _clean(form.get(f"because.{tongue}", "")) for tongue in ("zh", "en")}
    return RuleForm(form.get("id", "").strip(), tree, then, because)


def condition_from(form: MultiDict[str, str], known: Known, at: str = ROOT) -> Group:
    """Return the condition that was typed at a place of a form. Raises as `from_form` does."""
    own = MultiDict(
        (ROOT + name[len(at) :], text) for name, text in form.items(multi=True) if name.startswith(f"{at}.")
    )
    if any(len(text) > LONGEST for text in form.values()):
        raise RequestEntityTooLarge
    places = sorted(_places(own), key=lambda place: [int(each) for each in place.split(".")[1:]])
    if len(places) > MOST_PARTS or any(place.count(".") > DEEPEST for place in places):
        raise RequestEntityTooLarge
    tree = _part(own, ROOT, places, known) if ROOT in places else Group(Join.ALL)
    if not isinstance(tree, Group):
        raise BadRequest
    return numbered(tree, at)


def numbered(group: Group, place: str = ROOT) -> Group:
    """Return a tree with the place of every part in the form as its id."""
    parts: list[Part] = []
    for number, part in enumerate(group.parts):
        own = f"{place}.{number}"
        parts.append(numbered(part, own) if isinstance(part, Group) else replace(part, id=own))
    return replace(group, parts=tuple(parts), id=place)


def with_part(group: Group, place: str, what: str) -> tuple[Group, str]:
    """Add an empty part at the end of the group at a place; return the tree, and the place of the new part."""
    if group.id == place:
        line = Line("", How.EQUAL, ("",))
        other = Join.ALL if group.join is Join.ANY else Join.ANY
        kinds: Mapping[str, Part] = {"group": Group(other, (line,)), "text": Free("")}
        made = kinds.get(what, line)
        return replace(group, parts=(*group.parts, made)), f"{place}.{len(group.parts)}"
    parts: list[Part] = []
    found = ""
    for part in group.parts:
        inside, at = with_part(part, place, what) if isinstance(part, Group) else (part, "")
        parts.append(inside)
        found = found or at
    return replace(group, parts=tuple(parts)), found


def without_part(group: Group, place: str) -> Group:
    """Take the part at a place away; nothing happens where there is none."""
    kept = [each for each in group.parts if each.id != place]
    parts = tuple(without_part(each, place) if isinstance(each, Group) else each for each in kept)
    return replace(group, parts=parts)


def beside(place: str) -> str:
    """Return the part before the one at a place, its group where it was the first."""
    group, _, number = place.rpartition(".")
    before = int(number) - 1 if number.isdecimal() else -1
    return f"{group}.{before}" if before >= 0 else group


def typed_value(value: str, field: Field, *, free: bool) -> str:
    """Return a value as its input shows it: as typed, or as FEEL where the line takes formulas."""
    if not free or not value:
        return value
    return feel(value, field, operand=False)


def is_free(line: Line, field: Field) -> bool:
    """Say whether a line's values are typed as formulas."""
    return field.type is not FieldType.CONTEXT and any(value.lstrip().startswith("=") for value in line.values)


def _places(form: MultiDict[str, str]) -> Iterator[str]:
    for name in form:
        match = re.fullmatch(r"(c(?:\.[0-9]{1,4}){0,16})\.kind", name)
        if match:
            yield match[1]


def _part(form: MultiDict[str, str], place: str, places: list[str], known: Known) -> Part:
    kind, source = form.get(f"{place}.kind", ""), _lf(form.get(f"{place}.source", ""))
    if kind == "group":
        below = [each for each in places if each.rpartition(".")[0] == place]
        join = form.get(f"{place}.join", "")
        if join not in set(Join):
            raise BadRequest
        return Group(Join(join), tuple(_part(form, each, places, known) for each in below), source)
    if kind == "text":
        return Free(_lf(form.get(f"{place}.text", "")), source)
    if kind != "line":
        raise BadRequest
    return _line(form, place, source, known)


def _line(form: MultiDict[str, str], place: str, source: str, known: Known) -> Line:
    path = form.get(f"{place}.field", "")
    field = known.fields.get(path) or Field(path, FieldType.CONTEXT)
    asked = form.get(f"{place}.how", "")
    if asked and asked not in set(How):
        raise BadRequest
    was = form.get(f"{place}.was", path)
    how = How(asked) if asked and (was == path or How(asked) in offered(field)) else offered(field)[0]
    values = [_lf(each) for each in form.getlist(f"{place}.value")]
    if how in MANY:
        values = [line.strip() for each in values for line in each.split("\n") if line.strip()]
    count = needed(how)
    if count is not None:
        values = (values + [""] * count)[:count]
    if form.get(f"{place}.free") and how is not How.TEST:
        values = [value_of(each, field, known.fields) if each.strip() else "=" for each in values]
    return Line(path, how, tuple(value.strip() for value in values), source)


def _gives(raw: Raw | None, output: Giving) -> Gives:
    if raw is None:
        return Gives()
    texts = _texts(raw)
    if texts is None or output.shape == "raw":
        return Gives(("",), given=True)
    formula = isinstance(raw, Scalar) and raw.text.lstrip().startswith("=")
    if formula and output.shape in _WITH_FORMULA:
        return Gives(formula=texts[0].lstrip()[1:].strip(), given=True)
    return Gives(texts, given=True)


def is_written_only(raw: Raw | None, output: Giving) -> bool:
    """Say whether what a rule gives can only be changed in the text."""
    nested = raw is not None and _texts(raw) is None
    one = isinstance(raw, Items) and output.shape not in {"choices", "lines"}
    return nested or one or output.shape == "raw"


def _texts(raw: Raw) -> tuple[str, ...] | None:
    if isinstance(raw, Scalar):
        return (raw.text.strip(),)
    if isinstance(raw, Entries) or not all(isinstance(each, Scalar) for each in raw.items):
        return None
    return tuple(each.text.strip() for each in raw.items if isinstance(each, Scalar))


def _posted(form: MultiDict[str, str], output: Giving) -> Gives:
    name = f"then.{output.name}"
    formula = _clean(form.get(f"{name}.formula", ""))
    values = [_lf(each) for each in form.getlist(name)]
    if output.shape == "lines":
        values = [line for each in values for line in each.split("\n")]
    kept = tuple(value.strip() for value in values if value.strip())
    listed = output.shape in {"choices", "lines"}
    given = bool(formula) or (bool(form.get(f"{name}.given")) if listed else bool(kept))
    return Gives(() if formula or not given else kept, formula, given)


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _clean(text: str) -> str:
    return _lf(text).strip()
