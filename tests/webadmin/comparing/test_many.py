"""Many cases under two revisions: the report is what deciding each alone gives, wherever a worker was killed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from tests import catalogue
from tests.webadmin.comparing.conftest import BIG, LARGE, ORDERS, POLICY, Place, draft, facts_of
from tests.webadmin.comparing.test_one import chain
from tests.webadmin.decided.conftest import HOSTILE
from tests.webadmin.signing import signed_in
from webadmin.comparison import files
from webadmin.decisions.service import clock, today
from webadmin.jobs import comparing
from webadmin.jobs.context import Around, JobContext, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.library import look
from webadmin.store import jobrows
from webadmin.store.erase import erase
from webadmin.store.jobs import State
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT, JOB_FILES, JOB_ROWS, JOBS

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
SIDES = {"side-policy": POLICY, "side-one": "live", "side-other": "draft"}
HEADER = "order.id,order.amount,order.discount,customer.id,customer.tier,requester.id,requester.team"


def started(client: FlaskClient, **data: Any) -> str:
    answer = client.post("/simulations/many", data={**SIDES, "source": "recorded", **data}, headers=EN)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/simulations/many/([0-9a-f-]+)", answer.location)
    assert found is not None
    return found[1]


def uploaded(client: FlaskClient, content: bytes, name: str = "facts.csv", **data: Any) -> Any:
    body = {**SIDES, "source": "file", "as_of": "2026-03-01", "file": (io.BytesIO(content), name), **data}
    return client.post("/simulations/many", data=body, headers=EN, content_type="multipart/form-data")


def previewed(client: FlaskClient, content: bytes, name: str = "facts.csv", language: Any = EN) -> str:
    body = {**SIDES, "as_of": "2026-03-01", "file": (io.BytesIO(content), name)}
    return client.post("/simulations/many/preview", data=body, headers=language).text


def worked(place: Place, client: FlaskClient, content: bytes, name: str = "facts.csv") -> str:
    answer = uploaded(client, content, name)
    assert answer.status_code == 303, answer.text
    place.work()
    return str(answer.location.rpartition("/")[2])


def rows_of(place: Place, job: str) -> list[jobrows.Row]:
    with place.record.engine.connect() as connection:
        return [row for rows in jobrows.every(connection, job) for row in rows]


def alone(place: Place, facts: dict[str, Any]) -> tuple[Any, Any]:
    """Return what each revision decides of one case by itself."""
    found = []
    with place.record.engine.connect() as connection:
        for of in ("live", "draft"):
            seen = look(connection, POLICY, today(clock()), of)
            assert seen is not None
            assert seen.policy is not None
            found.append(seen.policy.decide(facts, as_of="2026-03-01"))
    return found[0], found[1]


def made(count: int) -> list[tuple[str, str, str, int, str]]:
    return [(f"f-{at}", "c-1", "am-03", 50_000 * (at % 25), "BCD"[at % 3]) for at in range(count)]


def as_csv(orders: list[tuple[str, str, str, int, str]]) -> bytes:
    lines = [f"{order},{amount},0.02,{customer},{tier},{who},t-x" for order, customer, who, amount, tier in orders]
    return "\n".join([HEADER, *lines]).encode()


def test_the_report_is_what_deciding_each_alone_gives(place: Place) -> None:
    client, orders = signed_in(place.app), made(60)
    job = place.job(worked(place, client, as_csv(orders)))

    expected: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    for row, order in zip(rows_of(place, job.id), orders, strict=True):
        one, other = alone(place, facts_of(*order))
        verdict = "same" if (one.outcome, one.result) == (other.outcome, other.result) else "changed"
        expected[verdict] += 1
        assert (row.verdict, row.body["key"]) == (verdict, order[0])
        assert row.body["one"]["outcome"] == one.outcome
        if verdict == "changed":
            assert row.body["other"]["outcome"] == other.outcome
            assert set(row.body["rules"]) == set(one.hits) ^ set(other.hits)
            changes[json.dumps([one.outcome, other.outcome])] += 1
    assert expected["changed"] == 12
    assert job.result["counts"] == expected
    assert {json.dumps([each["from"], each["to"]]): each["count"] for each in job.result["changes"]} == changes
    assert job.result["by"]["team"]["t-east"]["rows"] == 60
    assert job.result["by"]["person"]["am-03"]["changed"] == expected["changed"]


def test_recorded_facts_are_compared_and_nothing_is_logged_as_a_decision(place: Place) -> None:
    before, client = chain(place), signed_in(place.app)
    name = started(client)
    place.work()

    job = place.job(name)
    assert (job.result["counts"], job.result["total"]) == ({"same": 2, "changed": 3}, len(ORDERS))
    assert chain(place) == before
    page = client.get(f"/simulations/many/{name}", headers=EN).text
    assert "3 of 5 cases that both can decide are decided differently." in page
    assert "Net amount [Net amount], customer tier [Customer tier]: from 500,000" in page, "a rule by its reason"
    assert '<code class="path">key-account</code>' in page, "its id beside it"
    assert "team lead, sales director" in page, "what is given by its names"
    chinese = client.get(f"/simulations/many/{name}", headers=ZH).text
    assert "净额「订单净额」，客户等级「客户等级」" in chinese
    assert '<th scope="row">上海</th>' in chinese, "a region by its name"
    assert "Shanghai" not in chinese
    assert "Fang Wang" not in page
    assert "Mei Han" in page
    with place.record.engine.connect() as connection:
        noted = select(AUDIT.c.body).where(AUDIT.c.object == name, AUDIT.c.action == "read")
        assert [json.loads(each)["what"]["of"] for each in connection.execute(noted).scalars()] == ["comparison"]


def test_filters_narrow_what_is_compared(place: Place) -> None:
    client = signed_in(place.app)
    counts = {}
    wanted = (("person", "韩梅"), ("customer", "c-2"), ("team", "t-west"), ("since", "2999-01-01"))
    for name, value in wanted:
        job = started(client, **{name: value})
        place.work()
        counts[name] = place.job(job).result["total"]
        if name == "since":
            assert "There was nothing to compare" in client.get(f"/simulations/many/{job}", headers=EN).text
    assert counts == {"person": 3, "customer": 2, "team": 2, "since": 0}
    for name, part, total in (("person", "梅", 3), ("person", "mei", 3), ("customer", "客户", 5), ("person", "x", 0)):
        job = started(client, **{name: part})
        place.work()
        assert place.job(job).result["total"] == total, f"part of a name finds: {part}"
    for data, said in (
        ({"team": "t-none"}, "no such team"),
        ({"since": "soon"}, "Write the day"),
        ({"person": "x" * 301}, "300"),
    ):
        page = client.post("/simulations/many", data={**SIDES, "source": "recorded", **data}, headers=EN)
        assert (page.status_code, said in page.text) == (200, True), said


def test_teams_that_may_be_seen_are_chosen_by_name(place: Place) -> None:
    address = f"/simulations/many?policy={POLICY}&one=live&other=draft"

    page = signed_in(place.app).get(address, headers=EN).text
    assert '<option value="t-east">' in page
    assert '<option value="t-west">' in page
    manager = signed_in(place.app, Role.MANAGER, "lead-east", "am-01").get(address, headers=EN).text
    assert '<option value="t-east">' in manager
    assert "t-west" not in manager


class Dying(JobContext):
    """A context whose worker is killed at its second step, after that was saved or before."""

    saved = True
    steps = 0

    def checkpoint(self, state: object, work: Any = None) -> Any:
        self.steps += 1
        if self.steps == 2 and not self.saved:
            raise KeyboardInterrupt
        found = super().checkpoint(state, work)
        if self.steps == 2:
            raise KeyboardInterrupt
        return found


@pytest.mark.parametrize("saved", [True, False])
@pytest.mark.parametrize("of", ["file", "recorded"])
def test_a_worker_killed_in_the_middle_leaves_the_same_report(
    place: Place, monkeypatch: pytest.MonkeyPatch, of: str, *, saved: bool
) -> None:
    monkeypatch.setattr(comparing, "PAGE", 2)
    client, content = signed_in(place.app), as_csv(made(9))

    def begin() -> str:
        return str(uploaded(client, content).location.rpartition("/")[2]) if of == "file" else started(client)

    whole = begin()
    place.work()

    def dying(context: JobContext, arguments: Any) -> Any:
        killed = Dying(context.record, context.job, context._around)  # noqa: SLF001
        killed.saved = saved
        return comparing.run(killed, arguments)

    again = begin()
    with pytest.raises(KeyboardInterrupt):
        Worker(place.record, {**KINDS, comparing.KIND: dying}, Around(clock, Stop())).once()
    half = place.job(again)
    assert (half.state, half.done) == (State.RUNNING, 4 if saved else 2)
    assert len(rows_of(place, again)) == half.done
    with place.record.engine.begin() as connection:
        connection.execute(JOBS.update().where(JOBS.c.id == again).values(lease_until=clock()))
    place.work()

    assert place.job(again).result == place.job(whole).result
    assert rows_of(place, again) == rows_of(place, whole)


def test_rows_that_cannot_be_decided_are_counted_apart_with_why(place: Place) -> None:
    content = "\n".join(
        [
            HEADER + ",note",
            "f-1,600000,0.02,c-1,B,am-03,t-x,hello",
            "f-2,much,0.02,c-1,B,am-03,t-x,",
            "f-3,,0.02,c-1,B,am-03,t-x,",
            "f-4,100,0.02,c-1,Z,am-03,t-x,",
            "f-5,100",
        ]
    ).encode()
    client = signed_in(place.app)
    name = worked(place, client, content)

    job = place.job(name)
    assert job.result["counts"] == {"changed": 1, "refused": 4}
    why = {(each["side"], each["code"].split(" ")[0]): each for each in job.result["why"].values()}
    assert why["file", "value-not-one-of"]["rows"] == [5]
    assert why["both", "facts-missing"]["rows"] == [4]
    assert why["file", "table-ragged"]["rows"] == [6]
    page = client.get(f"/simulations/many/{name}?show=open", headers=EN).text
    assert "Not decided, and why" in page
    assert "order.amount" in page
    preview = previewed(client, content)
    assert "row 3, column order.amount:" in preview
    assert "not used: no input is called so" in preview
    assert "第" in previewed(client, content, language=ZH)


def test_a_row_below_blank_lines_is_told_by_its_line(place: Place) -> None:
    row = "600000,0.02,c-1,B,am-03,t-x"
    content = f"{HEADER}\nf-1,{row}\n\n\nf-2,much,0.02,c-1,B,am-03,t-x\n".encode()
    client = signed_in(place.app)

    assert "row 5, column order.amount:" in previewed(client, content)
    job = place.job(worked(place, client, content))

    assert [each["rows"] for each in job.result["why"].values()] == [[5]]


def test_what_does_not_fit_is_told_apart_by_kind_and_place_with_the_values_found(place: Place) -> None:
    wrong = [("abc", "Z"), ("=1+1", "B"), ("1,5", "B"), *((f"x{at}", "B") for at in range(4)), ("5", "B")]
    lines = [f'f-{at},"{amount}",0.02,c-1,{tier},am-03,t-x' for at, (amount, tier) in enumerate(wrong)]
    client = signed_in(place.app)
    name = worked(place, client, "\n".join([HEADER, *lines]).encode())

    why = {each["code"]: each for each in place.job(name).result["why"].values()}
    numbers, tiers = why["value-number-form order.amount"], why["value-not-one-of customer.tier"]
    assert (numbers["count"], numbers["found"], numbers["more"]) == (7, ["abc", "=1+1", "1,5", "x0", "x1"], True)
    assert (tiers["count"], tiers["rows"], tiers["found"]) == (1, [2], ["Z"])
    page = client.get(f"/simulations/many/{name}?show=open", headers=EN).text
    assert "Also found there: <code>=1+1</code>, <code>1,5</code>, <code>x0</code>, <code>x1</code> …" in page
    assert "`Z`" not in page
    assert "<code>Z</code> is not allowed" in page


def test_every_reason_of_a_side_is_told(place: Place) -> None:
    client = signed_in(place.app)
    name = worked(place, client, b"order.id,order.discount,customer.id\nf-1,0.02,c-1\n")

    why = {each["code"] for each in place.job(name).result["why"].values()}
    assert {f"facts-missing {each}" for each in ("order.amount", "customer.tier", "requester.id")} <= why
    page = client.get(f"/simulations/many/{name}?show=open", headers=ZH).text
    assert "缺少 订单金额 <code>order.amount</code>" in page, "by its label"
    rows = page.partition('id="rows"')[2]
    assert '缺少 <em title="order.amount">订单金额</em>' in rows, "the cases call it by its label, too"
    assert "<code>order.amount</code>" not in rows


@pytest.mark.parametrize("heading", ["As of", "as of", "适用日期", "裁定所依据的日期", "as_of"])
def test_a_column_headed_as_pages_call_the_day_dates_the_rows(place: Place, heading: str) -> None:
    client = signed_in(place.app)
    content = f"{heading},{HEADER}\n2026-02-03,f-1,600000,0.02,c-1,B,am-03,t-x\n".encode()

    assert "the day of the decision" in previewed(client, content)
    assert "No column says for which day the rows are" not in previewed(client, content)
    (row,) = rows_of(place, worked(place, client, content))
    assert row.body["as_of"] == "2026-02-03"


def test_what_tables_taken_along_call_the_day_is_known() -> None:
    chinese = catalogue.read(catalogue.CATALOGUE)
    for text in ("As of", "Decided for the day", "the day of the decision"):
        assert {text.casefold(), chinese[text].string} <= files.CALLED_AS_OF, text


def test_rows_that_nothing_dates_are_said_to_be_of_the_day_chosen(place: Place) -> None:
    client, content = signed_in(place.app), as_csv(made(2))

    assert "all of them are decided for March 1, 2026" in previewed(client, content)
    name = worked(place, client, content)
    assert "all were decided for March 1, 2026" in client.get(f"/simulations/many/{name}", headers=EN).text
    answer = uploaded(client, content, as_of="")
    assert (answer.status_code, "choose the day" in answer.text) == (200, True)


def test_numbers_as_spreadsheets_export_them_are_read_with_a_note(place: Place) -> None:
    client = signed_in(place.app)
    lines = ['f-1,"1,000,000",7%,c-1,B,am-03,t-x', "f-2,600,2.5%,c-1,B,am-03,t-x"]
    content = "\n".join([HEADER, *lines]).encode()

    preview = previewed(client, content)
    assert "read with commas between thousands" in preview
    assert "read as per cent" in preview
    assert "does not fit" not in preview
    facts = [row.body["facts"]["order"] for row in rows_of(place, worked(place, client, content))]
    assert [(each["amount"], each["discount"]) for each in facts] == [
        (Decimal(1_000_000), Decimal("0.07")),
        (Decimal(600), Decimal("0.025")),
    ]
    mixed = f'{HEADER}\nf-1,"1,5",7%,c-1,B,am-03,t-x\nf-2,600,0.1,c-1,B,am-03,t-x\n'.encode()
    refused = previewed(client, mixed)
    assert "read with commas" not in refused, "1,5 may be one and a half"
    assert "read as per cent" not in refused, "0.1 may be a tenth of a per cent"


def test_a_preview_speaks_in_labels_and_names(place: Place) -> None:
    client = signed_in(place.app)
    content = b"order.id,order.discount,customer.id,customer.tier\nf-1,0.02,c-1,B\n"

    chinese = previewed(client, content, language=ZH)
    assert '<th scope="col">折扣率</th>' in chinese
    assert "<td>2%</td>" in chinese
    assert "订单金额 <code" in chinese, "what is lacking by its label"
    assert "tier：B" not in chinese


def test_an_empty_file_looked_at_first_is_said_to_be_empty(place: Place) -> None:
    page = previewed(signed_in(place.app), b"")

    assert "The file is empty" in page.partition('id="preview"')[2]


def test_rules_are_called_by_each_side_in_the_report_and_its_table(place: Place) -> None:
    client = signed_in(place.app)
    name = worked(place, client, as_csv([("f-1", "c-1", "am-03", 600_000, "B"), ("f-2", "c-1", "am-03", 300_000, "B")]))

    page = client.get(f"/simulations/many/{name}", headers=EN).text
    assert f"A: {LARGE}; B: {BIG}" in page
    table = client.get(f"/simulations/many/{name}.csv", headers=EN).data.decode("utf-8-sig")
    second = list(csv.DictReader(io.StringIO(table)))[1]
    assert (LARGE in second["A: rules that hit"], BIG in second["B: rules that hit"]) == (True, True)
    assert BIG not in second["A: rules that hit"]


def test_whom_it_concerns_adds_up(place: Place) -> None:
    """Cases name people of other teams, and some nobody: the table has the first and says how many are not in it."""
    east = signed_in(place.app, Role.MANAGER, "lead-east", person="am-01")
    orders = [("f-1", "c-1", "am-03", 600_000, "B"), ("f-2", "c-1", "am-02", 600_000, "B")]
    lines = as_csv([*orders, ("f-3", "c-2", "", 600_000, "B")]).decode()
    name = worked(place, east, lines.encode())

    result = place.job(name).result
    assert set(result["by"]["person"]) == {"am-03", "am-02"}
    page = east.get(f"/simulations/many/{name}", headers=EN).text
    people = page.partition('aria-label="Person"')[2].partition("</table>")[0]
    assert "Mei Han</a>" in people
    assert "Lei Li</th>" in people, "named, and not linked to a page that is not there"
    changed = result["counts"]["changed"]
    assert (
        sum(each["changed"] for each in result["by"]["person"].values()) + result["apart"].get("person", 0) == changed
    )


def test_a_workbook_is_read_and_a_formula_refused_with_its_place(place: Place) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "单据"
    sheet.append(HEADER.split(","))
    sheet.append(["f-1", 600000, 0.02, "c-1", "B", "am-03", "t-x"])
    sheet.append(["f-2", "=1+1", 0.02, "c-1", "B", "am-03", "t-x"])
    content = io.BytesIO()
    book.save(content)
    client = signed_in(place.app)
    name = "单据" * 100 + ".xlsx"  # more bytes than a disk takes

    preview = previewed(client, content.getvalue(), name)
    assert "Sheet 单据, row 3, column order.amount:" in preview
    job = place.job(worked(place, client, content.getvalue(), name))
    assert job.result["counts"] == {"changed": 1, "refused": 1}


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "facts.csv", "Choose a file that is not empty."),
        (b"PK\x03\x04nothing", "facts.xlsx", "It cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "facts.xls", "It cannot be read"),
        (b"a,a\n1,2\n", "facts.csv", "It cannot be read"),
        (b"<xss>,=1+1\n1,2\n", "<xss>.csv", "no column is an input"),
        (HEADER.encode() + b"\n", "facts.csv", "no row stands below the headings"),
        (b"\x00\xff\xfe,\x00\n", "facts.csv", "It cannot be read"),
    ],
)
def test_a_hostile_or_empty_file_starts_nothing(place: Place, content: bytes, name: str, said: str) -> None:
    client = signed_in(place.app)
    with place.record.engine.connect() as connection:
        before = connection.execute(select(func.count()).select_from(JOBS)).scalar_one()

    answer = uploaded(client, content, name)

    assert answer.status_code == 200
    assert said in answer.text
    assert "<xss>" not in answer.text
    with place.record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(JOBS)).scalar_one() == before


def test_a_file_larger_than_is_taken_is_refused(place: Place) -> None:
    settings = place.app.extensions["settings"]
    assert settings.largest_request < 300_000 < settings.largest_upload
    client = signed_in(place.app)

    assert uploaded(client, as_csv(made(3)) + b"\n" * 300_000).status_code == 303
    large = {"CONTENT_LENGTH": str(settings.largest_upload + 1), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert client.post("/simulations/many", environ_overrides=large).status_code == 413
    other = client.post("/simulations/compare", data={"x": "y" * 300_000})
    assert other.status_code == 413


def test_headings_may_be_what_the_policy_calls_them_in_gb18030_with_semicolons(place: Place) -> None:
    client = signed_in(place.app)
    with place.record.engine.connect() as connection:
        policy = place.record.catalogue.policies(connection, today(clock()))[POLICY]
    labels = {name: field.label.zh for name, field in policy.rule_set.fields.items() if field.label is not None}
    heading = ";".join(labels.get(name, name) for name in HEADER.split(","))
    assert heading != HEADER.replace(",", ";")
    content = f"{heading}\nf-1;600000;0.02;c-1;B;am-03;t-x\n".encode("gb18030")

    assert place.job(worked(place, client, content)).result["counts"] == {"changed": 1}


def test_a_template_can_be_brought_back_at_once(place: Place) -> None:
    client = signed_in(place.app)
    address = f"/simulations/many/template.xlsx?policy={POLICY}&one=live&other=draft"
    template = client.get(address)
    assert template.status_code == 200
    assert next(load_workbook(io.BytesIO(template.data)).active.values)[:2] == ("as_of", "order.id")

    job = place.job(worked(place, client, template.data, "facts.xlsx"))
    assert job.result["counts"].get("refused", 0) == 0
    assert job.result["total"] == 3
    assert client.get(address.replace(".xlsx", ".exe")).status_code == 404


def test_lists_take_one_item_from_each_row(place: Place) -> None:
    policy = "incentive.quarterly"
    draft(place.record, policy, ("title:", "title:"))
    client = signed_in(place.app)
    template = client.get(f"/simulations/many/template.csv?policy={policy}&one=live&other=draft").data
    body = {"side-policy": policy, "side-one": "live", "side-other": "draft", "source": "file"}
    answer = uploaded(client, template, **body)
    assert answer.status_code == 303, answer.text
    place.work()

    job = place.job(answer.location.rpartition("/")[2])
    assert job.result["counts"] == {"same": 3}
    paid = job.result["amounts"]["paid CNY"]
    assert (paid["before"], paid["up"]) == (paid["after"], 0)
    assert paid["before"] > 0


def test_money_goes_up_and_down_and_is_told_by_whom(place: Place) -> None:
    policy = "scorecard.customer-value"
    with place.record.engine.connect() as connection:
        text = place.record.catalogue.policies(connection, today(clock()))[policy].text
    rule = re.search(r"then: \{points: (\d+)\}", text)
    assert rule is not None
    draft(place.record, policy, (rule[0], f"then: {{points: {int(rule[1]) - 3}}}"))
    client = signed_in(place.app)
    address = f"/simulations/many/template.csv?policy={policy}&one=live&other=draft"
    body = {"side-policy": policy, "side-one": "live", "side-other": "draft", "source": "file"}
    name = uploaded(client, client.get(address).data, **body).location.rpartition("/")[2]
    place.work()

    result = place.job(name).result
    points = result["amounts"]["points"]
    rows = rows_of(place, name)
    differences = [Decimal(b) - Decimal(a) for row in rows for a, b in [row.body["amounts"]["points"]]]
    assert points["down"] == sum(each for each in differences if each < 0) < 0
    assert (points["up"], points["down_rows"]) == (0, sum(each < 0 for each in differences))
    assert "In all" in client.get(f"/simulations/many/{name}", headers=EN).text


def test_everything_can_be_taken_along_and_formulas_stay_texts(place: Place) -> None:
    client = signed_in(place.app)
    name = started(client)
    place.work()

    table = list(
        csv.DictReader(io.StringIO(client.get(f"/simulations/many/{name}.csv", headers=EN).data.decode("utf-8-sig")))
    )
    assert len(table) == len(ORDERS)
    assert {each["What it came to"] for each in table} == {"Decided the same", "Decided differently"}
    assert {each["Subject"] for each in table} == {order for order, *_ in ORDERS}
    first = next(each for each in table if each["Subject"] == "o-1")
    assert first["People and customers"] == "Customer c-1 (c-1); Mei Han (am-03)"
    assert first["A: outcome"].endswith("team lead, sales director, finance")
    assert "Net amount [Net amount], customer tier [Customer tier]" in first["Rules that hit on one side only"]
    assert "(key-account)" in first["Rules that hit on one side only"]
    chinese = client.get(f"/simulations/many/{name}.csv", headers=ZH).data.decode("utf-8-sig")
    assert "结果不同" in chinese
    assert "changed" not in chinese
    sheet = load_workbook(io.BytesIO(client.get(f"/simulations/many/{name}.xlsx").data)).active
    assert sheet.max_row == len(ORDERS) + 1
    evil = as_csv([("=1+1", "c-1", "am-03", 600_000, "B")])
    second = worked(place, client, evil)
    assert "'=1+1" in client.get(f"/simulations/many/{second}.csv").text
    assert client.get(f"/simulations/many/{name}.exe").status_code == 404
    assert "<script>alert" not in client.get(f"/simulations/many/{name}?show=all").text
    assert HOSTILE[:8].replace("<", "&lt;")[:8] in client.get(f"/simulations/many/{name}?show=all").text


def test_a_case_opens_side_by_side(place: Place) -> None:
    client = signed_in(place.app)
    name = worked(place, client, as_csv([("f-1", "c-1", "am-03", 600_000, "B")]))
    page = client.get(f"/simulations/many/{name}", headers=EN).text
    link = re.search(r'href="(/simulations/compare\?[^"]*row=1[^"]*)"', page)
    assert link is not None

    beside = client.get(link[1].replace("&amp;", "&"), headers=EN).text

    assert "The answers differ in 1 thing." in beside
    assert "Filled in from row 2 of the file." in beside
    assert client.get(f"/simulations/compare?policy={POLICY}&job={name}&row=99").status_code == 404


def test_rows_are_paged_and_one_cell_of_the_matrix_leads_to_its_rows(place: Place) -> None:
    client = signed_in(place.app)
    name = worked(place, client, as_csv([(f"f-{at}", "c-1", "am-03", 600_000, "B") for at in range(120)]))

    first = client.get(f"/simulations/many/{name}?change=0", headers=EN).text
    assert first.count("Side by side") == 50
    more = re.search(r'href="([^"]*after=50[^"]*)"', first)
    assert more is not None
    second = client.get(more[1].replace("&amp;", "&").partition("#")[0], headers=EN).text
    assert ">f-50" in second
    assert ">f-49" not in second
    assert "There are none of these." in client.get(f"/simulations/many/{name}?show=same", headers=EN).text
    for query in ("show=none", "after=-1", f"after={1 << 40}", "change=-1"):
        assert client.get(f"/simulations/many/{name}?{query}").status_code == 404


def test_more_than_is_looked_at_is_said(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST", 3)
    client = signed_in(place.app)
    name, other = started(client), str(uploaded(client, as_csv(made(4))).location.rpartition("/")[2])
    place.work()

    for each, said in ((name, "only the newest"), (other, "The file has more rows")):
        result = place.job(each).result
        assert (result["total"], result["is_cut"]) == (3, True)
        assert said in client.get(f"/simulations/many/{each}", headers=EN).text


def test_it_can_be_cancelled_and_deleted_with_its_facts(place: Place) -> None:
    client = signed_in(place.app)
    waiting = str(uploaded(client, as_csv(made(3))).location.rpartition("/")[2])
    assert "It waits for a worker." in client.get(f"/simulations/many/{waiting}", headers=EN).text
    client.post(f"/simulations/many/{waiting}/delete")
    assert place.job(waiting).state is State.WAITING
    client.post(f"/simulations/many/{waiting}/cancel")
    assert "It was cancelled." in client.get(f"/simulations/many/{waiting}", headers=EN).text
    name = worked(place, client, as_csv(made(3)))
    with place.record.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(JOB_FILES)).scalar_one() == 0

    assert client.post(f"/simulations/many/{name}/delete").status_code == 303

    assert client.get(f"/simulations/many/{name}").status_code == 404
    with place.record.engine.connect() as connection:
        kept = select(func.count()).select_from(JOB_ROWS).where(JOB_ROWS.c.job_id == name)
        assert connection.execute(kept).scalar_one() == 0


def test_a_manager_compares_and_sees_only_the_own_team(place: Place) -> None:
    east = signed_in(place.app, Role.MANAGER, "lead-east", person="am-01")
    name = started(east)
    place.work()

    job = place.job(name)
    assert job.result["total"] == 3
    assert set(job.result["by"]["person"]) == {"am-03"}
    assert {row.decision for row in rows_of(place, name)} == {place.decisions[each] for each in ("o-1", "o-4", HOSTILE)}
    page = east.post("/simulations/many", data={**SIDES, "source": "recorded", "team": "t-west"}, headers=EN)
    assert "There is no such team that you may see." in page.text
    west = signed_in(place.app, Role.MANAGER, "lead-west", person="am-02")
    for method, address in (
        ("GET", ""),
        ("GET", ".csv"),
        ("POST", "/cancel"),
        ("POST", "/delete"),
    ):
        assert west.open(f"/simulations/many/{name}{address}", method=method).status_code == 404
    assert west.get(f"/simulations/compare?policy={POLICY}&job={name}&row=1").status_code == 404
    assert name not in west.get("/simulations/many").text
    assert name in east.get("/simulations/many").text
    outside = as_csv([("f-1", "c-2", "am-02", 600_000, "B")])
    assert place.job(worked(place, east, outside)).result["by"]["team"] == {}


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_who_may_not(place: Place, role: Role) -> None:
    client = signed_in(place.app, role)

    for method, address in (
        ("GET", ""),
        ("POST", ""),
        ("POST", "/preview"),
        ("GET", "/template.csv"),
        ("GET", "/x.csv"),
    ):
        assert client.open(f"/simulations/many{address}", method=method).status_code == 403


def test_nothing_chosen_and_both_languages(place: Place) -> None:
    client = signed_in(place.app)

    assert "Choose the cases" not in client.get("/simulations/many", headers=EN).text
    page = client.get(f"/simulations/many?policy={POLICY}", headers=ZH).text
    assert "比较已记录的裁定" in page
    assert client.post("/simulations/many", data={}, headers=EN).status_code == 200
    assert client.get("/simulations/many/none").status_code == 404


def test_erasing_a_person_removes_rows_of_files_and_names_nobody(place: Place) -> None:
    client = signed_in(place.app)
    person = "am-03"
    of_file, of_record = worked(place, client, as_csv(made(3))), started(client)
    place.work()
    assert person in json.dumps(place.job(of_record).result)

    erase(place.record, person, "asked for", Act("cli:test", clock(), today(clock())))

    assert rows_of(place, of_file) == []
    for name in (of_file, of_record):
        assert person not in json.dumps(place.job(name).result, default=str)
    assert all(person not in json.dumps(row.body, default=str) for row in rows_of(place, of_record))
    assert client.get(f"/simulations/many/{of_record}?show=all").status_code == 200


def test_a_mistyped_heading_is_told_with_the_input_that_may_be_meant(place: Place) -> None:
    content = b"order.idd,order.amount,Order amount,colour,discuont\no-1,5,6,red,0\n"

    english, chinese = (previewed(signed_in(place.app), content, language=each) for each in (EN, ZH))
    rows = [re.sub("<[^>]+>", "", each) for each in re.findall(r'<tr><th scope="row">.*?</tr>', english)]

    assert any(re.match(r"order\.idd.*Did you mean this one\? .*order\.id", each) for each in rows), rows
    assert any(re.match(r"discuont.*Did you mean this one\? .*order\.discount", each) for each in rows), "its last part"
    assert any(each.startswith("Order amountnot used: an earlier column is this input already") for each in rows), rows
    assert "colournot used: no input is called so" in rows
    assert "是否指这一项？" in chinese


def test_a_comparison_of_a_period_without_decisions_names_it_and_offers_no_empty_tables(place: Place) -> None:
    client = signed_in(place.app)
    job = started(client, since="2019-01-01", until="2019-01-31")
    place.work()

    text = client.get(f"/simulations/many/{job}", headers=EN).text

    assert "recorded from January 1, 2019 to January 31, 2019" in text
    assert "Choose a longer period or fewer filters, or bring a file." in text
    assert "All rows as CSV" not in text
    assert "There was nothing to compare" in client.get("/simulations/many", headers=EN).text
