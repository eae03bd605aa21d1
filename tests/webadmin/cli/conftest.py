"""Commands on a database of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webadmin.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what calls a command in English, on an empty database of this test."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.db")
    monkeypatch.setenv("FAIRLEAD_RULES", str(rules))
    monkeypatch.setenv("FAIRLEAD_LANG", "en")

    def called(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    return called


@pytest.fixture
def demo(run: Run, demonstrated: Path, tmp_path: Path) -> Run:
    """Return what calls a command on a database in which `fairlead demo` has been called."""
    shutil.copytree(demonstrated, tmp_path, dirs_exist_ok=True)
    return run
