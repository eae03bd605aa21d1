"""Remarks on rules together, where rules are read and changed: an example to try, and the row that closes a gap."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.rulesets.conftest import drafted

NAME = "approval.special-terms"
ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


def type_in(client: FlaskClient, rule: str, value: str) -> None:
    data = {"what": "cell", "rule": rule, "part": "offer.months", "value": value, "since": draft(client.application)[1]}
    assert client.post(f"/drafts/{NAME}/change", data=data).status_code == 303


def together(client: FlaskClient, view: str = "", of: str = "draft", headers: dict[str, str] = EN) -> str:
    page = client.get(f"/policies/{NAME}{view}?of={of}", headers=headers).text
    return page.partition('class="together"')[2].partition("</section>")[0]


def plain(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", "", page)).split())


def fields(form: str) -> list[tuple[str, str]]:
    return [(name, unescape(value)) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)]


def test_what_ships_has_nothing_to_remark(editor: FlaskClient) -> None:
    assert together(editor) == together(editor, of="live") == together(editor, "/read", of="live") == ""


def test_a_gap_is_said_with_labels_in_both_languages_wherever_rules_are_shown(editor: FlaskClient) -> None:
    type_in(editor, "price-lock-short", "<= 5")

    for view in ("", "/read"):
        zh, en = (plain(together(editor, view, headers=each)) for each in (ZH, EN))
        assert "例如特殊条款类别 = 锁价且期限（月） = 6 时没有规则成立，也没有默认值" in zh
        assert "no rule holds, for example where Kind of special term = price lock and " in en
        assert "Try this example" in en


def test_the_rule_a_gap_asks_for_is_added_with_one_press(editor: FlaskClient) -> None:
    type_in(editor, "price-lock-short", "<= 5")
    form = together(editor).partition("<form")[2].partition("</form>")[0]
    assert "Add a rule for this" in form
    assert "Show all of it" not in together(editor), "its example is all of it"
    assert "Add a rule for this" not in together(editor, "/read")

    sent: dict[str, list[str]] = {}
    for name, value in fields(form):
        sent.setdefault(name, []).append(value)
    answer = editor.post(f"/drafts/{NAME}/change", data=sent)

    assert answer.status_code == 303
    assert "when: {offer.kind: price-lock, offer.months: 6}" in draft(editor.application)[0]
    assert "no rule holds" not in together(editor)


def test_the_example_of_a_gap_comes_first_and_all_of_it_is_folded(editor: FlaskClient) -> None:
    type_in(editor, "price-lock-short", "<= 3")

    for page in (together(editor), editor.get(f"/policies/{NAME}/text?of=draft", headers=EN).text):
        told, _, rest = page.partition('<details class="ranges">')
        folded = plain(rest.partition("</summary>")[2].partition("</details>")[0])
        assert folded == "Kind of special term = price lock and Length in months ≥ 4 and < 7"
        assert "for example where Kind of special term = price lock and Length in months = 4, and" in plain(told)
        assert folded not in plain(told)
    typed = editor.post(f"/drafts/{NAME}/check", data={"text": draft(editor.application)[0]}, headers=EN).get_json()
    (gap,) = [each for each in typed["findings"] if each["code"] == "rules-gap"]
    assert gap["ranges"].endswith("≥ 4 and < 7")
    assert gap["ranges"] not in gap["said"]


def test_an_overlap_stands_at_its_row_and_its_example_fills_the_trial(editor: FlaskClient) -> None:
    type_in(editor, "price-lock", "[6..12]")

    page = editor.get(f"/policies/{NAME}?of=draft", headers=EN).text
    row = page.partition('id="rule-price-lock"')[2].partition("</tr>")[0]
    assert "price-lock and price-lock-short hold at once" in plain(row)
    trial = plain(editor.get(f"/policies/{NAME}/try?of=draft&example=1", headers=EN).text)
    assert "the example of a remark on the rules" in trial
    assert "No answer: the rules" in trial
    assert editor.get(f"/policies/{NAME}/try?of=draft&example=2").status_code == 404
    assert editor.get(f"/policies/{NAME}/try?of=draft&example=x").status_code == 404


def test_remarks_count_in_the_list_and_stand_in_the_text(editor: FlaskClient) -> None:
    type_in(editor, "price-lock-short", "<= 5")

    assert "rules-gap" in editor.get(f"/policies/{NAME}/text?of=draft").text
    found = editor.post(f"/drafts/{NAME}/check", data={"text": draft(editor.application)[0]}).get_json()
    assert "rules-gap" in [each["code"] for each in found["findings"]]


def test_a_number_a_reason_kept_is_told_at_the_name_of_its_rule_and_in_the_form(editor: FlaskClient) -> None:
    type_in(editor, "price-lock-long", "> 18")

    page = editor.get(f"/policies/{NAME}?of=draft", headers=EN).text
    row = page.partition('id="rule-price-lock-long"')[2].partition("</tr>")[0]
    name = plain(row.partition("<td")[0])
    assert "says 1年, which stands nowhere in the rule (its numbers are 18)" in name
    form = editor.get(f"/policies/{NAME}/rules/price-lock-long?of=draft", headers=EN).text
    assert "says 1年, which stands nowhere" in plain(form.partition('id="rule-because"')[2])
