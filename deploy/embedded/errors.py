"""What can be in the way of the embedded stack, said to a person."""

from pathlib import Path


class StackError(Exception):
    """The embedded stack cannot go on, and a person can do something about it.

    Attributes:
        code: stable upper-case word for scripts and tests, for example ``PORT_TAKEN``.
        sentence: what is in the way, in one plain sentence.
        hint: what to do about it; may be empty.
        log: the log file that says more, if there is one.
    """

    def __init__(self, code: str, sentence: str, hint: str = "", *, log: Path | None = None) -> None:
        super().__init__(code, sentence, hint)
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.log = log

    def __str__(self) -> str:
        parts = [self.sentence, self.hint, f"Log: {self.log}" if self.log else ""]
        return " ".join(part for part in parts if part)


def not_ready(what: str, within: float, log: Path) -> StackError:
    """Return what to say of a server that was killed while starting, by us after ``within`` s or by another."""
    return StackError(
        "NOT_READY",
        f"{what} did not get ready within {within:.0f} s, or was killed before.",
        "The machine may be overloaded or short of memory; try again.",
        log=log,
    )
