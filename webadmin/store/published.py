"""Lists every revision and publication there ever was of documents, whatever is in effect."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Refusal, sought
from webadmin.store.tables import DRAFTS, PROPOSALS, PUBLICATIONS, REVISIONS


def history(connection: Connection, document: str | None = None) -> list[Row[Any]]:
    """Return the publications of a document, or of all, the newest first.

    With each come number and digest of its revision, and what people call its proposal, when it was made and what the
    approver said: `batch`, `proposed_at`, `remark`, all None where there was no proposal.
    """
    proposal = PROPOSALS.c
    chosen = (
        select(
            *(PUBLICATIONS, REVISIONS.c.number, REVISIONS.c.digest),
            *(proposal.batch, proposal.created_at.label("proposed_at"), proposal.remark),
        )
        .join(REVISIONS, REVISIONS.c.id == PUBLICATIONS.c.revision_id)
        .outerjoin(PROPOSALS, proposal.id == PUBLICATIONS.c.proposal_id)
        .order_by(PUBLICATIONS.c.seq.desc())
    )
    if document is not None:
        chosen = chosen.where(PUBLICATIONS.c.document == sought(document))
    return list(connection.execute(chosen))


def was_published(connection: Connection, document: str, digest: str) -> bool:
    """Say whether a text of a document was ever published."""
    columns = REVISIONS.c
    chosen = select(PUBLICATIONS.c.seq).join(REVISIONS, columns.id == PUBLICATIONS.c.revision_id)
    chosen = chosen.where(columns.document == sought(document), columns.digest == digest)
    return connection.execute(chosen.limit(1)).first() is not None


def known(connection: Connection) -> list[str]:
    """Return the names of all documents that were ever published or proposed."""
    return list(connection.execute(select(REVISIONS.c.document).distinct().order_by(REVISIONS.c.document)).scalars())


def known_policies(connection: Connection) -> list[str]:
    """Return the ids of all policies that were ever published, proposed or drafted; others have no decisions."""
    names = {*known(connection), *connection.execute(select(DRAFTS.c.document)).scalars()}
    return sorted(name for name in names if "." in name)


def published_policies(connection: Connection) -> list[str]:
    """Return the ids of all policies that were, are or will be in effect."""
    names = connection.execute(select(PUBLICATIONS.c.document).distinct().order_by(PUBLICATIONS.c.document))
    return [name for name in names.scalars() if "." in name]


def every(connection: Connection, document: str) -> list[Row[Any]]:
    """Return number, digest, author and instant of every revision of a document, the newest first."""
    columns = REVISIONS.c
    chosen = select(columns.number, columns.digest, columns.author, columns.created_at).where(
        columns.document == sought(document)
    )
    return list(connection.execute(chosen.order_by(columns.number.desc())))


def revision_of(connection: Connection, document: str, number: int) -> Row[Any]:
    """Return a revision by its number.

    Raises:
        RefusedError: there is none.
    """
    columns, document = REVISIONS.c, sought(document)
    found = connection.execute(select(REVISIONS).where(columns.document == document, columns.number == number)).first()
    if found is None:
        raise RefusedError(Refusal.UNKNOWN_REVISION, document=document, found=str(number))
    return found
