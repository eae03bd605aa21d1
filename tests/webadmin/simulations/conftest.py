"""The small team of reassignments behind an application."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store.record import Record
from webadmin.store.revisions import Act


@pytest.fixture
def site(rules: Path, make_app: MakeApp) -> Flask:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    crew.fill(made.extensions["record"], Act("cli:test", clock(), today(clock())))
    return made


@pytest.fixture
def record(site: Flask) -> Record:
    found: Record = site.extensions["record"]
    return found


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return signed_in(site)
