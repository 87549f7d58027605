"""Sign-in as FastAPI dependencies. `Guard` has found out who is asking; the app's state holds the internal token."""

import hmac
from typing import Annotated

from fastapi import Depends, Request

from services.common.access import NotAllowed, NotSignedIn, Principal
from services.common.http.guard import PRINCIPAL


async def signed_in(request: Request) -> Principal:
    """Who is asking.

    Raises:
        NotSignedIn: there is no valid token or session.
    """
    principal: Principal | None = request.scope.get(PRINCIPAL)
    if principal is None:
        raise NotSignedIn
    return principal


async def may_write(request: Request) -> Principal:
    """Who is asking, if they may change anything at all; the endpoint still asks about the project.

    Raises:
        NotSignedIn: there is no valid token or session.
        NotAllowed: the token may only read.
    """
    principal = await signed_in(request)
    if not principal.may_write:
        raise NotAllowed
    return principal


async def staff_only(request: Request) -> Principal:
    """Who is asking, if that is staff with a token for everything; to change something, with one that may write.

    Raises:
        NotSignedIn: there is no valid token or session.
        NotAllowed: the token is not a staff member's, or may not do this.
    """
    principal = await signed_in(request)
    if not principal.unlimited or (request.method not in ("GET", "HEAD") and not principal.may_write):
        raise NotAllowed
    return principal


SignedIn = Annotated[Principal, Depends(signed_in)]
"""Anybody with a valid token; the endpoint asks `principal.check_sees(project)` or filters by `principal.projects`."""
Writer = Annotated[Principal, Depends(may_write)]
"""Anybody who may write at all; the endpoint asks `principal.check_manages(project)`."""
Staff = Annotated[Principal, Depends(staff_only)]
"""Staff."""


async def internal_only(request: Request) -> None:
    """Let only our own services pass.

    Raises:
        NotSignedIn: the shared secret is missing or wrong.
    """
    expected = f"Bearer {request.app.state.internal_token}"
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
        raise NotSignedIn
