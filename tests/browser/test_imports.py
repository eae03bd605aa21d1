"""A file with a wrong row: chosen, its columns looked at, the row mended, imported, reported, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ServeApp
from tests.browser.site import Site, Visitor, chinese
from tests.webadmin.conftest import MakeApp
from webadmin.decisions.service import clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import dated
from webadmin.store.dated import Of

FILES = {
    "en": "Employee ID,Full name,Region,Status\nz1,Fang Wang,north,active\nz2,Na Li,south,strange\n",
    "zh": "工号,姓名,地区,状态\nz1,王芳,华北,在职\nz2,李娜,华南,奇怪\n",
}


@pytest.fixture
def site(serve: ServeApp, make_app: MakeApp, rules: Path) -> Site:
    """Return a site over the shipped policies with nobody in it."""
    return serve(make_app(rules=rules))


def counted(text: str, language: str, number: int) -> str:
    """Return a text with a number in it, for more than one."""
    said = chinese().get(text).string[0] if language == "zh" else text + "s"
    return str(said) % {"num": number}


def regions(site: Site) -> list[str]:
    """Return where people are today."""
    with site.record.engine.connect() as connection:
        held = dated.values_on(connection, Of.PERSON, today(clock()), ["region"])
    return sorted(each["region"] for each in held.values() if each.get("region"))


def columns(page: Page) -> list[str]:
    """Return the fields chosen for the columns."""
    return [each.input_value() for each in page.locator("[id^='field-']").all()]


def mended(admin: Visitor, site: Site, language: str) -> None:
    """See the wrong row, say what its word means, and see no wrong row."""
    page = admin.page
    admin.press("Look at what comes of it")
    wrong = page.locator("section[aria-labelledby='row-by-row'] tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("奇怪" if language == "zh" else "strange")
    expect(wrong.locator("th")).to_contain_text("3")
    expect(importing(page, language)).to_have_count(0)
    admin.press("Back to its columns")
    page.get_by_label("奇怪" if language == "zh" else "strange", exact=True).select_option("active")
    admin.press("Look at what comes of it")
    expect(page.locator("section[aria-labelledby='wrong']")).to_have_count(0)
    assert regions(site) == []


def importing(page: Page, language: str) -> Locator:
    """Return the button that imports both rows."""
    return page.get_by_role("button", name=counted("Import %(num)s record", language, 2))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_with_a_wrong_row_is_mended_imported_and_taken_back(site: Site, language: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(FILES[language].encode("gb18030" if language == "zh" else "utf-8"))
    admin = site.enter("wang", site.login("wang"), language)
    page = admin.page
    admin.go("/imports")
    admin.reads("Nothing was imported yet")
    page.set_input_files("#file", file)
    page.select_option("#kind", "people")
    admin.press("Go on to its columns")
    assert columns(page) == ["id", "name", "region", "status"]

    mended(admin, site, language)
    importing(page, language).click()
    admin.reads("A worker is about to take this file.")
    assert Worker(site.record, KINDS, Around(clock, Stop())).once()

    page.wait_for_url("**/imports/done/*")  # the page finds out by itself
    expect(page.locator(".import-counts li").first).to_contain_text("2")
    assert regions(site) == (["华北", "华南"] if language == "zh" else ["north", "south"])
    admin.press("Take this import back")
    admin.reads("“%(name)s” is taken back. The same file can be imported again.", name="people.csv")
    assert regions(site) == []
    admin.go("/imports")
    admin.reads("taken back")
    assert admin.violations() == []
