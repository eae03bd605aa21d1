"""The website over the shipped policies, somebody before a draft there, and what the draft says."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.store import drafts
from webadmin.store.record import Record


@pytest.fixture
def shop(rules: Path, make_app: MakeApp) -> Flask:
    """Return the website over the shipped policies, with a record of its own."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def editor(shop: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """Return somebody who has begun a draft of the policy a module is about, its `NAME`."""
    client = signed_in(shop)
    client.post(f"/drafts/{request.module.NAME}/begin")
    return client


def drafted(site: Flask, name: str) -> tuple[str, int]:
    """Return the text of a draft and its version."""
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        found = drafts.find(connection, name)
    assert found is not None
    return found.text, found.version
