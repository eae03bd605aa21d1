"""Signals: what patterns of events ask somebody to look at; and how far the events have been looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Signal(Base):
    """One signal as it stands; every state it has had is an audit entry of its own.

    Attributes:
        identity: SHA-256 over revision, pattern, key and the events that made it, so that none is raised twice.
        revision: Digest of the policy whose pattern it is.
        state: A word of `webadmin.store.signals.State`.
        key_term: What it is found by: path and text of the key, cut where the text is too long for an index.
        body: Canonical JSON: the events, why it stands as it does, and what each engine answered.
    """

    __tablename__ = "signals"
    __table_args__ = (
        Index("ix_signals_unit", "policy", "pattern", "key_term"),
        Index("ix_signals_state_id", "state", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    policy: Mapped[str] = mapped_column(String(200))
    revision: Mapped[str] = mapped_column(String(71))
    pattern: Mapped[str] = mapped_column(String(100))
    severity: Mapped[str] = mapped_column(String(10))
    key_path: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(Text)
    key_term: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(30))
    first_time: Mapped[datetime] = mapped_column(Instant)
    last_time: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[str] = mapped_column(Text)


class Position(Base):
    """How far a reader of the events' chain has come; written in the same transaction as what it made of them.

    Attributes:
        seq: Number of the last entry of the chain that was looked at.
        publication: Number of the last publication it knew.
        recheck_from: First entry that is looked at again once the second engine answers; None: there is none.
        turn: Grows with every write and every erasure; who finds another one than it began with writes nothing.
    """

    __tablename__ = "positions"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    publication: Mapped[int] = mapped_column(default=0)
    recheck_from: Mapped[int | None]
    turn: Mapped[int] = mapped_column(default=0)
