"""Help for those who write rules: Markdown in zh and en beside this module."""
