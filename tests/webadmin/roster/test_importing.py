"""Files of records into the database: whole or not at all, nothing twice, every refusal with its place."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from policy.errors import SourceError
from policy.tables import RecordMapping, load_record_mapping, write_xlsx
from policy.values import Language
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.roster import importing
from webadmin.roster.imported import Imported
from webadmin.roster.importing import Source
from webadmin.roster.words import NoVocabularyError, Words
from webadmin.store import deals, roster, standing
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import ABSENCES, AUDIT, CUSTOMERS, DATED, DEALS, EVENTS, EXTERNAL_IDS, PEOPLE, TEAMS

SINCE = date(2026, 1, 1)
LATEST = NOW + timedelta(minutes=5)

MAPPINGS = {
    "teams": "{id: {column: id}, name: {column: name}, parent: {column: parent}}",
    "people": "{id: {column: id}, name: {column: name}, team: {column: team}, capacity: {column: capacity},"
    " since: {column: since}}",
    "absences": "{id: {column: id}, person: {column: person}, since: {column: from}, until: {column: to}}",
    "customers": "{id: {column: id}, name: {column: name}, owner: {column: owner}}\n"
    "facts: {customer.growth: {column: growth}, customer.tier: {column: tier}}",
    "deals": "{id: {column: id}, customer: {column: customer}, stage: {column: stage}}\n"
    "facts: {order.id: {column: id}, order.amount: {column: amount}, customer.id: {column: customer}}",
    "events": "{id: {column: id}, type: {column: type}, time: {column: time}}\n"
    "facts: {customer.id: {column: customer}, manager.id: {column: person}, channel: {column: channel},"
    " effective: {constant: true}}",
}

FILES = {
    "teams": "id,name,parent\nt2,二组,t1\nt1,一组,\n",
    "people": "id,name,team,capacity,since\np1,王芳,t1,40,\np2,李伟,t2,30.0,2026-02-01\n",
    "absences": "id,person,from,to\na1,p1,2026-03-01,2026-03-08\n",
    "customers": "id,name,owner,growth,tier\nc1,海蓝,p1,0.25,B\nc2,远山,p2,,A\n",
    "deals": "id,customer,stage,amount\nd1,c1,won,1200.50\nd2,,open,\n",
    "events": "id,type,time,customer,person,channel\ne1,contact,2026-02-01T09:00:00+08:00,c1,p1,visit\n",
}

TABLES = (TEAMS, PEOPLE, ABSENCES, CUSTOMERS, DEALS, EVENTS, DATED, EXTERNAL_IDS, AUDIT)


def mapping_of(kind: str, system: str = "crm") -> RecordMapping:
    text = f"mapping: m\ninto: {kind}\nsource: {system}\ntitle: {{zh: 映射, en: A mapping}}\nfields: {MAPPINGS[kind]}\n"
    return load_record_mapping(text)


def source(record: Record, folder: Path, kind: str, rows: str, system: str = "crm") -> Source:
    path = folder / f"{kind}.csv"
    path.write_text(rows, "utf-8")
    return importing.read(path, mapping_of(kind, system), Words.on(record, TODAY), SINCE, latest=LATEST)


def take(record: Record, act: Act, folder: Path, kind: str, rows: str | None = None, system: str = "crm") -> Imported:
    made = source(record, folder, kind, FILES[kind] if rows is None else rows, system)
    return importing.write(record, made, act)


def counts(record: Record) -> list[int]:
    with record.engine.connect() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def own(record: Record, sort: str, name: str) -> str:
    with record.engine.connect() as connection:
        return roster.own_ids(connection, sort, "crm", [name])[name]


@pytest.fixture
def taken(filled: Record, alice: Act, tmp_path: Path) -> Record:
    """Return a record with everything of `FILES`."""
    for kind in FILES:
        assert not take(filled, alice, tmp_path, kind).is_refused
    return filled


def test_everything_is_taken_with_its_references(taken: Record) -> None:
    first, second, customer = own(taken, "person", "p1"), own(taken, "person", "p2"), own(taken, "customer", "c1")

    with taken.engine.connect() as connection:
        assert standing.owner_of(connection, customer, SINCE) == first
        assert standing.members(connection, own(taken, "team", "t1"), date(2026, 2, 1)) == sorted([first, second])
        assert standing.team_of(connection, second, date(2026, 1, 31)) is None
        assert [(deal.customer, deal.stage) for deal in deals.every(connection)] == [(customer, "won"), (None, "open")]
        facts = [json.loads(deal.facts) for deal in deals.every(connection)]
        event = json.loads(connection.execute(select(EVENTS.c.body).where(EVENTS.c.type == "contact")).scalar_one())
    assert facts == [{"order": {"id": "d1", "amount": 1200.5}, "customer": {"id": customer}}, {"order": {"id": "d2"}}]
    assert event["event"]["data"] == {
        "customer": {"id": customer},
        "manager": {"id": first},
        "channel": "visit",
        "effective": True,
    }


BY_NAME = "mapping: m\ninto: {}\nsource: crm\ntitle: {{zh: 映射, en: A mapping}}\nfields: {}\n"


def by_name(record: Record, folder: Path, kind: str, fields: str, rows: str) -> Source:
    path = folder / f"{kind}.csv"
    path.write_text(rows, "utf-8")
    mapping = load_record_mapping(BY_NAME.format(kind, fields))
    return importing.read(path, mapping, Words.on(record, TODAY), SINCE, latest=LATEST)


def test_names_in_the_same_file_are_found(filled: Record, alice: Act, tmp_path: Path) -> None:
    fields = "{id: {column: id}, name: {column: name}, parent: {column: above, by: name}}"
    made = by_name(filled, tmp_path, "teams", fields, "id,name,above\nn1,华中,\nn2,武汉,华中\nn3,长沙,n1\n")

    outcome = importing.write(filled, made, alice)

    assert (outcome.new, outcome.report.refused) == (3, 0)
    assert outcome.by_name == {("above", "team", "华中", own(filled, "team", "n1")): 1}, "an id needs no name"


def test_what_names_nobody_cannot_be_found_by_a_name(filled: Record, tmp_path: Path) -> None:
    fields = "{id: {column: id}, name: {column: name}, region: {column: above, by: name}}"
    with pytest.raises(SourceError) as caught:
        by_name(filled, tmp_path, "teams", fields, "id,name,above\n")

    assert [(each.code, each.values["found"]) for each in caught.value.findings] == [("table-by-name", "region")]


@pytest.mark.parametrize("kind", FILES)
def test_a_second_time_writes_nothing_and_says_so(taken: Record, alice: Act, tmp_path: Path, kind: str) -> None:
    before = counts(taken)

    again = take(taken, alice, tmp_path, kind)

    assert (again.new, again.changed, again.unchanged) == (0, 0, len(FILES[kind].splitlines()) - 1)
    assert "nothing was written" in again.to_text(Language.EN)
    assert "未写入任何内容" in again.to_text(Language.ZH)
    assert counts(taken) == before


def test_what_has_changed_holds_from_its_day_on(taken: Record, alice: Act, tmp_path: Path) -> None:
    rows = "id,name,team,capacity,since\np1,王芳,t2,40,2026-05-01\np2,李伟,t2,30,2026-05-01\n"

    done = take(taken, alice, tmp_path, "people", rows)

    assert (done.new, done.changed, done.unchanged) == (0, 1, 1)
    with taken.engine.connect() as connection:
        teams = [standing.team_of(connection, own(taken, "person", "p1"), date(2026, 4, day)) for day in (1, 30)]
        after = standing.team_of(connection, own(taken, "person", "p1"), date(2026, 5, 1))
    assert teams == [own(taken, "team", "t1")] * 2
    assert after == own(taken, "team", "t2")


def test_the_audit_entry_names_file_digest_and_counts(taken: Record) -> None:
    with taken.engine.connect() as connection:
        chosen = select(AUDIT.c.body).where(AUDIT.c.action == "imported", AUDIT.c.object == "import:customers.csv")
        what = json.loads(connection.execute(chosen).scalar_one())["what"]

    assert what["digest"].startswith("sha256:")
    assert {name: what[name] for name in ("mapping", "source", "into", "read", "new", "changed", "unchanged")} == {
        "mapping": "m",
        "source": "crm",
        "into": "customers",
        "read": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
    }


REFUSED: list[tuple[str, str, list[tuple[int, str | None, str]]]] = [
    ("customers", "id,name,owner,growth,tier\nc3,新,p1,0.1,B\nc4,旧,p9,,C\n", [(3, "owner", "record-unknown")]),
    ("customers", "id,name,owner,growth,tier\nc3,新,p1,much,B\n", [(2, "growth", "value-number-form")]),
    (
        "customers",
        "id,name,owner,growth,tier\nc3,新,p9,much,B\n",
        [(2, "growth", "value-number-form"), (2, "owner", "record-unknown")],
    ),
    ("people", "id,name,team,capacity,since\np3,周,t9,40,\n", [(2, "team", "record-unknown")]),
    (
        "people",
        "id,name,team,capacity,since\np3,周,t9,forty,someday\n",
        [(2, "capacity", "value-number-form"), (2, "since", "value-form"), (2, "team", "record-unknown")],
    ),
    ("teams", "id,name,parent\nt8,,t9\nt7,七组,t8\n", [(2, "name", "table-empty"), (2, "parent", "record-unknown")]),
    ("absences", "id,person,from,to\na2,p9,2026-03-01,2026-03-08\n", [(2, "person", "record-unknown")]),
    ("deals", "id,customer,stage,amount\nd3,c9,won,5\n", [(2, "customer", "record-unknown")]),
    ("teams", "id,name,parent\nt1,一组,t2\n", [(2, None, "roster-cycle")]),
    (
        "events",
        "id,type,time,customer,person,channel\ne1,contact,2026-02-01T09:00:00+08:00,c1,p1,call\n",
        [(2, "id", "record-event-differs")],
    ),
    (
        "events",
        "id,type,time,customer,person,channel\ne2,contact,2026-11-26T16:35:01+08:00,c1,p1,call\n",
        [(2, "time", "record-event-future")],
    ),
    (
        "events",
        "id,type,time,customer,person,channel\ne2,contakt,2026-02-01T09:00:00+08:00,c1,p1,call\n",
        [(2, "type", "unknown-event")],
    ),
    (
        "events",
        "id,type,time,customer,person,channel\ne2,contact,2026-02-01T09:00:00+08:00,,p1,smoke\n",
        [(2, "channel", "value-not-one-of"), (2, "customer", "facts-missing")],
    ),
]


@pytest.mark.parametrize(("kind", "rows", "expected"), REFUSED)
def test_one_bad_row_and_nothing_is_written(
    taken: Record, alice: Act, tmp_path: Path, kind: str, rows: str, expected: list[tuple[int, str | None, str]]
) -> None:
    before = counts(taken)

    done = take(taken, alice, tmp_path, kind, rows)

    assert done.is_refused
    assert [(each.row, each.column, each.code) for each in done.report.refusals] == expected
    assert all(each.why(language) for each in done.report.refusals for language in Language)
    assert counts(taken) == before


def test_clocks_may_differ_by_five_minutes(taken: Record, alice: Act, tmp_path: Path) -> None:
    heading = FILES["events"].splitlines()[0]

    done = take(taken, alice, tmp_path, "events", f"{heading}\ne2,contact,2026-11-26T16:35:00+08:00,c1,p1,call\n")

    assert (done.new, done.report.refused) == (1, 0)


def test_an_event_to_come_is_said_to_be_one(taken: Record, alice: Act, tmp_path: Path) -> None:
    heading = FILES["events"].splitlines()[0]

    done = take(taken, alice, tmp_path, "events", f"{heading}\ne2,contact,2027-01-01T00:00:00+08:00,c1,p1,call\n")

    (refusal,) = done.report.refusals
    assert refusal.why(Language.EN).startswith("the event is said to be of `2027-01-01T00:00:00+08:00`, which is still")
    assert "尚未到来，应不晚于 `2026-11-26T08:35:00+00:00`" in refusal.why(Language.ZH)


REPORTS = (
    "mapping: m\ninto: events\nsource: crm\ntitle: {zh: 举报, en: Reports}\n"
    "fields: {id: {column: id}, type: {constant: report_received}, time: {column: time}}\n"
    "facts: {manager.id: {column: person}, reporter: {column: reporter}, about: {column: about}}\n"
)


def report(record: Record, act: Act, folder: Path, reporter: str, about: str = "other") -> list[int | str]:
    """Import one report of a whistle-blower; return new and unchanged records, and the codes of what is refused."""
    path = folder / "reports.csv"
    path.write_text(f"id,time,person,reporter,about\nr1,2026-02-01T09:00:00+08:00,p1,{reporter},{about}\n")
    done = importing.write(
        record, importing.read(path, load_record_mapping(REPORTS), Words.on(record, TODAY), SINCE, latest=LATEST), act
    )
    return [done.new, done.unchanged, *(each.code for each in done.report.refusals)]


@pytest.mark.parametrize("guess", ["Mei", "Ling", ""])
def test_who_reported_cannot_be_guessed(taken: Record, alice: Act, bob: Act, tmp_path: Path, guess: str) -> None:
    assert report(taken, alice, tmp_path, "Mei") == [1, 0]
    before = counts(taken)

    assert report(taken, bob, tmp_path, guess) == [0, 1]
    assert report(taken, bob, tmp_path, guess, "outside-order") == [0, 0, "record-event-differs"]
    assert counts(taken) == before


def test_who_imported_it_learns_what_is_not_as_it_was(taken: Record, alice: Act, tmp_path: Path) -> None:
    told = [report(taken, alice, tmp_path, reporter) for reporter in ("Mei", "Mei", "Ling", "")]

    assert told == [[1, 0], [0, 1], [0, 0, "record-event-differs"], [0, 0, "record-event-differs"]]


def test_refusals_of_a_workbook_name_the_sheet(taken: Record, alice: Act, tmp_path: Path) -> None:
    path = tmp_path / "crm.xlsx"
    with path.open("wb") as stream:
        write_xlsx(stream, [{"id": "c5", "name": "新", "owner": "p9", "growth": Decimal("0.5"), "tier": "B"}])
    made = importing.read(path, mapping_of("customers"), Words.on(taken, TODAY), SINCE, latest=LATEST)

    refused = importing.write(taken, made, alice).report.refusals

    assert [(each.sheet, each.row, each.column, each.code) for each in refused] == [
        (made.report.sheet, 2, "owner", "record-unknown")
    ]
    assert made.report.sheet


def test_ids_of_another_system_are_others(taken: Record, alice: Act, tmp_path: Path) -> None:
    done = take(taken, alice, tmp_path, "customers", system="erp")

    assert {(each.column, each.code) for each in done.report.refusals} == {("owner", "record-unknown")}


def test_ids_of_fairlead_are_our_own(filled: Record, alice: Act, tmp_path: Path) -> None:
    for kind in FILES:
        assert not take(filled, alice, tmp_path, kind, system="fairlead").is_refused

    with filled.engine.connect() as connection:
        assert standing.customers_of(connection, ["p1"], SINCE) == ["c1"]
        assert connection.execute(select(func.count()).select_from(EXTERNAL_IDS)).scalar_one() == 0


def test_trying_out_says_the_same_and_writes_nothing(filled: Record, alice: Act, tmp_path: Path) -> None:
    before = counts(filled)
    sources = [source(filled, tmp_path, kind, rows) for kind, rows in FILES.items()]

    done = importing.try_out(filled, sources, alice)

    assert [(each.new, each.is_refused, each.is_dry) for each in done] == [
        (len(rows.splitlines()) - 1, False, True) for rows in FILES.values()
    ]
    assert counts(filled) == before


def test_trying_out_stops_at_what_is_refused(filled: Record, alice: Act, tmp_path: Path) -> None:
    sources = [source(filled, tmp_path, kind, FILES[kind]) for kind in ("teams", "customers", "deals")]

    assert [each.is_refused for each in importing.try_out(filled, sources, alice)] == [False, True]


def test_without_a_vocabulary_nothing_can_be_read(record: Record) -> None:
    with pytest.raises(NoVocabularyError):
        Words.on(record, TODAY)


def test_the_report_as_data_says_where(taken: Record, alice: Act, tmp_path: Path) -> None:
    data: dict[str, Any] = take(taken, alice, tmp_path, "customers", REFUSED[0][1]).to_data()

    assert (data["file"], data["into"], data["rows"]["refused"]) == ("customers.csv", "customers", 1)
    assert data["refused"][0]["message"]["zh"] == "列 `owner`：没有编号为 `p9` 的人员：请先导入，或更正编号"
