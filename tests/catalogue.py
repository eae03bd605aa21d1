"""Brings the Chinese texts of the pages and of click up to date: `python -m tests.catalogue` (`--help`: its options).

New texts are added without a translation, texts that are gone are taken away, all are sorted, and the compiled form is
written. Where two branches both added texts, `--take` reads translations from the other's file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEBADMIN = Path(__file__).parents[1] / "webadmin"
CATALOGUE = WEBADMIN / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
CLICK = CATALOGUE.with_name("click.po")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

Name = str | tuple[str, ...]


def of_the_pages() -> set[Name]:
    """Return every text of the pages; one with a plural as a pair."""
    return extracted(WEBADMIN)


def of_click() -> set[Name]:
    """Return every text of the click that is installed; `required` is one that it names by a variable."""
    return extracted(Path(click.__file__).parent) | {"required"}


def extracted(folder: Path) -> set[Name]:
    """Return every text of a package; one with a plural as a pair."""
    found = extract_from_dir(
        folder,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"**.html": {"trimmed": "true"}},
        keywords=KEYWORDS,
    )
    return {message for _, _, message, _, _ in found}


def read(path: Path) -> Catalog:
    """Return the texts of a file."""
    with path.open("rb") as file:
        return read_po(file, "zh")


def known(*catalogues: Catalog) -> dict[str, object]:
    """Return text → translation; of several that are not empty the last counts."""
    found: dict[str, object] = {}
    for catalogue in catalogues:
        for each in catalogue:
            if each.id and (any(each.string) if isinstance(each.string, tuple | list) else each.string):
                found[first(each.id)] = each.string
    return found


def first(name: Name) -> str:
    """Return the singular."""
    return name if isinstance(name, str) else name[0]


def renewed(before: Catalog, names: set[Name], said: dict[str, object]) -> Catalog:
    """Return the catalogue of these texts."""
    after = Catalog("zh", header_comment=before.header_comment, fuzzy=False)
    after.mime_headers = before.mime_headers
    for name in sorted(names, key=first):
        string = said.get(first(name), "")
        if not isinstance(name, str) and isinstance(string, str):
            string = (string,)
        after.add(name, string)
    return after


def main(arguments: list[str]) -> int:
    """Write the catalogue; return 1 where texts lack a translation, which are printed."""
    parser = argparse.ArgumentParser(description="Bring the Chinese texts of the pages up to date.")
    parser.add_argument("--take", type=Path, action="append", default=[], help="another messages.po to read from")
    options = parser.parse_args(arguments)
    lacking = [
        *written(CATALOGUE, of_the_pages(), options.take),
        *written(CLICK, of_click(), []),
    ]
    for each in lacking:
        print(each)
    return bool(lacking)


def written(path: Path, names: set[Name], others: list[Path]) -> list[str]:
    """Write a catalogue of these texts and its compiled form; return those without a translation."""
    before = read(path)
    after = renewed(before, names, known(before, *map(read, others)))
    with path.open("wb") as file:
        write_po(file, after, width=0, omit_header=False, include_previous=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, after)
    return sorted({first(name) for name in names} - known(after).keys())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
