"""Signals: what patterns of events ask somebody to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Signal(Base):
    """One signal; its id follows from pattern, key and events, so that none is raised twice.

    Attributes:
        state: `raised` where both engines agree, `under-review` where they differ or one could not answer.
        body: Canonical JSON: the events, and what each engine answered.
        decision_policy: The policy whose pattern it is, and `revision` its digest.
    """

    __tablename__ = "signals"
    __table_args__ = (Index("ix_signals_key", "key_path", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    policy: Mapped[str] = mapped_column(String(200))
    revision: Mapped[str] = mapped_column(String(71))
    pattern: Mapped[str] = mapped_column(String(100))
    severity: Mapped[str] = mapped_column(String(10))
    key_path: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    first_time: Mapped[datetime] = mapped_column(Instant)
    last_time: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[str] = mapped_column(Text)
