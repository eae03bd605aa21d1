"""Holds one row against its entry: digest, columns, terms, what an erasure left of it, and the decision made anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from policy.model.document import Subject
from webadmin.store import decisions
from webadmin.store.catalogue import Catalogue
from webadmin.store.chain import Chain
from webadmin.store.diagnosis import Entry, content_of
from webadmin.store.erasures import Erasures
from webadmin.store.expected import SHELVES, Shelf, event_terms, remains
from webadmin.store.raw import digest_bytes, raw, same, sha
from webadmin.store.recompute import Verdict, parsed, recompute
from webadmin.store.report import Finding, Report, Wrong

Row = Mapping[Any, Any]
Terms = Mapping[str, list[tuple[str, Any]]]
"""Row → its terms, each with its time as it lies there, None for decisions."""

_WRONG = {
    Verdict.DIFFERENT: Wrong.DIFFERENT,
    Verdict.NOT_KEPT: Wrong.TEXT_MISSING,
    Verdict.NOT_LOADING: Wrong.NOT_LOADING,
}


def terms_of(connection: Connection, shelf: Shelf, names: Sequence[str]) -> Terms:
    """Return the terms of some rows."""
    if shelf.terms is None or shelf.term_row is None or not names:
        return {}
    has_time = "time" in shelf.terms.c
    chosen = [raw(shelf.term_row), raw(shelf.terms.c.term), *([raw(shelf.terms.c.time)] if has_time else [])]
    found: dict[str, list[tuple[str, Any]]] = {}
    for name, term, *time in connection.execute(select(*chosen).where(shelf.term_row.in_(names))):
        found.setdefault(name, []).append((str(term), time[0] if time else None))
    return found


@dataclass(slots=True)
class Rows:
    """Checks rows.

    Attributes:
        kept: Names and digests of the documents whose text is there.
        recompute: How many decisions are decided once more; None: all.
        total: Decisions in the record.
    """

    connection: Connection
    catalogue: Catalogue
    kept: Collection[tuple[str, str]]
    report: Report
    recompute: int | None = None
    total: int = 0
    _erasures: Erasures = field(init=False)
    _subjects: dict[tuple[str, str], Subject | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._erasures = Erasures(self.connection, self.report)

    def check(self, chain: Chain, entry: Entry, row: Row, terms: Terms) -> None:
        """Check the row of an entry; `row` has the columns of its table as they lie there."""
        wrong = self._add(chain, entry)
        found = terms.get(entry.row_id, [])
        if row["id"] is None:
            wrong(Wrong.ROW_MISSING)
        elif entry.own == entry.digest:
            self._sound(chain, entry, row, found)
        elif row["erased_by"] is not None and self._is_erased(chain, entry, row, found):
            return
        elif row["body"] is None or row["salt"] is None:
            wrong(Wrong.ROW_EMPTIED)
        else:
            self._altered(chain, entry)

    def _add(self, chain: Chain, entry: Entry) -> Callable[..., None]:
        def add(wrong: Wrong, **values: str) -> None:
            self.report.add(Finding(str(chain), wrong, entry.seq, str(entry.row_id), values))

        return add

    def _altered(self, chain: Chain, entry: Entry) -> None:
        first = str(chain) not in self.report.first
        other = content_of(self.connection, chain, entry.own or b"") if first else None
        if other is None:
            self._add(chain, entry)(Wrong.ROW_ALTERED)
        else:
            self._add(chain, entry)(Wrong.ROW_SWAPPED, other=f"{other[0]} ({other[1]})")

    def _sound(self, chain: Chain, entry: Entry, row: Row, terms: list[tuple[str, Any]]) -> None:
        """Check what is taken from a body that is as it was written."""
        wrong = self._add(chain, entry)
        try:
            body = parsed(row["body"])
            expected = SHELVES[chain].of_body(body)
        except (ValueError, KeyError, TypeError):
            wrong(Wrong.ROW_ALTERED)
            return
        if row["erased_by"] is not None:
            wrong(Wrong.COLUMN_ALTERED, column="erased_by")
        self._compare(chain, entry, row, expected)
        if chain is Chain.DECISIONS:
            self._decision(entry, body, terms, again=True)
        elif chain is Chain.EVENTS:
            self._terms(chain, entry, event_terms(body), terms, expected["time"])

    def _compare(self, chain: Chain, entry: Entry, row: Row, expected: Mapping[str, Any]) -> None:
        for column, value in expected.items():
            if not same(row[column], value):
                self._add(chain, entry)(Wrong.COLUMN_ALTERED, column=column)

    def _terms(
        self, chain: Chain, entry: Entry, expected: Sequence[str], found: list[tuple[str, Any]], time: datetime | None
    ) -> None:
        wrong, there = self._add(chain, entry), {term for term, _ in found}
        for term in expected:
            if term not in there:
                wrong(Wrong.TERM_MISSING, term=term)
        for term, at in found:
            if term not in expected:
                wrong(Wrong.TERM_ADDED, term=term)
            elif not same(at, time):
                wrong(Wrong.TERM_MOVED, term=term)
        self.report.checked[f"{chain}-terms"] += len(found)

    def _decision(self, entry: Entry, body: Mapping[str, Any], terms: list[tuple[str, Any]], *, again: bool) -> None:
        """Check a decision's terms, and decide it once more."""
        decision, wrong = body["decision"], self._add(Chain.DECISIONS, entry)
        lacking = sorted(name for name, digest in decision["closure"].items() if (name, digest) not in self.kept)
        if lacking:
            wrong(Wrong.TEXT_MISSING, documents=", ".join(lacking))
            self.report.recomputed[str(Verdict.NOT_KEPT)] += 1
            self.report.checked["decisions-terms"] += len(terms)
            return
        subject = self._subject(decision)
        if subject is None:
            self.report.checked["decisions-terms"] += len(terms)
        else:
            self._terms(Chain.DECISIONS, entry, decisions.terms(subject, decision, body["facts"]), terms, None)
        if again and self._is_chosen(entry.seq):
            self._again(entry, body)

    def _again(self, entry: Entry, body: Mapping[str, Any]) -> None:
        made = recompute(self.catalogue, self.connection, body)
        self.report.recomputed[str(made.verdict)] += 1
        if made.verdict is not Verdict.SAME:
            self._add(Chain.DECISIONS, entry)(_WRONG[made.verdict], documents=made.reason or "")

    def _is_chosen(self, seq: int) -> bool:
        """Say whether a decision is among those decided once more."""
        if self.recompute is None or self.recompute >= self.total:
            return True
        return seq * self.recompute // self.total != (seq - 1) * self.recompute // self.total

    def _subject(self, decision: Mapping[str, Any]) -> Subject | None:
        """Return what the policy of a decision decides about, None where it no longer loads."""
        key = (decision["policy"], decisions.closure_digest(decision["closure"]))
        if key not in self._subjects:
            policy = self.catalogue.of_closure(self.connection, decision["policy"], decision["closure"])
            self._subjects[key] = None if policy is None else policy.rule_set.document.subject
        return self._subjects[key]

    def _is_erased(self, chain: Chain, entry: Entry, row: Row, terms: list[tuple[str, Any]]) -> bool:
        """Check what an erasure left of a row; return False where no erasure tells of it."""
        left = self._erasures.left(row["erased_by"], chain, entry.row_id)
        if left is None:
            return False
        emptied = row["body"] is None
        if emptied:
            fits = row["salt"] is None and remains(_own(chain, row)) == left
        else:
            fits = sha(digest_bytes(row["salt"], row["body"])).hex() == left
        if not fits:
            self._add(chain, entry)(Wrong.ROW_ALTERED)
        elif emptied:
            self._terms(chain, entry, (), terms, None)
        else:
            self._redacted(chain, entry, row, terms)
        self._erasures.met(row["erased_by"], emptied=emptied)
        return True

    def _redacted(self, chain: Chain, entry: Entry, row: Row, terms: list[tuple[str, Any]]) -> None:
        body = parsed(row["body"])
        expected = SHELVES[chain].of_body(body)
        self._compare(chain, entry, row, expected)
        if chain is Chain.DECISIONS:
            self._decision(entry, body, terms, again=False)
        elif chain is Chain.EVENTS:
            self._terms(chain, entry, event_terms(body), terms, expected["time"])


def _own(chain: Chain, row: Row) -> dict[str, Any]:
    """Return the columns of a row's own table."""
    return {column.name: row[column.name] for column in SHELVES[chain].table.columns}
