"""Documents read from their text: whole, or every finding with its place."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.errors import Grade, Place
from policy.kinds.incentive import IncentiveSection
from policy.messages import document
from policy.model.document import (
    Ask,
    FieldType,
    HitPolicy,
    InputItem,
    PolicyDocument,
    ReferenceDocument,
    VocabularyDocument,
    Worked,
)
from policy.model.written import Cells, Entries, Expression, Items, Scalar
from policy.reader import Read, read
from policy.values import Language, Text
from tests.patience import HANGS

CASES = Path(__file__).resolve().parent.parent / "cases"
DOCUMENTS = {path.stem: path.read_text() for path in sorted((CASES / "documents").glob("*.yaml"))}
PROBLEMS: list[dict[str, Any]] = yaml.safe_load((CASES / "problems.yaml").read_text())


def placed(reading: Read) -> list[list[Any]]:
    return [[finding.code, finding.place.line, finding.place.column] for finding in reading.findings]


def swapped(swaps: Mapping[str, list[str]]) -> tuple[str, Read]:
    """Return a document of `documents/` with its changes, and the reading of it without them."""
    text = original = DOCUMENTS[next(iter(swaps))]
    for before, after in swaps.values():
        text = text.replace(before, after, 1)
    return text, read(original)


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case["name"])
def test_bad_text_gives_its_findings(case: dict[str, Any]) -> None:
    text, notes = swapped(case["swap"]) if "swap" in case else (case["text"].replace("NINES", "9" * 5_000), None)

    got = read(text)

    known = {code for code, _, _ in placed(notes)} if notes else set()
    expected = {code for code, _, _ in case["expect"]}
    assert sorted(each for each in placed(got) if each[0] not in known - expected) == sorted(case["expect"])
    said = [finding.text(language) for finding in got.findings for language in Language]
    for phrase in case.get("says", ()):
        assert any(phrase in sentence for sentence in said), said
    mended = [finding.values.get("mended") for finding in got.findings]
    assert case.get("mended") in [*mended, None], mended
    assert (got.document is None) == any(finding.grade is Grade.ERROR for finding in got.findings)


@pytest.mark.parametrize("case", [case for case in PROBLEMS if "mended" in case], ids=lambda case: case["name"])
def test_the_mended_line_mends(case: dict[str, Any]) -> None:
    text = swapped(case["swap"])[0] if "swap" in case else case["text"]
    lines = text.split("\n")
    for finding in read(text).findings:
        line = lines[finding.place.line - 1]
        mended = finding.values.get("mended")
        lines[finding.place.line - 1] = line[: len(line) - len(line.lstrip())] + str(mended) if mended else line

    left = {finding.code for finding in read("\n".join(lines)).findings}

    assert not left & {"unreadable-value", "split-at-comma", "range-as-list", "cut-by-comment", "colon-without-space"}


def test_every_sentence_about_texts_is_seen_in_a_case() -> None:
    seen = {code for case in PROBLEMS for code, _, _ in case["expect"]}
    elsewhere = {"too-large", "not-utf-8", "more-findings", "too-deep", "too-many-nodes", "too-many-keys", "wrong-file"}

    values = {"suggestion", "mended", "ranges"}
    assert {code for code in document.MESSAGES if not code.startswith("edit-")} - values == seen | elsewhere


def policy(name: str) -> PolicyDocument:
    document = read(DOCUMENTS[name]).document
    assert isinstance(document, PolicyDocument)
    return document


def scalar(text: str, *, plain: bool, at: tuple[int, int]) -> tuple[str, bool, Place]:
    return text, plain, Place("<text>", *at)


def test_every_part_of_a_policy_is_read() -> None:
    document = policy("approval")

    assert document.policy == "approval.order"
    assert document.kind == "approval"
    assert document.title == Text(zh="订单分级审批", en="Tiered order approval")
    assert document.subject.about == ("customer.id", "requester.id")
    assert [each.path for each in document.inputs][:3] == ["order.id", "order.amount", "order.discount"]
    assert document.outputs["stages"].type is FieldType.LIST
    assert document.hit_policy is HitPolicy.COLLECT
    assert [rule.id for rule in document.rules] == ["key-account", "steep-discount", "any-discount", "list-price"]
    assert document.places["rules"] == Place("<text>", 30, 1)
    assert document.text == DOCUMENTS["approval"]
    assert re.fullmatch("sha256:[0-9a-f]{64}", document.digest)


def test_an_input_is_a_path_alone_or_with_options() -> None:
    alone, refined = policy("approval").inputs[1:3]

    assert isinstance(alone, InputItem)
    assert (alone.place, alone.options.default) == (Place("<text>", 10, 5), None)
    assert isinstance(refined.options.default, Scalar)
    assert refined.options.default.text == "0"


def test_a_derived_value_is_an_expression_or_asks_another_policy() -> None:
    derived = policy("approval").derived
    asked = policy("assignment").derived["customer.grade"]

    assert isinstance(derived["order.net"], Expression)
    assert isinstance(asked, Ask)
    assert (asked.policy, asked.take) == ("scorecard.customer-value", "grade")
    assert asked.with_["customer.annual_revenue"].text == "customer.deal_value * 4"


def test_a_derived_value_may_have_a_label() -> None:
    label = Text(zh="净额", en="Net")
    before, asking = DOCUMENTS["approval"], "customer.grade: {policy: scorecard.customer-value, take: grade"
    text = before.replace(
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {is: order.amount * (1 - order.discount), label: {zh: 净额, en: Net}}",
    ).replace(asking, f"{asking}, label: Grade")
    made = read(text).document

    assert isinstance(made, PolicyDocument)
    worked, asked = made.derived["order.net"], made.derived["customer.grade"]
    assert isinstance(worked, Worked)
    assert (worked.is_.text, worked.label) == ("order.amount * (1 - order.discount)", label)
    assert (worked.is_.place, worked.place) == (Place("<text>", 21, 19), Place("<text>", 21, 14))
    assert isinstance(asked, Ask)
    assert (asked.take, asked.label) == ("grade", Text(zh="Grade", en="Grade"))
    assert made.digest != policy("approval").digest  # a label is part of the text, and so of the revision


def test_a_condition_is_an_expression_or_cells() -> None:
    expression, cells = (rule.when for rule in policy("approval").rules[:2])

    assert isinstance(expression, Expression)
    assert expression.place == Place("<text>", 32, 11)
    assert isinstance(cells, Cells)
    discount, tier = cells.cells
    assert (discount.key, discount.place) == ("order.discount", Place("<text>", 35, 33))
    assert isinstance(tier.value, Items)


def test_a_value_keeps_what_was_written_for_the_schema_to_decide() -> None:
    text = DOCUMENTS["approval"].replace(
        "amount: 100}", "amount: 012, a: NO, b: 'NO', c: 1_000, d: 1e3, e: 1:30, f: 2026-01-01, g: on, h: [-0.50]}"
    )
    document = read(text).document
    assert isinstance(document, PolicyDocument)

    order = document.tests[0].given.entries[0].value

    assert isinstance(order, Entries)
    written = {entry.key: entry.value for entry in order.entries}
    texts = {key: (value.text, value.plain) for key, value in written.items() if isinstance(value, Scalar)}
    assert texts == {
        "id": ("o1", True),
        "amount": ("012", True),
        "a": ("NO", True),
        "b": ("NO", False),
        "c": ("1_000", True),
        "d": ("1e3", True),
        "e": ("1:30", True),
        "f": ("2026-01-01", True),
        "g": ("on", True),
    }


def test_numbers_of_a_section_are_exact() -> None:
    section = policy("incentive").section

    assert isinstance(section, IncentiveSection)
    assert section.bands is not None
    assert [row.rate for row in section.bands.rows] == [Decimal("0.02"), Decimal("0.03"), Decimal("0.05")]


def test_a_number_where_feel_is_expected_is_feel_as_written() -> None:
    document = read(DOCUMENTS["incentive"].replace("measure: credited / person.quota", "measure: 1.50")).document

    assert isinstance(document, PolicyDocument)
    assert isinstance(document.section, IncentiveSection)
    assert document.section.measure is not None
    assert document.section.measure.text == "1.50"


def test_a_folded_expression_is_placed_line_by_line() -> None:
    section = policy("incentive").section
    assert isinstance(section, IncentiveSection)
    add = section.adjustments[1].add
    assert add is not None

    place = add.marks.at(add.text.index("refunds"))

    assert add.text == "-sum(concatenate([0], refunds.commission_paid))"
    assert place == Place("<text>", 33, 7)


def test_a_text_alone_means_both_languages() -> None:
    name = policy("approval").tests[0].name

    assert name.zh == name.en == "a key account always goes to finance"


def test_a_vocabulary_is_known_by_its_top_key() -> None:
    document = read(DOCUMENTS["vocabulary"]).document

    assert isinstance(document, VocabularyDocument)
    assert "客户.等级" in document.fields
    assert document.fields["person.health"].class_ == "forbidden"  # type: ignore[index]


def test_a_reference_table_keeps_its_columns_as_written() -> None:
    document = read(DOCUMENTS["reference"]).document

    assert isinstance(document, ReferenceDocument)
    first, second = document.rows
    assert (first.from_, first.until, second.until) == (date(2025, 7, 1), None, date(2025, 7, 1))
    assert list(first.cells) == ["region", "amount"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_sound_documents_have_notes_only(name: str) -> None:
    reading = read(DOCUMENTS[name])

    assert reading.document is not None
    assert {finding.grade for finding in reading.findings} <= {Grade.NOTE}


def test_shipped_documents_are_sound(rules: Path) -> None:
    for path in sorted(rules.rglob("*.yaml")):
        reading = read(path)
        assert reading.document is not None, "\n".join(str(each.to_data()) for each in reading.findings)


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "approval" / "order.yaml"
    file.parent.mkdir()
    file.write_text(DOCUMENTS["approval"])

    reading = read(file)

    assert reading.name == str(file)
    assert reading.document is not None
    assert reading.document.place == Place(str(file), 1, 1)


@pytest.mark.parametrize(
    ("folder", "name", "text", "column"),
    [
        ("approval", "orders", "approval", 9),
        ("penalty", "order", "approval", 9),
        ("reference", "wages", "reference", 12),
    ],
)
def test_a_file_is_called_like_its_document(tmp_path: Path, folder: str, name: str, text: str, column: int) -> None:
    file = tmp_path / folder / f"{name}.yaml"
    file.parent.mkdir()
    file.write_text(DOCUMENTS[text])

    reading = read(file)

    assert reading.document is None
    assert ["wrong-file", 1, column] in placed(reading)


def test_a_name_can_be_given() -> None:
    assert read("- a\n", name="draft").findings[0].place.source == "draft"


def test_bytes_are_read_like_text() -> None:
    assert read(DOCUMENTS["approval"].encode()).document == read(DOCUMENTS["approval"]).document


def test_a_text_without_canonical_form_has_none() -> None:
    reading = read("a: \0\n")

    assert (reading.document, reading.text) == (None, "")
    assert placed(reading) == [["forbidden-character", 1, 4]]


def test_many_findings_are_listed_up_to_a_bound() -> None:
    reading = read("policy: approval.x\n" + "".join(f"key-{number}: 1\n" for number in range(5_000)))

    assert len(reading.findings) == 201
    assert [each for each in reading.findings if each.code == "more-findings"]
    assert reading.document is None


def test_many_notes_hide_no_error_and_refuse_nothing() -> None:
    stages = "".join(f"  - {{id: s{number}, who: x, within: P1D}}\n" for number in range(250))
    text = DOCUMENTS["approval"].replace("\nstages:\n", f"\nstages:\n{stages}")

    fine, bad = read(text), read(text.replace("need: 2", "need: two"))

    assert isinstance(fine.document, PolicyDocument)
    assert len(fine.findings) == 201
    assert [finding.code for finding in bad.findings if finding.grade is Grade.ERROR] == ["wrong-whole-number"]
    assert bad.document is None


def test_reading_a_large_policy_does_not_grow_with_its_square() -> None:
    rule = "  - {{id: r{0}, when: {{order.amount: '>= {0}', customer.tier: A}}, then: {{stages: []}}, because: r{0}}}\n"
    head, _, tail = DOCUMENTS["approval"].partition("rules:\n")
    text = head + "rules:\n" + "".join(rule.format(number) for number in range(5_000)) + tail

    begun = time.process_time()
    reading = read(text)
    took = time.process_time() - begun

    assert isinstance(reading.document, PolicyDocument)
    assert len(reading.document.rules) == 5_004
    assert took < HANGS, f"{len(text.encode())} bytes took {took:.2f} s of processor time"
