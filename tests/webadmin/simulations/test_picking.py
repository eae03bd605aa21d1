"""Among hundreds who may take a customer the best stand first, others are found by their name or by why they cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from tests.webadmin.simulations.test_plans import ACT, ZH, made, page, post
from tests.webadmin.simulations.test_reading import words
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.things import Change, Thing

CROWD = 250


@pytest.fixture
def client(make_app: MakeApp, rules: Path) -> FlaskClient:
    """Return somebody signed in where 250 people could take c-2, 250 serve elsewhere, of 30 too little is known."""
    app: Flask = make_app(rules=rules)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = app.extensions["record"]
    crew.fill(record, ACT)
    things: list[Thing] = []
    changes: list[Change] = []
    for sort, count, more in (
        ("fit", CROWD, {}),
        ("far", CROWD, {"region": "Chengdu", "regions": ["Chengdu"]}),
        ("new", 30, None),
    ):
        for number in range(count):
            id_ = f"{sort}-{number:03}"
            things.append(Thing(Of.PERSON, id_, f"{sort.title()} {number:03}"))
            held = (
                {"role": "account-manager", "team": "t-2", "region": "Shanghai"}
                if more is None
                else {**crew.PERSON, **more}
            )
            changes += [Change(Of.PERSON, id_, name, value, crew.SINCE) for name, value in held.items()]
    record.writer.write(lambda transaction: roster.apply(transaction, things, changes, ACT, "test"))
    return signed_in(app)


@pytest.fixture
def customer(client: FlaskClient) -> str:
    """Return the address of one customer of a plan."""
    return f"{made(client)}/customers/c-2"


def choices(text: str) -> list[str]:
    return re.findall(r'name="to" value="([^"]+)"', text)


def outside(text: str) -> str:
    return words("<main" + text.partition('id="excluded"')[2])


def test_the_best_twenty_stand_first_and_the_others_on_pages(client: FlaskClient, customer: str) -> None:
    first, second, beyond = (page(client, f"{customer}?page={number}") for number in (1, 2, 999))

    assert len(choices(first)) == 21, "twenty, and that it stays"
    assert "of 252 people who may take it, the best first." in first
    assert "Page 1 of 13" in first
    assert not {*choices(first)} & {*choices(second)} - {"stay", *re.findall('value="([^"]+)" checked', second)}
    assert "Page 13 of 13" in beyond


def test_who_is_chosen_stands_in_the_list_on_every_page(client: FlaskClient, customer: str) -> None:
    chosen = re.findall('name="to" value="([^"]+)" checked', page(client, customer))

    assert chosen
    for wish in ("page=7", "who=fit+24"):
        text = page(client, f"{customer}?{wish}")
        assert re.findall('name="to" value="([^"]+)" checked', text) == chosen
    assert post(client, customer, to="fit-249", reason="knows them").status_code == 303
    assert 'value="fit-249" checked' in page(client, customer)


def test_somebody_is_found_by_typing_whether_they_may_take_it_or_not(client: FlaskClient, customer: str) -> None:
    may, cannot, nobody = (page(client, f"{customer}?who={text}") for text in ("FIT 24", "far 123", "zzz"))

    assert [each for each in choices(may) if each.startswith("fit-24")] == [f"fit-24{number}" for number in range(10)]
    assert re.search(r"Far 123 ?: region \( ?missing: Shanghai ?\)", outside(cannot)), outside(cannot)
    assert "Far 124" not in cannot
    assert "Nobody who cannot take it is called so." in nobody
    strange = page(client, f"{customer}?who=%3Cb%3E%22x&row=%3Ci%3E&at=-3&page=x")
    assert "<i>" not in strange
    assert '<b>"x' not in strange
    assert "&lt;i&gt;, whose name or number has “&lt;b&gt;&#34;x”" in strange


def test_who_cannot_is_counted_by_why_and_named_on_demand(client: FlaskClient, customer: str) -> None:
    text = page(client, customer)
    told = outside(text)

    assert "280 people cannot take it" in told
    assert re.search(r"region : 250 people", told), told
    assert re.search(r"too little is on record of them : 30 people", told), told
    assert "Far 001" not in text

    region, unknown = (page(client, f"{customer}?row={row}") for row in ("region", "*"))
    assert outside(region).count("missing: Shanghai") == 20
    assert "Page 1 of 13" in outside(region)
    assert outside(unknown).count("not on record:") == 20
    assert "at=2" in region
    assert outside(page(client, f"{customer}?row=region&at=13")).count("missing: Shanghai") == 10


def test_it_is_said_in_chinese_too(client: FlaskClient, customer: str) -> None:
    told = words(page(client, customer, ZH))

    assert "280 人不能承接" in told
    assert "记录中的信息太少 ：30 人" in told


def test_few_are_all_named_at_once(site: Flask) -> None:
    few = signed_in(site)

    text = page(few, f"{made(few)}/customers/c-3")

    assert 'name="who"' not in text
    assert outside(text).count("missing: Chengdu") == 2
