"""Takes a person out of the rows of the chains: rows about the person are emptied, others keep all the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from policy.model.canonical import canonical_json
from webadmin.store import decisions
from webadmin.store.catalogue import Catalogue
from webadmin.store.chain import Chain, digest_of, new_salt
from webadmin.store.decisions import term
from webadmin.store.expected import SHELVES, event_terms, remains
from webadmin.store.needles import Needles
from webadmin.store.raw import columns
from webadmin.store.recompute import parsed
from webadmin.store.tables import AUDIT, DECISION_TERMS, EVENT_TERMS, EVENTS

CHUNK = 400
"""Rows handled at once."""

TELLING: Mapping[Chain, tuple[str, ...]] = {
    Chain.DECISIONS: ("actor",),
    Chain.EVENTS: ("source", "event_id", "subject"),
    Chain.AUDIT: ("actor", "object"),
}
"""Columns beside the body in which a person can be named."""


@dataclass(slots=True)
class Emptying:
    """One erasure's work on the chains.

    Attributes:
        digests: Chain → row → digest of what is left of it, hexadecimal.
        emptied: Chain → rows emptied.
        redacted: Chain → rows the person was taken out of.
    """

    connection: Connection
    catalogue: Catalogue
    needles: Needles
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    emptied: Counter[str] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)

    def touched(self) -> set[str]:
        """Return the ids of all rows that were changed."""
        return {name for names in self.digests.values() for name in names}

    def chain(self, chain: Chain) -> None:
        """Take the person out of the rows of one chain."""
        about = set(self.connection.execute(self._about(chain)).scalars())
        table = SHELVES[chain].table
        for names in _chunks(sorted(about | self._mentioning(chain))):
            chosen = select(*columns(table)).where(table.c.id.in_(names)).order_by(table.c.id)
            for row in self.connection.execute(chosen).mappings().all():
                if row["body"] is None or row["id"] in about:
                    self._empty(chain, row, is_about=row["id"] in about)
                else:
                    self._redact(chain, row)

    def sign(self, entry: str) -> None:
        """Name the audit entry of the erasure in every row that was changed."""
        for chain, names in self.digests.items():
            table = SHELVES[Chain(chain)].table
            for chunk in _chunks(sorted(names)):
                self.connection.execute(update(table).where(table.c.id.in_(chunk)).values(erased_by=entry))

    def _about(self, chain: Chain) -> Any:
        """Return the query for the ids of the rows that are about the person."""
        ids = sorted(self.needles.ids)
        if chain is Chain.DECISIONS:
            wanted = [term(name, each) for each in ids for name in ("person", "subject")]
            return select(DECISION_TERMS.c.decision_id).where(DECISION_TERMS.c.term.in_(wanted))
        if chain is Chain.EVENTS:
            named = select(EVENT_TERMS.c.row_id).where(
                EVENT_TERMS.c.term.in_([term("person.id", each) for each in ids])
            )
            return select(EVENTS.c.id).where(or_(EVENTS.c.subject.in_(ids), EVENTS.c.id.in_(named)))
        objects = [*ids, *(f"person:{each}" for each in ids), *(f"login:{each}" for each in self.needles.logins)]
        return select(AUDIT.c.id).where(AUDIT.c.object.in_(objects))

    def _mentioning(self, chain: Chain) -> set[str]:
        table = SHELVES[chain].table
        sought = or_(*(self.needles.may_be_in(table.c[name]) for name in (*TELLING[chain], "body")))
        return set(self.connection.execute(select(table.c.id).where(sought)).scalars())

    def _telling(self, chain: Chain, row: Mapping[Any, Any]) -> dict[str, str | None]:
        """Return the columns in which the person can be named, without the person."""
        found = {name: row[name] for name in TELLING[chain]}
        return {name: None if value is None else self.needles.replaced(value) for name, value in found.items()}

    def _empty(self, chain: Chain, row: Mapping[Any, Any], *, is_about: bool) -> None:
        values: dict[str, Any] = self._telling(chain, row)
        if is_about and chain is Chain.EVENTS:
            values |= {"subject": None, "event_id": row["id"]}
        elif is_about and chain is Chain.AUDIT:
            values["object"] = self.needles.token
        if row["body"] is None and all(row[name] == value for name, value in values.items()):
            return
        values |= {"salt": None, "body": None}
        self._store(chain, row, values, remains({**row, **values}))
        self._put_terms(chain, row["id"], [])
        self.emptied[str(chain)] += 1

    def _redact(self, chain: Chain, row: Mapping[Any, Any]) -> None:
        before = parsed(row["body"])
        body = self.needles.in_data(before)
        if body == before and self._telling(chain, row) == {name: row[name] for name in TELLING[chain]}:
            return
        if chain is Chain.DECISIONS and body["events"] != before["events"] and body["decision"]["events"]:
            body["decision"]["events"]["digest"] = None  # it could be tried out which name it was made with
        salt, text = new_salt(), canonical_json(body)
        expected = SHELVES[chain].of_body(body)
        values = {name: expected[name] for name in TELLING[chain]} | {"salt": salt, "body": text}
        self._store(chain, row, values, digest_of(salt, text).hex())
        if chain is Chain.DECISIONS:
            self._put_terms(chain, row["id"], self._decision_terms(row["id"], body))
        elif chain is Chain.EVENTS:
            self._put_terms(chain, row["id"], [{"term": each, "time": expected["time"]} for each in event_terms(body)])
        self.redacted[str(chain)] += 1

    def _decision_terms(self, name: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        decision = body["decision"]
        policy = self.catalogue.of_closure(self.connection, decision["policy"], decision["closure"])
        if policy is None:  # its text no longer loads: verification cannot hold the terms against it either
            chosen = select(DECISION_TERMS.c.term).where(DECISION_TERMS.c.decision_id == name)
            found = [self.needles.replaced(each) for each in self.connection.execute(chosen).scalars()]
        else:
            found = list(decisions.terms(policy.rule_set.document.subject, decision, body["facts"]))
        return [{"term": each} for each in dict.fromkeys(found)]

    def _store(self, chain: Chain, row: Mapping[Any, Any], values: Mapping[str, Any], digest: str) -> None:
        table = SHELVES[chain].table
        self.connection.execute(update(table).where(table.c.id == row["id"]).values(dict(values)))
        self.digests.setdefault(str(chain), {})[row["id"]] = digest

    def _put_terms(self, chain: Chain, name: str, terms: Sequence[dict[str, Any]]) -> None:
        """Put the terms of a row in the place of those it had."""
        shelf = SHELVES[chain]
        if shelf.terms is None or shelf.term_row is None:
            return
        self.connection.execute(delete(shelf.terms).where(shelf.term_row == name))
        if terms:
            self.connection.execute(insert(shelf.terms), [{**each, shelf.term_row.name: name} for each in terms])


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(names), CHUNK):
        yield names[begin : begin + CHUNK]
