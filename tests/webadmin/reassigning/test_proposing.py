"""What is proposed: by the policy's own weights and limits, the most valuable first, as few moves as it takes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.webadmin.reassigning import crew
from tests.webadmin.reassigning.crew import CUSTOMER, POLICY, change, move_of, planned, taken
from webadmin.reassigning import calculating, totals
from webadmin.reassigning.calculating import UnusableError
from webadmin.reassigning.proposal import Cause, Hand, Proposal, Standing, Tie
from webadmin.reassigning.whatif import Away, Joiner, WhatIf
from webadmin.store import absences, dated, revisions
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import FACT, Change

LEAVES = WhatIf(leave=("am-1",))
ENERGY = Joiner(
    "new-1",
    is_new=True,
    name="New",
    team="t-1",
    region="Shanghai",
    regions=("Shanghai", "Chengdu"),
    level=Decimal(5),
    capacity=Decimal(20),
    hired_on="2020-01-01",
)


def small(owner: str, revenue: int = 50_000, **more: object) -> dict[str, object]:
    return {**CUSTOMER, "owner": owner, f"{FACT}expected_revenue": Decimal(revenue), **more}


def test_customers_go_to_the_best_who_has_room_by_the_weights_of_the_policy(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)

    assert plan.proposal is not None
    assert plan.proposal.exact
    assert plan.proposal.unit == "CNY"
    assert [move.customer for move in plan.moves] == ["c-1", "c-2", "c-3"]  # the most valuable first
    assert taken(plan) == {"c-1": "am-3", "c-2": "am-2", "c-3": None}  # c-1 weighs 6, not the 1 of its tier
    assert move_of(plan, "c-1").load == 6
    assert move_of(plan, "c-1").out == {"room": 1}
    assert move_of(plan, "c-3").out == {"region": 2}
    assert move_of(plan, "c-1").why["en"] == ("A strategic customer goes to the highest level",)
    assert "战略客户" in move_of(plan, "c-1").why["zh"][0]


def test_what_was_proposed_is_read_again_as_it_was(team: Record, alice: Act) -> None:
    found = planned(team, alice, LEAVES).proposal
    assert found is not None

    assert Proposal.from_data(dated.read(dated.written(found.to_data()))) == found


def test_only_those_are_thought_of_who_may_be(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES, among=["am-1", "am-2"])

    assert taken(plan) == {"c-1": None, "c-2": "am-2", "c-3": None}
    assert plan.people == {"am-1", "am-2"}


def test_loads_before_and_after_add_up(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    assert plan.proposal is not None

    people = {each.before.person: each for each in totals.loads(plan.proposal.people, plan.moves)}
    total = totals.total(plan.moves, list(people.values()))

    assert {name: (each.before.load, each.load) for name, each in people.items()} == {
        "am-1": (8, 1),
        "am-2": (6, 7),
        "am-3": (0, 6),
    }
    assert (people["am-1"].count, people["am-1"].gives, people["am-3"].gets) == (1, 2, 1)
    assert (total.moved, total.unassigned, total.value, total.load) == (2, 1, 9_050_000, 7)
    assert total.before.spread == Decimal("2.00")  # 6 over the mean of 6 and 0: the same people as afterwards
    assert total.after.spread == Decimal("1.08")  # 7 over the mean of 7 and 6: who has left does not count


def test_who_is_away_gets_nothing_and_what_is_covered_goes_back(team: Record, alice: Act) -> None:
    since, until = alice.today + timedelta(7), alice.today + timedelta(30)
    covered = planned(team, alice, WhatIf(away={"am-1": Away(since, until)}))
    moved = planned(team, alice, WhatIf(away={"am-1": Away(since, until, covered=False)}))

    assert {(each.since, each.until, each.cause) for each in covered.moves} == {(since, until, Cause.AWAY)}
    assert {each.until for each in moved.moves} == {None}
    both = planned(team, alice, WhatIf(leave=("am-1",), away={"am-3": Away(since, until)}))
    assert "am-3" not in taken(both).values()


@pytest.fixture
def heavy(filled: Record, alice: Act) -> Record:
    """Return a record in which am-2 carries 13.5 and may carry 10."""
    extra = {f"d-{number}": small("am-2") for number in range(6)}
    extra["e-1"] = small("am-2", 100_000)
    crew.fill(filled, alice, extra)
    return filled


def test_a_team_is_rebalanced_with_as_few_moves_as_it_takes(heavy: Record, alice: Act) -> None:
    change(heavy, alice, Change(Of.CUSTOMER, "c-1", "owner", "am-3", crew.SINCE))

    plan = planned(heavy, alice, WhatIf(team="t-1"))

    assert plan.proposal is not None
    assert taken(plan) == {"c-4": "am-1"}  # 6 is enough by itself: the lightest that is
    assert plan.proposal.usual == 4  # three of 1 and then 1.5
    assert plan.proposal.over == {}
    assert move_of(plan, "c-4").was is None  # its owner has no room for it


def test_what_does_not_fit_whole_goes_in_the_fewest_pieces(heavy: Record, alice: Act) -> None:
    plan = planned(heavy, alice, WhatIf(team="t-1"))  # am-1 carries 8 and may carry 10

    assert plan.proposal is not None
    assert {move.load for move in plan.moves} <= {Decimal(1), Decimal("1.5")}
    assert totals.loads(plan.proposal.people, plan.moves)[0].load <= 10
    assert sum(move.load for move in plan.moves) <= 2
    assert plan.proposal.over["am-2"] == Decimal("13.5") - sum(move.load for move in plan.moves) - 10


def test_what_the_policy_protects_is_not_moved(heavy: Record, alice: Act) -> None:
    change(heavy, alice, Change(Of.CUSTOMER, "c-1", "owner", "am-3", crew.SINCE))
    until = (alice.today + timedelta(30)).isoformat()
    change(heavy, alice, Change(Of.CUSTOMER, "c-4", f"{FACT}protected_until", until, crew.SINCE))

    plan = planned(heavy, alice, WhatIf(team="t-1"))

    assert plan.proposal is not None
    assert "c-4" not in taken(plan)
    assert [(each.customer, each.person) for each in plan.proposal.kept] == [("c-4", "am-2")]
    assert "registered project" in plan.proposal.kept[0].why["en"][0]
    assert len(plan.moves) == 3  # 1.5 and two of 1


def test_a_spread_can_be_aimed_at(heavy: Record, alice: Act) -> None:
    change(heavy, alice, Change(Of.CUSTOMER, "c-1", "owner", "am-3", crew.SINCE))
    plan = planned(heavy, alice, WhatIf(team="t-1", spread=Decimal("1.2")))
    assert plan.proposal is not None

    people = {each.before.person: each for each in totals.loads(plan.proposal.people, plan.moves)}
    mean = (people["am-1"].load + people["am-2"].load) / 2

    assert max(people["am-1"].load, people["am-2"].load) <= mean * Decimal("1.2")


def test_who_joins_takes_load_off_the_own_team(heavy: Record, alice: Act) -> None:
    plan = planned(heavy, alice, WhatIf(join=(ENERGY,)))

    assert taken(plan) == {"c-4": "new-1", "d-0": "new-1"}  # 7 of a mean of 7.17
    assert plan.people == {"am-1", "am-2", "am-3"}


def test_who_was_here_before_may_come_back(team: Record, alice: Act) -> None:
    without = planned(team, alice, LEAVES)
    plan = planned(team, alice, WhatIf(leave=("am-1", "am-3"), join=(Joiner("am-4", is_new=False),)))

    assert "am-4" not in taken(without).values()
    assert taken(plan)["c-1"] == "am-4"


def test_less_capacity_moves_what_is_too_much(team: Record, alice: Act) -> None:
    plan = planned(team, alice, WhatIf(capacity={"am-1": Decimal(7)}))

    assert taken(plan) == {"c-2": "am-2"}  # c-3 weighs as much, and nobody serves Chengdu
    assert {each.person: (each.was, each.capacity) for each in plan.proposal.people if each.was} == {  # type: ignore[union-attr]
        "am-1": (10, 7)
    }


def test_what_is_too_much_of_somebody_away_is_said_though_the_policy_protects_it(team: Record, alice: Act) -> None:
    away = absences.Away("a-1", "am-1", alice.today - timedelta(2), alice.today + timedelta(9))
    team.writer.write(lambda transaction: absences.put(transaction, [away], alice))

    plan = planned(team, alice, WhatIf(capacity={"am-1": Decimal(7)}))

    assert plan.proposal is not None
    assert plan.proposal.over == {"am-1": 1}, "whoever is away on the day holds customers all the same"
    assert [each.customer for each in plan.proposal.kept] == ["c-1", "c-2", "c-3"]
    assert "on leave" in plan.proposal.kept[0].why["en"][0]


def test_what_stood_in_the_way_of_less_capacity_is_said(team: Record, alice: Act) -> None:
    plan = planned(team, alice, WhatIf(capacity={"am-1": Decimal(0)}))

    assert plan.proposal is not None
    assert taken(plan) == {"c-1": "am-3", "c-2": "am-2"}
    assert plan.proposal.over == {"am-1": 1}
    assert plan.proposal.barred == {"region": 1}, "c-3 is in Chengdu, which nobody serves"


def test_who_joins_and_nothing_else_is_filled_up_to_the_mean_of_the_team(team: Record, alice: Act) -> None:
    plan = planned(team, alice, WhatIf(join=(replace(ENERGY, industries=("retail",)),)))

    assert plan.proposal is not None
    assert taken(plan) == {"c-2": "new-1", "c-3": "new-1"}, "8, 6 and 0: the mean is 4.67, and c-1 weighs 6"
    assert plan.proposal.over == {}, "the mean is no bound for the others"
    assert plan.proposal.barred["full"] == 2


def test_a_customer_that_is_no_load_takes_no_room(filled: Record, alice: Act) -> None:
    former = {**CUSTOMER, "owner": "am-1", "status": "lost", f"{FACT}strategic": True}
    crew.fill(filled, alice, {"e-1": {**former, f"{FACT}expected_revenue": Decimal(9_500_000)}})
    plan = planned(filled, alice, LEAVES)
    assert move_of(plan, "e-1").load == 0

    without = replace(plan, hands={"e-1": Hand(None)})
    with filled.reading() as connection:
        scene = calculating.scene_of(connection, filled.catalogue, without, None)

    choices = {each.person: each.passes for each in scene.rank("e-1").choices}
    assert choices == {"am-2": (), "am-3": ()}, "whoever took it in the proposal may take it with all the rest made"


def test_whom_only_their_load_excludes_can_be_chosen_and_passes_a_limit(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    without = replace(plan, hands={"c-1": Hand(None)})
    with team.reading() as connection:
        scene = calculating.scene_of(connection, team.catalogue, without, None)

    strict = scene.rank("c-1")
    eased = scene.eased("c-1", strict)

    assert strict.excluded == {"am-2": ("room",)}
    assert [(each.person, each.passes) for each in eased.choices] == [("am-3", ()), ("am-2", ("room", "capacity"))]
    assert eased.choices[1].score is not None
    assert eased.choices[1].score > (eased.choices[0].score or 0), (
        "am-2 knows the industry: the load counts for nothing"
    )
    assert eased.excluded == {}
    assert eased.best == strict.best, "nobody is proposed who passes a limit"
    assert scene.eased("c-3", scene.rank("c-3")).excluded == {"am-2": ("region",), "am-3": ("region",)}


def test_what_is_left_with_somebody_who_leaves_costs_all_of_the_score(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    best = move_of(plan, "c-1").score

    kept = replace(plan, hands={"c-1": Hand(None)})

    assert best is not None
    assert best > 0
    assert move_of(kept, "c-1").cost == best
    assert move_of(kept, "c-1").is_left_alone


def without_room(record: Record, act: Act) -> str:
    """Return the digest of a revision of the policy that leaves capacity to its limits."""
    with record.engine.connect() as connection:
        text = record.catalogue.policies(connection, act.today)[POLICY].text
    (line,) = re.findall(r"    - \{id: room, .*\n", text)
    made = record.writer.write(
        lambda transaction: revisions.add(
            transaction, POLICY, text.replace(line, "").replace("by: [room]", "by: []"), act
        )
    )
    return str(made.digest)


def test_a_chosen_revision_proposes_and_its_limits_are_kept(team: Record, alice: Act) -> None:
    digest = without_room(team, alice)

    plan = planned(team, alice, LEAVES, revision=digest)

    assert plan.proposal is not None
    assert plan.proposal.digest == digest
    assert taken(plan)["c-1"] == "am-3"
    assert move_of(plan, "c-1").out == {"capacity": 1}  # the limit, not a row of eligible
    with team.reading() as connection:
        scene = calculating.scene_of(connection, team.catalogue, plan, None)
    ranking = scene.rank("c-4")
    assert {each.person: each.passes for each in ranking.choices} == {"am-3": ("capacity",)}
    assert ranking.best is None


def test_a_policy_that_cannot_propose_says_so(team: Record, alice: Act) -> None:
    with pytest.raises(UnusableError, match=POLICY):
        planned(team, alice, LEAVES, day=date(1980, 1, 1))


def test_fairness_of_nobody_and_of_no_load() -> None:
    assert totals.fair([]).spread is None
    assert totals.fair([Decimal(0), Decimal(0)]).spread is None
    assert totals.fair(
        [Decimal(2), Decimal(4), Decimal(4), Decimal(4), Decimal(5), Decimal(5), Decimal(7), Decimal(9)]
    ) == (totals.Fair(Decimal("5.0"), Decimal("1.80"), Decimal("2.0")))


def test_teams_that_are_not_involved_do_not_count() -> None:
    people = [Standing(name, name[0], Decimal(1), 1, Decimal(), None) for name in ("a1", "a2", "b1")]

    assert [each.before.person for each in totals.involved([], totals.loads(people, []))] == []


def test_a_move_tells_what_the_score_is_made_of_and_how_the_second_best_compares(team: Record, alice: Act) -> None:
    move = move_of(planned(team, alice, LEAVES), "c-2")

    assert {each.id: each.points for each in move.terms if each.points} == {
        "industry": 30,
        "nearby": 15,
        "satisfaction": Decimal("7.5"),
    }
    assert move.rival is not None
    assert (move.taker, move.rival.person) == ("am-2", "am-3")
    assert {each.id: each.points for each in move.rival.terms if each.points} == {
        "nearby": 15,
        "satisfaction": Decimal("7.5"),
    }
    assert move.tie is None


def test_a_tie_is_told_with_what_broke_it(team: Record, alice: Act) -> None:
    change(team, alice, Change(Of.PERSON, "am-3", "industries", ["retail"], crew.SINCE))

    move = move_of(planned(team, alice, LEAVES), "c-2")

    assert move.taker == "am-2"
    assert move.tie == Tie("manager.id", 1)


def test_the_choice_by_hand_compares_with_whom_the_policy_proposed(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    rival = move_of(crew.chosen(team, alice, plan, c_2="am-3"), "c-2").rival

    assert rival is not None
    assert (rival.person, rival.score) == ("am-2", move_of(plan, "c-2").score)


def lost(record: Record, act: Act, *names: str) -> None:
    """Let customers be lost."""
    change(record, act, *(Change(Of.CUSTOMER, name, "status", "lost", crew.SINCE) for name in names))


def test_lost_customers_are_told_apart_and_worth_nothing(team: Record, alice: Act) -> None:
    lost(team, alice, "c-2")

    plan = planned(team, alice, LEAVES)

    assert (move_of(plan, "c-2").status, move_of(plan, "c-1").status) == ("lost", "active")
    assert plan.proposal is not None
    people = totals.loads(plan.proposal.people, plan.moves)
    total = totals.total(plan.moves, people)
    assert (total.lost, total.lost_value, total.value) == (1, 50_000, 9_000_000)
    assert [(each.before.value, each.value) for each in people if each.before.person == "am-1"] == [(9_040_000, 40_000)]


def test_lost_customers_are_left_where_they_are_if_that_is_supposed(team: Record, alice: Act) -> None:
    lost(team, alice, "c-2")

    plan = planned(team, alice, replace(LEAVES, keeps_lost=True))

    assert [move.customer for move in plan.moves] == ["c-1", "c-3"]
    assert plan.proposal is not None
    assert plan.proposal.left == ("c-2",)


def test_the_rows_that_alone_keep_somebody_out_are_told(team: Record, alice: Act) -> None:
    """c-3 lies where nobody is: am-2 lacks that alone, am-3 would be full besides."""
    change(team, alice, Change(Of.PERSON, "am-3", "capacity", Decimal(0), crew.SINCE))

    move = move_of(planned(team, alice, LEAVES), "c-3")

    assert move.taker is None
    assert move.alone == {"region": 1}
