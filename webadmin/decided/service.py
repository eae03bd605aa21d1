"""What the list of decisions shows: those that fit and that the reader may see, with their facets."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from policy.engine import Policies, Policy
from policy.errors import PolicyError
from policy.model.decision import Status
from policy.model.document import FieldClass
from policy.runtime.explain import DecisionExplanation
from policy.tables.export import write_csv
from policy.values import Language, Text
from webadmin import headings, tabled, words
from webadmin.access.circle import Circle
from webadmin.access.sight import sight_of
from webadmin.access.telling import Teller, policy_of
from webadmin.decided.forms import SearchForm
from webadmin.filters import actor, local, monetary
from webadmin.store import naming, sifting
from webadmin.store.dated import Of
from webadmin.store.days import beginning, day_of
from webadmin.store.decisions import Found, term
from webadmin.store.naming import Named
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.sifting import Facets, Sought
from webadmin.store.tables import REVISIONS
from webadmin.wording import naming as naming_of_rules
from webadmin.wording.explanations import Words
from webadmin.wording.people import said_of, with_names

PAGE = 25
MOST_EXPORTED = 10_000
NAMED = 2
"""People and customers a line names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in what.

    Attributes:
        classes: Classes of values the reader may see.
        circle: Whom the reader sees.
        policies: Those in effect today.
    """

    record: Record
    connection: Connection
    language: Language
    act: Act
    classes: frozenset[FieldClass]
    circle: Circle
    policies: Policies

    def policy_of(self, found: Found) -> Policy | None:
        """Return the policy a decision was made by, None where it does not load or the decision is erased."""
        if found.body is None:
            return None
        closure: Mapping[str, str] = parsed(found.body)["decision"]["closure"]
        return policy_of(self.record, self.connection, found, closure, self.policies)

    def titles(self) -> dict[str, Text]:
        """Return what the policies in effect today are called."""
        return {name: policy.title for name, policy in self.policies.items()}

    def only_seen(self, sought: Sought) -> Sought:
        """Return what is sought, narrowed to what the reader may see."""
        if self.circle.is_all:
            return sought
        return replace(sought, terms=(*sought.terms, self.circle.terms(self.connection)))


@dataclass(frozen=True, slots=True)
class Line:
    """One decision in the list.

    Attributes:
        about: Whom it is about, the first few; `more` is how many others there are.
        answer: In one sentence; None where it was erased or its texts no longer load.
    """

    found: Found
    subject: str | None
    about: Sequence[Named | str]
    more: int
    answer: str | None

    @property
    def other_day(self) -> str | None:
        """Return what it is as of where that is not the day it was recorded on."""
        return None if self.found.as_of[:10] == day_of(self.found.recorded_at).isoformat() else self.found.as_of


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `after` is the cursor of the next one."""

    lines: Sequence[Line]
    facets: Facets
    after: str | None


def sought(reader: Reader, form: SearchForm) -> Sought | None:
    """Return what a sound form asks for; None where it names a revision there is not, or more than one."""
    plain = ((name, _text(form[name].data)) for name in ("status", "hit", "outcome", "subject"))
    terms: list[tuple[str, ...]] = [(term(name, value),) for name, value in plain if value]
    whom = ((of, _text(form[of].data)) for of in (Of.PERSON, Of.CUSTOMER))
    terms += [
        tuple(term(of, each) for each in naming.called(reader.connection, of, value)) for of, value in whom if value
    ]
    policy, revision = _text(form.policy.data) or None, None
    if value := _text(form.revision.data):
        revision = _revision(reader.connection, policy, value)
        if revision is None:
            return None
    since = None if form.since.data is None else beginning(form.since.data)
    until = None if form.day_after is None else beginning(form.day_after)
    return reader.only_seen(Sought(tuple(terms), policy, revision, since, until, rising=form.is_rising))


def page(reader: Reader, asked: Sought, cursor: str | None) -> Page:
    """Return a page of what fits, in the order that is asked for, with the facets of all of it: of the newest."""
    every = sifting.newest(reader.connection, asked, sifting.SAMPLE + 1)
    names = every[: PAGE + 1]
    if cursor is not None or asked.rising:
        names = sifting.first(reader.connection, asked if cursor is None else asked.beyond(cursor), PAGE + 1)
    found = sifting.rows(reader.connection, names[:PAGE])
    after = names[PAGE - 1] if len(names) > PAGE else None
    return Page(lines(reader, found), sifting.facets(reader.connection, asked, every), after)


def lines(reader: Reader, found: Sequence[Found]) -> list[Line]:
    """Return decisions as the list shows them."""
    names = [each.id for each in found]
    subjects = sifting.terms_of(reader.connection, names, "subject")
    about = {of: sifting.terms_of(reader.connection, names, of) for of in (Of.CUSTOMER, Of.PERSON)}
    known = {of: named(reader, of, {v for each in held.values() for v in each}) for of, held in about.items()}
    words: dict[str, Words] = {}
    answers = {each.id: _answer(reader, each, words) for each in found}
    chosen = naming.named(reader.connection, Of.PERSON, {name for each in answers.values() for name in each.people})
    called = {name: who.to(reader.language) for name, who in chosen.items() if reader.circle.sees(Of.PERSON, who.id)}
    result: list[Line] = []
    for each in found:
        subject = next(iter(subjects.get(each.id, ())), None)
        whom = [
            known[of].get(value, value) for of, held in about.items() for value in first(held.get(each.id, ()), subject)
        ]
        answer = answers[each.id].to(called)
        result.append(Line(each, subject, whom[:NAMED], max(0, len(whom) - NAMED), answer))
    return result


def named(reader: Reader, of: Of, values: Collection[str]) -> dict[str, Named]:
    """Return whom the reader sees of those a decision is about, by what it calls them; others stay ids.

    What a decision calls one of a customer's people, as its owner, is found among customers, too.
    """
    found = naming.named(reader.connection, of, values)
    if of is Of.CUSTOMER:
        found |= naming.named(reader.connection, Of.PERSON, [each for each in values if each not in found])
    return {name: each for name, each in found.items() if reader.circle.sees(each.of, each.id)}


def first(values: Sequence[str], subject: str | None) -> list[str]:
    """Return values with the one that is the subject before all others."""
    return sorted(values, key=lambda each: each != subject)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer in one sentence, None where there is none, and the ids of people in it."""

    said: str | None = None
    people: Sequence[str] = ()

    def to(self, names: Mapping[str, str]) -> str | None:
        """Return it with people by their names: id → name, of those the reader may know."""
        if self.said is None:
            return None
        return with_names(self.said, {each: names[each] for each in self.people if each in names})


def _answer(reader: Reader, found: Found, words: dict[str, Words]) -> _Answer:
    """Return the answer; `words` holds what was made for the policies of earlier lines."""
    policy = reader.policy_of(found)
    if policy is None or found.body is None:
        return _Answer()
    body = parsed(found.body)
    try:
        made = policy.decide(body["facts"], as_of=found.as_of, events=body["events"], explain=True)
    except PolicyError:
        return _Answer()
    if not isinstance(made.explanation, DecisionExplanation):
        return _Answer()
    said = sight_of(policy, reader.classes).answer(made.explanation, body["facts"], reader.language)
    if "`" in said:
        if found.revision not in words:
            words[found.revision] = Words(policy, reader.language)
        said = words[found.revision].sentence(said)
    return _Answer(monetary(said), said_of(made.result))


def exported(reader: Reader, asked: Sought) -> tuple[str, int]:
    """Return what fits as CSV, in the order that is asked for, at most `MOST_EXPORTED`, and how many that is."""
    stream = io.StringIO(newline="")
    names = sifting.first(reader.connection, asked, MOST_EXPORTED)
    write_csv(stream, headings.headed(_records(reader, names)), more=headings.further())
    return stream.getvalue(), len(names)


def _records(reader: Reader, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    terms = {sort: sifting.terms_of(reader.connection, names, sort) for sort in ("subject", "customer", "person")}
    teller = Teller(reader.classes, reader.language, "none")
    called = {name: naming_of_rules.called(policy, reader.language) for name, policy in reader.policies.items()}
    titles = reader.titles()
    known = {
        of: named(reader, of, {value for each in terms[of].values() for value in each})
        for of in (Of.CUSTOMER, Of.PERSON)
    }
    for begin in range(0, len(names), PAGE):
        rows = sifting.rows(reader.connection, names[begin : begin + PAGE])
        answers = {line.found.id: line.answer for line in lines(reader, rows)}
        numbers = _numbers(reader.connection, {each.revision for each in rows})
        for found in rows:
            policy = reader.policy_of(found)
            told = teller.listed(found, policy)["decision"] or {}
            title = titles.get(found.policy)
            yield {
                "id": found.id,
                "recorded_at": local(found.recorded_at),
                "policy": found.policy if title is None else f"{title.to(reader.language)} ({found.policy})",
                "revision": numbers.get((found.policy, found.revision), ""),
                "digest": found.revision,
                "as_of": found.as_of,
                "status": str(words.STATUSES[Status(found.status)]),
                "subject": _joined(terms["subject"].get(found.id, ())),
                **{of: _joined(_named(known[of], terms[of].get(found.id, ()), reader.language)) for of in known},
                "answer": _plain(answers.get(found.id)),
                "outcome": tabled.outcome(told.get("outcome"), policy),
                "hits": tabled.hits(told.get("hits") or (), called.get(found.policy, {})),
                "actor": actor(found.actor),
                "erased_by": found.erased_by or "",
            }


def _numbers(connection: Connection, digests: Collection[str]) -> dict[tuple[str, str], int]:
    """Return the number each revision goes by, by policy and digest."""
    columns = REVISIONS.c
    chosen = select(columns.document, columns.digest, columns.number).where(columns.digest.in_(digests))
    return {(row.document, row.digest): row.number for row in connection.execute(chosen)}


def _plain(answer: str | None) -> str:
    """Return an answer as a sentence without marks, and without what only keeps lines of a page together."""
    said = (answer or "").replace("`", "").replace("\u2060", "")
    return said[:1].upper() + said[1:]


def _named(known: Mapping[str, Named], ids: Iterable[str], language: Language) -> Iterator[str]:
    """Yield names with the ids they stand for."""
    for each in ids:
        name = known[each].to(language) if each in known else each
        yield name if name == each else f"{name} ({each})"


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def _text(value: str | None) -> str:
    """Return a text that a database can hold."""
    return "".join(each for each in (value or "") if each.isprintable()).strip()


def _revision(connection: Connection, policy: str | None, value: str) -> str | None:
    columns = REVISIONS.c
    chosen = select(columns.digest).distinct().limit(2)
    if policy is not None:
        chosen = chosen.where(columns.document == policy)
    if policy is not None and value.isascii() and value.isdecimal() and len(value) < 6:
        chosen = chosen.where(columns.number == int(value))
    else:
        chosen = chosen.where(columns.digest.startswith(f"sha256:{value.removeprefix('sha256:')}", autoescape=True))
    found = list(connection.execute(chosen).scalars())
    return found[0] if len(found) == 1 else None


def rules_called(reader: Reader, form: SearchForm, facets: Facets) -> Mapping[str, str]:
    """Return what the rules among the facets and the filters are called, in the policies decisions are of."""
    hits = [*facets.counts.get("hit", {}), _text(form.hit.data)]
    wanted = {*facets.counts.get("policy", {}), _text(form.policy.data)}
    among = [policy for name, policy in reader.policies.items() if name in wanted]
    return naming_of_rules.called_in(among, hits, reader.language)


def months(facets: Facets, oldest: datetime | None) -> list[tuple[str, int | None]]:
    """Return months with how many of what fits; those before the newest that were counted without a number."""
    counted = list(facets.months.items())
    if facets.is_whole or oldest is None or not counted:
        return list(counted)
    found: list[tuple[str, int | None]] = [*counted]
    while len(found) < MONTHS and found[-1][0] > day_of(oldest).isoformat()[:7]:
        found.append((_before(found[-1][0]), None))
    return found


MONTHS = 12


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"
