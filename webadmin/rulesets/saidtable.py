"""The rules of a policy as a table in words: every cell says below its heading what it asks or gives."""

from __future__ import annotations

from dataclasses import replace

from policy.engine import Policy
from policy.model.ruleset import Rule
from policy.values import Language
from webadmin.rulesets import table
from webadmin.rulesets.table import Row, RuleTable
from webadmin.wording.speech import Speech


def rule_table(policy: Policy, language: Language, *, links: bool = True) -> RuleTable:
    """Lay the rules of a policy out as a table in a reader's language; its columns are those of what is written.

    Args:
        policy: The policy.
        language: The reader's.
        links: Whether the name of a derived value leads to where the page says what it is.
    """
    speech, rules = Speech(policy.rule_set, language, links=links), policy.rule_set
    written = table.rule_table(rules.document, {**rules.fields, **rules.made})
    columns = tuple(column.name for column in written.inputs), tuple(column.name for column in written.outputs)
    rows = (_said(row, rule, columns, speech) for row, rule in zip(written.rows, rules.rules, strict=True))
    return replace(written, rows=tuple(rows))


def _said(row: Row, rule: Rule, columns: tuple[tuple[str, ...], tuple[str, ...]], speech: Speech) -> Row:
    """Return one rule of a table in words; what stands in no cell stays empty."""
    inputs, outputs = columns
    cells = {part.subject: speech.cell(part) for part in rule.when if part.subject is not None}
    given = {name: speech.given(name, value) for name, value in rule.then.items()}
    return replace(
        row,
        condition=None if row.condition is None else speech.condition(rule.when),
        cells=tuple(cells.get(name) for name in inputs),
        then=tuple(given.get(name) for name in outputs),
        because=None if rule.because is None else speech.reason(rule.because),
    )
