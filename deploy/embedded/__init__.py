"""The whole installation in one command, with a real Kafka and a real PostgreSQL started from here."""
