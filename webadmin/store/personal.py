"""In which columns a person can be named, and in which not: every column of text is in one of the two.

The chains and the roster of people have ways of their own; see `emptying` and `erase`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from webadmin.store.tables import (
    CLIENTS,
    CUSTOMERS,
    DATED,
    DEALS,
    DRAFT_STATES,
    DRAFTS,
    IMPORT_CHANGES,
    IMPORTS,
    JOB_ROWS,
    JOBS,
    PLAN_MOVES,
    PLANS,
    PROPOSALS,
    PUBLICATIONS,
    REVISIONS,
    SAVED_MAPPINGS,
    SIGNALS,
    TEAMS,
    TOKENS,
)

FREE: Mapping[Table, tuple[str, ...]] = {
    CLIENTS: ("name",),
    CUSTOMERS: ("name", "name_en", "phone"),
    DATED: ("value",),
    DEALS: ("facts",),
    DRAFTS: ("author",),
    DRAFT_STATES: ("author",),
    JOB_ROWS: ("body",),
    IMPORTS: ("name", "actor", "undone_by"),
    IMPORT_CHANGES: ("before", "after"),
    JOBS: ("arguments", "checkpoint", "result", "problem", "created_by"),
    PLAN_MOVES: ("giver", "taker", "why", "carried_by", "taken_back_by"),
    PLANS: ("name", "author", "people", "what_if", "proposal", "by_hand", "earlier", "before", "problem", "applied"),
    PROPOSALS: ("author", "written_by", "note", "decided_by", "remark"),
    PUBLICATIONS: ("author", "approver", "note"),
    REVISIONS: ("author",),
    SAVED_MAPPINGS: ("text", "author"),
    SIGNALS: ("key", "key_term", "body"),
    TEAMS: ("name", "name_en"),
    TOKENS: ("created_by",),
}
"""Table → columns in which a person can be named; an erasure takes the person out of them."""

CODED: Mapping[str, tuple[str, ...]] = {
    "attempts": ("key",),
    "absences": ("id", "person_id", "event_id"),
    "chain_entries": ("chain", "row_id"),
    "clients": ("id",),
    "customers": ("id", "erased_by", "spelled"),
    "dated": ("id", "of", "of_id", "attribute", "event_id"),
    "deals": ("id", "customer_id", "owner_id", "stage", "event_id"),
    "draft_states": ("document", "text", "what"),
    "drafts": ("document", "text", "based_on"),
    "external_ids": ("of", "source", "external", "own_id"),
    "idempotency": ("client_id", "key", "response"),
    "imports": ("id", "into", "source", "digest", "joined", "mapping"),
    "import_changes": ("import_id", "of", "of_id", "attribute"),
    "job_files": ("job_id", "name"),
    "job_rows": ("job_id", "decision_id", "verdict"),
    "jobs": ("id", "kind", "state", "worker"),
    "logins": ("id", "name", "password", "person_id", "role", "kinds", "teams", "stamp"),
    "people": ("id", "name", "name_en", "email", "spelled", "erased_by"),
    "plan_moves": ("plan_id", "customer_id"),
    "plans": ("id", "policy", "revision", "state", "shared", "job"),
    "positions": ("name",),
    "proposals": ("id", "batch", "revision_id", "document", "state"),
    "publications": ("document", "revision_id", "proposal_id"),
    "revisions": ("id", "document", "digest", "text"),
    "saved_mappings": ("name", "into"),
    "signals": ("id", "identity", "policy", "revision", "pattern", "severity", "key_path", "state"),
    "teams": ("id",),
    "tokens": ("id", "client_id", "scopes", "classes"),
    "upload_parts": ("upload_id", "name"),
    "uploads": ("id", "name", "digest", "mapping", "created_by", "job_id"),
}
"""Table → columns that name nobody, whose rows are removed as a whole, that stay as they are (texts of policies), or
that follow from others, as what a name is found by does: see `spelling`."""
