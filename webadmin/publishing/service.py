"""The steps of publishing, for commands and pages alike: check, propose, approve, decline, roll back.

A proposal names fixed digests: whoever changes a text has to propose, and have approved, again. Rights are checked by
whoever calls; that nobody approves what they proposed, and that the set holds, is checked here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from policy.errors import did_you_mean
from webadmin.ids import new_id
from webadmin.publishing import checking, impacts, notes, retiring, timeline
from webadmin.publishing.answers import Approved, Checked, Item, Proposal, Proposed, Published, Refused, Returned
from webadmin.store import drafts, published, revisions
from webadmin.store.reasons import says_something
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act, Batch, Effective, Period, Refusal
from webadmin.store.writer import Transaction

TRIES = 5
"""How often a proposal is checked again because something was published meanwhile."""


class MovedError(Exception):
    """Something was published between the check and the writing, again and again: try later."""


def check(
    record: Record,
    documents: Mapping[str, str | bytes],
    period: Period,
    act: Act,
    *,
    may_backdate: bool = False,
) -> Checked:
    """Say what proposing some texts would come to; nothing is written.

    Args:
        record: What they would be in effect in.
        documents: What findings call a text → the text.
        period: From when to when; without a beginning from the day of approval.
        act: Who would propose, and when.
        may_backdate: True for who may give a period that begins in the past.
    """
    with record.reading() as connection:
        return checking.check(connection, documents, period, act, may_backdate=may_backdate)


def propose(
    record: Record,
    documents: Mapping[str, str | bytes],
    period: Period,
    note: str,
    act: Act,
    *,
    may_backdate: bool = False,
) -> Proposed | Refused:
    """Propose texts together; those that are in effect already are left out.

    Args:
        record: Where they shall be in effect.
        documents: What findings call a text → the text.
        period: From when to when; without a beginning from the day of approval.
        note: Why.
        act: Who proposes, and when.
        may_backdate: True for who may give a period that begins in the past.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    checked = check(record, documents, period, act, may_backdate=may_backdate)
    unfit = notes.problems(note, "/note")
    if unfit or not checked.is_fit:
        return Refused((*unfit, *checked.problems), checked.remarks)
    if not checked.changes:
        return Proposed(None, (), checked.unchanged, checked.remarks, is_new=False)
    same = _same(open_proposals(record), checked, period)
    name = same or record.writer.write(lambda transaction: _proposed(transaction, checked, period, note, act))
    return Proposed(name, checked.changes, checked.unchanged, checked.remarks, same is None, checked.overtakes)


def _same(proposals: Sequence[Proposal], checked: Checked, period: Period) -> str | None:
    """Return the id of an open proposal of the very same, seen at the same state of the record."""
    wanted = {(each.document, each.digest) for each in checked.changes}
    for each in proposals:
        is_same = each.period == period and each.base == checked.newest and not each.retires
        if is_same and {(item.document, item.digest) for item in each.items} == wanted:
            return each.id
    return None


def _proposed(transaction: Transaction, checked: Checked, period: Period, note: str, act: Act) -> str:
    connection = transaction.connection
    own = {name for each in checked.changes for name in _writers(connection, each.document, each.text)}
    batch = Batch(new_id(act.now), checked.newest, written_by=tuple(sorted(own)))
    for each in checked.changes:
        revision = revisions.add(transaction, each.document, each.text, act)
        revisions.propose(transaction, revision, period, note, act, batch)
    impacts.begin(transaction, checked.changes, act)
    return batch.id


def _writers(connection: Connection, document: str, text: str) -> set[str]:
    """Return who has written any of a text; of one that was in effect before nobody needs to be told apart."""
    digest = revisions.digest_of(text)
    if published.was_published(connection, document, digest):
        return set()
    before = (each.author for each in published.every(connection, document) if each.digest == digest)
    return {*before, *drafts.writers(connection, document, text)}


def approve(
    record: Record, proposal: str, act: Act, *, may_backdate: bool = False, remark: str = ""
) -> Approved | Refused:
    """Approve a proposal: all of its documents take effect at once, or nothing does.

    The whole set is checked again with what is in effect by now. A document that somebody else published meanwhile for
    a day of the same period is not overwritten.

    Args:
        record: Where it waits.
        proposal: Its id.
        act: Who approves, and when; not its author.
        may_backdate: True for who may give a period that begins in the past.
        remark: What the approver says.

    Raises:
        MovedError: something is published all the time.
        BusyError: nothing was written; trying again may help.
    """
    unfit = notes.problems(remark, "/comment")
    if unfit:
        return Refused(unfit)
    try:
        for _ in range(TRIES):
            with record.reading() as connection:
                rows = _approvable(connection, proposal, act)
                checked = _checked(connection, rows, act, may_backdate=may_backdate)
            if not checked.is_fit:
                return Refused.after(checked)
            done = record.writer.write(
                lambda transaction, rows=rows, newest=checked.newest: _approved(  # type: ignore[misc]
                    transaction, rows, newest, act, may_backdate=may_backdate, remark=remark
                )
            )
            if done is not None:
                return Approved(_proposal(rows), rows[0].since or act.today, done, checked.overtakes)
    except RefusedError as error:
        return Refused.by(error)
    raise MovedError


def _checked(connection: Connection, rows: Sequence[Row[Any]], act: Act, *, may_backdate: bool) -> Checked:
    """Say what approving the rows of a proposal would come to."""
    period = Period(rows[0].since or act.today, rows[0].until)
    if rows[0].retires:
        return retiring.check(connection, rows[0].document, period.since, act)
    texts = {row.document: row.text for row in rows}
    return checking.check(connection, texts, period, act, may_backdate=may_backdate)


def _approvable(connection: Connection, proposal: str, act: Act) -> list[Row[Any]]:
    """Return the rows of a proposal that may be approved, before its set is looked at.

    Raises:
        RefusedError: it is not there, not open, one's own, or overtaken.
    """
    rows = revisions.batch(connection, proposal)
    if rows[0].state != "open":
        raise RefusedError(Refusal.NOT_OPEN, found=proposal, state=rows[0].state)
    if act.actor in _proposal(rows).writers:
        raise RefusedError(Refusal.OWN, found=act.actor)
    for row in rows:
        later = revisions.overtaking(connection, row.document, row.base, Period(row.since or act.today, row.until))
        if later is not None and (later.digest, later.retires) != (row.digest, row.retires):
            raise RefusedError(
                Refusal.OVERTAKEN, document=row.document, number=str(later.number), approver=later.approver
            )
    return rows


def _approved(
    transaction: Transaction, rows: Sequence[Row[Any]], newest: int, act: Act, *, may_backdate: bool, remark: str
) -> list[int] | None:
    """Publish the rows of a proposal; None where something was published since they were checked."""
    transaction.flush()
    if revisions.newest(transaction.connection) != newest:
        return None
    return [revisions.approve(transaction, row.id, act, may_backdate=may_backdate, remark=remark) for row in rows]


def decline(record: Record, proposal: str, act: Act, remark: str) -> Proposal | Refused:
    """Decline a proposal, or withdraw it where it is one's own; return it as it was.

    Args:
        record: Where it waits.
        proposal: Its id.
        act: Who declines, and when.
        remark: Why; needed unless it is one's own.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    done = _closed(record, proposal, act, remark, keeping=False)
    return done if isinstance(done, Refused) else done.proposal


def ask_for_changes(record: Record, proposal: str, act: Act, remark: str) -> Returned | Refused:
    """Ask a proposal's author for changes, or take one's own back; its texts stay as drafts to work on.

    A document that has another draft keeps that one; the answer names it.

    Args:
        record: Where it waits.
        proposal: Its id.
        act: Who asks, and when.
        remark: What should be different.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    return _closed(record, proposal, act, remark, keeping=True)


def _closed(record: Record, proposal: str, act: Act, remark: str, *, keeping: bool) -> Returned | Refused:
    unfit = notes.problems(remark, "/comment")
    if unfit:
        return Refused(unfit)
    try:
        return record.writer.write(lambda transaction: _close(transaction, proposal, act, remark, keeping=keeping))
    except RefusedError as error:
        return Refused.by(error)


def _close(transaction: Transaction, proposal: str, act: Act, remark: str, *, keeping: bool) -> Returned:
    transaction.flush()
    rows = revisions.batch(transaction.connection, proposal)
    if not says_something(remark) and rows[0].author != act.actor:
        raise RefusedError(Refusal.NO_REMARK)
    live = revisions.in_effect(transaction.connection, act.today) if keeping else {}
    kept: list[str] = []
    apart: list[str] = []
    for row in rows:
        revisions.close(transaction, row.id, act, remark=remark, keeping=keeping)
        if keeping and not row.retires and not _is_known(transaction, row, act):
            (kept if _is_draft(transaction, row, act, live.get(row.document)) else apart).append(row.document)
    return Returned(_proposal(rows), tuple(kept), tuple(apart))


def _is_known(transaction: Transaction, row: Row[Any], act: Act) -> bool:
    """Say whether its author takes back the text of an earlier revision: it stands in the history anyway."""
    return bool(row.author == act.actor and published.was_published(transaction.connection, row.document, row.digest))


def _is_draft(transaction: Transaction, row: Row[Any], act: Act, live: Effective | None) -> bool:
    """Make the text of a proposal the draft where there is none; say whether it is the draft now."""
    drafts.begin(transaction, row.document, row.text, act, None if live is None else live.digest, "begun")
    draft = drafts.find(transaction.connection, row.document)
    return draft is not None and draft.text == row.text


def rollback(record: Record, document: str, act: Act, *, to: int | None = None, note: str = "") -> Proposed | Refused:
    """Propose an earlier revision again, from the day of approval on; the past stays as it was.

    Args:
        record: Where it shall be in effect.
        document: Its name.
        act: Who proposes, and when.
        to: Number of the revision; None: the one in effect before what is now, so that a second roll back undoes the
            first.
        note: Why.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    document = revisions.sought(document)
    try:
        with record.engine.connect() as connection:
            _check_known(connection, document)
            number = _earlier(connection, document, act) if to is None else to
            text = published.revision_of(connection, document, number).text
    except RefusedError as error:
        return Refused.by(error)
    return propose(record, {document: text}, Period(), note, act)


def has_earlier(record: Record, document: str, act: Act) -> bool:
    """Say whether there is an earlier revision that a roll back without a number would propose."""
    with record.engine.connect() as connection:
        try:
            return _earlier(connection, document, act) > 0
        except RefusedError:
            return False


def _check_known(connection: Connection, document: str) -> None:
    """Refuse a name nothing was published or proposed as.

    Raises:
        RefusedError: it is one.
    """
    known = published.known(connection)
    if document not in known:
        near = {name: str(value) for name, value in did_you_mean(document, known).items()}
        raise RefusedError(Refusal.UNKNOWN_DOCUMENT, document=document, **near)


def _earlier(connection: Connection, document: str, act: Act) -> int:
    """Return the number of the revision in effect last before what is in effect, and different from it.

    Raises:
        RefusedError: there is none.
    """
    for row in _left(connection, document, act):
        return int(row.number)
    raise RefusedError(Refusal.NOTHING_EARLIER, document=document)


def _left(connection: Connection, document: str, act: Act) -> list[Row[Any]]:
    """Return the last publication of each revision that was in effect and is not now, the latest in effect first."""
    now = revisions.in_effect(connection, act.today).get(document)
    rows = published.history(connection, document)
    counts = timeline.counted(rows)
    begun = {
        row.seq: max(each.begins for each in counts[row.seq].stretches if each.begins <= act.now)
        for row in rows
        if not row.retires and counts[row.seq].has_begun(act.now) and (now is None or row.digest != now.digest)
    }
    last: dict[str, Row[Any]] = {}
    for row in sorted((row for row in rows if row.seq in begun), key=lambda row: (begun[row.seq], row.seq)):
        last.pop(row.digest, None)
        last[row.digest] = row
    return list(reversed(last.values()))


def open_proposals(record: Record) -> list[Proposal]:
    """Return the proposals that wait, the newest first."""
    return all_proposals(record, only_open=True)


def all_proposals(record: Record, *, only_open: bool = False) -> list[Proposal]:
    """Return all proposals, the newest first."""
    with record.engine.connect() as connection:
        rows = revisions.proposals(connection, only_open=only_open)
    return [_proposal(list(batch)) for _, batch in groupby(rows, lambda row: row.batch)]


def proposal(record: Record, name: str) -> Proposal | Refused:
    """Return a proposal."""
    try:
        with record.engine.connect() as connection:
            return _proposal(revisions.batch(connection, name))
    except RefusedError as error:
        return Refused.by(error)


def texts(record: Record, name: str) -> dict[str, str]:
    """Return the texts of a proposal: name of the document → canonical text; none where there is no such proposal."""
    try:
        with record.engine.connect() as connection:
            return {row.document: row.text for row in revisions.batch(connection, name)}
    except RefusedError:
        return {}


def _proposal(rows: Sequence[Row[Any]]) -> Proposal:
    first = rows[0]
    return Proposal(
        first.batch,
        tuple(Item(row.document, row.number, row.digest) for row in rows),
        Period(first.since, first.until),
        first.author,
        first.note,
        first.state,
        first.base,
        first.created_at,
        first.decided_at,
        first.decided_by,
        first.remark,
        first.retires,
        tuple(dict.fromkeys((first.author, *json.loads(first.written_by)))),
    )


def history(record: Record, act: Act, document: str | None = None) -> list[Published]:
    """Return the publications of a document, or of all, the newest first.

    Args:
        record: Where they are.
        act: Its day says which of them are live.
        document: Its name; None for all.
    """
    with record.reading() as connection:
        live = {each.seq for each in revisions.standing(connection, act.today).values()}
        rows = published.history(connection, document)
    by_document = {name: list(own) for name, own in groupby(sorted(rows, key=_document), key=_document)}
    counts = {name: timeline.counted(own) for name, own in by_document.items()}
    return [_published(row, counts[row.document], by_document[row.document], live, act) for row in rows]


def _document(row: Row[Any]) -> str:
    return str(row.document)


def _published(
    row: Row[Any], counts: dict[int, timeline.Counted], rows: Sequence[Row[Any]], live: set[int], act: Act
) -> Published:
    return Published(
        row.document,
        row.seq,
        row.number,
        row.digest,
        row.since,
        row.until,
        row.author,
        row.approver,
        row.note,
        row.published_at,
        row.batch,
        row.seq in live,
        row.retires,
        row.proposed_at,
        row.remark,
        timeline.course(row, counts, rows, act.now),
        counts[row.seq].stretches,
        counts[row.seq].overtaken,
    )


def earlier(record: Record, act: Act, document: str) -> list[Published]:
    """Return the revisions that were in effect and are not now, by their last publications, the latest first.

    The first is what a roll back without a number proposes.
    """
    with record.reading() as connection:
        rows = _left(connection, document, act)
    known = {each.seq: each for each in history(record, act, document)}
    return [known[row.seq] for row in rows if row.seq in known]
