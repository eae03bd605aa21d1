"""Stored deals are decided for the day they were closed on, and what is kept already is not kept twice."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from policy.errors import AsOfError
from policy.model.canonical import canonical_json
from webadmin.decisions.deals import DealRun, Outcome
from webadmin.store import deals
from webadmin.store.deals import Deal
from webadmin.store.decisions import Query, search
from webadmin.store.recompute import Verdict, parsed, recompute
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import DECISIONS

CLOSED = date(2026, 3, 1)


def deal(name: str, amount: int | None, closed: date | None = CLOSED, **more: object) -> Deal:
    order = {"id": name, "currency": "CNY", **({} if amount is None else {"amount": amount})}
    facts = {"order": order, "customer": {"id": "c1", "tier": "B"}, "requester": {"id": "p1", "team": "t1"}, **more}
    return Deal(f"deal-{name}", None, None, "won" if closed else "open", None, closed, canonical_json(facts))


@pytest.fixture
def dealt(filled: Record, alice: Act) -> Record:
    """Return a record with two deals that can be decided, and two that cannot."""
    told = [
        deal("1", 100),
        deal("2", 600_000, offer={"id": "no input of the policy"}),
        deal("3", None),
        deal("4", 100, None),
    ]
    filled.writer.write(lambda transaction: deals.put(transaction, told, alice))
    return filled


def kept(record: Record) -> int:
    with record.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one()


def refusals(outcomes: list[Outcome]) -> list[tuple[str, str | None, str]]:
    return [(each.row.key, one.column, one.code) for each in outcomes for one in each.row.problems]


def test_what_can_be_decided_is_kept_and_the_rest_says_why(dealt: Record, alice: Act) -> None:
    run = DealRun(dealt, "approval.order", alice)
    outcomes = list(run)

    assert Counter(each.made is not None for each in outcomes) == {True: 2, False: 2}
    assert refusals(outcomes) == [("3", "order.amount", "facts-missing"), ("4", "closed_on", "deal-not-closed")]
    assert (run.report.read, run.report.taken, run.report.refused, run.kept, kept(dealt)) == (4, 2, 2, 2, 2)


def test_kept_decisions_are_found_and_come_out_the_same_again(dealt: Record, alice: Act) -> None:
    list(DealRun(dealt, "approval.order", alice))

    with dealt.engine.connect() as connection:
        found = search(connection, Query(terms=(("customer=c1",), ("hit=key-account",))), 10)
        assert [(each.as_of, each.actor) for each in found] == [("2026-03-01", "client:alice")]
        body = parsed(found[0].body or "")
        assert recompute(dealt.catalogue, connection, body).verdict is Verdict.SAME


def test_a_second_run_keeps_nothing_unless_asked(dealt: Record, alice: Act, bob: Act) -> None:
    list(DealRun(dealt, "approval.order", alice))

    second = DealRun(dealt, "approval.order", bob)
    assert [each.is_known for each in second if each.made] == [True, True]
    assert (second.kept, second.known, kept(dealt)) == (0, 2, 2)

    third = DealRun(dealt, "approval.order", bob, again=True)
    list(third)
    assert (third.kept, kept(dealt)) == (2, 4)


def test_a_deal_that_has_changed_is_decided_anew(dealt: Record, alice: Act) -> None:
    list(DealRun(dealt, "approval.order", alice))
    dealt.writer.write(lambda transaction: deals.put(transaction, [deal("1", 250_000)], alice))

    run = DealRun(dealt, "approval.order", alice)
    list(run)

    assert (run.kept, run.known) == (1, 1)


def test_a_dry_run_keeps_nothing(dealt: Record, alice: Act) -> None:
    run = DealRun(dealt, "approval.order", alice, is_dry=True)

    assert sum(each.made is not None for each in run) == 2
    assert (run.kept, kept(dealt)) == (0, 0)


def test_a_day_can_be_given_for_all(dealt: Record, alice: Act) -> None:
    outcomes = list(DealRun(dealt, "approval.order", alice, "2026-05-01"))

    assert refusals(outcomes) == [("3", "order.amount", "facts-missing")]
    assert {each.made.decision.as_of for each in outcomes if each.made} == {"2026-05-01"}


def test_an_empty_day_is_no_day(dealt: Record, alice: Act) -> None:
    with pytest.raises(AsOfError):
        list(DealRun(dealt, "approval.order", alice, ""))


def test_before_there_was_a_policy_nothing_is_decided(dealt: Record, alice: Act) -> None:
    dealt.writer.write(lambda transaction: deals.put(transaction, [deal("5", 1, date(1999, 1, 1))], alice))

    outcomes = list(DealRun(dealt, "approval.order", alice))

    assert ("5", None, "deal-no-policy") in refusals(outcomes)
