"""A browser, and sites before it. Without Chromium these tests are skipped; where CI runs them, they fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import CHROMIUM, FLAGS, Site, is_here, serving
from tests.patience import LONG
from tests.webadmin.conftest import MakeApp, closing, demonstrated, folder, make_app, opened
from tests.webadmin.decided.conftest import place

__all__ = ["closing", "demonstrated", "folder", "make_app", "opened", "place"]

HERE = str(Path(__file__).parent)
ServeApp = Callable[[Flask], Site]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and keep them together: each process starts a browser of its own."""
    for item in items:
        if str(item.path).startswith(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running Chromium."""
    if not is_here():
        if os.environ.get("CI") == "true":
            pytest.fail(f"there is no {CHROMIUM}: apt-get install chromium-headless-shell")
        pytest.skip(f"there is no {CHROMIUM}")
    expect.set_options(timeout=LONG * 1000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def serve(browser: Browser) -> Iterator[ServeApp]:
    """Return what serves an application until the test is over."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app, browser))


@pytest.fixture
def site(folder: Path, make_app: MakeApp, serve: ServeApp) -> Site:
    """Return a site with one small policy."""
    return serve(make_app(rules=folder))
