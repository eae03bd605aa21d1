"""Choices made by hand when a plan is calculated anew: they hold where they can, else they say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.webadmin.reassigning import crew
from tests.webadmin.reassigning.crew import change, chosen, move_of, planned, taken
from tests.webadmin.reassigning.test_proposing import LEAVES
from webadmin.reassigning import calculating, keeping
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Hand
from webadmin.reassigning.whatif import WhatIf
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change


def again(record: Record, plan: Plan, whatif: WhatIf | None = None) -> Plan:
    """Return a plan calculated anew, supposing something else where that is given."""
    asked = replace(plan, whatif=whatif or plan.whatif, before=plan.set_aside(), earlier=())
    with record.reading() as connection:
        return calculating.calculate(connection, record.catalogue, asked, None)


def void(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    return {name: each.void for name, each in plan.void.items()}


def test_a_choice_that_is_still_possible_holds_with_its_reason(team: Record, alice: Act) -> None:
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_1=None, c_2="am-3")

    made = again(team, plan, replace(LEAVES, capacity={"am-2": Decimal(20)}))

    assert void(made) == {}
    assert (taken(made)["c-1"], taken(made)["c-2"]) == (None, "am-3")
    assert [move_of(made, each).reason for each in ("c-1", "c-2")] == ["said so", "said so"]
    assert move_of(made, "c-2").score is not None, "the score is of today"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (Change(Of.PERSON, "am-3", "regions", ["Lhasa"], crew.SINCE), ("region",)),
        (Change(Of.PERSON, "am-3", "status", "left", crew.SINCE), ("gone",)),
        (Change(Of.CUSTOMER, "c-2", "owner", "am-2", crew.SINCE), ("unmoved",)),
    ],
)
def test_a_choice_that_is_not_says_why_and_holds_again_once_it_can(
    team: Record, alice: Act, changed: Change, why: tuple[str, ...]
) -> None:
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_2="am-3")
    change(team, alice, changed)

    made = again(team, plan)

    assert void(made) == {"c-2": why}
    assert made.hands["c-2"].reason == "said so"
    assert taken(made).get("c-2") != "am-3", "the policy's proposal stands instead"
    was = {"regions": ["Shanghai"], "status": "active", "owner": "am-1"}[changed.attribute]
    change(team, alice, Change(changed.of, changed.id, changed.attribute, was, crew.SINCE))
    assert taken(again(team, made))["c-2"] == "am-3"


def test_what_was_to_stay_and_is_not_to_be_moved_any_more_stays(team: Record, alice: Act) -> None:
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_2=None)

    made = again(team, plan, WhatIf(leave=("am-2",)))

    assert void(made) == {}
    assert made.hands["c-2"].reason == "said so", "it is chosen again where the customer would move again"
    assert taken(again(team, made, LEAVES))["c-2"] is None


def test_a_choice_counts_for_what_others_may_still_take(team: Record, alice: Act) -> None:
    """am-2 has room for 4: with the 6 of c-1 by hand there is none for c-2."""
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_1="am-2", c_2="am-2")

    made = again(team, plan)

    assert made.hands["c-2"].passes == ("room", "capacity"), "c-1 is with am-2 by then"


def test_the_plan_can_be_had_again_as_it_was(team: Record, alice: Act) -> None:
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_2="am-3")
    plan = replace(plan, before=None)

    made = again(team, replace(plan, name="b", day=date(2030, 1, 1)), WhatIf(leave=("am-2",)))
    kept = replace(made, before=plan.set_aside())
    team.writer.write(lambda transaction: keeping.save(transaction, kept, alice.now))

    was = crew.read(team, plan.id).as_before()
    assert replace(was, version=plan.version, changed_at=plan.changed_at) == plan


def test_a_limit_that_would_be_passed_by_now_needs_a_reason(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    silent = plan.choosing({"c-2": Hand("am-3", "")})

    made = again(team, silent, replace(LEAVES, capacity={"am-3": Decimal(0)}))

    assert void(made) == {"c-2": ("room", "capacity")}
