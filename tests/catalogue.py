"""Brings the Chinese texts of the pages up to date: `python -m tests.catalogue` (`--help` lists the options).

New texts are added without a translation, texts that are gone are taken away, all are sorted, and the compiled form is
written. Where two branches both added texts, `--take` reads translations from the other's file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEBADMIN = Path(__file__).parents[1] / "webadmin"
CATALOGUE = WEBADMIN / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

Name = str | tuple[str, ...]


def extracted() -> set[Name]:
    """Return every text of the pages; one with a plural as a pair."""
    found = extract_from_dir(
        WEBADMIN,
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


def renewed(before: Catalog, said: dict[str, object]) -> Catalog:
    """Return the catalogue of what is extracted now."""
    after = Catalog("zh", header_comment=before.header_comment, fuzzy=False)
    after.mime_headers = before.mime_headers
    for name in sorted(extracted(), key=first):
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
    before = read(CATALOGUE)
    after = renewed(before, known(before, *(read(each) for each in options.take)))
    with CATALOGUE.open("wb") as file:
        write_po(file, after, width=0, omit_header=False, include_previous=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, after)
    lacking = sorted({first(name) for name in extracted()} - known(after).keys())
    for each in lacking:
        print(each)
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
