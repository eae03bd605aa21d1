"""The application over the shipped policies, or over a folder a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.sharing import TEMPLATES, digest_of, for_all, share
from tests.webadmin.signing import signed_in
from webadmin.access import passwords
from webadmin.app import create_app
from webadmin.cli import main
from webadmin.settings import Settings
from webadmin.store.record import Record

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session", autouse=True)
def hasher() -> Iterator[PasswordHasher]:
    """Hash passwords at the least cost there is; return what hashes them outside of tests."""
    real = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    passwords.HASHER = real


@pytest.fixture(scope="session")
def opened() -> list[Flask]:
    """Return the applications whose databases are open."""
    return []


@pytest.fixture(autouse=True)
def closing(opened: list[Flask]) -> Iterator[None]:
    """Close what one test opened; what it shares with others was open before."""
    before = len(opened)
    yield
    for app in opened[before:]:
        app.extensions["record"].close()
    del opened[before:]


@pytest.fixture(scope="session")
def make_app(tmp_path_factory: pytest.TempPathFactory, opened: list[Flask]) -> MakeApp:
    """Return what makes applications, each with a record of its own: a copy, which spares the migrations.

    It is empty before the application opens it, or holds what an earlier application over the same policies left at
    its start, as after any start but the first.
    """
    share(Flask)
    empty = for_all(tmp_path_factory, "empty", lambda folder: Record.open(f"sqlite:///{folder}/fairlead.db").close())

    def at(place: Path, settings: dict[str, Any]) -> Flask:
        own = {"database": f"sqlite:///{place}/fairlead.db", "heads": place / "heads.json"}
        made = create_app(Settings(**{**own, **settings}))
        made.jinja_env.bytecode_cache = TEMPLATES
        opened.append(made)
        return made

    def once(rules: Path) -> Path:
        def fill(folder: Path) -> None:
            shutil.copytree(empty, folder, dirs_exist_ok=True)
            at(folder, {"rules": rules}).extensions["record"].close()

        return for_all(tmp_path_factory, f"started-{digest_of(rules)}", fill)

    def make(**settings: Any) -> Flask:
        place = tmp_path_factory.mktemp("record")
        own = settings.keys() & {"database", "heads"}
        shutil.copytree(empty if own else once(settings["rules"]), place, dirs_exist_ok=True)
        return at(place, settings)

    return make


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory, rules: Path) -> Path:
    """Return the folder of what `fairlead demo` left: `record.db`, its heads, and in `said` what it told the terminal.

    All processes share it: a test that writes takes a copy.
    """

    def fill(folder: Path) -> None:
        given = {"DATABASE_URL": f"sqlite:///{folder}/record.db", "FAIRLEAD_RULES": str(rules), "FAIRLEAD_LANG": "en"}
        done = CliRunner(env=given).invoke(main, ["demo"])
        assert done.exit_code == 0, done.output
        (folder / "said").write_text(done.stderr, "utf-8")

    return for_all(tmp_path_factory, "demonstrated", fill)


@pytest.fixture(scope="session")
def app(rules: Path, make_app: MakeApp) -> Flask:
    """Return the application over the shipped policies; forged requests are tested in test_app.py."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that is signed in as an administrator."""
    return signed_in(app)


POLICY = """\
policy: scorecard.size
title: {zh: 规模, en: Size}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string, label: {zh: 客户编号, en: Customer}}
  - customer.staff: {type: number, scale: 0, min: 0, max: 1000000, unit: people, label: {zh: 人数, en: Staff}}
  - customer.kind: {type: string, one_of: [shop, plant], optional: true}
  - customer.listed: {type: boolean, optional: true}
  - customer.founded: {type: date, optional: true}
  - customer.tags: {type: list, of: string, default: []}
  - customer.markets: {type: list, of: string, one_of: [east, west], default: []}
  - customer.extra: {type: context, optional: true}
  - sites: {type: list, optional: true}
  - sites[].city: {type: string}
  - sites[].staff: {type: number, scale: 0, default: 0}
outputs:
  size: {type: string, one_of: [large, small], label: {zh: 规模, en: Size}}
hit_policy: first
rules:
  - id: large
    when: {customer.staff: ">= 100"}
    then: {size: large}
    because: {zh: "有 {customer.staff} 人", en: "It has {customer.staff} people"}
  - {id: small, then: {size: small}}
tests:
  - name: {zh: 一百人算大, en: a hundred is large}
    as_of: 2026-03-01
    given:
      customer: {id: c1, staff: 100, kind: plant, listed: true, founded: 1999-12-31, tags: [a, b], markets: [west]}
      sites: [{city: Ulm, staff: 7}, {city: Bonn}]
    expect: {outcome: {size: large}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one policy that has an input of every sort."""
    (tmp_path / "scorecard").mkdir()
    (tmp_path / "scorecard" / "size.yaml").write_text(POLICY, "utf-8")
    return tmp_path


@pytest.fixture
def site(folder: Path, make_app: MakeApp) -> Flask:
    """Return an application over that folder, which a test may change."""
    made = make_app(rules=folder)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def small(site: Flask) -> FlaskClient:
    """Return a client of it that is signed in as an administrator."""
    return signed_in(site)
