"""Settings: `config/default.toml`, then the file of the environment, then variables of the environment.

`FAIRLEAD_ENV` names the environment (`development` by default): `config/<name>.toml` is laid over the default.
`FAIRLEAD_HOST`, `FAIRLEAD_PORT`, `FAIRLEAD_RULES`, `FAIRLEAD_HEADS` and `DATABASE_URL` stand over both files. The key
that signs cookies comes from `FAIRLEAD_SECRET_KEY` alone, never from a file; without it each start makes its own.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policy.values import Language
from webadmin.database import url_of

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"


class SettingsError(ValueError):
    """A setting cannot be used; its text says which, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the server is told from outside.

    Attributes:
        host: Address it listens on.
        port: 0 lets the system choose a free one.
        threads: Requests worked on at once.
        database: Address of the database, whose file of SQLite stands relative to the working directory.
        heads: File of the signed heads of the record; None: `NAME.heads.json` for the database NAME, beside the file of
            SQLite, under `var/` for PostgreSQL.
        rules: Folder of the policies; like the commands, the server looks for it from the working directory.
        languages: Languages offered, the first one where nothing else decides.
        secure_cookies: True where the pages are only reached over HTTPS.
        largest_request: Bytes of a request's body.
        largest_upload: Bytes of the body of a form that brings a file.
        largest_call: Bytes of the body of a call of the API.
        requests_per_minute: Calls of the API a token may make in a minute, unless it says a number of its own.
        log_format: `json`, or `readable` for people.
        worker: Whether the server starts a worker for long work beside itself.
        secret_key: Signs the session cookie, and seals cursors of the API.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 20
    database: str = "sqlite:///var/fairlead.db"
    heads: Path | None = None
    rules: Path = field(default_factory=lambda: Path("rules").absolute())
    languages: tuple[Language, ...] = (Language.ZH, Language.EN)
    secure_cookies: bool = False
    largest_request: int = 262_144
    largest_upload: int = 33_554_432
    largest_call: int = 2_097_152
    requests_per_minute: int = 6000
    log_format: str = "readable"
    worker: bool = True
    secret_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    def database_file(self) -> Path | None:
        """Return the file of SQLite, None for PostgreSQL."""
        url = url_of(self.database)
        return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None

    def heads_file(self) -> Path:
        """Return where the signed heads of the record lie: named after the database, as several may share a folder.

        Where heads were begun under the plain name and none under that of the database, they are gone on with, or the
        proof they are would be lost.
        """
        if self.heads is not None:
            return self.heads
        file, name = self.database_file(), url_of(self.database).database
        folder = Path("var") if file is None else file.parent
        own, plain = folder / f"{name if file is None else file.stem}.heads.json", folder / "heads.json"
        return plain if plain.exists() and not own.exists() else own


_KEYS: Mapping[str, tuple[str | None, Any]] = {
    "server.host": ("host", "127.0.0.1"),
    "server.port": ("port", 8000),
    "server.threads": ("threads", 20),
    "server.log_format": ("log_format", "json"),
    "database.url": ("database", "sqlite:///var/fairlead.db"),
    "record.heads": ("heads", "var/fairlead.heads.json"),
    "rules.folder": ("rules", "rules"),
    "pages.languages": ("languages", ["zh", "en"]),
    "pages.secure_cookies": ("secure_cookies", True),
    "pages.largest_request": ("largest_request", 262_144),
    "pages.largest_upload": ("largest_upload", 33_554_432),
    "api.largest_request": ("largest_call", 2_097_152),
    "api.requests_per_minute": ("requests_per_minute", 6000),
    "jobs.worker": ("worker", True),
}
"""Setting in a file → its name here and an example of its value."""


_LEAST: Mapping[str, int] = {
    "threads": 1,
    "largest_request": 1024,
    "largest_upload": 1024,
    "largest_call": 1024,
    "requests_per_minute": 1,
}


def load(environment: Mapping[str, str], folder: Path = CONFIG) -> Settings:
    """Read the settings.

    Args:
        environment: Variables of the environment.
        folder: Where the TOML files are.

    Raises:
        SettingsError: a file cannot be read, or a setting is unknown or of the wrong form.
    """
    written = _file(folder / "default.toml") | _file(folder / f"{environment.get('FAIRLEAD_ENV', 'development')}.toml")
    return settings(written | _variables(environment))


def settings(written: Mapping[str, Any]) -> Settings:
    """Make settings of plain values, those left out as they are by default.

    Raises:
        SettingsError: a value is out of bounds.
    """
    values = dict(written)
    if not 0 <= values.get("port", 0) <= 65_535:
        msg = f"port: found `{values['port']}`, expected a number from 0 to 65535"
        raise SettingsError(msg)
    for name, least in _LEAST.items():
        if values.get(name, least) < least:
            msg = f"{name}: found `{values[name]}`, expected at least {least}"
            raise SettingsError(msg)
    if values.get("log_format", "json") not in ("json", "readable"):
        msg = f"log_format: found `{values['log_format']}`, expected `json` or `readable`"
        raise SettingsError(msg)
    if "database" in values:
        _check_database(values["database"])
    if "languages" in values:
        values["languages"] = _languages(values["languages"])
    for name in ("rules", "heads"):
        if name in values:
            values[name] = Path(values[name]).absolute()
    return Settings(**values)


def _check_database(address: str) -> None:
    try:
        url_of(address)
    except ValueError as error:
        msg = f"database.url, DATABASE_URL: {error}"
        raise SettingsError(msg) from error


def _variables(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings the environment gives."""
    found: dict[str, Any] = {}
    if environment.get("FAIRLEAD_HOST"):
        found["host"] = environment["FAIRLEAD_HOST"]
    if environment.get("FAIRLEAD_PORT"):
        found["port"] = _number("FAIRLEAD_PORT", environment["FAIRLEAD_PORT"])
    if environment.get("FAIRLEAD_RULES"):
        found["rules"] = environment["FAIRLEAD_RULES"]
    if environment.get("FAIRLEAD_HEADS"):
        found["heads"] = environment["FAIRLEAD_HEADS"]
    if environment.get("DATABASE_URL"):
        found["database"] = environment["DATABASE_URL"]
    if environment.get("FAIRLEAD_SECRET_KEY"):
        found["secret_key"] = environment["FAIRLEAD_SECRET_KEY"]
    return found


def _file(path: Path) -> dict[str, Any]:
    """Return the settings one file gives, by their own names."""
    try:
        with path.open("rb") as file:
            sections = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        msg = f"settings cannot be read from {path}: {error}"
        raise SettingsError(msg) from error
    found: dict[str, Any] = {}
    for setting, value in _flat(sections):
        name, example = _KEYS.get(setting, (None, None))
        if name is None:
            msg = f"{path}: unknown setting `{setting}`; known are {', '.join(_KEYS)}"
            raise SettingsError(msg)
        if type(value) is not type(example):
            msg = f"{path}: `{setting}` is {value!r}, expected a value such as {example!r}"
            raise SettingsError(msg)
        found[name] = value
    return found


def _flat(sections: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every setting with its section: `server.port`; one outside of sections by its own name."""
    for name, value in sections.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            yield name, value


def _number(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        msg = f"{variable}: found `{text}`, expected a number such as 8000"
        raise SettingsError(msg)
    return int(text)


def _languages(names: list[Any]) -> tuple[Language, ...]:
    known = [str(language) for language in Language]
    if not names or any(name not in known for name in names):
        msg = f"pages.languages: found {names}, expected some of {known}"
        raise SettingsError(msg)
    return tuple(Language(name) for name in names)
