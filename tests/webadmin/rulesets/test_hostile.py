"""Texts that try to be more than text, wherever people can write some: nothing of them becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "%(count)s %s %d {0} {name}",
    "\u202eright to left\u202c",
    "=cmd|' /C calc'!A0",
    "`<b>code</b>`",
    "a" * 1900,
    "\x00\x07\x1b[31m",
    "\U0001d4b3 \U0001f600 \U0010ffff",
    "&lt;already&gt; &amp;",
]

ALLOWED = {
    "a",
    "aside",
    "b",
    "body",
    "button",
    "code",
    "details",
    "div",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
}
ALLOWED |= {
    "head",
    "header",
    "html",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
}
ALLOWED |= {
    "section",
    "select",
    "span",
    "strong",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "th",
    "thead",
    "title",
}
ALLOWED |= {
    "caption",
    "circle",
    "dd",
    "dialog",
    "dl",
    "dt",
    "em",
    "kbd",
    "path",
    "pre",
    "svg",
    "tfoot",
    "tr",
    "ul",
    "wbr",
}
ALLOWED |= {"script /static/"}


class Tags(HTMLParser):
    """The tags of a page, attributes that run something, and where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = next((value or "" for name, value in attrs if name == "src"), "")
        self.found.add("script /static/" if tag == "script" and source.startswith("/static/") else tag)
        self.found |= {f"{tag} {name}" for name, _ in attrs if name.startswith("on") or name == "style"}
        self.sources += [value or "" for name, value in attrs if name in {"href", "src", "action", "formaction"}]


def harmless(page: str) -> None:
    tags = Tags(page)

    assert tags.found <= ALLOWED
    assert [each for each in tags.sources if not each.startswith(("/", "#"))] == []


INPUTS = ["customer.id", "customer.staff", "customer.kind", "customer.tags", "customer.extra", "as_of", "events"]


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_typed_stays_text(small: FlaskClient, name: str) -> None:
    for text in HOSTILE:
        typed = {"customer.id": "c1", "customer.staff": "5", name: text}

        answer = small.post("/policies/scorecard.size/try", data=typed)

        assert answer.status_code == 200, text
        harmless(answer.text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_policy_says_stays_text(folder: Path, text: str, make_app: MakeApp) -> None:
    """Title, reason, names of rules and tests; what YAML refuses is shown with its finding."""
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    path = folder / "scorecard" / "size.yaml"
    written = path.read_text("utf-8").replace("en: Size}", f"en: {quoted}}}", 1)
    path.write_text(written.replace('en: "It has {customer.staff} people"', f"en: {quoted}"), "utf-8")
    client = signed_in(make_app(rules=folder))

    for address in ("", "/text", "/tests", "/try?test=1"):
        harmless(client.get(f"/policies/scorecard.size{address}", headers={"Accept-Language": "en"}).text)
    harmless(client.get("/policies", headers={"Accept-Language": "en"}).text)
    harmless(client.get("/documents/scorecard.size", headers={"Accept-Language": "en"}).text)


@pytest.mark.parametrize(
    "address", ["/policies/<script>", "/policies/%22onload=", "/help/<b>", "/documents/<i>.yaml", "/{{7*7}}"]
)
def test_addresses_stay_text(small: FlaskClient, address: str) -> None:
    answer = small.get(address)

    assert answer.status_code == 404
    harmless(answer.text)


def test_deep_brackets_are_shown_and_nothing_breaks(folder: Path, make_app: MakeApp) -> None:
    (folder / "scorecard" / "deep.yaml").write_text("policy: scorecard.deep\nrules: " + "[" * 30_000 + "\n", "utf-8")
    client = signed_in(make_app(rules=folder))

    assert client.get("/policies").status_code == 200  # nothing of the folder is published
    assert "fairlead check" in client.get("/policies").text
