"""Documents over time: texts that never change, and from when to when each one is in effect."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Revision(Base):
    """A text that is never changed.

    Attributes:
        document: Name of the document.
        number: From 1 for each document.
        digest: `sha256:` and the hexadecimal digest of the canonical text.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("document", "number"), UniqueConstraint("document", "digest"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    document: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(71), index=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Proposal(Base):
    """A revision somebody wants in effect; a second person decides, about all rows of a batch at once.

    Attributes:
        batch: What people call the proposal: the same for all documents proposed together.
        base: Number of the latest publication its author had seen; 0 where there was none.
        state: `open`, `approved`, `declined`, `returned` (changes were asked for) or `withdrawn`.
        since: First day in effect; None: the day it is approved.
        until: First day no longer in effect; None: without end.
        retires: Whether it is to retire the document, whose revision is the one that leaves.
        written_by: JSON list of who has written any of the draft it was made of: none of them approves it.
    """

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    batch: Mapped[str] = mapped_column(String(36), index=True)
    base: Mapped[int]
    revision_id: Mapped[str] = mapped_column(ForeignKey("revisions.id"))
    document: Mapped[str] = mapped_column(String(200), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    retires: Mapped[bool] = mapped_column(default=False, server_default=false())
    author: Mapped[str] = mapped_column(String(200))
    written_by: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    remark: Mapped[str | None] = mapped_column(Text)


class Publication(Base):
    """A revision in effect; rows are only added, and of several that cover a day the latest counts.

    Attributes:
        seq: Order of publication, over all documents.
        since: First day in effect.
        until: First day no longer in effect; None: without end.
        retires: Whether nothing of the document is in effect on these days; the revision is the one that left.
    """

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_document_seq", "document", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(String(200))
    revision_id: Mapped[str] = mapped_column(ForeignKey("revisions.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    retires: Mapped[bool] = mapped_column(default=False, server_default=false())
    author: Mapped[str] = mapped_column(String(200))
    approver: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Instant)
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("proposals.id"))


class Draft(Base):
    """The text of a document somebody works on.

    Attributes:
        based_on: Digest of the revision it began from; None for a new document.
        version: Number of the state it is in, so that two people do not save over each other.
    """

    __tablename__ = "drafts"

    document: Mapped[str] = mapped_column(String(200), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    based_on: Mapped[str | None] = mapped_column(String(71))
    author: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class DraftState(Base):
    """One state a draft had.

    Attributes:
        version: From 1 for each draft.
        parent: Version it was made from; None for the first.
        what: What was done, in a word the pages know.
    """

    __tablename__ = "draft_states"

    document: Mapped[str] = mapped_column(String(200), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(200), default="")
    author: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)
