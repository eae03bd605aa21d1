"""What people contest, for those who answer it: a list, and one of them with what it is about."""
