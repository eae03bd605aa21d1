"""The form of one rule: opened, changed part by part, checked, saved; two people at once, and who may."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from policy.model.document import PolicyDocument
from policy.reader import read
from tests.webadmin.conftest import POLICY, MakeApp
from tests.webadmin.filled import Filled
from tests.webadmin.signing import signed_in
from webadmin.store import drafts
from webadmin.store.logins import Role
from webadmin.store.record import Record

NAME = "scorecard.size"
LARGE = f"/policies/{NAME}/rules/large"
RULES = [
    (path, rule.id)
    for path in sorted((Path(__file__).resolve().parents[3] / "rules").rglob("*.yaml"))
    if isinstance(document := read(path.read_text("utf-8")).document, PolicyDocument)
    for rule in document.rules
]
"""File and id of every shipped rule."""


@pytest.fixture
def editor(site: Flask) -> FlaskClient:
    client = signed_in(site)
    client.post(f"/drafts/{NAME}/begin")
    return client


@pytest.fixture(scope="module")
def shipped(rules: Path, make_app: MakeApp) -> FlaskClient:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return signed_in(made)


def draft(client: FlaskClient, name: str = NAME) -> str:
    record: Record = client.application.extensions["record"]
    with record.engine.connect() as connection:
        found = drafts.find(connection, name)
    assert found is not None
    return str(found.text)


def opened(client: FlaskClient, path: str = LARGE, **more: str) -> Filled:
    answer = client.get(path, query_string={"of": "draft", **more}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return Filled(answer.text, "rule-form")


def sent(client: FlaskClient, form: Filled, do: str = "save", **changes: Any) -> TestResponse:
    data = MultiDict(form.data)
    data["do"] = do
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return client.post(form.action, data=data, headers={"Accept-Language": "en"})


def with_line(client: FlaskClient, form: Filled, field: str, how: str, *values: str, **more: Any) -> TestResponse:
    """Save a form with its first line saying something else."""
    line = {"c.0.field": field, "c.0.how": how, "c.0.was": field, "c.0.value": list(values), **more}
    return sent(client, form, **line)


@pytest.mark.parametrize(("path", "rule"), RULES, ids=lambda each: getattr(each, "stem", each))
def test_every_shipped_rule_opens_and_is_saved_without_a_change(shipped: FlaskClient, path: Path, rule: str) -> None:
    name = f"{path.parent.name}.{path.stem}"
    shipped.post(f"/drafts/{name}/begin")
    before = draft(shipped, name)
    form = opened(shipped, f"/policies/{name}/rules/{rule}")

    answer = sent(shipped, form)

    assert answer.status_code == 303, answer.text
    assert draft(shipped, name) == before
    assert len(form.ids) == len(set(form.ids))
    loose = [
        each
        for each in form.inputs
        if each.get("type") not in {"hidden", "checkbox", "radio"} and each.get("id") not in form.labelled
    ]
    assert not loose, "every input has a label"


def test_without_a_draft_a_rule_is_read_and_a_button_begins_one(site: Flask) -> None:
    client = signed_in(site)

    page = client.get(LARGE, headers={"Accept-Language": "en"})

    assert "Staff ≥ 100" in page.text
    assert '<a href="/policies" aria-current="true">' in page.text
    assert 'id="rule-form"' not in page.text
    assert client.post(f"/drafts/{NAME}/begin", data={"view": "rule", "rule": "large"}).location == f"{LARGE}?of=draft"
    assert client.get(f"/policies/{NAME}/rules/nobody").status_code == 404


@pytest.mark.parametrize(
    ("field", "how", "values", "expected"),
    [
        ("customer.staff", "ge", ["250"], ">= 250"),
        ("customer.staff", "ge", ["1,250"], ">= 1250"),
        ("customer.staff", "eq", ["\uff17"], "7"),
        ("customer.staff", "from-below", ["10", "50"], "[10..50)"),
        ("customer.staff", "one-of", ["1\r\n2"], "[1, 2]"),
        ("customer.staff", "lt", ["= count(sites) * 3"], "< count(sites) * 3"),
        ("customer.kind", "eq", ["shop"], "shop"),
        ("customer.kind", "one-of", ["shop", "plant"], "[shop, plant]"),
        ("customer.kind", "none-of", ["shop"], "not(shop)"),
        ("customer.kind", "missing", [], "null"),
        ("customer.listed", "true", [], "true"),
        ("customer.founded", "lt", ["2000-01-01"], "< date(2000-01-01)"),
        ("customer.founded", "days-ago", ["365"], "< today() - duration(P365D)"),
        ("customer.tags", "contains", ["a, b"], "list contains(?, a, b)"),
        ("customer.markets", "contains", ["west"], "list contains(?, west)"),
        ("customer.staff", "test", ["< 5, > 9"], "< 5, > 9"),
    ],
)
def test_a_line_becomes_a_cell(editor: FlaskClient, field: str, how: str, values: list[str], expected: str) -> None:
    answer = with_line(editor, opened(editor), field, how, *values)

    assert answer.status_code == 303, answer.text
    text = draft(editor)
    assert f"when: {{{field}: {expected}}}" in re.sub(r"""['"\\\\]""", "", text), "without quotes"
    again = opened(editor)
    assert "grade-error" not in editor.get(LARGE, query_string={"of": "draft"}).text
    sent(editor, again)
    assert draft(editor) == text, "what was written opens and is saved without a change"


def test_nothing_else_of_the_text_is_touched(editor: FlaskClient) -> None:
    before = draft(editor)

    with_line(editor, opened(editor), "customer.staff", "ge", "250")

    assert draft(editor) == before.replace('">= 100"', '">= 250"')


def test_parts_are_added_and_taken_away_without_a_script(editor: FlaskClient) -> None:
    form = opened(editor)
    for what in ("group:c", "group:c.1", "group:c.1.1", "text:c.1.1.1"):
        form = Filled(sent(editor, form, what).text, "rule-form")
    assert form.data["c.1.1.1.0.kind"] == "line"
    assert form.data["c.1.1.1.1.kind"] == "text"

    page = sent(editor, form, "remove:c.1.0", **{"c.1.1.1.1.text": "count(sites) > 1"})

    assert " autofocus" in page.text
    form = Filled(page.text, "rule-form")
    assert form.data["c.1.0.0.field"] == ""
    assert form.data["c.1.0.1.1.text"] == "count(sites) > 1"
    assert draft(editor) == POLICY, "nothing is saved on the way"


def test_four_levels_are_written_and_read_again(editor: FlaskClient) -> None:
    form = opened(editor)
    for depth in range(1, 5):
        form = Filled(sent(editor, form, f"group:c{'.1' * (depth - 1)}").text, "rule-form")
        group = f"c{'.1' * depth}"
        typed = {f"{group}.0.field": "customer.listed", f"{group}.0.how": "true"}
        form = Filled(sent(editor, form, "keep", **typed).text, "rule-form")
    form = Filled(sent(editor, form, "line:c.1.1.1.1").text, "rule-form")
    last = {"c.1.1.1.1.1.field": "customer.kind", "c.1.1.1.1.1.how": "eq", "c.1.1.1.1.1.value": "shop"}

    answer = sent(editor, form, **last)

    assert answer.status_code == 303, answer.text
    deepest = '(customer.listed and customer.kind = "shop")'
    inside = f"(customer.listed or (customer.listed and (customer.listed or {deepest})))"
    assert f"when: {repr(inside)[1:-1]}".replace("when: (", "when: customer.staff >= 100 and (") in draft(editor)
    assert opened(editor).data["c.1.1.1.1.1.value"] == "shop"


def test_a_formula_is_typed_without_its_sign(editor: FlaskClient) -> None:
    with_line(editor, opened(editor), "customer.staff", "lt", "count(sites) * 3", **{"c.0.free": "1"})

    assert "customer.staff: < count(sites) * 3" in draft(editor).replace('"', "")
    form = opened(editor)
    assert form.data["c.0.free"] == "1"
    assert form.data["c.0.value"] == "count(sites) * 3"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("customer.staff", "ge", "lots"), "“lots” is not a number"),
        (("customer.staff", "ge", ""), "Give a value."),
        (("customer.staff", "ge", "= 1 +"), "expected"),
        (("customer.staff", "one-of"), "Give at least one value."),
        (("customer.founded", "lt", "yesterday"), "“yesterday” does not fit here; expected: date"),
        (("customer.founded", "days-ago", "-1"), "“-1” is not a number of days"),
        (("customer.staff", "test", "> >"), "expected"),
    ],
)
def test_what_cannot_be_written_is_kept_and_said_beside_it(
    editor: FlaskClient, line: tuple[str, ...], said: str
) -> None:
    answer = with_line(editor, opened(editor), *line)

    assert answer.status_code == 422
    assert said in answer.text
    form = Filled(answer.text, "rule-form")
    assert form.data["c.0.field"] == line[0]
    kept = [each.removeprefix("= ") for each in line[2:]]
    assert form.data.getlist("c.0.value") == kept or line[1] == "one-of"
    assert draft(editor) == POLICY


def test_what_does_not_load_is_saved_and_said_where_it_stands(editor: FlaskClient) -> None:
    form = Filled(sent(editor, opened(editor), "text:c").text, "rule-form")

    answer = sent(editor, form, **{"c.1.text": "customer.stuff > 1"})

    assert answer.status_code == 303
    page = editor.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"}).text
    place = page.partition('data-said="c.1"')[2].partition("</p>")[0]
    assert "did you mean <code>staff</code>" in place
    assert 'data-said="c.0" hidden' in page


def test_a_rule_is_checked_while_it_is_typed(editor: FlaskClient) -> None:
    form = opened(editor)

    sound = sent(editor, form, "check").get_json()
    wrong = sent(editor, form, "check", **{"c.0.value": "2000000", "then.size": "huge", "c.0.how": "ge"}).get_json()
    bad = sent(editor, form, "check", **{"c.0.value": "x"}).get_json()

    assert sound == {
        "said": {},
        "errors": 0,
        "state": "Not saved yet. 1 of 1 tests pass.",
        "condition": "customer.staff >= 100",
        "words": sound["words"],
        "reason": "It has [Staff] people",
    }
    assert "Staff" in sound["words"]
    assert "100" in sound["words"]
    assert {"c.0", "then.size"} >= set(wrong["said"]) >= {"then.size"}
    assert list(bad["said"]) == ["c.0"]
    assert draft(editor) == POLICY


def test_a_new_rule_is_written_in_the_way_of_its_policy(editor: FlaskClient) -> None:
    form = opened(editor, f"/policies/{NAME}/new-rule", after="large")

    refused = sent(editor, form)
    answer = sent(
        editor,
        form,
        **{
            "id": "plants",
            "c.0.field": "customer.kind",
            "c.0.how": "eq",
            "c.0.was": "customer.kind",
            "c.0.value": "plant",
            "then.size": "large",
            "because.zh": "工厂都大",
        },
    )

    assert refused.status_code == 422
    assert "Give the rule a name" in refused.text
    assert answer.location == f"/policies/{NAME}/rules/plants?of=draft"
    added = "  - {id: plants, when: {customer.kind: plant}, then: {size: large}, because: 工厂都大}\n"
    assert draft(editor) == POLICY.replace("  - {id: small", f"{added}  - {{id: small")


def test_name_outcome_and_reason_are_changed(editor: FlaskClient) -> None:
    answer = sent(editor, opened(editor), **{"id": "big", "then.size": "small", "because.en": "Big: {customer.staff}"})

    assert answer.location == f"/policies/{NAME}/rules/big?of=draft"
    text = draft(editor)
    assert "- id: big" in text
    assert 'because: {zh: "有 {customer.staff} 人", en: "Big: {customer.staff}"}' in text
    assert "then: {size: small}" in text
    taken = sent(editor, opened(editor, f"/policies/{NAME}/rules/big"), id="small")
    assert taken.status_code == 422
    assert 'data-said="id"' in taken.text


def test_a_formula_takes_the_place_of_a_choice(editor: FlaskClient) -> None:
    sent(editor, opened(editor), **{"then.size.formula": 'if customer.staff > 500 then "large" else "small"'})

    assert "= if customer.staff > 500" in draft(editor)
    assert opened(editor).data["then.size.formula"] == 'if customer.staff > 500 then "large" else "small"'


def test_a_reason_in_two_languages_is_never_left_in_one(editor: FlaskClient) -> None:
    before = draft(editor)

    answer = sent(editor, opened(editor), **{"because.en": ""})

    assert answer.status_code == 422
    assert 'data-said="because"' in answer.text
    assert draft(editor) == before
    assert sent(editor, opened(editor), **{"because.en": "", "because.zh": ""}).status_code == 303
    assert "because" not in draft(editor)


def test_a_reason_in_one_language_stands_in_that_language_until_the_other_is_written(editor: FlaskClient) -> None:
    sent(editor, opened(editor), **{"because.zh": "", "because.en": ""})
    sent(editor, opened(editor), **{"because.zh": "人多"})
    assert "because: 人多" in draft(editor)

    form = opened(editor)
    assert (form.data["because.zh"], form.data["because.en"]) == ("人多", "")
    page = editor.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"}).text
    assert 'placeholder="Empty: “人多” is shown in both languages."' in page
    before = draft(editor)
    assert sent(editor, form, **{"c.0.value": "100"}).status_code == 303
    assert draft(editor) == before, "what is only shown is not saved"

    sent(editor, opened(editor), **{"because.en": "Many people"})
    assert "because: {zh: 人多, en: Many people}" in draft(editor)
    assert opened(editor).data["because.zh"] == "人多"
    assert "is shown in both languages" not in editor.get(LARGE, query_string={"of": "draft"}).text


def test_the_form_of_a_rule_has_one_primary_action(editor: FlaskClient) -> None:
    page = editor.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"}).text
    main = page.partition("<main")[2].partition("</main>")[0]

    assert re.findall(r'class="button"[^>]*>([^<]*)<', main) == ["Save the rule"]


def test_a_rule_is_copied_moved_and_removed_from_its_form(editor: FlaskClient) -> None:
    def names() -> list[str]:
        document = read(draft(editor)).document
        assert isinstance(document, PolicyDocument)
        return [str(each.id) for each in document.rules]

    copied = sent(editor, opened(editor), "copy", **{"c.0.value": "300"})
    assert copied.location == f"/policies/{NAME}/rules/large-copy?of=draft"
    assert names() == ["large", "large-copy", "small"]
    assert draft(editor).count(">= 300") == 2, "what was typed is saved first"
    sent(editor, opened(editor), "down")
    assert names() == ["large-copy", "large", "small"]
    removed = sent(editor, opened(editor), "remove-rule")
    assert removed.location == f"/policies/{NAME}?of=draft"
    assert names() == ["large-copy", "small"]


def test_a_saved_rule_can_be_undone(editor: FlaskClient) -> None:
    with_line(editor, opened(editor), "customer.staff", "ge", "250")

    page = editor.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"})
    assert "Saved." in page.text
    answer = editor.post(f"/drafts/{NAME}/undo", data={"since": 2, "view": "rule", "rule": "large"})

    assert answer.location == f"{LARGE}?of=draft"
    assert draft(editor) == POLICY


def test_a_rule_that_was_renamed_is_found_again_when_that_is_undone(editor: FlaskClient) -> None:
    sent(editor, opened(editor), id="enormous")
    new = opened(editor, f"/policies/{NAME}/new-rule", after="small")
    sent(editor, new, id="rest", **{"then.size": "small"})

    data = {"since": 3, "view": "rule", "rule": "rest"}
    assert editor.post(f"/drafts/{NAME}/undo", data=data).location == f"/policies/{NAME}?of=draft"
    data = {"since": 2, "view": "rule", "rule": "enormous"}
    assert editor.post(f"/drafts/{NAME}/undo", data=data).location == f"{LARGE}?of=draft"


def test_a_script_saves_by_itself_and_goes_on_from_there(editor: FlaskClient) -> None:
    first = sent(editor, opened(editor), "autosave", **{"c.0.value": "250"})
    told = first.get_json()
    again = sent(editor, opened(editor), "autosave", **{"c.0.value": "260"}).get_json()

    assert first.status_code == 200
    assert (told["version"], told["merged"], told["state"]) == (2, False, "Saved. 0 of 1 tests pass.")
    assert 'id="rule-form"' in told["html"]
    assert again["version"] == 3
    assert draft(editor) == POLICY.replace(">= 100", ">= 260")
    for version, text in ((3, ">= 250"), (2, ">= 100")):
        editor.post(f"/drafts/{NAME}/undo", data={"since": version, "view": "rule", "rule": "large"})
        assert text in draft(editor)


def test_what_cannot_be_written_is_not_saved_by_itself(editor: FlaskClient) -> None:
    answer = sent(editor, opened(editor), "autosave", **{"c.0.value": "many"})

    assert answer.status_code == 422
    assert list(answer.get_json()["said"]) == ["c.0"]
    assert draft(editor) == POLICY


def test_a_new_rule_is_saved_by_itself_once_it_has_a_name_and_says_something(editor: FlaskClient) -> None:
    form = opened(editor, f"/policies/{NAME}/new-rule", after="large")

    unnamed = sent(editor, form, "autosave", **{"then.size": "small"}).get_json()
    bare = sent(editor, form, "autosave", id="rest").get_json()
    saved = sent(editor, form, "autosave", id="rest", **{"then.size": "small"}).get_json()

    assert unnamed == {"waits": "Not saved yet: the rule has no name."}
    assert bare == {"waits": "Not saved yet: the rule has neither a condition nor an outcome."}
    assert saved["address"] == f"/policies/{NAME}/rules/rest?of=draft"
    assert "{id: rest, then: {size: small}}" in draft(editor)


def test_saving_by_itself_tells_of_somebody_else(editor: FlaskClient) -> None:
    one, two, three = opened(editor), opened(editor), opened(editor)
    sent(editor, one, **{"because.en": "Very many"})

    merged = sent(editor, two, "autosave", **{"c.0.value": "250"}).get_json()
    clash = sent(editor, three, "autosave", **{"c.0.value": "300"})

    assert merged["merged"] is True
    assert "Very many" in merged["html"]
    assert clash.status_code == 409
    assert '">= 250"' in draft(editor)


BARE = "Say when the rule holds, or what it gives: it says neither yet."


def test_a_rule_with_neither_condition_nor_outcome_is_refused_at_its_fields(editor: FlaskClient) -> None:
    new = opened(editor, f"/policies/{NAME}/new-rule", after="large")
    before = draft(editor)

    added = sent(editor, new, id="rest")
    emptied = sent(editor, opened(editor), **{"c.0.field": "", "then.size": ""})

    for answer in (added, emptied):
        assert answer.status_code == 422
        for place in ("when", "then.size"):
            assert BARE in answer.text.partition(f'data-said="{place}"')[2].partition("</p>")[0]
    assert draft(editor) == before


def test_where_every_output_has_a_default_the_language_takes_a_bare_rule(editor: FlaskClient) -> None:
    text = draft(editor).replace("one_of: [large, small],", "one_of: [large, small], default: small,")
    editor.post(f"/drafts/{NAME}/text", data={"text": text, "since": 1})

    assert sent(editor, opened(editor, f"/policies/{NAME}/new-rule"), id="rest").status_code == 303

    assert "{id: rest, then: {}}" in draft(editor)


def test_an_outcome_that_is_owed_is_missed_at_its_field(editor: FlaskClient) -> None:
    sent(editor, opened(editor), **{"then.size": ""})

    page = editor.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"}).text
    assert "Say what the rule gives for “Size”" in page.partition('data-said="then.size"')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Paid in advance: no", "[Net amount]")), ("zh", ("是否预付全款：否", "「订单净额」"))],
)
def test_a_rule_is_read_in_words(shipped: FlaskClient, language: str, words: tuple[str, str]) -> None:
    def read(rule: str) -> str:
        return shipped.get(f"/policies/approval.order/rules/{rule}", headers={"Accept-Language": language}).text

    assert words[0] in read("long-credit")
    assert words[1] in re.sub("<[^>]+>", "", read("key-account"))
    assert "{order.net}" not in read("key-account")
    shipped.post("/drafts/approval.order/begin")
    page = shipped.get(
        "/policies/approval.order/rules/key-account",
        query_string={"of": "draft"},
        headers={"Accept-Language": language},
    ).text
    assert words[1] in re.sub("<[^>]+>", "", page.partition('id="rule-reason"')[2].partition("</p>")[0])


def test_what_a_rule_gives_is_yes_or_no_in_words(site: Flask, editor: FlaskClient) -> None:
    text = draft(editor).replace("hit_policy: first", "  open: {type: boolean, default: false}\nhit_policy: first")
    text = text.replace("then: {size: large}\n", "then: {size: large, open: true}\n")
    editor.post(f"/drafts/{NAME}/text", data={"text": text, "since": 1})

    page = (
        signed_in(site, Role.AUDITOR).get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "zh"}).text
    )

    assert re.search(r"<dt>open</dt><dd>\s*是\s*</dd>", page)


def test_two_people_on_one_rule_lose_nothing(editor: FlaskClient) -> None:
    one, two, three = opened(editor), opened(editor), opened(editor)

    sent(editor, one, **{"c.0.value": "250"})
    apart = sent(editor, two, **{"because.en": "Very many"})
    clash = sent(editor, three, **{"c.0.value": "300"})

    assert apart.status_code == 303
    assert '">= 250"' in draft(editor)
    assert "Very many" in draft(editor)
    assert clash.status_code == 409
    assert "&gt;= 250" in clash.text
    assert "&gt;= 300" in clash.text


def test_a_draft_that_is_gone_takes_nothing(editor: FlaskClient) -> None:
    form = opened(editor)
    editor.post(f"/drafts/{NAME}/discard", data={"since": 1})

    assert sent(editor, form).status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_others_read_a_rule_and_change_nothing(editor: FlaskClient, role: Role) -> None:
    form = opened(editor)
    other = signed_in(editor.application, role)

    page = other.get(LARGE, query_string={"of": "draft"})

    assert page.status_code == 200
    assert 'id="rule-form"' not in page.text
    assert sent(other, form).status_code == 403
    assert other.get(f"/policies/{NAME}/new-rule").status_code == 403
    assert draft(editor) == POLICY


@pytest.mark.parametrize(
    "broken",
    [
        {"c.0.kind": "magic"},
        {"c.join": "most"},
        {"c.0.how": "like"},
        {"c.kind": "line"},
        {"do": "fly"},
    ],
)
def test_a_form_that_is_none_of_ours_is_refused(editor: FlaskClient, broken: dict[str, str]) -> None:
    form = opened(editor)
    do = broken.pop("do", "save")

    assert sent(editor, form, do, **broken).status_code == 400


def test_too_much_is_refused(editor: FlaskClient) -> None:
    form = opened(editor)
    deep = {
        f"c{'.0' * depth}.{name}": value
        for depth in range(1, 13)
        for name, value in (("kind", "group"), ("join", "all"))
    }
    wide = {f"c.{number}.kind": "line" for number in range(300)}

    for more in (deep, wide, {"because.zh": "长" * 5000}):
        assert sent(editor, form, **more).status_code == 413


HOSTILE = [
    "<script>x</script>",
    '"><img src=x onerror=x>',
    "{{ 7 * 191 }}",
    "=1+1",
    "\u202ex",
    "'; DROP TABLE drafts; --",
    "%s",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(editor: FlaskClient, text: str) -> None:
    form = Filled(sent(editor, opened(editor), "text:c").text, "rule-form")

    for do in ("save", "keep"):
        answer = sent(editor, form, do, **{"c.0.value": text, "c.1.text": text, "id": text, "because.en": text})
        assert "<script>x" not in answer.text
        assert "<img src=x" not in answer.text
        assert "1337" not in answer.text
        again = Filled(answer.text, "rule-form").data
        assert (again["c.1.text"], again["because.en"]) == (text, text)
    saved = sent(editor, opened(editor), **{"because.en": text})
    turning = "\u202e" in text
    assert saved.status_code == (422 if turning else 303), "documents hold no signs that turn a text around"
    assert turning or opened(editor).data["because.en"] == text


GRADED = POLICY.replace(
    "outputs:\n  size: {type: string, one_of: [large, small], label: {zh: 规模, en: Size}}\nhit_policy: first\n",
    "outputs:\n"
    "  points: {type: number, scale: 0, label: {zh: 得分, en: Points}}\n"
    "  size: {type: string, one_of: [large, small], label: {zh: 规模, en: Size}}\n"
    "hit_policy: first\n"
    "grades: {of: points, give: size, rows: [{from: 0, value: small}, {from: 5, value: large}]}\n",
)  # fmt: skip


@pytest.fixture
def graded(folder: Path, make_app: MakeApp) -> FlaskClient:
    """Return an editor of a policy whose section works the size out of points."""
    text = GRADED.replace("then: {size: large}", "then: {points: 9}").replace(
        "then: {size: small}", "then: {points: 1}"
    )
    (folder / "scorecard" / "size.yaml").write_text(text, "utf-8")
    made = make_app(rules=folder)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(made)
    client.post(f"/drafts/{NAME}/begin")
    return client


@pytest.mark.parametrize(("language", "said"), [("en", "A rule does not give this"), ("zh", "规则不给出此项")])
def test_what_the_section_works_out_is_not_offered(graded: FlaskClient, language: str, said: str) -> None:
    page = graded.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": language}).text

    assert 'name="then.points"' in page
    assert 'name="then.size"' not in page
    assert said in page
    assert f'href="/policies/{NAME}?of=draft#section-grades"' in page


def test_a_rule_is_saved_without_what_the_section_works_out(graded: FlaskClient) -> None:
    assert sent(graded, opened(graded), **{"then.points": "7"}).status_code == 303

    assert "then: {points: 7}" in draft(graded)


def test_a_rule_that_gives_it_against_the_section_can_be_put_right(graded: FlaskClient) -> None:
    text = draft(graded).replace("then: {points: 9}", "then: {points: 9, size: large}")
    since = re.findall(r'name="since" value="(\d+)"', graded.get(f"/policies/{NAME}/text?of=draft").text)[0]
    graded.post(f"/drafts/{NAME}/text", data={"text": text, "since": since})

    page = opened(graded)
    wrong = graded.get(LARGE, query_string={"of": "draft"}, headers={"Accept-Language": "en"}).text
    assert "is given by the section, a rule may not give it" in unescape(wrong)
    assert page.data["then.size"] == "large"

    assert sent(graded, page, **{"then.size": ""}).status_code == 303
    assert "then: {points: 9}" in draft(graded)


def test_no_column_stands_for_what_no_rule_gives(graded: FlaskClient) -> None:
    for address in (f"/policies/{NAME}", f"/policies/{NAME}?as=written", f"/policies/{NAME}?of=draft"):
        page = graded.get(address, headers={"Accept-Language": "en"}).text
        assert re.findall(r'<th scope="col" class="then[^"]*">\s*(\w+)', page) == ["Points"], address


@pytest.mark.parametrize(
    ("field", "typed", "written"),
    [
        ("customer.staff", "五十万人", "customer.staff: 500000"),
        ("customer.staff", "50万以上", 'customer.staff: ">= 500000"'),
        ("customer.staff", "不足 2 百", "customer.staff: < 200"),
        ("customer.staff", "100 至 200", 'customer.staff: "[100..200]"'),
        ("customer.staff", "more than 5k", 'customer.staff: "> 5000"'),
    ],
)
def test_a_line_takes_words_as_the_table_does(editor: FlaskClient, field: str, typed: str, written: str) -> None:
    answer = with_line(editor, opened(editor), field, "eq", typed)

    assert answer.status_code == 303, answer.text
    assert written in draft(editor)


def test_a_line_that_is_still_being_built_is_not_marked_before_it_is_saved(editor: FlaskClient) -> None:
    form = opened(editor)
    line = {"c.0.field": "customer.staff", "c.0.how": "ge", "c.0.was": "customer.staff", "c.0.value": ""}

    looked = sent(editor, form, do="check", **line).get_json()
    waits = sent(editor, form, do="autosave", **line).get_json()
    asked = sent(editor, form, do="autosave", asked="1", **line)

    assert looked["said"] == {}
    assert looked["state"] == "Not saved yet: a line of the condition has no value."
    assert waits == {"waits": "Not saved yet: a line of the condition has no value."}
    assert asked.status_code == 422
    assert "Give a value." in asked.text


def test_an_outcome_that_is_owed_is_asked_for_by_its_label(editor: FlaskClient) -> None:
    form = opened(editor)

    looked = sent(editor, form, do="check", **{"then.size": ""}).get_json()

    (said,) = looked["said"]["then.size"]
    assert said["text"] == "Say what the rule gives for “Size”: there is nothing that counts instead."
