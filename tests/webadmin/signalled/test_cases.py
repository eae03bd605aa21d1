"""The list of cases: by right, with how each stands, what the person concerned says to it, and the way to both."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signalled.conftest import POLICY, REPORTER, Place, place_with
from tests.webadmin.signing import signed_in
from webadmin.decisions import service
from webadmin.decisions.service import Asked, clock
from webadmin.ids import new_id
from webadmin.signalled import casing
from webadmin.store.audit import Action
from webadmin.store.logins import Role
from webadmin.store.tables import AUDIT, DECISION_TERMS, DECISIONS, EVENTS

EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}


def opened(place: Place, signal: str, names: list[str] | None = None) -> str:
    """Open the case of a signal as an administrator; return the id of the case."""
    client = signed_in(place.app)
    page = client.get(f"/signals/{signal}", headers=EN).text
    events = names or [each.partition('"')[0] for each in page.split('name="event" value="')[1:]]
    sent = {"event": events, "note": "ask the customer <b>first</b>"}
    assert client.post(f"/signals/{signal}/case", data=sent).status_code == 303
    return f"case-{signal}"


def decided(place: Place, case: str, customer: str = "c-1") -> str:
    """Put a decision about a case into the record; return its id."""
    name = new_id(clock())
    row = {"id": name, "recorded_at": clock(), "policy": POLICY, "revision": "r", "as_of": "2026-03-01"}
    with place.record.engine.begin() as connection:
        connection.execute(insert(DECISIONS).values(**row, status="decided", actor="x", closure="x", body=None))
        for each in (f"subject={case}", f"customer={customer}"):
            connection.execute(insert(DECISION_TERMS).values(term=each, decision_id=name))
    return name


def with_facts(place: Place, case: str) -> str:
    """Decide about a case by the policy, as whoever inquired would ask; return the id of the decision."""
    about = {"id": case, "kind": "outside-order", "finding": "unproven", "informed": True, "known_on": "2026-03-01"}
    facts = {"case": {**about, "order_value": 5000}, "manager": {"id": "am-03"}}
    with place.record.engine.connect() as connection:
        made = service.make(place.record, connection, Asked(POLICY, facts), actor="client:x", now=clock())
    service.keep(place.record, [made])
    return made.record.id


def lead(place: Place, person: str = "am-01") -> FlaskClient:
    return signed_in(place.app, Role.MANAGER, f"lead-{person}", person)


def person(place: Place) -> FlaskClient:
    return signed_in(place.app, Role.ACCOUNT_MANAGER, "own", "am-03")


def says(place: Place, sort: str, of: str, statement: str) -> None:
    """Let the person concerned say something about a signal or a case."""
    sent = {"sort": sort, "object": of, "statement": statement}
    assert person(place).post("/me/contest", data=sent).status_code == 303


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def rows(page: str) -> list[str]:
    """Return the rows of the list, without markup."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", each)).split()) for each in body.split("</tr>")[:-1]]


def test_without_cases_the_page_says_where_they_come_from(rules: Path, make_app: MakeApp) -> None:
    client = signed_in(make_app(rules=rules))

    assert "No cases yet" in client.get("/cases", headers=EN).text
    assert "尚无案件" in client.get("/cases", headers=ZH).text
    assert "Nothing fits" in client.get("/cases?state=decided", headers=EN).text


def test_a_case_stands_with_whom_why_who_and_when(empty: Place, west: str) -> None:
    case = opened(empty, west)

    english, chinese = (signed_in(empty.app).get("/cases", headers=each).text for each in (EN, ZH))

    for text in ("Customer c-2", "Open: nothing is decided", "by admin on", "ask the customer <b>first</b>"):
        assert text in rows(english)[0], text
    for text in ("客户c-2", "未决：尚无裁定", "当事人对案件尚未作出说明"):
        assert text in rows(chinese)[0], text
    assert f'href="/signals/{west}#case"' in english
    assert case not in english.partition("<tbody>")[0]
    assert '<a href="/cases" aria-current="page">Cases opened</a>' in english
    assert 'href="/cases">Cases opened</a>' in signed_in(empty.app).get("/signals", headers=EN).text


def test_what_the_person_concerned_says_and_what_was_decided_stand_there(empty: Place, east: str) -> None:
    case = opened(empty, east)
    person = signed_in(empty.app, Role.ACCOUNT_MANAGER, "own", "am-03")
    person.post("/me/contest", data={"sort": "signal", "object": east, "statement": "they moved away"})
    before = rows(lead(empty).get("/cases", headers=EN).text)[0]
    decision = decided(empty, case)

    page = lead(empty).get("/cases?state=decided", headers=EN).text

    assert "they moved away Waiting for an answer Answer" in before
    assert "Open: nothing is decided" in before
    assert "A decision is on record" in rows(page)[0]
    assert f'href="/decisions/{decision}"' in page
    assert case not in page, "whoever hears the link alone learns what the case is about, not its number"
    assert re.search(r'Decision<span class="hidden">: [^<]+, [^<]+</span>', page)
    assert f"/signals/{east}#case" not in lead(empty).get("/cases?state=open", headers=EN).text
    assert "they moved away" in rows(page)[0]


def test_each_sees_the_cases_of_the_signals_they_see(empty: Place, east: str, west: str) -> None:
    for each in (east, west):
        opened(empty, each)
    auditor = signed_in(empty.app, Role.AUDITOR, "auditor")

    own, other, every = (each.get("/cases", headers=EN).text for each in (lead(empty), lead(empty, "am-02"), auditor))

    assert (f"/signals/{east}#" in own, f"/signals/{west}#" in own) == (True, False)
    assert (f"/signals/{east}#" in other, f"/signals/{west}#" in other) == (False, True)
    assert (f"/signals/{east}#" in every, f"/signals/{west}#" in every) == (True, True)
    assert signed_in(empty.app, Role.ACCOUNT_MANAGER, "own", "am-03").get("/cases").status_code == 403


def test_a_decision_out_of_sight_gives_its_state_and_no_link(empty: Place, east: str) -> None:
    decision = decided(empty, opened(empty, east), customer="c-2")  # of the other team

    page = lead(empty).get("/cases", headers=EN).text

    assert "A decision is on record" in rows(page)[0]
    assert decision not in page


def test_the_pages_of_the_list_follow_one_another(
    empty: Place, east: str, west: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (west, east):
        opened(empty, each)
    monkeypatch.setattr(casing, "PAGE", 1)
    client = signed_in(empty.app)

    first = client.get(f"/cases?policy={POLICY}", headers=EN).text
    older = re.search(r'rel="next" href="([^"]*)">Older', first)
    assert older is not None
    second = client.get(unescape(older[1]), headers=EN).text

    assert f"/signals/{east}#" in first
    assert f"/signals/{west}#" in second
    assert f"/signals/{east}#" not in second
    assert client.get("/cases?before=no").status_code == 404


def test_reading_the_list_leaves_an_entry(empty: Place, east: str) -> None:
    case = opened(empty, east)
    lead(empty).get("/cases?state=open")

    with empty.record.engine.connect() as connection:
        chosen = select(AUDIT.c.body).where(AUDIT.c.action == str(Action.READ), AUDIT.c.object == "cases")
        told = json.loads(connection.execute(chosen.order_by(AUDIT.c.id.desc()).limit(1)).scalar_one())["what"]

    assert told["filters"] == {"state": "open"}
    assert case in told["shown"]


def test_the_page_of_the_person_names_the_case(empty: Place, east: str) -> None:
    opened(empty, east)

    page = lead(empty).get("/people/am-03", headers=EN).text

    assert re.search(rf'href="/signals/{east}#case">Case opened by admin on ', page)
    with empty.record.engine.connect() as connection:
        assert connection.execute(select(EVENTS.c.id).where(EVENTS.c.type == "case_opened")).first() is not None


def test_the_page_of_a_signal_says_what_whoever_it_concerns_answers(empty: Place, east: str) -> None:
    before = lead(empty).get(f"/signals/{east}", headers=EN).text
    person = signed_in(empty.app, Role.ACCOUNT_MANAGER, "own", "am-03")
    person.post("/me/contest", data={"sort": "signal", "object": east, "statement": "the office closed <b>"})

    page, other = lead(empty).get(f"/signals/{east}", headers=EN).text, person.get("/me", headers=EN).text

    assert "Nothing yet. The signal stands on their own page" in before
    assert "the office closed &lt;b&gt;" in page
    assert re.search(r'href="/contests/[^"]+">Answer<', page)
    assert "the office closed &lt;b&gt;" in other


def test_every_statement_stands_at_the_signal_with_its_answer_older_ones_folded(empty: Place, east: str) -> None:
    says(empty, "signal", east, "said first")
    boss = lead(empty)
    waiting = re.search(r'href="(/contests/[^"]+)">Answer', boss.get(f"/signals/{east}", headers=EN).text)
    assert waiting is not None
    boss.post(f"{waiting[1]}/answer", data={"verdict": "declined", "statement": "the diary says otherwise"})
    for each in ("said second", "said third"):
        says(empty, "signal", east, each)
    case = opened(empty, east)
    says(empty, "case", case, "said fourth")

    page = boss.get(f"/signals/{east}", headers=EN).text
    said = page.partition('id="said"')[2].partition('id="case"')[0]

    order = [said.index(f"said {each}") for each in ("first", "second", "third", "fourth")]
    assert order == sorted(order), "the oldest first"
    folded, _, open_ = said.partition("</details>")
    assert "1 earlier statement" in folded
    assert "said first" in folded
    assert "the diary says otherwise" in folded
    assert re.search(r"answered by lead-am-01 on ", folded)
    assert "said before the case was opened" in text(open_).partition("said third")[0]
    assert "A case" in text(open_).partition("said third")[2].partition("said fourth")[0]
    assert "said before" not in text(open_).partition("said third")[2]
    assert "Reporter" not in said


def test_nobody_reads_at_a_signal_what_is_said_of_themselves(empty: Place) -> None:
    lost = [("customer_lost", {"manager": {"id": name}, "customer": {"id": "c-1"}}) for name in ("am-01", "am-03")]
    name = empty.raised(("customer.id", "c-1"), empty.tell(*lost))
    case = opened(empty, name)
    says(empty, "case", case, "it was my lead")

    named, other = lead(empty), signed_in(empty.app, Role.AUDITOR, "auditor")

    assert "it was my lead" not in named.get(f"/signals/{name}", headers=EN).text
    assert "It is about you: what you say to it stands on “My page”." in rows(named.get("/cases", headers=EN).text)[0]
    assert "it was my lead" not in named.get("/cases", headers=EN).text
    assert "it was my lead" in other.get(f"/signals/{name}", headers=EN).text
    assert "it was my lead" in other.get("/cases", headers=EN).text
    assert lead(empty, "am-02").get(f"/signals/{name}").status_code == 404


def test_the_list_of_cases_tells_an_answer_from_what_was_said_before(empty: Place, east: str) -> None:
    says(empty, "signal", east, "the signal is wrong")
    case = opened(empty, east)

    before = rows(lead(empty).get("/cases", headers=EN).text)[0]
    says(empty, "case", case, "the customer asked for it")
    page = lead(empty).get("/cases", headers=EN).text

    assert "nothing said to the case yet said before the case was opened: the signal is wrong" in before
    assert "nothing said" not in rows(page)[0]
    assert "the customer asked for it" in rows(page)[0]
    assert "the signal is wrong" not in rows(page)[0], "the list has the newest"
    assert f'href="/signals/{east}#said">2 statements, all of them</a>' in page


def test_a_person_answers_a_case_while_what_they_said_to_its_signal_waits(empty: Place, east: str) -> None:
    says(empty, "signal", east, "still waiting")
    case = opened(empty, east)

    page = person(empty).get("/me", headers=EN).text
    shown = text(page.partition('class="card inquiry"')[2].partition("</section>")[0])
    says(empty, "case", case, "here is what happened")
    again = person(empty).get("/me", headers=EN).text

    assert f'<input type="hidden" name="object" value="{case}">' in page
    for each in ("ask the customer <b>first</b>", "all events above", "Nothing is decided. No last day"):
        assert each in shown, each
    assert REPORTER not in page
    assert "Answer the case" in shown
    assert "Say more to the case" in again
    assert "still waiting" in again
    assert "here is what happened" in again
    assert "A case" in text(lead(empty).get("/contests", headers=EN).text)


def test_a_case_is_answered_only_by_whom_it_concerns(empty: Place, east: str) -> None:
    case = opened(empty, east)
    other = lead(empty, "am-02")

    for of in (case, "case-none", "case-" + "x" * 300):
        refused = other.post("/me/contest", data={"sort": "case", "object": of, "statement": "mine"})
        assert refused.status_code == 404, of


def test_a_decided_case_says_so_to_whom_it_concerns(empty: Place, east: str) -> None:
    decided(empty, opened(empty, east))

    page = text(person(empty).get("/me", headers=EN).text)

    assert re.search(r"A decision is on record since [^.]+\. You can still say why it is wrong\.", page)


def test_where_the_vocabulary_knows_no_answer_to_a_case_its_signal_takes_it(
    rules: Path, make_app: MakeApp, tmp_path: Path
) -> None:
    older = shutil.copytree(rules, tmp_path / "rules")
    known = (older / "vocabulary.yaml").read_text(encoding="utf-8")
    before = known.replace("signal, case]", "signal]").replace(", case: {zh: 案件, en: case}}", "}")
    (older / "vocabulary.yaml").write_text(before, encoding="utf-8")
    place = place_with(make_app(rules=older))
    east = place.raised(("manager.id", "am-03"), place.tell(("customer_lost", {"manager": {"id": "am-03"}})))
    says(place, "signal", east, "still waiting")
    opened(place, east)

    page = person(place).get("/me", headers=EN).text
    says(place, "signal", east, "said since")

    assert page.count(f'<input type="hidden" name="object" value="{east}">') == 1
    assert "said since" in rows(lead(place).get("/cases", headers=EN).text)[0]
    assert "nothing said" not in rows(lead(place).get("/cases", headers=EN).text)[0]


def test_the_decision_about_a_case_tells_its_events_in_words_with_the_way_to_them(empty: Place, east: str) -> None:
    case = opened(empty, east)
    says(empty, "case", case, "the customer moved")
    name = with_facts(empty, case)
    boss = lead(empty)
    (waiting,) = re.findall(r'href="(/contests/[^"]+)">Answer<', boss.get(f"/signals/{east}", headers=EN).text)
    boss.post(f"{waiting}/answer", data={"verdict": "partly", "statement": "in part"})

    page, checked = (
        each.get(f"/decisions/{name}", headers=EN).text
        for each in (boss, signed_in(empty.app, Role.AUDITOR, "auditor"))
    )
    shown = page.partition('id="happened-title"')[2].partition("</section>")[0]
    raw = checked.partition('id="happened-title"')[2].partition("</section>")[0]

    for each in ("Who opened it: admin", "Events it rests on: Customer lost", "Signal: Three losses of customers"):
        assert each in text(shown), text(shown)
    assert f'href="/signals/{east}"' in shown
    assert "Report received" not in shown, "that somebody reported something stands in no list"
    assert not re.search(r">[^<]*[0-9a-f]{8}-[0-9a-f]{4}-7[^<]*<", shown), "no number stands where words belong"
    assert "login:admin" not in shown
    assert re.search(r"<code>evidence</code>.*[0-9a-f]{8}-[0-9a-f]{4}-7", raw, re.DOTALL)
    assert "login:admin" in raw


def test_a_case_that_rests_on_some_events_names_them_to_whom_it_concerns(empty: Place) -> None:
    lost = {"manager": {"id": "am-03"}, "customer": {"id": "c-1"}}
    names = empty.tell(*(("customer_lost", {**lost, "reason": each}) for each in ("first loss", "second loss")))
    opened(empty, empty.raised(("manager.id", "am-03"), names), names[1:])

    page = person(empty).get("/me", headers=EN).text
    card = text(page.partition('class="card inquiry"')[2].partition("</dl>")[0])

    assert "second loss" in card
    assert "first loss" not in card
