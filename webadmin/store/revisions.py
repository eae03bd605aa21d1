"""Revisions, proposals and publications: which text of a document is in effect on a day, and who decided that.

A publication is never changed. Of those that cover a day the one published last counts; rolling back is publishing an
earlier revision again, from today on. Retiring a document is a publication, too: while it counts, nothing of the
document is in effect. Only `system`, which publishes what ships, begins in the past without a right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, text, update

from policy.model.canonical import canonical_json
from webadmin.ids import new_id
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.refusing import RefusedError
from webadmin.store.tables import PROPOSALS, PUBLICATIONS, REVISIONS
from webadmin.store.writer import Transaction

SYSTEM = "system"
"""The actor that publishes what ships."""


CLOSED = ("declined", "returned", "withdrawn")
"""States of proposals that were ended without being approved."""


class Refusal(StrEnum):
    """Why a step of publication is refused."""

    UNKNOWN_PROPOSAL = "proposal-unknown"
    UNKNOWN_DOCUMENT = "document-unknown"
    UNKNOWN_REVISION = "revision-unknown"
    NOT_OPEN = "proposal-not-open"
    OWN = "proposal-own"
    BACKDATED = "publication-backdated"
    EMPTY_PERIOD = "publication-empty-period"
    OVERTAKEN = "publication-overtaken"
    NOTHING_EARLIER = "rollback-nothing"
    NO_REMARK = "proposal-no-remark"
    UNFIT_NOTE = "proposal-unfit-note"
    NOTHING_TO_RETIRE = "retire-nothing"
    RETIRED = "retire-retired"
    ASKED = "retire-asked"


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, half-open; without `since` from the day of approval, without `until` without end."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and when: the instant, and the day it is where the organisation is."""

    actor: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Effective:
    """The revision of a document in effect on a day, or the one that left where it is retired.

    Attributes:
        seq: Number of the publication that made it so.
        note: What its author said.
        retires: Whether the document is retired.
    """

    document: str
    digest: str
    number: int
    seq: int
    since: date
    until: date | None
    author: str
    approver: str
    note: str
    retires: bool


def sought(name: str) -> str:
    """Return a name as a database can be asked for it: what no text there can hold is written out, and not found."""
    return name.encode("utf-8", "backslashreplace").decode().replace("\0", r"\x00")


def digest_of(text: str) -> str:
    """Return the digest of a canonical text, as decisions name it."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def add(transaction: Transaction, document: str, text: str, act: Act) -> Row[Any]:
    """Return the revision of a document with this canonical text, made if there is none."""
    transaction.flush()
    digest = digest_of(text)
    known = _revision(transaction.connection, document, digest)
    if known is not None:
        return known
    columns = REVISIONS.c
    last = transaction.connection.execute(select(func.max(columns.number)).where(columns.document == document)).scalar()
    transaction.add(
        REVISIONS,
        {
            "id": new_id(act.now),
            "document": document,
            "number": (last or 0) + 1,
            "digest": digest,
            "text": text,
            "author": act.actor,
            "created_at": act.now,
        },
    )
    transaction.flush()
    made = _revision(transaction.connection, document, digest)
    assert made is not None  # noqa: S101 - it was written just now
    return made


def _revision(connection: Connection, document: str, digest: str) -> Row[Any] | None:
    columns = REVISIONS.c
    return connection.execute(select(REVISIONS).where(columns.document == document, columns.digest == digest)).first()


@dataclass(frozen=True, slots=True)
class Batch:
    """What revisions are proposed in together.

    Attributes:
        id: What people call the proposal.
        base: Number of the latest publication its author had seen.
        retires: Whether the documents are to be retired.
        written_by: Who has written any of it: none of them can approve it.
    """

    id: str
    base: int
    retires: bool = False
    written_by: tuple[str, ...] = ()


def propose(
    transaction: Transaction, revision: Row[Any], period: Period, note: str, act: Act, batch: Batch | None = None
) -> str:
    """Propose a revision, alone or with others of a batch; return the id of its row.

    Raises:
        RefusedError: the period is empty.
    """
    if period.since is not None and period.until is not None and period.until <= period.since:
        raise RefusedError(Refusal.EMPTY_PERIOD, since=str(period.since), until=str(period.until))
    name = new_id(act.now)
    within = batch or Batch(name, newest(transaction.connection))
    transaction.add(
        PROPOSALS,
        {
            "id": name,
            "batch": within.id,
            "base": within.base,
            "revision_id": revision.id,
            "document": revision.document,
            "since": period.since,
            "until": period.until,
            "retires": within.retires,
            "author": act.actor,
            "written_by": canonical_json(list(within.written_by)),
            "note": note,
            "state": "open",
            "created_at": act.now,
            "decided_at": None,
            "decided_by": None,
            "remark": None,
        },
    )
    what = {
        "proposal": name,
        "batch": within.id,
        "base": within.base,
        "since": period.since,
        "until": period.until,
        "note": note,
        "writers": list(within.written_by),
        **_retiring(retires=within.retires),
        **_anchor(revision),
    }
    audit.note(transaction, act.now, act.actor, Action.PROPOSED, revision.document, what)
    return name


def _retiring(*, retires: bool) -> dict[str, Any]:
    """Return what an audit entry says of retiring; those of before it could be done say nothing."""
    return {"retires": True} if retires else {}


def _anchor(revision: Row[Any]) -> dict[str, Any]:
    """Return all that is known of a revision for an audit entry, so that its row can be held against the chain."""
    return {
        "revision": revision.id,
        "number": revision.number,
        "digest": revision.digest,
        "written_by": revision.author,
        "written_at": revision.created_at.isoformat(),
    }


def proposal(connection: Connection, name: str) -> Row[Any]:
    """Return a proposal.

    Raises:
        RefusedError: there is none of that id.
    """
    name = sought(name)
    found = connection.execute(select(PROPOSALS).where(PROPOSALS.c.id == name)).first()
    if found is None:
        raise RefusedError(Refusal.UNKNOWN_PROPOSAL, found=name)
    return found


def batch(connection: Connection, name: str) -> list[Row[Any]]:
    """Return the rows of a proposal with number, digest and text of their revisions, by name of the document.

    Raises:
        RefusedError: there is none of that id.
    """
    name = sought(name)
    found = list(connection.execute(_PROPOSED.where(PROPOSALS.c.batch == name).order_by(PROPOSALS.c.document)))
    if not found:
        raise RefusedError(Refusal.UNKNOWN_PROPOSAL, found=name)
    return found


def proposals(connection: Connection, *, only_open: bool = True) -> list[Row[Any]]:
    """Return the rows of all proposals with number, digest and text of their revisions, the newest proposal first."""
    chosen = _PROPOSED.order_by(PROPOSALS.c.batch.desc(), PROPOSALS.c.document)
    return list(connection.execute(chosen.where(PROPOSALS.c.state == "open") if only_open else chosen))


def asked(connection: Connection, document: str, before: str | None = None) -> list[Row[Any]]:
    """Return the proposals of a document whose authors were asked for changes, the newest first.

    Those count that nothing was approved or declined after.

    Args:
        connection: To the record.
        document: Its name.
        before: Id of a proposal: only those before it; None for all.
    """
    columns = PROPOSALS.c
    chosen = select(PROPOSALS).where(columns.document == document, columns.state != "open")
    chosen = chosen if before is None else chosen.where(columns.batch < before)
    found: list[Row[Any]] = []
    for row in connection.execute(chosen.order_by(columns.batch.desc())):
        if row.state in {"approved", "declined"}:
            break
        found += [row] if row.state == "returned" else []
    return found


_PROPOSED = select(PROPOSALS, REVISIONS.c.number, REVISIONS.c.digest, REVISIONS.c.text).join(
    REVISIONS, REVISIONS.c.id == PROPOSALS.c.revision_id
)


def overtaking(connection: Connection, document: str, base: int, period: Period) -> Row[Any] | None:
    """Return the latest publication of a document after number `base` that covers a day of a period with `since`."""
    columns = PUBLICATIONS.c
    chosen = (
        select(PUBLICATIONS, REVISIONS.c.number, REVISIONS.c.digest)
        .join(REVISIONS, REVISIONS.c.id == columns.revision_id)
        .where(columns.document == document, columns.seq > base)
        .where(or_(columns.until.is_(None), columns.until > period.since))
        .order_by(columns.seq.desc())
    )
    if period.until is not None:
        chosen = chosen.where(columns.since < period.until)
    return connection.execute(chosen).first()


def approve(transaction: Transaction, name: str, act: Act, *, may_backdate: bool = False, remark: str = "") -> int:
    """Approve a proposal, and so publish its revision; return the publication's number.

    Args:
        transaction: What it happens in.
        name: The proposal.
        act: Who approves; not its author.
        may_backdate: True for who may give a period that begins in the past; never for penalty policies.
        remark: What the approver says.

    Raises:
        RefusedError: it is not open, its author approves it, or it begins in the past.
    """
    transaction.flush()
    found = _open(transaction.connection, name)
    if act.actor in (found.author, *json.loads(found.written_by)):
        raise RefusedError(Refusal.OWN, found=act.actor)
    since = found.since or act.today
    is_penalty = found.document.startswith("penalty.")
    if since < act.today and (is_penalty or not may_backdate):
        raise RefusedError(Refusal.BACKDATED, since=str(since), today=str(act.today))
    if found.until is not None and found.until <= since:
        raise RefusedError(Refusal.EMPTY_PERIOD, since=str(since), until=str(found.until))
    _decide(transaction, found, "approved", act, remark)
    period = Period(since, found.until)
    signed = Signed(found.author, act.actor, found.note, name, retires=found.retires)
    seq = publish(transaction, found.document, found.revision_id, period, signed, act)
    audit.note(
        transaction,
        act.now,
        act.actor,
        Action.APPROVED,
        found.document,
        {"proposal": name, "publication": seq, "since": since, "until": found.until, "remark": remark},
    )
    return seq


def close(transaction: Transaction, name: str, act: Act, *, remark: str = "", keeping: bool = False) -> None:
    """Decline a proposal, or withdraw it where it is one's own.

    Args:
        transaction: What it happens in.
        name: Id of its row.
        act: Who closes it, and when.
        remark: Why.
        keeping: Whether its author is asked to change it and to propose again.

    Raises:
        RefusedError: it is not open.
    """
    transaction.flush()
    found = _open(transaction.connection, name)
    action = Action.RETURNED if keeping else Action.DECLINED
    action = Action.WITHDRAWN if found.author == act.actor else action
    _decide(transaction, found, str(action), act, remark)
    audit.note(transaction, act.now, act.actor, action, found.document, {"proposal": name, "remark": remark})


def _open(connection: Connection, name: str) -> Row[Any]:
    found = proposal(connection, name)
    if found.state != "open":
        raise RefusedError(Refusal.NOT_OPEN, found=name, state=found.state)
    return found


def _decide(transaction: Transaction, found: Row[Any], state: str, act: Act, remark: str) -> None:
    transaction.connection.execute(
        update(PROPOSALS)
        .where(PROPOSALS.c.id == found.id)
        .values(state=state, decided_at=act.now, decided_by=act.actor, remark=remark)
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """Who answers for a publication, what they say, the proposal it came from, and whether it retires the document."""

    author: str
    approver: str
    note: str
    proposal: str | None = None
    retires: bool = False


def publish(transaction: Transaction, document: str, revision: str, period: Period, signed: Signed, act: Act) -> int:
    """Put a revision in effect, or retire it; return the publication's number. Whoever calls checked the rights."""
    transaction.flush()
    seq = (transaction.connection.execute(select(func.max(PUBLICATIONS.c.seq))).scalar() or 0) + 1
    transaction.add(
        PUBLICATIONS,
        {
            "seq": seq,
            "document": document,
            "revision_id": revision,
            "since": period.since or act.today,
            "until": period.until,
            "retires": signed.retires,
            "author": signed.author,
            "approver": signed.approver,
            "note": signed.note,
            "published_at": act.now,
            "proposal_id": signed.proposal,
        },
    )
    what = {
        "publication": seq,
        "since": period.since or act.today,
        "until": period.until,
        "author": signed.author,
        "approver": signed.approver,
        "note": signed.note,
        "proposal": signed.proposal,
        **_retiring(retires=signed.retires),
        **_anchor(transaction.connection.execute(select(REVISIONS).where(REVISIONS.c.id == revision)).one()),
    }
    audit.note(transaction, act.now, act.actor, Action.PUBLISHED, document, what)
    return seq


def newest(connection: Connection) -> int:
    """Return the number of the latest publication, 0 where there is none: while it stays, so does what is in effect."""
    return connection.execute(_NEWEST).scalar() or 0


_NEWEST = text("SELECT max(seq) FROM publications")  # every decision asks it: a text needs no compiling


def in_effect(connection: Connection, day: date, seen: int | None = None) -> dict[str, Effective]:
    """Return what is in effect on a day: name of the document → its revision; see `standing`."""
    return {name: each for name, each in standing(connection, day, seen).items() if not each.retires}


def retired(connection: Connection, day: date) -> dict[str, Effective]:
    """Return what is retired on a day: name of the document → the revision that left."""
    return {name: each for name, each in standing(connection, day).items() if each.retires}


def retiring(connection: Connection, day: date) -> dict[str, Effective]:
    """Return what is in effect on a day and will be retired: name of the document → the first that comes."""
    found: dict[str, Effective] = {}
    live = in_effect(connection, day)
    days = connection.execute(
        select(PUBLICATIONS.c.since).where(PUBLICATIONS.c.since > day, PUBLICATIONS.c.retires).distinct()
    )
    for since in sorted(days.scalars()):
        for name, each in retired(connection, since).items():
            if name in live:
                found.setdefault(name, each)
    return found


def basis(connection: Connection, document: str, day: date) -> Row[Any] | None:
    """Return the revision a draft begins from: in effect, else retired, else the newest; None where there is none."""
    stands = standing(connection, day).get(document)
    if stands is not None:
        return _revision(connection, document, stands.digest)
    newest_first = select(REVISIONS).where(REVISIONS.c.document == document).order_by(REVISIONS.c.number.desc())
    return connection.execute(newest_first.limit(1)).first()


def standing(connection: Connection, day: date, seen: int | None = None) -> dict[str, Effective]:
    """Return how documents stand on a day: name → the revision in effect, or the one that left where it is retired.

    Args:
        connection: To the record.
        day: The day.
        seen: Number of the latest publication that counts; None for all there are.
    """
    columns = PUBLICATIONS.c
    chosen = (
        select(*_EFFECTIVE)
        .join(REVISIONS, REVISIONS.c.id == columns.revision_id)
        .where(columns.since <= day, or_(columns.until.is_(None), columns.until > day))
        .order_by(columns.seq)
    )
    rows = connection.execute(chosen if seen is None else chosen.where(columns.seq <= seen))
    return {row.document: Effective(*row) for row in rows}


_EFFECTIVE = (
    *(PUBLICATIONS.c.document, REVISIONS.c.digest, REVISIONS.c.number),
    *(PUBLICATIONS.c[name] for name in ("seq", "since", "until", "author", "approver", "note", "retires")),
)


def boundaries(connection: Connection, since: date, until: date | None) -> list[date]:
    """Return the days within a period on which what is in effect changes, its first day first."""
    columns = PUBLICATIONS.c
    days = {since}
    for row in connection.execute(select(columns.since, columns.until)):
        days |= {day for day in row if day is not None and day > since and (until is None or day < until)}
    return sorted(days)


def texts(connection: Connection, digests: Mapping[str, str]) -> dict[str, str]:
    """Return canonical texts: name of the document → text, for those of the given names and digests that are kept.

    A text that is not what its digest says has been altered, and counts as not kept.
    """
    rows = connection.execute(
        select(REVISIONS.c.document, REVISIONS.c.digest, REVISIONS.c.text).where(
            REVISIONS.c.digest.in_(set(digests.values()))
        )
    )
    return {row.document: row.text for row in rows if digests.get(row.document) == row.digest == digest_of(row.text)}
