"""What holds on every page: headers, languages, forged requests, errors, texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from policy.values import Language
from tests import catalogue as catalogue_of
from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin import guard
from webadmin.help.service import PAGES, REFERENCES

WEBADMIN = Path(__file__).parents[2] / "webadmin"
CATALOGUE = catalogue_of.CATALOGUE

ADDRESSES = [
    "/policies",
    "/policies/approval.order",
    "/policies/approval.order/text",
    "/policies/approval.order/tests",
    "/policies/approval.order/try",
    "/policies/approval.order/try?test=1",
    "/policies/assignment.new-customer/try?test=1",
    "/policies/incentive.quarterly/try?test=1",
    "/policies/penalty.order-diversion/try?test=1",
    "/policies/scorecard.customer-value/try?test=1",
    "/documents/vocabulary",
    "/api",
    "/help",
    *(f"/help/{name}" for name in (*PAGES, *REFERENCES)),
    "/nowhere",
]


class Page(HTMLParser):
    """The parts of a page that tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.mark.parametrize("language", ["zh-CN,zh;q=0.9", "en-GB"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_keeps_to_its_own_security_policy(client: FlaskClient, address: str, language: str) -> None:
    answer = client.get(address, headers={"Accept-Language": language})

    assert answer.status_code == (404 if address == "/nowhere" else 200)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = Page(answer.text)
    assert page.all("html") == [{"lang": "zh-CN" if language.startswith("zh") else "en"}]
    assert page.all("style") == []
    assert [each for each in page.all("script") if not each.get("src", "").startswith("/static/")] == []
    assert [each for _, each in page.tags if "style" in each or any(name.startswith("on") for name in each)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_sound_for_screen_readers(client: FlaskClient, address: str, language: str) -> None:
    page = Page(client.get(address, headers={"Accept-Language": language}).text)

    ids = [each["id"] for _, each in page.tags if "id" in each]
    assert sorted(ids) == sorted(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == 1
    labelled = {each.get("for") for each in page.all("label")}
    inputs = [each for tag in ("input", "select", "textarea") for each in page.all(tag)]
    plain = [each for each in inputs if each.get("type") not in {"hidden", "radio", "checkbox"}]
    assert [each for each in plain if each["id"] not in labelled] == []
    named = [
        name
        for _, each in page.tags
        for key in ("aria-describedby", "aria-labelledby")
        for name in each.get(key, "").split()
    ]
    assert set(named) <= set(ids)


def test_the_first_page_leads_to_the_policies(client: FlaskClient) -> None:
    assert 'href="/policies"' in client.get("/").text


@pytest.mark.parametrize(("query", "said"), [("", "Settled every quarter."), ("?as=written", "<code>quarter</code>")])
def test_a_heading_is_not_said_twice(client: FlaskClient, query: str, said: str) -> None:
    page = client.get(f"/policies/incentive.quarterly{query}", headers={"Accept-Language": "en"}).text

    assert '<h2 id="section-period">Period</h2>' in page
    assert "<dt>Period</dt>" not in page
    assert said in page


# --- languages ------------------------------------------------------------------------------------------------------


def test_the_language_chosen_is_remembered(client: FlaskClient) -> None:
    answer = client.post("/language/en", data={"back": "/help/start"}, headers={"Accept-Language": "zh"})

    assert (answer.status_code, answer.location) == (303, "/help/start")
    assert 'lang="en"' in client.get("/policies", headers={"Accept-Language": "zh"}).text


def test_a_language_nobody_offers_falls_back_to_the_first_one(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/policies", headers={"Accept-Language": "tlh"}).text


WISHES = {
    "en-GB,zh;q=0.5": "en",
    "EN-us": "en",
    "zh-TW": "zh-CN",
    "fr, en;q=0.4, zh;q=0.6": "zh-CN",
    "zh;q=0.3, en-GB;q=0.9": "en",
    "zh;q=0, *": "en",
    "en;q=0": "zh-CN",
    "*": "zh-CN",
    "": "zh-CN",
}


@pytest.mark.parametrize("wish", WISHES)
def test_the_browser_gets_the_language_it_wants_most(client: FlaskClient, wish: str) -> None:
    assert f'lang="{WISHES[wish]}"' in client.get("/policies", headers={"Accept-Language": wish}).text


ELSEWHERE = [
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "//[",
    "x", "", "/policies\r\nX: y",
]  # fmt: skip


@pytest.mark.parametrize("back", ELSEWHERE, ids=ascii)
def test_nobody_is_led_elsewhere(client: FlaskClient, back: str) -> None:
    assert client.post("/language/en", data={"back": back}).location == "/"


def test_an_answer_that_is_not_kept_comes_again_in_the_new_language(client: FlaskClient) -> None:
    answer = client.post("/language/en?again=1&back=/policies/approval.order/try", data={"order.id": "o1"})

    assert (answer.status_code, answer.location) == (307, "/policies/approval.order/try")


@pytest.mark.parametrize(
    ("typed", "decides"),
    [(None, False), ({"add": "approvers"}, False), ({}, True), ({"order.id": "o7"}, True)],
    ids=str,
)
def test_a_change_of_language_keeps_what_is_typed_and_asks_for_no_more(
    client: FlaskClient, typed: dict[str, str] | None, decides: bool
) -> None:
    """The browser adds name and value of the button pressed; where nothing was answered yet, nothing is decided."""
    address = "/policies/approval.order/try"
    page = Page((client.get(address) if typed is None else client.post(address, data=typed)).text)
    button = next(each for each in page.all("button") if "/language/" in each.get("formaction", ""))
    pressed = {button["name"]: button["value"]} if "name" in button else {}

    again = client.post(address, data={"order.id": "o7", **pressed}, headers={"Accept-Language": "en"}).text

    assert button["form"] == "facts"
    assert 'value="o7"' in again
    assert ("to put right" in again) == decides


def test_an_unknown_language_is_no_page(client: FlaskClient) -> None:
    assert client.post("/language/fr").status_code == 404


# --- forged and broken requests -------------------------------------------------------------------------------------


@pytest.fixture
def guarded(rules: Path, make_app: MakeApp) -> FlaskClient:
    return signed_in(make_app(rules=rules, largest_request=2048))


@pytest.mark.parametrize("address", ["/language/en", "/policies/approval.order/try"])
def test_a_forged_request_is_refused_with_advice(guarded: FlaskClient, address: str) -> None:
    answer = guarded.post(address, data={"order.id": "o1"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 400
    assert "Reload it and try once more" in answer.text


def test_a_request_from_the_page_itself_is_taken(guarded: FlaskClient) -> None:
    page = Page(guarded.get("/policies/approval.order/try").text)
    token = next(each["value"] for each in page.all("input") if each.get("name") == "csrf_token")

    assert guarded.post("/policies/approval.order/try", data={"csrf_token": token}).status_code == 200


def test_too_much_at_once_is_refused_with_advice(guarded: FlaskClient) -> None:
    answer = guarded.post("/policies/approval.order/try", data={"order.id": "x" * 5000})

    assert answer.status_code == 413
    assert "一次提交的内容太多" in answer.text


def test_cookies_are_for_this_site_alone(client: FlaskClient) -> None:
    cookies = client.post("/language/en").headers.getlist("Set-Cookie") + client.get("/policies").headers.getlist(
        "Set-Cookie"
    )

    assert cookies
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in cookies)


def test_cookies_keep_to_https_where_the_settings_say_so(rules: Path, make_app: MakeApp) -> None:
    client = signed_in(make_app(rules=rules, secure_cookies=True))

    assert "Secure" in client.get("/policies").headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/review/01a2/changes", "/review/01a2"),
        ("/review/01a2/approve?from=mail", "/review/01a2?from=mail"),
        ("/simulations/plans/01a2/reset", "/simulations/plans/01a2"),
    ],
)
def test_an_address_only_for_sending_leads_to_the_page_with_the_form(
    client: FlaskClient, address: str, page: str
) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["Location"]) == (303, page)


def test_a_wrong_method_says_what_is_allowed(client: FlaskClient) -> None:
    answer = client.delete("/policies")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("language", "said"), [("zh", "服务器出错了"), ("en", "Something went wrong on our side")])
def test_a_fault_of_ours_is_a_page_too(rules: Path, language: str, said: str, make_app: MakeApp) -> None:
    broken = make_app(rules=rules)
    broken.add_url_rule("/broken", view_func=guard.open_to_all(lambda: 1 // 0))

    answer = broken.test_client().get("/broken", headers={"Accept-Language": language})

    assert answer.status_code == 500
    assert said in answer.text
    assert "ZeroDivisionError" not in answer.text


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "names"), [(CATALOGUE, catalogue_of.of_the_pages), (catalogue_of.CLICK, catalogue_of.of_click)]
)
def test_every_text_is_translated(path: Path, names: Callable[[], set[catalogue_of.Name]]) -> None:
    catalogue = catalogue_of.read(path)
    known = {each.id[0] if isinstance(each.id, tuple) else each.id: each for each in catalogue if each.id}

    texts = {catalogue_of.first(each) for each in names()}

    assert texts - known.keys() == set()
    assert known.keys() - texts == set()
    assert [
        name for name, each in known.items() if each.fuzzy or not (each.string[0] if each.pluralizable else each.string)
    ] == []


def test_translations_name_the_same_values() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", text))

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, "zh")
    pairs = [
        (each.id[0], each.string[0]) if each.pluralizable else (each.id, each.string) for each in catalogue if each.id
    ]

    assert [text for text, said in pairs if names(text) != names(said)] == []


@pytest.mark.parametrize("path", [CATALOGUE, catalogue_of.CLICK])
def test_the_compiled_translations_are_those_of_the_text(path: Path) -> None:
    def texts(catalogue: Catalog) -> set[str]:
        return {str([plain(each.id), plain(each.string)]) for each in catalogue if each.id}

    def plain(text: Any) -> Any:
        return text if isinstance(text, str) else list(text)

    with path.open("rb") as written, path.with_suffix(".mo").open("rb") as compiled:
        assert texts(read_mo(compiled)) == texts(read_po(written, "zh"))


@pytest.mark.parametrize("template", sorted((WEBADMIN / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_text_of_their_own(template: Path) -> None:
    """Whatever stands outside of tags and expressions is a sign, the product's name, or punctuation."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"<(pre|kbd)\b.*?</\1>", "", text, flags=re.DOTALL)  # commands, and keys of a keyboard
    outside = re.sub(r"<[^>]*>", "", text).replace("Fairlead", "").replace("Idempotency-Key", "")
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', text)

    assert re.findall(r"\w+", outside + " ".join(attributes)) == []


def test_every_rule_of_the_style_sheet_is_closed() -> None:
    """A block left open takes everything after it into its condition, and no browser complains."""
    depth = 0
    sheet = (WEBADMIN / "static" / "fairlead.css").read_text("utf-8")
    for line in re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).split("\n"):
        if re.match(r"[.#a-z@:*\[]", line):
            assert depth == 0, line
        depth += line.count("{") - line.count("}")
    assert depth == 0


def test_every_help_page_exists_in_both_languages_alike() -> None:
    for name in PAGES:
        texts = {each: (WEBADMIN / "help" / each / f"{name}.md").read_text("utf-8") for each in Language}
        heads = {language: re.findall(r"^#+ ", text, re.MULTILINE) for language, text in texts.items()}
        codes = {language: text.count("```") for language, text in texts.items()}

        assert heads[Language.ZH] == heads[Language.EN], name
        assert codes[Language.ZH] == codes[Language.EN], name


def test_links_between_help_pages_lead_somewhere(app: Flask) -> None:
    client = signed_in(app)
    for name in PAGES:
        for each in Page(client.get(f"/help/{name}").text).all("a"):
            target = each["href"]
            if not target.startswith(("#", "/")):
                assert client.get(f"/help/{target}").status_code == 200, f"{name} → {target}"
