"""The same facts under two revisions of a policy: what each gives, and what is different. Nothing of it is recorded."""
