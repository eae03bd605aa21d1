"""The HTTP API: other applications ask for decisions, read them back, and tell events.

`registry` holds the operations that `deciding`, `records`, `catalogues`, `happenings`, `signalling` and `works` declare
by the forms of `shapes`; `serving` makes routes of them, `openapi` their description, `page` the page to try them.
`gate` lets callers in, `bodies` and `parsing` read what they send, `once` carries a call out once, `telling` writes
what they may see, `problems` what is wrong.
"""
