"""Telling those who watch an import that there is news: long polls and server-sent events."""
