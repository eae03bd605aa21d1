"""Decisions: made under the revision in effect, kept before they are answered."""
