"""The rules' table in words: labels, names and sentences; the text itself on demand."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.engine import Policies, load, load_folder
from policy.kinds.labels import labels
from policy.values import Language
from tests.webadmin.conftest import POLICY, MakeApp
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.rulesets import saidtable
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.revisions import Act
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

TEXT = """\
policy: approval.said
title: In words
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.share: {type: number, scale: 2, min: 0, max: 1, label: {zh: 占比, en: Share}}
  - order.kind: {type: string, one_of: [gift, loan, sale], names: {gift: {zh: 礼品, en: present}}}
  - order.due: {type: date, optional: true}
  - order.prepaid: {type: boolean}
  - order.tags: {type: list, of: string, default: []}
  - order.net: {type: number, scale: 0, label: {zh: 净额, en: Net amount}}
outputs: {stages: {type: list, of: stages, combine: union, label: {zh: 环节, en: Stages}}}
hit_policy: collect
rules:
  - id: cells
    when: {order.share: "> 0.2", order.kind: [gift, sale], order.due: "null", order.prepaid: false}
    then: {stages: [lead]}
    because: {zh: "净额 {order.net}", en: "Net {order.net}"}
  - id: others
    when: {order.share: "< 0.1, > 0.9", order.kind: 'not("gift")', order.tags: count(?) > 2}
    then: {stages: []}
  - {id: whole, when: order.net > 5 or order.prepaid, then: {stages: [lead]}}
  - {id: always, then: {stages: [lead]}}
stages: [{id: lead, label: {zh: 主管, en: team lead}, who: true}]
"""


def plain(said: str | None) -> str | None:
    return None if said is None else unescape(re.sub("<[^>]+>", "", said))


@pytest.mark.parametrize(
    ("language", "cells", "others", "whole", "because"),
    [
        (
            Language.EN,
            ["is above 20%", "is one of present, sale", "is missing", "is “no”", None],
            ["is below 10% or is above 90%", "not: is present", None, None, "(the number of order.tags) is above 2"],
            "Net amount is above 5 or order.prepaid is “yes”",
            "Net [Net amount]",
        ),
        (
            Language.ZH,
            ["> 20%", "为礼品、sale 之一", "缺失", "为“否”", None],
            ["< 10% 或 > 90%", "并非：为礼品", None, None, "（order.tags 的项数）> 2"],
            "净额 > 5 或 order.prepaid 为“是”",
            "净额「净额」",
        ),
    ],
)
def test_cells_say_below_their_heading_what_they_ask(
    language: Language, cells: list[str | None], others: list[str | None], whole: str, because: str
) -> None:
    first, second, third, fourth = saidtable.rule_table(load(TEXT), language).rows

    assert [plain(each) for each in first.cells] == cells
    assert [plain(each) for each in second.cells] == others
    assert (plain(third.condition), third.cells) == (whole, (None,) * 5)
    assert (fourth.condition, fourth.because) == (None, None)
    assert plain(str(first.because)) == because
    assert [plain(each) for each in (*first.then, *second.then)] == (
        ["team lead", "nothing"] if language is Language.EN else ["主管", "无"]
    )


@pytest.fixture(scope="module")
def policies(rules: Path) -> Policies:
    return load_folder(rules)


def seen(client: FlaskClient, address: str, language: str) -> str:
    """Return the text of a page, without what stands quietly beside a label."""
    text = client.get(address, headers={"Accept-Language": language}).text
    main = text.partition("<main")[2].partition("</main>")[0]
    main = re.sub(
        r'<code class="path">.*?</code>|<aside.*?</aside>|<p class="under">.*?</p>', "", main, flags=re.DOTALL
    )
    return unescape(re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_id_placeholder_or_path_stands_in_the_tables_of_what_ships(
    client: FlaskClient, policies: Policies, language: str, app: Flask
) -> None:
    with app.extensions["record"].engine.connect() as connection:
        live = app.extensions["record"].catalogue.policies(connection, today(clock()))
    for name in live:
        text = seen(client, f"/policies/{name}", language)
        wrong = re.findall(r"\{[\w.]+\}|\b[a-z]+(?:\.[a-z_]+)+\b|\b[a-z]+(?:-[a-z]+)+\b", text)
        rules = policies[name].rule_set
        ids = {each.id for each in rules.rules} | {*labels(rules.document.section), *rules.made}
        ids |= {path for field in rules.fields for path in (field, field.replace("[]", ""))}
        ids = {each for each in ids if {"-", ".", "_"} & {*each}}  # others are words, too

        assert sorted({each for each in wrong if each in ids or each.startswith("{")}) == [], name


def test_the_text_is_there_on_demand(client: FlaskClient) -> None:
    words = client.get("/policies/approval.order", headers={"Accept-Language": "en"}).text
    written = client.get("/policies/approval.order?as=written", headers={"Accept-Language": "en"}).text

    assert 'href="/policies/approval.order?as=written"' in words
    assert "order.net_cny &gt;= 500000" not in words
    for part in ("order.net_cny &gt;= 500000", "{order.net}", "<code>team-lead, director</code>"):
        assert part in written


def test_a_policy_that_does_not_load_is_shown_as_written(small: FlaskClient) -> None:
    small.post("/drafts/scorecard.size/begin")
    broken = POLICY.replace('customer.staff: ">= 100"', 'customer.stuff: ">= 100"')
    since = re.findall(r'name="since" value="(\d+)"', small.get("/policies/scorecard.size/text?of=draft").text)[0]
    small.post("/drafts/scorecard.size/text", data={"text": broken, "since": since})

    page = small.get("/policies/scorecard.size?of=draft", headers={"Accept-Language": "en"}).text

    assert "?as=written" not in page
    assert "What it needs to know" not in page


@pytest.mark.parametrize(
    ("owner", "zh", "en"),
    [
        ("{zh: 销售运营部, en: Sales operations}", "销售运营部", "Sales operations"),
        ("Sales desk", "Sales desk", "Sales desk"),
        ("t-east", "东区", "East"),
        ("am-01", "王芳", "Fang Wang"),
    ],
)
def test_an_owner_is_named(folder: Path, make_app: MakeApp, owner: str, zh: str, en: str) -> None:
    (folder / "scorecard" / "size.yaml").write_text(POLICY.replace("subject:", f"owner: {owner}\nsubject:"), "utf-8")
    app = make_app(rules=folder)
    act = Act("cli:test", clock(), today(clock()))

    def told(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        batch.put(Thing(Of.TEAM, "t-east", "东区", "East"), {}, act.today)
        batch.put(Thing(Of.PERSON, "am-01", "王芳", "Fang Wang"), {"status": "active"}, act.today)
        batch.finish()

    app.extensions["record"].writer.write(told)
    client = signed_in(app)

    for language, name in (("zh", zh), ("en", en)):
        for view in ("", "/read"):
            assert name in seen(client, f"/policies/scorecard.size{view}", language)
