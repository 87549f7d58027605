"""Errors that end a process before it has begun."""


class CannotStart(Exception):
    """As things are the process must not start, and starting it again changes nothing.

    The text is for the operator: a sentence that says what is wrong and what to do.
    """
