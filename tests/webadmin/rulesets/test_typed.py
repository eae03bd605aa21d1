"""What people type into cells: numbers with separators and percent, yes and no, several values; nothing dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webadmin.conftest import MakeApp
from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

NAME = "scorecard.typed"
TEXT = """\
policy: scorecard.typed
title: {zh: 录入, en: Typed}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.net: {type: number, unit: CNY}
  - customer.prepaid: {type: boolean}
  - customer.since: {type: date}
  - customer.days: {type: number, unit: days, optional: true}
  - customer.region: {type: string, optional: true, names: {east: {zh: 华东, en: East}}}
  - customer.tier: {type: string, one_of: [A, B, C], names: {A: {zh: 重点客户, en: key account}}}
derived:
  customer.double: customer.net * 2
outputs:
  stages:
    type: list
    of: string
    one_of: [legal, finance, general-manager]
    names: {legal: {zh: 法务审查, en: legal}, finance: {zh: 财务, en: Finance}}
    default: []
  share: {type: number, default: 0}
  apart: {type: boolean, default: false}
  note: {type: string, default: none}
  from: {type: date, optional: true}
hit_policy: first
rules:
  - id: large
    when: {customer.net: ">= 100"}
    then: {stages: [legal, general-manager]}
    because: {zh: 大, en: Large}
  - {id: small, then: {stages: []}, because: 小}
tests:
  - name: {zh: 大, en: large}
    as_of: 2026-03-01
    given: {customer: {id: c1, net: 100, prepaid: true, since: 2020-01-01, tier: A}}
    expect: {hits: [large]}
"""


@pytest.fixture
def site(tmp_path: Path, make_app: MakeApp) -> Flask:
    (tmp_path / "scorecard").mkdir()
    (tmp_path / "scorecard" / "typed.yaml").write_text(TEXT, "utf-8")
    made = make_app(rules=tmp_path)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def editor(site: Flask) -> FlaskClient:
    client = signed_in(site)
    client.post(f"/drafts/{NAME}/begin")
    return client


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


def change(client: FlaskClient, what: str, part: str, value: str, rule: str = "large", **more: str) -> TestResponse:
    since = more.pop("since", None) or draft(client.application)[1]
    data = {"what": what, "rule": rule, "part": part, "value": value, "since": since, **more}
    headers = {"X-Requested-With": "fetch", "Accept-Language": "en"}
    return client.post(f"/drafts/{NAME}/change", data=data, headers=headers)


@pytest.mark.parametrize(
    ("part", "typed", "written"),
    [
        ("stages", "legal, general-manager, finance", "stages: [legal, general-manager, finance]"),
        ("stages", "[legal, finance]", "stages: [legal, finance]"),
        ("stages", "finance", "stages: [finance]"),
        ("stages", "legal，finance", "stages: [legal, finance]"),
        ("stages", "无", "stages: []"),
        ("share", "500,000", "share: 500000"),
        ("share", "三成五", "share: 0.35"),
        ("share", "30%", "share: 0.30"),
        ("share", "50万", "share: 500000"),
        ("note", "50万", "note: 50万"),
        ("stages", "财务、法务审查", "stages: [finance, legal]"),
        ("stages", "Finance, legal", "stages: [finance, legal]"),
        ("share", "= customer.net * 2", "share: = customer.net * 2"),
        ("apart", "yes", "apart: true"),
        ("apart", "否", "apart: false"),
        ("note", "5", 'note: "5"'),
        ("note", "yes", "note: yes"),
        ("from", "2026-03-01", "from: 2026-03-01"),
    ],
)
def test_the_type_of_an_output_decides(site: Flask, editor: FlaskClient, part: str, typed: str, written: str) -> None:
    answer = change(editor, "then", part, typed)

    assert answer.status_code == 200
    assert "keeps this text from loading" not in answer.text, draft(site)[0]
    assert written in draft(site)[0]


@pytest.mark.parametrize(
    ("field", "typed", "written"),
    [
        ("customer.net", ">= 500,000", '">= 500000"'),
        ("customer.net", "[150,000..1,500,000.50)", '"[150000..1500000.50)"'),
        ("customer.net", "> 30%", '"> 0.30"'),
        ("customer.net", "1, 200", '"1, 200"'),
        ("customer.net", "200000-500000", '"[200000..500000]"'),
        ("customer.net", "200,000～500,000", '"[200000..500000]"'),  # noqa: RUF001 - what a Chinese keyboard types
        ("customer.net", "20 至 50万元", '"[200000..500000]"'),
        ("customer.net", "200 to 500", '"[200..500]"'),
        ("customer.net", "200 与 500", None),
        ("customer.net", "500-200", "customer.net: 500-200"),
        ("customer.net", "大于 5", '"> 5"'),
        ("customer.net", "不小于 50万", '">= 500000"'),
        ("customer.net", "100 CNY or more", '">= 100"'),
        ("customer.net", "60 天", None),
        ("customer.net", "between 5 and 9", '"[5..9]"'),
        ("customer.net", "在 200,000 CNY（含）与 500,000 CNY（不含）之间", '"[200000..500000)"'),
        ("customer.net", "is none of 5, 6", '"not(5, 6)"'),
        ("customer.net", "缺失", '"null"'),
        ("customer.days", "超过 60 天", '"> 60"'),
        ("customer.since", "不早于 2026年3月1日", "customer.since: '>= date(\"2026-03-01\")'"),
        ("customer.since", "2026-01-01 至 2026-03-31", '[date("2026-01-01")..date("2026-03-31")]'),
        ("customer.tier", "重点客户", "customer.tier: A"),
        ("customer.tier", "key account 或 B", "customer.tier: [A, B]"),
        ("customer.tier", "不是 重点客户", """customer.tier: not("A")"""),
        ("customer.region", "华东", """customer.region: '"east"'"""),
        ("customer.net", "≥ ５００，０００", '">= 500000"'),  # noqa: RUF001 - what a Chinese keyboard types
        ("customer.double", "500,000", "customer.double: 500000"),
        ("customer.prepaid", "no", "customer.prepaid: false"),
        ("customer.prepaid", "是", "customer.prepaid: true"),
        ("customer.since", "2026-03-01", "customer.since: 2026-03-01"),
        ("customer.since", ">= 2026-03-01", "customer.since: '>= date(\"2026-03-01\")'"),
        ("customer.tier", "A, B", "customer.tier: [A, B]"),
    ],
)
def test_the_type_of_a_field_decides(
    site: Flask, editor: FlaskClient, field: str, typed: str, written: str | None
) -> None:
    answer = change(editor, "cell", field, typed)

    assert (written or typed) in draft(site)[0]
    assert ("keeps this text from loading" in answer.text) is (written is None), "what has no meaning is kept and told"


def test_every_kind_of_cell_has_its_editor(editor: FlaskClient) -> None:
    change(editor, "cell", "customer.prepaid", "no")
    change(editor, "cell", "customer.tier", "A")
    page = change(editor, "then", "from", "2026-03-01").text

    assert '<option value="false" selected>no</option>' in page
    assert 'value="2026-03-01" type="date"' in page
    assert '<span class="unit" aria-hidden="true">' in page
    assert '<option value="general-manager"' in page


def test_one_language_of_a_reason_never_takes_the_place_of_the_other(site: Flask, editor: FlaskClient) -> None:
    before = draft(site)[0]

    answer = change(editor, "because", "en", "")

    assert answer.status_code == 409
    assert "A reason stands in both languages" in answer.text
    assert draft(site)[0] == before
    change(editor, "because", "", "")
    assert "Large" not in draft(site)[0]
    change(editor, "because", "en", "", rule="small")
    assert "小" not in draft(site)[0]


def test_a_reason_of_one_text_is_followed_from_its_own_cell_and_split_from_the_empty_one(
    site: Flask, editor: FlaskClient
) -> None:
    change(editor, "because", "zh", "很小", rule="small", was="小")
    assert "because: 很小}" in draft(site)[0]
    change(editor, "because", "en", "", rule="small", was="")
    assert "because: 很小}" in draft(site)[0]

    change(editor, "because", "en", "Small", rule="small", was="")

    assert "because: {zh: 很小, en: Small}" in draft(site)[0]


def test_what_was_typed_into_a_cell_somebody_else_has_changed_stays_to_be_put_there(
    site: Flask, editor: FlaskClient
) -> None:
    other = signed_in(site, Role.ADMIN, "other")
    change(editor, "cell", "customer.net", "> 0.4", since="1", was=">= 100")

    answer = change(other, "cell", "customer.net", "> 0.5", since="1", was=">= 100")

    assert answer.status_code == 409
    assert 'data-shown="&gt; 0.5"' in answer.text
    assert "It now says “&gt; 0.4”." in answer.text
    assert "Keep theirs" in answer.text
    assert "Put mine there" in answer.text
    assert '"> 0.4"' in draft(site)[0]
    change(other, "cell", "customer.net", "> 0.5", since="1", was="> 0.4")
    assert '"> 0.5"' in draft(site)[0]


@pytest.mark.parametrize("name", ["大订单", "Large Order", "small"])
def test_a_name_that_cannot_be_stays_typed_and_says_why_without_noise(editor: FlaskClient, name: str) -> None:
    answer = change(editor, "rename", "", name)

    assert answer.status_code == 409
    assert f'data-shown="{name}"' in answer.text
    assert "carried out yet" not in answer.text
    if name == "small":
        assert "Another rule of this policy is called small already. Free is: small-2" in answer.text
        assert "Call it small-2<" in answer.text
    else:
        assert "lower case letters, digits and hyphens" in answer.text
        assert f"Call it {'large-order' if name.isascii() else 'rule'}<" in answer.text


def test_without_a_script_what_was_typed_is_told_too(editor: FlaskClient) -> None:
    data = {"what": "rename", "rule": "large", "part": "", "value": "大订单", "since": 1}

    editor.post(f"/drafts/{NAME}/change", data=data)

    assert "大订单" in editor.get(f"/policies/{NAME}?of=draft").text


def test_a_block_with_more_rows_than_there_are_adds_rules(site: Flask, editor: FlaskClient) -> None:
    data = {
        "what": ["then", "add", "then", "cell", "add", "then"],
        "rule": ["small", "", "+1", "+1", "", "+2"],
        "part": ["note", "", "note", "customer.net", "", "note"],
        "value": ["a", "Huge One", "b", "5,000", "", "c"],
        "was": ["", "", "", "", "", ""],
        "since": 1,
    }

    answer = editor.post(f"/drafts/{NAME}/change", data=data, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 200
    text = draft(site)[0]
    assert text.index("note: a") < text.index("id: huge-one") < text.index("note: b") < text.index("note: c")
    assert "customer.net: 5000" in text
    assert draft(site)[1] == 2


def test_errors_outside_the_cells_are_told_with_their_place(site: Flask, editor: FlaskClient) -> None:
    text = TEXT.replace("{hits: [large]}", "{status: decideed}")
    editor.post(f"/drafts/{NAME}/text", data={"text": text, "since": 1})

    answer = change(editor, "then", "note", "a")

    line = next(n for n, each in enumerate(draft(site)[0].splitlines(), 1) if "decideed" in each)
    assert f'of=draft#L{line}">Line {line}</a>' in answer.text
    assert 'id="around"' in answer.text
    assert "keeps this text from loading" in answer.text


def test_the_help_of_a_table_being_edited_is_that_of_the_table(editor: FlaskClient) -> None:
    assert '/help/reviewing#the-table-of-a-draft"' in editor.get(f"/policies/{NAME}?of=draft").text
    assert '/help/document#outputs-and-rules"' in editor.get(f"/policies/{NAME}").text
