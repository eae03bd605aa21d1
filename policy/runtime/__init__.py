"""Carries out what compilers made: decisions, their tests and their explanations."""
