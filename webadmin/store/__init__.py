"""Keeps the record: what is written, how it is proven, and how it is found again. Lowest layer first: see README."""
