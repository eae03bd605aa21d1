"""A site with what ships and nobody in it, and an administrator."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in


@pytest.fixture
def site(rules: Path, make_app: MakeApp) -> Flask:
    """Return an application with what ships and nobody in it."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def admin(site: Flask) -> FlaskClient:
    client = signed_in(site)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
