"""Audit entries of what somebody was shown: "what did this person see" is asked of them."""

from __future__ import annotations

from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


def note_read(transaction: Transaction, act: Act, name: str, of: str) -> None:
    """Leave the entry of somebody having read one `decision`, `person`, `customer` or `signal`."""
    audit.note(transaction, act.now, act.actor, Action.READ, name, {"of": of})


def note_recomputed(transaction: Transaction, act: Act, name: str, verdict: str) -> None:
    """Leave the entry of a decision decided once more."""
    audit.note(transaction, act.now, act.actor, Action.RECOMPUTED, name, {"verdict": verdict})
