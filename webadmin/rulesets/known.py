"""What a rule of a policy may name: fields and derived values it can ask about, outputs it can give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from policy.feel import types as feel
from policy.model.document import FieldType, OutputOptions, PolicyDocument
from policy.model.fields import Field
from policy.model.ruleset import Output, Part, Question, RuleSet
from policy.model.written import Scalar
from policy.values import Text
from webadmin.filling.controls import shown
from webadmin.library import Look
from webadmin.rulesets import table

_TYPES: Mapping[type, FieldType] = {
    feel.NumberType: FieldType.NUMBER,
    feel.StringType: FieldType.STRING,
    feel.BooleanType: FieldType.BOOLEAN,
    feel.DateType: FieldType.DATE,
    feel.TimeType: FieldType.TIME,
    feel.DateTimeType: FieldType.DATE_TIME,
    feel.DaysType: FieldType.DAYS_DURATION,
    feel.MonthsType: FieldType.MONTHS_DURATION,
}


@dataclass(frozen=True, slots=True)
class Giving:
    """One output a rule may give.

    Attributes:
        choices: Values it may have, as typed; empty: any.
        names: Value → what people call it.
    """

    name: str
    type: FieldType
    of: FieldType | None
    choices: tuple[str, ...]
    unit: str | None
    label: Text | None
    names: Mapping[str, Text] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        """Return what its editor is: `number`, `date`, `text`, `flag`, `choice`, `choices`, `lines` or `raw`."""
        if self.type is FieldType.LIST:
            return "choices" if self.choices else "lines" if self.of not in {None, FieldType.CONTEXT} else "raw"
        shapes = {FieldType.BOOLEAN: "flag", FieldType.CONTEXT: "raw", FieldType.NUMBER: "number"}
        if self.choices:
            return "choice"
        return shapes.get(self.type, "date" if self.type is FieldType.DATE else "text")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules of a policy may name.

    Attributes:
        fields: Inputs and derived values by the path conditions know them by; `context`: the type is not known.
        derived: Which of them are worked out.
        outputs: By name, in order.
    """

    fields: Mapping[str, Field]
    derived: frozenset[str]
    outputs: Mapping[str, Giving]


def known(look: Look) -> Known:
    """Return what the rules of a policy may name; of one that does not load, as far as it was known before."""
    policy = look.policy or look.before
    document = look.document
    if not isinstance(document, PolicyDocument):
        msg = f"{look.name} is no policy"
        raise TypeError(msg)
    rule_set = policy.rule_set if policy is not None else None
    declared = rule_set.fields if rule_set is not None else {}
    inputs = {table.in_rules(path, document): each for path, each in declared.items()}
    fields = {path: each for path, each in inputs.items() if "[]" not in path}
    made = {name: _derived(name, rule_set) for name in document.derived}
    outputs = rule_set.outputs if rule_set is not None and look.policy is not None else {}
    giving = {name: _giving(name, outputs.get(name), each) for name, each in document.outputs.items()}
    return Known({**fields, **made}, frozenset(made), giving)


def _derived(name: str, rule_set: RuleSet | None) -> Field:
    unknown = Field(name, FieldType.CONTEXT)
    made = rule_set.derived.get(name) if rule_set is not None else None
    if isinstance(made, Part):
        return _of_type(name, made.checked.type)
    if isinstance(made, Question) and rule_set is not None and made.policy in rule_set.asked:
        output = rule_set.asked[made.policy].outputs.get(made.take)
        if output is not None:
            return Field(name, output.type, output.of, output.one_of, output.unit, label=output.label)
    return unknown


def _of_type(name: str, of: feel.Type) -> Field:
    if isinstance(of, feel.ListType):
        inside = _of_type(name, of.of)
        return replace(inside, type=FieldType.LIST, of=inside.type)
    found = _TYPES.get(type(of), FieldType.CONTEXT)
    return Field(name, found, one_of=getattr(of, "one_of", None), unit=getattr(of, "unit", None))


def _giving(name: str, output: Output | None, written: OutputOptions) -> Giving:
    if output is not None:
        choices = tuple(map(shown, output.one_of or ()))
        return Giving(name, output.type, output.of, choices, output.unit, output.label, output.names)
    texts: Any = tuple(each.text for each in written.one_of or () if isinstance(each, Scalar))
    of = FieldType(written.of) if written.of in set(FieldType) else FieldType.STRING if written.of else None
    return Giving(name, written.type, of, texts, written.unit, written.label)
