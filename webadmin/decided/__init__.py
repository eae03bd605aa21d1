"""Pages of recorded decisions: found, read, held against today's rules, recomputed."""
