"""What the columns and terms of a row must be, read out of its body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table

from policy.model.canonical import canonical_json
from webadmin.store import decisions, events
from webadmin.store.chain import Chain
from webadmin.store.raw import plain
from webadmin.store.tables import AUDIT, DECISION_TERMS, DECISIONS, EVENT_TERMS, EVENTS

Body = Mapping[str, Any]


def _decision(body: Body) -> dict[str, Any]:
    decision = body["decision"]
    return {
        "id": body["id"],
        "recorded_at": datetime.fromisoformat(body["recorded_at"]),
        "policy": decision["policy"],
        "revision": decision["revision"],
        "as_of": decision["as_of"],
        "status": decision["status"],
        "actor": body["actor"],
        "closure": decisions.closure_digest(decision["closure"]),
    }


def _event(body: Body) -> dict[str, Any]:
    event = body["event"]
    return {
        "id": body["id"],
        "source": event["source"],
        "event_id": event["id"],
        "type": event["type"],
        "subject": event.get("subject"),
        "time": datetime.fromisoformat(event["time"]),
        "recorded_at": datetime.fromisoformat(body["recorded_at"]),
    }


def _audit(body: Body) -> dict[str, Any]:
    return {
        "id": body["id"],
        "recorded_at": datetime.fromisoformat(body["recorded_at"]),
        "actor": body["actor"],
        "action": body["action"],
        "object": body["object"][:300],
    }


@dataclass(frozen=True, slots=True)
class Shelf:
    """A chain's table, what its columns must be, and where its rows are found by terms.

    Attributes:
        terms: Table of the terms; None where there are none.
        term_row: The column of that table that names the row.
        of_body: Body → column → value.
    """

    chain: Chain
    table: Table
    of_body: Callable[[Body], dict[str, Any]]
    terms: Table | None = None
    term_row: Column[Any] | None = None


SHELVES: Mapping[Chain, Shelf] = {
    Chain.DECISIONS: Shelf(Chain.DECISIONS, DECISIONS, _decision, DECISION_TERMS, DECISION_TERMS.c.decision_id),
    Chain.EVENTS: Shelf(Chain.EVENTS, EVENTS, _event, EVENT_TERMS, EVENT_TERMS.c.row_id),
    Chain.AUDIT: Shelf(Chain.AUDIT, AUDIT, _audit),
}

BARE = ("salt", "body", "erased_by")
"""Columns that cannot be read out of the body."""


def event_terms(body: Body) -> list[str]:
    """Return the terms of an event."""
    return events.terms_of(body["event"])


def remains(row: Mapping[str, Any]) -> str:
    """Return a digest, hexadecimal, over what an emptied row still holds."""
    kept = {name: plain(value) for name, value in row.items() if name not in BARE}
    text = canonical_json(kept) if all(isinstance(each, str | None) for each in kept.values()) else repr(kept)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
