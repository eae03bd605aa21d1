"""What events say stands on the pages of what they are about: in words, and no more than the reader sees."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.webadmin.decided.conftest import Place, place
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.revisions import Act
from webadmin.store.things import FACT, Change, Thing

__all__ = ["place"]

DAY = date(2026, 2, 3)


@pytest.fixture(scope="module")
def changed(place: Place) -> Place:
    """Return the place with a customer that got another tier, another owner, and a margin."""
    act = Act("cli:test", clock(), today(clock()))
    attributes = {"tier": "A", "owner": "am-02", "status": "lost", f"{FACT}gross_margin": "0.25"}
    changes = [Change(Of.CUSTOMER, "c-1", name, value, DAY) for name, value in attributes.items()]
    place.record.writer.write(lambda transaction: roster.apply(transaction, [], changes, act, "test"))
    return place


def said(client: FlaskClient, address: str, language: str) -> str:
    page = client.get(address, headers={"Accept-Language": language}).text
    return (
        unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))
        .replace(" ；", "；")
        .replace(" ;", ";")
        .replace("： ", "：")
    )


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "zh",
            (
                "变动字段：等级；变动前：B；变动后：A",
                "变动前：正常；变动后：已流失",
                "变动后：李雷 am-02；",
            ),
        ),
        (
            "en",
            (
                "Field that changed: Tier; Before: B; After: A",
                "Before: active; After: lost",
                "After: Lei Li am-02;",
            ),
        ),
    ],
)
def test_a_change_is_told_with_what_stood_and_what_stands(
    changed: Place, language: str, parts: tuple[str, ...]
) -> None:
    admin = signed_in(changed.app)
    for address in ("/customers/c-1", f"/decisions/{changed.east}"):
        page = said(admin, address, language)
        for part in parts:
            assert part in page, f"{address}: {page}"


def test_a_customer_is_not_named_on_its_own_page(changed: Place) -> None:
    admin = signed_in(changed.app)

    assert "Customer: Customer c-1" not in said(admin, "/customers/c-1", "en").partition("Newest events")[2]
    assert "客户编号：" in said(admin, f"/decisions/{changed.east}", "zh").partition("同一对象的事件")[2]


def test_whom_a_reader_does_not_see_stays_an_id(changed: Place) -> None:
    lead = signed_in(changed.app, Role.MANAGER, "west", "am-02")
    page = said(lead, "/customers/c-1", "en").partition("Newest events")[2]

    assert "Before: am-03; After: Lei Li am-02" in page, "who held it before is of another team"
    assert "Mei Han" not in page


@pytest.mark.parametrize(("language", "part"), [("zh", "变动字段：名称"), ("en", "Field that changed: Name")])
def test_a_new_name_is_told_in_words(changed: Place, language: str, part: str) -> None:
    act = Act("cli:test", clock(), today(clock()))
    renamed = [Thing(Of.CUSTOMER, "c-2", f"customer {language}")]
    changed.record.writer.write(lambda transaction: roster.apply(transaction, renamed, [], act, "test"))

    assert part in said(signed_in(changed.app), "/customers/c-2", language)
