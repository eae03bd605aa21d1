"""Slow, obvious ways to the same results, to hold the product against."""
