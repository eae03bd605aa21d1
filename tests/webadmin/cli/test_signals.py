"""`fairlead signals`, and what `fairlead demo` leaves for it."""

from __future__ import annotations

import json
from pathlib import Path

from policy.cli.frame import say
from policy.values import Language
from tests.webadmin.cli.conftest import Run
from webadmin.cli.signals import STATES
from webadmin.demo import planted
from webadmin.store.signals import State

PATTERNS = [
    ("contacts-exported-before-loss", planted.EXPORTING),
    ("lost-then-sold-elsewhere", planted.DIVERTED),
    ("lost-then-sold-elsewhere", planted.ORDERED_OUTSIDE),
    ("three-losses", planted.LOSING),
]


def test_the_demo_ends_with_the_signals_that_are_planted(demo: Run, demonstrated: Path) -> None:
    """Of 41 customers that are lost two were then sold to within thirty days; only `am-29` lost three in a week."""
    listed = demo("signals", "--json")

    assert "every event was looked at; signals: 4" in (demonstrated / "said").read_text("utf-8")
    found = json.loads(listed.stdout)
    assert sorted((each["pattern"], each["key"]) for each in found) == PATTERNS
    assert {each["state"] for each in found} == {"raised"}
    for each in found:
        assert each["answers"]["first"] == each["answers"]["second"] == [[it["id"] for it in each["events"]]]
        assert (each["reason"], each["led"]) == (None, [])


def test_the_lines_name_state_key_time_events_and_both_answers(demo: Run) -> None:
    en, zh = demo("signals", "--key", planted.DIVERTED), demo("signals", "--key", planted.DIVERTED, "--lang", "zh")

    head, *lines = en.stdout.splitlines()
    assert head.startswith("raised  penalty.order-diversion/lost-then-sold-elsewhere  c-0117  2026-05-21 ")
    assert [line.split()[2] for line in lines[:2]] == ["customer_lost", "competitor_sale"]
    assert lines[2:] == ["    first engine: matches: 1", "    second engine: matches: 1"]
    assert "第二引擎：1 处匹配" in zh.stdout


def test_an_empty_record_has_none(run: Run) -> None:
    done = run("signals", "--state", "withdrawn")

    assert (done.exit_code, "there are no signals" in done.stderr) == (0, True)


def test_every_state_can_be_asked_for_and_has_its_words() -> None:
    assert list(STATES) == list(State)
    for language in Language:
        assert len({say(f"signal-{each}", language) for each in STATES}) == len(State)
