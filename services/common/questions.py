"""Bounds of what services ask each other, for both sides of a question."""

from typing import Final

MANY: Final = 1_000
"""Accounts of one question."""
