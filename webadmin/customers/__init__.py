"""Pages of customers: who holds them, what they are, their deals and events."""
