"""What patterns mean, one meaning at a time; and that the order in which events arrive changes nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.compilers.events import CompiledPattern
from policy.engine import prepare
from policy.errors import EvaluationError
from policy.model.events import Event
from policy.runtime.patterns import MOST_EVENTS, MOST_MATCHES, matches, signals
from tests.histories import CASES, history, loaded, patterns_of

HEAD = (CASES / "both.yaml").read_text("utf-8").split("patterns:\n")[0]
WORDS = CASES / "vocabulary.yaml"
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
PAIR = "sequence: [{event: lost}, {event: sold, within: PT10S}]"
MOVED = f"{PAIR}\nwithout: {{event: moved, where: moved.approved}}"


def pattern(text: str) -> tuple[CompiledPattern, ...]:
    """Compile one pattern, given what stands beside its id, severity and key."""
    written = f"  - id: p\n    severity: act\n    key: customer.id\n{indent(text, '    ')}\n"
    prepared = prepare([f"{HEAD}patterns:\n{written}", WORDS])
    assert prepared.is_sound, [each.code for each in prepared.findings]
    return prepared.policies["penalty.both"].patterns


def event(name: str, second: int, of: str = "lost", **data: Any) -> Event:
    return Event(name, "crm", of, None, BEGIN + timedelta(seconds=second), {"customer": {"id": "c1"}} | data)


def sold(name: str, second: int, **data: Any) -> Event:
    return event(name, second, "sold", **data)


def moved(name: str, second: int, *, approved: bool | None = True) -> Event:
    return event(name, second, "moved", **({} if approved is None else {"approved": approved}))


def found(text: str, *events: Event) -> list[tuple[str, ...]]:
    return [each.events for each in matches(pattern(text), events)]


@pytest.mark.parametrize(("second", "is_found"), [(0, False), (1, True), (10, True), (11, False), (-1, False)], ids=str)
def test_a_step_comes_strictly_later_and_within_the_last_second(second: int, is_found: bool) -> None:
    assert found(PAIR, event("a", 0), sold("b", second)) == ([("a", "b")] if is_found else [])


def test_fractions_of_a_second_are_cut_off() -> None:
    early, late = event("a", 0), sold("b", 0)
    late = Event("b", "crm", "sold", None, BEGIN + timedelta(seconds=10, milliseconds=999), late.data)

    assert found(PAIR, early, late) == [("a", "b")]
    assert found(PAIR, early, Event("b", "crm", "sold", None, BEGIN + timedelta(milliseconds=999), late.data)) == []


def test_without_a_limit_any_later_event_will_do() -> None:
    assert found("sequence: [{event: lost}, {event: sold}]", event("a", 0), sold("b", 10**9)) == [("a", "b")]


def test_every_choice_of_events_is_a_match_in_order_of_completion() -> None:
    events = [event("a", 0), event("b", 1), sold("c", 3), sold("d", 2)]

    assert found(PAIR, *events) == [("a", "d"), ("b", "d"), ("a", "c"), ("b", "c")]


@pytest.mark.parametrize(("second", "is_silenced"), [(-1, False), (0, True), (3, True), (5, True), (6, False)], ids=str)
def test_what_must_not_lie_between_counts_at_both_ends(second: int, is_silenced: bool) -> None:
    got = found(MOVED, event("a", 0), sold("b", 5), moved("m", second))

    assert got == ([] if is_silenced else [("a", "b")])


@pytest.mark.parametrize("approved", [False, None], ids=["false", "unknown"])
def test_a_condition_that_is_not_true_is_as_if_nothing_had_happened(approved: bool | None) -> None:
    assert found(MOVED, event("a", 0), sold("b", 5), moved("m", 3, approved=approved)) == [("a", "b")]


def test_a_late_event_can_take_a_match_back() -> None:
    events = [event("a", 0), sold("b", 5)]

    assert found(MOVED, *events)
    assert not found(MOVED, *events, moved("m", 2))


def test_events_of_a_match_do_not_silence_it() -> None:
    same = "sequence: [{as: a, event: lost}, {as: b, event: lost, within: PT10S}]\nwithout: {event: lost}"

    assert found(same, event("a", 0), event("b", 2)) == [("a", "b")]
    assert found(same, event("a", 0), event("b", 2), event("c", 1)) == [("a", "c"), ("c", "b")]


def test_no_event_is_twice_in_a_match() -> None:
    twice = "sequence: [{as: a, event: lost}, {as: b, event: lost, within: PT10S}]"

    assert found(twice, event("a", 0), event("a", 0)) == []
    assert found("count: {event: lost, at_least: 2, within: PT10S}", event("a", 0), event("a", 0)) == []


@pytest.mark.parametrize("customer", [{"id": "c2"}, {}, {"id": None}], ids=["another", "none", "null"])
def test_events_share_their_key(customer: dict[str, Any]) -> None:
    assert found(PAIR, event("a", 0), sold("b", 5, customer=customer)) == []


def test_keys_are_looked_at_apart() -> None:
    others = [event("x", 0, customer={"id": "c0"}), sold("y", 5, customer={"id": "c0"})]

    got = matches(pattern(PAIR), [event("a", 0), sold("b", 5), *others])

    assert [(each.key, each.events) for each in got] == [("c0", ("x", "y")), ("c1", ("a", "b"))]


def test_a_condition_sees_the_events_before_it() -> None:
    related = "sequence: [{event: lost}, {as: s, event: sold, where: s.city = lost.city}]"
    events = [event("a", 0, city="Wuhan"), sold("b", 1, city="Wuhan"), sold("c", 2, city="Xi'an"), sold("d", 3)]

    assert found(related, *events) == [("a", "b")]


@pytest.mark.parametrize(("seconds", "is_found"), [((0, 0, 0), True), ((0, 5, 10), True), ((0, 5, 11), False)], ids=str)
def test_a_count_looks_at_a_sliding_window(seconds: tuple[int, ...], is_found: bool) -> None:
    events = [event(f"e{number}", second) for number, second in enumerate(seconds)]

    assert bool(found("count: {event: lost, at_least: 3, within: PT10S}", *events)) is is_found


def test_up_to_three_every_choice_is_a_match() -> None:
    events = [event(name, second) for second, name in enumerate("abcd")]

    assert len(found("count: {event: lost, at_least: 3, within: PT10S}", *events)) == 4
    assert len(found("count: {event: lost, at_least: 2, within: PT1S}", *events)) == 3


def test_above_three_a_match_is_an_event_and_those_before_it() -> None:
    events = [event(name, second) for second, name in enumerate("abcdef")]

    got = found("count: {event: lost, at_least: 4, within: PT3S}", *events)

    assert got == [("a", "b", "c", "d"), ("b", "c", "d", "e"), ("c", "d", "e", "f")]


def test_matches_that_share_events_are_one_signal() -> None:
    events = [event(name, second) for name, second in zip("abcdxyz", (0, 1, 2, 3, 50, 51, 52), strict=True)]
    got = signals(matches(pattern("count: {event: lost, at_least: 3, within: PT10S}"), events))

    assert [each.events for each in got] == [("a", "b", "c", "d"), ("x", "y", "z")]
    assert [each.made_by for each in got] == [("a", "b", "c"), ("x", "y", "z")]
    assert (got[0].first, got[0].last) == (events[0].time, events[3].time)


def test_what_happens_later_does_not_change_the_id_of_a_signal() -> None:
    compiled = pattern("count: {event: lost, at_least: 3, within: PT10S}")
    events = [event(name, second) for second, name in enumerate("abcdef")]

    ids = {signals(matches(compiled, events[:known]))[0].id for known in (3, 4, 5, 6)}

    assert len(ids) == 1
    assert next(iter(ids)).startswith("sha256:")


def test_a_late_event_that_joins_two_episodes_leaves_one_that_covers_both() -> None:
    compiled = pattern("count: {event: lost, at_least: 2, within: PT10S}")
    events = [event("a", 0), event("b", 5), event("d", 25), event("e", 30)]

    before = signals(matches(compiled, events))
    (after,) = signals(matches(compiled, [*events, event("c", 15)]))

    assert [each.events for each in before] == [("a", "b"), ("d", "e")]
    assert after.events == ("a", "b", "c", "d", "e")
    assert after.id == before[0].id


def test_signals_of_several_keys_differ() -> None:
    events = [event(name, second, customer={"id": key}) for key in ("c1", "c2") for second, name in enumerate("abc")]
    compiled = pattern("count: {event: lost, at_least: 3, within: PT10S}")

    assert len({each.id for each in signals(matches(compiled, events[:3]) + matches(compiled, events[3:]))}) == 2


def test_too_many_events_of_one_key_are_refused() -> None:
    events = [event(f"e{number}", number) for number in range(MOST_EVENTS + 1)]

    with pytest.raises(EvaluationError, match="501 events of one key; at most 500"):
        matches(pattern(PAIR), events)
    assert matches(pattern(PAIR), events[1:]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "count: {event: lost, at_least: 3, within: P1D}",
        "sequence: [{as: a, event: lost}, {as: b, event: lost}, {as: c, event: lost}]",
        "sequence: [{as: a, event: lost}, {as: b, event: lost}, {as: c, event: lost, where: c.size > 9}]",
    ],
    ids=["count", "sequence", "tried in vain"],
)
def test_too_many_matches_are_refused(text: str) -> None:
    events = [event(f"e{number}", number) for number in range(MOST_EVENTS)]

    with pytest.raises(EvaluationError, match=f"more often than {MOST_MATCHES} times"):
        matches(pattern(text), events)


POLICIES = loaded()


@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same(seed: int, order: random.Random) -> None:
    events = list(history(random.Random(seed), POLICIES))
    expected = matches(patterns_of(POLICIES), events)

    order.shuffle(events)

    assert matches(patterns_of(POLICIES), events) == expected
    assert signals(tuple(reversed(expected))) == signals(expected)
