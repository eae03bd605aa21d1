"""What the list of policies says of a folder that is missing, or part of which has errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

BROKEN = "policy: scorecard.bad\n<script>alert(1)</script>: 1\n"


def listed(app: Flask, role: Role = Role.ADMIN, language: str = "en") -> str:
    return signed_in(app, role).get("/policies", headers={"Accept-Language": language}).text


@pytest.fixture
def partly(folder: Path, make_app: MakeApp) -> Flask:
    """Return an application over a folder one of whose policies has errors."""
    (folder / "scorecard" / "bad.yaml").write_text(BROKEN, "utf-8")
    return make_app(rules=folder)


def test_what_is_sound_is_listed_and_the_rest_told_with_its_place(partly: Flask, folder: Path) -> None:
    page = listed(partly)

    assert 'href="/policies/scorecard.size"' in page
    assert "Not published, because of errors" in page
    assert "<dt>scorecard.bad</dt>" in page
    assert "<code>scorecard/bad.yaml:1:1</code>" in page
    assert "is missing" in page
    assert "1 further error" in page
    assert f"fairlead check {folder}" in page
    assert "<script>alert" not in page


def test_it_is_told_in_chinese(partly: Flask) -> None:
    page = listed(partly, language="zh")

    assert "因有错误而未发布" in page
    assert "缺少键" in page
    assert "另有 1 处错误" in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR])
def test_who_may_change_nothing_is_not_troubled(partly: Flask, folder: Path, role: Role) -> None:
    page = listed(partly, role)

    assert "Not published" not in page
    assert str(folder) not in page
    assert 'href="/policies/scorecard.size"' in page


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_without_a_folder_the_page_says_what_to_do(tmp_path: Path, make_app: MakeApp, role: Role) -> None:
    page = listed(make_app(rules=tmp_path / "nowhere"), role)

    assert "No policies yet" in page
    assert "fairlead check" in page
    assert ("The folder" in page, "cannot be read" in page) == (role is Role.ADMIN, role is Role.ADMIN)
