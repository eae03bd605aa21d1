"""Drafts: the text of a document somebody works on, with every state it had, so that all can be undone.

A draft is a row with a number that points to one of its states. A state knows the one it was made from: undoing points
there, redoing points back to what was made from it last. Whoever saves names the state they began from, so that
nobody saves over what somebody else has written meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, literal, select, update

from webadmin.store import audit, revisions
from webadmin.store.audit import Action
from webadmin.store.revisions import Act, digest_of
from webadmin.store.tables import AUDIT, DRAFT_STATES, DRAFTS, PROPOSALS, REVISIONS
from webadmin.store.writer import Transaction

MOST = 500
"""States kept of one draft; the oldest go first."""


LAID = "returned "
"""What was done where the text of a closed proposal was laid into a draft; its id follows."""


class StaleError(Exception):
    """Somebody else has changed the draft since.

    Attributes:
        now: The draft as it is: a row of drafts; None where it is gone.
    """

    def __init__(self, now: Row[Any] | None) -> None:
        super().__init__("the draft was changed by somebody else")
        self.now = now


def find(connection: Connection, document: str) -> Row[Any] | None:
    """Return the draft of a document as it is now, None where nobody works on it."""
    return connection.execute(select(DRAFTS).where(DRAFTS.c.document == document)).first()


def everything(connection: Connection) -> list[Row[Any]]:
    """Return every draft, by name of the document."""
    return list(connection.execute(select(DRAFTS).order_by(DRAFTS.c.document)))


def beginnings(connection: Connection) -> list[str]:
    """Return the texts drafts began with, those that were given up included."""
    return list(connection.execute(select(DRAFT_STATES.c.text).where(DRAFT_STATES.c.version == 1)).scalars())


def state(connection: Connection, document: str, version: int) -> Row[Any] | None:
    """Return a state a draft had, None where it is not kept."""
    columns = DRAFT_STATES.c
    chosen = select(DRAFT_STATES).where(columns.document == document, columns.version == version)
    return connection.execute(chosen).first()


def was_begun(connection: Connection, document: str) -> bool:
    """Say whether there ever was a draft of a document, given up or not."""
    return _newest(connection, document) > 0


def became(connection: Connection, document: str) -> str | None:
    """Return what became of the last draft of a document: `discarded`, or the state of the proposal it became.

    None where there never was one.
    """
    columns = AUDIT.c
    ends = (Action.DISCARDED, Action.DRAFTED, Action.PROPOSED)
    chosen = select(columns.action).where(columns.object == document, columns.action.in_([str(each) for each in ends]))
    last = list(connection.execute(chosen.order_by(columns.id.desc()).limit(2)).scalars())
    if last[:1] != [Action.DISCARDED]:
        return None
    of = PROPOSALS.c
    newest = select(of.state).where(of.document == document, of.retires.is_(False)).order_by(of.batch.desc()).limit(1)
    # A draft that is proposed is given up right after.
    state = connection.execute(newest).scalar() if last[1:] == [Action.PROPOSED] else None
    return str(Action.DISCARDED) if state is None else str(state)


def others(connection: Connection, document: str, actor: str, after: datetime) -> list[str]:
    """Return who else has changed the draft of a document after an instant, whoever did so last first."""
    columns = DRAFT_STATES.c
    chosen = select(columns.author).where(columns.document == document, columns.author != actor)
    chosen = chosen.where(columns.made_at > after).group_by(columns.author).order_by(func.max(columns.version).desc())
    return list(connection.execute(chosen).scalars())


def lately(connection: Connection, document: str, actor: str, after: datetime) -> list[tuple[str, datetime]]:
    """Return who else has changed the draft of a document after an instant, and when last, the latest first.

    What ships is a draft of nobody's.
    """
    columns, last = DRAFT_STATES.c, func.max(DRAFT_STATES.c.made_at)
    others = columns.author.not_in((actor, revisions.SYSTEM))
    chosen = select(columns.author, last).where(columns.document == document, others)
    chosen = chosen.where(columns.made_at > after).group_by(columns.author).order_by(last.desc())
    return [(str(author), at) for author, at in connection.execute(chosen)]


def aside(connection: Connection, document: str) -> list[Row[Any]]:
    """Return closed proposals, the newest first, whose texts lie beside the draft of a document: they are not in it.

    They were declined, sent back or taken back while somebody had begun another draft. Without a draft there are none.
    """
    states, columns = DRAFT_STATES.c, PROPOSALS.c
    own = states.document == document
    began = select(func.min(states.made_at)).where(own).scalar_subquery()
    texts, done = select(states.text).where(own), select(states.what).where(own)
    chosen = (
        select(columns.batch, columns.state, columns.author, columns.decided_at, REVISIONS.c.text)
        .join(REVISIONS, REVISIONS.c.id == columns.revision_id)
        .where(columns.document == document, columns.state.in_(revisions.CLOSED), columns.decided_at >= began)
        .where(columns.retires.is_(False))
        .where(REVISIONS.c.text.not_in(texts), literal(LAID).concat(columns.batch).not_in(done))
        .order_by(columns.decided_at.desc())
    )
    return [] if find(connection, document) is None else list(connection.execute(chosen))


def writers(connection: Connection, document: str, text: str) -> set[str]:
    """Return who has written any of a text, by the states of the draft that led to it; none where no draft has it.

    Beginning a draft from a revision writes nothing; one that did not begin from one was written by who began it.
    """
    columns = DRAFT_STATES.c
    rows = {row.version: row for row in connection.execute(select(DRAFT_STATES).where(columns.document == document))}
    known = set(connection.execute(select(REVISIONS.c.text).where(REVISIONS.c.document == document)).scalars())
    led = {version for version, row in rows.items() if row.text == text}
    waiting = list(led)
    while waiting:
        parent = rows[waiting.pop()].parent
        if parent in rows and parent not in led:
            led.add(parent)
            waiting.append(parent)
    return {rows[each].author for each in led if _is_written(rows[each], rows.get(rows[each].parent), known)}


def _is_written(row: Row[Any], before: Row[Any] | None, known: Collection[str]) -> bool:
    return row.text not in known if before is None else row.text != before.text


def begin(
    transaction: Transaction, document: str, text: str, act: Act, based_on: str | None = None, what: str = ""
) -> int:
    """Begin a draft; where there is one already it stays, and its number is returned.

    Args:
        transaction: What it happens in.
        document: Name of the document.
        text: Its text.
        act: Who begins it, and when.
        based_on: Digest of the revision it begins from; None for a new document.
        what: What was done, in a word the pages know.
    """
    transaction.flush()
    before = find(transaction.connection, document)
    if before is not None:
        return int(before.version)
    row = {"document": document, "text": text, "based_on": based_on, "author": act.actor, "version": 1}
    transaction.add(DRAFTS, {**row, "changed_at": act.now})
    _keep(transaction, document, (1, None), text, act, what)
    return 1


def save(transaction: Transaction, document: str, text: str, act: Act, *, since: int, what: str = "") -> int:
    """Save a text as the next state of a draft; return its number.

    Args:
        transaction: What it happens in.
        document: Name of the document.
        text: Its text.
        act: Who saves, and when.
        since: Number of the state the text was made from.
        what: What was done, in a word the pages know.

    Raises:
        StaleError: the draft is in another state by now, or gone.
    """
    before = _current(transaction, document, since)
    if before.text == text:
        return since
    newest = _newest(transaction.connection, document)
    _point(transaction, document, newest + 1, text, act)
    _keep(transaction, document, (newest + 1, since), text, act, what)
    _forget(transaction.connection, document)
    return newest + 1


def undo(transaction: Transaction, document: str, act: Act, *, since: int) -> int:
    """Go back to the state the present one was made from; return its number, the same where there is none.

    Raises:
        StaleError: the draft is in another state by now, or gone.
    """
    _current(transaction, document, since)
    now = state(transaction.connection, document, since)
    before = None if now is None or now.parent is None else state(transaction.connection, document, now.parent)
    return since if before is None else _point(transaction, document, before.version, before.text, act)


def redo(transaction: Transaction, document: str, act: Act, *, since: int) -> int:
    """Go on to the state that was made from the present one last; return its number, the same where there is none.

    Raises:
        StaleError: the draft is in another state by now, or gone.
    """
    _current(transaction, document, since)
    after = _after(transaction.connection, document, since)
    return since if after is None else _point(transaction, document, after.version, after.text, act)


def ways(connection: Connection, document: str, version: int) -> tuple[str | None, str | None]:
    """Return what could be undone and what could be done again, each the word of its state; None for nothing."""
    now, after = state(connection, document, version), _after(connection, document, version)
    can_undo = now is not None and now.parent is not None and state(connection, document, now.parent) is not None
    return (now.what if can_undo and now is not None else None), (None if after is None else after.what)


def discard(transaction: Transaction, document: str, act: Act, *, since: int | None = None) -> None:
    """Give a draft up; its last text stays in the audit entry's digest only, its states are kept for bringing it back.

    Raises:
        StaleError: the draft is in another state by now, or gone.
    """
    transaction.flush()
    before = find(transaction.connection, document) if since is None else _current(transaction, document, since)
    if before is None:
        raise StaleError(None)
    transaction.connection.execute(delete(DRAFTS).where(DRAFTS.c.document == document))
    audit.note(transaction, act.now, act.actor, Action.DISCARDED, document, {"digest": digest_of(before.text)})


def bring_back(transaction: Transaction, document: str, version: int, act: Act, based_on: str | None) -> int:
    """Take up a draft that was given up, in one of its states; return its number.

    Raises:
        StaleError: there is a draft again already, or that state is not kept.
    """
    transaction.flush()
    now, kept = find(transaction.connection, document), state(transaction.connection, document, version)
    if now is not None or kept is None:
        raise StaleError(now)
    row = {"document": document, "text": kept.text, "based_on": based_on, "author": act.actor, "version": version}
    transaction.add(DRAFTS, {**row, "changed_at": act.now})
    audit.note(transaction, act.now, act.actor, Action.DRAFTED, document, {"digest": digest_of(kept.text)})
    return version


def _current(transaction: Transaction, document: str, since: int) -> Row[Any]:
    transaction.flush()
    before = find(transaction.connection, document)
    if before is None or before.version != since:
        raise StaleError(before)
    return before


def _newest(connection: Connection, document: str) -> int:
    chosen = select(func.max(DRAFT_STATES.c.version)).where(DRAFT_STATES.c.document == document)
    return connection.execute(chosen).scalar() or 0


def _after(connection: Connection, document: str, version: int) -> Row[Any] | None:
    columns = DRAFT_STATES.c
    chosen = select(DRAFT_STATES).where(columns.document == document, columns.parent == version)
    return connection.execute(chosen.order_by(columns.version.desc()).limit(1)).first()


def _point(transaction: Transaction, document: str, version: int, text: str, act: Act) -> int:
    values = {"text": text, "version": version, "author": act.actor, "changed_at": act.now}
    transaction.connection.execute(update(DRAFTS).where(DRAFTS.c.document == document).values(values))
    audit.note(transaction, act.now, act.actor, Action.DRAFTED, document, {"digest": digest_of(text)})
    return version


def _keep(
    transaction: Transaction, document: str, version: tuple[int, int | None], text: str, act: Act, what: str
) -> None:
    number, parent = version
    if parent is None:
        transaction.connection.execute(delete(DRAFT_STATES).where(DRAFT_STATES.c.document == document))
        audit.note(transaction, act.now, act.actor, Action.DRAFTED, document, {"digest": digest_of(text)})
    row = {"document": document, "version": number, "parent": parent, "text": text, "what": what}
    transaction.add(DRAFT_STATES, {**row, "author": act.actor, "made_at": act.now})
    transaction.flush()


def _forget(connection: Connection, document: str) -> None:
    columns = DRAFT_STATES.c
    oldest = select(columns.version).where(columns.document == document).order_by(columns.version.desc())
    last = connection.execute(oldest.offset(MOST).limit(1)).scalar()
    if last is not None:
        connection.execute(delete(DRAFT_STATES).where(columns.document == document, columns.version <= last))
