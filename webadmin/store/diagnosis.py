"""Names what happened to an entry whose link does not follow, or that is not where it should be.

This reads the whole chain once more, so it is done for the first broken place only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as chain_of
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select

from webadmin.store.chain import Chain, Head, linked
from webadmin.store.expected import Shelf
from webadmin.store.raw import digest_bytes, raw, sha
from webadmin.store.report import Finding, Wrong
from webadmin.store.tables import ENTRIES

PAGE = 1000
"""Rows fetched at once."""

MOST_UNCHAINED = 100_000
"""Rows without an entry that are tried."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it lies there, and its row's own digest; None where there is no such row."""

    chain: Any
    seq: Any
    row_id: Any
    digest: Any
    link: Any
    own: bytes | None = None


_ENTRY = [raw(ENTRIES.c[name]) for name in ("chain", "seq", "row_id", "digest", "link")]


def misplaced(connection: Connection, shelf: Shelf, before: Head, entry: Entry) -> tuple[Finding, bytes]:
    """Say what is wrong with an entry that does not follow the one before.

    Args:
        connection: The database.
        shelf: Its chain.
        before: The head it should follow.
        entry: The entry that stands there.

    Returns:
        What is wrong, and the link the next entry should follow.
    """
    chain, place, seq, row = shelf.chain, str(shelf.chain), entry.seq, str(entry.row_id)
    if entry.own not in {None, entry.digest} and _follows(before, chain, entry.row_id, entry.own, entry.link):
        return Finding(place, Wrong.ENTRY_ALTERED, seq, row, {"column": "digest"}), entry.link
    following = _entry_after(connection, chain, seq)
    made = following_head(before, chain, entry.row_id, entry.digest)
    if following is not None and made is not None and _continues(made, chain, following):
        return Finding(place, Wrong.ENTRY_ALTERED, seq, row, {"column": "link"}), made.link
    for other in _entries(connection):
        if (other.chain, other.seq) == (entry.chain, entry.seq):
            continue
        moved = Finding(place, Wrong.ENTRY_MOVED, seq, str(other.row_id), {"other": _name(other)})
        if _belongs(before, chain, other):
            return moved, other.link
        if _follows(before, chain, other.row_id, other.digest, entry.link):
            return moved, entry.link
    named = _row_that_fits(connection, shelf, before, entry)
    column = "link" if named is None else "row_id"
    return Finding(place, Wrong.ENTRY_ALTERED, seq, named or row, {"column": column}), entry.link


def _row_that_fits(connection: Connection, shelf: Shelf, before: Head, entry: Entry) -> str | None:
    """Return the row an entry stood for before its `row_id` was altered, None where that is not what happened."""
    named = (str(other.row_id) for other in _entries(connection))
    left = (name for name, _ in unchained(connection, shelf))
    fits = (name for name in chain_of(named, left) if _follows(before, shelf.chain, name, entry.digest, entry.link))
    return next(fits, None)


def lacking(connection: Connection, shelf: Shelf, before: Head, entry: Entry) -> Finding:
    """Say what became of the entries between a head and the next entry there is."""
    chain, place, seq = shelf.chain, str(shelf.chain), before.seq + 1
    for other in _entries(connection):
        if _belongs(before, chain, other):
            return Finding(place, Wrong.ENTRY_MOVED, seq, str(other.row_id), {"other": _name(other)})
    for name, digest in unchained(connection, shelf):
        made = following_head(before, chain, name, digest)
        if made is not None and entry.seq == seq + 1 and _continues(made, chain, entry):
            return Finding(place, Wrong.ENTRY_DELETED, seq, name)
    return Finding(place, Wrong.ENTRY_MISSING, seq, None, {"until": str(entry.seq - 1)})


def content_of(connection: Connection, chain: Chain, digest: bytes) -> tuple[int, str] | None:
    """Return number and row of the entry some content belongs to, None where it is nobody's."""
    columns = ENTRIES.c
    found = connection.execute(
        select(columns.seq, columns.row_id).where(columns.chain == str(chain), columns.digest == digest).limit(1)
    ).first()
    return None if found is None else (found.seq, found.row_id)


def without_entry(shelf: Shelf) -> ColumnElement[bool]:
    """Return the condition that a row has no entry in its chain."""
    entry = and_(ENTRIES.c.chain == str(shelf.chain), ENTRIES.c.row_id == shelf.table.c.id)
    return ~exists(select(1).select_from(ENTRIES).where(entry))


def unchained(connection: Connection, shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Yield id and digest of rows that have no entry."""
    columns = shelf.table.c
    chosen = select(raw(columns.id), raw(columns.salt), raw(columns.body)).where(without_entry(shelf))
    for row in _streamed(connection, chosen.limit(MOST_UNCHAINED)):
        yield str(row.id), sha(digest_bytes(row.salt, row.body))


def _streamed(connection: Connection, chosen: Select[Any]) -> Iterator[Any]:
    with connection.execute(chosen, execution_options={"yield_per": PAGE}) as rows:  # closed where nobody reads on
        yield from rows


def _entries(connection: Connection) -> Iterator[Entry]:
    for row in _streamed(connection, select(*_ENTRY)):
        yield Entry(*row)


def _entry_after(connection: Connection, chain: Chain, seq: int) -> Entry | None:
    columns = ENTRIES.c
    row = connection.execute(
        select(*_ENTRY).where(columns.chain == str(chain), columns.seq > seq).order_by(columns.seq).limit(1)
    ).first()
    return None if row is None or row.seq != seq + 1 else Entry(*row)


def following_head(before: Head, chain: Chain, row_id: Any, digest: Any) -> Head | None:
    """Return the head after one more entry, None where what lies there can be no entry."""
    if not isinstance(row_id, str) or not isinstance(digest, bytes) or not row_id.isascii():
        return None
    return linked(before, chain, row_id, digest)


def _follows(before: Head, chain: Chain, row_id: Any, digest: Any, link: Any) -> bool:
    made = following_head(before, chain, row_id, digest)
    return made is not None and made.link == link


def _belongs(before: Head, chain: Chain, other: Entry) -> bool:
    """Say whether an entry that stands elsewhere is the one after a head."""
    return _follows(before, chain, other.row_id, other.digest, other.link)


def _continues(made: Head, chain: Chain, following: Entry) -> bool:
    return _follows(made, chain, following.row_id, following.digest, following.link)


def _name(entry: Entry) -> str:
    return f"{entry.chain} {entry.seq}"
