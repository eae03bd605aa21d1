"""The table of a draft: cells in words, columns from the vocabulary, and what is told of rules that come and go."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy.engine import load_folder
from tests.webadmin.rulesets.conftest import drafted
from tests.webadmin.signing import signed_in
from webadmin.rulesets.shares import doubt

NAME = "approval.order"
SCRIPT = {"X-Requested-With": "fetch"}


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


def change(
    client: FlaskClient, what: str, rule: str = "", part: str = "", value: str = "", language: str = "en"
) -> TestResponse:
    data = {"what": what, "rule": rule, "part": part, "value": value, "since": draft(client.application)[1]}
    return client.post(f"/drafts/{NAME}/change", data=data, headers={**SCRIPT, "Accept-Language": language})


def plain(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", "", page)).split())


def words_of(page: str, rule: str, column: int) -> str:
    return plain(page.partition(f'id="c-{rule}-{column}-words"')[2].partition(">")[2].partition("</span>")[0])


@pytest.mark.parametrize(
    ("language", "cell", "condition", "given", "reason"),
    [
        (
            "zh",
            "在 200,000（含）与 500,000（不含）之间",
            "订单净额（折合人民币）≥ 500,000 或客户等级为 A",
            "销售主管、销售总监、财务",
            "折扣「折扣率」，超过两成",
        ),
        (
            "en",
            "is between 200,000 (included) and 500,000 (not included)",
            "Net amount in CNY is at least 500,000 or Customer tier is A",
            "team lead, sales director, finance",
            "Discount [Discount] is above 20%",
        ),
    ],
)
def test_cells_say_in_words_what_the_published_table_says(
    editor: FlaskClient, language: str, cell: str, condition: str, given: str, reason: str
) -> None:
    page = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": language}).text

    assert words_of(page, "large", 8) == cell
    assert words_of(page, "key-account", 1) == condition
    assert words_of(page, "key-account", 9) == given
    head = page.partition('id="rule-steep-discount"')[2].partition("named-rule")[0]
    assert reason in plain(head)
    assert 'value="order.net_cny &gt;= 500000 or customer.tier = &#34;A&#34;"' in page, "what is written lies beneath"
    assert "cell-words" not in editor.get(f"/policies/{NAME}?of=draft&as=written").text


def test_a_draft_that_does_not_load_keeps_the_words_of_what_is_as_before(editor: FlaskClient) -> None:
    page = change(editor, "cell", "large", "order.net_cny", ">= lots").text

    assert words_of(page, "very-large", 8) == "is at least 2,000,000"
    assert words_of(page, "large", 8) == ""


def test_sound_rules_of_a_draft_with_an_error_are_said_as_the_draft_has_them(editor: FlaskClient) -> None:
    change(editor, "cell", "very-large", "order.net_cny", ">= 3000000")

    page = change(editor, "cell", "large", "order.net_cny", ">= lots").text

    assert words_of(page, "very-large", 8) == "is at least 3,000,000", "not what is in effect"
    faulty = page.partition('id="rule-large"')[2].partition("</tr>")[0]
    assert "Cannot be read in words: lots is not a known name" in plain(faulty)
    assert "A large order, [Net amount in CNY] in CNY" in plain(faulty)
    assert "Cannot be read" not in page.partition('id="rule-very-large"')[2].partition("</tr>")[0]
    assert words_of(page, "large", 9) == "", "not even what it gives: nobody could tell what holds"
    short = page.partition('id="rule-very-large"')[2].partition('class="in-short"')[2].partition("</p>")[0]
    assert "3,000,000" in plain(short)
    rule = editor.get(f"/policies/{NAME}/rules/very-large?of=draft", headers={"Accept-Language": "en"}).text
    assert "is at least 3,000,000" in plain(rule)


def test_a_draft_with_an_error_outside_its_rules_keeps_the_words_of_what_is_as_before(editor: FlaskClient) -> None:
    text, since = draft(editor.application)
    broken = text.replace("  - order.free_goods: {default: 0}", "  - order.free_goods: {default: many}")
    editor.post(f"/drafts/{NAME}/text", data={"text": broken, "since": since})

    page = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": "en"}).text

    assert words_of(page, "very-large", 8) == "is at least 2,000,000"
    assert "Cannot be read in words" not in page


def test_a_rule_taken_out_is_no_longer_expected_and_everything_stays_open(editor: FlaskClient) -> None:
    page = change(editor, "remove", "very-large").text

    assert "keeps this text from loading" not in page
    assert "The rule “very-large” is gone from the draft. No longer expected to hit by: a very large order" in page
    assert f'action="/drafts/{NAME}/undo"' in page.partition('class="flash')[2].partition("toolbar")[0]
    assert (
        "hits: [key-account, list-price]\n      outcome: {stages: [team-lead, director, legal"
        in draft(editor.application)[0]
    )
    assert "Saved, but 1 test fails:" in page
    assert f'href="/policies/{NAME}/tests?of=draft">a very large order: five stages' in page


def test_a_rule_expected_alone_fails_its_tests_until_they_are_changed(editor: FlaskClient) -> None:
    page = change(editor, "remove", "any-discount").text

    assert "keeps this text from loading" not in page
    assert "Expected to hit alone, so they fail until they are changed: exactly 20 per cent is not yet steep;" in page
    assert "No longer expected to hit by: above 20 per cent the director approves;" in page
    tests = editor.get(f"/policies/{NAME}/tests?of=draft")
    assert tests.status_code == 200
    assert "any-discount" in tests.text


def test_a_rule_taken_out_in_its_form_is_told_with_a_way_back(editor: FlaskClient) -> None:
    form = {"do": "remove-rule", "since": draft(editor.application)[1]}

    editor.post(f"/policies/{NAME}/rules/very-large?of=draft", data=form)

    page = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": "zh"}).text
    assert "规则“very-large”已从草稿中删除。以下测试不再期望它命中：特大订单五个环节" in page
    editor.post(f"/drafts/{NAME}/undo?since=2")
    assert "very-large" in draft(editor.application)[0]


def test_an_added_rule_gives_as_little_as_can_be_and_says_that_it_always_holds(editor: FlaskClient) -> None:
    page = change(editor, "add").text

    assert "- {id: rule, then: {stages: []}}" in draft(editor.application)[0]
    row = page.partition('id="rule-rule"')[2].partition("</tr>")[0]
    assert '<span class="always">always holds</span>' in row
    assert "The new rule holds in every case until you type a condition, and gives nothing yet." in page
    filled = change(editor, "cell", "rule", "order.discount", "> 0.9").text
    assert '<span class="always">' not in filled.partition('id="rule-rule"')[2].partition("</tr>")[0]


def test_tests_that_fail_by_a_rule_without_a_condition_are_told_as_that(editor: FlaskClient) -> None:
    page = change(editor, "add").text
    said = "Saved. The new rule “rule” has no condition yet and decides every case: fill in a cell."
    assert said in page
    assert re.search(r"Until then \d+ tests fail\.", page)
    assert "tests fail:" not in page
    tests = editor.get(f"/policies/{NAME}/tests?of=draft", headers={"Accept-Language": "en"}).text
    assert "The new rule “rule” has no condition yet and decides every case." in tests
    assert f'href="/policies/{NAME}?of=draft#rule-rule"' in tests
    folded = r'<details class="until"><summary>Until then \d+ tests fail\.</summary>\s*<ol class="tests">'
    assert re.search(folded, tests)

    filled = change(editor, "cell", "rule", "order.discount", ">= 0").text
    assert said not in filled
    assert re.search(r"Saved, but \d+ tests fail:", filled), "a condition that is always true is the author's own"
    change(editor, "cell", "rule", "order.discount", "")
    meant = change(editor, "because", "rule", "en", "Everything else").text
    assert said not in meant, "whoever gives a reason means it"


def test_an_added_rule_that_must_give_something_says_whose_it_is(site: Flask) -> None:
    client = signed_in(site)
    client.post("/drafts/scorecard.size/begin")
    data = {"what": "add", "rule": "large", "part": "", "value": "", "since": 1}

    page = client.post("/drafts/scorecard.size/change", data=data, headers={**SCRIPT, "Accept-Language": "en"}).text

    assert "and gives what “large” gives for now." in page


def test_a_pasted_name_that_cannot_stay_is_told(editor: FlaskClient) -> None:
    data = {
        "what": ["add", "add"],
        "rule": ["", ""],
        "part": ["", ""],
        "value": ["第三 规则", "fourth"],
        "was": ["", ""],
        "since": 1,
    }

    page = editor.post(f"/drafts/{NAME}/change", data=data, headers={**SCRIPT, "Accept-Language": "en"}).text

    assert "Names of rules take lower case letters, digits and hyphens: “第三 规则” is called “rule”." in page


def test_a_field_of_the_vocabulary_becomes_a_column_in_one_step(editor: FlaskClient) -> None:
    offered = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": "en"}).text
    group = offered.partition('<optgroup label="From the vocabulary: Customer">')[2].partition("</optgroup>")[0]
    assert '<option value="customer.industry">Industry · customer.industry</option>' in group
    assert "health" not in offered.partition('id="new-column"')[2].partition("</select>")[0]

    page = change(editor, "add-column", part="customer.industry").text

    text, version = draft(editor.application)
    assert "  - customer.industry: {optional: true}\n" in text
    assert version == 2, "one step, to be undone as one"
    assert 'name="part" value="customer.industry"' in page
    assert "keeps this text from loading" not in page
    assert "Industry customer.industry" in plain(page.partition('<div id="needs">')[2])
    refused = change(editor, "add-column", part="person.health")
    assert refused.status_code == 409
    assert "This field is not there any more." in refused.text


def test_without_a_script_a_new_column_is_there_when_the_page_comes_back(editor: FlaskClient) -> None:
    data = {"what": "add-column", "rule": "", "part": "order.id", "value": "", "column": "customer.id", "since": 1}

    answer = editor.post(f"/drafts/{NAME}/change", data=data)

    assert answer.location == f"/policies/{NAME}?of=draft&column=customer.id&column=order.id"


def test_columns_change_places_and_are_taken_out(editor: FlaskClient) -> None:
    page = change(editor, "move-column", part="order.free_goods", value="order.discount").text
    assert page.index("column-order.free_goods") < page.index("column-order.discount")

    change(editor, "remove-column", part="order.prepaid")

    rules = draft(editor.application)[0].partition("\nrules:")[2].partition("\nstages:")[0]
    assert "order.prepaid:" not in rules
    assert 'when: {order.payment_days: "> 60"}' in rules
    assert change(editor, "move-column", part="nothing", value="order.discount").status_code == 409


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "销售主管 <code>team-lead</code>、"), ("en", "team lead <code>")]
)
def test_a_value_that_cannot_be_lists_those_that_can_by_name(editor: FlaskClient, language: str, said: str) -> None:
    page = change(editor, "then", "large", "stages", "nobody", language).text

    assert said in page.partition('id="rule-large"')[2].partition("</tr>")[0]


def test_ids_hold_no_character_nobody_sees(editor: FlaskClient) -> None:
    page = editor.get(f"/policies/{NAME}").text

    assert "\u200b" not in page
    assert '<code class="path">order.<wbr>net_<wbr>cny</code>' in page


def said_in(page: str, rule: str, column: int) -> str:
    return plain(page.partition(f'id="c-{rule}-{column}-said"')[2].partition(">")[2].partition("</p>")[0])


def column_of(page: str, rule: str, path: str) -> int:
    forms = re.findall(
        rf'value="{rule}"><input type="hidden" name="part" value="{re.escape(path)}">.*?data-column="(\d+)"',
        page,
        re.DOTALL,
    )
    return int(forms[0])


@pytest.mark.parametrize(
    ("language", "said", "offered"),
    [
        ("en", "This column holds shares: > 8 means > 800% here.", "Did you mean &gt; 8%?"),
        ("zh", "本列为比例，> 8 在这里是 > 800%。", "您是否指 &gt; 8%？"),
    ],
)
def test_a_share_typed_as_a_number_of_per_cent_is_doubted_and_mended_with_one_press(
    editor: FlaskClient, language: str, said: str, offered: str
) -> None:
    page = change(editor, "cell", "any-discount", "order.discount", "> 8", language).text

    told = said_in(page, "any-discount", column_of(page, "any-discount", "order.discount"))
    assert said in told
    assert offered in page
    assert {"en": "lies between", "zh": "取值介于"}[language] not in told, "one remark is enough"
    elsewhere = change(editor, "cell", "list-price", "order.discount", "> 800", language).text
    remark = said_in(elsewhere, "list-price", column_of(elsewhere, "list-price", "order.discount"))
    assert {"en": "Discount lies between", "zh": "折扣率 的取值介于"}[language] in remark, "called as its column is"
    mended = change(editor, "cell", "any-discount", "order.discount", "> 8%", language).text
    assert 'order.discount: "> 0.08"' in draft(editor.application)[0]
    assert offered not in mended


@pytest.mark.parametrize(
    ("cell", "typed", "read", "meant", "kept"),
    [
        (("any-discount", "order.discount"), "> 15", "> 1,500%", "> 15%", '"> 0.15"'),
        (("any-discount", "order.discount"), "> 1.5", "> 150%", "> 1.5%", '"> 0.015"'),
        (("any-discount", "order.discount"), "[0.5..15]", "[50%..1,500%]", "[0.5%..15%]", '"[0.005..0.15]"'),
        (("any-discount", "order.discount"), "(0.05..15]", "(5%..1,500%]", "(0.05..15%]", '"(0.05..0.15]"'),
        (("free-goods", "order.free_goods"), "> 15", "> 1,500%", "> 15%", '"> 0.15"'),
    ],
)
def test_every_number_too_large_for_a_share_is_asked_about_alike(
    editor: FlaskClient, cell: tuple[str, str], typed: str, read: str, meant: str, kept: str
) -> None:
    rule, part = cell
    page = change(editor, "cell", rule, part, typed).text

    told = said_in(page, rule, column_of(page, rule, part))
    assert f"This column holds shares: {typed} means {read} here." in told
    assert "lies between" not in told
    assert f"Did you mean {meant}?" in unescape(page)
    change(editor, "cell", rule, part, meant)
    assert f"{part}: {kept}" in draft(editor.application)[0]


def test_a_share_that_may_be_so_large_is_not_asked_about(rules: Path) -> None:
    fields = load_folder(rules)["scorecard.customer-value"].rule_set.fields

    assert [doubt(text, fields["customer.growth"]) for text in ("> 8", "> 15")] == [None, None]
    assert None not in [doubt(text, fields["customer.gross_margin"]) for text in ("> 8", "> 15")]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "“50多万” is not read as a number. Expected: 50000"), ("zh", "“50多万”无法读作数字条件")],
)
def test_words_with_more_than_one_reading_stay_and_say_what_is_expected(
    editor: FlaskClient, language: str, expected: str
) -> None:
    page = change(editor, "cell", "any-discount", "order.amount", "50多万", language).text

    assert expected in said_in(page, "any-discount", column_of(page, "any-discount", "order.amount"))
    told = page.partition('id="rule-any-discount"')[2].partition("named-rule")[0]
    assert {"en": "Cannot be read in words: “50多万”", "zh": "无法读成语句：“50多万”"}[language] in plain(told)
    assert "表达式的结尾" not in page.partition("<table")[2].partition("</table>")[0]


def test_a_new_column_of_a_draft_with_an_error_elsewhere_has_its_label_and_its_editor(editor: FlaskClient) -> None:
    change(editor, "cell", "large", "order.net_cny", ">= lots")

    page = change(editor, "add-column", part="customer.industry").text

    heads = page.partition("<thead")[2].partition("</thead>")[0]
    assert ">Industry<" in heads
    assert ">customer.industry<" not in heads
    change(editor, "cell", "any-discount", "order.discount", "")
    words = change(editor, "cell", "any-discount", "order.payment_days", "超过六十天").text
    assert 'order.payment_days: "> 60"' in draft(editor.application)[0]
    assert "keeps this text from loading" in words


def test_a_column_that_cannot_be_moved_says_why(editor: FlaskClient) -> None:
    heads = editor.get(f"/policies/{NAME}?of=draft", headers={"Accept-Language": "en"}).text.partition("</thead>")[0]

    first, *_ = re.findall(r'data-key="column-.*?</details>', heads, re.DOTALL)
    worked_out = heads.partition('data-key="column-order.net_cny"')[2].partition("</details>")[0]
    assert "It is the first column." in first
    assert "This column is worked out from others" in worked_out
    assert worked_out.count("disabled") == 2


@pytest.mark.parametrize("typed", ["9" * 40, ">= " + "9" * 40, "[1.." + "9" * 40 + ")", "= 1 + " + "9" * 40])
def test_a_number_too_long_to_be_exact_is_an_error_and_never_shown_as_another(editor: FlaskClient, typed: str) -> None:
    page = change(editor, "cell", "large", "order.net_cny", typed, "zh").text

    assert "该数有 40 位有效数字，应不超过 34 位" in page
    assert "10,000,000,000,000" not in plain(page)
    assert editor.get(f"/policies/{NAME}?of=draft").text.count("10,000,000,000,000") == 0


def test_a_doubt_about_a_reason_is_told_at_the_name_of_its_rule(editor: FlaskClient) -> None:
    page = change(editor, "cell", "long-credit", "order.payment_days", "> 45").text

    named = page.partition('id="c-long-credit-0-said"')[2].partition("</details>")[0]
    assert "the reason of long-credit says 60" in plain(named)
    assert '<details class="said-in-short" data-kept="said-long-credit"><summary id="c-long-credit-0-said"' in page, (
        "it is one line until it is opened"
    )
    told = re.findall(r'id="c-long-credit-\d+-said"[^>]*>(.*?)</(?:p|summary)>', page)
    assert [("says 60" in plain(each)) for each in told] == [True], "and not once more beside the reason"


def test_what_is_worked_out_first_comes_with_the_answer_to_a_change(editor: FlaskClient) -> None:
    """A script puts it in place of what stands there, as it does with what the policy needs and gives."""
    page = change(editor, "cell", "long-credit", "order.payment_days", "> 45").text

    below = page.partition('<div id="worked-out">')[2]
    assert "Net amount in CNY" in below.partition("</section>")[0]
