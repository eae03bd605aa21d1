"""Tokens: 256 random bits, shown once and kept as their SHA-256; at most two of a client live at a time.

A token is looked up by its digest, which nobody can steer: comparing digests tells nothing about a token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from policy.model.document import FieldClass
from webadmin.access.scopes import Scope
from webadmin.ids import new_id
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.tables import CLIENTS, TOKENS
from webadmin.store.writer import Transaction

PREFIX = "fl_"
"""How every token begins, so that scanners of code and logs know one."""

BYTES = 32
"""Random bytes of a token."""

MOST_LIVE = 2
"""Tokens of one client that live at a time: the present one, and the one that takes its place."""


class Refusal(StrEnum):
    """Why a token is not made or revoked."""

    TWO_LIVE = "two-live"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


class TokenRefusedError(Exception):
    """A token is not made or revoked.

    Attributes:
        why: A word that stays the same.
        name: The client, or the token's id.
    """

    def __init__(self, why: Refusal, name: str) -> None:
        super().__init__(f"{why}: {name}")
        self.why = why
        self.name = name


@dataclass(frozen=True, slots=True)
class Wish:
    """The token somebody wants.

    Attributes:
        client: Name of the application.
        classes: Classes of values it may read back.
        per_minute: Requests in a minute; None: as the settings say.
    """

    client: str
    scopes: frozenset[Scope]
    classes: frozenset[FieldClass]
    expires_at: datetime
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new token: its id, and the secret, which is not kept."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who comes with a token, and what that opens."""

    token: str
    client_id: str
    client: str
    scopes: frozenset[Scope]
    classes: frozenset[FieldClass]
    per_minute: int | None
    expires_at: datetime

    @property
    def actor(self) -> str:
        """Return the name it acts under in the record."""
        return f"client:{self.client}"

    def may(self, scopes: Collection[Scope]) -> bool:
        """Say whether it has one of some scopes."""
        return Scope.ADMIN in self.scopes or not self.scopes.isdisjoint(scopes)


@dataclass(frozen=True, slots=True)
class Listed:
    """A token as lists show it: without anything that could be used."""

    id: str
    client: str
    scopes: str
    classes: str
    per_minute: int | None
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Say whether it can be used."""
        return self.revoked_at is None and now < self.expires_at


def digest_of(secret: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).digest()


def make(transaction: Transaction, wish: Wish, *, actor: str, now: datetime) -> Made:
    """Make a token, and its client where there is none of that name.

    Raises:
        TokenRefusedError: two of the client live already.
    """
    transaction.flush()
    client = _client(transaction, wish.client, now)
    live = [each for each in listed(transaction.connection, wish.client) if each.is_live(now)]
    if len(live) >= MOST_LIVE:
        raise TokenRefusedError(Refusal.TWO_LIVE, wish.client)
    made = Made(new_id(now), PREFIX + secrets.token_urlsafe(BYTES))
    scopes, classes = (" ".join(sorted(each)) for each in (wish.scopes, wish.classes))
    transaction.add(
        TOKENS,
        {
            "id": made.id,
            "client_id": client,
            "digest": digest_of(made.secret),
            "scopes": scopes,
            "classes": classes,
            "per_minute": wish.per_minute,
            "created_at": now,
            "created_by": actor,
            "expires_at": wish.expires_at,
            "revoked_at": None,
        },
    )
    what = {"client": wish.client, "scopes": scopes, "classes": classes, "expires_at": wish.expires_at.isoformat()}
    audit.note(transaction, now, actor, Action.TOKEN_MADE, made.id, what)
    return made


def _client(transaction: Transaction, name: str, now: datetime) -> str:
    found: str | None = transaction.connection.execute(select(CLIENTS.c.id).where(CLIENTS.c.name == name)).scalar()
    if found is None:
        found = new_id(now)
        transaction.add(CLIENTS, {"id": found, "name": name, "created_at": now})
    return found


def revoke(transaction: Transaction, name: str, *, actor: str, now: datetime) -> Listed:
    """Revoke a token by its id, and return it as it was.

    Raises:
        TokenRefusedError: there is none, or it is revoked already.
    """
    transaction.flush()
    found = next((each for each in listed(transaction.connection) if each.id == name), None)
    if found is None or found.revoked_at is not None:
        raise TokenRefusedError(Refusal.UNKNOWN if found is None else Refusal.REVOKED, name)
    transaction.connection.execute(update(TOKENS).where(TOKENS.c.id == name).values(revoked_at=now))
    audit.note(transaction, now, actor, Action.TOKEN_REVOKED, name, {"client": found.client})
    return found


def listed(connection: Connection, client: str | None = None) -> list[Listed]:
    """Return all tokens, or those of one client, the oldest first."""
    columns = [CLIENTS.c.name if name == "client" else TOKENS.c[name] for name in Listed.__dataclass_fields__]
    chosen = select(*columns).join(CLIENTS, CLIENTS.c.id == TOKENS.c.client_id).order_by(TOKENS.c.id)
    if client is not None:
        chosen = chosen.where(CLIENTS.c.name == client)
    return [Listed(*row) for row in connection.execute(chosen)]


def holder(connection: Connection, secret: str, now: datetime) -> Holder | None:
    """Return who comes with a token; None where it is unknown, revoked or past its end."""
    digest = digest_of(secret)
    row = connection.execute(
        select(TOKENS, CLIENTS.c.name.label("client"))
        .join(CLIENTS, CLIENTS.c.id == TOKENS.c.client_id)
        .where(TOKENS.c.digest == digest, TOKENS.c.expires_at > now, TOKENS.c.revoked_at.is_(None))
    ).first()
    if row is None or not hmac.compare_digest(bytes(row.digest), digest):
        return None
    return Holder(
        row.id,
        row.client_id,
        row.client,
        frozenset(map(Scope, row.scopes.split())),
        frozenset(map(FieldClass, row.classes.split())),
        row.per_minute,
        row.expires_at,
    )
