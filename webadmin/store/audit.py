"""Audit entries: who did what to what, in words a machine can search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from policy.model.canonical import canonical_json
from webadmin.ids import new_id
from webadmin.store.chain import Chain, digest_of, new_salt
from webadmin.store.tables import AUDIT
from webadmin.store.writer import Transaction


class Action(StrEnum):
    """What can have been done."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    DRAFTED = "drafted"
    DISCARDED = "discarded"
    ERASED = "erased"
    TOKEN_MADE = "token-made"  # noqa: S105 - a word, no secret
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    LOGIN_MADE = "login-made"
    LOGIN_CLOSED = "login-closed"
    LOGIN_CHANGED = "login-changed"
    PASSWORD_SET = "password-set"  # noqa: S105
    SIGNED_IN = "signed-in"
    SHUT_OUT = "shut-out"
    IMPORTED = "imported"
    IMPORT_UNDONE = "import-undone"
    CHANGED = "changed"
    READ = "read"
    RECOMPUTED = "recomputed"
    VERIFIED = "verified"
    RESTORED = "restored"
    JOB_STARTED = "job-started"
    JOB_CANCELLED = "job-cancelled"
    SIGNALLED = "signalled"
    SIGNAL_CHANGED = "signal-changed"


def note(
    transaction: Transaction, now: datetime, actor: str, action: Action, of: str, what: Mapping[str, Any] | None = None
) -> str:
    """Add an audit entry.

    Args:
        transaction: What it happens in.
        now: The instant.
        actor: Who did it: `system`, `cli:<name>` or `client:<name>`.
        action: What was done.
        of: Name or id of what it was done to, at most 300 characters.
        what: Whatever else is worth keeping, plain data.

    Returns:
        The entry's id.
    """
    entry = new_id(now)
    salt = new_salt()
    body = canonical_json(
        {
            "id": entry,
            "recorded_at": now.isoformat(),
            "actor": actor,
            "action": str(action),
            "object": of,
            "what": dict(what or {}),
        }
    )
    transaction.add(
        AUDIT,
        {
            "id": entry,
            "recorded_at": now,
            "actor": actor,
            "action": str(action),
            "object": of[:300],
            "salt": salt,
            "body": body,
            "erased_by": None,
        },
    )
    transaction.append(Chain.AUDIT, entry, digest_of(salt, body))
    return entry
