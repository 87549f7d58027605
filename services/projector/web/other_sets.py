"""Other sets than the one that answers are for staff: they may be of the past, or of changed logic."""

from typing import Final

from fastapi import Request

from services.common.http import staff_only

OTHER_SET: Final = "course_accounts.other_set"
"""In the scope of a request that named a set."""


async def other_sets_for_staff(request: Request) -> None:
    """Let pass who asks the usual set, and staff.

    Raises:
        NotSignedIn: there is no valid token.
        NotAllowed: somebody else named a set.
    """
    if OTHER_SET in request.scope:
        await staff_only(request)
