"""What a rule of a policy may name: fields and derived values it can ask about, outputs it can give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from policy.kinds import section_output
from policy.kinds.labels import ids_of, labels_of
from policy.model.document import (
    FieldOptions,
    FieldType,
    OutputOptions,
    PolicyDocument,
)
from policy.model.fields import Field
from policy.model.ruleset import Output
from policy.model.written import Scalar
from policy.values import Text
from webadmin.filling.controls import shown
from webadmin.library import Look
from webadmin.rulesets import declaring, table, taking


@dataclass(frozen=True, slots=True)
class Giving:
    """One output a rule may give.

    Attributes:
        choices: Values it may have, as typed; empty: any.
        names: Choice → what people call it; of rows of a section their labels.
        owed: Whether a decision lacks it where no rule gives it: it has no default, and is not optional.
        by_section: Whether the kind's section gives it, so that no rule may.
    """

    name: str
    type: FieldType
    of: FieldType | None
    choices: tuple[str, ...]
    unit: str | None
    label: Text | None
    names: Mapping[str, Text] = field(default_factory=dict)
    owed: bool = False
    by_section: bool = False

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
        shared: What the vocabulary declares, by path, without what no rule may ask for.
    """

    fields: Mapping[str, Field]
    derived: frozenset[str]
    outputs: Mapping[str, Giving]
    shared: Mapping[str, FieldOptions] = field(default_factory=dict)

    @property
    def groups(self) -> list[tuple[bool, list[tuple[str, Text | None]]]]:
        """Return what a line can name: first what is known, then what is worked out, with labels."""
        groups: list[tuple[bool, list[tuple[str, Text | None]]]] = [(False, []), (True, [])]
        for path, each in self.fields.items():
            groups[path in self.derived][1].append((path, each.label))
        return [each for each in groups if each[1]]

    def names(self, part: str) -> Mapping[str, Text]:
        """Return what people call the values of a field or an output."""
        found = self.outputs.get(part) or self.fields.get(part)
        return {} if found is None else found.names


def known(look: Look) -> Known:
    """Return what the rules of a policy may name; of one that does not load, as far as it was known before."""
    policy = look.policy or look.before
    document = look.document
    if not isinstance(document, PolicyDocument):
        msg = f"{look.name} is no policy"
        raise TypeError(msg)
    rule_set = policy.rule_set if policy is not None else None
    shared = taking.among(look.prepared.policies.documents)
    declared = _declared(look, document, shared)
    inputs = {table.in_rules(path, document): each for path, each in declared.items()}
    fields = {path: each for path, each in inputs.items() if "[]" not in path}
    worked_out = rule_set.made if rule_set is not None else {}
    made = {name: worked_out.get(name) or declaring.unknown(name, how) for name, how in document.derived.items()}
    outputs = rule_set.outputs if rule_set is not None and look.policy is not None else {}
    rows = document.section
    giving = {name: _giving(name, outputs.get(name), each, rows) for name, each in document.outputs.items()}
    own = section_output(document.section)
    if own in giving:
        giving[own] = replace(giving[own], owed=False, by_section=True)
    return Known({**fields, **made}, frozenset(made), giving, shared)


def with_approver(look: Look, known: Known) -> Known:
    """Return what a condition on somebody who could approve may name besides: what is declared of the `approvers`."""
    document = look.document
    if not isinstance(document, PolicyDocument):
        return known
    declared = _declared(look, document, known.shared)
    own = {path: each for path, each in declared.items() if path.startswith(_APPROVERS)}
    told = {f"{_APPROVER}{path.removeprefix(_APPROVERS)}": each for path, each in own.items()}
    return replace(known, fields={**{path: replace(each, path=path) for path, each in told.items()}, **known.fields})


_APPROVERS, _APPROVER = "approvers[].", "approver."


def _declared(look: Look, document: PolicyDocument, shared: Mapping[str, FieldOptions]) -> Mapping[str, Field]:
    """Return the inputs by their paths in facts; of a policy that does not load, as far as they are known."""
    policy = look.policy or look.before
    declared = policy.rule_set.fields if policy is not None else {}
    return declared if look.policy is not None else {**declared, **declaring.inputs(document, shared)}


def _giving(name: str, output: Output | None, written: OutputOptions, section: object) -> Giving:
    if output is not None:
        choices = tuple(map(shown, output.one_of or ()))
        owed = not output.has_default and not output.optional
        return Giving(name, output.type, output.of, choices, output.unit, output.label, output.names, owed)
    texts: Any = tuple(each.text for each in written.one_of or () if isinstance(each, Scalar))
    texts = texts or ids_of(section, str(written.of))
    of = FieldType(written.of) if written.of in set(FieldType) else FieldType.STRING if written.of else None
    owed = written.default is None and not written.optional
    names = written.names or labels_of(section, str(written.of))
    return Giving(name, written.type, of, texts, written.unit, written.label, names, owed)
