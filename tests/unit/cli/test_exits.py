"""Which exit code follows from what."""

import pytest

from cli.client.errors import ClientError, Refused, Unintelligible, Unreachable
from cli.client.models import Counts, ImportStatus
from cli.exits import MEANINGS, Exit, exit_of_error, exit_of_status


@pytest.mark.parametrize(
    ("state", "counts", "expected"),
    [
        ("finished", Counts(rows=3, created=2, existing=1), Exit.ALL_DONE),
        ("finished", Counts(rows=3, created=2, duplicate=1), Exit.ALL_DONE),
        ("finished", Counts(rows=3, created=2, closed=1), Exit.ALL_DONE),
        ("finished", Counts(rows=3, created=2, failed=1), Exit.WITH_FAILURES),
        ("finished", Counts(rows=3, created=2, invalid=1), Exit.WITH_FAILURES),
        ("running", Counts(rows=3, created=2, pending=1), Exit.STILL_RUNNING),
        ("running", Counts(rows=3, failed=2, pending=1), Exit.STILL_RUNNING),
        ("cancelling", Counts(rows=3, cancelled=2, pending=1), Exit.STILL_RUNNING),
        ("undoing", Counts(rows=3, created=3), Exit.STILL_RUNNING),
        ("cancelled", Counts(rows=3, created=2, failed=1), Exit.DECLINED),
        ("finished", Counts(rows=3, created=2, cancelled=1), Exit.DECLINED),
        ("undone", Counts(rows=3, closed=3), Exit.DECLINED),
    ],
)
def test_status(state: str, counts: Counts, expected: Exit) -> None:
    """The state and the counts of an import decide how the wait for it ends."""
    assert exit_of_status(ImportStatus("1" * 32, state, counts)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Refused(401, "C", "d"), Exit.NOT_ALLOWED),
        (Refused(403, "C", "d"), Exit.NOT_ALLOWED),
        (Refused(404, "C", "d"), Exit.NOT_FOUND),
        (Refused(410, "C", "d"), Exit.NOT_FOUND),
        (Refused(409, "C", "d"), Exit.ERROR),
        (Refused(412, "C", "d"), Exit.ERROR),
        (Refused(422, "C", "d"), Exit.ERROR),
        (Refused(500, "C", "d"), Exit.ERROR),
        (Refused(503, "C", "d"), Exit.UNREACHABLE),
        (Unreachable("C", "d"), Exit.UNREACHABLE),
        (Unintelligible("C", "d"), Exit.ERROR),
    ],
)
def test_error(error: ClientError, expected: Exit) -> None:
    """A call that fails ends with the code that says where it failed."""
    assert exit_of_error(error) is expected


def test_every_code_is_documented() -> None:
    """The reference explains each exit code there is."""
    assert set(MEANINGS) == set(Exit)
