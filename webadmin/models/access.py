"""Who may do what: logins of people, clients with their tokens, and answers kept for repeated calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Login(Base):
    """A way in; a person may have one, and it is not the person.

    Attributes:
        name: What is typed.
        password: argon2 hash; None where none was set.
        person_id: Whose it is; None for administrators who are no account managers.
        role: `admin`, `manager`, `account-manager` or `auditor`.
        kinds: Kinds of policies it may edit and approve, separated by spaces; empty: all its role gives.
        teams: Ids of the teams whose people it sees, the same way; empty: the team its person leads or is in.
        stamp: Random; every session carries it, so that a new one ends them all.
        must_change: Whether the password was set by somebody else and is only good for choosing one's own.
    """

    __tablename__ = "logins"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    password: Mapped[str | None] = mapped_column(String(300))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(20))
    kinds: Mapped[str] = mapped_column(String(200), default="")
    teams: Mapped[str] = mapped_column(Text, default="")
    stamp: Mapped[str] = mapped_column(String(64), unique=True)
    must_change: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempts(Base):
    """Failed attempts to come in, by name and by address, counted for all processes together.

    Attributes:
        key: SHA-256 of what is counted, which is nobody's business.
        failures: In a row.
        last_at: The latest.
        closed_until: Before then no attempt is looked at; None: it is open.
    """

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    closed_until: Mapped[datetime | None] = mapped_column(Instant)


class Client(Base):
    """An application, or a person at a terminal, that comes with a token."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Token(Base):
    """One token of a client; at most two of them live, so that one can replace the other.

    Attributes:
        digest: SHA-256 of the token, which is 256 random bits.
        scopes: Words separated by spaces: `decide read publish` …
        classes: Field classes whose values may be read back, the same way.
        per_minute: Requests allowed in a minute; None: as the settings say.
    """

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[str] = mapped_column(String(300))
    classes: Mapped[str] = mapped_column(String(100))
    per_minute: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Idempotency(Base):
    """The answer to a call that named a key, kept for a day.

    Attributes:
        request: SHA-256 of method, path and body.
        status: HTTP status of the answer.
        response: Its body, byte for byte.
    """

    __tablename__ = "idempotency"

    client_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    response: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
