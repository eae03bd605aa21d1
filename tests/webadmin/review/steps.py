"""What people do on the way from a draft to what is in effect, for the tests of it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from webadmin.decisions import service as decisions
from webadmin.decisions.service import Asked, clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import drafts, revisions
from webadmin.store.record import Record

NAME = "scorecard.size"
EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}

HARMLESS = ('en: "It has {customer.staff} people"', 'en: "It has {customer.staff} of them"')
"""A change that no test minds."""


def draft(site: Flask, name: str = NAME) -> Any:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        return drafts.find(connection, name)


def live(site: Flask) -> str:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        effective = revisions.in_effect(connection, today(clock()))[NAME]
        return revisions.texts(connection, {NAME: effective.digest})[NAME]


def changed(site: Flask, author: FlaskClient, old: str, new: str) -> None:
    author.post(f"/drafts/{NAME}/begin")
    now = draft(site)
    author.post(f"/drafts/{NAME}/text", data={"text": now.text.replace(old, new), "since": now.version})


def proposed(site: Flask, author: FlaskClient, **more: str) -> str:
    data = {"version": draft(site).version, "note": "because", **more}
    answer = author.post(f"/review/draft/{NAME}/propose", data=data)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/review/([0-9a-f-]+)", answer.location)
    assert found is not None
    return found[1]


def worked(record: Record) -> None:
    """Do the job that waits."""
    worker = Worker(record, KINDS, Around(clock, Stop()))
    assert worker.once()
    assert not worker.once()


def reported(author: FlaskClient, record: Record, address: str, policy: str = NAME, **period: str) -> str:
    """Ask for the report, make it, and return the page."""
    sent = {"proposal": address.rpartition("/")[2]} if "/draft/" not in address else {}
    assert author.post(f"/review/draft/{policy}/impact", data={**sent, **period}).status_code == 303
    worked(record)
    return author.get(address, headers=EN).text


def decided(record: Record, *staff: int) -> None:
    """Keep decisions about customers with so many people."""
    for number, each in enumerate(staff):
        asked = Asked(NAME, {"customer": {"id": f"c{number}", "staff": each}})
        with record.engine.connect() as connection:
            made = decisions.make(record, connection, asked, actor="client:test", now=clock())
        decisions.keep(record, [made])
