"""Tokens at the door: missing, wrong, expired, revoked, too many calls."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from tests.webadmin.api.conftest import Api, token_for
from tests.webadmin.conftest import MakeApp
from webadmin.access import tokens
from webadmin.access.scopes import Scope
from webadmin.access.tokens import Refusal, TokenRefusedError
from webadmin.decisions.service import clock
from webadmin.store.tables import AUDIT, TOKENS

POLICIES = "/api/v1/policies"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token-missing"),
        ("", "token-missing"),
        ("Basic YTpi", "token-missing"),
        ("Bearer", "token-missing"),
        ("Bearer ", "token-missing"),
        ("Bearer fl_wrong", "token-invalid"),
        ("Bearer é", "token-invalid"),
        ("bearer " + "x" * 5000, "token-invalid"),
    ],
)
def test_without_a_good_token_nothing_opens(near: Api, header: str | None, code: str) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = near.client.get(POLICIES, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="fairlead"')


def test_a_token_ends_on_its_day(near: Api) -> None:
    old = near.other(expires_at=clock() - timedelta(seconds=1))

    assert old.get(POLICIES).json["code"] == "token-invalid"


def test_a_token_is_kept_as_its_digest_alone(api: Api) -> None:
    with api.record.engine.connect() as connection:
        row = connection.execute(select(TOKENS)).first()
        body = connection.execute(select(AUDIT.c.body).where(AUDIT.c.action == "token-made")).scalar_one()

    assert row is not None
    assert row.digest == tokens.digest_of(api.token)
    assert api.token not in str(row) + body
    assert len(api.token) == len("fl_") + 43


def test_a_revoked_token_opens_nothing_anywhere_within_a_second(api: Api, make_app: MakeApp) -> None:
    settings = api.app.extensions["settings"]
    apps = [api, Api(make_app(rules=settings.rules, database=settings.database), api.token)]
    assert [each.get(POLICIES).status_code for each in apps] == [200, 200]
    with api.record.engine.connect() as connection:
        name = tokens.listed(connection)[0].id

    api.record.writer.write(lambda transaction: tokens.revoke(transaction, name, actor="cli:test", now=clock()))
    revoked = begun = let_in = monotonic()
    while any(each.get(POLICIES).status_code == 200 for each in apps):
        let_in = begun
        sleep(0.02)
        begun = monotonic()

    assert let_in - revoked < 1
    apps[1].record.close()


def test_two_tokens_of_a_client_live_at_a_time(api: Api) -> None:
    first = token_for(api.record, client="crm")
    token_for(api.record, client="crm")

    with pytest.raises(TokenRefusedError) as refused:
        token_for(api.record, client="crm")
    with api.record.engine.connect() as connection:
        name = tokens.listed(connection, "crm")[0].id
    api.record.writer.write(lambda transaction: tokens.revoke(transaction, name, actor="cli:test", now=clock()))
    third = token_for(api.record, client="crm")

    assert refused.value.why is Refusal.TWO_LIVE
    assert Api(api.app, first).get(POLICIES).status_code == 401
    assert Api(api.app, third).get(POLICIES).status_code == 200


def test_admin_may_do_everything(near: Api) -> None:
    assert near.other(Scope.ADMIN).get("/api/v1/decisions").status_code == 200


def test_calls_are_counted_by_token(near: Api) -> None:
    few = near.other(per_minute=3)

    answers = [few.get(POLICIES) for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["RateLimit"].partition(";t=")[0] for each in answers] == [
        '"token";r=2', '"token";r=1', '"token";r=0', '"token";r=0',
    ]  # fmt: skip
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=3;w=60'
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].json["code"] == "too-many-requests"
    assert near.get(POLICIES).status_code == 200
