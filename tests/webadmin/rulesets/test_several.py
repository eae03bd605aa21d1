"""A block pasted into the table of a draft: made and undone at once, and what cannot be taken named cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy import editor as policy_editor
from policy.reader import read as really
from tests.webadmin.rulesets.conftest import drafted

NAME = "approval.order"
ROWS = 40
FEW = 12
"""Times the text of 40 × 6 cells may be read: for the rules added, and once for each column."""


def draft(site: Flask) -> tuple[str, int]:
    return drafted(site, NAME)


Asked = tuple[str, str, str, str]


def paste(client: FlaskClient, asked: Sequence[Asked], language: str = "en") -> TestResponse:
    columns = dict(zip(("what", "rule", "part", "value"), map(list, zip(*asked, strict=True)), strict=True))
    data = {**columns, "since": draft(client.application)[1]}
    headers = {"X-Requested-With": "fetch", "Accept-Language": language}
    return client.post(f"/drafts/{NAME}/change", data=data, headers=headers)


def row(number: int) -> list[Asked]:
    to = f"+{number}"
    return [
        ("add", "", "", f"pasted-{number}"),
        ("cell", to, "order.discount", f"> 0.{number:02}"),
        ("cell", to, "customer.tier", "B"),
        ("then", to, "stages", "team-lead, director"),
        ("because", to, "zh", f"折扣第 {number} 档"),
        ("because", to, "en", f"discount step {number}"),
    ]


def told(page: TestResponse) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", "", page.text)).split())


def test_forty_lines_of_six_cells_are_pasted_in_few_readings_and_undone_at_once(
    editor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, version = draft(editor.application)
    asked = [each for number in range(1, ROWS + 1) for each in row(number)]

    read: list[str] = []
    monkeypatch.setattr(policy_editor, "read", lambda text: read.append(text) or really(text))
    answer = paste(editor, asked)

    text, now = draft(editor.application)
    assert answer.status_code == 200
    assert now == version + 1
    assert text.count("- {id: pasted-") + text.count("- id: pasted-") == ROWS
    assert "because: {zh: 折扣第 40 档, en: discount step 40}" in text
    assert 0 < len(read) < FEW
    editor.post(f"/drafts/{NAME}/undo", data={"since": now})
    assert draft(editor.application)[0] == before


def test_rules_that_are_there_are_changed_and_renamed_in_the_same_block(editor: FlaskClient) -> None:
    paste(
        editor,
        [
            ("cell", "steep-discount", "order.discount", "> 0.3"),
            ("because", "steep-discount", "zh", "超过三成"),
            ("because", "steep-discount", "en", "above 30 per cent"),
            ("rename", "steep-discount", "", "any-discount"),
            ("cell", "any-discount", "order.discount", "> 0.06"),
            ("rename", "any-discount", "", "steep-discount"),
            *row(1),
        ],
    )

    text = draft(editor.application)[0]
    rules = text.partition("\nrules:")[2].partition("\nstages:")[0]
    swapped = rules.partition("id: any-discount")[2].partition("- ")[0]
    assert "> 0.3" in swapped
    assert "超过三成" in swapped
    assert "> 0.06" in rules.partition("id: steep-discount\n")[2].partition("- ")[0]
    assert "id: pasted-1" in rules.rpartition("  - ")[2]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Nothing was pasted", "column Rule (大 订单):", "column Rule (Also Bad):", "rule is not there any more"],
        ),
        ("zh", ["没有粘贴任何内容", "「规则」列（大 订单）：", "「规则」列（Also Bad）："]),
    ],
)
def test_what_of_a_block_cannot_be_taken_is_named_cell_by_cell(
    editor: FlaskClient, language: str, said: list[str]
) -> None:
    before = draft(editor.application)

    answer = paste(
        editor,
        [
            ("cell", "any-discount", "order.discount", "> 0.07"),
            ("rename", "any-discount", "", "大 订单"),
            ("rename", "list-price", "", "Also Bad"),
            ("cell", "gone", "order.discount", "> 0.1"),
        ],
        language,
    )

    assert answer.status_code == 409
    assert [each for each in said if each not in told(answer)] == []
    assert draft(editor.application) == before
