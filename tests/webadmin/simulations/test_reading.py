"""A plan is read at a glance, whether it moves three customers or three hundred."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from tests.webadmin.simulations.test_plans import ACT, DAY, made, page, post
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.things import FACT, Change, Thing


@pytest.fixture
def crowded(make_app: MakeApp, rules: Path) -> Flask:
    """Return an application where am-1 holds three hundred more customers, and others have room for them."""
    app = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = app.extensions["record"]
    extra: dict[str, dict[str, Any]] = {
        f"m-{number:03}": {**crew.CUSTOMER, "owner": "am-1", f"{FACT}expected_revenue": Decimal(10_000 + number)}
        for number in range(300)
    }
    crew.fill(record, ACT, extra)
    room = [Change(Of.PERSON, each, "capacity", Decimal(900), crew.SINCE) for each in ("am-2", "am-3")]
    crew.change(record, ACT, *room)
    return app


def words(text: str) -> str:
    """Return what stands on a page, without markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", text.partition("<main")[2]).split())


def moves(text: str) -> str:
    """Return the table of moves."""
    return text.partition('id="moves"')[2].partition("</table>")[0]


def test_at_the_top_stands_who_takes_how_many_with_load_and_value_before_and_after(client: FlaskClient) -> None:
    top = words(page(client, made(client)).partition('id="loads"')[0])

    assert "leave: &lt;b&gt;am-1" in top
    assert re.search(r"am-3&lt;/b&gt; 1 customer · load 0 → 6 of 10 · value CN¥0.00 → CN¥9,000,000.00", top), top
    assert "nobody is found for 1" in top


def test_moves_stand_by_who_takes_them_with_one_reason_and_the_rest_on_demand(client: FlaskClient) -> None:
    text = page(client, made(client))

    assert moves(text).count('<tr class="group">') == 2
    row = moves(text).partition('id="move-c-1"')[2].partition("</tr>")[0]
    before, _, details = row.partition("<details>")
    assert "A strategic customer goes to the highest level" in before
    assert "points" not in before
    assert "ruled out:" in details
    assert "Of 100 points" in details
    assert "All are held by" in text, "who holds them is said once where it is one person"


def test_three_hundred_moves_stand_on_pages_in_groups(crowded: Flask) -> None:
    client = signed_in(crowded)
    address = made(client)

    first, second = page(client, address), page(client, f"{address}?page=2")

    assert first.count('id="move-') == second.count('id="move-') == 25
    assert len(first) < 150_000
    assert moves(first).count('class="group"') == 1, "whoever takes most comes first, and stays together"
    assert re.search(r"\d{2,3} customers · load", words(first))


def test_a_move_far_down_is_found_again_after_it_was_changed(crowded: Flask) -> None:
    client = signed_in(crowded)
    address = made(client)

    led = post(client, f"{address}/customers/m-007", to="stay", reason="asked for it").location

    assert "page=1#" not in led
    assert 'id="move-m-007"' in page(client, led.partition("#")[0])


def test_those_for_whom_nobody_is_found_can_be_filtered(client: FlaskClient) -> None:
    table = moves(page(client, f"{made(client)}?by=nobody"))

    assert 'id="move-c-3"' in table
    assert 'id="move-c-1"' not in table
    assert "Nobody is found" in table


def test_among_five_hundred_people_one_is_found_by_typing_and_stays_in_the_list(site: Flask, record: Record) -> None:
    things = [Thing(Of.PERSON, f"p-{number:03}", f"Person {number:03}") for number in range(500)]
    held = {"role": "account-manager", "team": "t-2"}
    changes = [Change(Of.PERSON, each.id, name, value, crew.SINCE) for each in things for name, value in held.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))
    client = signed_in(site)

    first = page(client, "/simulations/plans/new")
    assert first.count('name="what-') == 100
    assert "100 of 503 people" in first
    assert "press Enter" in first
    assert first.index('name="show"') < first.index('name="what-'), "Enter in the box looks, and sends nothing"

    given = {"show": "1", "sift": "person 47", "what-p-333": "leaves", "day": str(DAY), "policy": crew.POLICY}
    found = post(client, "/simulations/plans", **given).text
    shown = re.findall(r'<select id="what-([^"]+)"', found)
    assert shown == ["p-333", *(f"p-{number}" for number in range(470, 480))]
    assert re.search(r'name="what-p-333".*?value="leaves" selected', found, re.DOTALL)


def test_by_hand_is_filtered_and_says_what_is_set_aside(client: FlaskClient, record: Record) -> None:
    crew.change(record, ACT, Change(Of.PERSON, "am-2", "capacity", Decimal(6), DAY))
    address = made(client)
    assert post(client, f"{address}/customers/c-1", to="am-2", reason="knows them").status_code == 303

    table = moves(page(client, f"{address}?by=hand"))

    assert 'id="move-c-2"' not in table
    assert "<q>knows them</q>" in table
    assert "Set aside by hand: “room”, “capacity”." in table
    assert "Fits better than whom the policy proposed, by 30 of 100 points." in table
    assert re.search(r"am-2&lt;/b&gt; then carries \d+ more than their capacity", table)


def test_hundreds_for_whom_nobody_is_found_do_not_bury_the_moves(client: FlaskClient, record: Record) -> None:
    held = {**crew.CUSTOMER, "owner": "am-1", "region": "Chengdu", f"{FACT}expected_revenue": Decimal(10_000)}
    things = [Thing(Of.CUSTOMER, f"far-{number:03}", f"far-{number:03}") for number in range(60)]
    changes = [Change(Of.CUSTOMER, each.id, name, value, crew.SINCE) for each in things for name, value in held.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))
    address = made(client)

    text = page(client, address)
    listed = text.partition('id="nobody"')[2].partition("</table>")[0].partition("<table")[2]
    leads = re.search(r'href="([^"]+)">Show all 61, page by page<', text)

    assert listed.count('scope="row"') == 12
    assert leads is not None
    every = moves(page(client, leads[1].replace("&amp;", "&")))
    assert every.count("far-0") > 12
