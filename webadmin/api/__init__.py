"""The HTTP API: other applications ask for decisions, read them back, tell events, and propose what shall be in effect.

`registry` holds the operations that `deciding`, `records`, `catalogues`, `happenings`, `proposing`, `signalling` and
`works` declare by the forms of `shapes` and `proposalshapes`; `serving` makes routes of them, `openapi` their
description, `page` the page to try them. `gate` lets callers in, `bodies` and `parsing` read what they send, `once`
carries a call out once, `telling` writes what they may see, `problems` what is wrong.
"""
