"""Opens the record of an application, and publishes what ships.

A folder of policies that is missing or has errors stops nothing: what is sound is published, the rest is told, and what
was published before stays in effect.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from policy.values import Language
from webadmin import database
from webadmin.decisions.service import clock, today
from webadmin.models import db
from webadmin.secondengine.process import SecondEngine
from webadmin.settings import Settings
from webadmin.store import idempotency, published, shipped, signals
from webadmin.store.heads import Place
from webadmin.store.record import Export, Record
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.writer import BusyError, Transaction
from webadmin.telemetry.logs import logger
from webadmin.telemetry.readiness import Readiness, State

LATE = 60
"""Seconds an event may wait to be looked at before it counts as a fault."""


def opened(app: Flask, settings: Settings) -> Record:
    """Return the record over the engine of Flask-SQLAlchemy, brought to the present form.

    Raises:
        NewerError: a later version wrote it.
        HeadsError: there is no key to sign its heads with, or those kept are another database's.
    """
    url = database.url_of(settings.database)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database)).absolute()  # Flask-SQLAlchemy would look beside the application
        file.parent.mkdir(parents=True, exist_ok=True)
        url = url.set(database=str(file))
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=database.options(url))
    db.init_app(app)
    with app.app_context():
        engine: Engine = db.engine
    record = Record.over(engine, Export(Place.at(settings.heads_file(), os.environ), clock))
    record.check_heads()
    return record


def publish_shipped(record: Record, settings: Settings) -> State:
    """Publish the documents of the folder that are new, by `system`.

    Returns:
        How the folder is.
    """
    now = clock()
    try:
        done = shipped.publish_folder(record, settings.rules, Act(SYSTEM, now, today(now)))
    except BusyError as error:
        logger().error("what ships could not be published", reason=str(error))
        return State(works=False, says={"errors": 0})
    record.catalogue.left = done.left
    with record.engine.connect() as connection:
        record.catalogue.policies(connection, today(now))  # compiled before the first request comes
    if done.published or done.drafted:
        logger().info("published what ships", published=done.published, drafted=done.drafted)
    if not done.left:
        return State(works=True, says={"errors": 0})
    wrong = [each for errors in done.left.values() for each in errors]
    places = [f"{each.place}: {each.code}: {each.text(Language.EN)}" for each in wrong[:20]]
    logger().error(
        "part of the folder of policies was not published because of errors",
        folder=str(settings.rules), left_out=sorted(done.left), errors=len(wrong), places=places,
    )  # fmt: skip
    return State(works=False, says={"errors": len(wrong), "left_out": sorted(done.left)})


def readiness(record: Record, folder: State, engine: SecondEngine) -> Readiness:
    """Return what knows whether an application can work."""
    found = Readiness()
    found.add("database", lambda: _database(record), needed=True)
    found.add("policies", lambda: _policies(record, folder), needed=True)
    found.add("rules", lambda: folder, needed=False)
    found.add("heads", lambda: _heads(record), needed=False)
    found.add("second-engine", lambda: State(works=engine.available().is_available, says={}), needed=False)
    found.add("signals", lambda: _signals(record), needed=False)
    return found


def _database(record: Record) -> State:
    """Write, at most once in `readiness.FRESH` seconds: what SQLite or a disk refuses shows here."""

    def work(transaction: Transaction) -> None:
        idempotency.sweep(transaction, clock())
        database.touch(transaction.connection)

    record.writer.write(work)
    return State(works=True, says={"waiting": record.writer.waiting})


def _heads(record: Record) -> State:
    """Look whether the heads of the chains could be exported."""
    return State(works=record.exporter is not None and record.exporter.problem is None, says={})


def _signals(record: Record) -> State:
    """Look how far behind looking at events is; a worker that is not there shows here."""
    with record.engine.connect() as connection:
        behind, since = signals.behind(connection)
        counts = signals.counts(connection)
    seconds = 0 if since is None else max(0, int((clock() - since).total_seconds()))
    unavailable = counts[signals.State.UNAVAILABLE]
    says = {"behind": behind, "behind_seconds": seconds, "waiting_for_second_engine": unavailable}
    return State(works=seconds < LATE and not unavailable, says=says)


def _policies(record: Record, folder: State) -> State:
    """Look whether all policies in effect today load, and whether there are none only where people want none.

    None is right where those there were have been retired or begin later, and where a sound folder brings none: who
    writes the first one must get in. Where the folder has errors and no policy ever was in effect, it is a fault.
    """
    day = today(clock())
    with record.engine.connect() as connection:
        names = [name for name in record.catalogue.in_effect(connection, day) if "." in name]
        loaded = record.catalogue.policies(connection, day)
        meant = folder.works or bool(published.published_policies(connection))
    failing = sorted(set(names) - set(loaded))
    return State(works=(bool(names) or meant) and not failing, says={"in_effect": len(names), "not_loading": failing})
