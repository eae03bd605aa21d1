"""What people carry: one source for every page, the policy that proposes owners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from policy.engine import Policies
from tests.webadmin.reassigning import crew
from webadmin.access.circle import Circle
from webadmin.filling import candidates as filling
from webadmin.reassigning import calculating, carrying
from webadmin.reassigning.carrying import Carried
from webadmin.reassigning.whatif import WhatIf
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change

EVERYBODY = Circle(is_all=True)


def carried(record: Record, day: date, *people: str) -> Carried:
    with record.engine.connect() as connection:
        policies = record.catalogue.policies(connection, day)
        return carrying.carried(connection, policies, day, people or None)


def test_a_load_is_what_the_policy_weighs(team: Record, alice: Act) -> None:
    found = carried(team, alice.today)

    assert found.policy is not None
    assert found.policy.id == crew.POLICY
    assert found.by == {"am-1": Decimal(8), "am-2": Decimal(6)}
    assert found.of == {"c-1": Decimal(6), "c-2": Decimal(1), "c-3": Decimal(1), "c-4": Decimal(6)}


def test_a_plan_reckons_with_the_same(team: Record, alice: Act) -> None:
    plan = crew.planned(team, alice, WhatIf(leave=("am-1",)))

    assert plan.proposal is not None
    before = {each.person: each.load for each in plan.proposal.people if each.load}
    assert before == carried(team, alice.today).by


def test_a_change_is_seen_at_once(team: Record, alice: Act) -> None:
    before = carried(team, alice.today)
    assert carried(team, alice.today) is before  # weighed once

    crew.change(team, alice, Change(Of.CUSTOMER, "c-1", "owner", "am-2", alice.today))

    assert carried(team, alice.today).by == {"am-1": Decimal(2), "am-2": Decimal(12)}


def test_one_person_is_weighed_alone(team: Record, alice: Act) -> None:
    assert carried(team, alice.today, "am-2").by == {"am-2": Decimal(6)}


def test_too_many_customers_are_taken_by_tier(team: Record, alice: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MOST", 3)
    found = carried(team, alice.today)

    assert (found.policy, found.too_many) == (None, True)
    assert found.by == {"am-1": Decimal(3), "am-2": Decimal(1)}
    assert carried(team, alice.today, "am-1").by == {"am-1": Decimal(8)}  # three are few enough


def test_without_a_policy_load_is_by_tier(team: Record, alice: Act) -> None:
    with team.engine.connect() as connection:
        found = carrying.carried(connection, Policies({}, (), (), {}), alice.today)

    assert (found.policy, found.too_many) == (None, False)
    assert found.by == {"am-1": Decimal(3), "am-2": Decimal(1)}


def test_who_is_above_capacity(team: Record, alice: Act) -> None:
    crew.change(team, alice, Change(Of.PERSON, "am-2", "capacity", Decimal("5.5"), crew.SINCE))
    with team.engine.connect() as connection:
        found = carrying.over_capacity(carried(team, alice.today), connection, alice.today)

    assert found == {"am-2": (Decimal(6), Decimal("5.5"))}


@pytest.mark.parametrize(
    ("most", "region", "chosen"),
    [
        (9, "Shanghai", ["am-1", "am-2", "am-3", "am-4"]),
        (3, "Shanghai", ["am-1", "am-2", "am-3"]),  # am-4 has left
        (2, "Shanghai", ["am-2", "am-3"]),  # am-1 carries most
        (1, "Chengdu", ["am-1"]),  # who alone serves the region
        (1, None, ["am-3"]),  # who carries nothing
    ],
)
def test_a_form_takes_the_likeliest_candidates(
    team: Record, alice: Act, monkeypatch: pytest.MonkeyPatch, most: int, region: str | None, chosen: list[str]
) -> None:
    crew.change(team, alice, Change(Of.PERSON, "am-1", "regions", ["Shanghai", "Chengdu"], crew.SINCE))
    monkeypatch.setattr(filling, "MOST_ROWS", most)
    with team.engine.connect() as connection:
        policies = calculating.policies_on(connection, team.catalogue, alice.today, crew.POLICY, None)
        found = filling.candidates(connection, policies, alice.today, EVERYBODY, {"region": region} if region else {})

    assert [each["id"] for each in found.managers] == chosen
    assert (found.of, found.is_cut) == (4, most < 4)
    assert {each["id"]: each["load"] for each in found.managers}.get("am-1", Decimal(8)) == Decimal(8)
