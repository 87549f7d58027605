"""Accounts as users of a SCIM server: `externalId` is the idempotency key, `userName` follows from the order."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

from scim2_models import User

from services.provisioner.backends.outcomes import (
    Absent,
    Closed,
    CloseResult,
    Created,
    CreateResult,
    Exists,
    Found,
    ListResult,
    LookUpResult,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.protocol import Capabilities, CreateRequest
from services.provisioner.backends.reading import MALFORMED
from services.provisioner.backends.scim import users
from services.provisioner.backends.scim.engine import Stopped
from services.provisioner.backends.scim.naming import user_name
from services.provisioner.backends.scim.options import ScimOptions
from services.provisioner.backends.scim.server import Server
from services.provisioner.backends.simple import SimpleBackend
from services.provisioner.backends.tokens import FixedToken, Tokens, TokenSource
from services.provisioner.backends.transport import Transport

PAGE = 200
CONNECT_SECONDS = 5.0


class ScimBackend(SimpleBackend):
    """Accounts at a server that knows nothing of keys, and yet honours them.

    It lets a `userName` exist once, so a repeated create is a conflict, and the user that is there says by its
    `externalId` whether this key has made it.
    """

    capabilities = Capabilities(look_up=True, keys=True, listing=True)

    def __init__(
        self, options: ScimOptions, *, concurrency: int, timeout: float, now: Callable[[], datetime]
    ) -> None:
        self._options = options
        self._timeout = timeout
        self._transport = Transport(concurrency=concurrency, connect_timeout=CONNECT_SECONDS, now=now)
        self._tokens = _tokens(options, self._transport, timeout)
        self._server = Server(
            self._transport,
            self._tokens,
            url=str(options.url),
            timeout=timeout,
            patches=options.close == "deactivate",
        )

    async def stop(self) -> None:
        """Close all connections."""
        await self._tokens.close()
        await self._transport.close()

    async def prepare(self) -> NotSent | None:
        """Get a token, and learn once what the server can do."""
        token = await self._tokens.get()
        if isinstance(token, NotSent):
            return token
        try:
            await self._server.ready()
        except Stopped as stopped:
            return _not_sent(stopped)
        return None

    async def create(self, request: CreateRequest) -> CreateResult:
        """Create a user, or find what the key has made before."""
        unready = await self.prepare()
        if unready is not None:
            return unready
        order = request.order
        name = user_name(self._options.user_name, order.email, order.scope)
        try:
            user = users.new_user(
                order, request.idempotency_key, name=name, user_type=self._options.user_type
            )
        except ValueError:
            return Refused("EMAIL_INVALID", "SCIM has no place for an address like this.")
        try:
            return _created(await self._server.add(user, within=request.timeout))
        except Stopped as stopped:
            if stopped.status != 409:
                return stopped.outcome
        try:
            return await self._resolved(request, name, order.email)
        except Stopped as stopped:
            return stopped.outcome

    async def look_up(self, email: str, scope: str) -> LookUpResult:
        """The active user whose name is the one for this address and course."""
        try:
            user = await self._named(user_name(self._options.user_name, email, scope))
        except Stopped as stopped:
            return _question(stopped)
        if user is None or users.closed(user):
            return Absent()
        account = users.account_of(user, scope if self._is_ours(user) else None)
        return MALFORMED if account is None else Found(account)

    async def close(self, username: str) -> CloseResult:
        """Deactivate or delete the user of this name, as the options say."""
        try:
            user = await self._named(username)
            if user is None:
                return Closed(already=True)
            if self._options.close == "delete":
                await self._server.remove(user)
            elif users.closed(user):
                return Closed(already=True)
            else:
                await self._server.alter(user, users.change(active=False), within=self._timeout)
        except Stopped as stopped:
            return Closed(already=True) if stopped.status == 404 else stopped.outcome
        return Closed()

    async def list_accounts(self, more: str | None = None) -> ListResult:
        """The active users of our type, a page at a time."""
        wanted = users.search("userType", self._options.user_type, start=int(more or 1), count=PAGE)
        try:
            return users.listed(await self._server.page(wanted), start=int(more or 1))
        except Stopped as stopped:
            return _question(stopped)

    async def _resolved(self, request: CreateRequest, name: str, email: str) -> CreateResult:
        """What a conflict means: our own earlier success, a closed account to open again, or somebody else's."""
        holder = await self._named(name)
        if holder is None:
            [*holders] = await self._server.find(users.search("emails.value", email))
            return Exists(users.account_of(holders[0]) if holders else None)
        if holder.external_id == request.idempotency_key:
            return _created(holder)
        if users.closed(holder) and self._is_ours(holder):
            return await self._opened_again(holder, request)
        return Exists(users.account_of(holder))

    async def _opened_again(self, user: User[Any], request: CreateRequest) -> CreateResult:
        """A new life of an account that was deactivated: from now on it is this key's."""
        changes = users.change(active=True, externalId=request.idempotency_key)
        try:
            await self._server.alter(user, changes, within=request.timeout, only_if_unchanged=True)
        except Stopped as stopped:
            if stopped.status in {404, 409, 412}:
                # Somebody was quicker; whoever it was, the same question has an answer now.
                return Unknown(UnknownCause.IN_PROGRESS)
            return stopped.outcome
        return Created(str(user.user_name))

    async def _named(self, name: str) -> User[Any] | None:
        found = await self._server.find(users.search("userName", name))
        return found[0] if found else None

    def _is_ours(self, user: User[Any]) -> bool:
        return user.user_type == self._options.user_type


def _created(user: User[Any]) -> Created | Unknown:
    account = users.account_of(user)
    return MALFORMED if account is None else Created(account.username, account.created_at)


def _question(stopped: Stopped) -> Unknown | NotSent:
    return _not_sent(stopped) if isinstance(stopped.outcome, Refused) else stopped.outcome


def _not_sent(stopped: Stopped) -> NotSent:
    match stopped.outcome:
        case NotSent() as unsent:
            return unsent
        case Unknown(_, retry_after):
            return NotSent(NotSentCause.UNAVAILABLE, retry_after)
        case Refused():
            return NotSent(NotSentCause.MISCONFIGURED)


def _tokens(options: ScimOptions, transport: Transport, timeout: float) -> Tokens:
    if options.token is not None:
        return FixedToken(options.token.get_secret_value())
    return TokenSource(
        transport,
        str(options.token_url),
        client_id=str(options.client_id),
        client_secret="" if options.client_secret is None else options.client_secret.get_secret_value(),
        scope=options.token_scope,
        timeout=timeout,
        monotonic=monotonic,
    )
