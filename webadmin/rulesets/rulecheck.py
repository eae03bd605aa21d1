"""What has the wrong shape in the form of a rule, said where it was typed; what it means is the engine's to say."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext

from policy.conditions import Free, Group, How, Line, Part, is_formula, normal
from policy.conditions.literals import fits, type_of
from policy.conditions.reading import names_of
from policy.conditions.tree import BARE, DAYS, walk
from policy.errors import ExpressionError, Finding, Place
from policy.feel import parse, parse_tests
from policy.model.document import FieldType
from policy.model.fields import Field
from webadmin import language, words
from webadmin.filling.controls import number
from webadmin.rulesets.known import Giving, Known
from webadmin.rulesets.ruleform import Gives, RuleForm
from webadmin.rulesets.ruletext import Said

_EXAMPLES = {**words.TYPE_EXAMPLES, FieldType.DATE: "2026-03-01", FieldType.BOOLEAN: "true"}


def mistakes(form: RuleForm, known: Known) -> Said:
    """Return what cannot be written, by the name of its input."""
    names = names_of(known.fields)
    said = of_condition(form.tree, known)
    said.update({f"then.{name}": _wrong_output(form.then[name], each, names) for name, each in known.outputs.items()})
    if not form.id:
        said["id"] = [gettext("Give the rule a name: lower case letters, digits and hyphens.")]
    return {name: each for name, each in said.items() if each}


def of_condition(tree: Group, known: Known) -> Said:
    """Return what of a condition cannot be written, by the place of its part."""
    names = names_of(known.fields)
    return {part.id: found for part in walk(tree) if (found := _wrong(part, known, names))}


def has_gaps(form: RuleForm, known: Known) -> bool:
    """Say whether nothing is wrong but that lines have no value yet: somebody is still at it."""
    found = mistakes(form, known)
    found.pop("id", None)
    return bool(found) and not without_gaps(found)


def without_gaps(said: Said) -> Said:
    """Return what is wrong but for values that are not there yet."""
    gaps = {gettext("Give a value."), gettext("Give at least one value.")}
    rest = {name: [each for each in below if each not in gaps] for name, below in said.items()}
    return {name: below for name, below in rest.items() if below}


def emptiness(form: RuleForm, known: Known) -> Said:
    """Return what is wrong with a rule that says neither when it holds nor what it gives; nothing with any other.

    Where every output has a default the language has a use for such a rule: it holds, and the defaults count.
    """
    owed = [f"then.{name}" for name, each in known.outputs.items() if each.owed]
    if normal(form.tree).parts or any(each.given for each in form.then.values()) or not owed:
        return {}
    said = gettext("Say when the rule holds, or what it gives: it says neither yet.")
    return {"when": [said], owed[0]: [said]}


def _wrong(part: Part, known: Known, names: frozenset[str]) -> list[str]:
    if isinstance(part, Free):
        return _unreadable(lambda: parse(part.text, names), part.text) if part.text.strip() else []
    if not isinstance(part, Line) or not part.path or part.how in BARE:
        return []
    if not part.values:
        return [gettext("Give at least one value.")]
    field = known.fields.get(part.path) or Field(part.path, FieldType.CONTEXT)
    found = [_wrong_value(each, part, field, names) for each in part.values]
    return [each for each in dict.fromkeys(found) if each]


def _wrong_value(value: str, line: Line, field: Field, names: frozenset[str]) -> str:
    if not value:
        return str(gettext("Give a value."))
    if line.how is How.TEST:
        return "; ".join(_unreadable(lambda: parse_tests(value, names), value))
    if line.how in DAYS:
        digits = _number(value)
        whole = digits is not None and 0 <= digits < 1_000_000
        return "" if whole else str(gettext("“%(text)s” is not a number of days; write it as in 90", text=value[:80]))
    return _wrong_literal(value, type_of(field), names)


def _wrong_literal(value: str, of: FieldType, names: frozenset[str]) -> str:
    if of is FieldType.CONTEXT or is_formula(value):
        formula = value if of is FieldType.CONTEXT else value.lstrip()[1:]
        return "; ".join(_unreadable(lambda: parse(formula, names), formula))
    if of is FieldType.NUMBER:
        try:
            number(value)
        except ValueError as error:
            return str(error)
        return ""
    if fits(value, Field("?", of)):
        return ""
    told = {"text": value[:80], "type": words.TYPES[of], "example": _EXAMPLES.get(of, "…")}
    return str(gettext("“%(text)s” does not fit here; expected: %(type)s, as in %(example)s", **told))


def _wrong_output(gives: Gives, output: Giving, names: frozenset[str]) -> list[str]:
    if output.shape == "raw" or not gives.given:
        return []
    if gives.formula:
        return _unreadable(lambda: parse(gives.formula.removeprefix("="), names), gives.formula)
    of = output.of if output.type is FieldType.LIST else output.type
    found = [_wrong_literal(each, of or FieldType.STRING, names) for each in gives.values]
    return [each for each in dict.fromkeys(found) if each]


def _number(text: str) -> int | None:
    try:
        found = number(text)
    except ValueError:
        return None
    return int(found) if found == found.to_integral_value() and abs(found) < 10**9 else None


def _unreadable(read: Callable[[], object], text: str) -> list[str]:
    """Return why FEEL cannot be read; nothing where it can."""
    try:
        read()
    except ExpressionError as error:
        finding = Finding(error.code, Place(text, 1, error.start + 1), error.values)
        return [finding.text(language.chosen())]
    return []
