"""What somebody who looks around as a manager, an account manager or an auditor finds in the demonstration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from policy.values import Language
from tests.webadmin.conftest import MakeApp
from webadmin.app import close
from webadmin.cli import furnishing
from webadmin.decisions.service import clock, today
from webadmin.demo import files, planted
from webadmin.settings import Settings
from webadmin.signals import cases
from webadmin.store import contests, signals
from webadmin.store.record import Record
from webadmin.store.tables import DECISIONS, EVENTS


@pytest.fixture(scope="module")
def furnished(make_app: MakeApp, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the website as `fairlead serve --demo` opens it."""
    folder = tmp_path_factory.mktemp("furnished")
    settings = Settings(rules=rules, database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", settings.database)
        furnishing.furnish(settings, Language.EN)
    app = make_app(rules=rules, database=settings.database, heads=settings.heads)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, WORDS=furnishing.keys(settings).read_text("utf-8"))
    yield app
    close(app)


def enter(app: Flask, name: str) -> FlaskClient:
    """Sign in with a login of the file that tells them."""
    words = {line.split("\t")[0]: line.split("\t")[2] for line in app.config["WORDS"].splitlines()}
    client = app.test_client()
    answer = client.post("/login", data={"name": name, "password": words[name]})
    assert answer.status_code == 303
    return client


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def links(client: FlaskClient, address: str, kind: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'href="({kind}[^"#?]+)"', client.get(address).text)))


def test_the_manager_has_signals_a_case_and_contests_of_the_own_team(furnished: Flask) -> None:
    lead = enter(furnished, "lead")

    home = read(lead, "/")
    assert "1 signal without a case." in home
    assert "1 thing that was contested waits for an answer." in home
    assert len(links(lead, "/signals", "/signals/")) == 2
    assert "A customer lost within two weeks of an export of contacts" in read(lead, "/signals")
    assert "Lost and sold elsewhere within thirty days" in read(lead, "/cases")
    (waiting,) = links(lead, "/contests", "/contests/")
    assert "导出联系人" in read(lead, waiting)
    assert len(links(lead, "/contests?state=all", "/contests/")) == 2


def test_a_penalty_is_decided_with_its_points_and_what_it_still_needs(furnished: Flask) -> None:
    lead = enter(furnished, "lead")

    (made,) = links(lead, "/decisions?policy=penalty.order-diversion", "/decisions/")
    told = read(lead, made)

    assert "serious warning" in told
    assert re.search(r"\b6 points\b", told)
    assert made in links(lead, "/cases", "/decisions/")
    assert planted.ORDERING_OUTSIDE in told
    assert "书面材料：须" in lead.get(made, headers={"Accept-Language": "zh"}).text


def test_the_account_manager_reads_an_answer_and_what_a_signal_about_them_rests_on(furnished: Flask) -> None:
    own = read(enter(furnished, "account-manager"), "/me")

    assert "Contacts exported" in own
    assert "upheld in part" in own
    assert "交接按团队调整进行" in own


def test_it_is_told_of_those_whose_logins_there_are(furnished: Flask) -> None:
    assert "answered by lead" in read(enter(furnished, "account-manager"), "/me")
    assert "by lead" in read(enter(furnished, "auditor"), "/cases")


def test_nothing_lies_in_the_future_and_no_case_before_its_signal(furnished: Flask) -> None:
    record: Record = furnished.extensions["record"]
    now = clock()
    with record.reading() as connection:
        told = connection.execute(select(EVENTS.c.type, EVENTS.c.time)).all()
        made = connection.execute(select(DECISIONS.c.recorded_at, DECISIONS.c.as_of)).all()
        said = contests.search(connection, contests.Query(), 100)
        opened = cases.search(connection, cases.Query(), 100)
        seen = {each.id: each.created_at for each in signals.search(connection, signals.Query(), 100)}

    assert not [row for row in told if row.time > now]
    assert not [row for row in made if row.recorded_at > now or row.as_of > today(now).isoformat()]
    assert len(said) == 2
    assert all(each.at <= (each.answer.at if each.answer else now) <= now for each in said)
    assert [each for each in opened if seen[each.signal] <= each.case.at <= now]
    assert min(each.at for each in said) >= min(seen.values()), "nobody speaks of what nobody has found"


@pytest.mark.parametrize("day", [files.DAY, date(2026, 11, 28), date(2028, 2, 29)], ids=str)
def test_what_is_told_lies_before_the_day_it_is_loaded_on_whatever_the_hour(day: date) -> None:
    tables = files.tables(day)
    told, sold = tables["events"], tables["deals"]

    assert len(told) > 10_000
    assert [row for row in told if str(row["time"]) >= day.isoformat()] == []
    assert [row for row in sold if row["opened_on"] >= day or (row["closed_on"] or day) > day] == []
