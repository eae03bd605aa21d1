"""The record as a whole: one database with its writer and its compiled policies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine

from webadmin import database, migrations
from webadmin.store.catalogue import Catalogue
from webadmin.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Record:
    """One database and what stands around it in this process.

    Attributes:
        engine: For reads: `with record.engine.connect() as connection`.
        writer: For every write.
        catalogue: Policies by day and by closure.
    """

    engine: Engine
    writer: Writer
    catalogue: Catalogue

    @classmethod
    def over(cls, engine: Engine) -> Record:
        """Return the record of a database, brought to the present form.

        Raises:
            NewerError: a later version wrote it.
        """
        database.prepare(engine)
        try:
            migrations.upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, Writer(engine), Catalogue(engine))

    @classmethod
    def open(cls, address: str) -> Record:
        """Return the record at an address; a file of SQLite is made where there is none.

        Raises:
            ValueError: the address is none of a database that is supported.
            NewerError: a later version wrote it.
        """
        url = database.url_of(address)
        if url.get_backend_name() == "sqlite":
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        return cls.over(create_engine(url, **database.options(url)))

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()
