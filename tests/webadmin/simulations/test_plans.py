"""Plans on their pages: supposed in a form, changed by hand, compared, shared, exported, carried out, taken back."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.patience import HANGS
from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.reassigning.crew import BEFORE, POLICY, change, owners
from tests.webadmin.reassigning.test_proposing import without_room
from tests.webadmin.signing import signed_in
from tests.webadmin.test_hostile import Tags
from webadmin import filters
from webadmin.decisions.service import clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.reassigning import calculating, keeping
from webadmin.store import absences, revisions, roster
from webadmin.store.absences import Away as Absent
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period, Signed
from webadmin.store.tables import AUDIT, PLANS, REVISIONS
from webadmin.store.things import FACT, Change, Thing

EN = {"Accept-Language": "en"}
ZH = {"Accept-Language": "zh"}
DAY = today(clock())
ACT = Act("cli:test", clock(), DAY)
LEAVES = {"what-am-1": "leaves"}


def make(client: FlaskClient, given: Mapping[str, str] = LEAVES, **more: str) -> TestResponse:
    """Send the form of a plan."""
    data = {"name": "am-1 leaves", "day": str(DAY), "policy": POLICY, **given, **more}
    return client.post("/simulations/plans", data=data, headers=EN)


def made(client: FlaskClient, given: Mapping[str, str] = LEAVES, **more: str) -> str:
    """Return the address of a plan that was made."""
    answer = make(client, given, **more)
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
    return str(answer.location)


def page(client: FlaskClient, address: str, headers: Mapping[str, str] = EN) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    assert Tags(answer.text).bad == []
    return answer.text


def post(client: FlaskClient, address: str, **data: str) -> TestResponse:
    return client.post(address, data=data, headers=EN)


def apply(client: FlaskClient, address: str, **data: str) -> TestResponse:
    """Carry a plan out as its page would."""
    found = re.search(r'name="version" value="(\d+)"', page(client, address))
    assert found is not None
    return post(client, f"{address}/apply", **{"day": str(DAY), "version": found[1], **data})


def said(client: FlaskClient) -> str:
    """Return what is said of what was just done."""
    return client.get("/simulations", headers=EN).text


def test_a_plan_says_who_takes_over_and_why(client: FlaskClient) -> None:
    text = page(client, made(client))

    assert "2 customers change hands" in text
    assert "nobody is found for 1" in text
    assert "A strategic customer goes to the highest level" in text
    assert "ruled out: 1 person by “room”" in text
    assert "&lt;b&gt;am-3" in text
    assert "2 → 1.08" in text
    assert text.count('<svg class="bars"') == 2
    assert "Load is what the policy “Assignment of new customers” weighs each customer." in text
    chinese = page(client, made(client), ZH)
    assert "战略客户" in chinese
    assert "未能入选：因“承载余量”排除 1 人" in chinese  # the labels of rows, and not their ids
    assert "因“负责地区”排除 2 人" in chinese
    assert "room" not in chinese.partition("<main")[2]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"name": "x" * 201}, "name"),
        ({"day": "soon"}, "day"),
        ({"day": "2001-01-01"}, "day"),
        ({"policy": "approval.order"}, "policy"),
        ({"policy": f"{POLICY}@sha256:0"}, "policy"),
        ({"what-am-1": ""}, "people"),
        ({"what-am-1": "cover"}, "since-am-1"),
        ({"what-am-1": "cover", "since-am-1": str(DAY), "until-am-1": str(DAY)}, "until-am-1"),
        ({"capacity-am-2": "-1"}, "capacity-am-2"),
        ({"capacity-am-2": "NaN"}, "capacity-am-2"),
        ({"what-am-2": "capacity"}, "capacity-am-2"),
        ({"team": "t-9"}, "team"),
        ({"team": "t-1", "aim": "spread", "spread": "0.5"}, "spread"),
        ({"join-name": "New"}, "join-region"),
        ({"join-name": "New"}, "join-team"),
        ({"join-name": "New", "join-capacity": "lots"}, "join-capacity"),
        ({"join-skills": ",".join(map(str, range(30)))}, "join-skills"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(
    client: FlaskClient, given: dict[str, str], where: str
) -> None:
    answer = make(client, {**LEAVES, **given})

    assert answer.status_code == 422
    assert f'href="#{where}"' in answer.text
    assert f'id="{where}"' in answer.text
    for name, value in given.items():
        if name.startswith(("join-", "capacity-")):
            assert f'name="{name}" value="{value}"' in answer.text


@pytest.mark.parametrize("what", ["cover", "move"])
def test_an_absence_nobody_knows_the_end_of_says_which_day_to_write(client: FlaskClient, what: str) -> None:
    answer = make(client, {"what-am-1": what, "since-am-1": str(DAY), "until-am-1": ""})

    assert answer.status_code == 422
    said = answer.text.partition('id="until-am-1-error">')[2].partition("</p>")[0]
    assert said.startswith("Say which day is the first one back."), said
    assert 'id="since-am-1-error"' not in answer.text, "only what is missing is asked for"


def test_a_plan_nobody_named_is_called_by_what_is_supposed(client: FlaskClient) -> None:
    given = {**LEAVES, "what-am-2": "capacity", "capacity-am-2": "7", "team": "t-1", "aim": "capacity"}

    text = page(client, made(client, given, name=" "))

    name = "leave: &lt;b&gt;am-1&lt;/b&gt;; capacity: &lt;b&gt;am-2&lt;/b&gt;; rebalance: &lt;i&gt;t-1&lt;/i&gt;"
    assert f"<h1>{name}</h1>" in text


def test_the_name_of_a_plan_says_how_many_people_it_leaves_out(client: FlaskClient, record: Record) -> None:
    names = [f"am-{number}" for number in range(10, 17)]
    things = [Thing(Of.PERSON, name, name) for name in names]
    held = {**crew.PERSON, "team": "t-1"}
    changes = [Change(Of.PERSON, name, key, value, crew.SINCE) for name in names for key, value in held.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))
    data = {"day": str(DAY), "policy": POLICY, **{f"what-{name}": "leaves" for name in names}}

    english, chinese = (
        page(client, client.post("/simulations/plans", data=data, headers=each).location, each) for each in (EN, ZH)
    )

    assert "<h1>leave: am-10, am-11, am-12, am-13, am-14 and 2 more people</h1>" in english
    assert re.search(r"<h1>[^<]*am-14等，另有 2 人</h1>", chinese)


def test_what_was_supposed_is_changed_and_proposed_anew(client: FlaskClient) -> None:
    address = made(client)

    form = page(client, f"{address}/edit")
    assert re.search(r'<option value="leaves" selected>', form)
    answer = post(client, f"{address}/edit", name="less", day=str(DAY), policy=POLICY, **{"capacity-am-1": "7"})

    assert answer.status_code == 303
    assert re.search(r'<option value="capacity" selected>', page(client, f"{address}/edit"))
    text = page(client, address)
    assert "1 customer changes hands" in text
    assert "10 → 7" in text


def test_somebody_who_joins_can_be_kept_or_dropped(client: FlaskClient) -> None:
    joins = {"join-name": "New", "join-team": "t-1", "join-region": "Shanghai", "join-regions": "Shanghai, Chengdu"}
    joins |= {"join-level": "5", "join-capacity": "20", "join-hired": "2020-01-01"}
    address = made(client, {**LEAVES, **joins})
    assert "3 customers change hands" in page(client, address)

    keep = re.search(r'name="(keep-[^"]+)" value="1" checked', page(client, f"{address}/edit"))
    assert keep is not None
    again = {"name": "x", "day": str(DAY), "policy": POLICY, **LEAVES}
    post(client, f"{address}/edit", **{**again, keep[1]: "1"})
    assert "joins: New" in page(client, address)
    post(client, f"{address}/edit", **again)
    assert "joins: New" not in page(client, address)


def test_a_move_is_changed_by_hand_and_says_what_it_costs(client: FlaskClient) -> None:
    address = made(client)
    choice = page(client, f"{address}/customers/c-2")
    assert 'value="am-3"' in choice
    assert '<td data-label="Compared with the best">fits less, by 30 of 100 points</td>' in choice

    assert post(client, f"{address}/customers/c-2", to="am-3", reason="asked for").status_code == 303

    text = page(client, address)
    assert "fit less, by 30 points in all" in text
    assert "Fits less than whom the policy proposed, by 30 of 100 points." in text
    assert "proposed: &lt;b&gt;am-2" in text
    assert "<q>asked for</q>" in text
    post(client, f"{address}/back")
    assert "fit less, by" not in page(client, address)


def test_a_choice_is_dropped_for_one_or_for_all(client: FlaskClient) -> None:
    address = made(client)
    for customer in ("c-1", "c-2"):
        post(client, f"{address}/customers/{customer}", to="stay")
    assert "2 stay by hand" in page(client, address)

    post(client, f"{address}/reset", customer="c-1")
    assert "1 stays by hand" in page(client, address)
    post(client, f"{address}/reset")
    assert "by hand</span>" not in page(client, address)
    post(client, f"{address}/back")
    assert "1 stays by hand" in page(client, address)


def test_nobody_the_policy_rules_out_can_be_chosen(client: FlaskClient) -> None:
    address = made(client)

    answer = post(client, f"{address}/customers/c-3", to="am-2", reason="all the same")  # does not serve Chengdu

    assert answer.status_code == 422
    assert "The policy rules this person out: region" in answer.text
    assert post(client, f"{address}/customers/c-1", to="nobody-there").status_code == 422
    assert post(client, f"{address}/customers/c-1", to="am-1").status_code == 422
    assert post(client, f"{address}/customers/c-9", to="stay").status_code == 404


def test_who_cannot_take_it_is_told_what_holds_instead_with_the_values(client: FlaskClient) -> None:
    address = f"{made(client)}/customers/c-3"
    english, chinese = (re.sub("<[^>]+>", "", page(client, address, each)) for each in (EN, ZH))

    assert "region (missing: Chengdu)" in english
    assert "负责地区（缺：成都）" in chinese


def unplaced(record: Record) -> None:
    """Let am-1 hold a customer of which too little is known for the policy to say who may take it."""
    facts = {"owner": "am-1", "tier": "D", "region": "Shanghai"}
    changes = [Change(Of.CUSTOMER, "c-5", name, value, crew.SINCE) for name, value in facts.items()]
    things = [Thing(Of.CUSTOMER, "c-5", "c-5")]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))


def test_where_the_policy_cannot_say_who_may_take_it_that_is_all_that_is_said(
    client: FlaskClient, record: Record
) -> None:
    unplaced(record)
    address = made(client)
    text, chinese = (page(client, f"{address}/customers/c-5", each) for each in (EN, ZH))
    table = client.get(f"{address}/moves.csv", headers=ZH).data.decode("utf-8-sig")

    assert "The policy cannot say who may take it" in text
    assert re.search(r"<em[^>]*>Industry</em> is missing", text)
    assert re.search(r"缺少 <em[^>]*>行业</em>", chinese)
    assert "see below what each one lacks" not in text, "nobody is ruled out"
    assert "Who cannot, and why" not in text
    assert "Everybody can" not in text
    plan = page(client, address)
    assert "too little is known of them: 1 customer" in plan
    assert "Several rows at once" not in plan
    for shown in (text, chinese, page(client, address), table):
        assert "customer.industry" not in re.sub(r'title="[^"]+"', "", shown), "inputs are called by their labels"


def test_somebody_of_whom_too_little_is_known_is_told_with_what_is_not_on_record(
    client: FlaskClient, record: Record
) -> None:
    bare = {"role": "account-manager", "team": "t-1", "region": "Shanghai"}
    changes = [Change(Of.PERSON, "am-5", name, value, crew.SINCE) for name, value in bare.items()]
    things = [Thing(Of.PERSON, "am-5", "am-5")]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))

    text = re.sub("<[^>]+>", "", page(client, f"{made(client)}/customers/c-3"))

    assert re.search(r"am-5: not on record: .*Capacity", text)


def test_whom_only_their_load_rules_out_is_chosen_with_a_reason(client: FlaskClient) -> None:
    address = made(client)
    choice = page(client, f"{address}/customers/c-1")
    assert "passes “room”, “capacity”: needs a reason" in choice
    assert "limit 承载余量" not in choice
    assert "承载余量" in page(client, f"{address}/customers/c-1", ZH)

    refused = post(client, f"{address}/customers/c-1", to="am-2")
    assert refused.status_code == 422
    assert "This passes the limit room" in refused.text
    assert post(client, f"{address}/customers/c-1", to="am-2", reason="knows them").status_code == 303

    text = page(client, address)
    assert "passes room" in text
    assert "<q>knows them</q>" in text
    again = page(client, f"{address}/customers/c-1")
    assert re.search(r'value="am-2" checked', again), "whom one chose stays chosen"
    moves = list(csv.DictReader(io.StringIO(client.get(f"{address}/moves.csv", headers=ZH).data.decode("utf-8-sig"))))
    assert moves[0]["超出的限制"].startswith("承载余量")


def test_what_stays_with_somebody_who_leaves_is_said_to_cost(client: FlaskClient) -> None:
    address = made(client)
    best = re.search(r'data-label="Score">([0-9.]+)<', page(client, f"{address}/customers/c-1"))
    assert best is not None
    points = f"{Decimal(best[1]) * 100:f}".rstrip("0").rstrip(".")
    unused = f"Nobody looks after it: the {points} of 100 points of whoever fits best go unused."
    assert unused in page(client, f"{address}/customers/c-1")

    answer = post(client, f"{address}/customers/c-1", to="stay")

    assert answer.location == f"{address}?page=1#move-c-1", "one comes back to the row one changed"
    text = page(client, address)
    assert 'id="move-c-1"' in text
    assert f"fit less, by {points} points in all" in text
    assert unused in text


def test_a_capacity_below_the_load_says_who_keeps_what_and_what_stands_in_the_way(client: FlaskClient) -> None:
    address = made(client, {"what-am-3": "leaves", "capacity-am-2": "3"})  # nobody has room for the 6 of c-4

    text = page(client, address)

    assert "&lt;b&gt;am-2&lt;/b&gt; carries 3 more than is aimed at" in text
    assert "“would have more than is aimed at” for 1 customer" in text
    assert re.search(r'href="[^"]+/edit\?team=t-1"', text)
    assert "10 → 3" in text, "before and after is told though nothing moves"
    team = page(client, f"{address}/edit?team=t-1")
    assert re.search(r'<option value="t-1" selected>', team)
    assert re.search(r'<option value="spread" selected>', team)


def test_who_joins_alone_is_given_a_share_or_told_why_not(client: FlaskClient) -> None:
    joins = {"join-name": "New", "join-team": "t-1", "join-region": "Shanghai", "join-regions": "Shanghai, Chengdu"}
    joins |= {"join-level": "5", "join-capacity": "20", "join-hired": "2020-01-01"}
    assert "2 customers change hands" in page(client, made(client, joins))

    elsewhere = page(client, made(client, {**joins, "join-region": "Nanjing", "join-regions": "Nanjing"}))

    assert "Whoever joins gets nothing" in elsewhere
    assert "“region” for " in elsewhere.partition("What stood in the way")[2][:200]
    assert '<td class="number" data-label="Load">8</td>' in elsewhere, (
        "what somebody carries is told though nothing moves"
    )


@pytest.mark.parametrize("typed", ["上海", "shanghai", "Shanghai"])
def test_a_region_is_typed_as_people_call_it(client: FlaskClient, record: Record, typed: str) -> None:
    joins = {"join-name": "New", "join-team": "t-1", "join-region": typed, "join-regions": f"{typed}, 南京"}
    joins |= {"join-level": "3", "join-capacity": "9", "join-skills": "云计算, cloud"}
    address = made(client, joins)

    with record.engine.connect() as connection:
        plan = keeping.find(connection, address.rpartition("/")[2])
    assert plan is not None
    [joiner] = plan.whatif.join
    assert (joiner.region, joiner.regions, joiner.skills) == ("Shanghai", ("Shanghai", "Nanjing"), ("cloud",))
    assert '<option value="上海">' in page(client, "/simulations/plans/new", ZH)


def test_what_somebody_new_can_is_chosen_from_the_vocabulary(client: FlaskClient, record: Record) -> None:
    joins = {"join-name": "New", "join-team": "t-1", "join-region": "Shanghai", "join-level": "3", "join-capacity": "9"}
    form, chinese = (page(client, "/simulations/plans/new", each) for each in (EN, ZH))
    assert 'name="join-skills-security" value="1"> security' in form
    assert 'name="join-skills-cloud" value="1"> 云计算' in chinese

    wrong = make(client, {**joins, "join-skills": "cloud, juggling", "join-languages-ja": "1"})

    assert wrong.status_code == 422
    assert "“juggling” is not known here: choose one of those offered." in wrong.text
    assert 'name="join-languages-ja" value="1" checked' in wrong.text, "what was ticked stays ticked"
    assert 'value="cloud, juggling"' in wrong.text, "what was typed can be mended"
    assert make(client, {**joins, "join-region": "Atlantis"}).status_code == 422
    address = made(client, {**joins, "join-skills-cloud": "1", "join-skills-data": "1", "join-languages-ja": "1"})
    with record.engine.connect() as connection:
        plan = keeping.find(connection, address.rpartition("/")[2])
    assert plan is not None
    assert (plan.whatif.join[0].skills, plan.whatif.join[0].languages) == (("cloud", "data"), ("ja",))


def test_several_join_at_once(client: FlaskClient) -> None:
    joins: dict[str, str] = {}
    for prefix in ("join", "join2", "join3"):
        joins |= {f"{prefix}-name": f"New {prefix}", f"{prefix}-team": "t-1", f"{prefix}-region": "Shanghai"}
        joins |= {f"{prefix}-level": "5", f"{prefix}-capacity": "20"}

    text = page(client, made(client, joins))

    assert [f"joins: New {each}" in text for each in ("join", "join2", "join3")] == [True] * 3
    assert 'href="#join2-team"' in make(client, {**joins, "join2-team": ""}).text


def test_people_are_found_by_a_filter_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    typed = {"name": "kept", "capacity-am-1": "7", "sift": "AM-3", "show": "1"}

    answer = make(client, {}, **typed)

    assert answer.status_code == 200
    assert ('id="what-am-3"' in answer.text, 'id="what-am-2"' in answer.text) == (True, False)
    assert 'name="capacity-am-1" value="7"' in answer.text, "of whom something is said stays"
    assert 'name="name" value="kept"' in answer.text
    found = page(client, "/simulations/plans/new?sift=t-2")
    assert ('id="what-am-3"' in found, 'id="what-am-1"' in found) == (True, False)
    assert "0 of 3 people" in page(client, "/simulations/plans/new?sift=zzz")
    assert "No plans yet" in page(client, "/simulations"), "a look makes no plan"


def test_a_limit_is_passed_only_with_a_reason(client: FlaskClient, record: Record) -> None:
    digest = without_room(record, ACT)
    address = made(client, policy=f"{POLICY}@{digest}")
    assert "passes “capacity”: needs a reason" in page(client, f"{address}/customers/c-1")
    assert "承载上限" in page(client, f"{address}/customers/c-1", ZH)

    refused = post(client, f"{address}/customers/c-1", to="am-2")
    assert refused.status_code == 422
    assert "This passes the limit capacity" in refused.text
    assert post(client, f"{address}/customers/c-1", to="am-2", reason="knows them").status_code == 303
    text = page(client, address)
    assert "passes capacity" in text
    assert "3 too much" in text  # 6 of one's own, 6 and 1 more, of 10


def test_it_is_carried_out_and_taken_back(client: FlaskClient, record: Record) -> None:
    address = made(client)

    assert apply(client, address).status_code == 303

    assert owners(record, DAY) == {**BEFORE, "c-1": "am-3", "c-2": "am-2"}
    undo = re.search(r'action="(/simulations/plans/[^"]+/undo)"', said(client))
    assert undo is not None
    why = client.get("/customers/c-1", headers=EN).text
    assert "Why it changed hands" in why
    assert "plan “am-1 leaves”" in why
    assert "carried out" in page(client, address)
    assert client.get(f"{address}/edit").status_code == 404
    assert post(client, f"{address}/reset").status_code == 303  # says that it is carried out
    post(client, undo[1])
    assert owners(record, DAY) == BEFORE
    assert "it no longer holds" in client.get("/customers/c-1", headers=EN).text


def test_what_has_changed_since_is_said_and_nothing_carried_out(client: FlaskClient, record: Record) -> None:
    address = made(client)
    change(record, ACT, Change(Of.CUSTOMER, "c-2", "owner", "am-2", DAY))

    apply(client, address)

    text = said(client)
    assert "Nothing was changed: the record is different by now." in text
    assert "=1+c-2 was held by &lt;b&gt;am-1&lt;/b&gt; and is held by &lt;b&gt;am-2&lt;/b&gt;" in page(client, address)
    assert owners(record, DAY) == {**BEFORE, "c-2": "am-2"}
    post(client, f"{address}/again")
    assert apply(client, address).status_code == 303
    assert owners(record, DAY)["c-1"] == "am-3"


def test_a_plan_that_is_not_up_to_date_says_so_when_it_is_opened(client: FlaskClient, record: Record) -> None:
    address = made(client)
    assert "Not up to date" not in page(client, address)
    post(client, f"{address}/customers/c-1", to="am-2", reason="knows them")
    change(record, ACT, Change(Of.PERSON, "am-2", "capacity", Decimal(12), DAY))

    english, chinese = (page(client, address, each) for each in (EN, ZH))

    told = english.partition("Not up to date")[2].partition("</section>")[0]
    assert "&lt;b&gt;am-2&lt;/b&gt; had a capacity of 10 and has 12" in told
    assert "Choices by hand are kept where they are still possible." in told
    assert f'action="{address}/again"' in told
    assert "已不是最新" in chinese
    assert "的承载上限原为 10，现为 12" in chinese
    post(client, f"{address}/again")
    after = page(client, address)
    assert "Not up to date" not in after
    assert "knows them" in after


def test_a_customer_nobody_can_weigh_does_not_stop_the_form(client: FlaskClient, record: Record) -> None:
    facts = {"owner": "am-1", "tier": "D", "region": "Shanghai", "industry": "retail"}
    changes = [Change(Of.CUSTOMER, "c-6", key, value, crew.SINCE) for key, value in facts.items()]
    things = [Thing(Of.CUSTOMER, "c-6", "c-6")]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))

    page(client, "/simulations/plans/new")
    text = page(client, f"{made(client)}/customers/c-6")

    assert "The policy cannot say who may take it" in text
    assert "is not known" in text


def test_of_many_changes_some_are_told_and_how_many_more_there_are(client: FlaskClient, record: Record) -> None:
    names = [f"x-{number}" for number in range(9)]
    things = [Thing(Of.CUSTOMER, name, name) for name in names]
    facts: dict[str, Any] = {"owner": "am-1", "tier": "D", "region": "Shanghai", "industry": "retail", "status": "lost"}
    facts[f"{FACT}expected_revenue"] = Decimal(40_000)
    changes = [Change(Of.CUSTOMER, name, key, value, crew.SINCE) for name in names for key, value in facts.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))
    address = made(client)
    change(record, ACT, *(Change(Of.CUSTOMER, name, "owner", "am-3", DAY) for name in names))

    told = page(client, address).partition("Not up to date")[2].partition("</section>")[0]

    assert told.count("<li>") == 6
    assert re.search(r"<li>and [4-9] more changes</li>", told)
    assert "(+" not in told


def test_another_revision_of_the_policy_in_effect_is_told(client: FlaskClient, record: Record) -> None:
    address = made(client)
    digest = without_room(record, ACT)
    with record.engine.connect() as connection:
        chosen = select(REVISIONS.c.id).where(REVISIONS.c.digest == digest)
        revision = connection.execute(chosen).scalar_one()
    signed = Signed("login:a", "login:b", "no room")
    record.writer.write(lambda transaction: revisions.publish(transaction, POLICY, revision, Period(DAY), signed, ACT))

    assert "another revision of the policy has taken effect" in page(client, address)


def test_what_was_not_looked_at_is_not_carried_out(client: FlaskClient, record: Record) -> None:
    address = made(client)

    post(client, f"{address}/apply", day=str(DAY), version="99")

    assert "look once more" in said(client)
    assert owners(record, DAY) == BEFORE


@pytest.mark.parametrize(
    "day", ["", "soon", "9999-12-31", str(DAY - timedelta(1)), str(DAY), str(DAY + timedelta(39)), "2026-02-30"]
)
def test_a_plan_holds_from_no_day_but_its_own(client: FlaskClient, record: Record, day: str) -> None:
    address = made(client, day=str(DAY + timedelta(40)))

    assert apply(client, address, day=day).status_code == 303

    assert "holds from no other day" in said(client)
    assert owners(record, DAY) == owners(record, DAY + timedelta(99)) == BEFORE
    apply(client, address, day=str(DAY + timedelta(40)))
    assert (owners(record, DAY)["c-1"], owners(record, DAY + timedelta(40))["c-1"]) == ("am-1", "am-3")


def test_a_plan_whose_day_is_past_asks_to_be_calculated_again(client: FlaskClient, record: Record) -> None:
    address = made(client)
    yesterday = update(PLANS).values(day=DAY - timedelta(1))
    record.writer.write(lambda transaction: transaction.run(yesterday))

    text = page(client, address)
    assert "is past: calculate again before you carry it out" in text
    assert "Hand over" not in text
    post(client, f"{address}/apply", day=str(DAY - timedelta(1)), version="1")
    assert "the day of this plan" in said(client)
    assert owners(record, DAY) == BEFORE
    post(client, f"{address}/again")
    apply(client, address)
    assert owners(record, DAY)["c-1"] == "am-3"


def test_another_day_is_calculated_again_and_then_carried_out(client: FlaskClient, record: Record) -> None:
    address, later = made(client), DAY + timedelta(40)

    for wrong in ("", "soon", "9999-12-31", str(DAY - timedelta(1))):
        post(client, f"{address}/again", day=wrong)
        assert "Nothing was calculated: choose today or a later day." in said(client), wrong
    post(client, f"{address}/again", day=str(later))

    assert f'name="day" value="{later}"' in page(client, address)
    apply(client, address, day=str(later))
    assert (owners(record, DAY)["c-1"], owners(record, later)["c-1"]) == ("am-1", "am-3")


def test_who_is_back_before_the_plan_holds_is_not_covered(client: FlaskClient) -> None:
    away = {"what-am-1": "cover", "since-am-1": str(DAY + timedelta(5)), "until-am-1": str(DAY + timedelta(9))}

    refused = make(client, away, day=str(DAY + timedelta(9)))

    assert refused.status_code == 422
    assert "This absence is over before the plan holds" in refused.text
    address = made(client, away)
    post(client, f"{address}/again", day=str(DAY + timedelta(9)))
    assert "is back on" in said(client)
    assert f'name="day" value="{DAY}"' in page(client, address), "the plan is as it was"


def test_two_plans_are_compared(client: FlaskClient) -> None:
    first = made(client, name="as proposed")
    copied = post(client, f"{first}/copy").location
    post(client, f"{copied}/customers/c-2", to="am-3")
    post(client, f"{copied}/settings", name="by hand", shared="own")

    text = page(client, f"{first}/compare?with={copied.rpartition('/')[2]}")

    assert "1 customer goes elsewhere" in text
    assert "1 goes to the same person" in text
    assert "as proposed" in text
    assert "by hand" in text
    assert "Both plans do the same." in page(client, f"{first}/compare?with={first.rpartition('/')[2]}")
    assert client.get(f"{first}/compare?with=none").status_code == 404


def test_a_plan_is_thrown_away_and_taken_back(client: FlaskClient) -> None:
    address = made(client)

    post(client, f"{address}/delete")

    back = re.search(r'action="(/simulations/plans/[^"]+/restore)"', said(client))
    assert client.get(address).status_code == 404
    assert back is not None
    assert "No plans yet" in said(client)
    post(client, back[1])
    assert "2 customers change hands" in page(client, address)


def test_it_can_be_taken_into_a_spreadsheet(client: FlaskClient) -> None:
    address = made(client)

    moves, loads = (
        list(csv.DictReader(io.StringIO(client.get(f"{address}/{each}.csv", headers=EN).data.decode("utf-8-sig"))))
        for each in ("moves", "loads")
    )

    assert [(each["Customer"], each["Goes to"], each["Load"]) for each in moves][:2] == [
        ("c-1", "am-3", "6"),
        ("c-2", "am-2", "1"),
    ]
    assert moves[0]["Name of the customer"] == "'=1+c-1"  # no formula
    load = next(each for each in loads if each["Person"] == "am-1")
    assert [load[f"Load {each}"] for each in ("before", "taken over", "handed over", "after")] == ["8", "0", "7", "1"]
    assert (load["Team"], load["Name of the team"]) == ("t-1", "<i>t-1</i>")
    for which, name in (("moves", "=1+c-1"), ("loads", "<b>am-1</b>")):
        book = load_workbook(io.BytesIO(client.get(f"{address}/{which}.xlsx").data))
        cell = next(each for row in book.active.iter_rows() for each in row if each.value == name)
        assert cell.data_type == "s"
    assert client.get(f"{address}/all.csv").status_code == 404
    assert client.get(f"{address}/moves.pdf").status_code == 404


def test_taking_it_along_leaves_an_entry(site: Flask, client: FlaskClient) -> None:
    address = made(client)

    client.get(f"{address}/moves.csv")
    client.get(f"{address}/loads.xlsx")

    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        chosen = select(AUDIT.c.body).where(AUDIT.c.object == address.rpartition("/")[2], AUDIT.c.action == "read")
        told = [json.loads(body)["what"] for body in connection.execute(chosen.order_by(AUDIT.c.id)).scalars()]
    assert told == [{"of": "plan", "as": "csv", "table": "moves"}, {"of": "plan", "as": "xlsx", "table": "loads"}]


def test_moves_are_filtered_and_paged(client: FlaskClient) -> None:
    address = made(client)

    assert "c-2" not in page(client, f"{address}?person=am-3").partition('id="moves"')[2].partition("</table>")[0]
    assert "Nothing fits" in page(client, f"{address}?by=hand")
    assert client.get(f"{address}?page=0").status_code == 404


def test_empty_places_say_what_to_do(client: FlaskClient, site: Flask) -> None:
    assert "No plans yet" in page(client, "/simulations")
    assert "Plans appear here" in page(signed_in(site, Role.AUDITOR), "/simulations")
    assert "Nothing to hand over" in page(client, made(client, {"what-am-3": "leaves"}))
    assert "Nothing to hand over" in page(client, made(client, {"team": "t-1"}))
    assert "规划客户重新分配" in page(client, "/simulations", ZH)


def lead(site: Flask) -> FlaskClient:
    return signed_in(site, Role.MANAGER, "lead", person="le-1")


def test_a_manager_plans_only_for_the_own_team(site: Flask) -> None:
    client = lead(site)
    form = page(client, "/simulations/plans/new")
    assert "what-am-1" in form
    assert "what-am-3" not in form

    address = made(client)

    assert "1 customer changes hands" in page(client, address)  # am-3 is of another team
    assert "am-3" not in page(client, f"{address}/customers/c-1")
    assert make(client, {"what-am-3": "leaves"}).status_code == 422
    assert post(client, f"{address}/customers/c-1", to="am-3", reason="x").status_code == 422


@pytest.mark.parametrize(
    ("shared", "seen"),
    [("own", set()), ("leads", {Role.MANAGER, Role.ADMIN}), ("all", {Role.MANAGER, Role.ADMIN, Role.AUDITOR})],
)
def test_who_sees_a_plan_is_chosen(site: Flask, shared: str, seen: set[Role]) -> None:
    author = lead(site)
    address = made(author)
    post(author, f"{address}/settings", name="of the team", shared=shared)
    others = {
        Role.MANAGER: signed_in(site, Role.MANAGER, "second", person="le-2"),
        Role.ADMIN: signed_in(site),
        Role.AUDITOR: signed_in(site, Role.AUDITOR),
    }

    assert {role for role, each in others.items() if each.get(address).status_code == 200} == seen
    assert {role for role, each in others.items() if "of the team" in each.get("/simulations").text} == seen
    for each in others.values():
        assert each.get(f"{address}/edit").status_code in (403, 404)
        assert post(each, f"{address}/reset").status_code in (403, 404)


def test_a_plan_about_other_teams_is_not_seen(site: Flask, client: FlaskClient) -> None:
    address = made(client)
    post(client, f"{address}/settings", name="of all", shared="all")

    assert lead(site).get(address).status_code == 404
    assert "of all" not in lead(site).get("/simulations").text
    assert post(lead(site), f"{address}/apply").status_code == 404


def test_an_auditor_reads_what_was_carried_out(site: Flask, client: FlaskClient) -> None:
    address = made(client)
    auditor = signed_in(site, Role.AUDITOR)
    assert auditor.get(address).status_code == 404

    apply(client, address)

    text = page(auditor, address)
    assert "carried out" in text
    assert "Undo the reassignment" not in text
    assert post(auditor, f"{address}/undo").status_code == 403


def test_a_settings_form_that_says_nothing_is_refused(client: FlaskClient) -> None:
    address = made(client)

    post(client, f"{address}/settings", name=" ", shared="all")
    assert "Give the plan a name" in said(client)
    post(client, f"{address}/settings", name="x", shared="everybody")
    assert "Give the plan a name" in said(client)


def test_a_worker_takes_what_is_long(client: FlaskClient, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculating, "LONG", -1)

    address = made(client)

    assert "A worker is calculating" in page(client, address)
    assert post(client, f"{address}/apply").status_code == 303
    assert Worker(record, KINDS, Around(clock, Stop())).once()
    assert "2 customers change hands" in page(client, address)


def test_a_whole_team_of_the_demo_leaves(rules: Path, make_app: MakeApp, demonstrated: Path, tmp_path: Path) -> None:
    shutil.copytree(demonstrated, tmp_path, dirs_exist_ok=True)
    site = make_app(rules=rules, database=f"sqlite:///{tmp_path}/record.db", heads=tmp_path / "heads.json")
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(site)
    page(client, "/simulations/plans/new")  # compiles the policies, once for all

    begun = process_time()
    address = made(client, {"team-leaves": "t-beijing"})
    page(client, address)

    assert process_time() - begun < HANGS


def test_choices_by_hand_survive_another_calculation_or_are_named_with_their_reasons(client: FlaskClient) -> None:
    address = made(client)
    post(client, f"{address}/customers/c-1", to="stay", reason="the owner asked for it")
    post(client, f"{address}/customers/c-2", to="am-3", reason="they know each other")

    post(client, f"{address}/again")
    text = page(client, address)
    assert "Calculated again. 2 choices by hand hold." in text
    assert "<q>the owner asked for it</q>" in text

    again = {"name": "x", "day": str(DAY), "policy": POLICY, **LEAVES, "what-am-3": "leaves"}
    post(client, f"{address}/edit", **again)
    text = page(client, address)
    assert "1 choice by hand holds. No longer possible: =1+c-2." in text
    lost = text.partition('id="void"')[2].partition("</section>")[0]
    assert "&lt;b&gt;am-3&lt;/b&gt; was to take it over" in lost
    assert "<q>they know each other</q>" in lost
    assert "not among those who may be thought of" in lost
    assert f'action="{address}/back"' in text

    post(client, f"{address}/back")
    text = page(client, address)
    assert "The plan is as it was before it was calculated again." in text
    assert 'id="void"' not in text
    assert "am-1 leaves" in text, "the name is as it was, too"
    assert "<q>they know each other</q>" in text


def test_a_worker_keeps_choices_by_hand(client: FlaskClient, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    address = made(client)
    post(client, f"{address}/customers/c-2", to="am-3", reason="they know each other")
    monkeypatch.setattr(calculating, "LONG", -1)

    post(client, f"{address}/again")
    assert Worker(record, KINDS, Around(clock, Stop())).once()

    assert "<q>they know each other</q>" in page(client, address)


def test_a_customers_page_tells_what_was_taken_back(client: FlaskClient) -> None:
    address = made(client)
    apply(client, address)
    told = page(client, "/customers/c-1").partition('id="why-owner"')[2].partition("</section>")[0]
    assert "Carried out by admin on" in told
    assert "Undone" not in told

    post(client, f"{address}/undo")

    told = page(client, "/customers/c-1").partition('id="why-owner"')[2].partition("</section>")[0]
    assert "plan “am-1 leaves”" in told
    assert "Undone by admin on" in told


def test_it_is_said_why_it_is_this_person_on_the_pages_and_in_the_table(client: FlaskClient) -> None:
    address = made(client)
    english, chinese = page(client, address), page(client, address, ZH)

    assert "Of 100 points: industry 30, nearby 15, satisfaction 7.5." in english
    assert "Second best is &lt;b&gt;am-3&lt;/b&gt; with 0.225. Ahead in industry (30 against 0)." in english
    assert "满分 100：行业经验 30、就近 15、客户满意度 7.5。" in chinese
    choice = page(client, f"{address}/customers/c-2")
    assert "Why &lt;b&gt;am-2&lt;/b&gt;: Of 100 points: industry 30" in choice
    assert '<span class="hint">nearby 15, satisfaction 7.5</span>' in choice
    table = client.get(f"{address}/moves.csv", headers=EN).data.decode("utf-8-sig")
    told = next(each for each in csv.DictReader(io.StringIO(table)) if each["Customer"] == "c-2")
    assert told["What speaks for them"] == "Of 100 points: industry 30, nearby 15, satisfaction 7.5."
    assert told["Second best"] == "<b>am-3</b>"
    assert told["Score of the second best"] == "0.225"
    assert "Ahead in industry" in told["Compared with the second best"]


def test_a_tie_is_explained(client: FlaskClient, record: Record) -> None:
    change(record, ACT, Change(Of.PERSON, "am-3", "industries", ["retail"], crew.SINCE))

    text = page(client, made(client))

    assert "1 other has the same score. Then the lower reference number comes first, by the policy." in text


def test_lost_customers_stand_apart_and_can_be_left_where_they_are(client: FlaskClient, record: Record) -> None:
    change(record, ACT, Change(Of.CUSTOMER, "c-2", "status", "lost", crew.SINCE))
    address = made(client)

    text = page(client, address)
    assert "(1 of them lost)" in text
    assert re.search(r"without 1 lost customer worth CN¥50,000", text)
    assert "=1+c-2" in text.partition('id="lost"')[2].partition("</table>")[0]
    assert "=1+c-2" not in text.partition('id="moves"')[2].partition("</table>")[0]
    assert '<span class="badge grade-warning">lost</span>' in page(client, f"{address}/customers/c-2")
    answer = post(client, f"{address}/customers/c-2", to="stay")
    assert answer.location == f"{address}?page=1#move-c-2"

    change(record, ACT, Change(Of.CUSTOMER, "c-3", "status", "lost", crew.SINCE))
    assert re.search(r"nobody is found for 1</a> \(1 of them lost\)", page(client, made(client)))
    left = made(client, {**LEAVES, "keeps-lost": "1"})
    text = page(client, left)
    assert "lost customers stay with whoever leaves or is away" in text
    assert 'id="move-c-2"' not in text
    assert re.search(r'name="keeps-lost" value="1" checked', page(client, f"{left}/edit"))


def test_what_would_help_most_is_told_with_the_customers_and_who_decides(client: FlaskClient) -> None:
    address = made(client)

    text = page(client, address).partition('id="nobody"')[2].partition("</section>")[0]

    helps = text.partition("What would help most")[2].partition("</ul>")[0]
    assert re.search(r"<strong>region</strong>: 1 customer", helps)
    assert f'href="{address}/customers/c-3"' in helps
    assert "Whom only the load they carry rules out can be chosen by hand, with a reason" in text
    assert "decides who looks after them: &lt;b&gt;le-1&lt;/b&gt;, &lt;b&gt;le-2&lt;/b&gt;." in text
    assert "whoever leads the team decides" in page(client, f"{address}/customers/c-3")
    assert "whoever leads the team decides" not in page(client, f"{address}/customers/c-1")


def away(record: Record, person: str, since: int, until: int) -> tuple[str, str]:
    """Let somebody be away by the record some days from today on; returns both days."""
    days = DAY + timedelta(since), DAY + timedelta(until)
    told = [Absent(f"{person}-{since}", person, *days)]
    record.writer.write(lambda transaction: absences.put(transaction, told, ACT))
    return str(days[0]), str(days[1])


def test_recorded_absences_stand_in_the_form_and_count_where_no_days_are_given(
    client: FlaskClient, record: Record
) -> None:
    since, until = away(record, "am-1", 12, 48)

    form = page(client, "/simulations/plans/new")
    assert "away on record" in form.partition('id="what-am-1"')[0].rpartition("<tr>")[2]
    assert f'name="since-am-1" value="{since}"' in form
    assert f'name="until-am-1" value="{until}"' in form
    assert 'id="what-am-1"' not in make(client, {}, **{"since-am-1": since, "sift": "am-3", "show": "1"}).text

    address = made(client, {"what-am-1": "cover"})
    filled = page(client, f"{address}/edit")
    assert f'name="since-am-1" value="{since}"' in filled
    assert "by the record" not in page(client, address), "it is as the record says"


def test_a_plan_says_where_the_record_has_another_absence(client: FlaskClient, record: Record) -> None:
    days = {"since-am-1": str(DAY + timedelta(5)), "until-am-1": str(DAY + timedelta(9))}
    assert "is away by this plan, but not by the record." in page(client, made(client, {"what-am-1": "cover"}, **days))
    away(record, "am-1", 12, 48)
    away(record, "am-2", 3, 20)

    text = page(client, made(client, {"what-am-1": "cover"}, **days))

    assert "&lt;b&gt;am-1&lt;/b&gt; is away by the record" in text
    assert "&lt;b&gt;am-2&lt;/b&gt; takes over 1 customer and is away by the record" in text


def test_a_plan_of_absences_holds_from_the_first_of_them(client: FlaskClient) -> None:
    first = DAY + timedelta(12)
    address = made(client, {"what-am-1": "cover"}, **{"since-am-1": str(first), "until-am-1": str(DAY + timedelta(48))})

    with client.application.test_request_context(headers=EN):
        begins, day = filters.day(first), filters.day(DAY)
    text = page(client, address)
    assert f"holds from {begins} · calculated for {day}" in text
    assert f"Customers change hands from {begins} on" in text
    assert begins in page(client, "/simulations")


def test_undoing_has_one_word_on_its_whole_path(client: FlaskClient) -> None:
    address = made(client)
    apply(client, address)
    page_of_it = page(client, address, ZH)
    post(client, f"{address}/undo")
    after = page(client, address, ZH)

    for text in (page_of_it, after, page(client, "/customers/c-1", ZH)):
        assert "撤销" in text
        assert not re.search("撤回|收回", text.partition("<main")[2])


def test_a_rebalance_speaks_of_no_order_of_handing_out(client: FlaskClient) -> None:
    said_ = "The most valuable customers were handed out first"
    balanced = page(client, made(client, {"capacity-am-1": "2"}))

    assert "changes hands" in balanced
    assert said_ not in balanced
    assert said_ in page(client, made(client))
    form = page(client, "/simulations/plans/new", ZH)
    assert "截止" not in form.partition("<main")[2]


def test_what_is_wrong_names_its_field_and_whom_it_is_about(client: FlaskClient) -> None:
    wrong = make(client, {"join2-name": "New", "what-am-1": "capacity", "capacity-am-1": "-1"}).text

    assert '<a href="#join2-region">Region: This is needed of somebody who joins.</a>' in wrong
    assert '<a href="#capacity-am-1">New capacity · &lt;b&gt;am-1&lt;/b&gt;: Write a number' in wrong


def test_two_plans_are_chosen_in_the_list_to_be_compared(client: FlaskClient) -> None:
    first, second = (made(client).rpartition("/")[2] for _ in range(2))
    assert page(client, "/simulations").count('type="checkbox" name="plan"') == 2

    answer = client.get(f"/simulations/plans/compare?plan={first}&plan={second}")

    assert answer.location == f"/simulations/plans/{first}/compare?with={second}"
    assert client.get(f"/simulations/plans/compare?plan={first}", headers=EN).location == "/simulations"
    assert "Choose two plans to compare." in said(client)


def test_a_persons_page_leads_to_what_if(client: FlaskClient) -> None:
    assert 'href="/simulations/plans/new?sift=am-1"' in page(client, "/people/am-1")
    assert "/simulations/plans/new?sift" not in page(client, "/people/le-1")


def test_the_table_calls_things_as_the_page_does(client: FlaskClient) -> None:
    heads = client.get(f"{made(client)}/moves.csv", headers=ZH).data.decode("utf-8-sig").splitlines()[0].split(",")

    assert {"客户价值", "手动更改使契合度变化的分数", "生效日", "选择此人的依据", "次优者"} <= set(heads)
    assert not {"值", "代价", "起点"} & set(heads)


def test_what_choices_by_hand_give_up_is_told_in_points_in_the_comparison_and_the_files(client: FlaskClient) -> None:
    first, second = made(client), made(client)
    post(client, f"{second}/customers/c-2", to="am-3", reason="asked for")

    text = page(client, f"{first}/compare?with={second.rpartition('/')[2]}")
    given_up = text.partition('<th scope="row">Fit changed by hand, in points')[2].partition("</tr>")[0]
    table = client.get(f"{second}/moves.csv", headers=EN).data.decode("utf-8-sig")
    moved = next(each for each in csv.DictReader(io.StringIO(table)) if each["Customer"] == "c-2")

    assert re.findall(r'data-label="[^"]*">([^<]*)<', given_up) == ["0", "-30", "-30"]
    assert moved["Fit changed by hand, in points"] == "-30"
