"""A made-up sales organisation, the same to the byte each time, to look around in: none of it is about real people."""
