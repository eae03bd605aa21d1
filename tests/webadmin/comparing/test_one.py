"""One decision under two revisions: what each says, where they differ, and by which part of the change."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.webadmin.comparing.conftest import BIG, LARGE, POLICY, Place
from tests.webadmin.decided.conftest import HOSTILE
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.jobs import service as jobs
from webadmin.store import audit
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, DECISIONS, ENTRIES

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
ADDRESS = f"/simulations/compare?policy={POLICY}&one=live&other=draft"
FORM = {
    "as_of": "2026-03-01",
    "order.id": "o-9",
    "order.amount": "600000",
    "order.discount": "0.02",
    "customer.id": "c-1",
    "customer.tier": "B",
    "requester.id": "am-03",
    "requester.team": "t-x",
}


def chain(place: Place) -> list[tuple[object, ...]]:
    """Return the chain of decisions, and how many there are."""
    with place.record.engine.connect() as connection:
        entries = connection.execute(select(ENTRIES).where(ENTRIES.c.chain == "decisions")).all()
        count = connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one()
    return [tuple(each) for each in entries] + [(count,)]


def marked(page: str) -> list[str]:
    """Return the names of the things said to differ."""
    return re.findall(r'<tr class="differs"><th scope="row">([^<]*)</th>', page)


def test_what_differs_is_said_in_words_with_the_rules_that_make_it(place: Place) -> None:
    page = signed_in(place.app).post(ADDRESS, data=FORM, headers=EN).text

    assert "The answers differ in 1 thing." in page
    assert marked(page) == ["Stages"]
    assert '<span aria-hidden="true">≠</span> differs' in page
    assert '<code class="path">key-account</code> is written differently, and hits under A only.' in page
    assert '<code class="path">large</code> is written differently, and hits under B only.' in page
    assert "Net amount [Net amount], customer tier [Customer tier]" in page, "a rule by its reason"
    assert ">team lead, sales director, finance</td>" in page, "what it gives by its names"
    assert "A large order" in page
    assert "revision 1" in page
    assert "steep-discount</code> is written" not in page


def test_values_and_changed_rules_are_said_in_words_with_what_is_written_behind_it(place: Place) -> None:
    client = signed_in(place.app)
    english, chinese = (client.post(ADDRESS, data=FORM, headers=each).text for each in (EN, ZH))

    assert ">team lead, sales director, finance</td>" in english
    assert ">销售主管、" in chinese
    assert '<p class="sentence now"><span>B: </span>' in english
    assert '<span title="rules \u203a key-account \u203a when">Rules \u203a Net amount ' in english
    assert '<span title="rules \u203a large \u203a when \u203a order.net_cny">规则 \u203a ' in chinese
    assert "<code>rules \u203a " not in english


def test_a_policy_that_is_only_a_draft_is_offered_by_its_title(place: Place) -> None:
    page = signed_in(place.app).get("/simulations/compare", headers=ZH).text

    assert '<option value="penalty.order-diversion">飞单处理' in page


def test_the_same_answer_is_said_to_be_the_same(place: Place) -> None:
    page = signed_in(place.app).post(ADDRESS, data={**FORM, "order.amount": "100"}, headers=EN).text

    assert "Both revisions give the same answer." in page
    assert marked(page) == []


def test_facts_come_from_a_recorded_decision_and_that_is_audited(place: Place) -> None:
    name = place.decisions["o-1"]
    page = signed_in(place.app).get(f"{ADDRESS}&decision={name}", headers=EN).text

    assert "The answers differ in 1 thing." in page
    assert 'value="600000.00"' in page
    with place.record.engine.connect() as connection:
        noted = connection.execute(
            select(AUDIT.c.actor).where(AUDIT.c.action == audit.Action.READ, AUDIT.c.object == name)
        )
        assert noted.scalars().all() == ["login:admin"]
    link = f"/simulations/compare?policy={POLICY}&amp;decision={name}"
    assert link in signed_in(place.app).get(f"/decisions/{name}", headers=EN).text


def test_facts_come_from_a_customer(place: Place) -> None:
    page = signed_in(place.app).get(f"{ADDRESS}&customer=c-1", headers=EN).text

    assert 'name="customer.id" aria-describedby' in page or 'name="customer.id"' in page
    assert "Filled in from customer c-1" in page
    assert "Not both of them can decide these facts." in page
    assert "order.amount" in page


def test_nothing_is_logged_as_a_decision(place: Place) -> None:
    before = chain(place)
    client = signed_in(place.app)
    client.post(ADDRESS, data=FORM)
    client.get(f"{ADDRESS}&decision={place.decisions['o-1']}")

    assert chain(place) == before


def test_what_is_wrong_is_said_beside_the_input_and_what_is_missing_at_the_side(place: Place) -> None:
    client = signed_in(place.app)

    page = client.post(ADDRESS, data={**FORM, "order.amount": "much"}, headers=EN).text
    assert 'href="#order.amount"' in page
    page = client.post(ADDRESS, data={**FORM, "order.amount": ""}, headers=EN).text
    assert page.count("It cannot decide these facts:") == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("one=99", "has no revision 99"),
        ("one=day", "choose the day"),
        ("one=day&one_day=1990-01-01", "is in effect on 1990-01-01"),
        ("one=" + "9" * 200, "has no revision 9"),
        ("one=<script>", "has no revision &lt;script&gt;"),
    ],
)
def test_a_revision_there_is_not(place: Place, query: str, said: str) -> None:
    page = signed_in(place.app).get(f"/simulations/compare?policy={POLICY}&{query}", headers=EN).text

    assert said in page


def test_a_day_compares_what_was_in_effect_on_it(place: Place) -> None:
    address = f"/simulations/compare?policy={POLICY}&one=day&one_day=2026-02-03&other=1"
    page = signed_in(place.app).post(address, data=FORM, headers=EN).text

    assert "in effect on February 3, 2026" in page
    assert "Both revisions give the same answer." in page


def test_nothing_chosen_and_no_policies(place: Place) -> None:
    client = signed_in(place.app)

    assert "Choose a policy first" in client.get("/simulations/compare", headers=EN).text
    assert "请先选择策略" in client.get("/simulations/compare", headers=ZH).text
    assert "There is no such policy." in client.get("/simulations/compare?policy=approval.no", headers=EN).text


def test_both_languages(place: Place) -> None:
    page = signed_in(place.app).post(ADDRESS, data=FORM, headers=ZH).text

    assert "两版的答案有 1 处不同。" in page
    assert "不同" in page


def test_hostile_facts_stay_texts(place: Place) -> None:
    page = signed_in(place.app).get(f"{ADDRESS}&decision={place.decisions[HOSTILE]}", headers=EN).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_others_things_are_not_found(place: Place) -> None:
    east = signed_in(place.app, Role.MANAGER, "lead-east", person="am-01")

    page = east.get(f"{ADDRESS}&decision={place.decisions['o-1']}", headers=EN).text
    assert "Filled in from a recorded decision." in page
    for query in (f"decision={place.decisions['o-2']}", "customer=c-2", "deal=d-none", "decision=x"):
        page = east.get(f"{ADDRESS}&{query}", headers=EN).text
        assert "There is none of this policy that you may see." in page


def test_who_may_not(place: Place) -> None:
    client = signed_in(place.app, Role.ACCOUNT_MANAGER)

    assert client.get("/simulations/compare").status_code == 403
    assert client.post("/simulations/compare").status_code == 403


def test_an_auditor_compares_one_decision_from_its_page_and_sees_nobodys_files(place: Place) -> None:
    auditor, before = signed_in(place.app, Role.AUDITOR), chain(place)
    decision = place.decisions["o-1"]
    link = f"/simulations/compare?policy={POLICY}&amp;decision={decision}"

    assert link in auditor.get(f"/decisions/{decision}", headers=EN).text
    assert "The answers differ in 1 thing." in auditor.get(f"{ADDRESS}&decision={decision}", headers=EN).text
    assert "Compare one decision" in auditor.get("/simulations", headers=EN).text
    assert "Compare many cases" not in auditor.get("/simulations", headers=EN).text
    assert chain(place) == before
    act = Act("login:admin", clock(), today(clock()))
    name = jobs.start_comparison(place.record, {"policy": POLICY, "file": "x.csv"}, b"x", {}, act)
    assert auditor.get(f"{ADDRESS}&job={name}&row=1").status_code == 404


def test_each_side_calls_its_rules_by_its_own_words(place: Place) -> None:
    page = signed_in(place.app).post(ADDRESS, data={**FORM, "order.amount": "300000"}, headers=EN).text

    one, other = (each.partition("</article>")[0] for each in page.split('<article class="decision')[1:])
    assert LARGE in one.partition("Rules that hit:")[2]
    assert BIG not in one
    assert BIG in other.partition("Rules that hit:")[2]
    assert f"A: {LARGE}; B: {BIG}" in page, "why different: both sides' words"


def test_past_events_are_asked_for_only_where_a_policy_takes_them(place: Place) -> None:
    client = signed_in(place.app)
    other = ADDRESS.replace(POLICY, "scorecard.customer-value").replace("other=draft", "other=1")

    approval, scorecard = (client.get(each, headers=EN).text for each in (ADDRESS, other))

    assert 'name="events"' not in approval
    assert "takes no past events yet" in approval
    assert 'name="events"' in scorecard
    assert "It changes nothing in the answer" in scorecard
    assert 'name="events"' not in client.get(f"/policies/{POLICY}/try", headers=EN).text


@pytest.mark.parametrize("page", ["compare", "many"])
def test_two_sides_that_are_one_and_the_same_are_said_to_be(place: Place, page: str) -> None:
    client = signed_in(place.app)
    alike, apart = (f"/simulations/{page}?policy={POLICY}&one=live&other={other}" for other in ("1", "draft"))

    assert "Both sides are the same texts: no answer can differ." in client.get(alike, headers=EN).text
    assert "Both sides are the same texts" not in client.get(apart, headers=EN).text
