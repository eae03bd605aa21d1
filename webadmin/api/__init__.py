"""The HTTP API: other applications ask for decisions, read them back, and tell events. Its parts: see README."""
