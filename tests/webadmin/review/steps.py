"""What people do on the way from a draft to what is in effect, for the tests of it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from webadmin.decisions.service import clock, today
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
