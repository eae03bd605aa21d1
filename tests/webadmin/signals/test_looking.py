"""Events become signals: raised once, taken back by what is told later, never lost, never by one engine alone."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from policy.engine import NamedText, prepare
from policy.model.events import read_typed
from policy.runtime.patterns import matches
from policy.runtime.patterns import signals as episodes
from tests.webadmin.signals.conftest import (
    DIVERTED,
    EXPORTED,
    LOSSES,
    LOST,
    NOW,
    SOLD,
    TRANSFER,
    clock,
    consult,
    kept,
    states,
    tell,
    told,
)
from webadmin.demo import loading
from webadmin.secondengine.process import SecondEngine
from webadmin.signals import keeping, looking
from webadmin.signals.coverage import Coverage
from webadmin.signals.looking import Looker
from webadmin.signals.stretches import stretch
from webadmin.store import erase, revisions, signals
from webadmin.store.audit import Action
from webadmin.store.days import day_of
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period, Signed
from webadmin.store.signals import State
from webadmin.store.tables import AUDIT, EVENTS, POSITIONS, SIGNALS
from webadmin.store.verify import verify
from webadmin.store.writer import Transaction

READY = """echo '{"ready": true}'; """


def entries(record: Record) -> int:
    """Return how many states of signals were ever written."""
    actions = [str(Action.SIGNALLED), str(Action.SIGNAL_CHANGED)]
    with record.engine.connect() as connection:
        return connection.execute(select(func.count()).where(AUDIT.c.action.in_(actions))).scalar_one()


def again(record: Record) -> None:
    """Let everything be looked at once more."""
    record.writer.write(
        lambda each: each.connection.execute(update(POSITIONS).values(seq=0, turn=POSITIONS.c.turn + 1))
    )


def test_a_diverted_order_is_raised_by_both_engines_once(penal: Record, looker: Looker) -> None:
    ids = tell(penal, LOST, SOLD)
    looker.catch_up()

    (found,) = kept(penal)
    assert (found.unit.pattern, found.unit.key, found.unit.severity) == (DIVERTED, "c1", "act")
    assert (found.finding.state, found.finding.reason) == (State.RAISED, None)
    assert found.finding.events == tuple(ids)
    assert found.finding.first == found.finding.second == (tuple(ids),)

    tell(penal, LOST, SOLD)
    looker.catch_up()
    again(penal)
    looker.catch_up()
    assert (kept(penal), entries(penal)) == ([found], 1)


def test_only_the_last_event_completes_it(penal: Record, looker: Looker) -> None:
    tell(penal, SOLD)
    looker.catch_up()
    assert kept(penal) == []

    tell(penal, LOST)  # told late
    looker.catch_up()
    assert states(penal) == [(DIVERTED, "c1", "raised")]


def test_a_transfer_told_late_withdraws_it_and_nothing_is_deleted(penal: Record, looker: Looker) -> None:
    tell(penal, LOST, SOLD)
    looker.catch_up()
    (moved,) = tell(penal, TRANSFER)
    looker.catch_up()

    (found,) = kept(penal)
    assert (found.finding.state, found.finding.reason, found.finding.led) == (State.WITHDRAWN, keeping.LATE, (moved,))
    with penal.engine.connect() as connection:
        past = [what["state"] for _, what in signals.history(connection, found.id)]
    assert past == ["raised", "withdrawn"]


TURNED_DOWN = told("moved", "transfer", 20, approved=False)
CALLED = told("called", "contact", 20, channel="call", effective=True)


@pytest.mark.parametrize("between", [TURNED_DOWN, CALLED], ids=["turned down", "called"])
def test_other_events_between_change_nothing(penal: Record, looker: Looker, between: dict[str, Any]) -> None:
    tell(penal, LOST, SOLD)
    looker.catch_up()
    tell(penal, between)
    looker.catch_up()

    assert (states(penal), entries(penal)) == ([(DIVERTED, "c1", "raised")], 1)


def test_an_episode_grows_and_stays_one(penal: Record, looker: Looker) -> None:
    losses = [told(f"lost-{day}", "customer_lost", day, customer=f"c{day}") for day in (1, 3, 5, 8)]
    tell(penal, *losses[:3])
    looker.catch_up()
    (before,) = kept(penal)
    ids = tell(penal, *losses)
    looker.catch_up()

    (after,) = kept(penal)
    assert (before.id, before.finding.events) == (after.id, tuple(ids[:3]))
    assert (after.finding.events, after.finding.state) == (tuple(ids), State.RAISED)


def test_two_episodes_that_a_late_event_joins_leave_one(penal: Record, looker: Looker) -> None:
    days = (1, 2, 3, 13, 14, 15)
    tell(penal, *(told(f"lost-{day}", "customer_lost", day, customer=f"c{day}") for day in days))
    looker.catch_up()
    assert [each.finding.state for each in kept(penal)] == [State.RAISED, State.RAISED]

    tell(penal, told("late-1", "customer_lost", 8, customer="c8"), told("late-2", "customer_lost", 9, customer="c9"))
    looker.catch_up()

    found = kept(penal)
    assert [each.finding.state for each in found] == [State.RAISED, State.WITHDRAWN]
    assert (len(found[0].finding.events), found[1].finding.reason) == (8, keeping.TAKEN)


def test_where_the_engines_differ_a_person_gets_both_answers(penal: Record) -> None:
    silent = SecondEngine(("bash", "-c", READY + """while read -r line; do echo '{"matches": []}'; done"""))
    ids = tell(penal, LOST, SOLD)
    Looker(penal, silent, clock).catch_up()
    silent.close()

    (found,) = kept(penal)
    assert (found.finding.state, found.finding.first, found.finding.second) == (State.UNDER_REVIEW, (tuple(ids),), ())
    assert found.finding.reason is not None
    assert "differ" in found.finding.reason.en


def test_what_only_the_second_engine_finds_is_under_review_too(penal: Record, engine: SecondEngine) -> None:
    class Deaf(SecondEngine):
        """Never hears that something must not lie between: what durable-rules would find of a pattern without it."""

        def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
            kept_ = [(place, each) for place, each in enumerate(facts) if "transfer" not in each.values()]
            found = engine.matches(rules, [each for _, each in kept_])
            return [(rule, [kept_[place][0] for place in places]) for rule, places in found]

    lost, _, sold = tell(penal, LOST, TRANSFER, SOLD)
    Looker(penal, Deaf(), clock).catch_up()

    (found,) = kept(penal)
    assert (found.finding.state, found.finding.first) == (State.UNDER_REVIEW, ())
    assert found.finding.second == ((lost, sold),)


def test_without_the_second_engine_it_is_said_and_looked_at_again(
    penal: Record, tmp_path: Path, engine: SecondEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.available().is_available
    monkeypatch.setattr(looking, "SHORTEST_PAUSE", 0)
    flag = tmp_path / "installed"
    script = (
        f"""[ -e '{flag}' ] && exec "$0" -m webadmin.secondengine.worker; echo '{{"ready": false, "reason": "none"}}'"""
    )
    absent = SecondEngine(("bash", "-c", script, sys.executable))
    looker = Looker(penal, absent, clock)
    tell(penal, LOST, SOLD, told("quiet", "customer_lost", 12, customer="c2", manager="am-2"))
    looker.catch_up()

    (found,) = kept(penal)
    assert (found.finding.state, found.finding.second) == (State.UNAVAILABLE, None)
    assert found.finding.reason is not None
    assert "second engine unavailable" in found.finding.reason.en

    flag.touch()
    looker.catch_up()
    absent.close()

    (after,) = kept(penal)
    assert (after.id, after.finding.state, after.finding.reason) == (found.id, State.RAISED, None)
    with penal.engine.connect() as connection:
        assert signals.position(connection).recheck_from is None
        assert [what["state"] for _, what in signals.history(connection, found.id)] == [
            "second-engine-unavailable",
            "raised",
        ]


def test_an_engine_that_is_gone_takes_back_nothing_that_was_agreed(penal: Record, looker: Looker) -> None:
    tell(penal, LOST, SOLD)
    looker.catch_up()
    again(penal)
    gone = SecondEngine(("/nowhere/python", "-c", ""))
    Looker(penal, gone, clock).step()

    assert (states(penal), entries(penal)) == ([(DIVERTED, "c1", "raised")], 1)


def test_what_happened_before_the_policy_was_in_effect_is_no_signal(penal: Record, looker: Looker) -> None:
    tell(penal, told("lost", "customer_lost", -400), told("sold", "competitor_sale", -390))
    looker.catch_up()

    assert kept(penal) == []


def test_a_policy_published_after_its_events_finds_them(filled: Record, engine: SecondEngine) -> None:
    looker = Looker(filled, engine, clock)
    tell(filled, LOST, SOLD)
    looker.catch_up()
    assert kept(filled) == []

    consult(filled)
    looker.catch_up()
    assert states(filled) == [(DIVERTED, "c1", "raised")]


def test_two_sources_may_use_the_same_id(penal: Record, looker: Looker) -> None:
    tell(penal, {**LOST, "id": "1"}, {**SOLD, "id": "1", "source": "market"})
    looker.catch_up()

    assert states(penal) == [(DIVERTED, "c1", "raised")]


def test_too_many_events_of_one_key_are_told_once(penal: Record, looker: Looker) -> None:
    tell(penal, *(told(f"lost-{number}", "customer_lost", number % 7, customer=f"c{number}") for number in range(510)))
    looker.catch_up()
    tell(penal, told("one-more", "customer_lost", 3, customer="c-more"))
    looker.catch_up()

    assert states(penal) == [(EXPORTED, "am-1", "under-review"), (LOSSES, "am-1", "under-review")]
    reasons = [each.finding.reason.en for each in kept(penal) if each.finding.reason is not None]
    assert all("501 events of one key" in each for each in reasons)
    assert (len(reasons), entries(penal)) == (2, 2)


def test_an_erasure_meanwhile_begins_the_look_anew(penal: Record, engine: SecondEngine, bob: Act) -> None:
    """Nothing about the person comes back from what was read before."""

    class Interrupted(SecondEngine):
        done = False

        def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
            if not self.done:
                self.done = True
                erase.erase(penal, "am-1", "asked for it", bob)
            return engine.matches(rules, facts)

    tell(penal, *(told(f"lost-{day}", "customer_lost", day, customer=f"c{day}") for day in (1, 3, 5)))
    looker = Looker(penal, Interrupted(), clock)
    while signals_behind(penal):
        looker.step()

    assert [each.unit.key for each in kept(penal) if "am-1" in each.unit.key] == []


def signals_behind(record: Record) -> int:
    with record.engine.connect() as connection:
        return signals.behind(connection)[0]


def test_who_comes_second_writes_nothing(penal: Record, engine: SecondEngine) -> None:
    other = Looker(penal, engine, clock)

    class Slow(SecondEngine):
        def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
            other.catch_up()
            return engine.matches(rules, facts)

    looker = Looker(penal, Slow(), clock)
    looker.step()  # the publications
    tell(penal, LOST, SOLD)

    assert looker.step() is False
    assert (states(penal), entries(penal)) == ([(DIVERTED, "c1", "raised")], 1)


def test_the_chains_hold_and_events_are_counted_as_looked_at(penal: Record, looker: Looker) -> None:
    tell(penal, LOST, SOLD)
    with penal.engine.connect() as connection:
        assert signals.behind(connection) == (2, NOW)
    looker.catch_up()
    tell(penal, TRANSFER)
    looker.catch_up()

    with penal.engine.connect() as connection:
        assert signals.behind(connection) == (0, None)
        assert signals.counts(connection)[State.WITHDRAWN] == 1


def test_only_what_an_event_can_change_is_read(penal: Record, looker: Looker) -> None:
    """A history of years costs a new event no more than its own weeks."""
    tell(penal, *(told(f"sold-{number}", "competitor_sale", 40 * number - 300) for number in range(15)))
    looker.catch_up()
    with penal.engine.connect() as connection:
        found = next(
            each for each in Coverage(penal.catalogue).on(connection, day_of(NOW)) if each.pattern.id == DIVERTED
        )
        read = stretch(connection, found, "c1", datetime.fromisoformat("2026-01-11T09:00:00+08:00"))

    assert len(read.events) <= 3
    assert read.until - read.since < timedelta(days=250)


def history(chance: random.Random) -> Iterator[dict[str, Any]]:
    sorts = ("customer_lost", "customer_lost", "competitor_sale", "transfer", "contacts_exported", "contact")
    more = {
        "transfer": lambda: {"approved": chance.random() < 0.5},
        "contacts_exported": lambda: {"count": 5},
        "contact": lambda: {"channel": "call", "effective": True},
    }
    for number in range(80):
        sort = chance.choice(sorts)
        who = {"customer": f"c{chance.randrange(6)}", "manager": f"am-{chance.randrange(2)}"}
        yield told(f"e{number}", sort, chance.randrange(110), **who, **more.get(sort, dict)())


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_they_are_told_the_same_signals_stand(penal: Record, engine: SecondEngine, seed: int) -> None:
    """What stands in the end is what one look at everything finds."""
    chance = random.Random(seed)
    given = list(history(chance))
    rest = chance.sample(given, len(given))
    looker = Looker(penal, engine, clock, batch=5)
    while rest:
        count = chance.randrange(1, 12)
        tell(penal, *rest[:count])
        rest = rest[count:]
        looker.catch_up()

    with penal.engine.connect() as connection:
        policies = penal.catalogue.policies(connection, day_of(NOW))
        names = {row.id: row.event_id for row in connection.execute(select(EVENTS.c.id, EVENTS.c.event_id))}
    policy = policies["penalty.order-diversion"]
    expected = episodes(matches(policy.patterns, read_typed(given, policies.events)))
    found = [each for each in kept(penal) if each.finding.state is not State.WITHDRAWN]

    stands = [(each.unit.pattern, each.unit.key, sorted(names[it] for it in each.finding.events)) for each in found]
    assert sorted(stands) == sorted((each.pattern, each.key, sorted(each.events)) for each in expected)
    assert {each.finding.state for each in found} == {State.RAISED}
    assert {each.pattern for each in expected} == {DIVERTED, LOSSES, EXPORTED}


def wrong(record: Record) -> list[tuple[str, str, str | None]]:
    with record.reading() as connection:
        report = verify(connection, record.catalogue, None)
    return [(each.place, str(each.wrong), each.values.get("column")) for each in report.first.values()]


def test_verification_holds_signals_against_their_audit_entries(penal: Record, looker: Looker, bob: Act) -> None:
    tell(penal, LOST, SOLD, *(told(f"lost-{day}", "customer_lost", day, customer=f"d{day}") for day in (1, 3, 5)))
    looker.catch_up()
    tell(penal, TRANSFER)
    looker.catch_up()
    assert len(kept(penal)) == 2
    assert wrong(penal) == []

    erase.erase(penal, "am-1", "asked for it", bob)
    (left,) = kept(penal)
    assert wrong(penal) == []

    penal.writer.write(lambda each: each.connection.execute(update(SIGNALS).values(state="raised")))
    assert wrong(penal) == [("signals", "column-altered", "state")]

    penal.writer.write(lambda each: each.connection.execute(delete(SIGNALS).where(SIGNALS.c.id == left.id)))
    assert wrong(penal) == [("signals", "row-missing", None)]


def test_a_match_belongs_to_the_revision_of_the_day_it_is_complete(penal: Record, engine: SecondEngine) -> None:
    """From mid-February on twenty days count, where thirty did before."""
    shorter = republish(penal, "P30D", "P20D", date(2026, 2, 15))
    for customer, lost, sold in (("before", 10, 35), ("across", 40, 65), ("too-late", 50, 75), ("after", 50, 65)):
        tell(
            penal,
            told(f"lost-{customer}", "customer_lost", lost, customer=customer, manager=f"am-{customer}"),
            told(f"sold-{customer}", "competitor_sale", sold, customer=customer, manager=f"am-{customer}"),
        )
    Looker(penal, engine, clock).catch_up()

    assert {each.unit.key: each.unit.revision == shorter for each in kept(penal)} == {"before": False, "after": True}


def republish(record: Record, before: str, after: str, since: date) -> str:
    """Publish the penalty policy, changed, from a day on; return its digest."""

    def work(transaction: Transaction) -> str:
        effective = revisions.in_effect(transaction.connection, NOW.date())
        texts = revisions.texts(transaction.connection, {name: each.digest for name, each in effective.items()})
        texts[loading.PENALTY] = texts[loading.PENALTY].replace(before, after)
        made = prepare([NamedText(name, text) for name, text in sorted(texts.items())]).policies[loading.PENALTY]
        act = Act("system", NOW, NOW.date())
        revision = revisions.add(transaction, loading.PENALTY, made.text, act)
        signed = Signed("system", "system", "a test")
        revisions.publish(transaction, loading.PENALTY, revision.id, Period(since), signed, act)
        return made.digest

    return record.writer.write(work)
