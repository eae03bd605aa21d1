"""People, teams and customers; what may change about them lies in dated rows, each with the event that made it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.models.base import Base, Instant


class Person(Base):
    """Somebody who works here; never deleted, only erased.

    Attributes:
        name: None once erased.
        turn, turn_en, spelled: What sorts the name in Chinese and in English, and what it is found by; see
            `webadmin.spelling`.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(200))
    turn: Mapped[bytes | None] = mapped_column(LargeBinary)
    turn_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    spelled: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    erased_by: Mapped[str | None] = mapped_column(String(36))


class Team(Base):
    """A team; its parent is a dated row."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Customer(Base):
    """A customer.

    Attributes:
        name: None once erased.
        turn, turn_en, spelled: What sorts the name in Chinese and in English, and what it is found by; see
            `webadmin.spelling`.
    """

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_turn", "turn", "id"), Index("ix_customers_turn_en", "turn_en", "id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(50))
    turn: Mapped[bytes | None] = mapped_column(LargeBinary)
    turn_en: Mapped[bytes | None] = mapped_column(LargeBinary)
    spelled: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    erased_by: Mapped[str | None] = mapped_column(String(36))


class Dated(Base):
    """What held of somebody or something from a day on: owner, team, status, capacity, skills.

    Attributes:
        of: `person`, `team` or `customer`.
        attribute: `owner`, `team`, `status`, `capacity` …
        value: Canonical JSON.
        since: First day.
        until: First day it no longer holds; None: without end.
        event_id: The event that made it so.
    """

    __tablename__ = "dated"
    __table_args__ = (
        Index("ix_dated_of_owner", "of", "attribute", "value", "since"),
        Index("ix_dated_of_row", "of", "of_id", "attribute", "since"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    of: Mapped[str] = mapped_column(String(10))
    of_id: Mapped[str] = mapped_column(String(36))
    attribute: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(1000))
    since: Mapped[date]
    until: Mapped[date | None]
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))


class Absence(Base):
    """Days on which a person is away; no reason is kept."""

    __tablename__ = "absences"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))


class Deal(Base):
    """A deal as it was last told.

    Attributes:
        stage: `open`, `won` or `lost`.
        facts: Canonical JSON: nested values by the vocabulary's paths.
    """

    __tablename__ = "deals"
    __table_args__ = (Index("ix_deals_customer_id", "customer_id"), Index("ix_deals_owner_id", "owner_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    stage: Mapped[str] = mapped_column(String(10))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    facts: Mapped[str] = mapped_column(Text)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))


class ExternalId(Base):
    """What another system calls a person, team, customer, deal or absence."""

    __tablename__ = "external_ids"

    of: Mapped[str] = mapped_column(String(10), primary_key=True)
    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    external: Mapped[str] = mapped_column(String(200), primary_key=True)
    own_id: Mapped[str] = mapped_column(String(36), index=True)
