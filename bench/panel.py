"""Measures how soon what is typed is answered: `python -m bench.panel`.

Milliseconds in Chromium from the last key to the outcome it changes: of a fact in the panel, and of a character in the
text of a draft beside it, on a shipped policy; and, in the text of each shipped policy, from the last key of a mistake
to the frame with the finding at its place. The aim is 500 ms. With them, what an answer costs at the least: the same
browser asking the same server for a page that says nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from policy.model.document import Kind
from tests.browser.site import FLAGS, WHOLE, Site, serving
from webadmin.app import close, create_app
from webadmin.decisions.service import clock, today
from webadmin.rulesets import drafting
from webadmin.settings import Settings
from webadmin.store.revisions import Act
from webadmin.telemetry import logs

AIM = 500
KINDS = {str(each) for each in Kind}
RULES = Path(__file__).resolve().parent.parent / "rules"
STATUS = ".try-panel [data-status]"
LINE = "then: {stages: [team-lead, director, finance]}"
LAST = ", finance"
MISTAKE = "nonsense"
MARKED = ".cm-lintRange-error, .cm-lintPoint-error"
PAINTED = f"""() => {{
  const marked = () => document.querySelector('{MARKED}');
  document.addEventListener('keydown', () => {{ window.lastKey = performance.now(); }}, true);
  new MutationObserver(() => {{
    if (marked()) requestAnimationFrame(() => requestAnimationFrame(() => {{ window.painted ||= performance.now(); }}));
    else window.painted = 0;
  }}).observe(document.getElementById('editor'), {{childList: true, subtree: true, attributes: true}});
}}"""


def typed(page: Page, write: str) -> float:
    """Return the milliseconds from the last key to the outcome that it changes."""
    page.keyboard.type(write[:-1])
    was = page.inner_text(STATUS)
    begin = time.perf_counter()
    page.keyboard.type(write[-1])
    page.wait_for_function(f"was => document.querySelector('{STATUS}').textContent !== was", arg=was, polling=10)
    return (time.perf_counter() - begin) * 1000


def opened(site: Site) -> Page:
    """Return the text of a draft, with one of its tests in the panel beside it."""
    admin = site.enter("wang", site.login("wang"))
    page = admin.page
    admin.go("/policies/approval.order")
    admin.press("Change it")
    admin.go("/policies/approval.order/text?of=draft")
    page.click("[data-open]")
    page.locator(".try-panel .fill > summary").click()
    page.locator(".try-panel .fill-tests > summary").click()
    page.locator(".try-panel .fill-tests a").nth(1).click()
    page.wait_for_selector(".try-panel .decision")
    page.wait_for_timeout(500)
    return page


def nothing(page: Page) -> float:
    """Return the milliseconds of asking for what answers without doing anything."""
    begin = time.perf_counter()
    page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    return (time.perf_counter() - begin) * 1000


def fact(page: Page) -> float:
    """Write another amount over the one that is there."""
    field = ".try-panel [name='order.amount']"
    amount = "2500" if page.input_value(field) == "2500000" else "2500000"
    page.click(field)
    page.keyboard.press("Control+a")
    return typed(page, amount)


def text(page: Page) -> float:
    """Take an outcome out of the rule that hits, and write it again."""
    page.locator(".cm-line", has_text=LINE).first.click()
    page.keyboard.press("End")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    for _ in range(len(LAST)):
        page.keyboard.press("Backspace")
    page.wait_for_timeout(1000)
    return typed(page, LAST)


def finding(page: Page) -> float:
    """Write a line that is wrong below that of the owner, and take it out again once the finding is there."""
    page.keyboard.press("Control+Home")
    page.locator(".cm-line", has_text="owner:").first.click()
    page.keyboard.press("End")
    page.keyboard.type(f"\n{MISTAKE}")
    page.wait_for_function("() => window.painted")
    taken: float = page.evaluate("window.painted - window.lastKey")
    for _ in range(len(MISTAKE) + 1):
        page.keyboard.press("Backspace")
    page.wait_for_function(f"() => !document.querySelector('{MARKED}')")
    return taken


def findings(page: Page, base: str, policy: str, rounds: int) -> bool:
    """Print the line of one policy's text; whether its median is within the aim."""
    page.goto(f"{base}/policies/{policy}/text?of=draft")
    page.click(".cm-content")
    page.wait_for_timeout(500)
    page.evaluate(PAINTED)
    return line(f"a mistake in {policy}", finding, page, rounds)


def shipped() -> list[str]:
    """Return the ids of the shipped policies."""
    return [f"{each.parent.name}.{each.stem}" for each in sorted(RULES.glob("*/*.yaml")) if each.parent.name in KINDS]


def drafted(site: Site, policy: str) -> None:
    """Begin a draft of a policy where there is none."""
    now = clock()
    drafting.begin(site.record, policy, Act("bench", now, today(now)))


def line(name: str, once: Callable[[Page], float], page: Page, rounds: int) -> bool:
    """Print one line; whether its median is within the aim."""
    taken = []
    for _ in range(rounds):
        page.wait_for_timeout(400)
        taken.append(once(page))
    print(f"{name:<44}{median(taken):10.0f}{min(taken):10.0f}{max(taken):10.0f}")
    return median(taken) <= AIM


def main(arguments: Sequence[str]) -> int:
    """Print a line for each; 1 when one is later than the aim."""
    parser = argparse.ArgumentParser(prog="python -m bench.panel", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args(arguments).rounds
    logs.set_up(as_json=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = f"sqlite:///{folder}/fairlead.db"
        app = create_app(Settings(rules=RULES, database=address, heads=Path(folder) / "heads.json"))
        browser = playwright.chromium.launch(executable_path=WHOLE, args=list(FLAGS))
        with serving(app, browser) as site:
            page = opened(site)
            print(f"{'milliseconds':<44}{'median':>10}{'least':>10}{'most':>10}")
            line("an answer that says nothing", nothing, page, rounds)
            good = line("a fact, to its outcome", fact, page, rounds)
            page.fill(".try-panel [name='order.amount']", "600000")
            page.click(".try-panel [data-rule='key-account']")
            good &= line("a character of the text, likewise", text, page, rounds)
            page.click(".try-panel [data-close]")
            for policy in shipped():
                drafted(site, policy)
                good &= findings(page, site.base, policy, rounds)
        browser.close()
        close(app)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
