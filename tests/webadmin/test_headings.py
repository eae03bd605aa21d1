"""The headings of tables that are taken along: each in both languages, none twice in a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from policy.tables.export import csv_pieces
from tests.webadmin.conftest import MakeApp
from webadmin.headings import _HEADINGS, flag, further, headed


@pytest.fixture(scope="module")
def site(rules: Path, make_app: MakeApp) -> Flask:
    return make_app(rules=rules)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_keys_have_one_heading(site: Flask, language: str) -> None:
    with site.test_request_context(), force_locale(language):
        found = {name: str(text) for name, text in _HEADINGS.items() if name != "id"}  # no table has `number` as well

    assert sorted(found.values()) == sorted(set(found.values()))


def test_keys_without_a_heading_stay(site: Flask) -> None:
    with site.test_request_context(), force_locale("zh"):
        (record,) = headed([{"status": 1, "x": 2, "a.x": 3}], {"a.x": "A: x"})
        assert record == {"状态": 1, "x": 2, "A: x": 3}
        assert (flag(True), flag(False)) == ("是", "否")


@pytest.mark.parametrize(("language", "heading"), [("zh", "其他内容"), ("en", "Further values")])
def test_what_only_some_records_have_is_headed_too(site: Flask, language: str, heading: str) -> None:
    with site.test_request_context(), force_locale(language):
        records = [{"a": number} for number in range(1000)] + [{"a": 1, "b": 2}]
        text = b"".join(csv_pieces(records, more=further())).decode("utf-8-sig")

    assert text.splitlines()[0] == f"a,{heading}"
    assert text.splitlines()[-1] == '1,"{""b"":2}"'
