"""Plans of reassignments: what would be, thought through, kept and carried out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Plan(Base):
    """A reassignment as somebody thinks it through. It is no record of what happened: carrying it out makes that.

    Attributes:
        author: Actor who made it.
        day: From when on it would hold.
        policy: Id of the assignment policy that proposes.
        revision: Digest of its text; None: the one in effect on the day.
        people: Canonical JSON: ids of everybody it tells of; only who sees all of them sees the plan.
        what_if: Canonical JSON: who leaves, joins, is away, takes more or less, which team is rebalanced.
        proposal: Canonical JSON of what was proposed; None while nothing is, or a job works on it.
        by_hand: Canonical JSON: customer → what somebody chose instead.
        earlier: Canonical JSON: the choices by hand before the last ones, the latest last.
        before: Canonical JSON: what was supposed, proposed and chosen before it was last calculated; None where never.
        state: `saved`, `applied` or `undone`.
        shared: `own`, `leads` or `all`.
        job: The job that works on it.
        problem: Canonical JSON: why nothing could be proposed, in both languages.
        applied: Canonical JSON: what was written, so that it can be taken back.
        version: Grows with every change.
        deleted_at: When it was thrown away.
    """

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_author", "author"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    policy: Mapped[str] = mapped_column(String(100))
    revision: Mapped[str | None] = mapped_column(String(80))
    people: Mapped[str] = mapped_column(Text)
    what_if: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    by_hand: Mapped[str] = mapped_column(Text)
    earlier: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    shared: Mapped[str] = mapped_column(String(10))
    job: Mapped[str | None] = mapped_column(String(36))
    problem: Mapped[str | None] = mapped_column(Text)
    applied: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class PlanMove(Base):
    """A customer that changed hands by a plan, with why: what the customer's page tells, also once it is taken back.

    Attributes:
        why: Canonical JSON: reasons in both languages, score, whether chosen by hand and what was said.
        until: First day it goes back; None: it stays.
        carried_by: Actor who carried the plan out.
        taken_back_at: When that was taken back; None while it holds.
    """

    __tablename__ = "plan_moves"
    __table_args__ = (Index("ix_plan_moves_customer_id", "customer_id"),)

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    giver: Mapped[str] = mapped_column(String(36))
    taker: Mapped[str] = mapped_column(String(36))
    since: Mapped[date]
    until: Mapped[date | None]
    why: Mapped[str] = mapped_column(Text)
    carried_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    carried_by: Mapped[str] = mapped_column(String(200))
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_back_by: Mapped[str | None] = mapped_column(String(200))
