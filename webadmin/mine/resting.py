"""What the events a signal rests on say to whom it concerns: of others only what is open to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from policy.engine import Policies
from policy.model.document import FieldClass
from webadmin import recounting
from webadmin.access.circle import Circle
from webadmin.access.telling import secret
from webadmin.recounting import Told
from webadmin.signals.concerning import PATHS
from webadmin.signals.seeing import WHOM
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.tables import EVENTS


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads what concerns themselves.

    Attributes:
        person: Their id.
        classes: Classes of values they see of themselves.
        circle: Whom they see.
        policies: Those in effect today.
    """

    connection: Connection
    person: str
    classes: frozenset[FieldClass]
    circle: Circle
    policies: Policies


def events_of(reader: Reader, names: Sequence[str]) -> list[Told]:
    """Return some events as whom they concern may read them, the oldest first.

    One that names who reported something is left out. One that names somebody else, too, says only what is open.
    """
    columns = EVENTS.c
    chosen = select(*recounting.COLUMNS).where(
        columns.id.in_(names), columns.type.not_in(secret(reader.policies, reader.classes))
    )
    own = {reader.person, *naming.elsewhere(reader.connection, Of.PERSON, [reader.person])}
    found = []
    for row in reader.connection.execute(chosen.order_by(columns.time, columns.id)):
        told = recounting.told(reader, row)
        people = _people(told)
        eyes = _knowing(reader, told) if people & own else reader
        found.append(recounting.told(eyes if people <= own else replace(eyes, classes=frozenset()), row))
    return found


def _knowing(reader: Reader, told: Told) -> Reader:
    """Return a reader who knows the customers of an event that names them: also one that is somebody else's by now."""
    ids = [
        each.value for each in told.values if WHOM.get(each.field.path) is Of.CUSTOMER and isinstance(each.value, str)
    ]
    known = {each.id for each in naming.named(reader.connection, Of.CUSTOMER, ids).values()}
    return replace(reader, circle=replace(reader.circle, customers=reader.circle.customers | known))


def _people(told: Told) -> set[str]:
    """Return the ids of the people an event names."""
    values = [each.value for each in told.values if each.field.path in PATHS]
    return {each.id if isinstance(each, Named) else str(each) for each in values}
