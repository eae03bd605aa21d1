"""Rule sets become data that a runtime can carry out; compilers never import one another."""
