"""A small typed client of the public HTTP API; it knows nothing of terminals."""
