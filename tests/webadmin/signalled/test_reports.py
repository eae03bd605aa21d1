"""That somebody reported something is "a report" of a day to those who must judge, and not there for anybody else."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from policy.model.document import FieldClass
from tests.webadmin.api.conftest import Api, token_for
from tests.webadmin.signalled.conftest import REPORTER, Place
from tests.webadmin.signalled.test_cases import opened, with_facts
from tests.webadmin.signing import signed_in
from webadmin.access.scopes import READABLE, Scope
from webadmin.signals.cases import TYPE
from webadmin.store.logins import Role
from webadmin.store.tables import EVENTS, SIGNALS

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}

JUDGES = ((Role.ADMIN, "admin", None), (Role.MANAGER, "lead-am-01", "am-01"))
OTHERS = ((Role.AUDITOR, "auditor", None), (Role.ACCOUNT_MANAGER, "own", "am-03"), (Role.MANAGER, "west", "am-02"))


def client(place: Place, role: Role, name: str, person: str | None) -> FlaskClient:
    return signed_in(place.app, role, name, person)


def report(place: Place, signal: str) -> tuple[str, str, str]:
    """Return the ids of the event that tells of the report, here and at its source, and when it happened."""
    with place.record.engine.connect() as connection:
        names = json.loads(connection.execute(select(SIGNALS.c.body).where(SIGNALS.c.id == signal)).scalar_one())
        told = select(EVENTS.c.id, EVENTS.c.event_id, EVENTS.c.time).where(EVENTS.c.type == "report_received")
        rows = {row.id: row for row in connection.execute(told)}
    found = next(rows[name] for name in names["events"] if name in rows)
    return found.id, found.event_id, found.time.isoformat()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def happened(page: str) -> str:
    return text(page.partition('class="happened numbered"')[2].partition("</ol>")[0])


@pytest.mark.parametrize("who", JUDGES, ids=lambda who: str(who[0]))
def test_who_must_judge_reads_that_there_was_a_report_and_its_day(
    empty: Place, east: str, who: tuple[Role, str, str | None]
) -> None:
    english, chinese = (client(empty, *who).get(f"/signals/{east}", headers=each).text for each in (EN, ZH))

    assert "A report March 3, 2026" in happened(english)
    assert "一份举报 2026年3月3日" in happened(chinese)
    assert "order placed outside" not in english, "what it is about lets one guess who reported it"
    assert "09:00" not in english.replace("9:00:00", "").partition("A report")[2].partition("</li>")[0]
    assert not [each for each in report(empty, east) if each in english]
    assert "2026-03-03T" not in english
    assert 'value="report-1"' in english


@pytest.mark.parametrize("who", OTHERS, ids=lambda who: str(who[1]))
def test_for_anybody_else_it_is_not_there(empty: Place, east: str, who: tuple[Role, str, str | None]) -> None:
    reader = client(empty, *who)
    for address in (f"/signals/{east}", "/signals", "/cases", "/me", "/people/am-03", "/customers/c-1", "/contests"):
        page = reader.get(address, headers=EN).text
        for each in (REPORTER, "report received", "a report<", "a report ", *report(empty, east), "mar 3, 2026"):
            assert each.lower() not in page.lower(), (address, each)


def test_an_auditor_reads_the_other_events_and_nothing_is_said_to_be_missing(empty: Place, east: str) -> None:
    page = client(empty, *OTHERS[0]).get(f"/signals/{east}", headers=EN).text

    assert happened(page).count("Customer lost") == 2
    assert "in the record no more" not in page
    assert "events 1, 2" in page
    assert "events 1, 2, 3" not in page
    assert "What would tell who reported something never stands here." in page


def test_a_case_can_rest_on_a_report_that_no_form_names(empty: Place, east: str) -> None:
    admin = client(empty, *JUDGES[0])
    page = admin.get(f"/signals/{east}", headers=EN).text
    offered = re.findall(r'name="event" value="([^"]+)"', page)
    refused = admin.post(f"/signals/{east}/case", data={"event": report(empty, east)[0], "note": "ask"})

    assert refused.status_code == 422
    assert admin.post(f"/signals/{east}/case", data={"event": offered, "note": "ask"}).status_code == 303
    with empty.record.engine.connect() as connection:
        told = select(EVENTS.c.body).where(EVENTS.c.type == TYPE).order_by(EVENTS.c.id.desc()).limit(1)
        data = json.loads(connection.execute(told).scalar_one())["event"]["data"]
    assert report(empty, east)[0] in data["evidence"]
    judged = text(admin.get(f"/signals/{east}", headers=EN).text)
    checked = text(client(empty, *OTHERS[0]).get(f"/signals/{east}", headers=EN).text)
    assert "It rests on 3 events." in judged
    assert "A report" in judged.partition("It rests on 3 events.")[2].partition("ask")[0]
    assert "It rests on 2 events." in checked
    assert "A report" not in checked


def test_a_lead_whom_it_is_about_reads_of_no_report(empty: Place) -> None:
    told = {"manager": {"id": "am-01"}, "reporter": REPORTER, "about": "other"}
    lost = {"manager": {"id": "am-01"}, "customer": {"id": "c-1"}}
    own = empty.raised(("manager.id", "am-01"), empty.tell(("customer_lost", lost), ("report_received", told)))

    page = client(empty, *JUDGES[1]).get(f"/signals/{own}", headers=EN).text

    assert "A report" not in page
    assert happened(page).count("Customer lost") == 1


@pytest.mark.parametrize("classes", [(FieldClass.OPEN,), READABLE], ids=["open", "all"])
def test_no_application_reads_of_a_report(empty: Place, east: str, classes: tuple[FieldClass, ...]) -> None:
    api = Api(empty.app, token_for(empty.record, Scope.READ, classes=classes))

    one, found = api.get(f"/api/v1/signals/{east}"), api.get("/api/v1/signals")

    for answer in (one, found):
        for each in (REPORTER, "report_received", *report(empty, east), "2026-03-03T"):
            assert each not in answer.text
    assert [each["type"] for each in one.json["events"]] == ["customer_lost"] * 2
    assert len(one.json["answers"]["first"][0]) == 2
    assert one.json["last_time"] == one.json["events"][-1]["time"]
    assert one.json["created_at"].endswith(("T00:00:00+08:00", "T16:00:00Z", "T16:00:00+00:00"))


def test_the_fold_of_the_record_holds_no_number_of_a_report(empty: Place, east: str) -> None:
    name = with_facts(empty, opened(empty, east))

    page = client(empty, *OTHERS[0]).get(f"/decisions/{name}", headers=EN).text
    told = page.partition("<code>evidence</code>")[2].partition("</dd>")[0]

    assert re.search("[0-9a-f]{8}-[0-9a-f]{4}-7", told), "an auditor reads the numbers of the other events"
    assert not [each for each in report(empty, east) if each in page]
