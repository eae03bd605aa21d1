"""A policy as tables: cells as written, and the sections of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.engine import Policies, load, load_folder
from policy.kinds import SECTIONS
from policy.values import Text
from webadmin import keywords
from webadmin.rulesets import table

TEXT = """\
policy: scorecard.written
title: As written
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.staff: {type: number, unit: people, label: {zh: 人数, en: Staff}}
  - customer.kind: {type: string, one_of: [shop, plant, other]}
derived:
  customer.double: customer.staff * 2
outputs:
  size: {type: string, one_of: [large, small]}
  note: {type: string, default: none}
hit_policy: first
rules:
  - {id: one, when: {customer.kind: [shop, plant], customer.staff: "[1..5)"}, then: {size: small}}
  - {id: two, when: customer.double > 10, then: {size: large, note: double}, because: It is large}
  - {id: three, when: {customer.double: "-"}, then: {size: small}}
  - {id: four, then: {size: small}}
"""


@pytest.fixture(scope="module")
def written() -> table.RuleTable:
    rule_set = load(TEXT).rule_set
    return table.rule_table(rule_set.document, rule_set.fields)


def test_columns_are_the_fields_of_all_cells_in_order_of_the_inputs(written: table.RuleTable) -> None:
    assert [column.name for column in written.inputs] == ["customer.staff", "customer.kind", "customer.double"]
    assert written.inputs[0] == table.Column("customer.staff", Text("人数", "Staff"), "people")
    assert [column.name for column in written.outputs] == ["size", "note"]


def test_columns_of_the_items_rules_run_over_have_the_labels_of_the_list(rules: Path) -> None:
    rule_set = load_folder(rules)["incentive.quarterly"].rule_set
    found = [
        column
        for column in table.rule_table(rule_set.document, rule_set.fields).inputs
        if column.name.startswith("credit.")
    ]
    order = [f"credit.{path.removeprefix('credits[].')}" for path in rule_set.fields if path.startswith("credits[].")]

    assert len(found) > 3
    assert [column.name for column in found] == [name for name in order if name in {each.name for each in found}]
    assert all(column.label is not None for column in found)


def test_cells_stand_as_they_are_written(written: table.RuleTable) -> None:
    one, two, three, four = written.rows

    assert (one.cells, one.then) == (("[1..5)", "shop, plant", None), ("small", None))
    assert (two.condition, two.because) == ("customer.double > 10", Text("It is large", "It is large"))
    assert three.cells == (None, None, None)
    assert (four.condition, four.cells) == (None, (None, None, None))
    assert TEXT.splitlines()[one.line - 1].lstrip().startswith("- {id: one")


def test_derived_values_say_how_they_are_made(policies: Policies) -> None:
    assert table.derived(load(TEXT).rule_set.document) == [("customer.double", "customer.staff * 2", None)]
    asked = table.derived(policies["assignment.new-customer"].rule_set.document)
    assert [name for _, _, name in asked if name] == ["scorecard.customer-value"]


@pytest.fixture(scope="module")
def policies(rules: Path) -> Policies:
    return load_folder(rules)


def test_every_row_of_a_section_is_shown(policies: Policies) -> None:
    stages, separation = table.sections(policies["approval.order"].rule_set.document.section)

    assert (stages.name, separation.name) == ("stages", "separation")
    assert [row[0] for row in stages.tables[0].rows] == [
        "team-lead",
        "director",
        "legal",
        "margin",
        "finance",
        "general-manager",
    ]
    assert stages.tables[0].keys[:2] == ("id", "who")


def test_settings_stand_beside_the_tables(policies: Policies) -> None:
    sections = {each.name: each for each in table.sections(policies["incentive.quarterly"].rule_set.document.section)}

    assert dict(sections["bands"].settings)["base"] == "person.quota"
    assert sections["bands"].tables[0].rows[0] == ("0", "0.02")
    assert sections["period"].settings == (("period", "quarter"),)


def test_every_key_of_every_section_has_a_name(policies: Policies) -> None:
    shown = set()
    for policy in policies.values():
        for section in table.sections(policy.rule_set.document.section):
            shown |= {section.name, *(name for name, _ in section.settings)}
            shown |= {key for part in section.tables for key in (part.name, *part.keys) if key}

    assert shown - keywords.KEYS.keys() == set()


def test_every_top_key_has_a_name() -> None:
    keys = {field.rstrip("_") for section in SECTIONS.values() for field in section.__dataclass_fields__}

    assert keys - keywords.KEYS.keys() == set()
