"""Carrying a plan out and taking it back: one change each, refused where the roster is different by now."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.webadmin.reassigning import crew
from tests.webadmin.reassigning.crew import BEFORE, change, chosen, owners, planned, read
from tests.webadmin.reassigning.test_proposing import ENERGY, LEAVES
from webadmin.decisions.service import clock
from webadmin.jobs import reassigning
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.reassigning import applying, keeping
from webadmin.reassigning.applying import MovedError, PastError, Sort
from webadmin.reassigning.keeping import ChangedError, Plan, State
from webadmin.reassigning.whatif import Away, WhatIf
from webadmin.store import absences, dated, jobs
from webadmin.store.absences import Away as Absent
from webadmin.store.dated import Of
from webadmin.store.jobs import State as JobState
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, DATED, DECISIONS, EVENTS
from webadmin.store.things import Change


def apply(record: Record, plan: Plan, act: Act) -> Plan:
    record.writer.write(lambda transaction: applying.apply(transaction, plan, act, "because"))
    return read(record, plan.id)


def undo(record: Record, plan: Plan, act: Act) -> Plan:
    record.writer.write(lambda transaction: applying.undo(transaction, plan, act))
    return read(record, plan.id)


def spans(record: Record) -> list[tuple[object, ...]]:
    """Return everything that holds of customers' owners and of people, without ids."""
    columns = DATED.c
    chosen_ = select(columns.of, columns.of_id, columns.attribute, columns.value, columns.since, columns.until)
    with record.engine.connect() as connection:
        return sorted(tuple(map(str, row)) for row in connection.execute(chosen_))


def test_it_is_one_change_with_events_and_an_entry_and_taken_back_leaves_nothing_behind(
    team: Record, alice: Act
) -> None:
    before = spans(team)
    plan = planned(team, alice, LEAVES)

    done = apply(team, plan, alice)

    assert done.state is State.APPLIED
    assert owners(team, alice.today) == {**BEFORE, "c-1": "am-3", "c-2": "am-2"}
    assert owners(team, alice.today - timedelta(1)) == BEFORE
    with team.engine.connect() as connection:
        told = connection.execute(select(AUDIT.c.body).where(AUDIT.c.object == f"reassignment:{plan.id}")).scalars()
        what = json.loads(next(iter(told)))["what"]
        changed = select(func.count()).where(EVENTS.c.type == "customer_changed", EVENTS.c.recorded_at >= alice.now)
        assert connection.execute(changed).scalar_one() >= 2
        assert connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one() == 0
    assert (what["back"], what["reason"], len(what["moves"])) == (False, "because", 2)
    back = undo(team, done, alice)
    assert back.state is State.UNDONE
    assert spans(team) == before


def test_the_customer_knows_why_it_is_whose_it_is(team: Record, alice: Act) -> None:
    plan = chosen(team, alice, planned(team, alice, LEAVES), c_2="am-3")
    apply(team, plan, alice)

    with team.engine.connect() as connection:
        found = {name: keeping.reasons(connection, name) for name in ("c-1", "c-2", "c-3")}
    assert [(each.giver, each.taker, each.by_hand) for each in found["c-1"]] == [("am-1", "am-3", False)]
    assert [(each.by_hand, each.said) for each in found["c-2"]] == [(True, "said so")]
    assert found["c-3"] == []


def test_what_was_taken_back_stays_told_and_is_no_reason_any_more(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    bob = Act("login:bob", alice.now + timedelta(hours=1), alice.today)

    back = undo(team, apply(team, plan, alice), bob)

    def told(person: str) -> tuple[list[tuple[object, ...]], list[str]]:
        with team.engine.connect() as connection:
            found = keeping.reasons(connection, "c-1")
            reasons = list(keeping.brought(connection, person, {"c-1": alice.today}))
        return [(each.carried_by, each.carried_at, each.taken_back_by, each.taken_back_at) for each in found], reasons

    first = (alice.actor, alice.now, "login:bob", bob.now)
    assert told("am-3") == ([first], [])
    again = Act(alice.actor, alice.now + timedelta(hours=2), alice.today)
    apply(team, back, again)
    assert told("am-3") == ([(alice.actor, again.now, None, None), first], ["c-1"]), "both times are told"


def test_what_is_covered_goes_back_by_itself(team: Record, alice: Act) -> None:
    since, until = alice.today + timedelta(7), alice.today + timedelta(30)
    plan = planned(team, alice, WhatIf(away={"am-1": Away(since, until)}))

    done = apply(team, plan, alice)

    days = (since - timedelta(1), since, until - timedelta(1), until)
    assert [owners(team, day)["c-1"] for day in days] == ["am-1", "am-3", "am-3", "am-1"]
    undo(team, done, alice)
    assert {owners(team, day)["c-1"] for day in days} == {"am-1"}


def test_an_absence_that_is_over_by_the_day_of_the_plan_hands_nobody_over_for_good(team: Record, alice: Act) -> None:
    away = WhatIf(away={"am-1": Away(alice.today + timedelta(7), alice.today + timedelta(30))})
    plan = planned(team, alice, away, day=alice.today + timedelta(30))
    before = spans(team)

    with pytest.raises(PastError) as refused:
        apply(team, plan, alice)

    assert (refused.value.person, refused.value.day) == ("am-1", alice.today + timedelta(30))
    assert spans(team) == before, "what was to be given back is with a substitute for good"
    assert read(team, plan.id).state is State.SAVED


def test_a_plan_whose_day_is_past_is_refused(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    tomorrow = Act(alice.actor, alice.now + timedelta(1), alice.today + timedelta(1))

    with pytest.raises(PastError) as refused:
        apply(team, plan, tomorrow)

    assert (refused.value.person, refused.value.day) == (None, alice.today)
    assert owners(team, tomorrow.today) == BEFORE


def test_a_later_day_changes_nothing_before_it(team: Record, alice: Act) -> None:
    apply(team, planned(team, alice, LEAVES, day=alice.today + timedelta(10)), alice)

    assert owners(team, alice.today + timedelta(9)) == BEFORE
    assert owners(team, alice.today + timedelta(10))["c-1"] == "am-3"


def test_whoever_joins_and_a_new_capacity_are_taken_into_the_record_and_back(team: Record, alice: Act) -> None:
    joiner = replace(ENERGY, industries=("retail",))
    plan = planned(team, alice, WhatIf(leave=("am-1",), join=(joiner,), capacity={"am-2": Decimal(30)}))

    done = apply(team, plan, alice)

    def held(name: str) -> dict[str, object]:
        with team.engine.connect() as connection:
            return dated.values_on(connection, Of.PERSON, alice.today, None, [name])[name]

    assert owners(team, alice.today)["c-3"] == "new-1"
    assert (held("new-1")["team"], held("new-1")["status"]) == ("t-1", "active")
    assert held("am-2")["capacity"] == 30
    assert [each.name for each in done.whatif.join] == [""]  # the record has the name by now, to be erased there
    undo(team, done, alice)
    assert held("new-1")["status"] == "left"
    assert held("am-2")["capacity"] == 10
    assert owners(team, alice.today) == BEFORE


@pytest.mark.parametrize(
    ("changed", "sort"),
    [
        (Change(Of.CUSTOMER, "c-2", "owner", "am-3", crew.SINCE), Sort.OWNER),
        (Change(Of.CUSTOMER, "c-4", "owner", "am-3", crew.SINCE), Sort.COUNT),
        (Change(Of.PERSON, "am-3", "capacity", Decimal(7), crew.SINCE), Sort.CAPACITY),
        (Change(Of.PERSON, "am-3", "status", "left", crew.SINCE), Sort.GONE),
    ],
)
def test_a_roster_that_is_different_by_now_is_refused_with_what_changed(
    team: Record, alice: Act, changed: Change, sort: Sort
) -> None:
    plan = planned(team, alice, LEAVES)
    change(team, alice, changed)
    before = spans(team)

    with pytest.raises(MovedError) as refused:
        apply(team, plan, alice)

    assert sort in {each.sort for each in refused.value.drifts}
    assert spans(team) == before
    assert read(team, plan.id).state is State.SAVED


def test_who_is_away_by_now_gets_nothing(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    away = Absent("a-1", "am-3", alice.today, alice.today + timedelta(5))
    team.writer.write(lambda transaction: absences.put(transaction, [away], alice))

    with pytest.raises(MovedError) as refused:
        apply(team, plan, alice)

    assert [(each.sort, each.id) for each in refused.value.drifts] == [(Sort.AWAY, "am-3")]


def test_taking_back_is_refused_where_somebody_else_holds_it(team: Record, alice: Act) -> None:
    done = apply(team, planned(team, alice, LEAVES), alice)
    change(team, alice, Change(Of.CUSTOMER, "c-1", "owner", "am-2", alice.today))

    with pytest.raises(MovedError):
        undo(team, done, alice)

    assert owners(team, alice.today)["c-2"] == "am-2"


@pytest.mark.parametrize(
    ("later", "drift"),
    [
        (Change(Of.PERSON, "am-2", "capacity", Decimal(44), crew.SINCE), (Sort.CAPACITY, "am-2", "30", "44")),
        (Change(Of.PERSON, "am-1", "status", "left", crew.SINCE), (Sort.GONE, "am-1", "", "")),
        (Change(Of.CUSTOMER, "c-4", "owner", "new-1", crew.SINCE), (Sort.COUNT, "new-1", "1", "2")),
    ],
    ids=["a capacity that was changed once more", "who would get customers back has left", "who joined holds others"],
)
def test_taking_back_goes_over_no_later_change(
    team: Record, alice: Act, later: Change, drift: tuple[Sort, str, str, str]
) -> None:
    joiner = replace(ENERGY, industries=("retail",))
    plan = planned(team, alice, WhatIf(leave=("am-1",), join=(joiner,), capacity={"am-2": Decimal(30)}))
    done = apply(team, plan, alice)
    person = next((each.id for each in done.whatif.join), "")
    value = person if later.value == "new-1" else later.value
    change(team, alice, replace(later, value=value, since=alice.today))
    before = spans(team)

    with pytest.raises(MovedError) as refused:
        undo(team, done, alice)

    found = {(each.sort, each.id, each.was, each.now) for each in refused.value.drifts}
    assert (drift[0], person if drift[1] == "new-1" else drift[1], *drift[2:]) in found
    assert spans(team) == before, "nothing half-done"
    assert read(team, plan.id).state is State.APPLIED


def test_taking_back_later_leaves_the_days_between_as_they_were(team: Record, alice: Act) -> None:
    done = apply(team, planned(team, alice, LEAVES), alice)
    later = Act(alice.actor, alice.now + timedelta(5), alice.today + timedelta(5))

    undo(team, done, later)

    assert owners(team, alice.today + timedelta(4))["c-1"] == "am-3"
    assert owners(team, alice.today + timedelta(5)) == BEFORE


def test_nothing_is_carried_out_twice_or_over_somebody_elses_change(team: Record, alice: Act) -> None:
    plan = planned(team, alice, LEAVES)
    chosen(team, alice, plan, c_2=None)

    with pytest.raises(ChangedError):
        apply(team, plan, alice)
    with pytest.raises(ChangedError):
        undo(team, plan, alice)
    assert owners(team, alice.today) == BEFORE


def test_a_worker_calculates_what_takes_long(team: Record, alice: Act) -> None:
    ready = planned(team, alice, LEAVES)
    job = jobs.made(reassigning.KIND, {"plan": ready.id, "among": None}, alice.actor, alice.now)
    waiting = replace(ready, job=job.id, proposal=None)
    team.writer.write(lambda transaction: (keeping.save(transaction, waiting, alice.now), jobs.add(transaction, job)))

    assert Worker(team, KINDS, Around(clock, Stop())).once()

    done = read(team, ready.id)
    assert done.proposal == ready.proposal
    assert done.job is None
    with team.engine.connect() as connection:
        found = jobs.find(connection, job.id)
    assert found is not None
    assert (found.state, found.result) == (JobState.DONE, {"moves": 3, "unassigned": 1})


def test_a_job_nobody_waits_for_ends_with_a_reason(team: Record, alice: Act) -> None:
    job = jobs.made(reassigning.KIND, {"plan": "none", "among": None}, alice.actor, alice.now)
    team.writer.write(lambda transaction: jobs.add(transaction, job))

    assert Worker(team, KINDS, Around(clock, Stop())).once()

    with team.engine.connect() as connection:
        found = jobs.find(connection, job.id)
    assert found is not None
    assert found.state is JobState.FAILED
    assert found.problem == reassigning.GONE
