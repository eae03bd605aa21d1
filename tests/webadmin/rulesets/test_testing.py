"""Tests made from what was tried, mended, called otherwise and taken out: in the draft, nothing else touched."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy.engine import load
from tests.webadmin.conftest import POLICY
from tests.webadmin.decided.conftest import Place, place
from tests.webadmin.signing import signed_in
from webadmin.store import drafts
from webadmin.store.record import Record

__all__ = ["place"]

NAME = "scorecard.size"
TESTS = f"/policies/{NAME}/tests"
FIT = {"as_of": "2026-03-01", "customer.id": "c1", "customer.staff": "7"}
HEAD = "a hundred is large"


def draft(client: FlaskClient, name: str = NAME) -> str:
    record: Record = client.application.extensions["record"]
    with record.engine.connect() as connection:
        found = drafts.find(connection, name)
    return "" if found is None else str(found.text)


def post(client: FlaskClient, address: str, **data: Any) -> TestResponse:
    return client.post(address, data=data, headers={"Accept-Language": "en"}, follow_redirects=True)


def add(client: FlaskClient, **more: Any) -> str:
    sent = {**FIT, "@name": "seven are few", "@expect": ["outcome.size"], **more}
    return client.post(f"{TESTS}/add", data=sent, headers={"Accept-Language": "en"}, follow_redirects=True).text


def edited(client: FlaskClient, before: str, after: str) -> None:
    """Change the draft's text."""
    client.post(f"/drafts/{NAME}/begin")
    text = draft(client)
    assert before in text
    record: Record = client.application.extensions["record"]
    with record.engine.connect() as connection:
        since = drafts.find(connection, NAME).version  # type: ignore[union-attr]
    client.post(f"/drafts/{NAME}/text", data={"text": text.replace(before, after), "since": since})


def test_a_trial_becomes_a_test_of_a_draft_that_is_begun_for_it(small: FlaskClient) -> None:
    page = add(small)

    text = draft(small)
    assert text.startswith(POLICY)
    added = text.removeprefix(POLICY)
    assert added.strip() == (
        "- {name: seven are few, as_of: 2026-03-01, given: {customer: {id: c1, staff: 7}}, "
        "expect: {outcome: {size: small}}}"
    )
    assert load(text).test().passed
    assert "The test “seven are few” was added to the draft." in page
    assert "2 of 2 tests pass" in page


def test_the_list_of_policies_says_how_many_rules_are_tested_and_counts_remarks(app: Flask) -> None:
    english, chinese = (
        signed_in(app).get("/policies", headers={"Accept-Language": each}).text for each in ("en", "zh")
    )
    listed = english.partition("approval.<wbr>order")[2].partition("</li>\n    <li>")[0]

    assert "15 of 15 rules tested" in listed
    assert '<span class="badge grade-note">7 notes</span>' in listed
    assert '<span class="badge grade-note">1 note</span>' in english
    assert "有测试的规则 15/15" in chinese
    assert "7 条提示" in chinese
    rules = signed_in(app).get("/policies/approval.order", headers={"Accept-Language": "zh"}).text
    count = '<span class="count">7 条检查意见</span>'
    assert "7 条检查意见" in chinese  # one name and one count, in the list and at the policy
    assert count in rules


def test_it_can_be_undone(small: FlaskClient) -> None:
    page = add(small)
    undo = re.search(r'action="(/drafts/scorecard\.size/undo\?[^"]+)"', page)
    assert undo is not None

    page = post(small, undo[1].replace("&amp;", "&")).text

    assert draft(small) == POLICY
    assert "1 of 1 tests pass" in page


@pytest.mark.parametrize(
    ("chosen", "expect"),
    [
        (["status", "hits"], "expect: {status: decided, hits: [small]}"),
        (["outcome.size", "hits"], "expect: {hits: [small], outcome: {size: small}}"),
    ],
)
def test_one_chooses_what_it_expects(small: FlaskClient, chosen: list[str], expect: str) -> None:
    add(small, **{"@expect": chosen})

    assert expect in draft(small)


@pytest.mark.parametrize("chosen", [[], ["outcome.nothing"]], ids=str)
def test_a_test_that_expects_nothing_is_refused(small: FlaskClient, chosen: list[str]) -> None:
    assert "tick at least one thing" in add(small, **{"@expect": chosen})
    assert draft(small) == ""


def test_facts_that_do_not_fit_become_no_test(small: FlaskClient) -> None:
    assert "there is nothing to expect yet" in add(small, **{"customer.staff": "many"})
    assert draft(small) == ""


def test_what_is_missing_can_be_expected_too(small: FlaskClient) -> None:
    edited(small, '{customer.staff: ">= 100"}', "{customer.kind: plant}")

    add(small, **{"@expect": ["status", "missing"]})

    assert "expect: {status: undetermined, missing: [customer.kind]}" in draft(small)
    assert load(draft(small)).test().results[-1].passed


def test_a_failing_test_is_made_to_expect_what_comes_out(small: FlaskClient) -> None:
    edited(small, ">= 100", ">= 200")
    page = small.get(f"{TESTS}?of=draft", headers={"Accept-Language": "en"}).text
    assert "While a test fails, the policy cannot be proposed." in page
    assert 'data-fill="test:1"' in page

    page = post(small, f"{TESTS}/1/expect?of=draft", was="一百人算大").text

    assert "expect: {outcome: {size: small}}" in draft(small)
    assert draft(small) == POLICY.replace(">= 100", ">= 200").replace("{size: large}}\n", "{size: small}}\n")
    assert "1 of 1 tests pass" in page


def test_a_test_that_expects_something_else_can_say_so_in_its_name_at_once(small: FlaskClient) -> None:
    edited(small, ">= 100", ">= 200")
    page = small.get(f"{TESTS}?of=draft", headers={"Accept-Language": "en"}).text
    form = page.partition(f'action="{TESTS}/1/expect')[2].partition("</form>")[0]
    assert '<label for="expect-1-en">Name of the test · English</label>' in form
    assert f'name="@name.en" maxlength="200" autocomplete="off" required value="{HEAD}"' in form
    assert 'name="@name.zh" maxlength="200" autocomplete="off" required value="一百人算大"' in form

    same = post(
        small, f"{TESTS}/1/expect?of=draft", **{"was": "一百人算大", "@name.zh": "一百人算大", "@name.en": HEAD}
    ).text
    assert f"The test “{HEAD}” expects what comes out now." in same
    assert "{zh: 一百人算大, en: a hundred is large}" in draft(small), "a name that stays keeps both languages"
    undone(small, same)
    empty = {"was": "一百人算大", "@name.zh": " ", "@name.en": ""}
    assert "A test needs a name." in post(small, f"{TESTS}/1/expect", **empty).text
    half = {"was": "一百人算大", "@name.zh": "一百人算小", "@name.en": ""}
    assert "The name stands in both languages" in post(small, f"{TESTS}/1/expect", **half).text
    assert "expect: {outcome: {size: large}}" in draft(small)

    new = {"was": "一百人算大", "@name.en": "a hundred is small"}
    page = post(small, f"{TESTS}/1/expect?of=draft", **new).text
    assert "The test “a hundred is small” expects what comes out now." in page
    assert "name: {zh: 一百人算大, en: a hundred is small}" in draft(small), "the other language keeps its name"
    assert load(draft(small)).test().results[0].passed
    undone(small, page)
    assert draft(small) == POLICY.replace(">= 100", ">= 200"), "one step, to be undone as one"


def undone(client: FlaskClient, page: str) -> None:
    """Press the undo a page offers."""
    back = re.search(r'action="(/drafts/[^"]+/undo[^"]+)"', page)
    assert back
    post(client, unescape(back[1]))


def test_where_one_proposes_a_failing_test_is_named_with_the_way_to_it(small: FlaskClient) -> None:
    edited(small, ">= 100", ">= 200")

    page = small.get(f"/review/draft/{NAME}", headers={"Accept-Language": "en"}).text

    assert "See the tests that fail" in page
    assert f'href="{TESTS}?of=draft"' in page


def test_a_test_is_renamed_and_removed_with_nothing_else_touched(small: FlaskClient) -> None:
    add(small)

    post(small, f"{TESTS}/1/rename", **{"was": "一百人算大", "@name.en": "a hundred: large"})
    assert 'name: {zh: 一百人算大, en: "a hundred: large"}' in draft(small), "the other language keeps its name"
    post(small, f"{TESTS}/2/remove", was="seven are few")

    assert draft(small).replace('"a hundred: large"', "a hundred is large") == POLICY


def test_a_name_in_one_language_is_one_text_until_the_other_is_written(small: FlaskClient) -> None:
    add(small)

    post(small, f"{TESTS}/2/rename", **{"was": "seven are few", "@name.zh": "", "@name.en": "seven: few"})
    assert 'name: "seven: few"' in draft(small)
    said = post(
        small, f"{TESTS}/2/rename", **{"was": "seven: few", "@name.zh": "七人算少", "@name.en": "seven: few"}
    ).text

    assert 'name: {zh: 七人算少, en: "seven: few"}' in draft(small)
    assert "The test is called “seven: few” now." in said


def test_what_was_done_names_the_test_in_the_reader_s_language(small: FlaskClient) -> None:
    expecting = post(small, f"{TESTS}/1/expect", was="一百人算大").text
    removed = post(small, f"{TESTS}/1/remove", was="一百人算大").text

    assert "The test “a hundred is large” expects what comes out now." in expecting
    assert "The test “a hundred is large” is gone from the draft." in removed


def test_a_test_is_found_again_where_others_moved_it(small: FlaskClient) -> None:
    add(small)

    assert "is gone" in post(small, f"{TESTS}/1/remove", was="seven are few").text
    assert draft(small) == POLICY
    assert "Somebody else has changed the tests" in post(small, f"{TESTS}/1/remove", was="seven are few").text


def test_a_test_made_from_the_record_names_nobody(place: Place) -> None:
    admin = signed_in(place.app)
    facts = {
        "as_of": "2026-03-01",
        "order.id": "o-1",
        "order.amount": "600000",
        "order.commission_to": "am-03",
        "customer.id": "c-1",
        "customer.tier": "B",
        "customer.owner": "am-03",
        "requester.id": "am-03",
        "requester.team": "t-east",
    }
    page = admin.post(
        "/policies/approval.order/tests/add",
        data={**facts, "@name": "large", "@expect": ["outcome.stages", "hits"]},
        headers={"Accept-Language": "en"},
        follow_redirects=True,
    ).text

    text = draft(admin, "approval.order")
    made = text[text.rindex("name: large") :]
    assert "am-03" not in made
    assert "c-1" not in made
    assert made.count("id: p1") == 1
    assert "owner: p1" in made
    assert "commission_to: p1" in made
    assert "names or ids were replaced by neutral ones." in page


def test_coverage_stands_beside_the_rules(small: FlaskClient) -> None:
    page = small.get(f"/policies/{NAME}", headers={"Accept-Language": "en"}).text
    assert re.findall(r'class="reached( unhit)?"[^>]*>([^<]*)<', page) == [("", "1 test"), (" unhit", "no test")]

    page = small.get(TESTS, headers={"Accept-Language": "en"}).text
    assert "No test hits 1 rule" in page
    assert 'data-fill="rule:small"' in page
    listed = page.partition('<ul class="coverage">')[2]
    assert re.findall(r'data-rule-row="([^"]+)"', listed) == ["small", "large"], "rules no test hits stand first"
    assert '<a href="#test-1">a hundred is large</a>' in listed, "which tests hit a rule"
    add(small)
    assert "No test hits" not in small.get(f"{TESTS}?of=draft", headers={"Accept-Language": "en"}).text


def test_a_rule_that_no_test_hits_gets_one_from_its_condition(small: FlaskClient) -> None:
    tried = small.get(f"/policies/{NAME}/try?rule=small", headers={"Accept-Language": "en"}).text
    facts = dict(re.findall(r'name="(customer\.\w+)"[^>]*value="([^"]*)"', tried))

    add(small, **{**facts, "@expect": ["hits"]})

    assert "Filled from the condition of the rule." in tried
    assert load(draft(small)).test().never_hit == ()


def test_tests_that_fail_come_first_and_keep_their_number(small: FlaskClient) -> None:
    small.post(f"/drafts/{NAME}/begin")
    add(small)
    text = draft(small).replace("expect: {outcome: {size: small}}", "expect: {outcome: {size: large}}")
    small.post(f"/drafts/{NAME}/text", data={"text": text, "since": 2})

    page = small.get(f"{TESTS}?of=draft", headers={"Accept-Language": "en"}).text

    assert page.index('id="test-2"') < page.index('id="test-1"')
    assert 'id="test-2" value="2" class="failed"' in page
