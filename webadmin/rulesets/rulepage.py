"""One rule of a policy as its page has it: opened, changed while it is typed, checked, and saved into the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from policy.conditions import text_of
from policy.errors import Finding, Grade
from policy.model.document import PolicyDocument
from policy.values import Text
from webadmin import language, library, words
from webadmin.filters import sentence
from webadmin.library import Look
from webadmin.rulesets import drafting, rulecheck, ruleform, ruletext, rulewords, sound
from webadmin.rulesets.drafting import NoDraftError
from webadmin.rulesets.editing import Change, MissingError, name_for
from webadmin.rulesets.known import Giving, Known, known
from webadmin.rulesets.ruleform import Gives, RuleForm
from webadmin.rulesets.ruleshow import Said, Shown, show
from webadmin.rulesets.ruletext import MistakesError, rule_of
from webadmin.store import drafts
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.wording import rules
from webadmin.wording.speech import Speech

STRUCTURE = ("line", "group", "text", "remove")
"""What can be done to the parts of a condition, each with the place of a part after a colon."""


@dataclass(frozen=True, slots=True)
class Page:
    """The form of one rule.

    Attributes:
        name: Id of the rule; empty for a new one.
        after: The rule a new one comes after; empty: at the end.
        since: Number of the state of the draft it was opened in; 0 where it can only be read.
        said: What is wrong, by the name of the input.
        focus: Name of the part that was added, or beside which one was taken away.
        only_text: Outputs that can only be changed in the text, with what is written there.
    """

    look: Look
    name: str
    after: str
    since: int
    form: RuleForm
    known: Known
    said: Said = field(default_factory=dict)
    focus: str = ""
    only_text: dict[str, str] = field(default_factory=dict)

    @property
    def condition(self) -> Shown:
        """Return the condition as the page shows it."""
        return show(self.form.tree, self.known)

    @property
    def words(self) -> str:
        """Return the condition as it is written, as one sentence; empty where there is none, or it does not load."""
        return _in_words(self.look, self.name)

    @property
    def reason(self) -> Markup | str:
        """Return the reason in the reader's language, with what the fields in it are called."""
        return _reason(self.look, self.form)

    @property
    def outputs(self) -> list[tuple[Giving, Gives]]:
        """Return every output with what the rule gives for it."""
        return [(each, self.form.then[name]) for name, each in self.known.outputs.items()]

    @property
    def fields(self) -> list[tuple[bool, list[tuple[str, Text | None]]]]:
        """Return what a line can name: first what is known, then what is worked out, with labels."""
        return self.known.groups

    @property
    def called(self) -> Mapping[str, str]:
        """Return why the rules are there, else when they hit, whole and by id; nothing where the text does not load."""
        policy = sound.policy(self.look)
        said = {} if policy is None else rules.by_id(policy, language.chosen())
        return {name: text for name, each in said.items() if (text := (each.because or each.when).striptags())}

    @property
    def rules(self) -> list[str]:
        """Return the ids of all rules, in order."""
        document = self.look.document
        return [each.id for each in document.rules] if isinstance(document, PolicyDocument) else []

    @property
    def neighbours(self) -> tuple[str, str]:
        """Return the rules before and after, empty where there is none."""
        rules = self.rules
        if self.name not in rules:
            return "", ""
        at = rules.index(self.name)
        return rules[at - 1] if at else "", rules[at + 1] if at + 1 < len(rules) else ""


def opened(look: Look, name: str, *, edits: bool, after: str = "") -> Page:
    """Open a rule, or the form of a new one.

    Raises:
        MissingError: there is no such rule.
    """
    document, knows = look.document, known(look)
    if not isinstance(document, PolicyDocument):
        raise MissingError
    since = int(look.draft.version) if edits and look.draft is not None else 0
    if not name:
        if after:
            rule_of(document, after)
        fresh = ruleform.empty(knows)
        return Page(look, "", after, since, fresh, knows, focus="id")
    rule = rule_of(document, name)
    form = ruleform.of_rule(rule, knows)
    found = ruletext.placed(look, form, knows)
    said = _told_of(found, knows)
    return Page(look, name, after, since, form, knows, said, only_text=_only_text(look, name, knows))


def typed(record: Record, look: Look, name: str, form: MultiDict[str, str], act: Act) -> Page:
    """Return the page with what was typed, on the text of the state of the draft it was opened in.

    Args:
        record: Where drafts are kept.
        look: At the draft.
        name: Id of the rule; empty for a new one.
        form: What was typed.
        act: Who types, and when.

    Raises:
        MissingError: there was no such rule.
    """
    since = form.get("since", 0, type=int)
    with record.engine.connect() as connection:
        state = drafts.state(connection, look.name, since)
        began = look if state is None else library.draft_with(connection, look.name, state.text, act.today)
    knows = known(began)
    if name:
        _there(began, name)
    posted = rulewords.read(ruleform.from_form(form, knows), knows)
    return Page(began, name, form.get("after", ""), since, posted, knows, only_text=_only_text(began, name, knows))


def rebuilt(page: Page, what: str) -> Page:
    """Return the page with a part more or less: `line:c.0` adds a line to a group, `remove:c.0.1` takes one away."""
    verb, _, place = what.partition(":")
    tree, focus = page.form.tree, place
    if verb == "remove":
        tree, focus = ruleform.without_part(tree, place), ruleform.beside(place)
    elif verb in STRUCTURE:
        tree, focus = ruleform.with_part(tree, place, verb)
    form = RuleForm(page.form.id, ruleform.numbered(tree), page.form.then, page.form.because)
    return _with(page, form, {}, focus)


def checked(record: Record, page: Page, act: Act) -> tuple[Page, drafting.Checked | None]:
    """Return the page with what is wrong with it as it is typed, and what the policy would come to."""
    if not page.form.id:
        page = _with(page, replace(page.form, id=_free_name(page)), {})
    try:
        text = _written(page, is_whole=bool(page.name))
    except MistakesError as error:
        return _with(page, page.form, _errors(rulecheck.without_gaps(error.said))), None
    found = drafting.check(record, page.look.name, text, act)
    form = page.form
    remarks = ruletext.placed(found.look, form, page.known)
    said = _told_of(remarks, page.known)
    return _with(page, form, said), found


def saved(record: Record, page: Page, act: Act) -> tuple[int, bool]:
    """Save the rule into the draft; return the number of its state, and whether it is a merged one.

    Raises:
        MistakesError: what was typed cannot be written.
        ConflictError: somebody else has changed the same lines meanwhile.
        NoDraftError: there is no draft any more.
        BusyError: it could not be written.
    """
    verb = "edit" if page.name else "add"
    text = _written(page, is_whole=True)
    return drafting.save(record, page.look.name, text, page.since, act, what=f"{verb} {page.form.id}"[:200])


def _told_of(found: Mapping[str, Sequence[Finding]], knows: Known) -> Said:
    return {key: [(str(each.grade), _sentence(each, knows)) for each in below] for key, below in found.items()}


def _sentence(finding: Finding, knows: Known) -> str:
    """Return what a finding says where it is typed; an outcome that is still owed as something to do."""
    output = knows.outputs.get(str(finding.values.get("name")))
    if finding.code != "output-not-given" or output is None:
        return sentence(finding)
    called = output.label.to(language.chosen()) if output.label is not None else output.name
    return str(
        gettext("Say what the rule gives for “%(output)s”: there is nothing that counts instead.", output=called)
    )


def waits_for(page: Page) -> str:
    """Return what a rule lacks before it can be saved by itself; empty where it lacks nothing."""
    if rulecheck.has_gaps(page.form, page.known):
        return _gaps()
    if page.name:
        return ""
    if not page.form.id:
        return str(gettext("Not saved yet: the rule has no name."))
    if rulecheck.emptiness(page.form, page.known):
        return str(gettext("Not saved yet: the rule has neither a condition nor an outcome."))
    return ""


def acted(record: Record, name: str, change: Change, since: int, act: Act) -> tuple[str, drafting.Made]:
    """Copy, move or remove a rule; return the id of the rule to show then, empty for none, and what was made.

    Raises:
        MissingError: the rule is not there any more.
        NoDraftError: there is no draft any more.
        BusyError: it could not be written.
    """
    with record.engine.connect() as connection:
        look = library.look(connection, name, act.today, library.DRAFT)
    if look is None or not isinstance(look.document, PolicyDocument):
        raise NoDraftError
    shown = "" if change.what == "remove" else change.rule
    if change.what == "copy":
        shown = name_for(look.document, f"{change.rule}-copy")
        change = Change("copy", change.rule, value=shown)
    return shown, drafting.change(record, name, [change], since, act)


def with_mistakes(page: Page, error: MistakesError) -> Page:
    """Return the page with what is wrong beside what was typed."""
    return _with(page, page.form, _errors(error.said))


def told(page: Page, found: drafting.Checked | None, *, is_saved: bool = False) -> dict[str, Any]:
    """Return what a script shows while one types, and after it has saved."""
    names = {name: [_remark(*each) for each in said] for name, said in page.said.items()}
    errors = sum(grade == str(Grade.ERROR) for said in page.said.values() for grade, _ in said)
    condition = "" if found is None else text_of(page.form.tree, page.known.fields)
    told_in_words = "" if found is None else _in_words(found.look, page.form.id)
    reason = _reason(page.look if found is None else found.look, page.form)
    return {
        "said": names,
        "errors": errors,
        "state": _gaps() if found is None and not names else _state(found, is_saved=is_saved),
        "condition": condition,
        "words": told_in_words,
        "reason": reason.striptags() if isinstance(reason, Markup) else reason,
    }


def _gaps() -> str:
    return str(gettext("Not saved yet: a line of the condition has no value."))


def _in_words(look: Look, name: str) -> str:
    policy = sound.policy(look)
    if policy is None:
        return ""
    rule_set = policy.rule_set
    rule = next((each for each in rule_set.rules if each.id == name), None)
    parts = rule.when if rule is not None else ()
    return Speech(rule_set, language.chosen()).condition(parts).striptags() if parts else ""


def _reason(look: Look, form: RuleForm) -> Markup | str:
    said = form.because
    text = said[language.chosen()] or said["zh"] or said["en"]
    policy = look.policy or look.before
    return text if policy is None else Speech(policy.rule_set, language.chosen()).reason(Text(text, text))


def _remark(grade: str, text: str) -> dict[str, str]:
    return {"grade": grade, "word": str(words.GRADES[Grade(grade)]), "text": text}


def _state(found: drafting.Checked | None, *, is_saved: bool) -> str:
    if is_saved and found is not None:
        if found.passed is None:
            return str(gettext("Saved. It would not load."))
        return str(gettext("Saved. %(passed)s of %(tests)s tests pass.", passed=found.passed, tests=found.tests))
    if found is None:
        return str(gettext("Not saved: look at what is marked."))
    if found.passed is None:
        return str(gettext("Not saved yet. It would not load."))
    return str(gettext("Not saved yet. %(passed)s of %(tests)s tests pass.", passed=found.passed, tests=found.tests))


def _written(page: Page, *, is_whole: bool) -> str:
    """Return the text with the rule as it was typed; one that is whole says when it holds, or gives something."""
    said = rulecheck.mistakes(page.form, page.known)
    said = said or (rulecheck.emptiness(page.form, page.known) if is_whole else {})
    if said:
        raise MistakesError(said)
    return ruletext.written(page.look.text, page.name, page.form, page.known, page.after)


def _free_name(page: Page) -> str:
    """Return a name to check a rule under that has none yet."""
    document = page.look.document
    return name_for(document, "rule") if isinstance(document, PolicyDocument) and not page.name else page.name


def _there(look: Look, name: str) -> None:
    if not isinstance(look.document, PolicyDocument):
        raise MissingError
    rule_of(look.document, name)


def _with(page: Page, form: RuleForm, said: Said, focus: str = "") -> Page:
    return Page(page.look, page.name, page.after, page.since, form, page.known, said, focus, page.only_text)


def _errors(said: ruletext.Said) -> Said:
    return {name: [(str(Grade.ERROR), each) for each in below] for name, below in said.items()}


def _only_text(look: Look, name: str, knows: Known) -> dict[str, str]:
    document = look.document
    if not name or not isinstance(document, PolicyDocument):
        return {n: "" for n, each in knows.outputs.items() if each.shape == "raw"}
    given = {entry.key: entry.value for entry in rule_of(document, name).then.entries}
    found = {}
    for key, output in knows.outputs.items():
        if ruleform.is_written_only(given.get(key), output):
            found[key] = ruletext.raw_text(given.get(key))
    return found
