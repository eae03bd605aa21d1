"""The tables as statements name them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table

from webadmin import models


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)


ABSENCES = _table(models.Absence)
ATTEMPTS = _table(models.Attempts)
AUDIT = _table(models.Audit)
CLIENTS = _table(models.Client)
CUSTOMERS = _table(models.Customer)
DATED = _table(models.Dated)
DEALS = _table(models.Deal)
DECISIONS = _table(models.DecisionRow)
DECISION_TERMS = _table(models.DecisionTerm)
DRAFTS = _table(models.Draft)
DRAFT_STATES = _table(models.DraftState)
ENTRIES = _table(models.ChainEntry)
EVENTS = _table(models.EventRow)
EVENT_TERMS = _table(models.EventTerm)
EXTERNAL_IDS = _table(models.ExternalId)
IDEMPOTENCY = _table(models.Idempotency)
IMPORTS = _table(models.Import)
IMPORT_CHANGES = _table(models.ImportChange)
JOBS = _table(models.Job)
JOB_FILES = _table(models.JobFile)
JOB_ROWS = _table(models.JobRow)
LOGINS = _table(models.Login)
PEOPLE = _table(models.Person)
PLANS = _table(models.Plan)
PLAN_MOVES = _table(models.PlanMove)
POSITIONS = _table(models.Position)
PROPOSALS = _table(models.Proposal)
PUBLICATIONS = _table(models.Publication)
REVISIONS = _table(models.Revision)
SAVED_MAPPINGS = _table(models.SavedMapping)
SIGNALS = _table(models.Signal)
TEAMS = _table(models.Team)
TOKENS = _table(models.Token)
UPLOADS = _table(models.FileUpload)
UPLOAD_PARTS = _table(models.UploadPart)
