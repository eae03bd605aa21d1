"""A plan stays its author's when somebody in it changes team; what they see no longer is hidden, and said to be."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.reassigning import crew
from tests.webadmin.reassigning.crew import change, owners
from tests.webadmin.signing import signed_in
from tests.webadmin.simulations.test_plans import ACT, DAY, EN, LEAVES, apply, made, page, post, said
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.things import Change

GIVEN = {**LEAVES, "capacity-am-2": "9", "what-am-2": "capacity"}


def lead(site: Flask) -> FlaskClient:
    return signed_in(site, Role.MANAGER, "lead", person="le-1")


def leave_the_team(record: Record, person: str) -> None:
    change(record, ACT, Change(Of.PERSON, person, "team", "t-2", DAY))


def test_an_author_opens_a_plan_of_somebody_who_changed_team(site: Flask, record: Record) -> None:
    client = lead(site)
    address = made(client, GIVEN)
    assert "am-2" in page(client, address)

    leave_the_team(record, "am-2")

    text = page(client, address)
    assert "1 person of this plan is not of your teams any more." in text
    assert "am-2" not in text  # who took over, whose capacity was supposed: neither is named
    assert "=1+c-2" not in text  # the customer that was to go to them
    assert "=1+c-3" in text  # for which nobody was found
    assert "am-1 leaves" in page(client, "/simulations")
    assert "am-2" not in page(client, f"{address}/edit")
    assert client.get(f"{address}/customers/c-2", headers=EN).status_code == 404
    assert "not of your teams any more" in page(client, f"{address}/customers/c-3")
    for which in ("moves", "loads"):
        assert "am-2" not in page_of_file(client, f"{address}/{which}.csv")


def page_of_file(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=EN)
    assert answer.status_code == 200
    return answer.text


def test_two_plans_are_compared_without_whom_one_sees_no_longer(site: Flask, record: Record) -> None:
    client = lead(site)
    first, second = made(client, GIVEN), made(client, {**GIVEN, "capacity-am-2": "1"})
    leave_the_team(record, "am-2")

    text = page(client, f"{first}/compare?with={second.rpartition('/')[2]}")

    assert text.count("is not of your teams any more") == 2
    assert "am-2" not in text
    assert "=1+c-2" not in text


@pytest.mark.parametrize("act", ["again", "reset", "back", "customers/c-2", "customers/c-3", "apply"])
def test_nothing_of_such_a_plan_is_done_unseen(site: Flask, record: Record, act: str) -> None:
    client = lead(site)
    address = made(client, GIVEN)
    version = re.search(r'name="version" value="(\d+)"', page(client, address))
    before = owners(record, DAY)
    leave_the_team(record, "am-2")

    post(client, f"{address}/{act}", to="am-2", reason="x", day=str(DAY), version="" if version is None else version[1])

    assert "Nothing was changed: 1 person of this plan is not of your teams any more." in said(client)
    assert owners(record, DAY) == before


def test_what_was_carried_out_is_not_undone_unseen(site: Flask, record: Record) -> None:
    client = lead(site)
    address = made(client, GIVEN)
    apply(client, address)
    after = owners(record, DAY)
    assert after != crew.BEFORE
    leave_the_team(record, "am-2")

    assert "Undo the reassignment" not in page(client, address)
    post(client, f"{address}/undo")

    assert owners(record, DAY) == after
    assert "Undo the reassignment" in page(signed_in(site), address)  # who sees everybody


def test_it_is_whole_again_once_it_is_supposed_of_those_in_sight(site: Flask, record: Record) -> None:
    client = lead(site)
    address = made(client, GIVEN)
    leave_the_team(record, "am-2")

    answer = post(client, f"{address}/edit", name="only mine", day=str(DAY), policy=crew.POLICY, **LEAVES)

    assert answer.status_code == 303
    text = page(client, address)
    assert "not of your teams any more" not in text
    assert "=1+c-2" in text
    assert "am-2" not in text


def test_it_can_still_be_named_copied_and_thrown_away(site: Flask, record: Record) -> None:
    client = lead(site)
    address = made(client, GIVEN)
    leave_the_team(record, "am-2")

    post(client, f"{address}/settings", name="of old", shared="leads")
    copied = post(client, f"{address}/copy").location
    post(client, f"{address}/delete")

    assert "am-2" not in page(client, copied)
    assert client.get(address, headers=EN).status_code == 404
    post(client, f"{address}/restore")
    assert "of old" in page(client, address)
    second = signed_in(site, Role.MANAGER, "second", person="le-2")
    assert second.get(address).status_code == 404  # shared, but they do not see everybody in it either
    everybody = page(signed_in(site), address)
    assert "am-2" in everybody  # nothing was lost of it
    assert "=1+c-2" in everybody


@pytest.mark.parametrize(
    ("shared", "open_", "carried"),
    [
        ("own", "only me", "who made it, and administrators and auditors who see these people"),
        (
            "leads",
            "managers and administrators who see these people",
            "managers, administrators and auditors who see these people",
        ),
        (
            "all",
            "everybody who sees these people and may simulate or audit",
            "everybody who sees these people and may simulate or audit",
        ),
    ],
)
def test_the_list_says_truly_who_sees_a_plan(site: Flask, shared: str, open_: str, carried: str) -> None:
    client = signed_in(site)
    address = made(client)
    post(client, f"{address}/settings", name="am-1 leaves", shared=shared)
    seen_by = re.compile(r'data-label="Seen by">([^<]*)<')

    before = seen_by.findall(page(client, "/simulations"))
    apply(client, address)

    assert before == [open_]
    for each in (client, signed_in(site, Role.AUDITOR)):
        assert seen_by.findall(page(each, "/simulations")) == [carried]
    assert "administrators and auditors see it whatever is chosen" in page(client, address)
