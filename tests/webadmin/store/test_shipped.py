"""What ships is published once, again where it changed, and not read at all where every text is known."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policy.errors import SourceError
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.store import drafts, shipped
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.shipped import Shipped

ACT = Act(SYSTEM, NOW, TODAY)


@pytest.fixture
def folder(rules: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(rules, tmp_path / "rules"))


def test_what_ships_is_published_once(record: Record, folder: Path) -> None:
    first = shipped.publish_folder(record, folder, ACT)

    assert ("approval.order" in first.published, first.drafted) == (True, ("penalty.order-diversion",))
    assert shipped.publish_folder(record, folder, ACT) == Shipped((), (), ())


def test_a_changed_text_is_published_and_the_rest_left(record: Record, folder: Path) -> None:
    shipped.publish_folder(record, folder, ACT)
    path = folder / "approval" / "order.yaml"
    path.write_text(path.read_text("utf-8").replace("owner: ", "# changed\nowner: ", 1), "utf-8")

    again = shipped.publish_folder(record, folder, ACT)

    assert (again.published, again.drafted) == (("approval.order",), ())


def test_a_draft_that_was_given_up_does_not_come_back(record: Record, folder: Path) -> None:
    shipped.publish_folder(record, folder, ACT)
    act = replace(ACT, actor="login:li")
    record.writer.write(lambda transaction: drafts.discard(transaction, "penalty.order-diversion", act))

    shipped.publish_folder(record, folder, ACT)

    with record.engine.connect() as connection:
        assert drafts.find(connection, "penalty.order-diversion") is None


def test_a_folder_with_errors_publishes_nothing(record: Record, folder: Path) -> None:
    shipped.publish_folder(record, folder, ACT)
    (folder / "approval" / "order.yaml").write_text("policy: approval.order\nrules: [", "utf-8")

    with pytest.raises(SourceError):
        shipped.publish_folder(record, folder, ACT)
