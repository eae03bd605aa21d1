"""Policies in whole sentences, in zh and en: what a rule set says, for people who read no expressions."""
