"""Reassignments: what would be, what the assignment policy proposes, what that comes to, carrying it out."""
