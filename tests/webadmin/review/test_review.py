"""From a draft to what is in effect, by two people, and back again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.publishing.texts import VOCABULARY
from tests.webadmin.review.steps import (
    EN,
    HARMLESS,
    NAME,
    ZH,
    changed,
    decided,
    draft,
    live,
    proposed,
    reported,
    worked,
)
from tests.webadmin.signing import signed_in
from webadmin.decisions import service as decisions
from webadmin.decisions.service import Asked, clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.publishing import impacts
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Proposed, Refused
from webadmin.store import drafts, jobs, revisions, roster
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction

FEW = {"customer": {"id": "c1", "staff": 150}}


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "author")


@pytest.fixture
def reviewer(site: Flask) -> FlaskClient:
    return signed_in(site, Role.ADMIN, "reviewer")


def test_the_review_says_what_is_different_by_meaning_and_as_text(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)

    page = author.get(f"/review/draft/{NAME}", headers=EN).text

    assert "because \u203a en" in page
    assert "<del>It has {customer.staff} people</del>" in page
    assert "<ins>It has {customer.staff} of them</ins>" in page
    assert page.count('class="plus"') == page.count('class="minus"') == 1
    assert "its tests pass" in page


def test_two_people_bring_a_change_into_effect_and_two_roll_it_back(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    before = live(site)
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert (draft(site), live(site)) == (None, before)

    assert author.post(f"/review/{name}/approve").status_code == 403
    assert reviewer.post(f"/review/{name}/approve", data={"remark": "fine"}).status_code == 303
    assert live(site) == before.replace(*HARMLESS)
    assert "Approved" in author.get(f"/review/{name}", headers=EN).text

    back = reviewer.post(f"/history/{NAME}/roll-back", data={"to": "1"}).location
    assert live(site) != before
    assert "<blockquote>Roll back</blockquote>" in author.get(back, headers=EN).text
    assert "It publishes revision 1 of Size again." in author.get(back, headers=EN).text
    assert "Roll back · revision 1" in author.get("/review", headers=EN).text
    assert "<blockquote>回退</blockquote>" in author.get(back, headers=ZH).text  # to every reader, whoever proposed it
    author.post(f"{back}/approve")
    assert live(site) == before
    page = author.get(f"/history/{NAME}", headers=EN).text
    assert page.count(">published again<") == 1
    assert re.findall(r'<option value="(\d*)">', page) == ["2"]  # the one in effect, published twice, is no target
    again = author.post(f"/history/{NAME}/roll-back").location  # and that can be undone
    reviewer.post(f"{again}/approve")
    assert live(site) == before.replace(*HARMLESS)


def test_a_text_that_cannot_be_read_is_compared_by_its_lines(author: FlaskClient, site: Flask) -> None:
    changed(site, author, "hit_policy: first", "hit_policy: first\nbogus: 1")

    page = author.get(f"/review/draft/{NAME}", headers=EN).text

    assert "The text cannot be read yet, so only its lines are compared." in page
    assert "was removed" not in page
    assert "bogus" in page


def test_a_draft_that_does_not_load_is_shown_in_words_or_as_written(author: FlaskClient, site: Flask) -> None:
    changed(site, author, ">= 100", ">= hundred")

    grid = author.get(f"/policies/{NAME}?of=draft&as=written", headers=EN).text

    assert re.search(r'as=written"[^>]* aria-current="true">As written', grid)
    assert ">In words</a>" in grid


def test_a_refusal_is_led_back_to_the_draft_when_it_is_asked_for_again(author: FlaskClient, site: Flask) -> None:
    changed(site, author, *HARMLESS)

    assert author.get(f"/review/draft/{NAME}/propose").location == f"/review/draft/{NAME}"


def test_a_refused_answer_is_led_back_to_its_proposal_when_it_is_asked_for_again(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert reviewer.post(f"/review/{name}/decline").status_code == 422  # without a comment

    for act in ("approve", "changes", "decline", "withdraw"):
        again = reviewer.get(f"/review/{name}/{act}")
        assert (again.status_code, again.location) == (303, f"/review/{name}"), act


def test_a_reviewer_sees_whether_it_holds_what_is_new_and_the_text_itself(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, "{id: small, then", '{id: small, when: {customer.staff: "< 50"}, then')
    new = unescape(author.get(f"/review/draft/{NAME}", headers=EN).text)
    page = reviewer.get(f"/review/{proposed(site, author)}", headers=EN).text

    checks = page.partition('id="checks"')[2].partition("</section>")[0]
    assert "its tests pass" in checks
    for text in (new, unescape(checks)):
        assert "1 remark is new with this text:" in text
    for view in ("read", "text", "tests", "try"):
        address = re.findall(rf'href="(/policies/{NAME}/{view}[?]of=2)"', checks)[0]
        assert reviewer.get(address).status_code == 200, view
    assert reviewer.get(f"/policies/{NAME}?of=2").status_code == 200


def test_a_proposal_is_called_one_where_revisions_are_compared(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert (
        "proposed, waits for approval</option>" in reviewer.get(f"/simulations/compare?policy={NAME}", headers=EN).text
    )

    reviewer.post(f"/review/{name}/approve")
    assert "waits for approval</option>" not in reviewer.get(f"/simulations/compare?policy={NAME}", headers=EN).text


def test_lines_and_the_way_back_are_called_what_they_are(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    assert "<summary>逐行对照</summary>" in author.get(f"/review/draft/{NAME}", headers=ZH).text

    reviewer.post(f"/review/{proposed(site, author)}/approve")
    assert '<label for="to">回退到</label>' in author.get(f"/history/{NAME}", headers=ZH).text
    assert '<label for="to">Roll back to</label>' in author.get(f"/history/{NAME}", headers=EN).text


def test_a_roll_back_that_is_taken_back_leaves_nothing_behind(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    reviewer.post(f"/review/{proposed(site, author)}/approve")
    standing = live(site)
    page = author.post(f"/history/{NAME}/roll-back", data={"to": "1"}, headers=EN, follow_redirects=True).text
    undo = re.findall(r'action="(/review/[^"]*/withdraw)"', page)[-1]

    done = author.post(undo, headers=EN)

    assert done.location == f"/history/{NAME}"
    assert "Taken back: nothing changes." in author.get(done.location, headers=EN).text
    assert (draft(site), live(site)) == (None, standing)


def test_a_roll_back_whose_reviewer_asks_for_changes_is_a_draft_to_work_on(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    before = live(site)
    changed(site, author, *HARMLESS)
    reviewer.post(f"/review/{proposed(site, author)}/approve")
    back = author.post(f"/history/{NAME}/roll-back", data={"to": "1"}).location

    assert reviewer.post(f"{back}/changes", data={"remark": "not all of it"}).status_code == 303

    found = draft(site)
    assert found is not None
    assert found.text == before


def test_a_draft_that_does_not_load_is_said_to_differ_in_words_where_there_are_some(
    site: Flask, author: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    changed(site, author, ">= 100", ">= hundred")
    chinese = author.get(f"/review/draft/{NAME}", headers=ZH).text

    assert '<span title="rules \u203a large \u203a when \u203a customer.staff">' in chinese
    assert ">规则 \u203a 有「人数」人 \u203a 当 \u203a 人数</span>" in chinese
    assert "<ins>&gt;= hundred</ins>" in chinese


def test_a_failing_test_keeps_a_draft_from_being_proposed(site: Flask, author: FlaskClient) -> None:
    changed(site, author, ">= 100", ">= 250")

    page = author.get(f"/review/draft/{NAME}", headers=EN).text
    answer = author.post(f"/review/draft/{NAME}/propose", data={"version": 2, "note": "new"}, headers=EN)

    assert "It cannot be proposed like this" in page
    assert "disabled" in page
    bare = re.sub(r"(<td) data-label=\"[^\"]*\"", r"\1", page)
    assert '<span title="outcome.size">Size</span></th><td>large</td><td>small</td>' in bare
    assert "得到 &#34;small&#34;" not in author.get(f"/review/draft/{NAME}", headers=ZH).text
    assert answer.status_code == 422
    assert draft(site) is not None


def test_an_edit_after_looking_is_looked_at_first(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)

    answer = author.post(f"/review/draft/{NAME}/propose", data={"version": 1, "note": "new"})

    assert answer.location == f"/review/draft/{NAME}"
    assert draft(site) is not None


def test_asking_for_changes_makes_it_a_draft_again(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)

    assert reviewer.post(f"/review/{name}/changes", data={"remark": ""}).status_code == 422
    asked = reviewer.post(f"/review/{name}/changes", data={"remark": "say why"})

    assert asked.location == f"/review/{name}"
    assert HARMLESS[1] in draft(site).text
    page = author.get(f"/review/{name}", headers=EN).text
    assert "reviewer asked for changes on" in page
    assert "say why" in page
    assert f'href="/policies/{NAME}?of=draft"' in page
    assert "Declined" not in page + author.get("/review", headers=EN).text
    assert "Changes asked for" in author.get("/review", headers=EN).text
    assert "已要求修改" in author.get("/review", headers={"Accept-Language": "zh"}).text
    assert reviewer.post(f"/review/{name}/approve").status_code == 409


def sent_back(site: Flask, author: FlaskClient, reviewer: FlaskClient, why: str) -> str:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert reviewer.post(f"/review/{name}/changes", data={"remark": why}).status_code == 303
    return name


def test_the_author_is_told_at_home_what_to_change(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    sent_back(site, author, reviewer, "why so many?")

    home = unescape(author.get("/", headers=EN).text)

    assert "You are asked to change your proposal: Size" in home
    assert "reviewer: why so many?" in home
    assert f'href="/policies/{NAME}?of=draft"' in home
    assert "您的提案被要求修改：规模" in author.get("/", headers={"Accept-Language": "zh"}).text
    assert "You are asked to change" not in reviewer.get("/", headers=EN).text
    proposed(site, author)
    assert "You are asked to change" not in author.get("/", headers=EN).text


def test_nobody_is_asked_to_change_what_was_declined(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    sent_back(site, author, reviewer, "why so many?")
    again = proposed(site, author)
    reviewer.post(f"/review/{again}/decline", data={"remark": "no, thank you"})
    changed(site, author, *HARMLESS)

    assert "You are asked to change" not in author.get("/", headers=EN).text
    assert "why so many?" not in author.get(f"/policies/{NAME}?of=draft").text
    assert "Declined by reviewer on" in author.get(f"/review/{again}", headers=EN).text


def test_the_comment_stands_at_the_draft_and_beside_the_next_proposal(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    sent_back(site, author, reviewer, "why <so> many?")

    for address in (f"/policies/{NAME}?of=draft", f"/policies/{NAME}/text?of=draft", f"/review/draft/{NAME}"):
        page = author.get(address, headers=EN).text
        assert "why &lt;so&gt; many?" in page, address
        assert "reviewer asked for changes on" in page, address
    assert "many?" not in author.get(f"/policies/{NAME}").text
    again = proposed(site, author)
    page = reviewer.get(f"/review/{again}", headers=EN).text
    assert page.index("why &lt;so&gt; many?") < page.index("What is different from what is in effect")
    reviewer.post(f"/review/{again}/approve")
    changed(site, author, HARMLESS[1], HARMLESS[0])
    assert "many?" not in author.get(f"/policies/{NAME}?of=draft").text


def test_a_proposal_is_declined_or_taken_back(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert reviewer.post(f"/review/{name}/withdraw").status_code == 403
    author.post(f"/review/{name}/withdraw")
    assert draft(site) is not None
    again = proposed(site, author)
    reviewer.post(f"/review/{again}/decline", data={"remark": "no"})

    assert "Declined" in author.get("/review", headers=EN).text
    assert live(site).count(HARMLESS[1]) == 0


def test_what_begins_later_is_in_effect_later(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    before = live(site)
    changed(site, author, *HARMLESS)
    name = proposed(site, author, since="2999-01-01")
    reviewer.post(f"/review/{name}/approve")

    assert live(site) == before
    assert "revision 2 from" in author.get("/policies", headers=EN).text


def undo_of(page: str) -> str | None:
    found = re.search(r'action="(/history/[^"]*/roll-back[^"]*)"', page)
    return None if found is None else unescape(found[1])


def test_what_begins_later_is_called_off_by_a_publication(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author, since="2999-01-01", until="2999-07-01")
    page = reviewer.post(f"/review/{name}/approve", headers=EN, follow_redirects=True).text
    undo = undo_of(page)
    assert undo is not None
    assert "Propose to call it off" in author.get(f"/history/{NAME}", headers=EN).text

    back = reviewer.post(undo, headers=EN)

    page = author.get(back.location, headers=EN).text
    assert "Call off" in page
    assert "2999" in page
    author.post(f"{back.location}/approve")
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        days = (date(2998, 12, 31), date(2999, 1, 1), date(2999, 6, 30), date(2999, 7, 1))
        assert [revisions.in_effect(connection, day)[NAME].number for day in days] == [1, 1, 1, 1]
    assert "revision 2 from" not in author.get("/policies", headers=EN).text
    assert "revision 2 from" not in author.get(f"/policies/{NAME}", headers=EN).text
    assert reviewer.post(undo, headers=EN).location == f"/history/{NAME}"  # it is overtaken already


def test_what_is_overtaken_before_it_begins_is_not_to_be_called_off(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    for since, text in (("2999-01-01", 'en: "First"'), ("2999-01-01", 'en: "Second"')):
        changed(site, author, HARMLESS[0], text)
        reviewer.post(f"/review/{proposed(site, author, since=since)}/approve")

    page = author.get(f"/history/{NAME}", headers=EN).text

    assert page.count("Propose to call it off") == 1
    assert re.search(r"revision 3</span><span>from", page)
    listed = author.get("/policies", headers=EN).text
    assert "revision 3 from" in listed
    assert "revision 2 from" not in listed


def test_undo_is_not_offered_where_several_texts_would_come_back(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    offered = []
    for since, text in (("2999-01-01", 'en: "First"'), ("2998-01-01", 'en: "Second"')):
        changed(site, author, HARMLESS[0], text)
        name = proposed(site, author, since=since)
        page = reviewer.post(f"/review/{name}/approve", headers=EN, follow_redirects=True).text
        assert f"Approved: in effect from January 1, {since[:4]}." in page
        offered.append(undo_of(page) is not None)

    assert offered == [True, False]


def test_a_day_in_the_past_is_refused(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    data = {"version": draft(site).version, "note": "new", "since": "2020-01-01"}

    answer = author.post(f"/review/draft/{NAME}/propose", data=data)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert author.post(f"/review/draft/{NAME}/propose", data={**data, "since": "soon"}).status_code == 400


def test_the_report_says_how_many_decisions_would_be_different(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    record: Record = site.extensions["record"]
    decided(record, 50, 150, 200, 300)
    changed(site, author, ">= 100", ">= 180")
    author.post(f"/review/draft/{NAME}/impact", data={})
    assert "0 of" in author.get(f"/review/draft/{NAME}", headers=EN).text
    assert Worker(record, KINDS, Around(clock, Stop())).once()

    page = author.get(f"/review/draft/{NAME}", headers=EN).text

    assert "1 of 4 decisions would be different from what is decided now." in page
    listed = ('It has [Staff] people <code class="path">large</code>', "<code>small</code>")
    rules = f'<ul class="one-by-one">{"".join(f"<li>{each}</li>" for each in listed)}</ul>'
    bare = re.sub(r"(<td) data-label=\"[^\"]*\"", r"\1", page)
    assert f"<td>Size: large</td><td>Size: small</td><td>{rules}</td>" in bare
    assert "<dt>What it concerns</dt><dd><code>c1</code> (1)</dd>" in page
    assert page.count('href="/decisions/') == 1
    assert reviewer.get(f"/review/draft/{NAME}").status_code == 200


def test_a_proposal_has_its_report_made_without_being_asked(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    record: Record = site.extensions["record"]
    decided(record, 50, 80, 200)
    changed(site, author, ">= 100", ">= 80")
    address = f"/review/{proposed(site, author)}"

    waiting = reviewer.get(address, headers=EN).text
    worked(record)
    done = reviewer.get(address, headers=EN).text
    yesterday = (today(clock()) - timedelta(1)).isoformat()

    assert "0 of 0 decisions so far" in waiting
    assert "data-again" in waiting
    begun = today(clock()) - timedelta(90)
    assert f"Decisions since {begun:%B} {begun.day}, {begun.year}" in waiting
    assert "1 of 3 decisions would be different from what is decided now." in done
    assert "No decision is recorded in this time." in reported(reviewer, record, address, until=yesterday)


def test_a_report_made_today_is_not_made_again_by_proposing(site: Flask, author: FlaskClient) -> None:
    record: Record = site.extensions["record"]
    decided(record, 50, 80)
    changed(site, author, ">= 100", ">= 80")
    reported(author, record, f"/review/draft/{NAME}")

    address = f"/review/{proposed(site, author)}"

    assert not Worker(record, KINDS, Around(clock, Stop())).once()
    assert "1 of 2 decisions would be different from what is decided now." in author.get(address, headers=EN).text


NEW = """\
policy: scorecard.new
title: {zh: 新, en: New}
owner: sales
language: 1
subject: {id: customer.id}
inputs: [customer.id: {type: string}]
outputs: {points: {type: number, scale: 0, combine: sum, default: 0}}
hit_policy: collect
rules: [{id: all, then: {points: 1}}]
tests: [{name: all get one, as_of: 2026-03-01, given: {customer: {id: c1}}, expect: {outcome: {points: 1}}}]
"""


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There is nothing to compare"), ("zh", "没有可比较的")], ids=["en", "zh"]
)
def test_a_new_policy_has_nothing_to_compare(site: Flask, author: FlaskClient, language: str, said: str) -> None:
    record: Record = site.extensions["record"]
    act = Act("login:one", clock(), today(clock()))
    record.writer.write(lambda transaction: drafts.begin(transaction, "scorecard.new", NEW, act, None, "begun"))
    headers = {"Accept-Language": language}
    before = author.get("/review/draft/scorecard.new", headers=headers).text

    sent = author.post("/review/draft/scorecard.new/propose", data={"version": 1, "note": "new"})
    after = author.get(sent.location, headers=headers).text

    for page in (before, after):
        assert page.count(said) == 1
        assert 'name="since-impact' not in page
        assert "/impact" not in page
    assert not Worker(record, KINDS, Around(clock, Stop())).once()


def test_what_is_proposed_together_is_decided_together(site: Flask, reviewer: FlaskClient) -> None:
    """A policy that needs a field which is proposed with it."""
    record: Record = site.extensions["record"]
    decided(record, 50, 80)
    text = live(site).replace(">= 100", ">= 80").replace("inputs: [", "inputs: [customer.sites: {optional: true}, ")
    texts = {"vocabulary": VOCABULARY, NAME: text}
    act = Act("login:one", clock(), today(clock()))
    done = publishing.propose(record, texts, revisions.Period(), "together", act)
    assert isinstance(done, Proposed), done

    worked(record)

    page = reviewer.get(f"/review/{done.proposal}", headers=EN).text
    assert "1 of 2 decisions would be different from what is decided now." in page
    again = reported(reviewer, record, f"/review/{done.proposal}", since=today(clock()).isoformat())
    assert "1 of 2 decisions would be different from what is decided now." in again


def test_the_report_looks_at_the_period_chosen(site: Flask, author: FlaskClient) -> None:
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        made = decisions.make(record, connection, Asked(NAME, FEW), actor="t", now=clock())
    decisions.keep(record, [made])
    changed(site, author, ">= 100", ">= 180")
    address, day = f"/review/draft/{NAME}", today(clock())
    yesterday = (day - timedelta(1)).isoformat()

    assert "1 of 1 decisions would be different from what is decided now" in reported(author, record, address)
    page = reported(author, record, address, since="2026-01-05", until=yesterday)
    assert "No decision is recorded in this time." in page
    assert "Decisions from January 5, 2026 to" in page
    assert 'name="since" value="2026-01-05"' in page
    assert f'name="until" value="{yesterday}"' in page
    assert "1 of 1 decisions" in reported(author, record, address, since=yesterday, until=day.isoformat())

    assert "1 of 1 decisions" in reported(author, record, address, since="0001-01-01", until="9999-12-31")

    author.post(f"/review/draft/{NAME}/impact", data={"since": day.isoformat(), "until": yesterday}, headers=EN)
    assert "The last day is before the first" in author.get(address, headers=EN).text


def test_the_report_sums_up_what_the_decisions_that_change_are_about(rules: Path, make_app: MakeApp) -> None:
    site, name = make_app(rules=rules), "approval.order"
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    record: Record = site.extensions["record"]
    for number, (amount, more) in enumerate(((1000, {}), (2000.5, {}), (400, {"currency": "USD"}), (7, {}))):
        discount = 0.01 if amount == 7 else 0.1
        facts = {
            "order": {"id": f"o{number}", "amount": amount, "discount": discount, **more},
            "customer": {"id": "c1", "tier": "C"},
            "requester": {"id": "am-07", "team": "east-1"},
        }
        with record.engine.connect() as connection:
            made = decisions.make(record, connection, Asked(name, facts), actor="client:test", now=clock())
        decisions.keep(record, [made])
    author = signed_in(site, Role.ADMIN, "author")
    author.post(f"/drafts/{name}/begin")
    now = draft(site, name)
    text = now.text[: now.text.index("tests:")].replace('order.discount: "> 0.05"', 'order.discount: "> 0.15"')
    author.post(f"/drafts/{name}/text", data={"text": text, "since": now.version})

    page = reported(author, record, f"/review/draft/{name}", name)

    assert "3 of 4 decisions would be different from what is decided now." in page
    assert "The decisions that would be different come to CN¥3,000.50, $400.00 in all (Order amount)." in page
    assert "合计 ¥3,000.50、US$400.00（订单金额）。" in author.get(f"/review/draft/{name}", headers=ZH).text


PAY = "incentive.quarterly"


@pytest.fixture
def paying(rules: Path, make_app: MakeApp) -> Flask:
    """Two account managers, and nothing decided yet."""
    site = make_app(rules=rules)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    act = Act("cli:test", clock(), today(clock()))

    def hire(transaction: Transaction) -> None:
        batch = roster.Batch(transaction, act)
        for name in ("am-01", "am-02"):
            batch.put(Thing(Of.PERSON, name, name), {"role": "account-manager", "status": "active"}, act.today)
        batch.finish()

    record: Record = site.extensions["record"]
    record.writer.write(hire)
    return site


def decided_pay(record: Record) -> None:
    facts = {"person": {"id": "am-01", "quota": 100000}, "credits": [{"amount": 170000}]}
    with record.engine.connect() as connection:
        made = decisions.make(record, connection, Asked(PAY, facts), actor="client:test", now=clock())
    decisions.keep(record, [made])


def paid_more(site: Flask, rate: str = "0.06", instead: str = "0.05") -> str:
    """Propose to pay otherwise; return where the proposal stands."""
    author = signed_in(site, Role.ADMIN, "a")
    author.post(f"/drafts/{PAY}/begin")
    now = draft(site, PAY)
    text = now.text.partition("tests:")[0].replace(f"rate: {instead}", f"rate: {rate}")
    author.post(f"/drafts/{PAY}/text", data={"text": text, "since": now.version})
    sent = author.post(f"/review/draft/{PAY}/propose", data={"version": now.version + 1, "note": "more"})
    return str(sent.location)


def test_nobody_approves_what_pays_themselves_most(paying: Flask) -> None:
    record: Record = paying.extensions["record"]
    decided_pay(record)
    winner, other = (signed_in(paying, Role.ADMIN, name, person) for name, person in (("w", "am-01"), ("o", "am-02")))
    address = paid_more(paying)

    assert "the report of its impact is being made, wait for it" in winner.get(address, headers=EN).text
    assert winner.post(f"{address}/approve").status_code == 403
    worked(record)
    assert "Nobody gains more by this change than you" in winner.get(address, headers=EN).text
    assert winner.post(f"{address}/approve").status_code == 403
    short = reported(winner, record, address, PAY, since=today(clock()).isoformat())
    assert "Nobody gains more by this change than you" in short, "a shorter report lifts no bar"
    assert winner.post(f"{address}/approve").status_code == 403
    assert "Nobody gains more by this change than you" in reported(winner, record, address, PAY)
    assert other.post(f"{address}/approve").status_code == 303


def test_nobody_approves_what_pays_themselves_more_than_what_is_in_effect(paying: Flask) -> None:
    record: Record = paying.extensions["record"]
    decided_pay(record)
    winner, other = (signed_in(paying, Role.ADMIN, name, person) for name, person in (("w", "am-01"), ("o", "am-02")))
    less = paid_more(paying, "0.04")
    worked(record)
    assert other.post(f"{less}/approve").status_code == 303
    back = paid_more(paying, "0.05", "0.04")
    worked(record)

    page = winner.get(back, headers=EN).text

    assert "Against what was recorded: 0 of 1 would be different" in page
    assert "Nobody gains more by this change than you" in page
    assert winner.post(f"{back}/approve").status_code == 403
    assert other.post(f"{back}/approve").status_code == 303


def test_a_shorter_report_bars_nobody_and_says_which_one_counts(paying: Flask) -> None:
    record: Record = paying.extensions["record"]
    decided_pay(record)
    other = signed_in(paying, Role.ADMIN, "o", "am-02")
    address = paid_more(paying)
    worked(record)

    day = today(clock()).isoformat()
    other.post(f"/review/draft/{PAY}/impact", data={"proposal": address.rpartition("/")[2], "since": day})
    waiting = other.get(address, headers=EN).text
    worked(record)
    page = other.get(address, headers=EN).text

    for each in (waiting, page):
        assert "perhaps you among them" not in each
        assert "is told by the report begun on" in each
    assert other.post(f"{address}/approve").status_code == 303


def test_whoever_finds_only_a_short_report_is_told_and_offered_the_days_it_takes(paying: Flask) -> None:
    record: Record = paying.extensions["record"]
    decided_pay(record)
    other = signed_in(paying, Role.ADMIN, "o", "am-02")
    author = signed_in(paying, Role.ADMIN, "a")
    address = paid_more(paying)
    with record.engine.connect() as connection:
        (whole,) = jobs.newest(connection, 10, kind=impacts.KIND)
    record.writer.write(lambda each: jobs.cancel(each, whole.id, "a", clock()))
    page = reported(author, record, address, PAY, since=today(clock()).isoformat())

    barred = other.get(address, headers=EN).text
    first = (today(clock()) - timedelta(impacts.DAYS)).isoformat()
    refused = other.post(f"{address}/approve").status_code
    reported(other, record, address, PAY, since=first)

    assert "make a report of the last 90 days at least" in barred
    assert f'name="since" value="{first}"' in barred
    assert f'name="since" value="{first}"' in page
    assert refused == 403
    assert other.post(f"{address}/approve").status_code == 303


def test_a_report_on_nothing_lets_nobody_approve_their_own_pay(paying: Flask) -> None:
    record: Record = paying.extensions["record"]
    winner, nobody = signed_in(paying, Role.ADMIN, "w", "am-01"), signed_in(paying, Role.ADMIN, "n")
    address = paid_more(paying)

    worked(record)
    page = winner.get(address, headers=EN).text

    assert "No decision is recorded in this time." in page
    assert "no decision is recorded in this time that would show who gains" in page
    assert winner.post(f"{address}/approve").status_code == 403
    assert nobody.post(f"{address}/approve").status_code == 303


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_changed_rule_says_stands_in_words_before_and_now(
    site: Flask, author: FlaskClient, language: str
) -> None:
    changed(site, author, ">= 100", ">= 90")
    said = {"zh": "人数 ≥ {} 人 → 规模：large", "en": "Staff is at least {} people → Size: large"}[language]

    headers = {"Accept-Language": language}

    draft_page = author.get(f"/review/draft/{NAME}", headers=headers).text
    proposal_page = author.get(f"/review/{proposed(site, author)}", headers=headers).text

    for page in (draft_page, proposal_page):
        text = " ".join(re.sub(r"<[^>]+>", "", page).split())
        assert said.format(100) in text
        assert said.format(90) in text


def test_the_report_is_not_for_everybody(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    address = f"/review/{proposed(site, author)}"

    for role, said in ((Role.ACCOUNT_MANAGER, False), (Role.AUDITOR, True), (Role.MANAGER, True)):
        page = signed_in(site, role).get(address, headers=EN).text
        assert ("What it would have changed" in page) is said, role


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_who_may_do_what(site: Flask, author: FlaskClient, role: Role) -> None:
    changed(site, author, *HARMLESS)
    other = signed_in(site, role)
    assert other.get(f"/review/draft/{NAME}").status_code == 403
    assert other.post(f"/review/draft/{NAME}/propose").status_code == 403
    name = proposed(site, author)

    assert other.get(f"/review/{name}").status_code == 200
    assert other.post(f"/review/{name}/approve").status_code == (303 if role is Role.MANAGER else 403)


def test_history_says_when_who_and_why(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author, note="one word more")
    reviewer.post(f"/review/{name}/approve", data={"remark": "well said"})

    page = author.get(f"/history/{NAME}", headers=EN).text

    assert "<h1>History of Size</h1>" in page
    assert "<h1>规模的历史" in author.get(f"/history/{NAME}", headers={"Accept-Language": "zh"}).text
    assert "All times are China Time." in page
    row = page[page.index("one word more") - 900 : page.index("well said") + 200]
    assert re.search(r"author<br><time[^>]*>[^<]*\d\d:\d\d", row)
    assert re.search(r"reviewer<br><time[^>]*>[^<]*\d\d:\d\d", row)
    assert "The approver: well said" in row
    assert author.get(f"/review/{name}").status_code == 200
    assert f'href="/review/{name}"' in row


def test_two_revisions_are_held_beside_each_other(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    reviewer.post(f"/review/{proposed(site, author)}/approve")

    page = author.get(f"/history/{NAME}?before=1&after=2", headers=EN).text

    assert "Revision 1 beside revision 2" in page
    assert "<ins>It has {customer.staff} of them</ins>" in page
    assert author.get(f"/history/{NAME}?before=1&after=9").status_code == 404
    assert author.get("/history/scorecard.none").status_code == 404


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "=1+1", "x" * 5000, "\u202eabc"])
def test_hostile_notes_stay_text(site: Flask, author: FlaskClient, note: str) -> None:
    changed(site, author, *HARMLESS)

    name = proposed(site, author, note=note)

    for address in (f"/review/{name}", "/review", f"/history/{NAME}"):
        assert "<script>alert" not in author.get(address).text


def text_typed(page: str) -> str:
    found = re.search(r'<textarea id="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def closed_beside_a_draft(site: Flask, author: FlaskClient, second: tuple[str, str]) -> str:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    changed(site, author, *second)
    return name


def test_what_is_taken_back_beside_another_draft_is_put_together_with_it(site: Flask, author: FlaskClient) -> None:
    line = next(each for each in live(site).splitlines() if each.startswith("title:"))
    other = (line, line + "  # why")
    name = closed_beside_a_draft(site, author, other)
    before = draft(site)

    answer = author.post(f"/review/{name}/withdraw", headers=EN)

    assert answer.location == f"/drafts/{NAME}/with/{name}"
    assert draft(site) == before
    page = author.get(answer.location, headers=EN).text
    assert "There is another draft by now" in page
    assert "Everything is chosen" in page
    both = text_typed(page)
    assert HARMLESS[1] in both
    assert other[1] in both
    assert f"/drafts/{NAME}/with/{name}" in author.get(f"/policies/{NAME}/text?of=draft").text
    sent = {"do": "save", "since": before.version, "laid": name}
    assert author.post(f"/drafts/{NAME}/merge", data=sent).status_code == 303
    assert draft(site).text == live(site).replace(*HARMLESS).replace(*other)
    for address in (f"/policies/{NAME}/text?of=draft", f"/review/{name}"):
        assert f"/drafts/{NAME}/with/{name}" not in author.get(address).text


def test_both_versions_of_the_same_line_are_kept_when_a_proposal_is_sent_back(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    name = closed_beside_a_draft(site, author, (HARMLESS[0], 'en: "It is not small"'))

    answer = reviewer.post(f"/review/{name}/changes", data={"remark": "say why"}, headers=EN)

    assert answer.location == f"/review/{name}"
    said = reviewer.get(answer.location, headers=EN).text
    assert "There is another draft by now; it stays" in said
    assert "the text is a draft again" not in said
    assert f"/drafts/{NAME}/with/{name}" in author.get(f"/review/{name}").text
    page = unescape(author.get(f"/drafts/{NAME}/with/{name}", headers=EN).text)
    assert "1 place both have changed" in page
    assert "say why" in page
    assert HARMLESS[1].removeprefix("en: ") in page
    assert "It is not small" in text_typed(page)
    sent = {"do": "save", "since": draft(site).version, "laid": name}
    assert author.post(f"/drafts/{NAME}/merge", data=sent).status_code == 422
    key = re.findall(r'name="(choice[.]\w+)"', page)[0]
    assert author.post(f"/drafts/{NAME}/merge", data={**sent, key: "mine"}).status_code == 303
    assert draft(site).text == live(site).replace(*HARMLESS)


def test_only_a_closed_proposal_of_that_document_is_laid_into_its_draft(site: Flask, author: FlaskClient) -> None:
    name = closed_beside_a_draft(site, author, (HARMLESS[0], 'en: "It is not small"'))
    assert author.get(f"/drafts/{NAME}/with/{name}").status_code == 404  # it still waits

    author.post(f"/review/{name}/withdraw")

    assert author.get(f"/drafts/{NAME}/with/{name}").status_code == 200
    assert author.get(f"/drafts/scorecard.none/with/{name}").status_code == 404
    assert author.get(f"/drafts/{NAME}/with/nothing").status_code == 404
    assert signed_in(site, Role.MANAGER).get(f"/drafts/{NAME}/with/{name}").status_code == 403


def test_a_policy_says_what_waits_and_what_begins_later(
    site: Flask, author: FlaskClient, reviewer: FlaskClient
) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author, since="2999-01-01")
    link = f'href="/review/{name}"'

    assert link in author.get("/policies").text
    for view in ("", "/read", "/text", "/tests"):
        assert link in author.get(f"/policies/{NAME}{view}").text, view
    for view in ("", "/read", "/text"):
        assert author.get(f"/policies/{NAME}{view}?of=draft").location == f"/review/{name}"
    reviewer.post(f"/review/{name}/approve")
    page = author.get(f"/policies/{NAME}", headers=EN).text
    assert "revision 2 from" in page
    assert f'href="/policies/{NAME}?of=2"' in page
    assert link not in page
    told = author.get(f"/policies/{NAME}/text?of=draft", headers=EN, follow_redirects=True)
    assert told.request.path == f"/policies/{NAME}/text"
    assert "There is no draft any more: it was proposed and approved." in told.text


@pytest.mark.parametrize(
    ("done", "by", "said"),
    [("decline", "reviewer", "it was proposed and declined"), ("withdraw", "author", "the proposal was withdrawn")],
)
def test_the_address_of_a_draft_says_what_became_of_its_proposal(
    request: pytest.FixtureRequest, site: Flask, author: FlaskClient, done: str, by: str, said: str
) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    assert "this proposal waits" in author.get(f"/policies/{NAME}?of=draft", headers=EN, follow_redirects=True).text
    request.getfixturevalue(by).post(f"/review/{name}/{done}", data={"remark": "no"})
    if draft(site) is not None:  # a proposal that is withdrawn may be a draft again
        author.post(f"/drafts/{NAME}/discard", data={"since": 1})
        said = "it was given up"

    assert said in author.get(f"/policies/{NAME}?of=draft", headers=EN, follow_redirects=True).text


BENT = """\
tests:
  - name: {zh: 一百人算大, en: a hundred is large}
    as_of: 2026-03-01
    given:
      customer: {id: c1, staff: 20, kind: plant, listed: true, founded: 1999-12-31, tags: [a, b], markets: [west]}
      sites: [{city: Ulm, staff: 7}, {city: Bonn}]
    expect: {outcome: {size: small}}
  - name: {zh: 十人算小, en: ten are small}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 10}}
    expect: {outcome: {size: small}}
"""


def above_the_parts(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page[: page.index("Part by part")]))


def test_tests_that_expect_something_else_stand_first(site: Flask, author: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    assert "expects something else" not in author.get(f"/review/draft/{NAME}", headers=EN).text

    text = draft(site).text
    changed(site, author, text[text.index("tests:") :], BENT)
    said = above_the_parts(author.get(f"/review/draft/{NAME}", headers=EN).text)

    assert "1 test expects something else; 1 test was added" in said
    assert "Customer \u203a Staff: before: 100 → now: 20 Size: before: large → now: small" in said
    assert "added ten are small" in said
    assert "一百人算大" in author.get(f"/review/draft/{NAME}", headers={"Accept-Language": "zh"}).text


def test_a_test_with_other_facts_and_one_that_is_gone_are_named(site: Flask, author: FlaskClient) -> None:
    changed(site, author, "staff: 100,", "staff: 110,")
    assert "1 test gets other facts" in above_the_parts(author.get(f"/review/draft/{NAME}", headers=EN).text)

    text = draft(site).text
    changed(site, author, text[text.index("tests:") :], "")
    assert "1 test was removed" in above_the_parts(author.get(f"/review/draft/{NAME}", headers=EN).text)


def test_a_closed_proposal_says_what_it_was_to_change(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    changed(site, author, *HARMLESS)
    name = proposed(site, author)
    reviewer.post(f"/review/{name}/approve")
    first = author.get(f"/review/{name}", headers=EN).text
    changed(site, author, HARMLESS[1], 'en: "It counts {customer.staff}"')
    reviewer.post(f"/review/{proposed(site, author)}/approve")

    for page in (first, author.get(f"/review/{name}", headers=EN).text):
        assert "What it was to change" in page
        assert "<del>It has {customer.staff} people</del>" in page
        assert "<ins>It has {customer.staff} of them</ins>" in page


def test_whoever_wrote_any_of_it_does_not_approve_it(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    """Somebody else proposes what the author has written: the author approves it neither on the page nor past it."""
    changed(site, author, *HARMLESS)
    address = f"/review/{proposed(site, reviewer)}"

    page = author.get(address, headers=EN).text
    assert "You have written some of this, so somebody else has to approve it." in page
    assert re.search(r"proposed by reviewer on [^·]* · written by author", page)
    assert "wait for your approval" not in author.get("/", headers=EN).text
    assert "waits for your approval" not in author.get("/", headers=EN).text
    assert author.post(f"{address}/approve").status_code == 403
    record: Record = site.extensions["record"]
    refused = publishing.approve(record, address.rpartition("/")[2], Act("login:author", clock(), today(clock())))
    assert isinstance(refused, Refused), "nor by another way in"
    third = signed_in(site, Role.ADMIN, "third")
    assert "written some of this" not in third.get(address, headers=EN).text
    assert third.post(f"{address}/approve").status_code == 303


def test_who_only_begins_a_draft_has_written_nothing(site: Flask, author: FlaskClient, reviewer: FlaskClient) -> None:
    reviewer.post(f"/drafts/{NAME}/begin")
    changed(site, author, *HARMLESS)

    assert reviewer.post(f"/review/{proposed(site, author)}/approve").status_code == 303


@pytest.mark.parametrize(
    ("language", "says"),
    [(EN, ("What it needs to know", "Stages", "who may approve")), (ZH, ("输入", "审批环节", "审批人"))],
)
def test_a_new_policy_is_read_whole_by_author_and_reviewer(
    rules: Path, make_app: MakeApp, language: dict[str, str], says: tuple[str, ...]
) -> None:
    site = make_app(rules=rules)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    author, reviewer = (signed_in(site, Role.ADMIN, name) for name in ("author", "reviewer"))
    name = "approval.gift"
    author.post("/policies/new", data={"kind": "approval", "id": "gift", "zh": "礼品", "en": "Gifts", "start": "blank"})

    before = author.get(f"/review/draft/{name}", headers=language).text
    data = {"version": draft(site, name).version, "note": "because"}
    after = reviewer.get(author.post(f"/review/draft/{name}/propose", data=data).location, headers=language).text

    for page in (before, after):
        whole = page.partition('<div class="readable">')[2].partition('class="differences"')[0]
        assert [each for each in says if each not in whole] == []
        assert whole.count('<details class="test-says">') == 1
        assert "rules-beside" not in page
        assert "</h2>" in page.partition(">What it says<" if language is EN else ">内容<")[2]


@pytest.mark.parametrize(
    ("headers", "place", "said"),
    [
        (EN, ["Stages", "team lead", "Time to act"], "Time to act is accepted and checked"),
        (ZH, ["审批环节", "销售主管", "办理时限"], "办理时限可以写并会检查"),
    ],
)
def test_a_remark_says_its_place_in_words_that_lead_there(
    rules: Path, make_app: MakeApp, headers: dict[str, str], place: list[str], said: str
) -> None:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    author, name = signed_in(made), "approval.order"
    author.post(f"/drafts/{name}/begin")
    now = draft(made, name)
    text = now.text.replace("超过60天", "超过 60 天")
    author.post(f"/drafts/{name}/text", data={"text": text, "since": now.version})

    pages = {"draft": author.get(f"/review/draft/{name}", headers=headers).text}
    sent = {"version": draft(made, name).version, "note": "why"}
    pages["2"] = author.get(author.post(f"/review/draft/{name}/propose", data=sent).location, headers=headers).text

    line = text[: text.index("within: ")].count("\n") + 1
    for of, page in pages.items():
        link = re.search(rf'<a href="([^"]*#L{line})" title="{name}:{line}:\d+">([^<]*)</a>(.*?)</li>', page, re.DOTALL)
        assert link is not None
        assert unescape(link[1]) == f"/policies/{name}/text?of={of}#L{line}"
        assert unescape(link[2]).split(" \u203a ") == place
        assert '<em title="within">' in link[3]
        assert said in re.sub("<[^>]+>", "", link[3])
        assert f"<code>{name}:" not in page
