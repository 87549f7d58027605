"""Figures of the long tests, printed as they come."""

import json


def say(what: str, **figures: object) -> None:
    """One line: words, and figures as JSON."""
    print(what, json.dumps(figures, default=str), flush=True)
