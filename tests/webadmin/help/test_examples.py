"""What the help pages show is true: examples load, and everything there is to know is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click import Group

from policy.engine import check, prepare
from policy.errors import Grade
from policy.kinds import SECTIONS
from policy.messages import CATALOGUE
from policy.model.document import Combine, FieldClass, FieldType, HitPolicy, VocabularyDocument
from policy.model.events import read_typed
from policy.reader import read
from policy.tables import RecordKind, RecordTable, load_mapping, load_record_mapping, record_fields
from policy.values import Language
from webadmin.cli import main
from webadmin.help import service
from webadmin.help.service import PAGES

HELP = Path(__file__).parents[3] / "webadmin" / "help"


def text(language: Language, *names: str) -> str:
    return "\n".join((HELP / language / f"{name}.md").read_text("utf-8") for name in names)


def examples(language: Language, name: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", text(language, name), re.DOTALL)


@pytest.mark.parametrize("language", Language)
def test_the_first_policy_loads_and_its_tests_pass_and_hit_every_rule(
    language: Language, rules: Path, tmp_path: Path
) -> None:
    (tmp_path / "vocabulary.yaml").write_text((rules / "vocabulary.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "approval").mkdir()
    (tmp_path / "approval" / "gift.yaml").write_text(examples(language, "start")[0], "utf-8")

    prepared = check([tmp_path])

    assert [each.text(language) for each in prepared.findings if each.grade is not Grade.NOTE] == []
    report = prepared.policies["approval.gift"].test()
    assert report.passed
    assert report.never_hit == ()


@pytest.mark.parametrize("language", Language)
def test_the_mapping_loads(language: Language) -> None:
    assert load_mapping(examples(language, "tables")[0]).policy == "approval.order"


@pytest.mark.parametrize("language", Language)
def test_the_mapping_into_records_fits(language: Language, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("account,name,revenue,sector,needs,growth\nc1,Acme,1,retail,,\n", "utf-8")
    vocabulary = read(rules / "vocabulary.yaml").document
    assert isinstance(vocabulary, VocabularyDocument)

    (row,) = RecordTable(tmp_path / "accounts.csv", load_record_mapping(examples(language, "tables")[1]), vocabulary)

    assert row.problems == ()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", RecordKind)
def test_every_field_of_a_record_is_named(language: Language, kind: RecordKind) -> None:
    (line,) = (each for each in text(language, "tables").splitlines() if each.startswith(f"| `{kind}`"))

    named = re.findall(r"`(\w+)`(\\\*)?", line.split("|")[2])

    assert named == [(name, "\\*" if field.required else "") for name, field in record_fields(kind).items()]


@pytest.mark.parametrize("language", Language)
def test_both_languages_show_the_same_examples(language: Language) -> None:
    assert [examples(language, name) for name in PAGES] == [examples(Language.EN, name) for name in PAGES]


@pytest.mark.parametrize("language", Language)
def test_everything_there_is_to_know_is_named(language: Language) -> None:
    keys = [field.rstrip("_") for section in SECTIONS.values() for field in section.__dataclass_fields__]
    assert isinstance(main, Group)
    named = {
        "hit-policies": [*HitPolicy, *Combine],
        "document": [*FieldType, *FieldClass],
        "kinds": [key for key in keys if key != "period"],
        "command": [f"fairlead {name}" for name in main.commands],
    }

    for page, words in named.items():
        assert [str(each) for each in words if str(each) not in text(language, page)] == [], page


@pytest.mark.parametrize("language", Language)
def test_every_option_of_decide_is_named(language: Language) -> None:
    assert isinstance(main, Group)
    options = [option for each in main.commands["decide"].params for option in each.opts if option.startswith("--")]

    assert [option for option in options if option not in text(language, "command", "tables")] == []


def test_the_reference_has_every_remark() -> None:
    named = {each.code for each in service.remarks(Language.EN)}
    assert {"unknown-key", "facts-missing", "feel-unknown-function", "table-no-as-of"} <= named
    assert [code for code in CATALOGUE if code not in named and not code.startswith(service.EXPLAINING)] == []


@pytest.mark.parametrize("language", Language)
def test_the_types_of_events_the_event_and_the_patterns_shown_fit_together(language: Language, rules: Path) -> None:
    types, shown = examples(language, "events")
    event = json.loads(re.findall(r"```json\n(.*?)```", text(language, "events"), re.DOTALL)[0])
    fields = "{customer.id: {type: string}, manager.id: {type: string}}"
    declared = prepare([f"vocabulary: 1\nfields: {fields}\n{types}"])
    shipped = (rules / "penalty" / "order-diversion.yaml").read_text("utf-8")
    begin, end = shipped.index("patterns:"), shipped.index("tests:\n")
    others = [rules / "vocabulary.yaml", rules / "reference" / "minimum-wage.yaml"]
    with_patterns = prepare([*others, f"{shipped[:begin]}{shown}\n{shipped[end:]}"])

    assert declared.findings == ()
    assert read_typed([event], declared.policies.events)[0].at("customer.id") == "c1"
    assert [each.code for each in with_patterns.findings] == ["without-consultation"]
    assert len(with_patterns.policies["penalty.order-diversion"].patterns) == 2
