"""Publishing takes two identities, holds for the whole set on every day, and changes nothing where it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from policy.engine import check
from policy.errors import Grade
from policy.messages import CATALOGUE
from tests.webadmin.publishing.texts import (
    ASKING,
    BY_SITES,
    FROM_EIGHTY,
    FROM_FORTY,
    FROM_NINETY,
    FROM_SEVENTY,
    SIZE,
    VOCABULARY,
    WITHOUT_SITES,
)
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.decisions import service as deciding
from webadmin.decisions.service import Asked
from webadmin.publishing import export, later, service
from webadmin.publishing.answers import Approved, Proposal, Proposed, Refused, Returned
from webadmin.store import drafts, revisions, shipped
from webadmin.store.record import Record
from webadmin.store.revisions import Act, Period, Refusal
from webadmin.store.tables import AUDIT
from webadmin.store.verify import verify

NEXT_YEAR = date(2027, 1, 1)
NOT_YET = Period()


def proposed(record: Record, texts: Mapping[str, str], act: Act, period: Period = NOT_YET) -> str:
    done = service.propose(record, texts, period, "because", act)
    assert isinstance(done, Proposed), done
    assert done.proposal is not None
    return done.proposal


def published(record: Record, texts: Mapping[str, str], by: tuple[Act, Act], period: Period = NOT_YET) -> Approved:
    done = service.approve(record, proposed(record, texts, by[0], period), by[1])
    assert isinstance(done, Approved), done
    return done


def live(record: Record, day: date = TODAY) -> dict[str, int]:
    with record.engine.connect() as connection:
        return {name: each.number for name, each in revisions.in_effect(connection, day).items()}


def errors(refused: object) -> list[tuple[str, str, date]]:
    assert isinstance(refused, Refused)
    return [
        (each.finding.code, str(each.finding.place), each.day)
        for each in refused.remarks
        if each.finding.grade is Grade.ERROR
    ]


def codes(refused: object) -> list[str]:
    assert isinstance(refused, Refused)
    return [each.code for each in refused.problems]


@pytest.fixture
def two(alice: Act, bob: Act) -> tuple[Act, Act]:
    return alice, bob


@pytest.fixture
def started(record: Record, two: tuple[Act, Act]) -> Record:
    """Return a record in which the vocabulary and one policy are in effect since half a year ago."""
    for act in two:
        assert act.today == TODAY
    long_ago = tuple(replace(act, today=TODAY - timedelta(180), now=NOW - timedelta(180)) for act in two)
    published(record, {"v.yaml": VOCABULARY, "s.yaml": SIZE}, (long_ago[0], long_ago[1]))
    return record


def test_a_second_identity_puts_all_documents_into_effect_at_once(record: Record, alice: Act, bob: Act) -> None:
    name = proposed(record, {"v.yaml": VOCABULARY, "s.yaml": SIZE}, alice)
    before, [waiting] = live(record), service.open_proposals(record)

    done = service.approve(record, name, bob, remark="fine")

    assert before == {}
    assert (waiting.id, [each.document for each in waiting.items]) == (name, ["scorecard.size", "vocabulary"])
    assert isinstance(done, Approved)
    assert done.since == TODAY
    assert live(record) == {"scorecard.size": 1, "vocabulary": 1}
    assert service.open_proposals(record) == []
    assert [each.state for each in service.all_proposals(record)] == ["approved"]
    [first, _] = service.history(record, bob)
    assert (first.author, first.approver, first.note, first.is_live) == ("client:alice", "client:bob", "because", True)


def test_every_act_is_in_the_audit_and_the_record_holds(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    service.decline(started, name, bob, "no")
    published(started, {"s.yaml": FROM_EIGHTY}, (alice, bob))

    with started.engine.connect() as connection:
        rows = connection.execute(select(AUDIT.c.action, AUDIT.c.actor).order_by(AUDIT.c.id)).all()

    assert [(row.action, row.actor) for row in rows[-7:]] == [
        ("proposed", "client:alice"),
        ("job-started", "client:alice"),  # its impact report
        ("declined", "client:bob"),
        ("proposed", "client:alice"),
        ("job-started", "client:alice"),
        ("published", "client:bob"),
        ("approved", "client:bob"),
    ]
    with started.reading() as connection:
        assert verify(connection, started.catalogue, None).wrong == 0


def test_the_author_cannot_approve(started: Record, alice: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)

    assert codes(service.approve(started, name, alice)) == [Refusal.OWN]
    assert live(started)["scorecard.size"] == 1


def test_a_proposal_is_decided_once(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    service.approve(started, name, bob)

    assert codes(service.approve(started, name, bob)) == [Refusal.NOT_OPEN]
    assert codes(service.decline(started, name, bob, "late")) == [Refusal.NOT_OPEN]
    assert codes(service.approve(started, "nothing", bob)) == [Refusal.UNKNOWN_PROPOSAL]


def test_of_two_who_approve_at_once_one_does(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    carol = replace(bob, actor="client:carol")

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda act: service.approve(started, name, act), (bob, carol)))

    assert sorted(type(each).__name__ for each in done) == ["Approved", "Refused"]
    assert len(service.history(started, bob, "scorecard.size")) == 2


def test_two_proposals_approved_at_once_are_both_checked_with_each_other(started: Record, alice: Act, bob: Act) -> None:
    names = [proposed(started, {name: text}, alice) for name, text in (("n", BY_SITES), ("v", WITHOUT_SITES))]

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda name: service.approve(started, name, bob), names))

    assert sorted(type(each).__name__ for each in done) == ["Approved", "Refused"]  # together they would not load
    assert ("scorecard.net" in live(started)) == (live(started)["vocabulary"] == 1)


def test_proposals_that_do_not_touch_each_other_both_take_effect(started: Record, alice: Act, bob: Act) -> None:
    names = [proposed(started, {name: text}, alice) for name, text in (("n", BY_SITES), ("s", FROM_SEVENTY))]

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda name: service.approve(started, name, bob), names))

    assert [type(each).__name__ for each in done] == ["Approved", "Approved"]


def test_what_was_published_in_between_is_not_overwritten(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    published(started, {"s.yaml": FROM_EIGHTY}, (alice, bob))

    refused = service.approve(started, name, bob)

    assert codes(refused) == [Refusal.OVERTAKEN]
    assert live(started)["scorecard.size"] == 3  # 2 is what waits
    assert [each.id for each in service.open_proposals(started)] == [name]


def test_what_was_published_for_other_days_does_not_matter(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice, Period(TODAY, NEXT_YEAR))
    published(started, {"s.yaml": FROM_EIGHTY}, (alice, bob), Period(NEXT_YEAR))

    assert isinstance(service.approve(started, name, bob), Approved)
    assert (live(started)["scorecard.size"], live(started, NEXT_YEAR)["scorecard.size"]) == (2, 3)


def test_a_set_that_no_longer_holds_is_refused_at_approval(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"n.yaml": BY_SITES}, alice)
    published(started, {"v.yaml": WITHOUT_SITES}, (alice, bob))

    refused = service.approve(started, name, bob)

    assert ("unknown-input", "scorecard.net") in [(code, place.partition(":")[0]) for code, place, _ in errors(refused)]
    assert set(live(started)) == {"scorecard.size", "vocabulary"}


def test_a_set_that_breaks_on_a_later_day_only_is_refused(started: Record, alice: Act, bob: Act) -> None:
    published(started, {"v.yaml": WITHOUT_SITES}, (alice, bob), Period(NEXT_YEAR))

    refused = service.propose(started, {"n.yaml": BY_SITES}, NOT_YET, "", alice)
    until_then = service.propose(started, {"n.yaml": BY_SITES}, Period(TODAY, NEXT_YEAR), "", alice)

    assert {(place.partition(":")[0], day) for _, place, day in errors(refused)} == {("n.yaml", NEXT_YEAR)}
    assert isinstance(until_then, Proposed)


def test_what_would_break_something_beside_is_refused_at_its_place(started: Record, alice: Act) -> None:
    without_staff = "\n".join(line for line in VOCABULARY.splitlines() if "staff" not in line)

    refused = service.propose(started, {"v.yaml": without_staff}, NOT_YET, "", alice)

    assert {place.partition(":")[0] for _, place, _ in errors(refused)} == {"scorecard.size"}


def test_a_failing_test_blocks(started: Record, alice: Act) -> None:
    refused = service.propose(started, {"s.yaml": FROM_FORTY}, NOT_YET, "", alice)

    line = FROM_FORTY.splitlines().index("  - name: {zh: 五十人算小, en: fifty is small}") + 1
    assert errors(refused) == [("publish-test-fails", f"s.yaml:{line}:5", TODAY)]
    assert service.open_proposals(started) == []


def test_a_failing_test_of_a_policy_that_asks_blocks_too(started: Record, alice: Act, bob: Act) -> None:
    published(started, {"o.yaml": ASKING}, (alice, bob))

    refused = service.propose(started, {"s.yaml": FROM_SEVENTY}, NOT_YET, "", alice)

    assert [(code, place.partition(":")[0]) for code, place, _ in errors(refused)] == [
        ("publish-test-fails", "scorecard.offer")
    ]


def test_a_text_that_cannot_be_read_is_refused_where_it_is_wrong(started: Record, alice: Act) -> None:
    refused = service.propose(started, {"s.yaml": SIZE.replace("rules:", "ruls:"), "x": b"\xff"}, NOT_YET, "", alice)

    assert {("unknown-key", "s.yaml:8:1"), ("not-utf-8", "x:1:1")} <= {
        (code, place) for code, place, _ in errors(refused)
    }
    assert {place.partition(":")[0] for _, place, _ in errors(refused)} == {"s.yaml", "x"}


def test_a_name_longer_than_the_record_keeps_is_refused(started: Record, alice: Act) -> None:
    named = SIZE.replace("scorecard.size", f"scorecard.{'x' * 200}")

    refused = service.propose(started, {"s.yaml": named}, NOT_YET, "", alice)

    assert errors(refused) == [("publish-name-too-long", "s.yaml:1:1", TODAY)]


def test_what_is_in_effect_already_is_not_proposed(started: Record, alice: Act) -> None:
    done = service.propose(started, {"v.yaml": VOCABULARY, "s.yaml": SIZE.replace("\n", "\r\n")}, NOT_YET, "", alice)

    assert isinstance(done, Proposed)
    assert (done.proposal, done.changes, done.unchanged) == (None, (), ("scorecard.size", "vocabulary"))
    assert service.open_proposals(started) == []


def test_what_is_in_effect_today_but_not_throughout_is_a_change(started: Record, alice: Act, bob: Act) -> None:
    published(started, {"s.yaml": FROM_SEVENTY}, (alice, bob), Period(NEXT_YEAR))

    published(started, {"s.yaml": SIZE}, (alice, bob))

    assert live(started, NEXT_YEAR)["scorecard.size"] == 1


def test_the_very_same_proposal_is_not_made_twice(started: Record, alice: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)

    again = service.propose(started, {"s.yaml": FROM_SEVENTY}, NOT_YET, "", alice)
    other = service.propose(started, {"s.yaml": FROM_SEVENTY}, Period(NEXT_YEAR), "", alice)

    assert isinstance(again, Proposed)
    assert isinstance(other, Proposed)
    assert ((again.proposal, again.is_new), other.is_new) == ((name, False), True)


def test_a_check_writes_nothing(started: Record, alice: Act) -> None:
    good = service.check(started, {"s.yaml": FROM_SEVENTY}, NOT_YET, alice)
    bad = service.check(started, {"s.yaml": FROM_FORTY}, NOT_YET, alice)

    assert (good.is_fit, [each.document for each in good.changes]) == (True, ["scorecard.size"])
    assert not bad.is_fit
    assert service.all_proposals(started, only_open=True) == []


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (Period(TODAY - timedelta(1)), Refusal.BACKDATED),
        (Period(NEXT_YEAR, NEXT_YEAR), Refusal.EMPTY_PERIOD),
        (Period(None, TODAY), Refusal.EMPTY_PERIOD),
    ],
)
def test_a_period_that_cannot_be_is_refused(started: Record, alice: Act, period: Period, code: Refusal) -> None:
    assert codes(service.propose(started, {"s.yaml": FROM_SEVENTY}, period, "", alice)) == [code]


def test_to_begin_in_the_past_takes_the_right_twice(started: Record, alice: Act, bob: Act) -> None:
    past = Period(TODAY - timedelta(10))
    done = service.propose(started, {"s.yaml": FROM_SEVENTY}, past, "", alice, may_backdate=True)
    assert isinstance(done, Proposed)

    refused = service.approve(started, done.proposal or "", bob)
    approved = service.approve(started, done.proposal or "", bob, may_backdate=True)

    assert codes(refused) == [Refusal.BACKDATED]
    assert isinstance(approved, Approved)
    assert [live(started, TODAY - timedelta(days))["scorecard.size"] for days in (11, 10)] == [1, 2]


def test_a_beginning_that_has_passed_before_approval_is_back_dating(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice, Period(TODAY))

    late = replace(bob, today=TODAY + timedelta(1))

    assert codes(service.approve(started, name, late)) == [Refusal.BACKDATED]


PENALTY = "penalty.order-diversion"
RECORD = "consultation: {held: 2026-01-05, published: 2026-02-01, record: {zh: 纪要, en: Minutes}}\n"


def test_a_penalty_policy_needs_its_consultation_and_never_begins_in_the_past(
    filled: Record, alice: Act, bob: Act, rules: Path
) -> None:
    text = (rules / "penalty" / "order-diversion.yaml").read_text("utf-8")
    consulted = text.replace("\nsubject:", f"\n{RECORD}subject:", 1)
    past = Period(TODAY - timedelta(1))

    bare = service.propose(filled, {"p.yaml": text}, NOT_YET, "", alice)
    backdated = service.propose(filled, {"p.yaml": consulted}, past, "", alice, may_backdate=True)
    published(filled, {"p.yaml": consulted}, (alice, bob))

    assert [code for code, _, _ in errors(bare)] == ["publish-without-consultation"]
    assert codes(backdated) == [Refusal.BACKDATED]
    assert live(filled)[PENALTY] == 1


def test_what_ships_judges_no_conduct_of_the_past(record: Record, rules: Path, tmp_path: Path) -> None:
    for name in ("vocabulary.yaml", "reference/minimum-wage.yaml", "penalty/order-diversion.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = (rules / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("\nsubject:", f"\n{RECORD}subject:", 1), "utf-8")

    done = shipped.publish_folder(record, tmp_path, Act("system", NOW, TODAY))

    assert PENALTY in done.published
    assert PENALTY not in live(record, TODAY - timedelta(1))
    assert live(record)[PENALTY] == 1


def test_rolling_back_is_a_proposal_and_can_be_undone(started: Record, alice: Act, bob: Act) -> None:
    published(started, {"s.yaml": FROM_SEVENTY}, (alice, bob))

    back = service.rollback(started, "scorecard.size", alice)
    assert isinstance(back, Proposed)
    while_waiting = live(started)["scorecard.size"]
    refused = service.approve(started, back.proposal or "", alice)
    service.approve(started, back.proposal or "", bob)
    rolled_back = live(started)["scorecard.size"]
    undone = service.rollback(started, "scorecard.size", bob)
    assert isinstance(undone, Proposed)
    service.approve(started, undone.proposal or "", alice)

    assert codes(refused) == [Refusal.OWN]
    assert (while_waiting, rolled_back, live(started)["scorecard.size"]) == (2, 1, 2)
    assert [each.number for each in service.history(started, bob, "scorecard.size")] == [2, 1, 2, 1]
    assert live(started, TODAY - timedelta(1))["scorecard.size"] == 1


def test_what_cannot_be_rolled_back_to_is_told(started: Record, alice: Act) -> None:
    assert codes(service.rollback(started, "scorecard.size", alice)) == [Refusal.NOTHING_EARLIER]
    assert codes(service.rollback(started, "scorecard.size", alice, to=7)) == [Refusal.UNKNOWN_REVISION]
    same = service.rollback(started, "scorecard.size", alice, to=1)
    assert isinstance(same, Proposed)
    assert same.proposal is None


def test_an_earlier_revision_that_fits_no_more_is_refused(started: Record, alice: Act, bob: Act) -> None:
    published(started, {"n.yaml": BY_SITES}, (alice, bob))
    by_staff = BY_SITES.replace("customer.sites", "customer.staff").replace("sites:", "staff:")
    published(started, {"n.yaml": by_staff, "v.yaml": WITHOUT_SITES}, (alice, bob))

    refused = service.rollback(started, "scorecard.net", alice)

    assert errors(refused) != []
    assert live(started)["scorecard.net"] == 2


def test_a_refusal_by_a_person_says_why(started: Record, alice: Act, bob: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)

    silent = service.decline(started, name, bob, " ")
    done = service.decline(started, name, bob, "too low")

    assert codes(silent) == [Refusal.NO_REMARK]
    assert isinstance(done, Proposal)
    [told] = service.all_proposals(started)[:1]
    assert (told.state, told.remark, told.decided_by) == ("declined", "too low", "client:bob")


@pytest.mark.parametrize("note", ["a\0b", "half \ud800", "\x1b[2J", "\x9b2J", "x" * 2001])
def test_a_note_no_record_or_screen_can_hold_is_refused(started: Record, alice: Act, bob: Act, note: str) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)

    said = [
        service.propose(started, {"s.yaml": FROM_EIGHTY}, NOT_YET, note, alice),
        service.approve(started, name, bob, remark=note),
        service.decline(started, name, bob, note),
        service.rollback(started, "scorecard.size", alice, to=1, note=note),
    ]

    assert [codes(each) for each in said] == [[Refusal.UNFIT_NOTE]] * 4
    assert [each.id for each in service.open_proposals(started)] == [name]


@pytest.mark.parametrize(
    "note", ["第一行\r\n\tsecond", "提高\u3000限额", "no\u00a0break", "👩\u200d💻", "\u202eback", ""]
)
def test_ordinary_writing_is_kept_as_it_is(started: Record, alice: Act, note: str) -> None:
    done = service.propose(started, {"s.yaml": FROM_SEVENTY}, NOT_YET, note, alice)

    assert isinstance(done, Proposed)
    assert service.open_proposals(started)[0].note == note


@pytest.mark.parametrize("name", ["x\0", "\udcff", ""])
def test_a_name_no_record_can_hold_is_found_nowhere(started: Record, alice: Act, bob: Act, name: str) -> None:
    assert codes(service.proposal(started, name)) == [Refusal.UNKNOWN_PROPOSAL]
    assert codes(service.approve(started, name, bob)) == [Refusal.UNKNOWN_PROPOSAL]
    assert codes(service.decline(started, name, bob, "no")) == [Refusal.UNKNOWN_PROPOSAL]
    assert codes(service.rollback(started, name, alice)) == [Refusal.UNKNOWN_DOCUMENT]
    assert codes(service.rollback(started, name, alice, to=1)) == [Refusal.UNKNOWN_DOCUMENT]
    assert service.history(started, alice, name) == []
    assert service.texts(started, name) == {}


def test_one_s_own_proposal_is_withdrawn(started: Record, alice: Act) -> None:
    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)

    service.decline(started, name, alice, "")

    assert service.all_proposals(started)[0].state == "withdrawn"


def test_asking_for_changes_leaves_a_draft_to_work_on(started: Record, alice: Act, bob: Act) -> None:
    first = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    service.ask_for_changes(started, first, bob, "80, not 70")
    second = proposed(started, {"s.yaml": FROM_EIGHTY}, alice)
    service.ask_for_changes(started, second, bob, "and say why")

    with started.engine.connect() as connection:
        draft = drafts.find(connection, "scorecard.size")

    assert draft is not None
    assert draft.text == FROM_SEVENTY  # a draft that is there is nobody else's to overwrite
    assert [each.state for each in service.all_proposals(started)][:2] == ["returned", "returned"]
    with started.engine.connect() as connection:
        assert verify(connection, started.catalogue, None).wrong == 0
    assert codes(service.approve(started, first, bob)) == [Refusal.NOT_OPEN]


def test_a_text_sent_back_lies_beside_another_draft_until_it_is_laid_in(started: Record, alice: Act, bob: Act) -> None:
    def beside() -> list[str]:
        with started.engine.connect() as connection:
            return [row.batch for row in drafts.aside(connection, "scorecard.size")]

    name = proposed(started, {"s.yaml": FROM_SEVENTY}, alice)
    first = started.writer.write(lambda change: drafts.begin(change, "scorecard.size", FROM_EIGHTY, alice))
    assert beside() == []

    done = service.ask_for_changes(started, name, bob, "why?")

    assert isinstance(done, Returned)
    assert (done.apart, done.proposal.id) == (("scorecard.size",), name)
    assert service.texts(started, name) == {"scorecard.size": FROM_SEVENTY}
    assert beside() == [name]
    laid = f"{drafts.LAID}{name}"
    started.writer.write(
        lambda change: drafts.save(change, "scorecard.size", f"{FROM_EIGHTY}# 70\n", alice, since=first, what=laid)
    )
    assert beside() == []


def test_a_text_sent_back_without_another_draft_is_the_draft(started: Record, alice: Act, bob: Act) -> None:
    done = service.ask_for_changes(started, proposed(started, {"s.yaml": FROM_SEVENTY}, alice), bob, "why?")

    assert isinstance(done, Returned)
    assert done.apart == ()
    with started.engine.connect() as connection:
        assert drafts.aside(connection, "scorecard.size") == []


def test_what_was_published_once_has_nothing_earlier(started: Record, alice: Act, bob: Act) -> None:
    assert not service.has_earlier(started, "scorecard.size", alice)
    published(started, {"s.yaml": FROM_SEVENTY}, (alice, bob))
    assert service.has_earlier(started, "scorecard.size", alice)
    assert not service.has_earlier(started, "scorecard.none", alice)


def test_only_what_has_not_begun_and_covers_one_text_is_called_off(started: Record, alice: Act, bob: Act) -> None:
    def plans() -> list[object]:
        seqs = [each.seq for each in service.history(started, alice, "scorecard.size")]
        with started.engine.connect() as connection:
            return [later.without(connection, "scorecard.size", seq, alice) for seq in (*seqs, 999)]

    soon, end = Period(NEXT_YEAR), NEXT_YEAR + timedelta(9)
    published(started, {"s.yaml": FROM_SEVENTY}, (alice, bob), Period(NEXT_YEAR + timedelta(30)))
    published(started, {"s.yaml": FROM_EIGHTY}, (alice, bob), soon)
    assert plans() == [None, None, None, None]  # two texts below, overtaken, in effect, none of that number
    published(started, {"s.yaml": FROM_NINETY}, (alice, bob), Period(NEXT_YEAR, end))
    assert plans() == [(FROM_EIGHTY, Period(NEXT_YEAR, end)), None, None, None, None]

    refused = later.call_off(started, "scorecard.size", 999, "", alice)
    newest = service.history(started, alice, "scorecard.size")[0].seq
    done = later.call_off(started, "scorecard.size", newest, "no", alice)

    assert codes(refused) == [Refusal.NOTHING_EARLIER]
    assert isinstance(done, Proposed)
    assert service.approve(started, str(done.proposal), bob)
    assert live(started, NEXT_YEAR) == live(started, end)


def test_another_process_follows_at_once_and_days_take_their_revision(started: Record, alice: Act, bob: Act) -> None:
    other = Record.open(started.engine.url.render_as_string(hide_password=False))
    facts = {"customer": {"id": "c1", "staff": 75}}

    def answer(day: date) -> object:
        with other.engine.connect() as connection:
            made = deciding.make(other, connection, Asked("scorecard.size", facts, str(day)), actor="x", now=NOW)
        return made.decision.outcome

    before = [answer(day) for day in (TODAY - timedelta(1), TODAY, NEXT_YEAR)]
    published(started, {"s.yaml": FROM_SEVENTY}, (alice, bob), Period(NEXT_YEAR))
    after = [answer(day) for day in (TODAY - timedelta(1), TODAY, NEXT_YEAR - timedelta(1), NEXT_YEAR)]
    other.close()

    small, large = {"size": "small"}, {"size": "large"}
    assert before == [small, small, small]
    assert after == [small, small, small, large]


def test_what_is_exported_checks_and_is_unchanged(filled: Record, alice: Act, tmp_path: Path, rules: Path) -> None:
    folder = tmp_path / "live"
    files = export.write(folder, export.texts(filled, TODAY))

    done = service.propose(filled, {str(path): path.read_bytes() for path in files}, NOT_YET, "", alice)

    assert check([folder]).is_sound
    assert isinstance(done, Proposed)
    assert (done.changes, len(done.unchanged)) == ((), len(files))
    assert (folder / "approval" / "order.yaml").read_bytes() == (rules / "approval" / "order.yaml").read_bytes()
    assert not (folder / "penalty").exists()
    with pytest.raises(export.OccupiedError):
        export.write(folder, export.texts(filled, TODAY))


def test_one_policy_is_exported_with_what_it_uses(started: Record, alice: Act, bob: Act, tmp_path: Path) -> None:
    published(started, {"o.yaml": ASKING, "n.yaml": BY_SITES}, (alice, bob))

    files = export.write(tmp_path / "one", export.texts(started, TODAY, "scorecard.offer"))

    assert [path.relative_to(tmp_path / "one").as_posix() for path in files] == [
        "scorecard/offer.yaml",
        "scorecard/size.yaml",
        "vocabulary.yaml",
    ]
    assert check([tmp_path / "one"]).is_sound
    with pytest.raises(export.NothingError):
        export.texts(started, TODAY, "scorecard.none")
    with pytest.raises(export.NothingError):
        export.texts(started, date(2020, 1, 1))


def test_every_refusal_has_its_sentence() -> None:
    assert [each for each in Refusal if each not in CATALOGUE] == []
