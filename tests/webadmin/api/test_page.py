"""The page to try the API: readable without JavaScript, its form filled with examples that work."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.webadmin.api.conftest import Api
from tests.webadmin.signing import signed_in
from webadmin.api.operations import OPERATIONS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_operation_is_listed_with_its_scope(near: Api, language: str) -> None:
    text = signed_in(near.app).get("/api", headers={"Accept-Language": language}).text

    for each in OPERATIONS.values():
        assert f"<code>{each.method} {each.path}</code>" in text
        assert each.title.zh in text if language == "zh" else each.title.en in text
        assert all(f"<code>{scope}</code>" in text for scope in each.scopes)


def test_the_form_is_filled_with_what_works(near: Api) -> None:
    text = signed_in(near.app).get("/api").text
    options = re.findall(r'data-method="(\w+)" data-address="([^"]*)" data-body="([^"]*)"', text)

    assert len(options) == len(OPERATIONS)
    for method, address, body in options:
        path = unescape(address).replace("{decision}", near.decided())
        if "{" in path:  # which job there is nobody can say beforehand
            continue
        answer = near.call(method, path, json.loads(unescape(body)) if body else None)
        assert answer.status_code in (200, 201, 202), (path, answer.text)


def test_the_script_stands_in_a_file_of_its_own(near: Api) -> None:
    with near.client.get("/static/api.js") as answer:
        text = answer.text

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "innerHTML" not in text
    assert "eval(" not in text
