"""Policies: list, rules as table and text, tests, a form to try one."""
