"""Calls that name a key happen once, and every repetition gets the same bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import func, select, update

from tests.patience import LONG
from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from tests.webadmin.conftest import MakeApp
from webadmin.api.once import Draft, Once
from webadmin.api.problems import ProblemError
from webadmin.decisions.service import clock
from webadmin.store import idempotency
from webadmin.store.idempotency import Key
from webadmin.store.record import Record
from webadmin.store.tables import DECISIONS, IDEMPOTENCY
from webadmin.store.writer import Transaction

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


def decisions_in(record: Record) -> int:
    with record.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one())


def test_fifty_equal_calls_at_once_make_one_decision(api: Api) -> None:
    def call(_: int) -> tuple[int, bytes]:
        answer = Api(api.app, api.token).post(DECIDE, {"facts": ORDER}, Idempotency_Key="same")
        return answer.status_code, answer.data

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(call, range(50)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert decisions_in(api.record) == 1


def test_workers_agree_on_one_decision(api: Api, make_app: MakeApp) -> None:
    """Two applications over one database know nothing of each other but what is in it."""
    other = make_app(rules=api.app.extensions["settings"].rules, database=api.app.extensions["settings"].database)
    apps = [api.app, other]

    def call(number: int) -> bytes:
        return Api(apps[number % 2], api.token).post(DECIDE, {"facts": ORDER}, Idempotency_Key="workers").data

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(call, range(50)))
    other.extensions["record"].close()

    assert len(answers) == 1
    assert decisions_in(api.record) == 1


def test_the_answer_is_the_same_after_a_restart(api: Api, make_app: MakeApp) -> None:
    first = api.post(f"{DECIDE}?explain=reasons", {"facts": ORDER}, Idempotency_Key="k", Accept_Language="zh")
    settings = api.app.extensions["settings"]
    again = Api(make_app(rules=settings.rules, database=settings.database), api.token)

    second = again.post(f"{DECIDE}?explain=reasons", {"facts": ORDER}, Idempotency_Key="k", Accept_Language="en")
    again.record.close()

    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (DECIDE, {"facts": {}}),
        (f"{DECIDE}?explain=full", {"facts": ORDER}),
        (f"{DECIDE}/batch", {"items": [{"facts": ORDER}]}),
    ],
)
def test_a_key_is_for_one_request(near: Api, path: str, body: object) -> None:
    near.post(DECIDE, {"facts": ORDER}, Idempotency_Key="one")

    answer = near.post(path, body, Idempotency_Key="one")

    assert (answer.status_code, answer.json["code"]) == (422, "idempotency-mismatch")


def test_each_client_has_keys_of_its_own(near: Api) -> None:
    mine = near.post(DECIDE, {"facts": ORDER}, Idempotency_Key="own").json["id"]
    theirs = near.other().post(DECIDE, {"facts": ORDER}, Idempotency_Key="own").json["id"]

    assert mine != theirs


def test_a_token_that_sees_less_gets_nothing_out_of_a_key(near: Api) -> None:
    client = near.other(client="rotating")
    client.post(DECIDE, {"facts": ORDER}, Idempotency_Key="seen")

    narrow = near.other(client="rotating", classes=())

    assert narrow.post(DECIDE, {"facts": ORDER}, Idempotency_Key="seen").status_code == 422


def test_what_was_refused_leaves_its_key_free(near: Api) -> None:
    refused = near.post(DECIDE, {"facts": {}}, Idempotency_Key="free")

    assert refused.status_code == 422
    assert near.post(DECIDE, {"facts": ORDER}, Idempotency_Key="free").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_has_its_form(near: Api, key: str) -> None:
    answer = near.post(DECIDE, {"facts": ORDER}, Idempotency_Key=key)

    assert (answer.status_code, answer.json["code"]) == (400, "idempotency-key")


def test_keys_are_kept_for_a_day(api: Api) -> None:
    first = api.post(DECIDE, {"facts": ORDER}, Idempotency_Key="old").json["id"]
    with api.record.engine.begin() as connection:
        connection.execute(update(IDEMPOTENCY).values(created_at=clock() - timedelta(hours=24)))

    second = api.post(DECIDE, {"facts": ORDER}, Idempotency_Key="old").json["id"]

    assert second != first
    assert api.post(DECIDE, {"facts": ORDER}, Idempotency_Key="old").json["id"] == second


def test_old_keys_are_swept(api: Api) -> None:
    key = Key("client", "swept", b"0" * 32)
    api.record.writer.write(lambda transaction: idempotency.keep(transaction, key, 201, "{}", NOW))
    api.record.writer.write(lambda transaction: idempotency.sweep(transaction, NOW + timedelta(hours=24)))

    with api.record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(IDEMPOTENCY)).scalar_one() == 0


def test_whoever_waits_too_long_is_told_to_come_again(near: Api) -> None:
    once, key = Once(near.record, patience=0.05), Key("client", "slow", b"1" * 32)
    begun, go_on = Event(), Event()

    def slow() -> Draft:
        begun.set()
        go_on.wait(LONG)
        return Draft(201, "{}", _nothing)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(once.answer, key, NOW, slow)
        begun.wait(LONG)
        with pytest.raises(ProblemError) as refused:
            once.answer(key, NOW, slow)
        go_on.set()
        assert first.result().body == "{}"

    assert (refused.value.status, refused.value.headers) == (409, {"Retry-After": "1"})
    assert once.answer(key, NOW, slow).again


def _nothing(_: Transaction) -> None:
    """Keep nothing."""
