"""What two engines say together: no difference on random histories, and nothing raised about a person by one alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policy
from policy.engine import Policies
from policy.model.events import Event, read_typed
from tests.histories import history, loaded, patterns_of
from webadmin.secondengine.agreement import Agreement, Answer, Standing
from webadmin.secondengine.process import SecondEngine

HISTORIES, SEEDS = 1_000, range(5)
NOBODY = ("/nowhere/python", "-c", "")


@pytest.fixture(scope="module")
def engine() -> Iterator[SecondEngine]:
    made = SecondEngine()
    if not (said := made.available()).is_available:
        pytest.skip(str(said.reason))
    yield made
    made.close()


@pytest.fixture(scope="module")
def shipped(rules: Path) -> Policies:
    return policy.load_folder(rules)


def absent() -> SecondEngine:
    """Return an engine whose process says that it cannot be imported."""
    return SecondEngine(("sh", "-c", """echo '{"ready": false, "reason": "no module"}'"""))


def answering(matches: str) -> SecondEngine:
    """Return an engine that says the same whatever it is asked."""
    script = f"""echo '{{"ready": true}}'; while read -r line; do echo '{{"matches": {matches}}}'; done"""
    return SecondEngine(("bash", "-c", script))


def told(policies: Policies, *events: tuple[str, str, int, dict[str, Any]]) -> tuple[Event, ...]:
    """Return events of customer c1 and manager m1, each given by id, type, day of March and further data."""
    shared = {"customer": {"id": "c1"}, "manager": {"id": "m1"}}
    return read_typed(
        [
            {"id": name, "source": "crm", "type": of, "time": f"2026-03-{day:02}T09:00:00+08:00", "data": shared | data}
            for name, of, day, data in events
        ],
        policies.events,
    )


LOST = ("lost-1", "customer_lost", 1, dict[str, Any]())
SOLD = ("sold-1", "competitor_sale", 20, dict[str, Any]())
DIVERTED = "penalty.order-diversion/lost-then-sold-elsewhere"


def of_pattern(answers: tuple[Answer, ...], name: str = DIVERTED) -> list[Answer]:
    return [each for each in answers if each.pattern == name]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engines_never_differ(engine: SecondEngine, seed: int) -> None:
    policies, chance = loaded(), random.Random(seed)
    agreement = Agreement(patterns_of(policies), engine)

    answers = [each for _ in range(HISTORIES) for each in agreement.look(history(chance, policies))]

    assert [each for each in answers if each.standing is not Standing.AGREED] == []
    assert {each.pattern for each in answers} == {each.pattern.name for each in patterns_of(policies)}
    assert len(answers) > HISTORIES


def test_a_diverted_order_is_found(engine: SecondEngine, shipped: Policies) -> None:
    """Lost, sold elsewhere within twenty days, no approved transfer between."""
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, engine)

    (answer,) = agreement.look(told(shipped, LOST, SOLD))

    assert (answer.pattern, answer.key, answer.standing) == (DIVERTED, "c1", Standing.AGREED)
    (signal,) = answer.signals
    assert (signal.severity, signal.events) == ("act", ("lost-1", "sold-1"))


@pytest.mark.parametrize(("approved", "raised"), [(True, 0), (False, 1)])
def test_only_an_approved_transfer_between_silences_it(
    engine: SecondEngine, shipped: Policies, approved: bool, raised: int
) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, engine)
    transfer = ("moved-1", "transfer", 10, {"approved": approved})

    answers = of_pattern(agreement.look(told(shipped, LOST, transfer, SOLD)))

    assert sum(len(each.signals) for each in answers) == raised


def test_the_order_of_arrival_changes_nothing(engine: SecondEngine) -> None:
    policies, chance = loaded(), random.Random(11)
    agreement = Agreement(patterns_of(policies), engine)
    events = list(history(chance, policies))

    before = agreement.look(events)
    chance.shuffle(events)

    assert agreement.look(events) == before


def test_act_and_warn_wait_for_the_second_engine(shipped: Policies) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, absent())

    (answer,) = of_pattern(agreement.look(told(shipped, LOST, SOLD)))

    assert (answer.standing, answer.signals, answer.second) == (Standing.UNDER_REVIEW, (), None)
    assert answer.first is not None
    assert [each.events for each in answer.first] == [("lost-1", "sold-1")]
    assert answer.reason is not None
    assert "second engine unavailable (it cannot be imported: no module)" in answer.reason.en
    assert "第二引擎不可用" in answer.reason.zh


def test_watch_is_raised_by_one_engine_and_says_so(shipped: Policies) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, absent())
    exported = ("exported-1", "contacts_exported", 1, {"count": 900})
    events = read_typed(
        [
            {"id": name, "source": "crm", "type": of, "time": f"2026-03-{day:02}T09:00:00Z", "data": data}
            for name, of, day, data in (
                (*exported[:3], {"manager": {"id": "m1"}, "count": 900}),
                ("lost-1", "customer_lost", 5, {"customer": {"id": "c1"}, "manager": {"id": "m1"}}),
            )
        ],
        shipped.events,
    )

    (answer,) = agreement.look(events)

    assert (answer.standing, len(answer.signals)) == (Standing.ONE_ENGINE, 1)
    assert answer.reason is not None


def test_nothing_found_by_the_one_that_is_there_is_not_told(shipped: Policies) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, absent())

    assert agreement.look(told(shipped, LOST)) == ()


@pytest.mark.parametrize("matches", ["[]", '[["p0", [0, 1]], ["p0", [1, 0]]]'])
def test_a_difference_keeps_both_answers(shipped: Policies, matches: str) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns[:1], answering(matches))

    (answer,) = agreement.look(told(shipped, LOST, SOLD))

    assert (answer.standing, answer.signals) == (Standing.UNDER_REVIEW, ())
    assert answer.first is not None
    assert answer.second is not None
    assert {each.events for each in answer.first} != answer.second
    assert answer.reason is not None
    assert "two engines differ" in answer.reason.en


def test_what_only_the_second_finds_is_under_review(shipped: Policies) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns[:1], answering('[["p0", [0]]]'))

    (answer,) = agreement.look(told(shipped, LOST))

    assert (answer.standing, answer.first) == (Standing.UNDER_REVIEW, ())
    assert answer.second == {("lost-1",)}


def test_patterns_of_one_engine_are_marked_or_reviewed(engine: SecondEngine) -> None:
    policies, chance = loaded("alone"), random.Random(5)
    agreement = Agreement(patterns_of(policies), engine)

    answers = [each for _ in range(300) for each in agreement.look(history(chance, policies, 30))]

    standings = {(each.pattern, each.standing) for each in answers}
    assert standings == {
        ("penalty.alone/five-times", Standing.UNDER_REVIEW),
        ("penalty.alone/its-like", Standing.ONE_ENGINE),
        ("penalty.alone/computed", Standing.ONE_ENGINE),
        ("penalty.alone/six-and-one", Standing.ONE_ENGINE),
    }
    assert all(each.second is None for each in answers)


def test_too_many_events_of_one_key_are_looked_at_by_a_person(engine: SecondEngine, shipped: Policies) -> None:
    agreement = Agreement(shipped["penalty.order-diversion"].patterns, engine)
    many = [(f"lost-{number}", "customer_lost", 1, dict[str, Any]()) for number in range(501)]

    answers = agreement.look(told(shipped, *many))

    assert {each.standing for each in answers} == {Standing.UNDER_REVIEW}
    assert {each.first for each in answers} == {None}
    assert all(each.reason is not None and "501 events" in each.reason.en for each in answers)


def test_what_cannot_be_handed_over_is_looked_at_by_a_person(engine: SecondEngine) -> None:
    policies = loaded()
    agreement = Agreement([each for each in patterns_of(policies) if each.pattern.id == "twice"], engine)
    data = {"customer": {"id": "c1"}, "city": "x", "size": 10**16}
    events = [
        {"id": f"e{number}", "source": "crm", "type": "sold", "time": "2026-03-01T09:00:00Z", "data": data}
        for number in range(2)
    ]

    (answer,) = agreement.look(read_typed(events, policies.events))

    assert answer.standing is Standing.UNDER_REVIEW
    assert answer.first is not None
    assert answer.reason is not None
    assert "15 digits" in answer.reason.en
