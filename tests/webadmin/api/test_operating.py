"""What the server tells those who run it: readiness, figures, log lines without anything about anybody."""

from __future__ import annotations

import json
import logging
import re
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from policy.model.document import FieldClass
from tests.webadmin.api.conftest import DECIDE, ORDER, Api, token_for
from tests.webadmin.conftest import MakeApp
from webadmin.access.scopes import Scope
from webadmin.decisions.service import clock, today
from webadmin.ids import new_id
from webadmin.publishing import retiring, service
from webadmin.publishing.answers import Approved, Proposed
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import JOBS
from webadmin.store.writer import BusyError, Writer
from webadmin.telemetry import logs
from webadmin.telemetry.readiness import Readiness, State

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_it_says_that_it_lives_and_can_work(near: Api) -> None:
    assert near.client.get("/healthz").json == {"status": "ok"}
    answer = near.client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert answer.json["parts"]["policies"] == {"works": True, "in_effect": 7, "not_loading": []}


def test_a_database_that_takes_no_writes_is_not_ready(near: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Writer, __: object) -> None:
        msg = "full"
        raise BusyError(msg)

    monkeypatch.setattr(Writer, "write", full)
    near.app.extensions["readiness"]._kept = None  # noqa: SLF001 - a second need not pass

    answer = near.client.get("/readyz")
    near.app.extensions["readiness"]._kept = None  # noqa: SLF001

    assert (answer.status_code, answer.json["status"]) == (503, "unready")
    assert answer.json["parts"]["database"] == {"works": False}


def test_a_full_disk_is_not_ready_until_there_is_room(rules: Path, make_app: MakeApp) -> None:
    app = make_app(rules=rules)
    api = Api(app, token_for(app.extensions["record"]))
    log = Path(f"{api.record.engine.url.database}-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    assert api.client.get("/readyz").status_code == 200
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        app.extensions["readiness"]._kept = None  # noqa: SLF001 - seconds need not pass
        full = api.client.get("/readyz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    app.extensions["readiness"]._kept = None  # noqa: SLF001

    assert (full.status_code, full.json["parts"]["database"]) == (503, {"works": False})
    assert api.client.get("/readyz").status_code == 200


def test_being_asked_often_writes_once(rules: Path, make_app: MakeApp) -> None:
    api = make_app(rules=rules)
    log = Path(f"{api.extensions['record'].engine.url.database}-wal")
    client = api.test_client()

    client.get("/readyz")
    size = log.stat().st_size
    for _ in range(20):
        client.get("/readyz")

    assert log.stat().st_size == size


def test_asking_writes_on_either_database(api: Api) -> None:
    assert api.client.get("/readyz").json["parts"]["database"]["works"] is True


def test_a_part_that_is_not_needed_degrades() -> None:
    readiness = Readiness()
    readiness.add("first", lambda: State(works=True, says={}), needed=True)
    readiness.add("second-engine", lambda: State(works=False, says={"reason": "no compiler"}), needed=False)

    status, told = readiness.told()

    assert (status, told["status"]) == (200, "degraded")
    assert told["parts"]["second-engine"] == {"works": False, "reason": "no compiler"}


def test_a_folder_with_errors_neither_stops_the_server_nor_replaces_what_works(
    rules: Path, tmp_path: Path, make_app: MakeApp
) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(rules, folder)
    database = f"sqlite:///{tmp_path}/x.db"
    make_app(rules=folder, database=database).extensions["record"].close()
    text = folder / "approval" / "order.yaml"
    text.write_text(text.read_text("utf-8") + "nonsense: 1\n", "utf-8")

    app = make_app(rules=folder, database=database)
    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["parts"]["rules"]["errors"] > 0
    assert Api(app, token_for(app.extensions["record"])).post(DECIDE, {"facts": ORDER}).status_code == 201


@pytest.fixture
def partly(rules: Path, tmp_path: Path, make_app: MakeApp) -> Api:
    """Return the API of a server that began with an empty record and a folder in which one policy has errors."""
    folder = tmp_path / "rules"
    shutil.copytree(rules, folder)
    text = folder / "approval" / "order.yaml"
    text.write_text(text.read_text("utf-8") + "nonsense: 1\n", "utf-8")
    app = make_app(rules=folder)
    return Api(app, token_for(app.extensions["record"]))


def test_an_empty_record_gets_what_is_sound_and_tells_the_rest(partly: Api) -> None:
    answer = partly.client.get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["parts"]["policies"] == {"works": True, "in_effect": 6, "not_loading": []}
    assert answer.json["parts"]["rules"] == {"works": False, "errors": 1, "left_out": ["approval.order"]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_left_out_is_not_found_and_says_why(partly: Api, language: str) -> None:
    headers = {"Accept_Language": language}
    decided = partly.post(DECIDE, {"facts": ORDER}, **headers)
    read = partly.get("/api/v1/policies/approval.order", **headers)
    other = partly.post("/api/v1/policies/approval.odrer/decisions", {"facts": ORDER}, **headers)

    for answer in (decided, read):
        assert (answer.status_code, answer.json["code"]) == (404, "unknown-policy")
        assert "fairlead check" in answer.json["detail"]
        [error] = answer.json["errors"]
        assert (error["code"], error["line"] > 1, error["column"]) == ("unknown-key", True, 1)
        assert error["document"].endswith("approval/order.yaml")
    assert {"en": "no policy", "zh": "没有生效的策略"}[language] in decided.json["detail"]
    assert (other.status_code, "fairlead check" in other.json["detail"]) == (404, False)


@pytest.mark.usefixtures("as_before")
def test_without_the_folder_the_server_works_and_says_so(
    rules: Path, tmp_path: Path, make_app: MakeApp, capfd: pytest.CaptureFixture[str]
) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    make_app(rules=rules, database=database).extensions["record"].close()
    logs.set_up(as_json=True)

    app = make_app(rules=tmp_path / "nowhere", database=database)

    told = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [each["left_out"] for each in told if each["level"] == "error"] == [["."]]
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["parts"]["rules"]) == (
        200, {"works": False, "errors": 1, "left_out": ["."]},
    )  # fmt: skip
    assert Api(app, token_for(app.extensions["record"])).post(DECIDE, {"facts": ORDER}).status_code == 201


def test_an_empty_record_with_a_broken_folder_is_not_ready(tmp_path: Path, make_app: MakeApp) -> None:
    (tmp_path / "broken.yaml").write_text("policy: 7", "utf-8")

    answer = make_app(rules=tmp_path).test_client().get("/readyz")

    assert (answer.status_code, answer.json["parts"]["policies"]["in_effect"]) == (503, 0)


def test_a_record_whose_policies_are_all_retired_is_ready(folder: Path, make_app: MakeApp) -> None:
    app = make_app(rules=folder)
    record: Record = app.extensions["record"]
    now = clock()
    asking, agreeing = (Act(f"login:{name}", now, today(now)) for name in ("alice", "bob"))
    proposed = retiring.propose(record, "scorecard.size", None, "no longer needed", asking)
    assert isinstance(proposed, Proposed)
    assert proposed.proposal is not None
    assert isinstance(service.approve(record, proposed.proposal, agreeing), Approved)

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert answer.json["parts"]["policies"] == {"works": True, "in_effect": 0, "not_loading": []}


def test_a_sound_folder_without_policies_lets_the_first_one_be_written(tmp_path: Path, make_app: MakeApp) -> None:
    (tmp_path / "vocabulary.yaml").write_text("vocabulary: 1\nfields:\n  offer.id: {type: string}\n", "utf-8")

    answer = make_app(rules=tmp_path).test_client().get("/readyz")

    assert (answer.status_code, answer.json["parts"]["policies"]["works"]) == (200, True)


def test_figures_are_for_who_may_read_them(near: Api) -> None:
    near.post(DECIDE, {"facts": ORDER})

    text = near.other(Scope.METRICS).get("/metrics").text

    assert near.client.get("/metrics").status_code == 401
    assert near.other(Scope.READ).get("/metrics").status_code == 403
    assert re.search(r'fairlead_decisions_total\{policy="approval.order",status="decided"\} [1-9]', text)
    route = 'route="/api/v1/policies/<policy>/decisions",status="201"'
    assert re.search(rf'fairlead_request_seconds_count\{{method="POST",{re.escape(route)}\}} [1-9]', text)
    assert re.search(r"fairlead_commit_size_count [1-9]", text)
    assert "fairlead_writes_waiting 0.0" in text


def test_a_trace_is_taken_over_and_handed_back(near: Api) -> None:
    given = near.get("/api/v1/policies", traceparent=f"00-{TRACE}-00f067aa0ba902b7-01").headers["traceparent"]
    made = near.get("/api/v1/policies", traceparent=f"00-{'0' * 32}-00f067aa0ba902b7-01").headers["traceparent"]

    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01", given)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", made)
    assert TRACE not in made


@pytest.fixture
def as_before() -> Iterator[None]:
    """Put back how log lines are written."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.usefixtures("as_before")
def test_a_request_is_one_line_with_ids_and_nothing_about_anybody(
    near: Api, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = near.other(client="the-crm")
    logs.set_up(as_json=True)

    client.post(DECIDE, {"facts": ORDER}, Idempotency_Key="key-of-mine", traceparent=f"00-{TRACE}-{'1' * 16}-01")
    client.post(DECIDE, {"facts": {"order": {"id": "o-secret"}}})
    client.get("/api/v1/decisions?person=am-07&customer=c1")
    near.client.get("/api/v1/policies", headers={"Authorization": "Bearer fl_stolen"})
    near.app.config["TESTING"] = False
    with monkeypatch.context() as patch:
        patch.setattr("webadmin.decisions.service.make", _broken)
        client.post(DECIDE, {"facts": ORDER})
    near.app.config["TESTING"] = True

    text = capsys.readouterr().err
    told = [json.loads(line) for line in text.splitlines()]
    first = told[0]
    assert (first["trace_id"], first["status"], first["client"]) == (TRACE, 201, "the-crm")
    assert first["route"] == "/api/v1/policies/<policy>/decisions"
    assert first.keys() >= {"request_id", "milliseconds", "timestamp", "level", "method"}
    fault = next(each for each in told if "error" in each)
    assert fault["error"] == "builtins.ValueError"
    assert any("test_operating.py" in place for place in fault["places"])
    secrets = [client.token, near.token, "fl_", "am-07", "c1", "o1", "o-secret", "key-of-mine", "600000", "east-1"]
    assert [each for each in secrets if re.search(rf"\b{re.escape(each)}\b", text)] == []


def _broken(*_: object, **__: object) -> None:
    msg = "am-07 ordered 600000"
    raise ValueError(msg)


def test_jobs_are_shown_to_who_began_them(near: Api) -> None:
    mine, name = near.other(Scope.READ, client="worker"), new_id(clock())
    row = {
        "id": name, "kind": "recompute", "arguments": "{}", "state": "done", "done": 3, "total": 3,
        "checkpoint": None, "result": '{"n":1.50}', "problem": None, "cancel_asked": False, "attempts": 1,
        "worker": None, "lease_until": None, "created_by": "client:worker", "created_at": clock(), "ended_at": clock(),
    }  # fmt: skip
    near.record.writer.write(lambda transaction: transaction.add(JOBS, row))

    answer = mine.get(f"/api/v1/jobs/{name}")

    assert (answer.json["state"], answer.json["done"]) == ("done", 3)
    assert '"n":1.50' in answer.text
    assert near.other(Scope.READ).get(f"/api/v1/jobs/{name}").status_code == 404
    assert near.other(Scope.ADMIN, classes=(FieldClass.PAY,)).get(f"/api/v1/jobs/{name}").status_code == 200
