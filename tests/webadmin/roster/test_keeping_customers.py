"""Which customers somebody had to keep in a quarter, which were lost, and how far the team has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from policy.model.canonical import canonical_json
from policy.values import Language
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.roster.attainment import attainment
from webadmin.roster.pay import Eyes
from webadmin.roster.points import on_record, points
from webadmin.roster.quarters import Quarter
from webadmin.roster.retention import Retention, retention
from webadmin.roster.statement import statement_facts
from webadmin.store import deals, events, roster
from webadmin.store.dated import Of
from webadmin.store.deals import Deal
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change, Thing
from webadmin.store.writer import Transaction

SUMMER = Quarter(2026, 3)
BEGIN, LAST = date(2026, 1, 1), date(2026, 9, 30)

Dated = tuple[str, Any, date]


def known(record: Record, act: Act, customers: dict[str, Sequence[Dated]]) -> None:
    """Tell what holds of some customers, and since when."""

    def work(transaction: Transaction) -> None:
        things = [Thing(Of.PERSON, each, each) for each in ("am-1", "am-2")]
        things += [Thing(Of.CUSTOMER, name, name) for name in customers]
        changes = [Change(Of.CUSTOMER, name, *each) for name, held in customers.items() for each in held]
        roster.apply(transaction, things, changes, act, "test")

    record.writer.write(work)


MINE: Dated = ("owner", "am-1", BEGIN)


@pytest.mark.parametrize(
    ("held", "counts", "why"),
    [
        ([MINE], "kept", "held throughout"),
        ([MINE, ("status", "lost", date(2026, 6, 30))], "out", "lost on the last day before the quarter"),
        ([MINE, ("status", "lost", date(2026, 7, 1))], "lost", "lost on its first day"),
        ([MINE, ("status", "lost", LAST)], "lost", "lost on its last day"),
        ([MINE, ("status", "lost", date(2026, 10, 1))], "kept", "lost after it"),
        ([MINE, ("status", "lost", date(2026, 7, 9)), ("status", "active", date(2026, 8, 1))], "kept", "won back"),
        ([MINE, ("status", "lost", BEGIN), ("status", "active", date(2026, 8, 1))], "out", "won back after it began"),
        ([("owner", "am-1", date(2026, 7, 2))], "out", "taken over within it"),
        ([("owner", "am-1", date(2026, 7, 2)), ("status", "lost", date(2026, 8, 1))], "out", "taken over, then lost"),
        ([MINE, ("owner", "am-2", date(2026, 8, 1))], "kept", "handed over"),
        (
            [MINE, ("owner", "am-2", date(2026, 8, 1)), ("status", "lost", date(2026, 8, 2))],
            "kept",
            "handed over, and lost by somebody else",
        ),
        (
            [MINE, ("owner", "am-2", date(2026, 8, 1)), ("status", "lost", date(2026, 8, 1))],
            "kept",
            "lost on the day somebody else held it",
        ),
        (
            [MINE, ("status", "lost", date(2026, 8, 1)), ("owner", "am-2", date(2026, 8, 2))],
            "lost",
            "lost, and handed over after that",
        ),
        (
            [MINE, ("owner", None, date(2026, 8, 1)), ("status", "lost", date(2026, 8, 1))],
            "lost",
            "taken off when lost",
        ),
        ([MINE, ("owner", None, date(2026, 8, 1)), ("status", "lost", date(2026, 8, 9))], "kept", "lost by nobody"),
        ([MINE, ("status", "public", date(2026, 8, 1))], "kept", "given back to the pool"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else None,
)
def test_who_counts_as_held_and_as_lost(
    filled: Record, alice: Act, held: Sequence[Dated], counts: str, why: str
) -> None:
    known(filled, alice, {"c-1": held})

    with filled.engine.connect() as connection:
        found = retention(connection, "am-1", SUMMER, LAST)

    assert (bool(found.held), bool(found.lost)) == {
        "kept": (True, False),
        "lost": (True, True),
        "out": (False, False),
    }[counts], why


def test_what_is_lost_later_than_the_day_is_not_yet(filled: Record, alice: Act) -> None:
    known(filled, alice, {"c-1": [MINE, ("status", "lost", date(2026, 8, 2))]})

    with filled.engine.connect() as connection:
        by = [retention(connection, "am-1", SUMMER, date(2026, 8, day)).lost for day in (1, 2)]

    assert by == [(), ("c-1",)]


@pytest.mark.parametrize(
    ("held", "lost", "share"),
    [(0, 0, None), (3, 1, "0.6666"), (20, 1, "0.95"), (19, 1, "0.9473"), (7, 7, "0"), (20000, 1001, "0.9499")],
)
def test_the_share_is_cut_and_unknown_of_nothing(held: int, lost: int, share: str | None) -> None:
    names = tuple(map(str, range(held)))

    assert Retention(names, names[:lost]).share == (None if share is None else Decimal(share))


def complaint(number: int, day: str) -> dict[str, Any]:
    data = {"customer": {"id": "c-1"}, "manager": {"id": "am-1"}, "severity": "minor", "upheld": True}
    time = f"2026-{day}T10:00:00+08:00"
    return {"id": f"e{number}", "source": "crm", "type": "complaint", "subject": None, "time": time, "data": data}


def test_points_count_by_it_and_complaints_to_the_last_day(filled: Record, alice: Act) -> None:
    """Those lost before the quarter began stood in both numbers, and a complaint of the last day in none."""
    lost = [("c-2", "2026-05-01"), ("c-3", "2026-08-01")]
    known(
        filled,
        alice,
        {"c-1": [MINE], **{name: [MINE, ("status", "lost", date.fromisoformat(on))] for name, on in lost}},
    )
    told = [complaint(number, day) for number, day in enumerate(("06-30", "07-01", "09-30", "10-01"))]
    filled.writer.write(lambda transaction: events.append_all(transaction, told, actor="cli:x", now=NOW))
    eyes = Eyes(Language.EN, frozenset())

    with filled.engine.connect() as connection:
        found = points(filled, connection, "am-1", SUMMER, TODAY, eyes)

    assert found is not None
    said = {field.path: value for field, value in found.known}
    names = ("customers_at_start", "customers_lost", "complaints_upheld")
    assert [said[f"review.{name}"] for name in names] == [2, 1, 2]


TEAM: dict[str, dict[str, Any]] = {
    "am-1": {"role": "account-manager", "team": "t", "quota": Decimal(100), "quota_currency": "CNY"},
    "am-2": {"role": "account-manager", "team": "t", "quota": Decimal(200), "quota_currency": "CNY"},
    "lead": {"role": "lead", "team": "t"},
    "else": {"role": "account-manager", "team": "other", "quota": Decimal(900), "quota_currency": "USD"},
}


def sold(name: str, owner: str, amount: str | None, currency: str | None = None, on: date | None = LAST) -> Deal:
    order = {"amount": None if amount is None else Decimal(amount), "currency": currency}
    facts = {"order": {path: value for path, value in order.items() if value is not None}}
    return Deal(name, None, owner, "won", None, on, canonical_json(facts))


WON = (sold("d1", "am-1", "120"), sold("d2", "am-2", "179.99"), sold("d3", "else", "9000", "USD"))


def team(record: Record, act: Act, people: dict[str, dict[str, Any]], told: Sequence[Deal]) -> None:
    def work(transaction: Transaction) -> None:
        things = [Thing(Of.TEAM, name, name) for name in ("t", "other")]
        things += [Thing(Of.PERSON, name, name) for name in people]
        held = [(name, *each) for name, about in people.items() for each in about.items()]
        roster.apply(transaction, things, [Change(Of.PERSON, *each, BEGIN) for each in held], act, "test")
        deals.put(transaction, told, act)

    record.writer.write(work)


@pytest.mark.parametrize(
    ("people", "told", "share", "why"),
    [
        ({}, WON, "0.9999", "299.99 of 300, the lead's and another team's aside"),
        ({}, (*WON, sold("d4", "am-1", "0.01")), "1", "exactly on target"),
        ({}, (*WON, sold("d4", "am-1", "50", on=date(2026, 10, 1))), "0.9999", "a deal of another quarter"),
        ({}, (*WON, sold("d4", "lead", "50")), "0.9999", "who has no quota and is no account manager does not count"),
        ({"lead": {"role": "lead", "team": "t", "quota": Decimal(100), "quota_currency": "CNY"}}, WON, "0.7499", "400"),
        ({"am-2": {"role": "account-manager", "team": "t"}}, WON, None, "a quota is not known"),
        ({"am-2": {"team": "t"}}, WON, None, "neither quota nor role is known"),
        ({"am-2": {"role": "account-manager", "team": "t", "status": "left"}}, WON, "1.2", "who has left"),
        ({"am-2": {**TEAM["am-2"], "quota_currency": "USD"}}, WON, None, "quotas in two currencies"),
        ({}, (*WON, sold("d4", "am-2", "5", "USD")), None, "a deal in another currency"),
        ({}, (*WON, sold("d4", "am-2", None)), None, "a deal without an amount"),
        ({"am-1": {"role": "account-manager", "quota": Decimal(100)}}, WON, None, "in no team"),
        ({}, (*WON, sold("d4", "am-2", "30000")), None, "more than the vocabulary takes"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else None,
)
def test_how_far_a_team_has_come_is_exact_or_not_known(
    filled: Record, alice: Act, people: dict[str, dict[str, Any]], told: Sequence[Deal], share: str | None, why: str
) -> None:
    team(filled, alice, TEAM | people, told)

    with filled.engine.connect() as connection:
        assert attainment(connection, "am-1", SUMMER, LAST) == (None if share is None else Decimal(share)), why


def test_a_statement_is_told_both_and_never_what_is_not_known(filled: Record, alice: Act) -> None:
    team(filled, alice, TEAM, WON)
    known(filled, alice, {"c-1": [MINE], "c-2": [MINE], "c-3": [MINE, ("status", "lost", date(2026, 8, 1))]})

    with filled.engine.connect() as connection:
        found = statement_facts(connection, "am-1", SUMMER, LAST)
        ahead = statement_facts(connection, "am-1", SUMMER.after, LAST)
        other = statement_facts(connection, "lead", SUMMER, LAST)

    assert found.facts["person"]["retention"] == Decimal("0.6666")
    assert found.facts["team"] == {"attainment": Decimal("0.9999")}
    assert [found.knows(each) for each in ("credits", "person.retention", "person.grade", "opening.draw")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert "retention" not in ahead.facts["person"]  # what has not begun has kept nobody yet
    assert "retention" not in other.facts["person"]


def test_a_deal_that_cannot_count_is_named_with_why(filled: Record, alice: Act) -> None:
    more = [sold("d5", "am-1", None), sold("d6", "am-1", "7", "USD"), sold("d7", "am-1", "7", on=None)]
    team(filled, alice, TEAM, (*WON, *more))

    with filled.engine.connect() as connection:
        found = statement_facts(connection, "am-1", SUMMER, LAST)

    assert [each.id for each in found.deals] == ["d1"]
    assert [(each.id, str(bar)) for each, bar in found.barred] == [("d5", "amount"), ("d6", "currency"), ("d7", "day")]


def test_a_deal_closed_after_today_counts_from_that_day_on(filled: Record, alice: Act) -> None:
    team(filled, alice, TEAM, WON)

    with filled.engine.connect() as connection:
        before = statement_facts(connection, "am-1", SUMMER, LAST - timedelta(1))
        points = on_record(connection, "am-1", SUMMER, LAST - timedelta(1))
        then = statement_facts(connection, "am-1", SUMMER, LAST)

    assert (before.deals, [(each.id, str(bar)) for each, bar in before.barred]) == ((), [("d1", "ahead")])
    assert before.facts["credits"] == []
    assert (before.facts["team"], points["review.sales"]) == ({"attainment": Decimal(0)}, Decimal(0))
    assert ([each.id for each in then.deals], then.barred) == (["d1"], ())
