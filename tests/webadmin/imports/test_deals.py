"""Deals as people bring them: who holds them, and what can be taken and is hardly meant so."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policy.model.document import Path
from policy.tables import load_record_mapping
from tests.webadmin.imports.test_pages import chosen, fields, imported, mapped

PERSON = "编号,姓名\nam-1,王芳\n"
CUSTOMER = "编号,名称\nc-1,大客户\n"
HEADINGS = "id,customer,owner,stage,opened_on,closed_on,amount,discount"


@pytest.fixture
def known(site: Flask, admin: FlaskClient) -> FlaskClient:
    """Return somebody who may import, a customer and a person being known."""
    imported(site, admin, chosen(admin, PERSON))
    imported(site, admin, chosen(admin, CUSTOMER, "customers.csv", kind="customers"))
    return admin


def begun(client: FlaskClient, rows: str, headings: str = HEADINGS) -> str:
    """Choose a file of deals; return the address of its columns."""
    return chosen(client, f"{headings}\n{rows}\n", "deals.csv", kind="deals")


@pytest.mark.parametrize("heading", ["owner", "负责人", "归属", "holder", "Held by", "客户经理"])
def test_the_holder_of_a_deal_is_what_files_call_its_owner(known: FlaskClient, heading: str) -> None:
    page = begun(known, "d-1,c-1,am-1,won,2026-01-05,2026-02-03,500,0.1", HEADINGS.replace("owner", heading))

    mapping = load_record_mapping(mapped(known, page))
    assert fields(known, page)["field-2"] == "owner"
    assert mapping.facts[Path("customer.owner")].column == mapping.facts[Path("requester.id")].column == heading
    assert "held by nobody" not in known.get(f"{page}/preview").text


def test_who_manages_the_account_is_told_beside_who_holds_the_deal(known: FlaskClient) -> None:
    page = begun(known, "d-1,c-1,am-1,won,am-1,500", "id,customer,account manager,stage,owner,amount")

    assert (fields(known, page)["field-2"], fields(known, page)["field-4"]) == ("facts/customer.owner", "owner")


def test_won_deals_held_by_nobody_are_told_before_they_are_recorded(site: Flask, known: FlaskClient) -> None:
    rows = "d-1,c-1,,won,2026-01-05,2026-02-03,500,\nd-2,c-1,,open,2026-01-05,,500,\nd-3,c-1,,won,,2026-02-03,5,"
    page = begun(known, rows)

    looked = known.get(f"{page}/preview").text
    assert re.search(r"2 deals that were won would be held by nobody, .*rows 2, 4<", looked), looked

    imported(site, known, begun(known, "d-1,c-1,am-1,won,2026-01-05,2026-02-03,500,"))
    again = known.get(f"{page}/preview").text
    assert re.search(r"1 deal that was won would be held by nobody, .*row 4<", again), "who holds it is on record"


def test_a_deal_closed_before_it_was_opened_is_refused_with_both_days(site: Flask, known: FlaskClient) -> None:
    page = begun(known, "d-1,c-1,am-1,won,2026-02-03,2026-02-02,500,\nd-2,c-1,am-1,won,2026-02-03,2026-02-03,500,")

    looked = known.get(f"{page}/preview").text
    assert "<b>1</b> row refused" in looked
    assert re.search(r"closed on <code>2026-02-02</code>, before it was opened on <code>2026-02-03</code>", looked), (
        looked
    )

    imported(site, known, begun(known, "d-1,c-1,am-1,open,2026-02-03,,500,"))
    later = begun(known, "d-1,won,2026-02-02,500", "id,stage,closed_on,amount")
    looked = known.get(f"{later}/preview").text
    assert re.search(r"<code>2026-02-02</code>, before .*<code>2026-02-03</code>, by the file and the record", looked)
    assert 'data-label="Column">closed_on<' in looked


def test_won_deals_without_a_closing_day_or_with_one_to_come_are_told_by_rows(known: FlaskClient) -> None:
    rows = ["d-1,c-1,am-1,won,2026-01-05,2099-02-03,500,", "d-2,c-1,am-1,won,2026-01-05,,500,"]
    rows += ["d-3,c-1,am-1,won,2026-01-05,2026-02-03,500,", "d-4,c-1,am-1,open,2026-01-05,2099-02-03,500,"]

    looked = known.get(f"{begun(known, chr(10).join(rows))}/preview").text
    assert re.search(r"1 deal is said to be won and is closed on a day still to come.*row 2<", looked), looked
    assert re.search(r"1 deal that was won has no day it was closed on.*row 3<", looked), looked
    assert "Import 4 records" in looked, "they are told, and not refused"


def test_open_and_lost_deals_of_days_to_come_are_told_too(known: FlaskClient) -> None:
    rows = ["d-1,c-1,am-1,open,2026-01-05,2099-02-03,500,", "d-2,c-1,am-1,lost,2026-01-05,2099-02-03,500,"]
    rows += ["d-3,c-1,am-1,open,2099-01-05,,500,", "d-4,c-1,am-1,lost,2026-01-05,2026-02-03,500,"]

    looked = known.get(f"{begun(known, chr(10).join(rows))}/preview").text

    assert re.search(r"1 deal is said to be open and has a day it was closed on.*row 2<", looked), looked
    assert re.search(r"1 deal is said to be lost and is closed on a day still to come.*row 3<", looked)
    assert re.search(r"1 deal is opened on a day still to come.*row 4<", looked)


def test_days_to_come_are_told_together_with_refusals(known: FlaskClient) -> None:
    rows = ["d-1,c-1,am-1,won,2026-01-05,2099-02-03,500,", "d-2,nobody,am-1,won,2026-01-05,2099-02-03,500,"]
    rows += ["d-3,c-1,am-1,won,2026-01-05,2099-02-03,much,", "d-4,c-1,,won,2026-01-05,soon,500,"]

    looked = known.get(f"{begun(known, chr(10).join(rows))}/preview").text

    assert "<b>3</b> rows refused" in looked
    assert re.search(r"3 deals are said to be won and are closed on a day still to come.*rows 2, 3, 4<", looked), looked
    assert re.search(r"1 deal that was won would be held by nobody.*row 5<", looked)
    assert "no day it was closed on" not in looked, "what cannot be read is told as refused, and not as missing"


def test_amounts_of_the_preview_have_their_currency(site: Flask, known: FlaskClient) -> None:
    page = begun(known, "d-1,c-1,am-1,open,2026-01-05,,500,\nd-2,c-1,am-1,open,2026-01-05,,1234.5,")
    assert '<td data-label="Order amount">CN¥500.00</td>' in known.get(f"{page}/preview").text

    imported(site, known, page)
    later = begun(known, "d-1,c-1,am-1,open,2026-01-05,,600,USD", f"{HEADINGS.replace('discount', 'currency')}")
    looked = known.get(f"{later}/preview").text
    assert '<td data-label="Order amount">$600.00</td>' in looked or "US$600.00" in looked, looked
    assert re.search(r"<del>CN¥500.00</del>.*<ins>(US)?\$600.00</ins>", looked, re.DOTALL), looked


def test_people_of_days_to_come_are_told_before_they_are_recorded(known: FlaskClient) -> None:
    rows = "am-2,李雷,2999-01-01,\nam-3,韩梅,2020-01-01,2999-01-01\nam-4,赵六,2020-01-01,2020-01-01\n"
    page = chosen(known, f"id,name,hired on,since\n{rows}")

    looked = known.get(f"{page}/preview").text

    assert "Look at these rows first" in looked
    assert re.search(r"1 person is hired on a day still to come\. <span[^>]*>row 2<", looked), looked
    assert re.search(r"What 1 row says holds from a day still to come: .*row 3<", looked), looked


@pytest.mark.parametrize("owner", ["am-9", "新人"])
def test_customers_given_to_somebody_still_to_come_are_told(site: Flask, known: FlaskClient, owner: str) -> None:
    imported(site, known, chosen(known, "id,name,role,since\nam-9,新人,account-manager,2999-01-01\n"))
    rows = f"c-2,甲,am-1,\nc-3,乙,{owner},\nc-4,丙,{owner},2999-06-01\n"
    page = chosen(known, f"id,name,owner,since\n{rows}", "customers.csv", kind="customers")

    looked = known.get(f"{page}/preview").text

    told = r"1 customer would be given to somebody who is there only from a day still to come\. <span[^>]*>row 3<"
    assert re.search(told, looked), looked
