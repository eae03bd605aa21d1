"""What derived values are, as the fields they stand beside: type, unit, names of values, label."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from policy.feel import types as feel
from policy.linker.questions import taken_type
from policy.model.document import Ask, PolicyDocument, Worked
from policy.model.fields import Field, field_of
from policy.model.ruleset import Part, Question, RuleSet


def made(
    document: PolicyDocument, derived: Mapping[str, Part | Question], asked: Mapping[str, RuleSet]
) -> dict[str, Field]:
    """Return what each derived value is, by name.

    Args:
        document: The policy as written.
        derived: How each is made, linked.
        asked: The policies it asks, by id.

    Returns:
        One that is asked for takes names, and a label where it has none of its own, from the output that is taken.
    """
    fields = {}
    for name, how in derived.items():
        field = field_of(name, how.checked.type) if isinstance(how, Part) else _taken(name, how, asked[how.policy])
        written = document.derived[name]
        label = written.label if isinstance(written, Ask | Worked) else None
        share = True if isinstance(written, Worked) and written.share else None
        fields[name] = dataclasses.replace(field, label=label or field.label, share=share)
    return fields


def _taken(name: str, question: Question, other: RuleSet) -> Field:
    field = field_of(name, taken_type(other, question.take) or feel.AnyType())
    output = other.outputs.get(question.take)
    if output is None:
        return field
    return dataclasses.replace(field, scale=output.scale, label=output.label, names=output.names)
