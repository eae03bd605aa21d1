"""Files change while the pages are open: what is shown then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webadmin.shelf import Folder


def changed(path: Path, old: str, new: str) -> None:
    """Change a file and see to it that its time differs, however coarse the clock of the disk is."""
    text = path.read_text("utf-8")
    assert old in text
    before = path.stat().st_mtime_ns
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def size(folder: Path) -> Path:
    return folder / "scorecard" / "size.yaml"


def test_a_changed_file_is_read_again(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")

    changed(size(folder), "en: Size}", "en: Extent}")

    assert "Extent" in small.get("/policies", headers={"Accept-Language": "en"}).text


def test_an_unchanged_folder_is_read_once(folder: Path) -> None:
    shelf = Folder(folder)

    assert shelf.shelf() is shelf.shelf()


def test_a_new_file_appears(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")

    (folder / "scorecard" / "other.yaml").write_text(
        size(folder).read_text("utf-8").replace(".size", ".other"), "utf-8"
    )

    assert "scorecard.other" in small.get("/policies/scorecard.other").text


def test_a_file_that_no_longer_loads_does_not_take_the_policy_away(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")

    changed(size(folder), "hit_policy: first", "hit_polcy: first")

    page = small.get("/policies/scorecard.size", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "no longer loads" in page.text
    text = small.get("/policies/scorecard.size/text", headers={"Accept-Language": "en"}).text
    assert "hit_polcy: first" in text.replace('<span class="key">', "").replace("</span>", "")
    assert "did you mean" in text
    trial = small.post("/policies/scorecard.size/try", data={"customer.id": "c", "customer.staff": "5"})
    assert "status-decided" in trial.text


def test_a_mended_file_is_current_again(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")
    changed(size(folder), "hit_policy: first", "hit_polcy: first")
    small.get("/policies")

    changed(size(folder), "hit_polcy: first", "hit_policy: first")

    assert "no longer loads" not in small.get("/policies/scorecard.size", headers={"Accept-Language": "en"}).text


def test_a_file_that_is_gone_takes_its_policy_with_it(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")

    size(folder).unlink()

    assert small.get("/policies/scorecard.size").status_code == 404
    assert "还没有策略" in small.get("/policies").text


def test_a_file_that_never_loaded_shows_its_findings(folder: Path, small: FlaskClient) -> None:
    (folder / "scorecard" / "broken.yaml").write_text("policy: scorecard.broken\nrules: [\n", "utf-8")

    index = small.get("/policies", headers={"Accept-Language": "en"}).text
    assert "1 file has remarks" in index
    assert 'href="/documents/scorecard/broken.yaml"' in index
    assert "grade-error" in small.get("/documents/scorecard/broken.yaml").text


def test_a_file_that_is_not_utf_8_can_be_looked_at(folder: Path, small: FlaskClient) -> None:
    (folder / "scorecard" / "bytes.yaml").write_bytes(b"policy: scorecard.\xff\xfe\n")

    assert "0xFF" in small.get("/documents/scorecard/bytes.yaml").text


def test_nothing_outside_of_the_folder_is_shown(folder: Path, small: FlaskClient) -> None:
    (folder.parent / "secret.yaml").write_text("policy: scorecard.secret\n", "utf-8")

    for name in ("../secret.yaml", "..%2Fsecret.yaml", "/etc/passwd", "%2Fetc%2Fpasswd", "nowhere.yaml"):
        assert small.get(f"/documents/{name}").status_code in {308, 404}


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that nobody can read")
def test_a_file_that_cannot_be_opened_leaves_what_was_there(folder: Path, small: FlaskClient) -> None:
    small.get("/policies")

    (folder / "scorecard" / "odd.yaml").symlink_to("/proc/self/mem")

    page = small.get("/policies", headers={"Accept-Language": "en"}).text
    assert "could not be read again" in page
    assert "scorecard.size" in page


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    shelf = Folder(tmp_path / "nowhere").shelf()

    assert (shelf.policies, shelf.findings) == ({}, ())
