"""Goes along one chain, page by page: numbers, links, exported heads, and the row of each entry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, func, select

from webadmin.store.chain import Chain, Head
from webadmin.store.diagnosis import Entry, following_head, lacking, misplaced, without_entry
from webadmin.store.expected import Shelf
from webadmin.store.marks import Marks
from webadmin.store.raw import columns, digest_bytes, raw, sha
from webadmin.store.report import Finding, Report, Wrong
from webadmin.store.rows import Rows, terms_of
from webadmin.store.tables import ENTRIES

PAGE = 500
"""Entries read at once."""


class Walk:
    """Goes along one chain.

    Args:
        connection: The database.
        shelf: The chain.
        rows: Checks its rows.
        marks: The exported heads.
        report: Where all is noted.

    Attributes:
        head: The last entry passed.
    """

    def __init__(self, connection: Connection, shelf: Shelf, rows: Rows, marks: Marks, report: Report) -> None:
        self._connection = connection
        self._shelf = shelf
        self._rows = rows
        self._marks = marks
        self._report = report
        self._page = select(
            *(raw(ENTRIES.c[name]) for name in ("chain", "seq", "row_id", "digest", "link")), *columns(shelf.table)
        ).select_from(ENTRIES.outerjoin(shelf.table, shelf.table.c.id == ENTRIES.c.row_id))

    def begin(self, head: Head) -> None:
        """Stand after a head, which is taken as it is."""
        self.head = head
        self._other: Head | None = None  # what the head should have been, where the two differ
        self._last: int | None = None if head.seq == 0 else head.seq

    @property
    def is_settled(self) -> bool:
        """Say whether the head alone tells how to go on: no doubt about the last entry is left."""
        return self._other is None

    def page(self, until: int | None) -> bool:
        """Pass the next page of entries; return False where there are no more."""
        seq = ENTRIES.c.seq
        bounds = [] if self._last is None else [seq > self._last]
        bounds += [] if until is None else [seq <= until]
        chosen = self._page.where(ENTRIES.c.chain == str(self._shelf.chain), *bounds).order_by(seq).limit(PAGE)
        rows = self._connection.execute(chosen).mappings().all()
        terms = terms_of(self._connection, self._shelf, [row["id"] for row in rows if row["id"] is not None])
        for row in rows:
            own = None if row["body"] is None else sha(digest_bytes(row["salt"], row["body"]))
            entry = Entry(row["chain"], row["seq"], row["row_id"], row["digest"], row["link"], own)
            if self._pass(entry):
                self._rows.check(self._shelf.chain, entry, row, terms)
            self._report.checked[str(self._shelf.chain)] += 1
        self._last = rows[-1]["seq"] if rows else self._last
        return len(rows) == PAGE

    def _pass(self, entry: Entry) -> bool:
        """Check where an entry stands; return False where what it says of its row cannot be relied on."""
        chain, expected = self._shelf.chain, self.head.seq + 1
        if not isinstance(entry.seq, int) or entry.seq < expected:
            self._report.add(self._finding(Wrong.ENTRY_ALTERED, entry, column="seq"))
            return False
        made = following_head(self.head, chain, entry.row_id, entry.digest)
        sound = True
        if entry.seq > expected:
            self._gap(entry)
        elif made is None or made.link != entry.link:
            made, sound = self._displaced(entry)
        links = {entry.link} if made is None or entry.seq > expected else {entry.link, made.link}
        self._marks.passed(chain, entry.seq, links, self._report)
        self._other = None if made is None or made.link == entry.link else made
        self.head = Head(entry.seq, entry.link if isinstance(entry.link, bytes) else b"")
        return sound

    @property
    def _is_first(self) -> bool:
        """Say whether nothing wrong was found in this chain yet."""
        return str(self._shelf.chain) not in self._report.first

    def _gap(self, entry: Entry) -> None:
        if self._is_first:
            self._report.add(lacking(self._connection, self._shelf, self.head, entry))
        else:
            missing = Finding(
                str(self._shelf.chain), Wrong.ENTRY_MISSING, self.head.seq + 1, None, {"until": str(entry.seq - 1)}
            )
            self._report.add(missing)

    def _displaced(self, entry: Entry) -> tuple[Head | None, bool]:
        """Note an entry that does not follow; return what the next may follow, and whether its row can be checked."""
        chain = self._shelf.chain
        other = None if self._other is None else following_head(self._other, chain, entry.row_id, entry.digest)
        if other is not None and other.link == entry.link:
            return other, True
        if not self._is_first:
            self._report.add(self._finding(Wrong.ENTRY_ALTERED, entry, column="link"))
            return other or following_head(self.head, chain, entry.row_id, entry.digest), True
        found, link = misplaced(self._connection, self._shelf, self.head, entry)
        self._report.add(found)
        return Head(entry.seq, link), found.values.get("column") not in {"digest", "row_id"}

    def _finding(self, wrong: Wrong, entry: Entry, **values: str) -> Finding:
        return Finding(str(self._shelf.chain), wrong, entry.seq, str(entry.row_id), values)

    def finish(self, *, to_end: bool, whole: bool) -> None:
        """Check what is seen of all entries together.

        Args:
            to_end: Whether the chain was gone along to its end.
            whole: Whether also from its beginning.
        """
        if to_end:
            self._marks.finish(self._shelf.chain, self.head, self._report)
        self._unchained()
        if whole:
            self._foreign()
            self._twice()
            self._lost_terms()

    def _foreign(self) -> None:
        """Note entries of chains that do not exist, once, with the first chain."""
        if self._shelf.chain is not next(iter(Chain)):
            return
        names = [str(each) for each in Chain]
        for chain, seq, row in self._connection.execute(
            select(ENTRIES.c.chain, ENTRIES.c.seq, ENTRIES.c.row_id).where(ENTRIES.c.chain.not_in(names)).limit(10)
        ):
            self._report.add(Finding("entries", Wrong.ENTRY_FOREIGN, seq, row, {"chain": chain}))

    def _unchained(self) -> None:
        table, place = self._shelf.table, str(self._shelf.chain)
        chosen = select(raw(table.c.id)).where(without_entry(self._shelf)).order_by(table.c.id)
        for row in self._connection.execute(chosen, execution_options={"yield_per": PAGE}):
            self._report.add(Finding(place, Wrong.ROW_UNCHAINED, None, str(row.id)))

    def _twice(self) -> None:
        columns_ = ENTRIES.c
        chosen = (
            select(columns_.row_id, func.max(columns_.seq))
            .where(columns_.chain == str(self._shelf.chain))
            .group_by(columns_.row_id)
            .having(func.count() > 1)
        )
        for row, seq in self._connection.execute(chosen):
            self._report.add(Finding(str(self._shelf.chain), Wrong.ENTRY_TWICE, seq, row))

    def _lost_terms(self) -> None:
        """Note terms of rows that do not exist; they are sought only where more terms are there than rows showed."""
        terms, row = self._shelf.terms, self._shelf.term_row
        if terms is None or row is None:
            return
        count = self._connection.execute(select(func.count()).select_from(terms)).scalar_one()
        if count == self._report.checked[f"{self._shelf.chain}-terms"]:
            return
        entries = and_(ENTRIES.c.chain == str(self._shelf.chain), ENTRIES.c.row_id == row)
        chosen: Any = select(raw(terms.c.term), raw(row)).where(~select(1).where(entries).correlate(terms).exists())
        for term, name in self._connection.execute(chosen, execution_options={"yield_per": PAGE}):
            self._report.add(Finding(str(self._shelf.chain), Wrong.TERM_ADDED, None, str(name), {"term": str(term)}))
