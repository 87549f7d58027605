"""Imports that other services ask for on a topic: same rules as files, once for each key, an answer either way."""
