"""Sign-in as FastAPI dependencies. The app's state holds the `Authenticator` and the internal token."""

import hmac

from fastapi import Request

from services.common.access import Authenticator, NotAllowed, NotSignedIn, Principal


async def signed_in(request: Request) -> Principal:
    """Who is asking.

    Raises:
        NotSignedIn: there is no valid token.
    """
    authenticator: Authenticator = request.app.state.authenticator
    return await authenticator.principal(request.headers.get("authorization"))


async def staff_only(request: Request) -> Principal:
    """Who is asking, if that is staff.

    Raises:
        NotSignedIn: there is no valid token.
        NotAllowed: the token is not a staff member's.
    """
    principal = await signed_in(request)
    if not principal.staff:
        raise NotAllowed
    return principal


async def internal_only(request: Request) -> None:
    """Let only our own services pass.

    Raises:
        NotSignedIn: the shared secret is missing or wrong.
    """
    expected = f"Bearer {request.app.state.internal_token}"
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
        raise NotSignedIn
