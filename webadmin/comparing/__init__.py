"""Pages that hold two revisions against each other: one decision side by side, and many."""
