"""A typed rule in the text of its policy: what was changed is written, what is wrong is said where it was typed.

What is said has the name of its input: a part of the condition (`c.0.1`), `when` for the whole of it, `id`,
`then.<output>`, `because`, or `rule` for anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from flask_babel import gettext

from policy import editor
from policy.conditions import Free, Group, How, Line, Part, cell_of, cells_of, is_formula, normal, read, text_of
from policy.conditions.literals import fits, type_of
from policy.conditions.tree import DAYS
from policy.editor import Value
from policy.errors import Finding, Place, SourceError
from policy.model.document import FieldType, PolicyDocument, RuleItem
from policy.model.fields import Field
from policy.model.written import Cells, Expression, Raw
from policy.reader import read as read_document
from policy.values import Text, plain
from webadmin import language
from webadmin.filling.controls import number
from webadmin.library import Look
from webadmin.rulesets import editing, refusing, ruleform, sound
from webadmin.rulesets.editing import MissingError
from webadmin.rulesets.known import Giving, Known
from webadmin.rulesets.ruleform import Gives, RuleForm

Said = dict[str, list[str]]
"""What is wrong by the name of the input."""

_ANY_NUMBER = Field("?", FieldType.NUMBER)


class MistakesError(Exception):
    """What was typed cannot be written.

    Attributes:
        said: What is wrong, by the name of the input.
    """

    def __init__(self, said: Said) -> None:
        super().__init__("mistakes in a form")
        self.said = said


def written(text: str, name: str, form: RuleForm, known: Known, after: str = "") -> str:
    """Return the text of a policy with a rule as it was typed.

    Args:
        text: The policy.
        name: Id of the rule as it stands there; empty for a new one.
        form: As it was typed, without mistakes.
        known: What the rules of the policy may name.
        after: The rule a new one comes after; empty: at the end.

    Raises:
        MistakesError: the result would not read.
        MissingError: the rule, or the one it comes after, is not there any more.
    """
    document = read_document(text).document
    if not isinstance(document, PolicyDocument):
        raise MissingError
    if form.id != name and any(each.id == form.id for each in document.rules):
        raise MistakesError({"id": [refusing.taken(form.id, editing.name_for(document, form.id))]})
    clean = _clean(form, known)
    if not name:
        if after:
            rule_of(document, after)
        rule = _whole(clean, known, document)
        return tried("id", lambda: editor.add_rule(text, rule, after=after or None))
    return _changed(text, document, rule_of(document, name), clean, known)


def rule_of(document: PolicyDocument, name: str) -> RuleItem:
    """Return a rule by its id.

    Raises:
        MissingError: there is none.
    """
    found = next((each for each in document.rules if each.id == name), None)
    if found is None:
        raise MissingError
    return found


def _changed(text: str, document: PolicyDocument, rule: RuleItem, form: RuleForm, known: Known) -> str:
    base = ruleform.of_rule(rule, known)
    text = _when(text, document, rule, normal(form.tree), known)
    for name, output in known.outputs.items():
        text = _then(text, rule, output, base.then[name], form.then[name])
    if form.because != base.because:
        if all(base.because.values()) and any(form.because.values()) and not all(form.because.values()):
            said = gettext("A reason stands in both languages: write it in both, or take it out in both.")
            raise MistakesError({"because": [said]})
        text = tried("because", partial(editor.set_because, text, rule.id, _reason(form)))
    return text if form.id == rule.id else tried("id", partial(editor.rename_rule, text, rule.id, form.id))


def placed(look: Look, form: RuleForm, known: Known) -> dict[str, list[Finding]]:
    """Return the findings of a rule by the name of the input they belong to.

    Args:
        look: At the policy with the rule as it was typed.
        form: As it was typed; its id is the rule's.
        known: What the rules of the policy may name.
    """
    document = look.document
    if not isinstance(document, PolicyDocument):
        return {}
    rule = next((each for each in document.rules if each.id == form.id), None)
    if rule is None:
        return {}
    starts = sorted(_starts(rule, form, known), key=lambda start: start[0])
    found: dict[str, list[Finding]] = {}
    for finding in sound.placed(document, look.findings).get(rule.id, ()):
        names = [name for place, name in starts if place <= finding.place]
        owed = f"then.{finding.values.get('name')}" if finding.code == "output-not-given" else ""
        found.setdefault(owed or (names[-1] if names else "rule"), []).append(finding)
    return found


def raw_text(raw: Raw | None) -> str:
    """Return a value as its author wrote it, without YAML's quoting."""
    return "" if raw is None else editing.written(raw)


def _starts(rule: RuleItem, form: RuleForm, known: Known) -> list[tuple[Place, str]]:
    """Return where each input's part of the text begins."""
    found = [(entry.place, f"then.{entry.key}") for entry in rule.then.entries]
    found.append((rule.place, "rule"))
    if "because" in rule.places:
        found.append((rule.places["because"], "because"))
    wanted = normal(form.tree)
    if isinstance(rule.when, Cells):
        lines = {each.path: each.id for each in wanted.parts if isinstance(each, Line)}
        found += [(cell.place, lines.get(cell.key, "when")) for cell in rule.when.cells]
    elif isinstance(rule.when, Expression):
        marks = rule.when.marks
        found.append((marks.at(0), "when"))
        pairs = side_by_side(wanted, read(rule.when.text, known.fields))
        found += [(marks.at(start), name) for start, name in pairs]
    return found


def side_by_side(typed: Part, again: Part) -> list[tuple[int, str]]:
    """Return where the parts of a condition begin in its text, with their places in the form."""
    if isinstance(typed, Group) and isinstance(again, Group) and len(typed.parts) == len(again.parts):
        inside = (side_by_side(one, two) for one, two in zip(typed.parts, again.parts, strict=True))
        return [each for below in inside for each in below]
    return [(again.start, typed.id)]


def _when(text: str, document: PolicyDocument, rule: RuleItem, after: Group, known: Known) -> str:
    before = normal(ruleform.condition_of(rule, known))
    if before == after:
        return text
    cells = cells_of(after, known.fields)
    if cells and isinstance(rule.when, Cells):
        return tried("when", lambda: _cells(text, rule, before, after, known))
    if cells and rule.when is None and _has_rows(document):
        return tried("when", lambda: editor.set_when(text, rule.id, cells))
    condition = text_of(after, known.fields)
    return tried("when", lambda: editor.set_when(text, rule.id, condition or None))


def _cells(text: str, rule: RuleItem, before: Group, after: Group, known: Known) -> str:
    """Change the cells that say something else now; the others keep every character."""
    was = {each.path: each for each in before.parts if isinstance(each, Line)}
    now = {each.path: each for each in after.parts if isinstance(each, Line)}
    there = {cell.key for cell in rule.when.cells} if isinstance(rule.when, Cells) else set()
    for path, line in now.items():
        if was.get(path) != line:
            text = editor.set_cell(text, rule.id, path, cell_of(line, known.fields))
    for path in was.keys() - now.keys():
        if path in there:
            text = editor.set_cell(text, rule.id, path, None)
    return text


def _has_rows(document: PolicyDocument) -> bool:
    """Say whether a policy writes conditions as rows of cells, rather than only as expressions."""
    kinds = {type(rule.when) for rule in document.rules}
    return Cells in kinds or Expression not in kinds


def _then(text: str, rule: RuleItem, output: Giving, was: Gives, now: Gives) -> str:
    raw = next((entry.value for entry in rule.then.entries if entry.key == output.name), None)
    if ruleform.is_written_only(raw, output) or _same(output, was, now):
        return text
    value = _value(now, output)
    if value is None and raw is None:
        return text
    return tried(f"then.{output.name}", lambda: editor.set_outcome(text, rule.id, output.name, value))


def _same(output: Giving, was: Gives, now: Gives) -> bool:
    if output.shape == "choices" and (was.formula, was.given) == (now.formula, now.given):
        return set(was.values) == set(now.values)
    return was == now


def _value(gives: Gives, output: Giving) -> Value | None:
    """Return what a rule gives as the document has it, None for nothing."""
    if not gives.given:
        return None
    if gives.formula:
        return f"= {gives.formula.removeprefix('=').strip()}"
    if output.shape in {"choices", "lines"}:
        return [_literal(each, output.of) for each in gives.values]
    return _literal(gives.values[0], output.type)


def _literal(text: str, of: FieldType | None) -> Value:
    if of is FieldType.NUMBER and not text.startswith("="):
        return Decimal(text)
    return text == "true" if of is FieldType.BOOLEAN and text in {"true", "false"} else text


def _reason(form: RuleForm) -> Text | None:
    zh, en = form.because["zh"], form.because["en"]
    return Text(zh or en, en or zh) if zh or en else None


def _whole(form: RuleForm, known: Known, document: PolicyDocument) -> dict[str, Value]:
    """Return a new rule as the document has it."""
    rule: dict[str, Value] = {"id": form.id}
    wanted = normal(form.tree)
    cells = cells_of(wanted, known.fields) if _has_rows(document) else None
    condition = text_of(wanted, known.fields)
    if cells:
        rule["when"] = {path: _cell(cell) for path, cell in cells.items()}
    elif condition:
        rule["when"] = condition
    values = {name: _value(form.then[name], output) for name, output in known.outputs.items()}
    rule["then"] = {name: value for name, value in values.items() if value is not None}
    reason = _reason(form)
    return rule if reason is None else {**rule, "because": reason}


def tried(name: str, edit: Callable[[], str]) -> str:
    """Return what an edit makes of a text.

    Raises:
        MistakesError: the result would not read; said under a name.
    """
    try:
        return edit()
    except SourceError as error:
        raise MistakesError({name: [each.text(language.chosen()) for each in error.findings[:3]]}) from error


def _cell(cell: editor.Cell) -> Value:
    if isinstance(cell, str):
        return editor.typed(cell)
    return [_cell(each) for each in cell] if isinstance(cell, Sequence) else cell


def _clean(form: RuleForm, known: Known) -> RuleForm:
    """Return a form with its numbers as documents write them."""
    then = {name: _clean_gives(form.then[name], each) for name, each in known.outputs.items()}
    return replace(form, tree=clean(form.tree, known), then=then)


def clean(tree: Group, known: Known) -> Group:
    """Return a condition with its numbers as documents write them."""
    return replace(tree, parts=tuple(_clean_part(each, known) for each in tree.parts))


def _clean_part(part: Part, known: Known) -> Part:
    if isinstance(part, Group):
        return replace(part, parts=tuple(_clean_part(each, known) for each in part.parts))
    if isinstance(part, Free):
        return part
    field = known.fields.get(part.path)
    numbers = part.how in DAYS or (
        field is not None and part.how is not How.TEST and type_of(field) is FieldType.NUMBER
    )
    return replace(part, values=tuple(map(_number, part.values))) if numbers else part


def _clean_gives(gives: Gives, output: Giving) -> Gives:
    of = output.of if output.type is FieldType.LIST else output.type
    return replace(gives, values=tuple(map(_number, gives.values))) if of is FieldType.NUMBER else gives


def _number(text: str) -> str:
    """Return a number without the signs people part its digits with; anything else, and a plain one, as it is."""
    if is_formula(text) or fits(text, _ANY_NUMBER):
        return text
    try:
        return plain(number(text))
    except ValueError:
        return text
