# ruff: noqa: RUF001
"""A hundred texts that try to be more than text, through every text field: none becomes markup, none breaks a page."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from policy.errors import FactsError
from tests.webadmin.conftest import MakeApp
from tests.webadmin.filled import Filled
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock, today
from webadmin.jobs.context import Around, Stop
from webadmin.jobs.kinds import KINDS
from webadmin.jobs.worker import Worker
from webadmin.store import drafts
from webadmin.store.record import Record
from webadmin.store.revisions import Act

NAME = "scorecard.size"

_MARKUP = (
    *("<xss>", "<xss/>", "</title><xss>", "</textarea><xss>", "</script><xss>", "</style><xss>", "</option><xss>"),
    *("--><xss>", "<!--<xss>", "]]><xss>", "<![CDATA[<xss>]]>", "<svg><xss>", "<math><xss>", "<<xss>>", "<xss\x0c>"),
    *(
        '"><xss>',
        "'><xss>",
        "`><xss>",
        '" onxss="1',
        "' onxss='1",
        "x onxss=1",
        '"/onxss=1//',
        '" style="x',
        "\"'<xss>",
    ),
    *("<script>ran=1</script>", "<img src=x onerror=ran=1>", "<svg/onload=ran=1>", "<iframe srcdoc='<xss>'>"),
    *("<base href=//xss>", "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=//xss>", "<form id=xss>"),
    *("<input autofocus onfocus=ran=1>", "<details open ontoggle=ran=1>", "<a href=javascript:ran=1>x</a>"),
    *(
        "javascript:ran=1",
        "JaVaScRiPt:ran=1",
        "java\tscript:ran=1",
        "data:text/html,<xss>",
        "vbscript:xss",
        "//xss.example",
    ),
    *(
        "&lt;xss&gt;",
        "&#60;xss&#62;",
        "&#x3c;xss>",
        "%3Cxss%3E",
        "\\u003cxss\\u003e",
        "+ADw-xss+AD4-",
        "\uff1cxss\uff1e",
    ),
    *("**xss**", "[x](javascript:ran=1)", "`<xss>`", "![x](//xss)", "<xss>".upper(), "\u2028<xss>", "\x00<xss>"),
)
_TEMPLATES = (
    *("{{ 7 * 191 }}", "{% raw %}", "{{ config }}", "{# x", "${7*191}", "#{7*191}", "<%= 7*191 %>", "{{''.__class__}}"),
    *("%(count)s %s %d", "{0} {name}", "{__class__}", "%n%n%n", "$(id)", "`id`"),
)
_SQL = (
    *(
        "' OR '1'='1",
        "'; DROP TABLE decisions; --",
        '" OR 1=1 --',
        "1); DELETE FROM audit; --",
        "' UNION SELECT 1,2,3 --",
    ),
    *("%", "_", "\\", "a%' ESCAPE '\\", "NULL", "0x27", "*", 'a" NEAR b', "policy:approval.order OR"),
)
_FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("//xss")',
    "＝1+1",
)
_UNICODE = (
    *(
        "\u202eright to left\u202c",
        "\u2066inside\u2069",
        "\u05d0\u05d1\u05d2",
        "\u0645\u0631\u062d\u0628\u0627",
        "\ufeffx",
    ),
    *("e\u0301" * 40, "Z\u0351\u036b" * 30, "\U0001f469\u200d\U0001f4bb", "\U0010ffff", "\u0000", "\x07\x1b[31m"),
    *("\u200b\u200b", "\u00a0", "İıſK", "９９９", "a" * 10_000, "王" * 3_000, " ", "\r\n\r\nX: y", "../../etc/passwd"),
)
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Ids may hold any digits, also those a template would work out."""
NUMBER = re.compile(r"-?\d+(\.\d+)?")
HOSTILE = (*_MARKUP, *_TEMPLATES, *_SQL, *_FORMULAS, *_UNICODE)


SAVED = re.compile(r"data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/]*=*)")
"""An address that holds a table to be saved: nothing in it runs, and no browser shows it as a page."""


def formulas_of(table: str) -> list[str]:
    """Return what a spreadsheet would take for a formula in a table."""
    rows = csv.reader(io.StringIO(table.lstrip("\ufeff"), newline=""))
    cells = [cell for row in rows for cell in row]
    return [each for each in cells if each.startswith(("=", "+", "-", "@", "\t", "\r")) and not NUMBER.fullmatch(each)]


class Tags(HTMLParser):
    """What on a page came out of a hostile text: elements, attributes that run something, addresses elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {"script", "link", "meta", "base", "iframe", "img", "style"}
        source = dict(attrs).get("src") or dict(attrs).get("href") or ""
        if "xss" in tag or (tag in own and not source.startswith("/static/") and tag != "meta"):
            self.bad.append(tag)
        held = SAVED.fullmatch(source) if "download" in dict(attrs) else None
        self.bad += formulas_of(b64decode(held[1]).decode()) if held else []
        for name, value in attrs:
            if name == "href" and held:
                continue
            leads = name in {"href", "src", "action", "formaction"} and not (value or "").startswith(("/", "#"))
            if name.startswith("on") or name in {"style", "http-equiv", "srcdoc"} or (leads and value):
                self.bad.append(f"{tag} {name}={value}")


PIECE = re.compile(r"<[^<>]*>")


@cache
def piece(text: str) -> tuple[str, ...]:
    """Return what is bad of one tag; pages consist of the same ones again and again."""
    return tuple(Tags(text).bad)


def bad_of(page: str) -> list[str]:
    """Return what on a page came out of a hostile text: tag by tag, read as a whole where `<`, `>` or `"` is left."""
    pieces = PIECE.findall(page)
    left = PIECE.sub("", page)
    if "<" in left or ">" in left or any(each.count('"') % 2 or "'" in each for each in pieces):
        return Tags(page).bad
    return [bad for each in pieces for bad in piece(each)]


def sound(client: FlaskClient, method: str, path: str, *, stays: bool = False, **data: Any) -> str:
    """Return a page that was asked for with a hostile text; neither it nor where it leads to breaks or says markup.

    Args:
        client: Whose browser it is.
        method: Of the request.
        path: Address, also with a query.
        stays: Whether where it leads to is looked at by the caller, once for several requests.
        **data: Form, or more of the query.
    """
    base, _, query = path.partition("?")
    sent: dict[str, Any] = {"data": data}
    if method == "GET":
        path, sent = base, {"query_string": {**dict(parse_qsl(query)), **data}}
    answer = client.open(path, method=method, headers={"Accept-Language": "en"}, **sent)
    if answer.status_code in (302, 303):
        assert (answer.location or "").startswith("/")
        assert not (answer.location or "").startswith(("//", "/\\"))
        if stays:
            return ""
        answer = client.get(answer.location, headers={"Accept-Language": "en"})
    assert answer.status_code < 500, (path, data, answer.status_code)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if answer.mimetype == "text/html":
        assert bad_of(answer.text) == [], (path, data)
        assert "1337" not in ID.sub("", answer.text), (path, data)
    return answer.text


@pytest.fixture
def author(site: Flask) -> FlaskClient:
    return signed_in(site, name="author")


def test_there_are_a_hundred_different_texts() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


FRAME = '<!doctype html><p class="a">{}</p><a href="/b" title="{}">c</a>'


@pytest.mark.parametrize(
    "page",
    [
        FRAME.format("<xss>", ""),
        FRAME.format("", '" onxss="1'),
        FRAME.format("", '>" onxss="1'),
        FRAME.format("", '"><xss x="'),
        FRAME.format("<a title='>' onclick=x>", ""),
        FRAME.format('<a href="javascript:ran=1">', ""),
        FRAME.format("<p style=x>", ""),
        FRAME.format("<!-- > --><xss>", ""),
        FRAME.format("1 < 2 <xss>", ""),
    ],
)
def test_what_became_markup_is_seen(page: str) -> None:
    assert bad_of(page) != []
    assert bad_of(FRAME.format("&lt;xss&gt;", "&#34; onxss=1")) == []


READ = [
    ("/search", ("q",)),
    ("/search/names.json?of=person", ("q",)),
    ("/search/names.json?q=a", ("of",)),
    ("/decisions", ("policy", "person", "customer", "hit", "outcome", "subject")),
    ("/decisions", ("status", "since", "until")),
    ("/decisions", ("revision",)),
    ("/decisions", ("cursor",)),
    ("/decisions.csv", ("subject",)),
    (f"/history/{NAME}", ("before",)),
    (f"/policies/{NAME}", ("of",)),
    (f"/policies/{NAME}/try", ("test",)),
    (f"/policies/{NAME}/try", ("decision",)),
    (f"/policies/{NAME}/try", ("rule",)),
    ("/contests", ("state", "before")),
    ("/cases", ("state", "policy", "before")),
    ("/me", ("quarter",)),
    ("/customers", ("owner", "tier", "status", "page")),
    ("/imports", ("page",)),
    ("/imports/mappings.yaml", ("name",)),
    ("/login", ("next",)),
    ("/account", ("next",)),
    *(
        (f"/simulations/compare?policy={NAME}&one=live&other=1", (name,))
        for name in ("policy", "one", "one_day", "decision", "customer", "deal")
    ),
    ("/policies", ("show",)),
    ("/policies/new", ("kind",)),
    ("/policies/new", ("copy",)),
    ("/policies/new/free?kind=scorecard", ("id",)),
    ("/simulations/many", ("policy",)),
    (f"/simulations/many/template.csv?policy={NAME}", ("other",)),
]
"""Addresses, and fields that say nothing of each other, so that each of them is read where the others are, too."""


@pytest.mark.parametrize(("path", "fields"), READ)
def test_what_is_sought_stays_text(site: Flask, path: str, fields: tuple[str, ...]) -> None:
    client = site.test_client() if path == "/login" else signed_in(site)
    for text in HOSTILE:
        sound(client, "GET", path, **dict.fromkeys(fields, text))


WRITTEN = [
    ("/account", ("old", "new", "again")),
    ("/language/en", ("back",)),
    ("/theme/dark", ("back",)),
    (f"/policies/{NAME}/try", ("customer.id", "customer.kind", "customer.tags", "customer.extra", "as_of")),
    (f"/policies/{NAME}/try", ("customer.staff", "events", "sites[0].city")),
    (f"/simulations/compare?policy={NAME}&one=live&other=1", ("customer.id", "customer.tags", "as_of", "events")),
    ("/policies/new?kind=scorecard", ("id", "zh", "en", "copy", "subject", "inputs", "start")),
    ("/policies/new", ("kind",)),
    (f"/policies/{NAME}/retire", ("note",)),
    (f"/policies/{NAME}/retire", ("since",)),
    ("/simulations/compare", ("side-policy", "side-one")),
    ("/simulations/many", ("side-policy", "source")),
    ("/imports", ("kind", "mapping")),
    ("/imports/mappings/forget", ("name",)),
    (f"/policies/{NAME}/try", ("@find",)),
    (f"/policies/{NAME}/beside", ("customer.id", "customer.staff", "@find")),
    (f"/policies/{NAME}/beside?of=draft", ("customer.id", "@text")),
]


@pytest.mark.parametrize(("path", "fields"), WRITTEN)
def test_what_is_typed_stays_text(author: FlaskClient, path: str, fields: tuple[str, ...]) -> None:
    for text in HOSTILE:
        sound(author, "POST", path, **dict.fromkeys(fields, text))


def test_what_a_new_policy_is_called_stays_text(author: FlaskClient) -> None:
    for number, text in enumerate(HOSTILE):
        named = {"kind": "scorecard", "id": f"x-{number}", "zh": text, "en": f"a{text}"}
        page = sound(author, "POST", "/policies/new", **named, start="blank", subject=text, inputs=text)
        assert "Traceback" not in page
    sound(author, "GET", "/policies")
    sound(author, "GET", "/policies/new")


@pytest.mark.parametrize("field", ["person", "team", "customer", "since"])
def test_whose_decisions_are_compared_stays_text(author: FlaskClient, field: str) -> None:
    chosen = {"side-policy": NAME, "side-one": "live", "side-other": "1", "source": "recorded"}
    for text in HOSTILE[::3]:
        sound(author, "POST", "/simulations/many", **chosen, **{field: text})
    sound(author, "GET", "/simulations/many")


def test_files_with_hostile_names_headings_and_cells_stay_texts(site: Flask, author: FlaskClient) -> None:
    chosen = {"side-policy": NAME, "side-one": "live", "side-other": "1", "source": "file"}
    worker = Worker(site.extensions["record"], KINDS, Around(clock, Stop()))
    for text in HOSTILE[::5]:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([["customer.id", "customer.staff", f"x{text}"], [text, "5", text]])
        for path in ("/simulations/many/preview", "/simulations/many"):
            file = (io.BytesIO(stream.getvalue().encode("utf-8", "surrogatepass")), text[:200] or "x")
            sound(author, "POST", path, **chosen, file=file)
    while worker.once():
        pass
    for each in set(re.findall(r"/simulations/many/([0-9a-f-]{36})", author.get("/simulations/many").text)):
        sound(author, "GET", f"/simulations/many/{each}?show=all")
        rows = csv.reader(io.StringIO(author.get(f"/simulations/many/{each}.csv").text.lstrip("\ufeff"), newline=""))
        assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_what_is_said_of_an_import_stays_text(client: FlaskClient) -> None:
    fields = ("field-0", "date-0", "number-0", "signs-0", "split-0", "more-field-0", "more-column-0", "more-value-0")
    for text in HOSTILE[::4]:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([["工号", "姓名", f"x{text}"], [text, text, text]])
        file = (io.BytesIO(stream.getvalue().encode("utf-8", "surrogatepass")), text[:200] or "x")
        page = client.post("/imports", data={"kind": "people", "file": file}).location
        if page is None:
            continue
        sound(client, "POST", page, do="update", **dict.fromkeys((*fields, "source", "since", "time_zone"), text))
        said = {"field-0": "id", "field-1": "name", "more-field-0": "region", "more-value-0": text}
        sound(client, "POST", page, do="save", save_as=text, source=text, **said)
        sound(client, "POST", page, do="read", encoding=text, delimiter=text, sheet=text)
        sound(client, "GET", f"{page}/preview", page=text)
        sound(client, "POST", f"{page}/start", seen=text)
    sound(client, "GET", "/imports")


@pytest.fixture
def planning(rules: Path, make_app: MakeApp) -> FlaskClient:
    """Return somebody who may plan, over a small team and the shipped policies."""
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    crew.fill(made.extensions["record"], Act("cli:test", clock(), today(clock())))
    return signed_in(made)


JOINING = (
    *("join-name", "join-region", "join-regions", "join-skills", "join-languages", "join-industries"),
    "join-certificates",
)
SUPPOSED = (
    *("name", "day", "policy", "what-am-1", "since-am-1", "until-am-1", "capacity-am-2", "team", "team-leaves", "aim"),
    *("spread", "join-known", "join-team", "join-level", "join-capacity", "join-hired", "join2-name", *JOINING),
)
SOUND = {
    "day": str(today(clock())),
    "policy": crew.POLICY,
    "what-am-1": "leaves",
    "join-team": "t-1",
    "join-level": "5",
    "join-capacity": "10",
}


def test_what_is_supposed_wrongly_stays_text(planning: FlaskClient) -> None:
    for text in HOSTILE:
        sound(planning, "POST", "/simulations/plans", **dict.fromkeys(SUPPOSED, text))
        sound(planning, "POST", "/simulations/plans", **dict.fromkeys((*SUPPOSED, "sift", "show"), text))
    for text in HOSTILE[::3]:
        sound(planning, "GET", "/simulations/plans/new", day="", team=text, leaves=text, sift=text)


@pytest.mark.parametrize("start", range(3))
def test_what_is_supposed_in_a_plan_stays_text(planning: FlaskClient, start: int) -> None:
    """Three people join by each plan, and three customers of it are kept back: a text for each of them."""
    left = [HOSTILE[at : at + 3] for at in range(3 * start, len(HOSTILE), 9)]
    while left:
        texts = left.pop()
        plan = planning.post("/simulations/plans", data=shortened(supposed(texts))).location
        if plan is None:  # one of them is nothing but blanks
            left += [(text,) for text in texts] if len(texts) > 1 else []
            continue
        sound(planning, "POST", f"{plan}/edit", **supposed(texts))
        for text, customer in zip(texts, ("c-2", "c-1", "c-3"), strict=False):
            sound(planning, "GET", f"{plan}/edit", team=text)
            sound(planning, "POST", f"{plan}/again", day=text)
            sound(planning, "POST", f"{plan}/customers/{customer}", to=text, reason=text)
            kept = {"to": "stay", "reason": text[:500]}
            assert planning.post(f"{plan}/customers/{customer}", data=kept).status_code == 303 or not text.strip()
            sound(planning, "GET", f"{plan}/customers/{customer}", who=text, row=text, page=text, at=text)
            sound(planning, "GET", plan, person=text, by=text)
            sound(planning, "POST", f"{plan}/settings", name=text, shared=text)
            sound(planning, "POST", f"{plan}/settings", name=text[:200], shared="all")
            sound(planning, "POST", f"{plan}/apply", version=text, day=text, reason=text)
        other = planning.post(f"{plan}/copy").location
        sound(planning, "GET", f"{plan}/compare", **{"with": other.rpartition("/")[2]})
        assert formulas(planning, plan) == []
    sound(planning, "GET", "/simulations")


def supposed(texts: tuple[str, ...]) -> dict[str, str]:
    """Return what the form of a plan says: everything told of each of those who join is one of the texts."""
    given = {**SOUND, "name": texts[0]}
    for text, prefix in zip(texts, ("join", "join2", "join3"), strict=False):
        given |= {name.replace("join", prefix): value for name, value in SOUND.items() if name.startswith("join")}
        given |= dict.fromkeys((name.replace("join", prefix) for name in JOINING), text)
    return given


def shortened(given: dict[str, str]) -> dict[str, str]:
    """Return what a form says with its texts as long as they may be."""
    return {name: value[:200] for name, value in given.items()}


def formulas(client: FlaskClient, plan: str) -> list[str]:
    """Return what a spreadsheet would take for a formula in the tables of a plan."""
    found = []
    for which in ("moves", "loads"):
        found += formulas_of(client.get(f"{plan}/{which}.csv").text)
        book = load_workbook(io.BytesIO(client.get(f"{plan}/{which}.xlsx").data))
        found += [str(cell.value) for row in book.active.rows for cell in row if cell.data_type == "f"]
    return found


def test_what_is_typed_at_the_door_stays_text(site: Flask) -> None:
    for text in HOSTILE[::4]:  # each attempt costs what a password costs, and too many close the door
        sound(site.test_client(), "POST", "/login", name=text, password=text, next=text)


@pytest.mark.parametrize("start", range(4))
def test_what_a_cell_says_stays_text(site: Flask, author: FlaskClient, start: int) -> None:
    """Every sort of cell of the grid: one that loads is kept, any other is shown with its finding or refused."""
    for text in HOSTILE[start::4]:
        author.post(f"/drafts/{NAME}/begin")
        for what, part in (("cell", "customer.staff"), ("then", "size"), ("because", "en"), ("rename", "")):
            version = draft(site).version
            path = f"/drafts/{NAME}/change"
            said = {"what": what, "rule": "large", "part": part, "value": text[:3000]}
            sound(author, "POST", path, stays=True, **said, since=version)
        sound(author, "GET", f"/policies/{NAME}", of="draft")  # all that was kept, and what was said of each
        author.post(f"/drafts/{NAME}/discard", data={"since": draft(site).version})


@pytest.mark.parametrize("start", range(4))
def test_what_a_file_of_rules_says_stays_text(author: FlaskClient, start: int) -> None:
    """Its name, its headings and every sort of cell; what cannot be taken is told at its place."""
    author.post(f"/drafts/{NAME}/begin")
    for text in HOSTILE[start::4]:
        head = ["[id]", "[when: customer.staff]", "[then: size]", "[because: en]"]
        for rows in ([head, [text] * 4, ["large", *[text] * 3]], [[*head[:2], f"{text[:200]} [then: x]"], [text] * 3]):
            body = io.StringIO(newline="")
            csv.writer(body).writerows(rows)
            for how in ("append", "replace"):
                file = (io.BytesIO(body.getvalue().encode("utf-8", "replace")), f"{text[:40]}.csv")
                sound(author, "POST", f"/drafts/{NAME}/table", file=file, how=how)


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 40))
def test_what_a_text_says_stays_text(site: Flask, author: FlaskClient, start: int) -> None:
    author.post(f"/drafts/{NAME}/begin")
    for text in HOSTILE[start : start + 40]:
        now = draft(site)
        sound(author, "POST", f"/drafts/{NAME}/check", text=text)
        quoted = now.text.replace("en: Size}", 'en: "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"}', 1)
        sound(author, "POST", f"/drafts/{NAME}/text", text=quoted, since=now.version)
        author.post(f"/drafts/{NAME}/undo", data={"since": draft(site).version})


def test_what_two_texts_say_stays_text(site: Flask, author: FlaskClient) -> None:
    author.post(f"/drafts/{NAME}/begin")
    base = draft(site).text
    author.post(f"/drafts/{NAME}/text", data={"text": base.replace("en: Size}", "en: Sizes}"), "since": 1})
    path = f"/drafts/{NAME}/merge"
    for text in HOSTILE:
        quoted = base.replace("en: Size}", 'en: "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"}', 1)
        sent = {"since": draft(site).version, "began": 1, "mine": quoted}
        sound(author, "POST", path, do="all-mine", **sent)
        sound(author, "POST", path, do="show", text=text, made=text, **{**sent, "mine": text})
        sound(author, "POST", path, do="save", laid=text, **sent)
        sound(author, "POST", path, do="save", text=quoted, **sent)
        author.post(f"/drafts/{NAME}/undo", data={"since": draft(site).version})


def test_what_is_typed_into_a_rule_stays_text_when_it_is_saved_by_itself(site: Flask, author: FlaskClient) -> None:
    author.post(f"/drafts/{NAME}/begin")
    path = f"/policies/{NAME}/rules/large"
    for text in HOSTILE:
        sent = {"since": draft(site).version, "do": "autosave", "c.kind": "group", "c.join": "all", "c.source": text}
        sound(
            author,
            "POST",
            path,
            **sent,
            **{"id": "large", "then.size": "large", "because.en": text, "because.zh": text},
        )
        sound(author, "POST", path, **sent, **{"id": text, "then.size": text})
        sound(author, "GET", path, of="draft")


def test_what_is_typed_into_stages_stays_text(make_app: MakeApp, rules: Path) -> None:
    made = make_app(rules=rules)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    author, path = signed_in(made, name="author"), "/policies/approval.order/stages"
    author.post("/drafts/approval.order/begin")
    form = Filled(author.get(path, query_string={"of": "draft"}).text, "stage-form")
    for number, text in enumerate(HOSTILE):
        since = Filled(author.get(path, query_string={"of": "draft"}).text, "stage-form").data["since"]
        typed = dict(form.data) | {"since": since, "s0.label.zh": text or "a", "s0.label.en": f"b{text}"}
        typed |= {"b0.label.zh": text or "a", "b0.label.en": f"b{text}"}
        condition = {"s1.who.kind": "group", "s1.who.join": "all", "s1.who.0.kind": "text", "s1.who.0.text": text}
        sound(author, "POST", path, **typed, do="save", stays=bool(number % 8))
        named = {"s0.id": text, "s0.need": text, "s0.within": text, "s0.late": text}
        named |= {"b0.id": text, "b0.never.0.kind": "text", "b0.never.0.text": text}
        sound(author, "POST", path, **(typed | condition | named), do=("save", "keep", "add")[number % 3])
        sound(author, "POST", path, **(typed | condition), do="save", stays=bool(number % 8))
    sound(author, "GET", path, of="draft")
    sound(author, "GET", "/policies/approval.order/read", of="draft")


def test_what_a_test_is_called_and_made_from_stays_text(site: Flask, author: FlaskClient) -> None:
    for sort in ("customer", "deal", "decision", "test", "rule"):
        for text in HOSTILE[::5]:
            sound(author, "POST", f"/policies/{NAME}/beside", **{"@fill": f"{sort}:{text}"})
    facts = {"as_of": "2026-03-01", "customer.staff": "250", "@expect": "outcome.size"}
    for start in range(0, len(HOSTILE), 8):
        for text in HOSTILE[start : start + 8]:
            named, both = {"customer.id": text, "@name": text}, {"@name.zh": text, "@name.en": text[::-1]}
            sound(author, "POST", f"/policies/{NAME}/tests/add", stays=True, **facts, **named)
            sound(author, "POST", f"/policies/{NAME}/tests/1/rename", stays=True, **{"was": text, **both})
            sound(author, "POST", f"/policies/{NAME}/tests/1/expect", stays=True, **{"was": text, **both})
            sound(author, "POST", f"/policies/{NAME}/tests/1/remove", stays=True, was=text)
        sound(author, "GET", f"/policies/{NAME}/tests", of="draft")  # all that were added, and what was said of each
        author.post(f"/drafts/{NAME}/discard", data={"since": draft(site).version})


def test_what_is_remarked_in_a_review_stays_text(site: Flask, author: FlaskClient) -> None:
    reviewer = signed_in(site, name="reviewer")
    author.post(f"/drafts/{NAME}/begin")
    now = draft(site)
    author.post(f"/drafts/{NAME}/text", data={"text": now.text.replace(' people"', ' of us"'), "since": now.version})
    for text in HOSTILE:
        path = f"/review/draft/{NAME}/propose"
        sound(author, "POST", path, version=draft(site).version, note=text, since=text[:20] if "-" in text else "")
        if draft(site) is not None:
            continue  # nothing but blanks, or a day that is none
        proposal = sound(reviewer, "GET", "/review").partition('href="/review/')[2].partition('"')[0]
        sound(reviewer, "POST", f"/review/{proposal}/changes", remark=text)
        for page in ("/", f"/policies/{NAME}", f"/review/draft/{NAME}"):
            sound(author, "GET", page, of="draft")
        if draft(site) is None:
            author.post(f"/review/{proposal}/withdraw", data={"remark": "back"})
    for text in HOSTILE:
        sound(reviewer, "POST", f"/history/{NAME}/roll-back", to=text, note=text)
    sound(reviewer, "GET", f"/history/{NAME}")


TABLE = """\
reference: rates
title: {zh: 汇率, en: Rates}
key: [base]
columns:
  base: {type: string, label: {zh: 币种, en: Currency}}
rows:
  - {from: 2025-01-01, base: USD}
"""


def test_what_is_typed_into_a_table_stays_text(folder: Path, make_app: MakeApp) -> None:
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "rates.yaml").write_text(TABLE, "utf-8")
    made = make_app(rules=folder)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(made)
    name = "reference/rates"
    assert client.post(f"/drafts/{name}/begin").status_code == 303
    page = client.get(f"/tables/{name}?of=draft").text
    for text in HOSTILE:
        row, since = re.search(r'id="rule-(\w+)', page), re.search(r'data-since="(\d+)"', page)
        assert row is not None
        assert since is not None
        for asked in (
            [("row", row[1], "base", text)],
            [("title", "", "zh", text), ("column", "base", "label.en", text), ("column", "base", "unit", text)],
            [("add-column", "", text, text)],
            [("column", text, text, text)],
            [(text, text, text, text)],
        ):
            what, rule, part, value = (list(each) for each in zip(*asked, strict=True))
            data = {"what": what, "rule": rule, "part": part, "value": value, "since": since[1]}
            if what == [text]:
                assert client.post(f"/drafts/{name}/change", data=data).status_code == 400
            else:
                sound(client, "POST", f"/drafts/{name}/change", stays=True, **data)
        page = sound(client, "GET", f"/tables/{name}?of=draft")  # all that was kept, and what was said of each
        sound(client, "GET", f"/documents/{name}?of=draft")


def draft(site: Flask) -> Any:
    """Return the draft, None where there is none."""
    record: Record = site.extensions["record"]
    with record.engine.connect() as connection:
        return drafts.find(connection, NAME)


def decided(record: Record) -> Iterator[str]:
    """Have a decision about each hostile subject; yield their ids, but those that are refused."""
    for text in HOSTILE:
        asked = Asked(NAME, {"customer": {"id": text, "staff": 5}})
        with record.engine.connect() as connection:
            try:
                made = service.make(record, connection, asked, actor="client:test", now=clock())
            except FactsError:
                continue
        service.keep(record, [made])
        yield made.record.id


def test_hostile_subjects_are_shown_and_exported_as_text(site: Flask, author: FlaskClient) -> None:
    ids = list(decided(site.extensions["record"]))
    assert len(ids) >= 80

    for each in ids:
        sound(author, "GET", f"/decisions/{each}")
    sound(author, "GET", "/decisions")
    rows = list(csv.reader(io.StringIO(author.get("/decisions.csv").text.lstrip("\ufeff"), newline="")))

    assert len(rows) == len(ids) + 1
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
