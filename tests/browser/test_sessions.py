"""Answers that come late: what a script asked for before a session ended does not begin it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import ServeApp
from tests.browser.site import Site
from tests.webadmin.conftest import MakeApp

NAME = "scorecard.size"


class Held:
    """An application whose answers to scripts wait until they are let go.

    Attributes:
        asked: Whether a script's answer is there and waits.
        free: Lets it go.
    """

    def __init__(self, app: Flask, path: str) -> None:
        self._inner = app.wsgi_app
        self._path = path
        self.asked, self.free = Event(), Event()
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer; what is held has been worked out, with the cookie it came with."""
        if environ["PATH_INFO"] != self._path:
            return self._inner(environ, start)
        told: list[Any] = []
        body = list(self._inner(environ, lambda *given: told.append(given)))
        self.asked.set()
        self.free.wait(10)
        start(*told[0])
        return body


@pytest.fixture
def site(folder: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with one small policy."""
    return serve(make_app(rules=folder))


def test_an_answer_that_comes_after_signing_out_lets_nobody_in_again(site: Site) -> None:
    visitor = site.enter("wang", site.login("wang"))
    held = Held(site.app, f"/policies/{NAME}/beside")
    other = visitor.page.context.new_page()
    visitor.go(f"/policies/{NAME}")
    visitor.page.click("[data-open]")
    assert held.asked.wait(10)
    other.goto(site.base + "/policies")
    other.locator("header details.menu summary").last.click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator(".flash")).to_contain_text("You are signed out.")

    held.free.set()
    visitor.page.wait_for_selector(".try-panel form")
    other.goto(site.base + "/policies")
    assert "/login" in other.url
