"""What stands in the cells of a grid, in words: as the table says it that people read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from policy.engine import Policy
from policy.errors import Finding
from policy.model.document import PolicyDocument
from policy.values import Language, Text
from webadmin.library import Look
from webadmin.rulesets import saidtable, sound, table
from webadmin.wording.speech import Speech

NOTHING = "[]"
"""An empty list as a table has it; a cell of a grid is empty then."""

Place = tuple[str, str, str, str]
"""Id of the rule, sort of the cell, field or output, and what stands there as it is written."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a grid.

    Attributes:
        cells: Place → what it says; none where the grid is to show what is written.
        reasons: Rule and its reason → the reason with the names of the values it will hold.
        faults: Rule that cannot be read → why.
    """

    cells: Mapping[Place, Markup] = field(default_factory=dict)
    reasons: Mapping[tuple[str, Text], Markup] = field(default_factory=dict)
    faults: Mapping[str, Finding] = field(default_factory=dict)


def words(look: Look, language: Language, *, source: bool) -> Words:
    """Return what the cells of a draft say, of one that does not load those of its sound rules.

    Where more than rules and tests is wrong with it, it is what the policy in effect says of the same.

    Args:
        look: At the draft.
        language: The reader's.
        source: Whether cells are to show what is written.
    """
    policy, faults = sound.policy(look) or look.before, sound.faults(look)
    if policy is None:
        return Words(faults=faults)
    written = table.rule_table(policy.rule_set.document, {**policy.rule_set.fields, **policy.rule_set.made})
    said = saidtable.rule_table(policy, language, links=False)
    rows = list(zip(written.rows, said.rows, strict=True))
    reasons = {
        (row.id, row.because): told.because
        for row, told in rows
        if isinstance(row.because, Text) and isinstance(told.because, Markup)
    }
    reasons |= dict(_reasons(look, policy, faults, language))
    cells = {} if source else {at: told for at, told in _cells(written, said) if at[0] not in faults}
    return Words(cells, reasons, faults)


def _reasons(
    look: Look, policy: Policy, faulty: Collection[str], language: Language
) -> Iterator[tuple[tuple[str, Text], Markup]]:
    """Yield the reasons of faulty rules: they can be read though their conditions cannot."""
    document, speech = look.document, Speech(policy.rule_set, language, links=False)
    for rule in document.rules if isinstance(document, PolicyDocument) else ():
        if rule.id in faulty and rule.because is not None:
            yield (rule.id, rule.because), speech.reason(rule.because)


def _cells(written: table.RuleTable, said: table.RuleTable) -> Iterator[tuple[Place, Markup]]:
    inputs, outputs = [each.name for each in written.inputs], [each.name for each in written.outputs]
    for row, told in zip(written.rows, said.rows, strict=True):
        found: list[tuple[tuple[str, str, object], object]] = [
            (("when", "", row.condition), told.condition),
            *((("cell", name, raw), words) for name, raw, words in zip(inputs, row.cells, told.cells, strict=True)),
            *((("then", name, raw), words) for name, raw, words in zip(outputs, row.then, told.then, strict=True)),
        ]
        for (sort, part, value), words in found:
            if isinstance(value, str) and isinstance(words, Markup):
                yield (row.id, sort, part, "" if value == NOTHING else value), words
