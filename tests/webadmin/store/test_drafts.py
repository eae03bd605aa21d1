"""Drafts: nobody saves over another, everything can be undone, and what was given up can be brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.store import drafts
from webadmin.store.drafts import StaleError
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT

ONE, TWO = (Act(f"login:{name}", NOW, TODAY) for name in ("li", "wang"))
NAME = "approval.order"


def done(record: Record, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    return record.writer.write(lambda transaction: work(transaction, *given, **named))


def now(record: Record) -> tuple[str, int]:
    with record.engine.connect() as connection:
        found = drafts.find(connection, NAME)
    assert found is not None
    return found.text, found.version


def ways(record: Record) -> tuple[str | None, str | None]:
    with record.engine.connect() as connection:
        return drafts.ways(connection, NAME, now(record)[1])


@pytest.fixture
def begun(record: Record) -> Record:
    assert done(record, drafts.begin, NAME, "a", ONE, "sha256:x", "begun") == 1
    return record


def test_a_draft_begun_twice_stays_as_it_is(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", ONE, since=1)

    assert done(begun, drafts.begin, NAME, "z", TWO) == 2
    assert now(begun) == ("b", 2)


def test_nobody_saves_over_another(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", ONE, since=1)

    with pytest.raises(StaleError) as refused:
        done(begun, drafts.save, NAME, "c", TWO, since=1)

    assert refused.value.now is not None
    assert (refused.value.now.text, refused.value.now.author, now(begun)) == ("b", "login:li", ("b", 2))


def test_the_same_text_is_no_new_state(begun: Record) -> None:
    assert done(begun, drafts.save, NAME, "a", ONE, since=1) == 1
    assert ways(begun) == (None, None)


def test_everything_can_be_undone_and_done_again(begun: Record) -> None:
    for number, text in enumerate("bcd", 1):
        done(begun, drafts.save, NAME, text, ONE, since=number, what=f"to {text}")

    back = [done(begun, drafts.undo, NAME, ONE, since=number) for number in (4, 3, 2, 1)]
    assert (back, now(begun), ways(begun)) == ([3, 2, 1, 1], ("a", 1), (None, "to b"))
    on = [done(begun, drafts.redo, NAME, ONE, since=number) for number in (1, 2, 3, 4)]
    assert (on, now(begun), ways(begun)) == ([2, 3, 4, 4], ("d", 4), ("to d", None))


def test_a_change_after_undoing_is_what_is_done_again_from_then_on(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", ONE, since=1, what="to b")
    done(begun, drafts.undo, NAME, ONE, since=2)
    done(begun, drafts.save, NAME, "c", ONE, since=1, what="to c")

    done(begun, drafts.undo, NAME, ONE, since=3)

    assert ways(begun) == (None, "to c")
    done(begun, drafts.redo, NAME, ONE, since=1)
    assert now(begun) == ("c", 3)


def test_what_was_given_up_can_be_brought_back(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", ONE, since=1)
    with pytest.raises(StaleError):
        done(begun, drafts.discard, NAME, ONE, since=1)
    done(begun, drafts.discard, NAME, ONE, since=2)

    with begun.engine.connect() as connection:
        assert drafts.find(connection, NAME) is None
    done(begun, drafts.bring_back, NAME, 2, TWO, "sha256:y")
    assert now(begun) == ("b", 2)
    done(begun, drafts.undo, NAME, TWO, since=2)
    assert now(begun) == ("a", 1)
    with pytest.raises(StaleError):
        done(begun, drafts.bring_back, NAME, 1, TWO, None)


def test_a_new_draft_does_not_know_the_states_of_the_old_one(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", ONE, since=1)
    done(begun, drafts.discard, NAME, ONE, since=2)
    done(begun, drafts.begin, NAME, "n", ONE)

    assert (now(begun), ways(begun)) == (("n", 1), (None, None))


def test_the_oldest_states_go_first(begun: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(1, 7):
        done(begun, drafts.save, NAME, str(number), ONE, since=number)

    found = [done(begun, drafts.undo, NAME, ONE, since=number) for number in (7, 6, 5)]

    assert found == [6, 5, 5]


def test_every_change_is_in_the_audit(begun: Record) -> None:
    done(begun, drafts.save, NAME, "b", TWO, since=1)
    done(begun, drafts.discard, NAME, ONE, since=2)

    with begun.engine.connect() as connection:
        rows = connection.execute(select(AUDIT.c.actor, AUDIT.c.action).order_by(AUDIT.c.id)).all()
    assert [tuple(row) for row in rows] == [
        ("login:li", "drafted"),
        ("login:wang", "drafted"),
        ("login:li", "discarded"),
    ]
