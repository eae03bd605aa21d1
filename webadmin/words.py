"""What the keys and choices of a document are called on the pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from policy.errors import Grade
from policy.kinds.statement import LineKind
from policy.model.comparison import What
from policy.model.decision import Status
from policy.model.document import Combine, FieldClass, FieldType, HitPolicy, Kind, OnUnknown, Severity
from webadmin.publishing.tested import Turn
from webadmin.publishing.timeline import Course
from webadmin.reassigning.applying import Sort
from webadmin.reassigning.assumed import Assumption
from webadmin.reassigning.keeping import Shared
from webadmin.reassigning.keeping import State as PlanState
from webadmin.reassigning.proposal import Cause
from webadmin.roster.winning import Bar
from webadmin.signals.cases import State as CaseState
from webadmin.store.contests import Part, Verdict
from webadmin.store.contests import Sort as Contestable
from webadmin.store.logins import Role
from webadmin.store.signals import State

ROLES = {
    Role.ADMIN: _("Administrator"),
    Role.MANAGER: _("Manager"),
    Role.ACCOUNT_MANAGER: _("Account manager"),
    Role.AUDITOR: _("Auditor"),
}

ATTRIBUTES = {
    "capacity": _("Capacity"),
    "certificates": _("Certificates"),
    "email": _("Mail address"),
    "hired_on": _("Hired on"),
    "industries": _("Industries"),
    "industry": _("Industry"),
    "languages": _("Languages"),
    "leaves_on": _("Leaves on"),
    "level": _("Level"),
    "monthly_wage": _("Monthly wage"),
    "name": _("Name"),
    "name_en": _("English name"),
    "needs": _("Needs"),
    "owner": _("Held by"),
    "parent": _("Team above"),
    "phone": _("Phone"),
    "quota": _("Quota"),
    "quota_currency": _("Currency of the quota"),
    "region": _("Region"),
    "regions": _("Regions served"),
    "role": _("Role"),
    "skills": _("Skills"),
    "status": _("Status"),
    "team": _("Team"),
    "tier": _("Tier"),
}
"""What is known of people, teams and customers, most of it from a day on; facts stay as their paths are written."""

STANDINGS = {
    "account-manager": _("Account manager"),
    "lead": _("Team lead"),
    "director": _("Director"),
    "finance": _("Finance"),
    "legal": _("Legal"),
    "general-manager": _("General manager"),
    "auditor": _("Auditor"),
    "active": _("active"),
    "leaving": _("leaving"),
    "left": _("has left"),
    "lost": _("lost"),
    "public": _("held by nobody"),
    "open": _("under way"),
    "won": _("won"),
}
"""Roles of people, and how people, customers and deals stand."""

SIGNAL_STATES = {
    State.RAISED: _("Both engines agree"),
    State.ONE_ENGINE: _("Found by one engine"),
    State.UNDER_REVIEW: _("Under review"),
    State.UNAVAILABLE: _("Second engine unavailable"),
    State.WITHDRAWN: _("Withdrawn"),
}

CASE_STATES = {
    CaseState.OPEN: _("Open: nothing is decided"),
    CaseState.DECIDED: _("A decision is on record"),
}

SIGNAL_MEANINGS = {
    State.RAISED: _("Both engines agree: each found the pattern in the same events."),
    State.ONE_ENGINE: _("Only our own engine can look for this pattern; it asks to be watched, no more."),
    State.UNDER_REVIEW: _("They differ: under review. Until a person has looked, take nothing for granted."),
    State.UNAVAILABLE: _("The second engine was unavailable: it will be asked again by itself."),
    State.WITHDRAWN: _("Withdrawn: the events no longer meet the pattern. Nothing is to be done."),
}

CONTESTABLE = {
    Contestable.CUSTOMER: _("Who holds a customer"),
    Contestable.LINE: _("A line of the pay"),
    Contestable.DEAL: _("A deal"),
    Contestable.MISSING: _("A missing deal"),
    Contestable.POINTS: _("Points"),
    Contestable.SIGNAL: _("A signal"),
    Contestable.CASE: _("A case"),
}

UNCOUNTED = {
    Bar.AMOUNT: _("No amount is on record, so it counts for nothing."),
    Bar.CURRENCY: _("It is in another currency than the quota, so it counts for nothing."),
    Bar.AHEAD: _("The day it is closed on is still to come: it counts from that day on, if it is won then."),
    Bar.DAY: _("The day it was closed on is not on record, so it counts in no quarter."),
}
"""Why a deal that was won does not count."""

ANSWERS = {
    Verdict.UPHELD: _("upheld: it was wrong"),
    Verdict.PARTLY: _("upheld in part"),
    Verdict.DECLINED: _("declined: it stays as it is"),
    Verdict.WITHDRAWN: _("taken back by whoever contested it"),
}

PARTS = {
    Part.OPENED: _("You opened the case it is about."),
    Part.DECIDED: _("You asked for the decision it comes from."),
    Part.ANSWERED: _("You have answered it before: what is contested again is heard by somebody else."),
    Part.MOVED: _("You carried out the change it is about: by hand, by a plan or by a file."),
    Part.LOADED: _("You loaded the deal it is about."),
    Part.GAINS: _("You hold the customer it is about, so you could gain from the answer."),
}
"""Why somebody does not answer what is contested."""

SEVERITIES = {
    Severity.WATCH: _("to watch"),
    Severity.WARN: _("to look at"),
    Severity.ACT: _("to act on"),
}

KINDS = {
    Kind.APPROVAL: _("Approval"),
    Kind.ASSIGNMENT: _("Assignment"),
    Kind.INCENTIVE: _("Incentive"),
    Kind.PENALTY: _("Penalty"),
    Kind.SCORECARD: _("Scorecard"),
}

KIND_MEANINGS = {
    Kind.APPROVAL: _("Which approvals a request needs, who may give them, and who may not."),
    Kind.ASSIGNMENT: _("Who is to serve a customer, and who cannot, each with the reason."),
    Kind.INCENTIVE: _("What a person has earned in a period, line by line."),
    Kind.PENALTY: _("Which measures may be proposed, and what each one still needs. A person decides."),
    Kind.SCORECARD: _("Points for what is known, and the grade they make."),
}

STATUSES = {
    Status.DECIDED: _("Decided"),
    Status.NO_HIT: _("No rule hit"),
    Status.UNDETERMINED: _("Undetermined"),
    Status.CONFLICT: _("Conflict"),
}

STATUS_MEANINGS = {
    Status.DECIDED: _("The rules give an answer."),
    Status.NO_HIT: _("No rule hit, and not every output has a default: the policy has no answer for these facts."),
    Status.UNDETERMINED: _("Something is missing that could change the answer, so there is none."),
    Status.CONFLICT: _("Rules that must not hit together did: the policy contradicts itself here."),
}

HIT_POLICIES = {
    HitPolicy.UNIQUE: _("At most one rule may hit; two are a conflict."),
    HitPolicy.ANY: _("Several rules may hit if they agree; else it is a conflict."),
    HitPolicy.PRIORITY: _("Of the rules that hit, the one with the best outcome counts."),
    HitPolicy.FIRST: _("The first rule that hits counts, from top to bottom."),
    HitPolicy.RULE_ORDER: _("Every rule that hits counts, listed in the order of the rules."),
    HitPolicy.OUTPUT_ORDER: _("Every rule that hits counts, listed from the best outcome down."),
    HitPolicy.COLLECT: _("Every rule that hits counts, and their outcomes are put together."),
}

ON_UNKNOWN = {
    OnUnknown.STOP: _("If something missing could change the answer, there is none."),
    OnUnknown.SKIP: _("A condition that cannot be known counts as not met."),
}

COMBINE = {
    Combine.LIST: _("listed"),
    Combine.UNION: _("each once, in the declared order"),
    Combine.SUM: _("added up"),
    Combine.MIN: _("the least"),
    Combine.MAX: _("the greatest"),
    Combine.COUNT: _("counted"),
}

TYPES = {
    FieldType.STRING: _("text"),
    FieldType.NUMBER: _("number"),
    FieldType.BOOLEAN: _("yes or no"),
    FieldType.DATE: _("date"),
    FieldType.TIME: _("time"),
    FieldType.DATE_TIME: _("date and time"),
    FieldType.DAYS_DURATION: _("days and hours"),
    FieldType.MONTHS_DURATION: _("years and months"),
    FieldType.LIST: _("list"),
    FieldType.CONTEXT: _("free form"),
}

TYPE_EXAMPLES = {
    FieldType.TIME: "09:30:00",
    FieldType.DATE_TIME: "2026-03-01T09:30:00+08:00",
    FieldType.DAYS_DURATION: "P7D",
    FieldType.MONTHS_DURATION: "P12M",
}

CLASSES = {
    FieldClass.OPEN: _("open"),
    FieldClass.PERSONAL: _("personal"),
    FieldClass.PAY: _("pay"),
    FieldClass.IDENTITY: _("identity"),
    FieldClass.FORBIDDEN: _("forbidden"),
}

GRADES = {Grade.ERROR: _("Error"), Grade.WARNING: _("Warning"), Grade.NOTE: _("Note")}

GROUPS = {
    "case": _("Case"),
    "customer": _("Customer"),
    "manager": _("Account manager"),
    "offer": _("Offer"),
    "opening": _("Brought forward"),
    "order": _("Order"),
    "owner": _("Present owner"),
    "person": _("Person"),
    "requester": _("Requester"),
    "review": _("Performance review"),
    "team": _("Team"),
}
"""What the first names of paths stand for; a name of somebody's own stays as it is."""

UNITS = {
    "days": _("days"),
    "hours": _("hours"),
    "load": _("of load"),
    "months": _("months"),
    "people": _("people"),
    "points": _("points"),
}
"""Units in words; any other stays as it is written."""

BARS = {
    "who": _("not meant by this stage"),
    "requester": _("asks for it"),
    "inactive": _("no longer employed"),
    "absent": _("away"),
    "full": _("would have more than is aimed at"),
    "unmoved": _("the customer is not to be moved any more"),
    "gone": _("not among those who may be thought of"),
}
"""Why a person may not, where no row of the policy says it."""

EVIDENCE = {"any": _("evidence of any kind")}

RESULTS = {
    "assigned": _("Assigned to"),
    "otherwise": _("If nobody is eligible"),
    "currency": _("Currency"),
    "credited": _("Credited"),
    "measure": _("Measure of achievement"),
    "earned": _("Earned"),
    "total": _("Total"),
    "paid": _("Comes to"),
    "carried": _("Carried forward"),
    "held": _("Held back"),
    "final": _("Final"),
    "needed": _("Approval needed"),
    "barred": _("May not act"),
    "enough": _("Enough may act"),
    "running": _("Running total"),
    "index": _("Place"),
    "needs": _("Still needs"),
}
"""Single values of what a kind makes of an outcome."""

SIDES = {"one": "A", "other": "B"}
"""What the two revisions of a comparison are called on its pages, in every language."""

VERDICTS = {
    "same": _("Decided the same"),
    "changed": _("Decided differently"),
    "open": _("No answer on one side or both"),
    "refused": _("Cannot be decided"),
    "erased": _("Erased"),
}
"""What a case comes to under two revisions."""

GROUPINGS = {
    "person": _("Person"),
    "team": _("Team"),
    "region": _("Region"),
    "level": _("Level of the person"),
    "tier": _("Tier of the customer"),
    "month": _("Month"),
}
"""What compared cases are grouped by."""

ACTS = {
    "notice": _("notice to the person"),
    "answer-window": _("time to answer"),
    "decision-by-a-person": _("a decision by a person"),
    "appeal-window": _("time to appeal"),
    "union-opinion": _("opinion of the union"),
    "legal-opinion": _("legal opinion"),
}
"""What every measure needs, whatever the policy says, and what law asks for beside; other acts stay as written."""

LINES = {
    LineKind.BAND: _("rate table"),
    LineKind.CREDIT: _("credit"),
    LineKind.AT_MOST: _("cap"),
    LineKind.ADD: _("addition"),
    LineKind.HOLD: _("held back"),
}

DIFFERENCES = {
    What.ADDED: _("added"),
    What.REMOVED: _("removed"),
    What.MOVED: _("moved"),
    What.CHANGED: _("changed"),
}

TURNS = {
    Turn.EXPECTS: _("expects something else"),
    Turn.GIVEN: _("gets other facts"),
    Turn.RENAMED: _("renamed"),
    Turn.REMOVED: _("removed"),
    Turn.ADDED: _("added"),
}
"""What becomes of a test."""

PROPOSALS = {
    "open": _("Waiting"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "returned": _("Changes asked for"),
    "withdrawn": _("Taken back"),
}

COURSES = {
    Course.NOW: _("In effect"),
    Course.LATER: _("To begin"),
    Course.GOES_ON: _("Goes on"),
    Course.NEVER: _("Never in effect"),
}
"""What publications are by now; those of the past need no word."""

BARRED = {
    "own": _("You proposed this, so somebody else has to approve it."),
    "written": _("You have written some of this, so somebody else has to approve it."),
    "kind": _("Your login does not approve policies of this kind."),
    "report-missing": _(
        "It changes what people are paid, perhaps you among them: make the report of its impact first."
    ),
    "report-running": _(
        "It changes what people are paid, perhaps you among them: the report of its impact is being made, wait for it."
    ),
    "report-short": _(
        "It changes what people are paid, perhaps you among them: make a report of the last 90 days at least, the days"
        " offered above."
    ),
    "report-empty": _(
        "It changes what people are paid, perhaps you among them, and no decision is recorded in this time that would"
        " show who gains: somebody who is paid by no policy has to approve it."
    ),
    "gain": _("Nobody gains more by this change than you: somebody else has to approve it."),
}

PLAN_STATES = {
    PlanState.SAVED: _("not carried out"),
    PlanState.APPLIED: _("carried out"),
    PlanState.UNDONE: _("undone"),
}

SHARED = {
    Shared.OWN: _("only me"),
    Shared.LEADS: _("managers and administrators who see these people"),
    Shared.ALL: _("everybody who sees these people and may simulate or audit"),
}

SEEN_ONCE_CARRIED_OUT = {
    Shared.OWN: _("who made it, and administrators and auditors who see these people"),
    Shared.LEADS: _("managers, administrators and auditors who see these people"),
    Shared.ALL: SHARED[Shared.ALL],
}
"""Who sees a plan once it was carried out, whether or not that was undone: those who check do, too."""

ASSUMED = {
    Assumption.DAY: _("Calculated for the day"),
    Assumption.POLICY: _("Proposed by"),
    Assumption.LEAVES: _("Leaves"),
    Assumption.AWAY: _("Away"),
    Assumption.JOINS: _("Joins"),
    Assumption.CAPACITY: _("Capacity"),
    Assumption.BALANCE: _("Rebalance a team"),
    Assumption.LOST: _("Lost customers"),
    Assumption.AMONG: _("Thought of under this plan alone"),
}
"""What two plans assume differently."""

CAUSES = {
    Cause.LEAVES: _("owner leaves"),
    Cause.AWAY: _("owner is away"),
    Cause.BALANCE: _("owner has too much"),
}

DRIFTS = {
    Sort.OWNER: _("%(name)s was held by %(was)s and is held by %(now)s"),
    Sort.COUNT: _("customers of %(name)s: %(was)s before, %(now)s now"),
    Sort.CAPACITY: _("%(name)s had a capacity of %(was)s and has %(now)s"),
    Sort.GONE: _("%(name)s has left"),
    Sort.AWAY: _("%(name)s is away"),
}
"""What has changed of the roster since a plan was calculated."""

NOTES = {
    "roll-back": _("Roll back"),
    "bring-back": _("Bring back"),
    "call-off": _("Call off"),
}
"""Why something is proposed where nobody wrote why: kept by these names, so that every reader gets it said."""

DECISIONS = {
    "approver": _("Approver"),
    "by": _("Because of"),
    "credits": _("Credits"),
    "excluded": _("Not eligible"),
    "have": _("There are"),
    "hits": _("Rules that hit"),
    "lines": _("Lines"),
    "manager": _("Account manager"),
    "may_act": _("May act"),
    "missing": _("Missing"),
    "outcome": _("What the rules give"),
    "proposed": _("Proposed"),
    "ranked": _("Ranking"),
    "result": _("Result"),
    "row": _("Row"),
    "skipped": _("left out"),
    "status": _("Status"),
    "terms": _("Parts of the score"),
    "to": _("To"),
    "unknown": _("Not known"),
}
"""Parts of a decision, where one says what a test compares."""
