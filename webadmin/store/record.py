"""The record as a whole: one database with its writer and its compiled policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

from webadmin import database, migrations
from webadmin.store.catalogue import Catalogue
from webadmin.store.exporting import Exporter
from webadmin.store.heads import Place, check_own
from webadmin.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Export:
    """Where the heads of the chains are exported to, and what tells the instant."""

    place: Place
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Record:
    """One database and what stands around it in this process.

    Attributes:
        engine: For reads: `with record.engine.connect() as connection`.
        writer: For every write.
        catalogue: Policies by day and by closure.
        exporter: Keeps the signed heads outside; None where nobody asked for that.
    """

    engine: Engine
    writer: Writer
    catalogue: Catalogue
    exporter: Exporter | None = None

    @classmethod
    def over(cls, engine: Engine, heads: Export | None = None) -> Record:
        """Return the record of a database, brought to the present form.

        Args:
            engine: The database.
            heads: Where the heads of its chains are exported to.

        Raises:
            NewerError: a later version wrote it.
        """
        try:
            database.prepare(engine)
            migrations.upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        if heads is None:
            return cls(engine, Writer(engine), Catalogue(engine))
        exporter = Exporter(engine, heads.place, heads.clock)
        return cls(engine, Writer(engine, committed=exporter.committed), Catalogue(engine), exporter)

    @classmethod
    def open(cls, address: str, heads: Export | None = None) -> Record:
        """Return the record at an address; a file of SQLite is made where there is none.

        Args:
            address: Of the database.
            heads: Where the heads of its chains are exported to.

        Raises:
            ValueError: the address is none of a database that is supported.
            NewerError: a later version wrote it.
        """
        url = database.url_of(address)
        if url.get_backend_name() == "sqlite":
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        return cls.over(create_engine(url, **database.options(url)), heads)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database throughout."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def check_heads(self) -> None:
        """Make sure that the heads kept outside, if any, are of this database; else let go of it.

        Raises:
            HeadsError: they are another database's.
        """
        if self.exporter is None:
            return
        try:
            with self.engine.connect() as connection:
                check_own(connection, self.exporter.place)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Export the last heads and let go of the connections."""
        if self.exporter is not None:
            self.exporter.close()
        self.engine.dispose()
