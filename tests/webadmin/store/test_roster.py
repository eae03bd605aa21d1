"""People, teams and customers over time: what held on every day, with an event for each change and none without."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from policy.engine import load_folder
from policy.model.events import read_typed
from tests.webadmin.store.conftest import NOW
from webadmin.store import absences, dated, deals, roster, standing
from webadmin.store.absences import Away
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.spans import Span
from webadmin.store.standing import Because, Sight
from webadmin.store.tables import AUDIT, DATED, EVENTS
from webadmin.store.things import Change, Refusal, RosterError, Thing

DAY = date(2026, 1, 1)


def day(number: int) -> date:
    return DAY + timedelta(number)


def person(name: str) -> Thing:
    return Thing(Of.PERSON, name, f"人 {name}", name, f"{name}@example.com")


def team(name: str) -> Thing:
    return Thing(Of.TEAM, name, f"组 {name}")


def customer(name: str) -> Thing:
    return Thing(Of.CUSTOMER, name, f"客 {name}")


def change(record: Record, act: Act, *changes: Change, things: Iterable[Thing] = ()) -> roster.Done:
    return record.writer.write(lambda transaction: roster.apply(transaction, things, changes, act))


def owned(name: str, by: str | None, since: int) -> Change:
    return Change(Of.CUSTOMER, name, "owner", by, day(since))


def in_team(name: str, where: str | None, since: int) -> Change:
    return Change(Of.PERSON, name, "team", where, day(since))


def is_role(name: str, role: str, since: int = 0) -> Change:
    return Change(Of.PERSON, name, "role", role, day(since))


def under(name: str, parent: str | None, since: int) -> Change:
    return Change(Of.TEAM, name, "parent", parent, day(since))


def counts(engine: Engine) -> tuple[int, int, int]:
    """Return how many events, audit entries and dated rows there are."""
    with engine.connect() as connection:
        found = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]
    return found[0], found[1], found[2]


TABLES = (EVENTS, AUDIT, DATED)


def told(record: Record) -> list[dict[str, Any]]:
    with record.engine.connect() as connection:
        bodies = connection.execute(select(EVENTS.c.body).order_by(EVENTS.c.id)).scalars()
        return [json.loads(body)["event"] for body in bodies]


@pytest.fixture
def peopled(record: Record, alice: Act) -> Record:
    """Return a record of two teams in a house, four people and four customers, from the first day on."""
    things = [team("house"), team("east"), team("west"), *map(person, "abcd"), *map(customer, "1234")]
    changes = [under("east", "house", 0), under("west", "house", 0)]
    changes += [in_team("a", "east", 0), in_team("b", "east", 0), in_team("c", "west", 0), in_team("d", "house", 0)]
    changes += [is_role("a", "lead"), is_role("b", "account-manager"), is_role("c", "account-manager")]
    changes += [is_role("d", "director"), owned("1", "a", 0), owned("2", "b", 0), owned("3", "c", 0)]
    changes += [Change(Of.PERSON, name, "status", "active", day(0)) for name in "abcd"]
    change(record, alice, *changes, things=things)
    return record


def test_a_random_history_holds_on_every_day_what_the_plain_model_says(peopled: Record, alice: Act) -> None:
    chance = random.Random(11)
    model: dict[int, str | None] = dict.fromkeys(range(40), None)
    for _ in range(60):
        since, owner = chance.randrange(40), chance.choice(["a", "b", "c", None])
        before = model[since]
        for number in range(since, 40):
            if model[number] != before:
                break
            model[number] = owner
        change(peopled, alice, owned("4", owner, since))

    with peopled.engine.connect() as connection:
        assert {number: standing.owner_of(connection, "4", day(number)) for number in range(40)} == model
        spans = dated.lines(connection, Of.CUSTOMER, ["4"])["4", "owner"]
    assert all(span.until is None or span.since < span.until for span in spans)


def test_every_row_names_the_event_that_made_it(peopled: Record, alice: Act) -> None:
    change(peopled, alice, owned("1", "b", 10))

    with peopled.engine.connect() as connection:
        row = connection.execute(
            select(EVENTS.c.type, EVENTS.c.subject, EVENTS.c.body)
            .join(DATED, DATED.c.event_id == EVENTS.c.id)
            .where(DATED.c.of_id == "1", DATED.c.since == day(10))
        ).one()
    assert (row.type, row.subject) == ("customer_changed", "1")
    assert json.loads(row.body)["event"]["data"] == {
        "customer": {"id": "1"},
        "manager": {"id": "b"},
        "field": "owner",
        "before": "a",
        "after": "b",
        "effective_on": "2026-01-11",
    }


def test_changes_made_together_are_made_in_their_order(peopled: Record, alice: Act) -> None:
    change(peopled, alice, owned("1", None, 0), owned("1", "b", 5), owned("1", "c", 9), owned("1", "a", 9))

    with peopled.engine.connect() as connection:
        found = [standing.owner_of(connection, "1", day(number)) for number in (0, 4, 5, 8, 9, 30)]
    assert found == [None, None, "b", "b", "a", "a"]


def test_what_holds_already_writes_nothing(peopled: Record, alice: Act) -> None:
    before = counts(peopled.engine)

    done = change(peopled, alice, owned("1", "a", 5), in_team("a", "east", 0), things=[person("a")])

    assert (done, counts(peopled.engine)) == (roster.Done(frozenset(), frozenset(), 0), before)


def test_an_audit_entry_says_who_changed_what(peopled: Record, alice: Act) -> None:
    change(peopled, alice, owned("1", "b", 10))

    with peopled.engine.connect() as connection:
        entry = connection.execute(select(AUDIT).order_by(AUDIT.c.id.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.action, entry.object) == ("client:alice", "changed", "customer:1")
    assert json.loads(entry.body)["what"] == {"new": False, "since": {"owner": "2026-01-11"}, "note": ""}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([in_team("b", "west", 10)], "moved"),
        ([Change(Of.PERSON, "b", "status", "left", day(10))], "left"),
        ([Change(Of.PERSON, "b", "capacity", 30, day(10))], "changed"),
        ([Change(Of.PERSON, "b", "status", "left", day(10)), in_team("b", None, 10)], "left"),
    ],
)
def test_events_say_what_sort_of_change_it_was(
    peopled: Record, alice: Act, changes: list[Change], expected: str
) -> None:
    change(peopled, alice, *changes)

    last = told(peopled)[-1]
    assert (last["type"], last["data"]["change"], last["data"]["effective_on"]) == (
        "person_changed",
        expected,
        "2026-01-11",
    )
    assert set(last["data"]["fields"]) == {each.attribute for each in changes}


def test_pay_is_in_no_event(peopled: Record, alice: Act) -> None:
    change(peopled, alice, Change(Of.PERSON, "b", "monthly_wage", 54321, day(10)))

    assert "54321" not in json.dumps(told(peopled))


def test_events_fit_the_types_the_vocabulary_declares(peopled: Record, alice: Act, rules: Path) -> None:
    def more(transaction: Any) -> None:
        absences.put(transaction, [Away("x", "b", day(1), day(5))], alice)
        deals.put(transaction, [Deal("d", "1", "b", "won", day(1), day(9), "{}")], alice)

    peopled.writer.write(more)
    change(peopled, alice, owned("1", "b", 10), Change(Of.CUSTOMER, "1", "customer.growth", 1, DAY))

    assert len(read_typed(told(peopled), load_folder(rules).events)) == len(told(peopled))


def test_what_will_hold_later_happens_now(peopled: Record, alice: Act) -> None:
    change(peopled, alice, Change(Of.PERSON, "b", "status", "leaving", date(2027, 1, 1)))

    assert told(peopled)[-1]["time"] == NOW.isoformat()


REFUSED = [
    ([owned("1", "nobody", 0)], Refusal.UNKNOWN),
    ([owned("9", "a", 0)], Refusal.UNKNOWN),
    ([in_team("a", "nowhere", 0)], Refusal.UNKNOWN),
    ([Change(Of.PERSON, "a", "shoe_size", 44, DAY)], Refusal.ATTRIBUTE),
    ([Change(Of.PERSON, "a", "customer.tier", "A", DAY)], Refusal.ATTRIBUTE),
    ([Change(Of.PERSON, "a", "status", "asleep", DAY)], Refusal.VALUE),
    ([Change(Of.CUSTOMER, "1", "customer.note", "x" * 1000, DAY)], Refusal.VALUE),
    ([under("house", "east", 20)], Refusal.CYCLE),
    ([under("east", "west", 5), under("west", "east", 9)], Refusal.CYCLE),
    ([under("east", "east", 5)], Refusal.CYCLE),
]


@pytest.mark.parametrize(("changes", "why"), REFUSED)
def test_what_cannot_be_is_refused_and_writes_nothing(
    peopled: Record, alice: Act, changes: list[Change], why: Refusal
) -> None:
    before = counts(peopled.engine)

    with pytest.raises(RosterError) as caught:
        change(peopled, alice, owned("2", "a", 3), *changes)

    assert caught.value.why is why
    assert counts(peopled.engine) == before


def test_teams_may_change_places_over_time(peopled: Record, alice: Act) -> None:
    change(peopled, alice, under("west", "east", 10), under("west", None, 20), under("east", "west", 20))

    with peopled.engine.connect() as connection:
        below = [sorted(standing.tree_on(connection, day(n)).below("west")) for n in (5, 15, 25)]
        assert below == [["west"], ["west"], ["east", "west"]]
        assert standing.members(connection, "west", day(25)) == ["a", "b", "c"]
        assert standing.members(connection, "west", day(25), below=False) == ["c"]
        assert standing.members(connection, "house", day(5)) == ["a", "b", "c", "d"]


def test_who_was_there(peopled: Record, alice: Act) -> None:
    peopled.writer.write(lambda transaction: absences.put(transaction, [Away("x", "b", day(5), day(8))], alice))
    change(peopled, alice, Change(Of.PERSON, "c", "status", "left", day(7)))

    with peopled.engine.connect() as connection:
        assert standing.present(connection, day(4)) == ["a", "b", "c", "d"]
        assert standing.present(connection, day(6)) == ["a", "c", "d"]
        assert standing.present(connection, day(7)) == ["a", "d"]
        assert standing.present(connection, day(8), "east") == ["a", "b"]


@pytest.mark.parametrize(("name", "until", "why"), [("nobody", 9, Refusal.UNKNOWN), ("a", 5, Refusal.PERIOD)])
def test_an_absence_that_cannot_be_is_refused(peopled: Record, alice: Act, name: str, until: int, why: Refusal) -> None:
    with pytest.raises(RosterError) as caught:
        peopled.writer.write(
            lambda transaction: absences.put(transaction, [Away("x", name, day(5), day(until))], alice)
        )

    assert caught.value.why is why


def test_absences_and_deals_change_in_place_and_once(peopled: Record, alice: Act) -> None:
    def put(until: int, stage: str) -> tuple[dict[str, bool], dict[str, bool]]:
        def work(transaction: Any) -> tuple[dict[str, bool], dict[str, bool]]:
            away = absences.put(transaction, [Away("x", "b", day(5), day(until))], alice)
            return away, deals.put(transaction, [Deal("d", "1", "b", stage, day(1), None, "{}")], alice)

        return peopled.writer.write(work)

    assert put(8, "open") == ({"x": True}, {"d": True})
    assert put(8, "open") == ({}, {})
    assert put(9, "won") == ({"x": False}, {"d": False})
    with peopled.engine.connect() as connection:
        assert [each.stage for each in deals.every(connection)] == ["won"]
        assert standing.present(connection, day(8), "east") == ["a"]


def test_load_is_what_the_customers_weigh(peopled: Record, alice: Act) -> None:
    tiers = [Change(Of.CUSTOMER, name, "tier", tier, day(0)) for name, tier in (("1", "A"), ("2", "C"), ("3", "D"))]
    change(peopled, alice, *tiers, owned("2", "a", 5), Change(Of.CUSTOMER, "3", "status", "lost", day(5)))

    with peopled.engine.connect() as connection:
        assert standing.loads(connection, day(0)) == {"a": 5, "b": 2, "c": 1}
        assert standing.loads(connection, day(5)) == {"a": 7}


def test_what_an_account_manager_could_see(peopled: Record, alice: Act) -> None:
    change(peopled, alice, owned("2", "c", 10), owned("4", "b", 12))

    with peopled.engine.connect() as connection:
        assert standing.visible(connection, "b", day(5), day(20)) == [
            Sight("2", day(5), day(10), Because.OWNER, "b"),
            Sight("4", day(12), day(20), Because.OWNER, "b"),
        ]


def test_what_those_who_lead_could_see(peopled: Record, alice: Act) -> None:
    change(peopled, alice, in_team("b", "west", 10), is_role("a", "account-manager", 15), under("west", None, 20))

    with peopled.engine.connect() as connection:
        lead = standing.visible(connection, "a", day(0), None)
        director = standing.visible(connection, "d", day(0), day(30))
    assert lead == [
        Sight("1", day(0), None, Because.OWNER, "a"),
        Sight("2", day(0), day(10), Because.TEAM, "b"),
    ]
    assert director == [
        Sight("1", day(0), day(30), Because.TEAM, "a"),
        Sight("2", day(0), day(20), Because.TEAM, "b"),
        Sight("3", day(0), day(20), Because.TEAM, "c"),
    ]


def test_ids_of_other_systems_lead_to_ours(record: Record) -> None:
    record.writer.write(lambda transaction: roster.bind(transaction, "person", "crm", {"17": "a", "18": "b"}))

    with record.engine.connect() as connection:
        assert roster.own_ids(connection, "person", "crm", ["18", "19"]) == {"18": "b"}
        assert roster.own_ids(connection, "customer", "crm", ["18"]) == {}


def test_a_span_that_was_cut_keeps_its_row_and_event(peopled: Record, alice: Act) -> None:
    with peopled.engine.connect() as connection:
        before = dated.lines(connection, Of.CUSTOMER, ["1"])["1", "owner"][0]

    change(peopled, alice, owned("1", "b", 10))

    with peopled.engine.connect() as connection:
        first, second = dated.lines(connection, Of.CUSTOMER, ["1"])["1", "owner"]
    assert first == Span('"a"', day(0), day(10), before.row)
    assert second.until is None
