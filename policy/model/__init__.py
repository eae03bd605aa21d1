"""What the engine speaks about: documents as written, rule sets as meant, facts, decisions."""
