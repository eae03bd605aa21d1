"""Somebody signed in, without the form: the session carries the stamp of a login."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from webadmin.decisions.service import clock, today
from webadmin.store import logins
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


def sign_in(client: FlaskClient, role: Role = Role.ADMIN, name: str = "", person: str | None = None) -> FlaskClient:
    """Sign a client in as somebody of a role; the login is made where there is none of that name."""
    record: Record = client.application.extensions["record"]
    stamp = login(record, role, name or str(role), person)
    with client.session_transaction() as session:
        session["_user_id"] = stamp
        session["_fresh"] = True
    return client


def signed_in(app: Flask, role: Role = Role.ADMIN, name: str = "", person: str | None = None) -> FlaskClient:
    """Return a new client that is signed in."""
    return sign_in(app.test_client(), role, name, person)


def login(record: Record, role: Role, name: str, person: str | None = None) -> str:
    """Return the stamp of a login, made where there is none of that name."""
    now = clock()
    act = Act("cli:test", now, today(now))

    def made(transaction: Transaction) -> str:
        found = logins.find(transaction.connection, name)
        if found is None:
            logins.create(transaction, name, role, act, person=person)
            logins.set_reach(transaction, name, Reach(role), act)
            found = logins.find(transaction.connection, name)
        assert found is not None
        return str(found.stamp)

    return record.writer.write(made)
