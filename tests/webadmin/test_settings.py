"""Where settings come from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from policy.values import Language
from webadmin.cli import main
from webadmin.settings import CONFIG, Settings, SettingsError, load


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "default.toml").write_text('[server]\nport = 8000\n[pages]\nlanguages = ["en"]\n', "utf-8")
    (tmp_path / "development.toml").write_text("[pages]\nsecure_cookies = false\n", "utf-8")
    (tmp_path / "production.toml").write_text("[server]\nport = 80\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [each.stem for each in CONFIG.glob("*.toml")])
def test_the_files_that_ship_can_be_read(name: str) -> None:
    assert isinstance(load({"FAIRLEAD_ENV": name}), Settings)


def test_an_environment_stands_over_the_default(config: Path) -> None:
    assert load({}, config).port == 8000
    assert load({"FAIRLEAD_ENV": "production"}, config).port == 80
    assert load({}, config).languages == (Language.EN,)


def test_variables_stand_over_files(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config)
    variables = {"FAIRLEAD_HOST": "0.0.0.0", "FAIRLEAD_PORT": "0", "FAIRLEAD_RULES": "mine", "FAIRLEAD_SECRET_KEY": "s"}  # noqa: S104

    found = load(variables, config)

    assert (found.host, found.port, found.rules, found.secret_key) == ("0.0.0.0", 0, config / "mine", "s")  # noqa: S104


def test_policies_are_looked_for_where_the_commands_look_for_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`decide` takes `rules` of the working directory, or what FAIRLEAD_RULES says; so does the server."""
    (folder / "work").mkdir()
    (folder / "scorecard").rename(folder / "work" / "scorecard")
    ask = ["decide", "scorecard.size", "--facts", "-", "--as-of", "2026-03-01"]
    facts = '{"customer": {"id": "c1", "staff": 250}}'
    monkeypatch.chdir(folder)
    for variables in ({}, {"FAIRLEAD_RULES": "work"}):
        where = folder / variables.get("FAIRLEAD_RULES", "rules")
        assert load(variables).rules == where
        answer = CliRunner().invoke(main, ask, input=facts, env=variables)
        assert (answer.exit_code == 0) == where.is_dir(), answer.output


def test_each_start_without_a_key_makes_its_own() -> None:
    assert Settings().secret_key != Settings().secret_key
    assert Settings().secret_key not in repr(Settings())


WRONG = {
    "[server]\nprot = 1\n": "unknown setting `server.prot`",
    "top = 1\n": "unknown setting `top`",
    '[server]\nport = "80"\n': "`server.port` is '80', expected a value such as 8000",
    "[pages]\nsecure_cookies = 1\n": "`pages.secure_cookies` is 1",
    "[server]\nport = 70000\n": "found `70000`, expected a number from 0 to 65535",
    "[server]\nthreads = 0\n": "at least 1",
    "[pages]\nlargest_request = 10\n": "at least 1024",
    '[pages]\nlanguages = ["fr"]\n': "expected some of",
    "[pages]\nlanguages = []\n": "expected some of",
    "[server\n": "cannot be read",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=WRONG.values())
def test_a_wrong_setting_is_refused_by_name(config: Path, text: str, said: str) -> None:
    (config / "development.toml").write_text(text, "utf-8")

    with pytest.raises(SettingsError, match="(?s)" + said.replace("`", ".")):
        load({}, config)


def test_an_unknown_environment_names_the_file_that_is_missing(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"staging\.toml"):
        load({"FAIRLEAD_ENV": "staging"}, config)


@pytest.mark.parametrize("port", ["http", "-1", "99999999999", "\N{FULLWIDTH DIGIT EIGHT}", ""])
def test_a_port_that_is_no_number_is_refused(config: Path, port: str) -> None:
    if not port:
        assert load({"FAIRLEAD_PORT": port}, config).port == 8000
        return
    with pytest.raises(SettingsError):
        load({"FAIRLEAD_PORT": port}, config)
