"""What must be there before the first service starts: topics, roles, schemas, grants. All steps may be repeated."""
