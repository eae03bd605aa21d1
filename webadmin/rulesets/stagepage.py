"""The stages of an approval policy as their page has them: opened, changed while typed, and saved into the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from policy.conditions import Group
from policy.errors import Finding, Grade
from policy.model.document import PolicyDocument
from policy.values import Text
from webadmin import library
from webadmin.filters import sentence
from webadmin.library import Look
from webadmin.rulesets import barform, bartext, drafting, ruleform, stageform, stagetext
from webadmin.rulesets.barform import BarForm
from webadmin.rulesets.editing import MissingError
from webadmin.rulesets.known import Known, known, with_approver
from webadmin.rulesets.ruleshow import Said, Shown, show
from webadmin.rulesets.ruletext import MistakesError
from webadmin.rulesets.stageform import Knows, StageForm
from webadmin.rulesets.stagetext import Use
from webadmin.store import drafts
from webadmin.store.record import Record
from webadmin.store.revisions import Act

STRUCTURE = ("line", "group", "text", "remove")
"""What can be done to the parts of a condition, each with the place of a part after a colon."""

ARRANGING = ("up", "down", "drop")
"""What can be done to a stage, each with its position, from 0, after a colon."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition of a stage, as the inputs of a condition are made from it.

    Attributes:
        empty: What it says where it has no lines.
    """

    condition: Shown
    known: Known
    said: Said
    focus: str
    empty: str

    @property
    def fields(self) -> list[tuple[bool, list[tuple[str, Text | None]]]]:
        """Return what a line can name."""
        return self.known.groups


@dataclass(frozen=True, slots=True)
class Page:
    """The form of all stages, and of the separation of duties.

    Attributes:
        look: At the text it was opened with.
        since: Number of the state of the draft it was opened in.
        bars: Rows of the separation.
        said: What is wrong, by the name of the input.
        focus: Name of the part that was added, or beside which one was taken away.
    """

    look: Look
    since: int
    stages: Sequence[StageForm]
    knows: Knows
    bars: Sequence[BarForm] = ()
    said: Said = field(default_factory=dict)
    focus: str = ""

    def who(self, at: int) -> Asked:
        """Return the condition on who may act in a stage."""
        return self._asked(self.stages[at].who, self.knows.who, gettext("No lines: nobody may act yet."))

    def unless(self, at: int) -> Asked:
        """Return the condition under which a stage is left out."""
        return self._asked(self.stages[at].unless, self.knows.unless, gettext("No lines: the stage is never left out."))

    def never(self, at: int) -> Asked:
        """Return the condition on who may not act by a row of the separation."""
        return self._asked(self.bars[at].never, self.knows.who, gettext("No lines: nobody is kept from acting yet."))

    def _asked(self, tree: Group, known: Known, empty: str) -> Asked:
        return Asked(show(tree, known), known, self.said, self.focus, empty)

    @property
    def uses(self) -> Mapping[str, Use]:
        """Return what names each stage of the text, by its id."""
        document = self.look.document
        if not isinstance(document, PolicyDocument):
            return {}
        return {each.id: stagetext.use_of(document, each.id) for each in stagetext.stages_of(document)}


@dataclass(frozen=True, slots=True)
class Saved:
    """Stages that were saved.

    Attributes:
        version: Number of the state of the draft.
        is_merged: Whether it holds what somebody else changed besides.
        stage: Id of the stage to show then; empty for none.
    """

    version: int
    is_merged: bool
    stage: str


def opened(look: Look) -> Page:
    """Open the stages of a draft.

    Raises:
        MissingError: it is of another kind.
    """
    knows = _knows(look)
    stages = stageform.numbered([stageform.of_stage(each, knows) for each in stagetext.stages_of(look.document)])
    bars = barform.numbered([barform.of_row(each, knows.who) for each in bartext.rows_of(look.document)])
    since = int(look.draft.version) if look.draft is not None else 0
    found = {**stagetext.placed(look, stages, knows), **bartext.placed(look, bars, knows.who)}
    return Page(look, since, stages, knows, bars, _told(found))


def typed(record: Record, look: Look, form: MultiDict[str, str], act: Act) -> Page:
    """Return the page with what was typed, on the text of the state of the draft it was opened in.

    Raises:
        MissingError: that text has no stages.
        BadRequest: the form is none of ours.
        RequestEntityTooLarge: it holds too much.
    """
    since = form.get("since", 0, type=int)
    with record.engine.connect() as connection:
        state = drafts.state(connection, look.name, since)
        began = look if state is None else library.draft_with(connection, look.name, state.text, act.today)
    knows = _knows(began)
    stages, bars = stageform.from_form(form, knows), barform.from_form(form, knows.who)
    own = [{each.id for each in rows_of(began.document)} for rows_of in (stagetext.stages_of, bartext.rows_of)]
    if [{each.was for each in stages} - {""}, {each.was for each in bars} - {""}] != own:
        raise BadRequest
    return Page(began, since, stages, knows, bars)


def rebuilt(page: Page, what: str) -> Page:
    """Return the page with a part or a stage more or less, or with inputs that fit what is chosen."""
    verb, _, place = what.partition(":")
    if verb == "add":
        return _with(page, [*page.stages, stageform.empty()], f"s{len(page.stages)}.id")
    if verb == "drop":
        kept = [each for at, each in enumerate(page.stages) if at != _position(page, place)]
        return _with(page, kept, f"s{max(int(place) - 1, 0)}.id")
    if verb == "bar":
        return _barred(page, [*page.bars, barform.empty()], f"b{len(page.bars)}.id")
    if verb == "unbar":
        left = [each for at, each in enumerate(page.bars) if at != _bar_at(page, place)]
        return _barred(page, left, f"b{max(int(place) - 1, 0)}.id")
    if verb in STRUCTURE:
        return _structured(page, verb, place)
    return _with(page, page.stages, place)


def _structured(page: Page, verb: str, place: str) -> Page:
    """Return the page with a part of a condition more or less."""
    if verb == "remove":
        bars = [replace(each, never=ruleform.without_part(each.never, place)) for each in page.bars]
        kept = _with(page, [_without_part(each, place) for each in page.stages], ruleform.beside(place))
        return _barred(kept, bars, kept.focus)
    made = [_with_part(each, place, verb) for each in page.stages]
    trees = [ruleform.with_part(each.never, place, verb) for each in page.bars]
    focus = next((at for _, at in (*made, *trees) if at), place)
    bars = [replace(each, never=tree) for each, (tree, _) in zip(page.bars, trees, strict=True)]
    return _barred(_with(page, [each for each, _ in made], focus), bars, focus)


def _without_part(stage: StageForm, place: str) -> StageForm:
    who, unless = (ruleform.without_part(each, place) for each in (stage.who, stage.unless))
    return replace(stage, who=who, unless=unless)


def _with_part(stage: StageForm, place: str, verb: str) -> tuple[StageForm, str]:
    (who, one), (unless, other) = (ruleform.with_part(each, place, verb) for each in (stage.who, stage.unless))
    return replace(stage, who=who, unless=unless), one or other


def is_unsaved(page: Page, place: str) -> bool:
    """Say whether the stage at a position is not in the text yet."""
    return page.stages[_position(page, place)].is_new


def is_unsaved_bar(page: Page, place: str) -> bool:
    """Say whether the row of the separation at a position is not in the text yet."""
    return page.bars[_bar_at(page, place)].is_new


def saved(record: Record, page: Page, what: str, act: Act) -> Saved:
    """Save the stages into the draft, one of them moved or taken out where a button asks for it.

    Raises:
        MistakesError: what was typed cannot be written, or a stage that is to be taken out is named elsewhere.
        MissingError: a stage is not there any more.
        ConflictError: somebody else has changed the same lines meanwhile.
        NoDraftError: there is no draft any more.
        BusyError: it could not be written.
    """
    verb, _, place = what.partition(":")
    at = _position(page, place) if verb in ARRANGING else -1
    out = _bar_at(page, place) if verb == "unbar" else -1
    said = stagetext.mistakes(page.stages, page.knows) | bartext.mistakes(page.bars, page.knows.who)
    said = {name: each for name, each in said.items() if name.split(".")[0] != f"b{out}"}
    if verb == "drop":
        said = {name: each for name, each in said.items() if name.split(".")[0] != f"s{at}"} | _in_use(page, at)
    if said:
        raise MistakesError(said)
    stages = _arranged(page.stages, verb, at)
    shown = page.stages[at].id if verb in ("up", "down") else ""
    bars = [each for number, each in enumerate(page.bars) if number != out]
    text = stagetext.written(page.look.text, stages, page.knows)
    text = bartext.written(text, bars, page.knows.who)
    version, is_merged = drafting.save(record, page.look.name, text, page.since, act, what="stages")
    return Saved(version, is_merged, shown)


def _arranged(stages: Sequence[StageForm], verb: str, at: int) -> list[StageForm]:
    """Return stages with the one at a position moved, or without it."""
    if verb not in ARRANGING:
        return list(stages)
    rest = [each for number, each in enumerate(stages) if number != at]
    if verb == "drop":
        return rest
    to = min(max(at + (1 if verb == "down" else -1), 0), len(rest))
    return [*rest[:to], stages[at], *rest[to:]]


def with_mistakes(page: Page, error: MistakesError) -> Page:
    """Return the page with what is wrong beside what was typed."""
    said = {name: [(str(Grade.ERROR), each) for each in below] for name, below in error.said.items()}
    return replace(page, said=said)


def _in_use(page: Page, at: int) -> dict[str, list[str]]:
    """Say what names a stage that is to be taken out; nothing where nothing does."""
    stage = page.stages[at]
    use = page.uses[stage.was]
    late = [each.id or each.was for each in page.stages if each.late == stage.was and each is not stage]
    said = []
    if use.rules:
        said.append(gettext("Rules give this stage; take it out of them first: %(rules)s", rules=", ".join(use.rules)))
    if late:
        said.append(gettext("Stages go to it when their time is over: %(stages)s", stages=", ".join(late)))
    if use.outputs:
        said.append(gettext("It counts where no rule gives anything: change that in the text first."))
    return {f"s{at}": said} if said else {}


def _position(page: Page, place: str) -> int:
    if not place.isdecimal() or int(place) >= len(page.stages):
        raise BadRequest
    return int(place)


def _bar_at(page: Page, place: str) -> int:
    if not place.isdecimal() or int(place) >= len(page.bars):
        raise BadRequest
    return int(place)


def _with(page: Page, stages: Sequence[StageForm], focus: str) -> Page:
    return replace(page, stages=stageform.numbered(stages), said={}, focus=focus)


def _barred(page: Page, bars: Sequence[BarForm], focus: str) -> Page:
    return replace(page, bars=barform.numbered(bars), said={}, focus=focus)


def _knows(look: Look) -> Knows:
    if not isinstance(look.document, PolicyDocument):
        raise MissingError
    plain = known(look)
    return Knows(with_approver(look, plain), plain)


def _told(found: Mapping[str, Sequence[Finding]]) -> Said:
    return {name: [(str(each.grade), sentence(each)) for each in below] for name, below in found.items()}
