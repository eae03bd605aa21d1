"""What concerns somebody themselves: own customers, pay and signals, each with its reason and a way to contest it."""
