"""Pages of signals: what patterns of events ask somebody to look at, and the case a person may open."""
