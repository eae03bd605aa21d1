"""A file that is sound when it is looked at and refused when its job runs tells the same as a preview would."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.imports.test_aside import rows, section
from tests.webadmin.imports.test_pages import chosen, digest, imported
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store.tables import PEOPLE

MANY = 120


def handed_over(client: FlaskClient, content: str, name: str, kind: str) -> str:
    """Look at a file and start its import; return its address."""
    page = chosen(client, content, name, kind=kind)
    seen = digest(client.get(f"{page}/preview").text)
    assert client.post(f"{page}/start", data={"seen": seen}).status_code == 303
    return page


@pytest.fixture
def late(site: Flask, admin: FlaskClient) -> str:
    """Import people whose team has a namesake only once their job runs; return the address of its progress."""
    imported(site, admin, chosen(admin, "id,name\nt1,=North\n", "teams.csv", kind="teams"))
    handed_over(admin, "id,name\nt2,=North\n", "more.csv", "teams")
    body = "".join(f"p{number},Person {number},=North\n" for number in range(1, MANY + 1))
    page = handed_over(admin, f"id,name,team\n{body}", "people.csv", "people")
    for _ in range(2):
        assert Worker(site.extensions["record"], KINDS, Around(clock, Stop())).once()
    return f"{page}/progress"


def test_its_rows_stand_on_pages_in_the_words_of_the_page(admin: FlaskClient, late: str) -> None:
    first, last = (admin.get(f"{late}?rows={which}").text for which in ("1", "99"))

    assert "120 rows are refused by now" in first
    assert "choose it again" in first
    assert re.search(r"Row 2 is refused team =North ", section(first)), section(first)
    assert "record-same-name" in section(first)
    assert "Row 52 " not in section(first)
    assert "Page 3 of 3" in section(last)
    assert "Row 121 is refused" in section(last)


def test_they_are_told_in_chinese_too(admin: FlaskClient, late: str) -> None:
    told = section(admin.get(late, headers={"Accept-Language": "zh"}).text)

    assert re.search("第 2 行 拒绝 team =North .*团队", told), told


def test_the_table_has_all_of_them_and_no_formula(admin: FlaskClient, late: str) -> None:
    told = rows(admin.get(late.replace("progress", "refused.csv")).text)

    assert [each["row"] for each in told] == [str(number) for number in range(2, MANY + 2)]
    assert {each["came_to"] for each in told} == {"refused"}
    assert {each["found"] for each in told} == {"'=North"}, "a spreadsheet takes it for no formula"
    assert {each["code"] for each in told} == {"record-same-name"}


def test_nothing_of_it_is_written(site: Flask, late: str) -> None:
    assert late
    with site.extensions["record"].engine.connect() as connection:
        assert connection.execute(PEOPLE.select()).all() == []


def test_a_job_that_has_not_run_has_no_such_table(admin: FlaskClient) -> None:
    page = chosen(admin, "id,name\nt1,North\n", "teams.csv", kind="teams")
    assert admin.get(f"{page}/refused.csv").status_code == 404
    admin.post(f"{page}/start", data={"seen": digest(admin.get(f"{page}/preview").text)})

    assert admin.get(f"{page}/refused.csv").status_code == 404
