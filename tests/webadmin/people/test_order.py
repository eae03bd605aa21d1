"""Lists of names stand as a reader looks for them: by pinyin in Chinese, by the English name in English."""

from __future__ import annotations

import pytest

from policy.values import Language
from tests.webadmin.store.conftest import alice, databases, filled, postgres, record
from webadmin.access.circle import Circle
from webadmin.customers import listing
from webadmin.customers.listing import Sight
from webadmin.people import forms, service
from webadmin.roster.pay import Eyes
from webadmin.store import roster
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.things import Change, Thing

__all__ = ["alice", "databases", "filled", "postgres", "record"]

NAMES = {"王芳": "Fang Wang", "李雷": "Lei Li", "安然": "Ran An", "赵云": "Yun Zhao", "陈晨": "Chen Chen", "Bob": None}
PINYIN = ["Bob", "安然", "陈晨", "李雷", "王芳", "赵云"]
ENGLISH = ["Bob", "Chen Chen", "Fang Wang", "Lei Li", "Ran An", "Yun Zhao"]
EVERYBODY = Circle(is_all=True)


@pytest.mark.parametrize(("language", "expected"), [(Language.ZH, PINYIN), (Language.EN, ENGLISH)])
def test_names_stand_in_the_order_readers_expect(
    filled: Record, alice: Act, language: Language, expected: list[str]
) -> None:
    things = [Thing(of, f"n-{at}", *each) for of in (Of.PERSON, Of.CUSTOMER) for at, each in enumerate(NAMES.items())]
    there = [Change(each.of, each.id, "status", "active", alice.today) for each in things]
    filled.writer.write(lambda transaction: roster.apply(transaction, things, there, alice, "test"))

    with filled.reading() as connection:
        policies = filled.catalogue.policies(connection, alice.today)
        wish = forms.read({}, alice.today)
        people = service.people(connection, policies, wish, EVERYBODY, Eyes(language, frozenset()))
        customers = listing.customers(connection, listing.read({}), alice.today, Sight(EVERYBODY, language, ()))

    assert [each.who.to(language) for each in people.lines] == expected
    assert [each.who.to(language) for each in customers.lines] == expected


@pytest.mark.parametrize("sort", forms.SORTS)
def test_people_stand_on_pages_that_hold_everybody_once(filled: Record, alice: Act, sort: str) -> None:
    things = [Thing(Of.PERSON, f"m-{at:03}", f"某{at:03}", f"Some {at:03}") for at in range(130)]
    there = [Change(each.of, each.id, "status", "active", alice.today) for each in things]
    filled.writer.write(lambda transaction: roster.apply(transaction, things, there, alice, "test"))

    with filled.reading() as connection:
        policies = filled.catalogue.policies(connection, alice.today)
        wishes = [forms.read({"sort": sort, "page": str(page)}, alice.today) for page in (1, 2, 3, 4)]
        eyes = Eyes(Language.EN, frozenset())
        found = [service.people(connection, policies, wish, EVERYBODY, eyes) for wish in wishes]

    ids = [each.who.id for page in found for each in page.lines]
    assert (len(found[0].lines), len(found[1].lines), len(found[3].lines)) == (50, 50, 0)
    assert len(ids) == len(set(ids)) == found[0].count >= 130
    assert {each.pages for each in found} == {3}
