"""Patterns of events become signals: who looks at new events, in which stretch of a history, and what is kept of it.

`coverage` knows which patterns hold on a day, `stretches` reads the part of a key's history that a new event may
change, `judging` lets both engines look and says how signals should stand, `keeping` writes what differs from that,
and `looking` does all of it, batch after batch, from a position in the events' chain.
"""
