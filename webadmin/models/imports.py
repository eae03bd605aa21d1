"""Imports of files: what each one changed, files somebody still looks at, and mappings kept for the next time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Import(Base):
    """One file that was imported.

    Attributes:
        id: The id of its audit entry.
        into: What its records are.
        digest: `sha256:` and the hexadecimal digest of its bytes.
        joined: Canonical JSON: name → digest of the files it was joined with.
        undone_at: When it was taken back; None while it stands.
        undone_by: Who took it back.
    """

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_digest", "digest"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    into: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(71))
    joined: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    read: Mapped[int]
    skipped: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(String(200))


class ImportChange(Base):
    """One thing an import changed, so that it can be taken back exactly.

    Attributes:
        of: `person`, `team`, `customer`, `deal` or `absence`.
        attribute: What of it: a dated attribute or a column; empty: all of it.
        before: Canonical JSON of what stood before; None: nothing.
        after: Canonical JSON of what stood afterwards; of deals and absences the id of the event.
    """

    __tablename__ = "import_changes"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    of: Mapped[str] = mapped_column(String(10), primary_key=True)
    of_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    attribute: Mapped[str] = mapped_column(String(60), primary_key=True)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class FileUpload(Base):
    """A file somebody is about to import.

    Attributes:
        mapping: Text of the mapping as far as it is.
        content: Empty once it was handed over to a job.
        job_id: The job that imports it.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(71))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    mapping: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    job_id: Mapped[str | None] = mapped_column(String(36))


class UploadPart(Base):
    """A file an upload is joined with."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SavedMapping(Base):
    """A mapping kept under a name."""

    __tablename__ = "saved_mappings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    into: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(Instant)
