"""Where one decision stands in its hash chain, and whether its entry fits it and the entry before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from webadmin.store.chain import Chain, Head, beginning, digest_of, linked
from webadmin.store.tables import DECISIONS, ENTRIES


@dataclass(frozen=True, slots=True)
class Place:
    """The entry of a decision.

    Attributes:
        seq: Its number.
        last: Number of the last entry of the chain.
        digest: Salted digest the entry holds, hexadecimal.
        link: Link of the entry, hexadecimal.
        fits_row: Whether that is the digest of the decision as it lies in the record now.
        fits_chain: Whether the link is made from the entry before.
    """

    seq: int
    last: int
    digest: str
    link: str
    fits_row: bool
    fits_chain: bool


def place_of(connection: Connection, name: str) -> Place | None:
    """Return where a decision stands, None where it stands nowhere."""
    columns, chain = ENTRIES.c, Chain.DECISIONS
    here = columns.chain == str(chain)
    entry = connection.execute(select(ENTRIES).where(here, columns.row_id == name)).first()
    row = connection.execute(select(DECISIONS.c.salt, DECISIONS.c.body).where(DECISIONS.c.id == name)).first()
    if entry is None or row is None:
        return None
    link = connection.execute(select(columns.link).where(here, columns.seq == entry.seq - 1)).scalar_one_or_none()
    before = beginning(chain) if entry.seq == 1 else Head(entry.seq - 1, link or b"")
    last = connection.execute(select(func.max(columns.seq)).where(here)).scalar_one()
    fits_row = row.salt is not None and row.body is not None and digest_of(row.salt, row.body) == entry.digest
    fits_chain = linked(before, chain, name, entry.digest).link == entry.link
    return Place(entry.seq, last, entry.digest.hex(), entry.link.hex(), fits_row, fits_chain)
