"""Accounts asked for directly: an import of the source `api`, staged and submitted in one go, and its answer."""
