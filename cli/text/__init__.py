"""Text for people: pure functions from answers to lines."""
