"""Another label changes no rule: the review says it once, and only rules that are written differently as changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.review.steps import EN, ZH, draft
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

ORDER = "approval.order"
STAGE = "en: team lead}"
CREDIT = '{order.payment_days: "> 60"'


@pytest.fixture
def site_of_rules(rules: Path, make_app: MakeApp) -> Flask:
    site = make_app(rules=rules)
    site.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return site


def reviewed(site: Flask, *changes: tuple[str, str], headers: dict[str, str] = EN) -> str:
    """Change the draft of the policy of orders, and return what its review says is different."""
    author: FlaskClient = signed_in(site, Role.ADMIN, "author")
    author.post(f"/drafts/{ORDER}/begin")
    now = draft(site, ORDER)
    text = now.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    author.post(f"/drafts/{ORDER}/text", data={"text": text, "since": now.version})
    page = author.get(f"/review/draft/{ORDER}", headers=headers).text
    return page[page.index('id="changes"') :].split("</section>")[0]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_another_label_of_a_stage_is_one_line_and_changes_no_rule(site_of_rules: Flask) -> None:
    page = reviewed(site_of_rules, (STAGE, "en: first team lead}"))

    assert "changed label of the stage team-lead: team lead → first team lead" in words(page)
    assert words(page).count("changed") == 1
    assert "rules-beside" not in page


def test_beside_another_label_only_the_rule_that_is_written_differently_is_changed(site_of_rules: Flask) -> None:
    page = reviewed(site_of_rules, (STAGE, "en: first team lead}"), (CREDIT, CREDIT.replace("60", "45")), headers=ZH)

    listed = page[page.index("rules-beside") :].split("</ul>")[0]
    assert re.findall(r"<code>([a-z-]+)</code>", listed) == ["long-credit"]
    assert "审批环节 team-lead 的名称：" in words(page)


def test_the_history_says_another_label_once(site_of_rules: Flask) -> None:
    reviewed(site_of_rules, (STAGE, "en: first team lead}"))
    author, reviewer = (signed_in(site_of_rules, Role.ADMIN, name) for name in ("author", "reviewer"))
    sent = author.post(
        f"/review/draft/{ORDER}/propose", data={"version": draft(site_of_rules, ORDER).version, "note": "a new name"}
    )
    assert sent.status_code == 303, words(sent.text)
    assert reviewer.post(f"{sent.location}/approve", data={"remark": "fine"}).status_code == 303

    page = author.get(f"/history/{ORDER}?before=1&after=2", headers=EN).text

    assert "label of the stage team-lead: team lead → first team lead" in words(page)
