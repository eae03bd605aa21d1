"""A served application, and people before it, each with a browser of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from waitress.server import create_server

from tests.catalogue import CATALOGUE
from tests.patience import LONG
from webadmin.access import making
from webadmin.decisions.service import clock, today
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

WHOLE = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
"""The browser people have."""
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or WHOLE
"""What tests run: the same engine without windows, menus and extensions, a third of the work for each new page."""
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
WIDE, PHONE = 1280, 360

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@cache
def chinese() -> Catalog:
    """Return the Chinese texts of the pages."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, "zh")


def is_here() -> bool:
    """Say whether there is a browser to test with."""
    return Path(CHROMIUM).exists()


@dataclass
class Visitor:
    """One browser, signed in or not.

    Attributes:
        page: What is looked at.
        language: `zh` or `en`.
        complaints: What the console said that it should not have.
    """

    page: Page
    language: str
    base: str
    complaints: list[str] = field(default_factory=list)

    def say(self, text: str, **values: object) -> str:
        """Return a text of the pages in this visitor's language."""
        said = text if self.language == "en" else str(chinese().get(text).string)
        return said % values if values else said

    def go(self, path: str) -> None:
        """Open a page; it must be one."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def press(self, text: str) -> None:
        """Press the one button or link of this name, and wait for what comes."""
        name = self.say(text)
        buttons = self.page.locator("main").get_by_role("button", name=name, exact=True)
        links = self.page.locator("main").get_by_role("link", name=name, exact=True)
        (buttons.or_(links)).first.click()
        self.page.wait_for_load_state()

    def reads(self, text: str, zh: str = "", **values: object) -> None:
        """Wait until the page says something: a text of the pages, or of the data with its Chinese beside it."""
        said = zh if zh and self.language == "zh" else text if zh else self.say(text, **values)
        self.page.locator("main").get_by_text(said).first.wait_for()

    def violations(self) -> list[str]:
        """Return what this page did against its own security policy."""
        found: list[str] = self.page.evaluate("window.violations")
        return found + self.complaints


@dataclass
class Site:
    """An application that is served at `base`."""

    app: Flask
    base: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def record(self) -> Record:
        found: Record = self.app.extensions["record"]
        return found

    def login(self, name: str, role: Role = Role.ADMIN, person: str | None = None) -> str:
        """Make a login and return its password."""
        now = clock()
        act = Act("cli:test", now, today(now))
        return making.make(self.record, name, Reach(role), act, person=person, must_change=False)

    def visitor(self, language: str = "en", width: int = WIDE) -> Visitor:
        """Return somebody who is not signed in."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, locale=LOCALES[language])
        context.set_default_timeout(LONG * 1000)
        context.add_init_script(WATCH)
        self.contexts.append(context)
        found = Visitor(context.new_page(), language, self.base)

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and "Content Security Policy" in message.text:
                found.complaints.append(message.text)

        found.page.on("console", heard)
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    def enter(self, name: str, password: str, language: str = "en", **more: Any) -> Visitor:
        """Return somebody who has signed in through the form."""
        found = self.visitor(language, **more)
        found.go("/login")
        found.page.fill("#name", name)
        found.page.fill("#password", password)
        found.page.press("#password", "Enter")
        found.page.wait_for_url(lambda address: "/login" not in address)
        return found


@contextmanager
def serving(app: Flask, browser: Browser) -> Iterator[Site]:
    """Serve an application on a free port as long as it is needed."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, asyncore_use_poll=True)
    thread = Thread(target=server.run, name="served")
    thread.start()
    site = Site(app, f"http://127.0.0.1:{server.effective_port}", browser)
    try:
        yield site
    finally:
        for each in site.contexts:
            each.close()
        server.trigger.pull_trigger(server.close)
        server.task_dispatcher.shutdown()
        thread.join(10)
