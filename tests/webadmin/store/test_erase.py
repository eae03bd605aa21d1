"""Erasing a person: nothing of the person is left, everything else stays, and verification says who did it and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Text, insert, select, update

from tests.webadmin.store.conftest import NOW, TODAY
from webadmin import models, spelling
from webadmin.database import compact
from webadmin.decisions import service
from webadmin.decisions.service import Asked
from webadmin.store import audit, decisions, events, published, revisions
from webadmin.store.audit import Action
from webadmin.store.decisions import Query
from webadmin.store.erase import Refusal, erase
from webadmin.store.expected import SHELVES
from webadmin.store.needles import Needles
from webadmin.store.personal import CODED, FREE
from webadmin.store.raw import columns
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.report import Wrong
from webadmin.store.revisions import Act, Period
from webadmin.store.tables import (
    ABSENCES,
    AUDIT,
    CUSTOMERS,
    DATED,
    DEALS,
    DECISIONS,
    EVENTS,
    EXTERNAL_IDS,
    IDEMPOTENCY,
    JOBS,
    LOGINS,
    PEOPLE,
)
from webadmin.store.verify import Scope, verify
from webadmin.store.writer import Transaction

OWN, FOREIGN, NAME, ENGLISH, MAIL = "p-own-4711", "u-0815", "欧阳梦溪", "Mengxi Ouyang", "mx.ouyang@example.com"
LOGIN = "mengxi"
ACT = Act("cli:dpo", datetime(2026, 12, 1, 9, tzinfo=UTC), TODAY)
REASON = "asked for by the person"


def order(requester: str, number: int) -> bytes:
    facts = {
        "order": {"id": f"o{number}", "amount": 600000},
        "customer": {"id": "c1", "tier": "B"},
        "requester": {"id": requester, "team": "east-1"},
    }
    return json.dumps(facts).encode()


def candidates() -> bytes:
    """Return facts of an assignment in which the person is one of two candidates."""
    base = {"active": True, "absent": False, "region": "Shanghai", "regions": ["Shanghai"], "level": 1, "capacity": 20}
    managers = [{"id": name, "hired_on": "2025-03-02", **base} for name in (FOREIGN, "am-08")]
    customer = {"id": "c9", "region": "Shanghai", "industry": "retail", "expected_revenue": 40000}
    return json.dumps({"customer": customer, "managers": managers}).encode()


def fill(record: Record) -> None:
    def roster(transaction: Transaction) -> None:
        told = [
            ("1", "person_changed", OWN, {"manager": {"id": OWN}, "note": "capacity"}),
            ("2", "complaint", "c1", {"customer": {"id": "c1"}, "manager": {"id": FOREIGN}, "said": f"{NAME}来电"}),
            (f"{FOREIGN}-3", "contact", "c1", {"customer": {"id": "c1"}, "by": MAIL.upper()}),
            ("4", "contact", "c2", {"customer": {"id": "c2"}, "by": "u-08151"}),
        ]
        ids = [
            events.append(
                transaction,
                {
                    "id": name,
                    "source": "crm",
                    "type": sort,
                    "subject": subject,
                    "time": "2026-03-01T09:00:00+08:00",
                    "data": data,
                },
                actor=f"login:{LOGIN}" if name == "4" else "client:crm",
                now=NOW,
            ).id
            for name, sort, subject, data in told
        ]
        empty = {"erased_by": None, "created_at": NOW}
        transaction.add(PEOPLE, {"id": OWN, "name": NAME, "name_en": ENGLISH, "email": MAIL, **empty})
        transaction.add(PEOPLE, {"id": "p-other", "name": "李四", "name_en": None, "email": None, **empty})
        transaction.add(CUSTOMERS, {"id": "c1", "name": "甲公司", "name_en": None, "phone": None, **empty})
        transaction.add(EXTERNAL_IDS, {"of": "person", "source": "crm", "external": FOREIGN, "own_id": OWN})
        days = {"since": TODAY, "until": None, "event_id": ids[0]}
        transaction.add(
            DATED,
            {"id": "d1", "of": "person", "of_id": OWN, "attribute": "capacity", "value": "30", **days},
            {"id": "d2", "of": "customer", "of_id": "c1", "attribute": "owner", "value": f'"{OWN}"', **days},
        )
        transaction.add(ABSENCES, {"id": "a1", "person_id": OWN, "since": TODAY, "until": TODAY, "event_id": ids[0]})
        login = {"id": "l1", "name": LOGIN, "password": None, "person_id": OWN, "role": "account-manager"}
        scope = {"kinds": "", "teams": "", "stamp": "s1", "must_change": False}
        transaction.add(LOGINS, {**login, **scope, "created_at": NOW, "disabled_at": None})
        transaction.add(
            DEALS,
            {
                "id": "deal-1",
                "customer_id": "c1",
                "owner_id": OWN,
                "stage": "won",
                "opened_on": None,
                "closed_on": None,
                "facts": json.dumps({"requester": {"id": FOREIGN}}, separators=(",", ":")),
                "event_id": ids[0],
            },
        )
        audit.note(transaction, NOW, "cli:root", Action.CHANGED, f"person:{OWN}", {"fields": ["capacity"]})
        audit.note(transaction, NOW, f"login:{LOGIN}", Action.READ, "c1", {"for": ENGLISH})
        audit.note(transaction, NOW, "cli:root", Action.LOGIN_MADE, f"login:{LOGIN}", {"person": OWN})
        propose(transaction)

    record.writer.write(roster)
    with record.engine.connect() as connection:
        made = [
            service.make(record, connection, Asked(name, facts, "2026-03-01"), actor="client:shop", now=NOW)
            for name, facts in (
                ("approval.order", order(FOREIGN, 1)),
                ("approval.order", order("am-08", 2)),
                ("assignment.new-customer", candidates()),
            )
        ]
    service.keep(record, made)
    with record.engine.begin() as connection:
        answer = {"client_id": "x" * 36, "request": b"r", "status": 200, "created_at": NOW}
        connection.execute(
            insert(IDEMPOTENCY),
            [
                {**answer, "key": "1", "response": f'{{"id":"{made[0].record.id}"}}'},
                {**answer, "key": "2", "response": f'{{"id":"{made[1].record.id}"}}'},
            ],
        )
        connection.execute(
            insert(JOBS).values(
                id="j1",
                kind="import",
                arguments=f'{{"by":"{NAME}"}}',
                state="done",
                done=1,
                cancel_asked=False,
                attempts=1,
                created_by=f"login:{LOGIN}",
                created_at=NOW,
            )
        )


def propose(transaction: Transaction) -> None:
    """Propose a draft of which the person wrote a part, and somebody else the rest."""
    text = published.revision_of(transaction.connection, "approval.order", 1).text
    other = Act("login:other", NOW, TODAY)
    revision = revisions.add(transaction, "approval.order", f"{text}# changed\n", other)
    written_by = (f"login:{LOGIN}", "login:other")
    within = revisions.Batch("batch-1", revisions.newest(transaction.connection), written_by=written_by)
    revisions.propose(transaction, revision, Period(TODAY), "together", other, within)


def everything(record: Record) -> str:
    """Return every value of every table, as text."""
    with record.engine.connect() as connection:
        return "\n".join(
            repr(row)
            for table in models.db.metadata.sorted_tables
            for row in connection.execute(select(*columns(table)))
        )


def test_nothing_of_the_person_is_left_and_all_else_is(filled: Record) -> None:
    fill(filled)
    before = everything(filled)
    assert all(each in before for each in (OWN, FOREIGN, NAME, ENGLISH, LOGIN))

    done = erase(filled, FOREIGN, REASON, ACT)

    after = everything(filled)
    assert [each for each in (OWN, NAME, ENGLISH, MAIL, MAIL.upper(), LOGIN) if each in after] == []
    assert FOREIGN not in after.replace("u-08151", "")
    assert all(each in after for each in ("u-08151", "am-08", "李四", "甲公司"))
    assert done.left == ()
    assert done.emptied == {"decisions": 1, "events": 1, "audit": 2}
    assert done.redacted["decisions"] == 1
    assert done.removed["absences"] == done.removed["logins"] == done.removed["idempotency"] == 1


def test_what_a_name_was_found_by_goes_with_it(filled: Record) -> None:
    """A customer that is called after the person is sorted and found by what is left of its name."""
    fill(filled)
    called = f"{NAME}工作室"
    empty = {"phone": None, "erased_by": None, "created_at": NOW}

    def named(transaction: Transaction) -> None:
        transaction.add(
            CUSTOMERS, {"id": "c-own", "name": called, "name_en": None, **spelling.beside(called, None), **empty}
        )

    filled.writer.write(named)
    assert "ouyangmengxi" in everything(filled)

    erase(filled, OWN, REASON, ACT)

    assert not any(
        each in everything(filled) for each in ("ouyang", "mengxi", repr(NAME.encode(spelling.ALPHABET))[2:-1])
    )
    with filled.engine.connect() as connection:
        left = connection.execute(select(CUSTOMERS).where(CUSTOMERS.c.id == "c-own")).one()
    assert (left.turn, left.spelled) == (spelling.in_turn(left.name), spelling.spelled(left.name))


def test_verification_says_who_erased_and_why(filled: Record) -> None:
    fill(filled)
    done = erase(filled, OWN, REASON, ACT)

    with filled.reading() as connection:
        report = verify(connection, filled.catalogue, None)

    assert report.first == {}
    told = report.erasures[done.entry]
    assert (told.by, told.at[:10], told.reason) == ("cli:dpo", "2026-12-01", REASON)
    assert (told.emptied, told.redacted) == (
        4,
        done.redacted["decisions"] + done.redacted["events"] + done.redacted["audit"],
    )
    assert report.recomputed == {"same": 1}
    assert {str(each.what) for each in report.unproven} >= {"erased-contents", "redacted-contents"}


def test_somebody_takes_the_place_of_the_person(filled: Record) -> None:
    fill(filled)
    done = erase(filled, OWN, REASON, ACT)

    with filled.engine.connect() as connection:
        nobody = connection.execute(select(PEOPLE).where(PEOPLE.c.id == done.token)).one()
        owner = connection.execute(select(DATED.c.value).where(DATED.c.id == "d2")).scalar()
        deal = connection.execute(select(DEALS.c.owner_id)).scalar()
        found = decisions.search(connection, Query((("customer=c9",),)), 10)

    assert (nobody.name, nobody.erased_by) == (None, done.entry)
    assert (owner, deal) == (f'"{done.token}"', done.token)
    assert len(found) == 1
    assert done.token in (found[0].body or "")


@pytest.mark.parametrize("person", ["nobody-1", OWN])
def test_who_is_not_there_or_not_any_more_is_refused(filled: Record, person: str) -> None:
    fill(filled)
    erase(filled, FOREIGN, REASON, ACT)

    with pytest.raises(RefusedError) as raised:
        erase(filled, person, REASON, ACT)

    assert raised.value.why is Refusal.UNKNOWN


def test_a_reason_does_not_name_the_person(filled: Record) -> None:
    fill(filled)

    with pytest.raises(RefusedError) as raised:
        erase(filled, FOREIGN, f"{NAME} asked for it", ACT)

    assert raised.value.why is Refusal.REASON
    assert NAME in everything(filled)


def test_an_id_two_systems_use_for_two_people_is_refused(filled: Record) -> None:
    fill(filled)
    with filled.engine.begin() as connection:
        connection.execute(insert(EXTERNAL_IDS).values(of="person", source="hr", external=FOREIGN, own_id="p-other"))

    with pytest.raises(RefusedError) as raised:
        erase(filled, FOREIGN, REASON, ACT)

    assert raised.value.why is Refusal.AMBIGUOUS


def test_a_name_two_people_share_stays_where_the_other_has_it(filled: Record) -> None:
    fill(filled)
    with filled.engine.begin() as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == "p-other").values(name=NAME))

    erase(filled, OWN, REASON, ACT)

    with filled.engine.connect() as connection:
        assert connection.execute(select(PEOPLE.c.name).where(PEOPLE.c.id == "p-other")).scalar() == NAME


def test_two_are_erased_one_after_the_other(filled: Record) -> None:
    fill(filled)
    erase(filled, OWN, REASON, ACT)
    erase(filled, "am-08", REASON, ACT)

    with filled.reading() as connection:
        report = verify(connection, filled.catalogue, None)

    assert report.first == {}
    assert len(report.erasures) == 2
    assert "am-08" not in everything(filled)


@pytest.mark.parametrize(
    ("table", "change", "wrong"),
    [
        (DECISIONS, {"status": "no_hit"}, Wrong.ROW_ALTERED),
        (EVENTS, {"type": "else"}, Wrong.ROW_ALTERED),
        (AUDIT, {"action": "read"}, Wrong.ROW_ALTERED),
        (DECISIONS, {"erased_by": None}, Wrong.ROW_EMPTIED),
        (DECISIONS, {"erased_by": "e" * 36}, Wrong.ROW_EMPTIED),
    ],
)
def test_what_an_erasure_left_is_proven_too(
    filled: Record, table: object, change: dict[str, str], wrong: Wrong
) -> None:
    fill(filled)
    erase(filled, OWN, REASON, ACT)
    with filled.engine.begin() as connection:
        connection.execute(update(table).where(table.c.body.is_(None)).values(change))  # type: ignore[arg-type,attr-defined]

    with filled.reading() as connection:
        report = verify(connection, filled.catalogue, None, Scope(0))

    assert report.first[table.name].wrong is wrong  # type: ignore[attr-defined]


def test_a_row_emptied_by_hand_is_an_alteration(filled: Record) -> None:
    fill(filled)
    with filled.engine.begin() as connection:
        connection.execute(update(EVENTS).values(salt=None, body=None))

    with filled.reading() as connection:
        report = verify(connection, filled.catalogue, None, Scope(0))

    assert (report.first["events"].wrong, report.first["events"].seq) == (Wrong.ROW_EMPTIED, 1)


def test_no_byte_is_left_in_the_files(filled: Record) -> None:
    fill(filled)
    done = erase(filled, OWN, REASON, ACT)

    assert compact(filled.engine, done.tables)

    if filled.engine.dialect.name == "sqlite":
        path = Path(str(filled.engine.url.database))
        held = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
        assert len(held) > 100_000
        assert [each for each in (OWN, NAME, ENGLISH, MAIL, LOGIN) if each.encode() in held] == []
        assert FOREIGN.encode() not in held.replace(b"u-08151", b"")


def test_every_column_of_text_is_personal_or_not() -> None:
    own = {shelf.table.name for shelf in SHELVES.values()} | {"decision_terms", "event_terms"}
    free = {table.name: set(names) for table, names in FREE.items()}
    texts = {
        table.name: {
            column.name for column in table.columns if isinstance(column.type, Text) or "VARCHAR" in str(column.type)
        }
        for table in models.db.metadata.sorted_tables
        if table.name not in own
    }

    assert {name: free.get(name, set()) | set(CODED.get(name, ())) for name in texts} == texts


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("am-07", "X"),
        ("person:am-07", "person:X"),
        ("am-071, am-07-b, am-07-3, xam-07", "am-071, am-07-b, X-3, xam-07"),
        ('{"am-07":[1.50,"wang FANG said"]}', '{"X":[1.50,"X said"]}'),
        ("{not JSON am-07", "{not JSON X"),
        ("与王芳通话", "与X通话"),
        ("7", "X"),
        ("17 or 7", "17 or 7"),
        ("wf", "X"),
        ("login:wf", "login:X"),
        ("wf and others", "wf and others"),
    ],
)
def test_needles(text: str, without: str) -> None:
    needles = Needles(
        frozenset({"am-07", "7"}), frozenset({"王芳", "Wang Fang"}), frozenset({"wf"}), "X", frozenset({"am-07-b"})
    )

    assert needles.in_text(text) == without


def test_texts_that_name_the_person_are_told_and_left(filled: Record) -> None:
    fill(filled)
    with filled.engine.begin() as connection:
        connection.execute(insert(EXTERNAL_IDS).values(of="person", source="hr", external="am-07", own_id=OWN))

    done = erase(filled, OWN, REASON, ACT)

    assert "approval.order" in done.left
    with filled.reading() as connection:
        assert verify(connection, filled.catalogue, None, Scope(0)).first == {}
