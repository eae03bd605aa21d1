"""Signals on pages: seen by whom they concern, with both engines' answers; a case is opened once, by a person."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signalled.conftest import HOSTILE, REPORTER, Place
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock
from webadmin.store import standing
from webadmin.store.audit import Action
from webadmin.store.logins import Role
from webadmin.store.signals import State
from webadmin.store.tables import AUDIT, EVENTS

ENGLISH, CHINESE = {"Accept-Language": "en"}, {"Accept-Language": "zh"}


def lead(place: Place, person: str = "am-01", role: Role = Role.MANAGER) -> FlaskClient:
    owned = person if role in (Role.MANAGER, Role.ACCOUNT_MANAGER) else None
    return signed_in(place.app, role, f"{role}-{person}", owned)


def cases(place: Place) -> list[dict[str, object]]:
    with place.record.engine.connect() as connection:
        rows = connection.execute(select(EVENTS.c.body).where(EVENTS.c.type == "case_opened").order_by(EVENTS.c.id))
        return [json.loads(body) for (body,) in rows]


def evidence(place: Place, name: str) -> list[str]:
    """Return the events the page of a signal offers."""
    page = signed_in(place.app).get(f"/signals/{name}", headers=ENGLISH).text
    return [each.partition('"')[0] for each in page.split('name="event" value="')[1:]]


@pytest.mark.parametrize(("language", "said"), [(ENGLISH, "No signals yet"), (CHINESE, "尚无信号")])
def test_without_signals_the_page_says_where_they_come_from(
    rules: Path, make_app: MakeApp, language: dict[str, str], said: str
) -> None:
    page = signed_in(make_app(rules=rules)).get("/signals", headers=language).text

    assert said in page
    assert "/help/signals" in page


def test_the_list_says_what_about_whom_and_how_it_stands(empty: Place, east: str, west: str) -> None:
    english = signed_in(empty.app).get("/signals", headers=ENGLISH).text
    chinese = signed_in(empty.app).get("/signals", headers=CHINESE).text

    for part in (
        "Three losses of customers reported within a week",
        "Customer c-2",
        "Under review",
        "Both engines agree",
    ):
        assert part in english
    for part in ("一周内报告三次客户流失", "客户c-2", "待复核", "两个引擎一致"):
        assert part in chinese
    assert f"/signals/{east}" in english
    assert f"/signals/{west}" in english


@pytest.mark.parametrize(
    ("query", "seen"),
    [("state=raised", "e"), ("state=under-review", "w"), ("policy=penalty.order-diversion", "ew"), ("state=no", "ew")],
)
def test_filters_narrow_the_list(empty: Place, east: str, west: str, query: str, seen: str) -> None:
    page = signed_in(empty.app).get(f"/signals?{query}", headers=ENGLISH).text

    assert [key for key, name in (("e", east), ("w", west)) if f"/signals/{name}" in page] == list(seen)


def test_a_filter_that_fits_nothing_can_be_taken_away(empty: Place, east: str) -> None:
    page = signed_in(empty.app).get("/signals?state=one-engine", headers=ENGLISH).text

    assert "Nothing fits" in page
    assert f"/signals/{east}" not in page


def test_a_manager_sees_the_own_team_only(empty: Place, east: str, west: str) -> None:
    page = lead(empty).get("/signals", headers=ENGLISH).text

    assert f"/signals/{east}" in page
    assert f"/signals/{west}" not in page
    assert lead(empty).get(f"/signals/{east}").status_code == 200
    assert lead(empty).get(f"/signals/{west}").status_code == 404
    assert lead(empty).post(f"/signals/{west}/case", data={"event": "x"}).status_code == 404
    assert lead(empty, "am-02").get(f"/signals/{west}").status_code == 200


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER])
def test_account_managers_have_no_page_of_signals(empty: Place, east: str, role: Role) -> None:
    client = lead(empty, "am-03", role)

    assert client.get("/signals").status_code == 403
    assert client.get(f"/signals/{east}").status_code == 404
    assert client.post(f"/signals/{east}/case").status_code == 404


def test_pages_follow_each_other(empty: Place) -> None:
    names = empty.tell(("customer_lost", {"manager": {"id": "am-02"}, "customer": {"id": "c-2"}}))
    made = {empty.raised(("customer.id", f"gone-{number}"), names) for number in range(30)}
    client, seen, address = signed_in(empty.app), set(), "/signals"
    while address:
        page = client.get(address, headers=ENGLISH).text
        seen |= {name for name in made if f"/signals/{name}" in page}
        rest = page.partition('rel="next" href="')[2].partition('"')[0]
        address = rest.replace("&amp;", "&")

    assert seen == made


def test_one_signal_shows_events_answers_pattern_and_history(empty: Place, east: str, west: str) -> None:
    agreed = signed_in(empty.app).get(f"/signals/{east}", headers=ENGLISH).text
    differing = signed_in(empty.app).get(f"/signals/{west}", headers=ENGLISH).text
    chinese = signed_in(empty.app).get(f"/signals/{west}", headers=CHINESE).text

    for part in ("Both engines agree", "at least 3 times", "within 7 days", "events 1, 2, 3", "no measure follows"):
        assert part in agreed
    assert agreed.count('cy="24" r="11"') == 3
    assert "#section-patterns" in agreed
    for part in (
        "They differ: under review",
        "the engines differ here",
        "It does not find the pattern",
        "within 30 days",
    ):
        assert part in differing
    for part in ("两者不同：待人复核", "两个引擎结果不同", "仅凭信号不会产生任何处理"):
        assert part in chinese


def test_whom_an_event_names_is_named_where_the_reader_sees_them(empty: Place, west: str) -> None:
    page = signed_in(empty.app).get(f"/signals/{west}", headers=CHINESE).text

    assert re.search(r'客户经理：\s*<bdi><a href="/people/am-02">李雷</a></bdi>\s*<code>am-02</code>', page)
    assert re.search(r"客户编号：\s*<bdi><a [^>]*>客户c-2</a></bdi>\s*<code>c-2</code>", page)


def test_who_reported_is_shown_to_nobody_and_hostile_texts_are_escaped(empty: Place, east: str) -> None:
    for role in (Role.ADMIN, Role.AUDITOR, Role.MANAGER):
        page = lead(empty, role=role).get(f"/signals/{east}", headers=ENGLISH).text
        assert "Report received" not in page
        assert REPORTER not in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_reading_leaves_an_audit_entry(empty: Place, east: str) -> None:
    lead(empty).get(f"/signals/{east}")

    with empty.record.engine.connect() as connection:
        rows = connection.execute(select(AUDIT.c.actor).where(AUDIT.c.object == east, AUDIT.c.action == Action.READ))
        assert rows.scalars().all() == ["login:manager-am-01"]


def test_the_list_leaves_an_entry_of_what_it_showed(empty: Place, east: str, west: str) -> None:
    client, before = lead(empty), clock()

    client.get("/signals")
    client.get("/signals?state=withdrawn")

    with empty.record.engine.connect() as connection:
        rows = standing.reads(connection, "login:manager-am-01", before, clock() + timedelta(seconds=1))
    assert {row.object for row in rows} == {"signals"}
    told = [json.loads(row.body)["what"] for row in rows]
    assert [each["filters"] for each in told] == [{}, {"state": "withdrawn"}]
    assert east in told[0]["shown"]
    assert west not in told[0]["shown"]  # of another team
    assert told[1]["shown"] == []


def test_a_case_is_opened_once_and_names_who_and_what(empty: Place, east: str) -> None:
    before, offered = len(cases(empty)), evidence(empty, east)
    given = {"event": offered[:2], "note": "Ask\nfirst <b>"}
    first = lead(empty).post(f"/signals/{east}/case", data=given, headers=ENGLISH, follow_redirects=True)
    second = signed_in(empty.app).post(f"/signals/{east}/case", data=given, headers=ENGLISH, follow_redirects=True)

    (case,) = cases(empty)[before:]
    data = case["event"]["data"]  # type: ignore[index]
    assert case["actor"] == data["opened_by"] == "login:manager-am-01"
    assert data["evidence"] == offered[:2]
    assert (data["signal"], data["manager"], data["note"]) == ({"id": east}, {"id": "am-03"}, "Ask first <b>")
    assert "Case opened by manager-am-01 on" in first.text
    assert "Ask first &lt;b&gt;" in first.text
    assert "opened already" in second.text
    assert "Open a case" not in second.text
    assert "Case open" in signed_in(empty.app).get("/signals", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose at least one event"),
        ({"event": "somebody-elses"}, "none of this signal"),
        ({"event": "OK"}, "Say what is to be found out"),
        ({"event": "OK", "note": " \n "}, "Say what is to be found out"),
        ({"event": "OK", "note": "?"}, "Say what is to be found out"),
        ({"event": "OK", "note": "x" * 501}, "At most 500 characters"),
        ({"event": "OK", "note": "x" * 10_000}, "At most 500 characters"),
    ],
)
def test_what_does_not_fit_opens_no_case_and_says_why(
    empty: Place, east: str, given: dict[str, str], said: str
) -> None:
    before = len(cases(empty))
    sent = {name: evidence(empty, east)[0] if value == "OK" else value for name, value in given.items()}
    answer = signed_in(empty.app).post(f"/signals/{east}/case", data=sent, headers=ENGLISH)

    assert (answer.status_code, len(cases(empty))) == (422, before)
    assert said in answer.text


def test_events_of_a_case_are_told_apart_by_what_happened_and_when(empty: Place, east: str) -> None:
    page = signed_in(empty.app).get(f"/signals/{east}", headers=ENGLISH).text

    labels = re.findall(r'<label class="choice">(.*?)</label>', page, re.DOTALL)
    said = [" ".join(re.sub("<[^>]+>", " ", each).split()).partition(". ")[2] for each in labels]
    assert len(set(said)) == len(said) == 3
    assert all("2026" in each for each in said)
    assert "Customer lost" in said[0]
    assert "Customer c-1" in said[0]
    assert not any("<a " in each for each in labels), "a link inside a label cannot be ticked"


def test_ones_own_page_says_whose_it_is(empty: Place) -> None:
    own = lead(empty, "am-02")

    assert "<h1>My page: Lei Li</h1>" in own.get("/me", headers=ENGLISH).text
    assert "李雷</h1>" in own.get("/me", headers=CHINESE).text


def test_nobody_opens_a_case_about_themselves(empty: Place) -> None:
    names = empty.tell(("customer_lost", {"manager": {"id": "am-01"}, "customer": {"id": "c-1"}}))
    own = empty.raised(("manager.id", "am-01"), names)

    assert "somebody else looks at it" in lead(empty).get(f"/signals/{own}", headers=ENGLISH).text
    assert lead(empty).post(f"/signals/{own}/case", data={"event": names}).status_code == 403


def test_a_withdrawn_signal_opens_none_and_auditors_open_none(empty: Place, east: str) -> None:
    names = empty.tell(("customer_lost", {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}}))
    gone = empty.raised(("manager.id", "am-03"), names, State.WITHDRAWN)
    before = len(cases(empty))

    answer = signed_in(empty.app).post(
        f"/signals/{gone}/case", data={"event": names, "note": "why"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert lead(empty, role=Role.AUDITOR).post(f"/signals/{east}/case", data={"event": names}).status_code == 403
    assert len(cases(empty)) == before


@pytest.mark.parametrize("name", ["x", "0" * 36, "01a21477-6f47-75e5-a8ab-f535d17973cc", "%00", "..%2f"])
def test_there_is_no_page_of_what_is_not_there(empty: Place, name: str) -> None:
    assert signed_in(empty.app).get(f"/signals/{name}").status_code == 404


@pytest.fixture
def named(empty: Place) -> str:
    """Return a signal found at a customer of the west, which rests on events that name somebody of the east, too."""
    lost = {"manager": {"id": "am-03"}, "customer": {"id": "c-2"}}
    sold = {"customer": {"id": "c-2"}, "competitor": "ACME"}
    return empty.raised(("customer.id", "c-2"), empty.tell(("customer_lost", lost), ("competitor_sale", sold)))


def test_a_signal_at_a_customer_stands_with_whom_its_events_name(empty: Place, named: str) -> None:
    """It stood neither on their own page nor on theirs as others see it, which said there was none."""
    own = lead(empty, "am-03", Role.ACCOUNT_MANAGER).get("/me", headers=ENGLISH).text

    assert f'value="{named}"' in own
    assert "Found at the customer Customer c-2; an event it rests on names you." in own
    assert f'href="/signals/{named}"' in signed_in(empty.app).get("/people/am-03", headers=ENGLISH).text
    other = lead(empty).get("/me", headers=ENGLISH).text
    assert named not in other


def test_a_signal_names_its_customer_also_once_somebody_else_serves_it(empty: Place) -> None:
    data = {"manager": {"id": "am-03"}, "customer": {"id": "c-2"}, "reason": "moved"}
    empty.raised(("manager.id", "am-03"), empty.tell(("customer_lost", data)))

    page = lead(empty, "am-03", Role.ACCOUNT_MANAGER).get("/me", headers=ENGLISH).text

    assert "Customer c-2" in page.partition('id="signals')[2], "whoever is to answer reads which customer it is about"
    assert 'href="/customers/c-2"' not in page


def test_a_signal_says_on_ones_own_page_what_happened_and_nothing_of_others(empty: Place, east: str) -> None:
    own = lead(empty, "am-03", Role.ACCOUNT_MANAGER)
    other = {"manager": {"id": "am-02"}, "customer": {"id": "c-2"}, "reason": "open words"}
    shared = empty.raised(("manager.id", "am-03"), empty.tell(("customer_lost", other)))

    page = own.get("/me", headers=ENGLISH).text

    mine = own_list(page[: page.index(f'value="{east}"')])
    assert mine.count("Customer lost <time") == mine.count("<li>") == 2, "and no event that names who reported"
    assert f"Reason given: <bdi>{escape(HOSTILE)}" in mine
    assert str(REPORTER) not in page
    theirs = own_list(page[: page.index(f'value="{shared}"')])
    assert "open words" in theirs
    assert "am-02" not in theirs
    assert "客户流失" in own.get("/me", headers=CHINESE).text


def own_list(page: str) -> str:
    return page.rpartition('<ol class="happened">')[2].partition("</ol>")[0]


def test_a_page_of_a_person_says_that_there_are_signals_out_of_sight(empty: Place, named: str) -> None:
    page = lead(empty).get("/people/am-03", headers=ENGLISH).text

    assert named not in page
    assert "No signals about this person." not in page
    assert "Events of other signals name this person, too." in page


def test_a_case_is_told_to_whom_it_is_about(empty: Place, named: str) -> None:
    sent = {"event": evidence(empty, named), "note": "ask everybody"}
    assert signed_in(empty.app).post(f"/signals/{named}/case", data=sent).status_code == 303

    own = lead(empty, "am-03", Role.ACCOUNT_MANAGER).get("/me", headers=ENGLISH).text
    chinese = lead(empty, "am-03", Role.ACCOUNT_MANAGER).get("/me", headers=CHINESE).text

    assert "A case was opened on" in own
    assert re.search("已于[^<]+立案", chinese)
    assert "ask everybody" in own, "whoever has to answer knows what is to be found out"
    assert "admin" not in own.partition('class="card inquiry"')[2].partition("</dl>")[0], "but not who opened it"


def test_a_case_without_a_signal_on_record_is_told_too(empty: Place) -> None:
    data = {"case": {"id": "case-x"}, "signal": {"id": "of another system"}, "manager": {"id": "am-02"}}
    empty.tell(("case_opened", {**data, "opened_by": "somebody", "evidence": []}))

    own = lead(empty, "am-02").get("/me", headers=ENGLISH).text

    assert own.count("A case was opened on") == 1
    assert "somebody" not in own
    assert "opened on" not in lead(empty).get("/me", headers=ENGLISH).text


def test_nobody_opens_a_case_whose_events_name_themselves(empty: Place) -> None:
    lost = {"manager": {"id": "am-01"}, "customer": {"id": "c-1"}}
    name = empty.raised(("customer.id", "c-1"), empty.tell(("customer_lost", lost)))
    client = lead(empty)

    assert "It is about you: somebody else looks at it." in client.get(f"/signals/{name}", headers=ENGLISH).text
    assert client.post(f"/signals/{name}/case", data={"event": "x"}).status_code == 403


def test_a_name_that_turns_the_direction_turns_nothing_after_it(empty: Place, east: str) -> None:
    page = lead(empty).get(f"/signals/{east}", headers=ENGLISH).text
    happened = page.partition('class="happened numbered"')[2].partition("</ol>")[0]

    turned = [each for each in re.findall(r"<bdi>(.*?)</bdi>", happened, re.DOTALL) if "\u202e" in each]
    assert len(turned) == happened.count("\u202e") > 0
