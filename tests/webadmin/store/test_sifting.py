"""Decisions sought by many things at once: the same as looking at every one of them, on both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, literal, select

from tests.webadmin.store.conftest import NOW
from webadmin.ids import Ids
from webadmin.store import sifting
from webadmin.store.record import Record
from webadmin.store.sifting import Sought
from webadmin.store.tables import DECISION_TERMS, DECISIONS
from webadmin.store.unfolding import unfolded

ROWS = 300
Kept = dict[str, tuple[str, str, set[str]]]


def kept(record: Record) -> Kept:
    """Put decisions into the record, one in each four hours; return id → policy, revision, terms."""
    chance, ids, found = random.Random(3), Ids(), {}
    with record.engine.begin() as connection:
        for number in range(ROWS):
            at = NOW + timedelta(hours=4 * number)
            name, policy = ids.new(at), f"p.{number % 3}"
            terms = {f"policy={policy}", f"status={chance.choice('ab')}", f"customer=c{chance.randrange(40)}"}
            terms |= {f"person=p{chance.randrange(9)}" for _ in range(2)} | {f"hit=h{chance.randrange(5)}"}
            found[name] = (policy, f"r{number % 6}", terms)
            row = {"id": name, "recorded_at": at, "policy": policy, "revision": f"r{number % 6}", "as_of": "2026-01-01"}
            connection.execute(insert(DECISIONS).values(**row, status="a", actor="x", closure="x", body="{}"))
            connection.execute(insert(DECISION_TERMS), [{"term": each, "decision_id": name} for each in sorted(terms)])
    return found


def slowly(found: Kept, sought: Sought) -> list[str]:
    return [
        name
        for name, (policy, revision, terms) in sorted(found.items(), reverse=not sought.rising)
        if sought.policy in (None, policy)
        and sought.revision in (None, revision)
        and all(terms & set(each) for each in sought.terms)
        and (sought.since is None or sifting.made_at(name) >= sought.since)
        and (sought.until is None or sifting.made_at(name) < sought.until)
        and (sought.before is None or name < sought.before)
        and (sought.after is None or name > sought.after)
    ]


@pytest.mark.parametrize("scanned", [sifting.SCANNED, 5], ids=["few are looked at", "many lead"])
def test_it_finds_what_looking_at_each_finds(record: Record, monkeypatch: pytest.MonkeyPatch, scanned: int) -> None:
    monkeypatch.setattr(sifting, "SCANNED", scanned)
    found, chance = kept(record), random.Random(5)
    many = tuple(f"customer=c{number}" for number in range(30))  # more than are looked up one by one
    choices = [("status=a",), ("hit=h1", "hit=h2"), ("person=p1",), ("customer=c7",), many, ("person=none",), ()]

    with record.engine.connect() as connection:
        for _ in range(120):
            sought = Sought(
                tuple(chance.sample(choices, chance.randrange(4))),
                chance.choice([None, "p.1"]),
                chance.choice([None, None, "r4"]),
                chance.choice([None, NOW + timedelta(days=9)]),
                chance.choice([None, NOW + timedelta(days=31)]),
                chance.choice([None, None, sorted(found)[150]]),
                chance.choice([None, None, sorted(found)[40]]),
                rising=chance.choice([False, True]),
            )
            assert sifting.first(connection, sought, 1000) == slowly(found, sought), sought
            assert sifting.first(connection, sought, 7) == slowly(found, sought)[:7], sought
            assert sifting.newest(connection, sought, 7) == slowly(found, replace(sought, rising=False))[:7], sought


def test_facets_count_what_fits(record: Record) -> None:
    found = kept(record)
    sought = Sought((("status=a",),), "p.1", since=NOW + timedelta(days=3))
    fitting = slowly(found, sought)

    with record.engine.connect() as connection:
        facets = sifting.facets(connection, sought, fitting)

    assert (facets.total, facets.is_whole) == (len(fitting), True)
    assert facets.counts["policy"] == {"p.1": len(fitting)}
    assert facets.counts["status"] == {"a": len(fitting)}
    assert sum(facets.counts["hit"].values()) == len(fitting)
    assert sum(facets.months.values()) == len(fitting)
    assert all(later > earlier for later, earlier in pairwise(facets.months))


def test_ids_and_subjects_are_found_by_their_beginning(record: Record) -> None:
    found = sorted(kept(record))

    with record.engine.connect() as connection:
        assert sifting.beginning_with(connection, found[5], 9) == [found[5]]
        assert sifting.beginning_with(connection, found[5][:3], 1000) == [
            each for each in found if each[:3] == found[5][:3]
        ]
        assert sifting.about(connection, "c7", 9) == []


def test_any_texts_fit_into_one_parameter(record: Record) -> None:
    texts = ["", "'", '"', "\\", "\\u0041", "客户 🐉", "\u2028", "a" * 300, "%_", "null", "1", *map(str, range(40_000))]

    with record.engine.connect() as connection:
        assert connection.execute(unfolded(texts)).scalars().all() == texts
        assert connection.execute(unfolded([])).scalars().all() == []
        assert connection.execute(select(literal("客户 🐉").in_(unfolded(texts)))).scalar_one()
