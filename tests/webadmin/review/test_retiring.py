"""A policy is retired on its pages by two people, refused over HTTP from then on, shown so, and brought back."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.api.conftest import Api, token_for
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store.logins import Role
from webadmin.store.record import Record

NAME = "scorecard.size"
EN = {"Accept-Language": "en"}
DECIDE = f"/api/v1/policies/{NAME}/decisions"
ASKED = {"facts": {"customer": {"id": "c1", "staff": 50}}}


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


@pytest.fixture
def reviewer(site: Flask) -> FlaskClient:
    return signed_in(site, Role.MANAGER, "reviewer")


@pytest.fixture
def api(site: Flask) -> Api:
    record: Record = site.extensions["record"]
    return Api(site, token_for(record))


def main(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=EN)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.text.partition("<main")[2].partition("</main")[0])


def proposed(client: FlaskClient, **typed: str) -> str:
    answer = client.post(f"/policies/{NAME}/retire", data={"note": "nobody needs it", **typed}, headers=EN)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def approved(client: FlaskClient, address: str) -> str:
    answer = client.post(f"{address}/approve", headers=EN)
    assert answer.status_code == 303, answer.text
    return main(client, address)


def retired(author: FlaskClient, reviewer: FlaskClient, **typed: str) -> str:
    return approved(reviewer, proposed(author, **typed))


def test_it_says_before_what_it_comes_to_and_proposes_with_undo(author: FlaskClient) -> None:
    page = main(author, f"/policies/{NAME}/retire")
    assert "From the day on no decision is made by it" in page

    address = proposed(author)

    page = main(author, address)
    assert "Proposal to retire: Size" in page
    assert "You proposed this, so somebody else has to approve it." in page
    whole = page.partition('<div class="readable">')[2]
    assert "<h3>What it needs to know</h3>" in whole  # what goes is read whole, as it says
    assert '<p class="sentence"><span class="word">When</span>' in whole
    assert '<details class="test-says">' in whole
    assert f'action="{address}/withdraw"' in page
    assert author.post(f"{address}/approve").status_code == 403
    assert "to retire it" in main(author, f"/policies/{NAME}")
    assert "to be retired" in main(author, "/review")


def test_taken_back_nothing_changes(author: FlaskClient) -> None:
    address = proposed(author)

    answer = author.post(f"{address}/withdraw", headers=EN)

    assert answer.location == f"/history/{NAME}"
    assert "Taken back: nothing changes." in main(author, answer.location)
    assert 'href="/policies/scorecard.size?of=draft"' not in main(author, "/policies")


def test_a_manager_may_take_back_what_they_proposed(reviewer: FlaskClient) -> None:
    assert reviewer.post(f"{proposed(reviewer)}/withdraw").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"), [({"note": " "}, "say why"), ({"since": "2020-01-01"}, "choose that day or a later one")]
)
def test_what_speaks_against_it_is_said_and_what_was_typed_stays(
    author: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = author.post(f"/policies/{NAME}/retire", data={"note": "typed before", **typed}, headers=EN)

    assert answer.status_code == 422
    assert said in answer.text
    assert typed.get("note", "typed before").strip() in answer.text
    assert "Propose to retire it" in answer.text


def test_policies_that_ask_it_are_named_with_the_way_to_them(client: FlaskClient) -> None:
    page = main(client, "/policies/scorecard.customer-value/retire")

    assert "Other policies ask this one and could not decide without it. Change or retire them first:" in page
    assert 'href="/policies/assignment.new-customer">Assignment of new customers</a>' in page
    assert "Propose to retire it" not in page


def test_what_is_no_policy_is_not_retired(author: FlaskClient) -> None:
    main(author, "/policies/scorecard.none/retire", 404)
    assert author.post(f"/policies/{NAME}/retire", data={"since": "soon", "note": "x"}).status_code == 400


def test_from_its_day_on_http_is_refused_with_who_when_and_why(
    author: FlaskClient, reviewer: FlaskClient, api: Api
) -> None:
    kept = api.post(DECIDE, ASKED)
    page = retired(author, reviewer)
    day = today(clock())

    assert f"Approved: retired from {day:%B} {day.day}, {day.year}." in page
    refused = api.post(DECIDE, ASKED)
    assert (refused.status_code, refused.json["code"]) == (410, "policy-retired")
    for part in (str(day), "login:author", "login:reviewer", "nobody needs it", "bring it back"):
        assert part in refused.json["detail"], part
    assert refused.json["errors"][0]["parameter"] == "policy"
    assert api.get(f"/api/v1/policies/{NAME}").json["code"] == "policy-retired"
    assert NAME not in [each["policy"] for each in api.get("/api/v1/policies").json["items"]]
    batch = api.post(f"{DECIDE}/batch", {"items": [ASKED]})
    assert batch.json["items"][0]["problem"]["code"] == "policy-retired"
    assert "已停用" in api.post(DECIDE, ASKED, Accept_Language="zh").json["title"]
    before = {**ASKED, "as_of": str(day - timedelta(1))}
    assert api.post(DECIDE, before).status_code == 201
    again = api.post(f"/api/v1/decisions/{kept.json['id']}/recompute", {})
    assert again.json["verdict"] == "same"
    assert api.get(f"/api/v1/decisions/{kept.json['id']}").status_code == 200
    assert "decided" in main(author, f"/decisions/{kept.json['id']}").lower()


def test_it_stands_apart_says_since_when_and_is_brought_back(author: FlaskClient, reviewer: FlaskClient) -> None:
    retired(author, reviewer)

    assert f'<h3><a href="/policies/{NAME}">' not in main(author, "/policies")
    assert "Every policy is retired" in main(author, "/policies")
    listed = main(author, "/policies?show=retired")
    assert f'<h3><a href="/policies/{NAME}">Size' in listed
    assert "Retired since" in listed
    for path in ("", "/read", "/text", "/tests", "/try"):
        page = main(author, f"/policies/{NAME}{path}")
        assert "no decision is made by it. Proposed by author, approved by reviewer." in page, path
        assert "nobody needs it" in page
    history = main(author, f"/history/{NAME}")
    assert '<span class="badge retired">Retired</span>' in history
    assert "Retired" in main(author, "/search?q=size")

    back = author.post(f"/history/{NAME}/roll-back", data={"to": "1"}, headers=EN)
    assert "Proposed to bring it back." in main(author, back.location)
    approved(reviewer, back.location)

    assert "In effect" in main(author, f"/policies/{NAME}")
    assert "No policy is retired" in main(author, "/policies?show=retired")


def test_its_draft_brings_it_back_changed_and_says_so(author: FlaskClient, reviewer: FlaskClient) -> None:
    retired(author, reviewer)
    assert author.post(f"/drafts/{NAME}/begin").status_code == 303
    assert "Publishing the draft brings it back." in main(author, f"/review/draft/{NAME}")

    done = author.post(f"/review/draft/{NAME}/propose", data={"version": 1, "note": "again"})
    page = approved(reviewer, done.location)

    assert "Approved: in effect from" in page
    assert "Undo" not in page.partition("</form>")[0], "the contrary would need a reason"
    assert "In effect" in main(author, f"/policies/{NAME}")


def test_a_later_day_is_announced_and_can_be_called_off(author: FlaskClient, reviewer: FlaskClient, api: Api) -> None:
    later = str(today(clock()) + timedelta(30))
    retired(author, reviewer, since=later)

    assert api.post(DECIDE, ASKED).status_code == 201
    assert api.post(DECIDE, {**ASKED, "as_of": later}).json["code"] == "policy-retired"
    assert "to be retired from" in main(author, "/policies")
    page = main(author, f"/policies/{NAME}")
    assert "To be retired" in page
    assert "/retire" not in page
    author.post(f"/drafts/{NAME}/begin")
    review = main(author, f"/review/draft/{NAME}")
    assert "This undoes that." in review
    assert f'name="end" value="{later}"' in review
    history = main(author, f"/history/{NAME}")
    off = re.search(r'name="off" value="(\d+)"', history)
    assert off is not None

    done = author.post(f"/history/{NAME}/roll-back", data={"off": off[1]}, headers=EN)

    approved(reviewer, done.location)
    assert api.post(DECIDE, {**ASKED, "as_of": later}).status_code == 201


def test_a_policy_that_has_not_begun_is_retired_from_the_day_it_would(
    author: FlaskClient, reviewer: FlaskClient
) -> None:
    later = today(clock()) + timedelta(30)
    made = {"kind": "scorecard", "id": "gift", "zh": "甲", "en": "A", "start": "blank"}
    author.post("/policies/new", data=made)
    data = {"version": 1, "note": "new", "since": str(later)}
    approved(reviewer, str(author.post("/review/draft/scorecard.gift/propose", data=data).location))
    assert 'href="/policies/scorecard.gift/retire"' in main(author, "/policies/scorecard.gift")
    page = main(author, "/policies/scorecard.gift/retire")
    assert f'name="since" min="{today(clock())}" value="{later}"' in page

    done = author.post("/policies/scorecard.gift/retire", data={"since": str(later), "note": "no"})

    assert f"retired from {later:%B} {later.day}, {later.year}" in approved(reviewer, str(done.location))


def test_the_proposal_is_told_over_http_as_what_it_is(author: FlaskClient, reviewer: FlaskClient, api: Api) -> None:
    name = proposed(author).rpartition("/")[2]

    told: dict[str, Any] = api.get(f"/api/v1/proposals/{name}").json
    assert (told["retires"], told["state"]) == (True, "open")
    approved(reviewer, f"/review/{name}")
    back = author.post(f"/history/{NAME}/roll-back", data={"to": "1"})
    approved(reviewer, back.location)
    publications = api.get(f"/api/v1/policies/{NAME}").json["publications"]
    assert [each["retires"] for each in publications] == [False, True, False]


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_who_may_neither_edit_nor_approve_is_offered_nothing(site: Flask, role: Role) -> None:
    client = signed_in(site, role)

    assert "/retire" not in main(client, f"/policies/{NAME}")
    assert client.get(f"/policies/{NAME}/retire").status_code == 403
    assert client.post(f"/policies/{NAME}/retire", data={"note": "x"}).status_code == 403
