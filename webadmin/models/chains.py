"""The record: decisions, events and audit entries, each under a hash chain.

A chain's entry holds the digest of a row, made with a salt that lies in the row itself. Emptying a row (salt and body)
erases what it said about a person and leaves the chain whole.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class ChainEntry(Base):
    """One link.

    Attributes:
        chain: `decisions`, `events` or `audit`.
        seq: From 1, without gaps.
        row_id: Id of the row it stands for.
        digest: SHA-256 of salt and body.
        link: SHA-256 of the link before, the chain's name, `seq`, `row_id` and `digest`.
    """

    __tablename__ = "chain_entries"
    __table_args__ = (UniqueConstraint("chain", "row_id"), {"sqlite_with_rowid": False})

    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[str] = mapped_column(String(36))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    link: Mapped[bytes] = mapped_column(LargeBinary(32))


class DecisionRow(Base):
    """One decision; everything but `salt`, `body` and `erased_by` can be read out of the body again.

    Attributes:
        body: Canonical JSON: id, time, actor, facts, events and the decision; None once erased.
        closure: Digest over the names and digests of all it was decided by.
        erased_by: The audit entry that says who erased it, and why.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_policy_id", "policy", "id"),
        Index("ix_decisions_revision_id", "revision", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    policy: Mapped[str] = mapped_column(String(200))
    revision: Mapped[str] = mapped_column(String(71))
    as_of: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(200))
    closure: Mapped[str] = mapped_column(String(71))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    body: Mapped[str | None] = mapped_column(Text)
    erased_by: Mapped[str | None] = mapped_column(String(36))


class DecisionTerm(Base):
    """What a decision can be found by: `hit=key-account`, `customer=c-1`, `person=am-07`, `outcome=stages:finance`."""

    __tablename__ = "decision_terms"
    __table_args__ = (Index("ix_decision_terms_decision_id", "decision_id", "term"), {"sqlite_with_rowid": False})

    term: Mapped[str] = mapped_column(String(300), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), primary_key=True)


class EventRow(Base):
    """One event, known by its source and its id there.

    Attributes:
        time: When it happened; it may be told much later.
        body: Canonical JSON of the event and of when and by whom it was told; None once erased.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("source", "event_id"), Index("ix_events_type_time", "type", "time"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(String(200))
    time: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    body: Mapped[str | None] = mapped_column(Text)
    erased_by: Mapped[str | None] = mapped_column(String(36))


class EventTerm(Base):
    """Whom an event concerns: `customer.id=c-1`; with its time, so that a window is one range of the index."""

    __tablename__ = "event_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(String(300), primary_key=True)
    time: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    row_id: Mapped[str] = mapped_column(ForeignKey("events.id"), primary_key=True, index=True)


class Audit(Base):
    """One audit entry: who did what to what.

    Attributes:
        action: `published`, `erased`, `token-made` and so on.
        object: What was acted upon: a name or an id.
        body: Canonical JSON of all of it; None once erased.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object_id", "object", "id"), Index("ix_audit_actor_id", "actor", "id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(300))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    body: Mapped[str | None] = mapped_column(Text)
    erased_by: Mapped[str | None] = mapped_column(String(36))
