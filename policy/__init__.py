"""The policy engine: rule sets and facts in, decisions with their reasons out."""
