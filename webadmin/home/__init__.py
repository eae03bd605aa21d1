"""The first page: what waits for whoever signed in, and the first steps."""
