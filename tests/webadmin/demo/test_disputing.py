"""What somebody who looks around as a manager, an account manager or an auditor finds in the demonstration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.values import Language
from tests.webadmin.conftest import MakeApp
from webadmin.app import close
from webadmin.cli import furnishing
from webadmin.demo import planted
from webadmin.settings import Settings


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
