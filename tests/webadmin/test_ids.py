"""Ids: they grow, and lie within an hour of their instant whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from webadmin.ids import AHEAD, Ids, end_of, first_of
from webadmin.store.sifting import made_at

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def test_ids_grow_while_the_clock_steps_back_a_little() -> None:
    ids = Ids()
    made = [ids.new(NOW - step) for step in (timedelta(0), timedelta(0), timedelta(seconds=2), AHEAD - timedelta(1e-5))]

    assert made == sorted(set(made))


@pytest.mark.parametrize("step", [timedelta(hours=2), timedelta(days=400)], ids=str)
def test_after_a_large_step_back_ids_follow_the_clock(step: timedelta) -> None:
    ids = Ids()
    ids.new(NOW)

    made = [ids.new(NOW - step) for _ in range(100)]

    assert made == sorted(set(made))
    assert made_at(made[-1]) - (NOW - step) < timedelta(seconds=1)


@pytest.mark.parametrize("micros", [0, 1, 999, 1000, 499_999, 999_999])
def test_what_was_made_at_an_instant_lies_between_its_bounds(micros: int) -> None:
    ids, at = Ids(), NOW + timedelta(microseconds=micros)
    ids.new(at + AHEAD)

    for name in [Ids().new(at), *(ids.new(at) for _ in range(50))]:
        assert first_of(at) <= name < end_of(at + timedelta(microseconds=1))


def test_every_instant_has_bounds() -> None:
    early = datetime(1, 1, 1, tzinfo=UTC)
    late = datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))

    assert first_of(early) <= end_of(early) < first_of(NOW) < end_of(NOW) < end_of(late)
