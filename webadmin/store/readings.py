"""Audit entries of what somebody was shown: "what did this person see" is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


def note_read(transaction: Transaction, act: Act, name: str, of: str) -> None:
    """Leave the entry of somebody having read one `decision`, `person`, `customer`, `signal` or `contest`."""
    audit.note(transaction, act.now, act.actor, Action.READ, name, {"of": of})


def note_listed(transaction: Transaction, act: Act, of: str, filters: Mapping[str, Any], names: Sequence[str]) -> None:
    """Leave the one entry of somebody having been shown a list of `decisions`, `people` or the like, or a search.

    Args:
        transaction: What it happens in.
        act: Who reads, and when.
        of: What is listed.
        filters: What was asked for: the person, say.
        names: Ids of what was shown.
    """
    audit.note(transaction, act.now, act.actor, Action.READ, of, {"filters": dict(filters), "shown": list(names)})


def note_taken(transaction: Transaction, act: Act, of: str, what: Mapping[str, Any]) -> None:
    """Leave the entry of somebody having taken a table along.

    Args:
        transaction: What it happens in.
        act: Who takes it, and when.
        of: What is in it: `decisions`, or the id of a plan or a comparison.
        what: As which form, what was asked for, how many rows.
    """
    audit.note(transaction, act.now, act.actor, Action.READ, of, what)


def note_recomputed(transaction: Transaction, act: Act, name: str, verdict: str) -> None:
    """Leave the entry of a decision decided once more."""
    audit.note(transaction, act.now, act.actor, Action.RECOMPUTED, name, {"verdict": verdict})
