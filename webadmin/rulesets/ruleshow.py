"""The form of a rule as its page shows it: every part of the condition with its inputs, and as words to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from policy.conditions import Free, Group, How, Line, Part, is_formula
from policy.conditions.literals import fits, type_of
from policy.conditions.tree import BARE, DAYS, MANY
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import Text
from webadmin import filters, words
from webadmin.filling.controls import shown
from webadmin.rulesets.comparing import needed, offered, word
from webadmin.rulesets.known import Known
from webadmin.rulesets.ruleform import DEEPEST, is_free, typed_value

Said = Mapping[str, Sequence[tuple[str, str]]]
"""Grade and sentence of what is wrong, by the name of the input."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One input for values: `number`, `date`, `text`, `choice`, `many`, `lines` or `area`.

    Attributes:
        names: Choice → what people call it.
    """

    id: str
    shape: str
    label: str
    values: tuple[str, ...]
    choices: tuple[str, ...] = ()
    example: str = ""
    names: Mapping[str, Text] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """Return what stands in it."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of a condition.

    Attributes:
        kind: `group`, `line` or `text`.
        id: Its place in the form.
        number: Among the parts of its group, from 1.
        parts: Of a group.
        join: Of a group.
        text: Of a line the words it says, of FEEL the text.
        hows: Comparisons that can be chosen, each with its word.
        free: Whether values are typed as formulas; None where that is no question.
    """

    kind: str
    id: str
    number: int
    source: str
    parts: tuple[Shown, ...] = ()
    join: str = ""
    deep: bool = False
    text: str = ""
    path: str = ""
    how: str = ""
    hows: tuple[tuple[str, str], ...] = ()
    entries: tuple[Entry, ...] = ()
    unit: str = ""
    free: bool | None = None


def show(part: Part, known: Known, number: int = 1) -> Shown:
    """Return a part of a condition as its page shows it."""
    if isinstance(part, Group):
        parts = tuple(show(each, known, at) for at, each in enumerate(part.parts, 1))
        deep = part.id.count(".") >= DEEPEST - 1
        return Shown("group", part.id, number, part.source, parts, str(part.join), deep)
    if isinstance(part, Free):
        return Shown("text", part.id, number, part.source, text=part.text)
    return _line(part, known, number)


def field_of(line: Line, known: Known) -> Field:
    """Return the field of a line; of one that is not known, with no type."""
    return known.fields.get(line.path) or Field(line.path, FieldType.CONTEXT)


def _line(line: Line, known: Known, number: int) -> Shown:
    declared = field_of(line, known)
    hows = [*offered(declared)]
    if line.how not in hows:
        hows.append(line.how)
    plain = line.how in BARE or line.how in DAYS or line.how is How.TEST or declared.type is FieldType.CONTEXT
    free = None if plain else is_free(line, declared)
    return Shown(
        "line",
        line.id,
        number,
        line.source,
        text=_sentence(line, declared),
        path=line.path,
        how=str(line.how),
        hows=tuple((str(each), word(each, declared)) for each in hows),
        entries=tuple(replace(each, names=declared.names) for each in _entries(line, declared, free=bool(free))),
        unit=_unit(line, declared, known, free=bool(free)),
        free=free,
    )


def _entries(line: Line, field: Field, *, free: bool) -> list[Entry]:
    """Return the inputs for the values of a line."""
    values = tuple(typed_value(each, field, free=free) for each in line.values)
    count = needed(line.how)
    name = f"{line.id}.value"
    choices = () if free or line.how is How.TEST else tuple(map(shown, field.one_of or ()))
    if count is None:
        if choices:
            rest = tuple(each for each in values if each not in choices)
            return [Entry(name, "many", gettext("Values"), values, (*choices, *rest))]
        return [Entry(name, "lines", gettext("Values, one on each line"), ("\n".join(values),))]
    labels = [gettext("Lower end"), gettext("Upper end")] if count == 2 else [gettext("Value")]
    found = []
    for at, label in enumerate(labels[:count]):
        value = values[at] if at < len(values) else ""
        shape = _shape(line, field, value, choices, free=free)
        offered_here = choices if not value or value in choices else (*choices, value)
        example = words.TYPE_EXAMPLES.get(type_of(field), "") if not free else ""
        found.append(Entry(f"{name}-{at}", shape, label, (value,), offered_here if shape == "choice" else (), example))
    return found


def _shape(line: Line, field: Field, value: str, choices: tuple[str, ...], *, free: bool) -> str:
    if "\n" in value:
        return "area"
    if line.how in DAYS:
        return "number"
    if free or line.how is How.TEST:
        return "feel"
    if choices:
        return "choice"
    kind = type_of(field)
    if kind is FieldType.DATE and (not value or fits(value, field)):
        return "date"
    return {FieldType.NUMBER: "number", FieldType.CONTEXT: "feel"}.get(kind, "text")


def _unit(line: Line, field: Field, known: Known, *, free: bool) -> str:
    if line.how in DAYS:
        return str(gettext("days"))
    bare = free or line.how in BARE or line.how is How.TEST or field.unit is None
    return "" if bare or field.unit is None else filters.unit(field.unit, known.fields)


def _sentence(line: Line, field: Field) -> str:
    """Return a line in words: `Order amount ≥ ¥500,000.00`."""
    if line.how in (How.TRUE, How.FALSE):
        return str(gettext("%(name)s: %(what)s", name=filters.called(field), what=word(line.how, field)))
    values = [_said(each, line, field) for each in line.values]
    text = word(line.how, field)
    if line.how in MANY:
        values = [gettext(", ").join(values)]
    for value in values:
        text = text.replace("…", value, 1) if "…" in text else f"{text} {value}"
    return f"{filters.called(field)} {text}"


def _said(value: str, line: Line, field: Field) -> str:
    if line.how in DAYS or line.how is How.TEST:
        return value
    if is_formula(value):
        return value.lstrip()[1:].strip()
    if type_of(field) is FieldType.NUMBER and fits(value, field):
        return filters.quantity(Decimal(value), field.unit)
    if type_of(field) is FieldType.DATE and fits(value, field):
        return filters.day(date.fromisoformat(value))
    if type_of(field) is FieldType.BOOLEAN and value in {"true", "false"}:
        return filters.shown(value == "true")
    return str(filters.worded(value, field))
