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
