"""Retiring a policy: two people, never in the past, nobody left without what they ask; and it is brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.webadmin.publishing.texts import ASKING, FROM_EIGHTY, SIZE, VOCABULARY
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.decisions import service as deciding
from webadmin.decisions.service import Asked, RetiredPolicyError
from webadmin.publishing import later, retiring, service
from webadmin.publishing.answers import Approved, Proposed, Refused
from webadmin.store import drafts, revisions, shipped
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period
from webadmin.store.tables import PUBLICATIONS
from webadmin.store.verify import verify

NAME = "scorecard.size"
TOMORROW, NEXT_YEAR = TODAY + timedelta(1), date(2027, 1, 1)
FACTS = {"customer": {"id": "c1", "staff": 50}}
UNSAID = Period()


def published(record: Record, texts: dict[str, str], by: tuple[Act, Act], period: Period = UNSAID) -> Approved:
    done = service.propose(record, texts, period, "because", by[0])
    assert isinstance(done, Proposed), done
    assert done.proposal is not None
    return approved(record, done.proposal, by[1])


def approved(record: Record, proposal: str, act: Act) -> Approved:
    done = service.approve(record, proposal, act)
    assert isinstance(done, Approved), done
    return done


def proposed(record: Record, act: Act, since: date | None = None, reason: str = "no longer needed") -> str:
    done = retiring.propose(record, NAME, since, reason, act)
    assert isinstance(done, Proposed), done
    assert done.proposal is not None
    return done.proposal


def codes(refused: object) -> list[str]:
    assert isinstance(refused, Refused), refused
    return [each.code for each in refused.problems]


def live(record: Record, day: date = TODAY) -> int | None:
    with record.engine.connect() as connection:
        found = revisions.in_effect(connection, day).get(NAME)
    return None if found is None else found.number


def decided(record: Record, as_of: date) -> str:
    with record.engine.connect() as connection:
        asked = Asked(NAME, FACTS, as_of.isoformat())
        return str(deciding.make(record, connection, asked, actor="client:test", now=NOW).decision.status)


def wrong(record: Record) -> list[tuple[str, object]]:
    with record.engine.connect() as connection:
        found = verify(connection, record.catalogue, None).first
        return [(place, each.values) for place, each in found.items()]


@pytest.fixture
def two(alice: Act, bob: Act) -> tuple[Act, Act]:
    return alice, bob


@pytest.fixture
def sized(record: Record, two: tuple[Act, Act]) -> Record:
    published(record, {"v.yaml": VOCABULARY, "s.yaml": SIZE}, two)
    return record


def test_from_its_day_on_nothing_is_decided_and_before_it_all_stays(sized: Record, two: tuple[Act, Act]) -> None:
    made = approved(sized, proposed(sized, two[0], TOMORROW), two[1])

    assert (made.since, live(sized), live(sized, TOMORROW), live(sized, NEXT_YEAR)) == (TOMORROW, 1, None, None)
    assert decided(sized, TODAY) == "decided"
    with pytest.raises(RetiredPolicyError) as refused:
        decided(sized, TOMORROW)
    told = refused.value.retired
    assert (told.since, told.author, told.approver, told.note) == (
        *(TOMORROW, two[0].actor, two[1].actor),
        "no longer needed",
    )
    assert wrong(sized) == []


def test_without_a_day_it_is_the_day_of_approval(sized: Record, two: tuple[Act, Act]) -> None:
    assert approved(sized, proposed(sized, two[0]), two[1]).since == TODAY
    assert live(sized) is None


def test_nobody_retires_alone_in_the_past_or_without_a_reason(sized: Record, two: tuple[Act, Act]) -> None:
    yesterday = TODAY - timedelta(1)
    assert codes(retiring.propose(sized, NAME, yesterday, "no use", two[0])) == ["publication-backdated"]
    assert codes(retiring.propose(sized, NAME, None, " \n", two[0])) == ["proposal-no-remark"]
    assert codes(retiring.propose(sized, NAME, None, "\x07", two[0])) == ["proposal-unfit-note"]

    waiting = proposed(sized, two[0])

    assert codes(service.approve(sized, waiting, two[0], may_backdate=True)) == ["proposal-own"]
    assert live(sized) == 1


def test_a_day_that_passed_while_it_waited_is_not_approved(sized: Record, two: tuple[Act, Act]) -> None:
    waiting = proposed(sized, two[0], TODAY)
    late = Act(two[1].actor, two[1].now + timedelta(1), TOMORROW)

    assert codes(service.approve(sized, waiting, late, may_backdate=True)) == ["publication-backdated"]


@pytest.mark.parametrize("document", ["scorecard.none", "vocabulary"])
def test_only_a_policy_in_effect_is_retired(sized: Record, two: tuple[Act, Act], document: str) -> None:
    assert codes(retiring.propose(sized, document, None, "no use", two[0])) == ["retire-nothing"]


def test_what_waits_is_not_proposed_twice_and_what_is_retired_not_again(sized: Record, two: tuple[Act, Act]) -> None:
    waiting = proposed(sized, two[0])

    assert proposed(sized, two[1]) == waiting
    approved(sized, waiting, two[1])
    assert codes(retiring.propose(sized, NAME, None, "no use", two[0])) == ["retire-retired"]


def test_a_policy_that_others_ask_stays(sized: Record, two: tuple[Act, Act]) -> None:
    """Also where they begin to ask it on a later day, and where they do so while the proposal waits."""
    waiting = proposed(sized, two[0])
    published(sized, {"a.yaml": ASKING}, two, Period(NEXT_YEAR))

    refused = retiring.propose(sized, NAME, TOMORROW, "no use", two[0])

    assert codes(refused) == ["retire-asked"]
    assert isinstance(refused, Refused)
    assert refused.problems[0].values["names"] == ("scorecard.offer",)
    assert codes(service.approve(sized, waiting, two[1])) == ["retire-asked"]
    assert live(sized) == 1


def test_what_was_published_meanwhile_is_not_retired_unseen(sized: Record, two: tuple[Act, Act]) -> None:
    waiting = proposed(sized, two[0])
    published(sized, {"s.yaml": FROM_EIGHTY}, two)

    assert codes(service.approve(sized, waiting, two[1])) == ["publication-overtaken"]


def test_an_older_proposal_does_not_bring_it_back_unseen(sized: Record, two: tuple[Act, Act]) -> None:
    older = service.propose(sized, {"s.yaml": FROM_EIGHTY}, UNSAID, "no use", two[0])
    assert isinstance(older, Proposed)
    assert older.proposal is not None
    approved(sized, proposed(sized, two[0]), two[1])

    assert codes(service.approve(sized, older.proposal, two[1])) == ["publication-overtaken"]


def test_it_is_brought_back_as_a_new_publication(sized: Record, two: tuple[Act, Act]) -> None:
    approved(sized, proposed(sized, two[0]), two[1])

    back = service.rollback(sized, NAME, two[1], to=1)

    assert isinstance(back, Proposed)
    assert back.proposal is not None
    approved(sized, back.proposal, two[0])
    assert live(sized) == 1
    assert decided(sized, TODAY) == "decided"
    told = [(each.retires, each.is_live) for each in service.history(sized, two[0], NAME)]
    assert told == [(False, True), (True, False), (False, False)]
    assert wrong(sized) == []


def test_a_retirement_of_a_later_day_is_called_off(sized: Record, two: tuple[Act, Act]) -> None:
    seq = approved(sized, proposed(sized, two[0], NEXT_YEAR), two[1]).publications[0]

    off = later.call_off(sized, NAME, seq, "it is needed", two[0])

    assert isinstance(off, Proposed)
    assert off.proposal is not None
    approved(sized, off.proposal, two[1])
    assert live(sized, NEXT_YEAR) == 1


@pytest.mark.parametrize("close", [service.decline, service.ask_for_changes])
def test_one_that_is_closed_leaves_no_draft(sized: Record, two: tuple[Act, Act], close: Callable[..., object]) -> None:
    waiting = proposed(sized, two[0])

    close(sized, waiting, two[1], "keep it")

    with sized.engine.connect() as connection:
        assert drafts.find(connection, NAME) is None
    assert live(sized) == 1


def test_the_folder_does_not_bring_back_what_people_retire(
    record: Record, two: tuple[Act, Act], tmp_path: Path
) -> None:
    system = Act(revisions.SYSTEM, NOW, TODAY)
    for name, text in (("vocabulary.yaml", VOCABULARY), ("size.yaml", SIZE)):
        (tmp_path / name).write_text(text, "utf-8")
    shipped.publish_folder(record, tmp_path, system)
    approved(record, proposed(record, two[0], NEXT_YEAR), two[1])

    for text in (SIZE, FROM_EIGHTY):
        (tmp_path / "size.yaml").write_text(text, "utf-8")
        done = shipped.publish_folder(record, tmp_path, system)
        assert NAME not in done.published, "a later retirement is not undone by what ships"
    then = Act(revisions.SYSTEM, NOW, NEXT_YEAR)
    assert NAME not in shipped.publish_folder(record, tmp_path, then).published
    assert live(record, NEXT_YEAR) is None


def test_verification_names_a_retirement_that_was_altered(sized: Record, two: tuple[Act, Act]) -> None:
    seq = approved(sized, proposed(sized, two[0]), two[1]).publications[0]
    with sized.engine.begin() as connection:
        connection.execute(update(PUBLICATIONS).where(PUBLICATIONS.c.seq == seq).values(retires=False))

    assert wrong(sized) == [("publications", {"column": "retires"})]
