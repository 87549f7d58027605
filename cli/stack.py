"""What the embedded stack says is in the way, as an error of this program."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.errors import Failure
from cli.exits import Exit


@contextmanager
def explained() -> Iterator[None]:
    """Turn a StackError into a Failure.

    Raises:
        Failure: 2 for options that do not fit, else 1.
    """
    from deploy.embedded.errors import StackError

    try:
        yield
    except StackError as error:
        exit_code = Exit.USAGE if error.code == "USAGE" else Exit.ERROR
        hint = " ".join(part for part in (error.hint, f"Log: {error.log}" if error.log else "") if part)
        raise Failure(exit_code, error.code, error.sentence, hint) from error
