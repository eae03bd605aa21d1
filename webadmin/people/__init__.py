"""Pages of people: who is where, what they carry, and how that changed."""
