"""Measurements of this project beside others', taken in the same run and printed as ratios."""
