"""Which accounts are there, and how does each stand? The root of the set: other models join its table."""
