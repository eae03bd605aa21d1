"""Trying a policy: the form made from its inputs, what is typed there, and the decision."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in

TRY = "/policies/scorecard.size/try"
ENGLISH = {"Accept-Language": "en"}
FIT = {"as_of": "2026-03-01", "customer.id": "c1", "customer.staff": "250"}


def post(client: FlaskClient, **typed: Any) -> str:
    return client.post(
        TRY, data={**FIT, **{name.replace("__", "."): text for name, text in typed.items()}}, headers=ENGLISH
    ).text


def decided(client: FlaskClient, **typed: Any) -> Any:
    """Return what the JSON view answers."""
    data = {**FIT, **{name.replace("__", "."): text for name, text in typed.items()}}
    return json.loads(client.post(TRY.replace("/try", "/decision.json"), data=data, headers=ENGLISH).text)


def error_of(page: str, name: str) -> str:
    """Return what is said to be wrong with an input, without markup."""
    found = re.search(rf'id="{re.escape(name)}-error">(.*?)</p>', page)
    return re.sub("<[^>]*>", "", found[1]) if found else ""


def test_the_empty_form_asks_for_today_and_decides_nothing(small: FlaskClient) -> None:
    page = small.get(TRY, headers=ENGLISH).text

    assert re.search(r'type="date" id="as_of"[^>]* value="\d{4}-\d\d-\d\d"', page)
    assert "The decision will stand here" in page


def test_every_sort_of_input_has_its_control(small: FlaskClient) -> None:
    page = small.get(TRY, headers=ENGLISH).text

    assert re.search(r'<input type="text" id="customer.staff"[^>]*inputmode="decimal"', page)
    assert re.search(r'<select id="customer.kind"[^>]*>\s*<option value="" selected>not given', page)
    assert page.count('type="radio" name="customer.listed"') == 3
    assert re.search(r'<input type="date" id="customer.founded"', page)
    assert re.search(r'<textarea id="customer.tags"', page)
    assert page.count('type="checkbox" name="customer.markets"') == 2
    assert "unit: people · from 0 to 1,000,000 · whole number" in page
    assert "if empty: none" in page


def test_labels_come_in_the_language_of_the_reader(small: FlaskClient) -> None:
    page = small.get(TRY, headers={"Accept-Language": "zh"}).text

    assert "人数" in page
    assert "Staff" not in page


def test_the_decision_answers_first_and_shows_why(small: FlaskClient) -> None:
    page = post(small)

    assert "status-decided" in page
    assert "It has 250 people" in page
    assert page.index('class="answer"') < page.index('class="why"')
    assert "“Staff is at least 100 people” hits: Staff = 250" in page


def test_a_test_fills_the_form_at_a_click(small: FlaskClient) -> None:
    page = small.get(f"{TRY}?test=1", headers=ENGLISH).text

    assert "status-decided" in page
    assert re.search(r'id="customer.founded"[^>]* value="1999-12-31"', page)
    assert '<option value="plant" selected>' in page
    assert 'name="customer.listed" value="true" checked' in page
    assert re.search(r'id="customer.tags"[^>]*>\s*a\r?\nb</textarea>', page)
    assert 'name="customer.markets" value="west" checked' in page
    assert re.search(r'id="sites.0.city"[^>]* value="Ulm"', page)
    assert re.search(r'id="sites.1.city"[^>]* value="Bonn"', page)


@pytest.mark.parametrize("number", ["0", "2", "-1", "99999999999999999999"])
def test_a_test_that_is_not_there_is_no_page(small: FlaskClient, number: str) -> None:
    assert small.get(f"{TRY}?test={number}").status_code == 404


def test_what_is_typed_becomes_facts_of_the_right_type(small: FlaskClient) -> None:
    """Were any of it of the wrong type, the engine would refuse it."""
    found = decided(
        small,
        customer__staff="1,250",
        customer__kind="shop",
        customer__listed="false",
        customer__founded="2001-02-03",
        customer__tags="a\r\n\r\n b ",
        customer__markets=["west", "east"],
        customer__extra='{"since": 1.50}',
        sites__0="",
        sites__0__city="Ulm",
        sites__0__staff="\N{FULLWIDTH DIGIT THREE}",
    )

    assert found["status"] == "decided"


def test_enter_decides(small: FlaskClient) -> None:
    """Enter presses the first button that belongs to the form, wherever it stands on the page."""
    for page in (small.get(TRY, headers=ENGLISH).text, post(small)):
        form = page.index('<form id="facts"')
        buttons = re.finditer(r"<button([^>]*)>", page)
        first = next(each[1] for each in buttons if 'form="facts"' in each[1] or each.start() > form)
        assert "formaction" not in first
        assert "name=" not in first


def test_the_json_view_is_the_canonical_decision(small: FlaskClient) -> None:
    answer = small.post(TRY.replace("/try", "/decision.json"), data=FIT)

    assert answer.mimetype == "application/json"
    assert json.loads(answer.text)["outcome"] == {"size": "large"}
    assert ": " not in answer.text


def test_the_json_view_says_what_is_wrong(small: FlaskClient) -> None:
    answer = small.post(TRY.replace("/try", "/decision.json"), data={"customer.staff": "many"}, headers=ENGLISH)

    assert answer.status_code == 422
    assert [each["input"] for each in json.loads(answer.text)["problems"]] == ["customer.id", "customer.staff"]


WRONG = [
    ({"customer__staff": "many"}, "customer.staff", "“many” is not a number; write it as in 1234.50"),
    ({"customer__staff": "1,00"}, "customer.staff", "is not a number"),
    ({"customer__staff": "1e5"}, "customer.staff", "is not a number"),
    ({"customer__staff": "NaN"}, "customer.staff", "is not a number"),
    ({"customer__staff": "-1"}, "customer.staff", "too small"),
    ({"customer__staff": "1.5"}, "customer.staff", "1 decimal,"),
    ({"customer__staff": ""}, "customer.staff", "is missing"),
    ({"customer__id": ""}, "customer.id", "is missing"),
    ({"customer__id": "x" * 2001}, "customer.id", "at most 2000 characters"),
    ({"customer__kind": "castle"}, "customer.kind", "not one of the values offered"),
    ({"customer__listed": "perhaps"}, "customer.listed", "is neither true nor false"),
    ({"customer__founded": "2026-02-30"}, "customer.founded", "2026-02-30"),
    ({"customer__extra": "{"}, "customer.extra", "this is not JSON: line 1, column 2"),
    ({"customer__extra": "[" * 15000}, "customer.extra", ""),
    ({"customer__extra": "NaN"}, "customer.extra", "is not a number"),
    ({"as_of": "tomorrow"}, "as_of", "“tomorrow” is not a day"),
    ({"events": '{"id": "e"}'}, "events", "expected a list of events"),
    ({"events": '[{"type": "call"}]'}, "events", "an event is an object with a text"),
    ({"sites__0": "", "sites__0__city": ""}, "sites.0.city", "is missing"),
]


@pytest.mark.parametrize(("typed", "name", "said"), WRONG, ids=lambda each: str(each)[:50])
def test_what_is_wrong_stands_beside_its_input(small: FlaskClient, typed: dict[str, str], name: str, said: str) -> None:
    page = post(small, **typed)

    assert said in error_of(page, name)
    assert error_of(page, name) != ""
    assert f'href="#{name}"' in page
    assert "status-decided" not in page


def test_what_is_wrong_goes_by_its_label(small: FlaskClient) -> None:
    for language, said in (("zh", "人数"), ("en", "Staff")):
        page = small.post(TRY, data={**FIT, "customer.staff": ""}, headers={"Accept-Language": language}).text
        assert f'<a href="#customer.staff">{said}</a>' in page


def test_what_is_wrong_in_a_row_names_the_row(small: FlaskClient) -> None:
    page = post(small, sites__0="", sites__0__city="Ulm", sites__1="", sites__1__city="")

    assert '<a href="#sites.1.city">sites, item 2 · sites[].city</a>' in page
    assert decided(small, sites__1="", sites__1__city="")["problems"][0]["input"] == "sites.0.city"


def test_groups_have_a_heading_people_read(small: FlaskClient) -> None:
    for language, said in (("zh", "客户"), ("en", "Customer")):
        page = small.get(TRY, headers={"Accept-Language": language}).text
        assert f'<legend>{said} <code class="path">customer</code></legend>' in page


def test_a_unit_that_another_input_holds_goes_by_its_label(client: FlaskClient) -> None:
    page = client.get("/policies/approval.order/try", headers=ENGLISH).text

    assert "unit: see “Currency”" in page
    assert "unit: order.currency" not in page


def test_a_folded_row_says_what_stands_in_it(client: FlaskClient) -> None:
    row = {"managers.0": "", "managers.0.id": "am-1", "managers.0.active": "true", "managers.0.absent": "false"}
    row |= {"managers.0.home": "Ulm", "managers.0.load": "x" * 100}
    for language, said in (("zh", "客户经理：am-1 · 是否在岗：是 · 是否缺勤：否"), ("en", "am-1 · ")):
        headers = {"Accept-Language": language}
        page = client.post("/policies/assignment.new-customer/try", data=row, headers=headers).text
        summary = re.search(r'<span class="hint">([^<]*am-1[^<]*)</span>', page)
        assert summary is not None
        assert said in summary[1]
        assert "true" not in summary[1]
        assert len(summary[1]) < 250


def test_the_decision_says_what_the_values_are_called(small: FlaskClient) -> None:
    page = post(small)

    assert 'Staff <code class="path">customer.<wbr>staff</code> = <b>250</b>' in page


def test_what_is_missing_goes_by_its_label(folder: Path, make_app: MakeApp) -> None:
    path = folder / "scorecard" / "size.yaml"
    text = path.read_text("utf-8").replace('{customer.staff: ">= 100"}', "{customer.listed: true}")
    labelled = "listed: {type: boolean, label: {zh: 上市, en: On the stock exchange}, "
    path.write_text(text.replace("listed: {type: boolean, ", labelled), "utf-8")
    client = signed_in(make_app(rules=folder))
    client.application.config["WTF_CSRF_ENABLED"] = False

    assert '<li>On the stock exchange <code class="path">customer.<wbr>listed</code></li>' in post(client)


def test_what_the_rules_cannot_compute_is_said(folder: Path, make_app: MakeApp) -> None:
    path = folder / "scorecard" / "size.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "{id: small, then: {size: small}}", '{id: small, then: {size: "= customer.id"}}'
        ),
        "utf-8",
    )
    client = signed_in(make_app(rules=folder))
    client.application.config["WTF_CSRF_ENABLED"] = False

    page = post(client, customer__staff="5")

    assert "1 thing to put right" in page
    assert "rule <code>small</code> computed" in page


def test_lists_inside_of_lists_have_rows_of_their_own(folder: Path, make_app: MakeApp) -> None:
    path = folder / "scorecard" / "size.yaml"
    nested = "  - sites[].city: {type: string}\n  - sites[].floors: {type: list, default: []}\n"
    nested += "  - sites[].floors[].staff: {type: number}\n"
    path.write_text(path.read_text("utf-8").replace("  - sites[].city: {type: string}\n", nested), "utf-8")
    client = signed_in(make_app(rules=folder))
    client.application.config["WTF_CSRF_ENABLED"] = False
    one = {"sites__0": "", "sites__0__city": "Ulm", "sites__0__floors__0": "", "sites__0__floors__0__staff": "7"}

    page = post(client, **one, add="sites.0.floors")

    assert 'name="sites.0.floors.1" value=""' in page
    assert re.search(r'id="sites.0.floors.0.staff"[^>]* value="7"', page)
    assert "status-decided" in post(client, **one)


def test_everything_wrong_is_said_at_once(small: FlaskClient) -> None:
    page = post(small, customer__staff="many", customer__id="", as_of="never")

    assert "3 things to put right" in page


def test_what_was_typed_stays(small: FlaskClient) -> None:
    page = post(small, customer__staff="many", customer__tags="x\ny")

    assert re.search(r'id="customer.staff"[^>]* value="many"', page)
    assert re.search(r'id="customer.tags"[^>]*>\s*x\ny</textarea>', page)


def test_a_row_is_added_and_keeps_what_is_typed(small: FlaskClient) -> None:
    page = post(small, sites__0="", sites__0__city="Ulm", add="sites")

    assert re.search(r'id="sites.0.city"[^>]* value="Ulm"', page)
    assert 'name="sites.1" value=""' in page
    assert "status-decided" not in page


def test_a_row_is_removed_and_the_others_move_up(small: FlaskClient) -> None:
    page = post(small, sites__0="", sites__0__city="Ulm", sites__1="", sites__1__city="Bonn", remove="sites.0")

    assert re.search(r'id="sites.0.city"[^>]* value="Bonn"', page)
    assert 'name="sites.1"' not in page


ODD = [
    {"add": "nowhere"}, {"add": "customer"}, {"add": "customer.staff"}, {"add": "sites.0"}, {"add": ""},
    {"remove": "sites"}, {"remove": "sites.7"}, {"remove": "sites.²"}, {"remove": "sites.-1"}, {"remove": ""},
    {"sites.²": ""}, {"sites.99999999999999": ""}, {"sites.0.0.0": "x"}, {"unknown": "x"}, {"customer": "x"},
    {"customer.id": ["a", "b"]}, {"events": "[" * 10000}, {"customer.markets": ["north"]},
]  # fmt: skip


@pytest.mark.parametrize("typed", ODD, ids=str)
def test_odd_requests_are_answered(small: FlaskClient, typed: dict[str, Any]) -> None:
    assert small.post(TRY, data={**FIT, **typed}).status_code == 200


def test_more_rows_than_a_form_shows_are_refused_and_not_left_out(small: FlaskClient) -> None:
    rows = {f"sites.{number}": "" for number in range(300)}

    answer = small.post(TRY, data={**FIT, **rows, "add": "sites"}, headers=ENGLISH)

    assert answer.status_code == 413
    assert "command line" in answer.text


def test_an_instant_is_kept_as_it_is(small: FlaskClient) -> None:
    page = post(small, as_of="2026-03-01T09:30:00+08:00")

    assert re.search(r'<input type="text" id="as_of"[^>]* value="2026-03-01T09:30:00\+08:00"', page)
    assert "status-decided" in page


def test_an_undetermined_decision_names_what_is_missing(client: FlaskClient) -> None:
    number = 1 + next(
        index for index, name in enumerate(_test_names(client, "approval.order")) if "outdated rate" in name
    )

    page = client.get(f"/policies/approval.order/try?test={number}", headers=ENGLISH).text

    assert "status-undetermined" in page


def _test_names(client: FlaskClient, policy: str) -> list[str]:
    page = client.get(f"/policies/{policy}/tests", headers=ENGLISH).text
    return re.findall(r"<h2>([^<]*)</h2>", page)


KINDS = [
    ("approval.order", "May act"),
    ("assignment.new-customer", "Ranking"),
    ("incentive.quarterly", "Statement"),
    ("penalty.order-diversion", "Only a proposal"),
    ("scorecard.customer-value", 'class="big"'),
]


@pytest.mark.parametrize(("policy", "said"), KINDS)
def test_each_kind_shows_its_result(client: FlaskClient, policy: str, said: str) -> None:
    pages = [
        client.get(f"/policies/{policy}/try?test={number}", headers=ENGLISH).text
        for number in range(1, 1 + len(_test_names(client, policy)))
    ]

    assert any(said in page for page in pages)
    assert all('class="decision' in page for page in pages)
