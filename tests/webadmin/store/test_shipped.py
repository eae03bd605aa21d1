"""What ships is published once, again where it changed, and not read at all where every text is known."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from policy.engine import documents_in, prepare
from tests.webadmin.publishing.texts import SIZE, VOCABULARY
from tests.webadmin.store.conftest import NOW, TODAY
from webadmin.store import drafts, shipped
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.shipped import FOLDER, Shipped

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


def in_effect(record: Record) -> set[str]:
    with record.engine.connect() as connection:
        return set(record.catalogue.in_effect(connection, TODAY))


def loading(record: Record) -> set[str]:
    with record.engine.connect() as connection:
        return set(record.catalogue.policies(connection, TODAY))


def codes(done: Shipped) -> dict[str, list[str]]:
    return {name: sorted({each.code for each in errors}) for name, errors in done.left.items()}


def test_a_text_with_errors_never_replaces_what_works(record: Record, folder: Path) -> None:
    shipped.publish_folder(record, folder, ACT)
    before = loading(record)
    (folder / "approval" / "order.yaml").write_text("policy: approval.order\nrules: [", "utf-8")

    done = shipped.publish_folder(record, folder, ACT)

    assert (done.published, done.drafted, set(done.left)) == ((), (), {"approval.order"})
    assert done.left["approval.order"][0].place.source == str(folder / "approval" / "order.yaml")
    assert loading(record) == before


def test_on_an_empty_record_what_is_sound_is_published(record: Record, folder: Path) -> None:
    text = folder / "approval" / "order.yaml"
    text.write_text(text.read_text("utf-8") + "nonsense: 1\n", "utf-8")
    (folder / "scorecard" / "no-text.yaml").write_bytes(b"\xff\xfe")
    (folder / "lost.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")

    done = shipped.publish_folder(record, folder, ACT)

    assert codes(done) == {
        "approval.order": ["unknown-key"],
        "scorecard.no-text": ["not-utf-8"],
        f"{folder.name}.lost": ["file-unreadable"],
    }
    assert {"vocabulary", "assignment.new-customer"} <= set(done.published)
    assert loading(record) == {each for each in done.published if "." in each}


def test_nothing_is_published_whose_closure_is_not_sound(record: Record, folder: Path) -> None:
    (folder / "reference" / "exchange-rate.yaml").write_text("reference: exchange-rate\nrows: 7\n", "utf-8")
    whole = prepare(documents_in([folder])).policies
    users = {"approval.order"}

    done = shipped.publish_folder(record, folder, ACT)

    assert "reference/exchange-rate" in done.left
    assert users <= set(done.left), codes(done)
    assert in_effect(record) == set(done.published)
    assert loading(record) == {each for each in done.published if "." in each} == set(whole) - set(done.drafted)


def test_without_a_vocabulary_no_policy_that_needs_it_is_published(record: Record, folder: Path) -> None:
    (folder / "vocabulary.yaml").write_text("vocabulary: [", "utf-8")

    done = shipped.publish_folder(record, folder, ACT)

    assert "vocabulary" in done.left
    assert all(done.left.values())
    assert loading(record) == {each for each in done.published if "." in each}


def test_a_vocabulary_that_would_break_what_works_is_left_out(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "scorecard").mkdir(parents=True)
    (folder / "vocabulary.yaml").write_text(VOCABULARY, "utf-8")
    (folder / "scorecard" / "size.yaml").write_text(SIZE, "utf-8")
    shipped.publish_folder(record, folder, ACT)
    (folder / "scorecard" / "size.yaml").unlink()
    (folder / "vocabulary.yaml").write_text(VOCABULARY.replace("staff", "heads"), "utf-8")

    done = shipped.publish_folder(record, folder, ACT)

    assert codes(done) == {"vocabulary": ["not-fitting"]}
    assert done.left["vocabulary"][0].values == {"name": "scorecard.size"}
    assert loading(record) == {"scorecard.size"}


def test_a_folder_that_is_missing_no_folder_or_empty_is_told(record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "empty").mkdir()

    found = [codes(shipped.publish_folder(record, tmp_path / name, ACT)) for name in ("missing", "file", "empty")]

    assert found == [{FOLDER: ["folder-unreadable"]}] * 2 + [{FOLDER: ["folder-empty"]}]
    assert in_effect(record) == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_told(record: Record, folder: Path) -> None:
    (folder / "approval").chmod(0)
    try:
        done = shipped.publish_folder(record, folder, ACT)
    finally:
        (folder / "approval").chmod(0o700)

    assert codes(done)[FOLDER] == ["folder-unreadable"]
    assert "vocabulary" in done.published
