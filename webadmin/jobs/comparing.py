"""`compare`: many cases under two revisions of a policy: recorded facts of a period, or the rows of a file.

Each case is decided under both, as of its own day; nothing is logged as a decision. The result says how many differ,
from what to what, how much and for whom; every row is kept beside the job. What a page of cases came to and how far
the job is are saved in one transaction, so a worker may be killed anywhere and the report is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from policy.errors import SourceError
from policy.tables import Refusal
from policy.tables import Row as FileRow
from policy.values import Language, Text
from webadmin.access import members
from webadmin.access.circle import Circle, circle_of
from webadmin.access.members import Member
from webadmin.comparison import files, sides, tally
from webadmin.comparison.grouping import About, Grouping
from webadmin.comparison.pair import LONGEST_FOUND, Answer, Pair, Verdict, Why
from webadmin.comparison.sides import SideError
from webadmin.comparison.tally import Case, Found, Tally
from webadmin.decisions.service import today
from webadmin.jobs.context import JobContext, ProblemError
from webadmin.jobs.laying import laid_out
from webadmin.jobs.selecting import query_of, refused
from webadmin.store import decisions, jobrows, logins, sifting
from webadmin.store.jobrows import Row
from webadmin.store.recompute import parsed
from webadmin.store.sifting import Sought

KIND = "compare"

MOST = 100_000
"""Cases one comparison looks at: the newest decisions, or the first rows of a file."""

PAGE = 250
"""Cases of one step."""

GONE = Text("发起比较的登录名已不存在", "the login that asked for the comparison is gone")
UNREADABLE = Text("文件无法读取：{first}", "the file cannot be read: {first}")


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Compare.

    Args:
        context: The job.
        arguments: `policy`; `one` and `other`, as `Side.to_data` gives them; `login`, the id of who asks: only what
            it may see is looked at. Of recorded decisions also what `webadmin.jobs.selecting` describes; of a file,
            which is handed over with the job, `file`, its name, and `as_of`, the day of rows that name none.

    Returns:
        What `tally.begun` begins, `total`, and `is_cut`: whether there was more than is looked at.

    Raises:
        ProblemError: an argument cannot be read, a revision does not load, or the file cannot be read.
    """
    work = _Work(context, arguments)
    state = context.resumed or work.begun()
    for page in work.pages(state):
        state = work.after(state, page)
        context.progress(state["done"], state["total"])
        context.checkpoint(state, partial(jobrows.add, job=context.job.id, rows=page.rows))
    return {**state["sums"], "total": state["done"]}


class _Page:
    """One step: cases, or why there are none, and the rows they become."""

    def __init__(self, given: Sequence[Any], before: str | None = None) -> None:
        self.given = given
        self.before = before
        self.rows: list[Row] = []


class _Work:
    """A comparison while it runs."""

    def __init__(self, context: JobContext, arguments: Mapping[str, Any]) -> None:
        self._context = context
        self._arguments = arguments
        self._is_file = arguments.get("file") is not None
        if not arguments.get("policy"):
            raise refused("policy")
        with context.record.engine.connect() as connection:
            self._pair = _pair(context, connection, arguments)
            self._member = _member(connection, arguments)
            self._circle = circle_of(connection, self._member, today(context.job.created_at))
            subject = self._pair.other.rule_set.document.subject
            self._grouping = Grouping(connection, subject, self._circle)
            self._sought = _sought(connection, arguments, self._circle)

    def begun(self) -> dict[str, Any]:
        """Return the state before the first page."""
        total = 0
        if not self._is_file:
            with self._context.record.engine.connect() as connection:
                total = len(sifting.newest(connection, self._sought, MOST + 1))
        shown = min(total, MOST) if not self._is_file else None
        return {"before": None, "done": 0, "total": shown, "sums": {**tally.begun(), "is_cut": total > MOST}}

    def pages(self, state: Mapping[str, Any]) -> Iterator[_Page]:
        """Yield what is still to be done."""
        yield from self._of_file(state) if self._is_file else self._of_record(state)

    def after(self, state: dict[str, Any], page: _Page) -> dict[str, Any]:
        """Return the state after one more page, whose rows are made."""
        counted = Tally(self._pair, state["sums"], self._member.classes)
        made = [self._file_case(each) if self._is_file else self._recorded_case(each) for each in page.given]
        about = [None if each is None else self._grouping.about(each.facts) for each in made]
        with self._context.record.engine.connect() as connection:
            self._grouping.learn(connection, [each for each in about if each is not None])
        for place, (given, case, whom) in enumerate(zip(page.given, made, about, strict=True), state["done"] + 1):
            page.rows.append(self._row(counted, place, given, case and self._grouped(case, whom, place), whom))
        return {**state, "before": page.before, "done": state["done"] + len(page.given)}

    def _of_record(self, state: Mapping[str, Any]) -> Iterator[_Page]:
        done, before = state["done"], state["before"]
        while done < MOST:
            with self._context.record.engine.connect() as connection:
                sought = _before(self._sought, before)
                names = sifting.newest(connection, sought, min(PAGE, MOST - done))
                found = sifting.rows(connection, names)
            if not names:
                return
            before, done = names[-1], done + len(found)
            yield _Page(found, before)

    def _of_file(self, state: Mapping[str, Any]) -> Iterator[_Page]:
        with laid_out(self._context, 0) as folder:
            try:
                path = folder / self._arguments["file"]
                rows = files.rows(path, self._pair.one, self._pair.other, self._arguments["as_of"])
                left = islice(rows, state["done"], MOST)
                while page := list(islice(left, PAGE)):
                    yield _Page(page)
                state["sums"]["is_cut"] = next(rows, None) is not None
            except SourceError as error:
                raise ProblemError(_unreadable(error)) from error

    def _recorded_case(self, found: decisions.Found) -> Case | None:
        if found.body is None:
            return None
        body = parsed(found.body)
        return Case(0, body["facts"], body["decision"]["as_of"], decision=found.id, events=tuple(body["events"]))

    def _file_case(self, row: FileRow) -> Case | None:
        return None if row.facts is None or row.as_of is None else Case(row.number, row.facts, row.as_of)

    def _grouped(self, case: Case, about: About | None, place: int) -> Case:
        if about is None:
            return case
        groups = self._grouping.groups(about, case.as_of)
        outside = self._grouping.outside(groups.get("person", ()))
        return replace(case, number=case.number or place, key=about.key, groups=groups, outside=outside)

    def _row(self, counted: Tally, place: int, given: Any, case: Case | None, about: About | None) -> Row:
        if case is not None:
            found = counted.add(case)
            whom = [] if about is None else about.terms()
            return Row(place, case.decision, found.verdict, found.change, {**_told(found), "who": whom})
        if self._is_file:
            return self._refused(counted, place, given)
        counted.leave(Verdict.ERASED)
        return Row(place, given.id, Verdict.ERASED, None, {})

    def _refused(self, counted: Tally, place: int, row: FileRow) -> Row:
        counted.refuse(row.number, map(_why, row.problems))
        said = [{"row": each.row, "column": each.column, "text": _said(each)} for each in row.problems[:5]]
        return Row(place, None, Verdict.REFUSED, None, {"row": row.number, "key": row.key, "problems": said})


def _told(found: Found) -> dict[str, Any]:
    """Return of a case what its row keeps; of recorded decisions no facts, as those stand in the record."""
    case = found.case
    told: dict[str, Any] = {"key": case.key, "as_of": case.as_of, "one": _side(found.one, found.why.get("one"))}
    if found.verdict is not Verdict.SAME:
        told |= {"other": _side(found.other, found.why.get("other")), "rules": list(found.rules)}
    amounts = {each.key: list(values) for each, values in found.amounts.items()}
    told |= {"amounts": amounts} if amounts else {}
    return told if case.decision is not None else {**told, "row": case.number, "facts": dict(case.facts)}


def _side(answer: Answer, why: tuple[str, Any] | None) -> dict[str, Any]:
    told: dict[str, Any] = {} if why is None else {"why": why[1]}
    if answer.data is None:
        return {"status": "refused", **told}
    return {"status": answer.data["status"], "outcome": answer.data["outcome"], "hits": answer.data["hits"], **told}


def _why(refusal: Refusal) -> Why:
    found = refusal.values.get("found")
    value = str(found)[:LONGEST_FOUND] if isinstance(found, str | int) and found != refusal.field else None
    text = Text(refusal.text(Language.ZH), refusal.text(Language.EN))
    return Why(f"{refusal.code} {refusal.column or ''}".rstrip(), text, value)


def _said(refusal: Any) -> dict[str, str]:
    return {str(each): refusal.text(each) for each in Language}


def _pair(context: JobContext, connection: Connection, arguments: Mapping[str, Any]) -> Pair:
    try:
        one, other = (
            sides.restored(context.record, connection, arguments["policy"], arguments[name])
            for name in ("one", "other")
        )
    except SideError as error:
        raise ProblemError(error.text) from error
    return Pair(one, other)


def _member(connection: Connection, arguments: Mapping[str, Any]) -> Member:
    row = logins.of_id(connection, str(arguments.get("login")))
    if row is None:
        raise ProblemError(GONE)
    return members.member_of(row)


def _sought(connection: Connection, arguments: Mapping[str, Any], circle: Circle) -> Sought:
    query = query_of(arguments)
    terms = query.terms if circle.is_all else (*query.terms, circle.terms(connection))
    return Sought(terms, query.policy, None, query.since, query.until)


def _before(sought: Sought, name: str | None) -> Sought:
    return Sought(sought.terms, sought.policy, sought.revision, sought.since, sought.until, name)


def _unreadable(error: SourceError) -> Text:
    place, first = files.findings(error)[0]
    said = {each: f"{place}: {first.text(each)}" for each in Language}
    return Text(UNREADABLE.zh.format(first=said[Language.ZH]), UNREADABLE.en.format(first=said[Language.EN]))
