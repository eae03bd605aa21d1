"""Every table. Rows of chains are only ever added; what a person can be known by lies in rows that can be emptied.

Instants are UTC, days are calendar days, periods are half-open. Documents (policies, the vocabulary, reference
tables) are known by a name: `approval.order`, `vocabulary`, `reference/exchange-rate`.
"""

from webadmin.models.access import Attempts, Client, Idempotency, Login, Token
from webadmin.models.base import db
from webadmin.models.chains import Audit, ChainEntry, DecisionRow, DecisionTerm, EventRow, EventTerm
from webadmin.models.documents import Draft, DraftState, Proposal, Publication, Revision
from webadmin.models.imports import FileUpload, Import, ImportChange, SavedMapping, UploadPart
from webadmin.models.jobs import Job, JobFile, JobRow
from webadmin.models.plans import Plan, PlanMove
from webadmin.models.roster import Absence, Customer, Dated, Deal, ExternalId, Person, Team
from webadmin.models.signals import Position, Signal

__all__ = [
    "Absence",
    "Attempts",
    "Audit",
    "ChainEntry",
    "Client",
    "Customer",
    "Dated",
    "Deal",
    "DecisionRow",
    "DecisionTerm",
    "Draft",
    "DraftState",
    "EventRow",
    "EventTerm",
    "ExternalId",
    "FileUpload",
    "Idempotency",
    "Import",
    "ImportChange",
    "Job",
    "JobFile",
    "JobRow",
    "Login",
    "Person",
    "Plan",
    "PlanMove",
    "Position",
    "Proposal",
    "Publication",
    "Revision",
    "SavedMapping",
    "Signal",
    "Team",
    "Token",
    "UploadPart",
    "db",
]
