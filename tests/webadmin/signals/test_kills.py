"""Two processes look at events, one of them killed again and again: every signal is raised, and once.

`python -m tests.webadmin.signals.test_kills --kills 50` does it longer, on SQLite.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from tests.patience import until
from tests.webadmin.nursery import ROOT, Nursery
from tests.webadmin.signals.conftest import DIVERTED, NOW, consult, kept, tell, told
from webadmin.secondengine.process import SecondEngine
from webadmin.store import shipped, signals
from webadmin.store.audit import Action
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import State
from webadmin.store.tables import AUDIT

WORK = "tests.webadmin.signals.nursery"
KILLS = 10
CUSTOMERS = 90


def at(record: Record) -> int:
    with record.engine.connect() as connection:
        return signals.position(connection).seq


def reached(record: Record, seq: int) -> bool:
    """Wait until events were looked at up to an entry."""
    return until(lambda: at(record) >= seq, pause=0.002)


def is_settled(record: Record) -> bool:
    """Say whether both engines have answered for every signal: one that was slow is asked again later."""
    return {each.finding.state for each in kept(record)} <= {State.RAISED, State.WITHDRAWN}


def history(number: int) -> list[dict[str, Any]]:
    """Return the events of one customer: lost, sold elsewhere, and every third time handed over between."""
    who = {"customer": f"c{number}", "manager": f"am-{number}"}
    lost, sold = (
        told(f"lost-{number}", "customer_lost", 10, **who),
        told(f"sold-{number}", "competitor_sale", 30, **who),
    )
    moved = told(f"moved-{number}", "transfer", 20, approved=True, **who)
    return [lost, sold] if number % 3 else [lost, sold, moved]


def killed(record: Record, nursery: Nursery, kills: int, customers: int) -> None:
    """Tell events in any order, kill who looks at them, and hold what stands against what should."""
    chance = random.Random(5)
    nursery.make()
    nursery.make()
    given = [each for number in range(customers) for each in history(number)]
    chance.shuffle(given)
    share = len(given) // kills + 1
    for kill in range(kills):
        before = at(record)
        tell(record, *given[kill * share : (kill + 1) * share])
        assert reached(record, min(before + chance.randrange(1, share + 1), (kill + 1) * share, len(given)))
        nursery.kill(chance.choice(nursery.alive))
        nursery.make()
    assert reached(record, len(given))
    assert until(lambda: is_settled(record))

    with record.engine.connect() as connection:
        assert signals.behind(connection) == (0, None)
        entries = select(AUDIT.c.object).where(AUDIT.c.action == str(Action.SIGNALLED))
        raised = Counter(connection.execute(entries).scalars())
    found = kept(record)
    stands = Counter(each.unit.key for each in found if each.finding.state is State.RAISED)
    assert stands == Counter(f"c{number}" for number in range(customers) if number % 3)
    assert {each.unit.pattern for each in found} == {DIVERTED}
    assert raised == Counter(each.id for each in found)


@pytest.fixture
def nursery(penal: Record) -> Iterator[Nursery]:
    made = Nursery(WORK, penal.engine.url.render_as_string(hide_password=False))
    yield made
    made.close()


def test_no_signal_is_lost_and_none_is_raised_twice(penal: Record, nursery: Nursery, engine: SecondEngine) -> None:
    assert engine.available().is_available
    killed(penal, nursery, KILLS, CUSTOMERS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fairlead-kills-") as folder:
        record = Record.open(f"sqlite:///{folder}/record.db")
        shipped.publish_folder(record, ROOT / "rules", Act("system", NOW, NOW.date()))
        consult(record)
        nursery = Nursery(WORK, record.engine.url.render_as_string())
        begun = monotonic()
        killed(record, nursery, asked.kills, 3 * asked.kills)
        nursery.close()
        print(f"{asked.kills} kills, {len(kept(record))} signals, each once; {monotonic() - begun:.0f} s")
        record.close()


if __name__ == "__main__":
    main()
