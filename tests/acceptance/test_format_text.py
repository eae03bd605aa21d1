"""Rules of the text: canonical form and digest, types from the schema, ids, keys, and what YAML may not do."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

import policy
from tests.acceptance.support import DAY, document, errors, facts, findings, said, truth, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = """\
policy: scorecard.t
title: {zh: 测试, en: A test}      # 注释
owner: o
language: 1
subject: {id: s.id, about: [s.id]}
inputs:
  - s.id: {type: string}
outputs: {r: {type: string, one_of: [no, yes]}}
hit_policy: first
rules:
  - {id: all, then: {r: yes}}
"""


def sha256(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


# --- canonical text and digest


@pytest.mark.parametrize(
    ("why", "written"),
    [
        ("as it is", PLAIN.encode()),
        ("a browser's CRLF", PLAIN.replace("\n", "\r\n").encode()),
        ("a BOM before it", b"\xef\xbb\xbf" + PLAIN.encode()),
        ("no newline at the end", PLAIN.rstrip("\n").encode()),
        ("several newlines at the end", PLAIN.encode() + b"\n\n\n"),
        ("CRLF, BOM and no last newline", b"\xef\xbb\xbf" + PLAIN.rstrip("\n").replace("\n", "\r\n").encode()),
        ("mixed line ends", PLAIN.replace("\n", "\r\n", 3).encode()),
    ],
)
def test_every_spelling_of_a_text_has_one_canonical_form_and_digest(why: str, written: bytes) -> None:
    loaded = policy.load(written)
    assert loaded.text == PLAIN, why
    assert loaded.digest == sha256(PLAIN), why


def test_text_bytes_and_file_are_the_same_source(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(PLAIN.encode())
    assert {policy.load(PLAIN).digest, policy.load(PLAIN.encode()).digest, policy.load(file).digest} == {sha256(PLAIN)}


def test_text_given_as_str_may_begin_with_a_bom() -> None:
    assert policy.load("\ufeff" + PLAIN).digest == sha256(PLAIN)


def test_a_comment_changes_the_digest() -> None:
    assert policy.load(PLAIN.replace("注释", "注释。")).digest != policy.load(PLAIN).digest


def test_trailing_blanks_on_a_line_belong_to_the_text() -> None:
    written = PLAIN.replace("owner: o\n", "owner: o  \n")
    assert policy.load(written).digest == sha256(written)


def test_crlf_inside_a_block_text_is_normalised_too() -> None:
    written = PLAIN.replace("{zh: 测试, en: A test}", "\n  zh: |\n    一\n    二\n  en: b")
    crlf = policy.load(written.replace("\n", "\r\n"))
    assert crlf.digest == sha256(written)
    assert crlf.title.zh == "一\n二\n"


def test_the_decision_names_the_digest_of_the_canonical_text() -> None:
    decision = policy.load(PLAIN.replace("\n", "\r\n")).decide(facts(), as_of=DAY)
    assert decision.revision == sha256(PLAIN)
    assert decision.closure["scorecard.t"] == sha256(PLAIN)


# --- titles and language


def test_a_plain_title_means_both_languages() -> None:
    title = policy.load(PLAIN.replace("{zh: 测试, en: A test}", "Both")).title
    assert (title.zh, title.en) == ("Both", "Both")


def test_an_unknown_language_version_is_refused() -> None:
    assert errors(PLAIN.replace("language: 1", "language: 2"))


@pytest.mark.parametrize(
    "written", ["approvl.order", "order", "approval.", "approval.Order", "approval.a.b", "approval.or der", "审批.订单"]
)
def test_a_policy_id_is_kind_and_name(written: str) -> None:
    found = errors(PLAIN.replace("policy: scorecard.t", f"policy: {written}"))
    assert any((f.place.line, f.place.column) == (1, 9) for f in found), said(found)


def test_renaming_makes_a_new_policy() -> None:
    assert policy.load(PLAIN.replace("scorecard.t", "scorecard.t-2")).id == "scorecard.t-2"


# --- types come from the schema

TRAPS = ["NO", "no", "on", "off", "yes", "Y", "1:30", "012", "0x1F", "1e3", "2026-01-01", "1_000", ".5", "true"]


@pytest.mark.parametrize("word", TRAPS)
def test_where_a_text_is_meant_yaml_guesses_nothing(word: str) -> None:
    written = PLAIN.replace("title: {zh: 测试, en: A test}", f"title: {word}").replace("owner: o", f"owner: {word}")
    assert policy.load(written).title.en == word


@pytest.mark.parametrize("word", TRAPS)
def test_members_of_one_of_are_texts_as_written(word: str) -> None:
    text = f"""\
policy: scorecard.t
title: T
owner: o
language: 1
subject: {{id: s.id, about: [s.id]}}
inputs:
  - s.id: {{type: string}}
  - s.land: {{type: string, one_of: [{word}, other]}}
outputs: {{r: {{type: string, one_of: [{word}, rest]}}}}
hit_policy: first
rules:
  - {{id: a, when: {{s.land: {word}}}, then: {{r: {word}}}}}
  - {{id: b, then: {{r: rest}}}}
"""
    loaded = policy.load(text)
    assert loaded.decide({"s": {"id": "1", "land": word}}, as_of=DAY).outcome == {"r": word}
    assert loaded.decide({"s": {"id": "1", "land": "other"}}, as_of=DAY).outcome == {"r": "rest"}


@pytest.mark.parametrize("word", ["NO", "012", "1:30", "2026-01-01"])
def test_defaults_follow_the_type_of_their_field(word: str) -> None:
    text = PLAIN.replace("type: string}\n", f"type: string}}\n  - s.land: {{type: string, default: {word}}}\n").replace(
        "{id: all,", f"{{id: all, when: 's.land = \"{word}\"',"
    )
    assert policy.load(text).decide(facts(), as_of=DAY).hits == ["all"]


def test_a_date_is_a_date_where_a_date_is_meant() -> None:
    inputs = {"d": {"type": "date", "default": "2026-01-01"}}
    assert truth('d = date("2026-01-01") and d + duration("P1D") = date("2026-01-02")', inputs, {}) == "true"


def test_an_unquoted_date_is_a_date_where_a_date_is_meant() -> None:
    text = PLAIN.replace("type: string}\n", "type: string}\n  - d: {type: date, default: 2026-01-01}\n").replace(
        "{id: all,", "{id: all, when: {d: 2026-01-01},"
    )
    assert policy.load(text).decide(facts(), as_of=DAY).hits == ["all"]


def test_a_day_that_does_not_exist_is_a_finding() -> None:
    text = PLAIN.replace("type: string}\n", "type: string}\n  - d: {type: date, default: 2026-02-30}\n")
    assert any(f.place.line == 8 for f in errors(text)), said(findings(text))


@pytest.mark.parametrize(
    ("declared", "default"),
    [
        ("number", "abc"),
        ("number", "true"),
        ("number", "2026-01-01"),
        ("number", "1:30"),
        ("boolean", "1"),
        ("boolean", "maybe"),
        ("date", "tomorrow"),
        ("list, of: string", "abc"),
    ],
)
def test_a_default_of_another_type_is_a_finding(declared: str, default: str) -> None:
    text = PLAIN.replace("type: string}\n", f"type: string}}\n  - x: {{type: {declared}, default: {default}}}\n")
    assert any(f.place.line == 8 for f in errors(text)), said(findings(text))


# --- what YAML may not do

# What stands in the sound text, what is put in its place, and the words the finding must point at.
FORBIDDEN = {
    "tag on a scalar": ("owner: o", "owner: !!str o", "!!str"),
    "local tag": ("owner: o", "owner: !secret o", "!secret"),
    "tag that makes an object": ("owner: o", "owner: !!python/object/apply:os.system [ls]", "!!python"),
    "binary tag": ("owner: o", "owner: !!binary aGk=", "!!binary"),
    "tag on a mapping": ("subject: {", "subject: !!map {", "!!map"),
    "tag on a list": ("about: [s.id]", "about: !!seq [s.id]", "!!seq"),
    "non-specific tag": ("owner: o", "owner: ! o", "! o"),
    "anchor": ("owner: o", "owner: &a o", "&a"),
    "anchor on a list": ("inputs:\n", "inputs: &all\n", "&all"),
    "alias": ("owner: o\nlanguage: 1", "owner: &a o\nlanguage: *a", "*a"),
    "merge key": ("subject: {id: s.id", "subject: {<<: {id: s.id}", "<<"),
    "duplicate top key": ("owner: o", "owner: o\nowner: p", "owner: p"),
    "duplicate key deep inside": ("then: {r: yes}", "then: {r: yes, r: no}", "r: no"),
    "duplicate key, the other one quoted": ("owner: o", "owner: o\n'owner': p", "'owner'"),
    "unknown top key": ("owner: o", "ownr: o", "ownr"),
    "unknown key of a rule": ("{id: all, then", "{id: all, whn: a, then", "whn"),
    "unknown key of an input": ("{type: string}", "{type: string, optionl: true}", "optionl"),
    "unknown key of an output": ("one_of: [no, yes]", "one_of: [no, yes], combin: sum", "combin"),
    "second document": ("{r: yes}}\n", "{r: yes}}\n---\na: 1\n", "---"),
    "null key": ("owner: o", "~: o", "~"),
    "list as key": ("owner: o", "? [a, b]\n: o", "? ["),
    "empty value": ("owner: o", "owner:", "owner:"),
}


def place_of(text: str, words: str) -> tuple[int, int]:
    before = text[: text.index(words)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("case", FORBIDDEN)
def test_forbidden_yaml_is_a_finding_at_its_place(case: str) -> None:
    old, new, words = FORBIDDEN[case]
    assert PLAIN.count(old) == 1
    text = PLAIN.replace(old, new)
    line, column = place_of(text, words)
    found = errors(text)
    # A finding about a missing value or a whole node may stand at the value, which follows its key.
    assert any(f.place.line == line and column <= f.place.column <= column + 10 for f in found), said(found)


@pytest.mark.parametrize(
    ("written", "meant"), [("ownr", "owner"), ("hitpolicy", "hit_policy"), ("rule", "rules"), ("titel", "title")]
)
def test_an_unknown_key_asks_did_you_mean(written: str, meant: str) -> None:
    found = errors(PLAIN.replace(f"\n{meant}:", f"\n{written}:"))
    spoken = [f.text(policy.Language.EN) for f in found if written in f.text(policy.Language.EN)]
    assert any("did you mean" in text and meant in text for text in spoken), said(found)


def test_a_word_before_a_hash_and_a_word_in_a_comment_are_kept_apart() -> None:
    assert policy.load(PLAIN.replace("owner: o", "owner: o # &a !!str <<: *b")).id == "scorecard.t"


def test_marks_inside_quotes_are_no_tags() -> None:
    assert policy.load(PLAIN.replace("A test}", "'!!str &a *b <<: c'}")).title.en == "!!str &a *b <<: c"


# --- ids


@pytest.mark.parametrize("written", ["Key", "key_account", "'a b'", "a.b", "规则", "''", "'a\"b'", "K1"])
def test_an_id_has_lower_case_letters_digits_and_hyphens(written: str) -> None:
    found = errors(PLAIN.replace("id: all", f"id: {written}"))
    assert any(f.place.line == 11 for f in found), said(found)


@pytest.mark.parametrize("written", ["a", "a-1", "key-account", "x2", "a--b"])
def test_an_id_of_allowed_signs_is_taken(written: str) -> None:
    assert policy.load(PLAIN.replace("id: all", f"id: {written}")).decide(facts(), as_of=DAY).hits == [written]


def test_an_id_that_looks_like_a_word_of_yaml_stays_a_text() -> None:
    assert policy.load(PLAIN.replace("id: all", "id: no")).decide(facts(), as_of=DAY).hits == ["no"]


def test_two_rules_may_not_share_an_id() -> None:
    found = errors(PLAIN + "  - {id: all, then: {r: no}}\n")
    assert any(f.place.line == 12 and "all" in f.text(policy.Language.EN) for f in found), said(found)


def test_a_rule_without_id_is_a_finding() -> None:
    assert any(f.place.line == 11 for f in errors(PLAIN.replace("id: all, ", "")))


STAGED = """\
policy: approval.t
title: T
owner: o
language: 1
subject: {id: s.id, about: [s.id]}
inputs:
  - s.id: {type: string}
outputs:
  stages: {type: list, of: stages, combine: union}
hit_policy: collect
rules:
  - {id: all, then: {stages: [team-lead]}}
stages:
  - {id: team-lead, who: approver.role = "lead", late: director}
  - {id: director, who: approver.role = "director"}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "word", "meant"),
    [
        ("stages: [team-lead]", "stages: [team-leed]", 12, "team-leed", "team-lead"),
        ("late: director", "late: directr", 14, "directr", "director"),
        ("of: stages", "of: stagess", 9, "stagess", "stages"),
    ],
)
def test_ids_are_checked_against_their_section(old: str, new: str, line: int, word: str, meant: str) -> None:
    found = [f for f in errors(STAGED.replace(old, new)) if word in f.text(policy.Language.EN)]
    assert any(f.place.line == line and f"`{meant}`" in f.text(policy.Language.EN) for f in found), said(found)


def test_two_stages_may_not_share_an_id() -> None:
    assert any(f.place.line == 15 for f in errors(STAGED.replace("id: director", "id: team-lead")))


def test_the_stages_of_the_sound_document_load() -> None:
    assert not errors(STAGED)


GRADED = """\
policy: scorecard.t
title: T
owner: o
language: 1
subject: {id: s.id, about: [s.id]}
inputs:
  - s.id: {type: string}
outputs: {points: {type: number, scale: 1, combine: sum, default: 0}, grade: {type: string, one_of: [A, B]}}
hit_policy: collect
rules:
  - {id: one, then: {points: 1}}
grades:
  of: points
  give: grade
  rows: [{from: 0, value: B}, {from: 40, value: A}]
"""


def test_rows_of_grades_are_known_by_their_from() -> None:
    assert not errors(GRADED)
    assert any(f.place.line == 15 for f in errors(GRADED.replace("from: 40", "from: 0")))
    assert any(f.place.line == 15 for f in errors(GRADED.replace("from: 40", "from: 0.0"))), "0 and 0.0 are the same"


def test_a_grade_the_output_does_not_know_is_a_finding() -> None:
    assert any(f.place.line == 15 for f in errors(GRADED.replace("value: A", "value: S")))


@pytest.mark.parametrize(("old", "new", "line"), [("of: points", "of: pionts", 13), ("give: grade", "give: grad", 14)])
def test_the_outputs_a_section_names_exist(old: str, new: str, line: int) -> None:
    assert any(f.place.line == line for f in errors(GRADED.replace(old, new)))


# --- the vocabulary


def test_a_vocabulary_is_checked_like_a_policy() -> None:
    text = document(
        {"a": None},
        outputs={"r": {"type": "string", "one_of": ["x"]}},
        hit_policy="first",
        rules=[{"id": "t", "then": {"r": "x"}}],
    )
    assert not errors(text, vocabulary({"a": {"type": "number"}}))
    assert errors(text, "vocabulary: 1\nfields:\n  a: {type: nmber}\n")
    assert errors(text, "vocabulary: 1\nfields:\n  a: {type: number}\n  a: {type: string}\n")
    assert errors(text, "vocabulary: 1\nfields:\n  a: !!map {type: number}\n")


def test_an_input_that_nobody_declares_is_a_finding_with_the_nearest_name() -> None:
    text = document(
        {"order.amuont": None},
        outputs={"r": {"type": "string", "one_of": ["x"]}},
        rules=[{"id": "t", "then": {"r": "x"}}],
    )
    found = errors(text, vocabulary({"order.amount": {"type": "number"}}))
    assert any(
        "order.amount" in f.text(policy.Language.EN) and "order.amuont" in f.text(policy.Language.EN) for f in found
    ), said(found)
