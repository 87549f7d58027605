"""The log as files, and back: for whoever operates it. Speaks to Kafka directly and knows no service."""
