"""One SCIM server: what it says it can do, and the few calls that are made of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from pydantic import ValidationError
from scim2_client import SCIMClientException
from scim2_models import (
    ListResponse,
    PatchOp,
    SCIMException,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    User,
)

from services.provisioner.backends.outcomes import NotSent, NotSentCause, Refused
from services.provisioner.backends.reading import MALFORMED
from services.provisioner.backends.scim.engine import Engine, Stopped
from services.provisioner.backends.tokens import Tokens
from services.provisioner.backends.transport import Transport

logger = structlog.get_logger(__name__)


class Server:
    """Every call raises `Stopped` unless it succeeds. `patches`: whether users are going to be changed."""

    def __init__(
        self, transport: Transport, tokens: Tokens, *, url: str, timeout: float, patches: bool
    ) -> None:
        self._transport = transport
        self._tokens = tokens
        self._url = url
        self._timeout = timeout
        self._patches = patches
        self._engine: Engine | None = None
        self._first = asyncio.Lock()

    async def ready(self) -> Engine:
        """Learn, once, what the server can do.

        Raises:
            Stopped: it could not be asked, or cannot do what is needed; always `NotSent`.
        """
        if self._engine is not None:
            return self._engine
        async with self._first:
            if self._engine is None:
                config = await self._config()
                self._require(config)
                self._engine = self._made(ScimProvider(models=[User], config=config))
        return self._engine

    async def add(self, user: User[Any], *, within: float) -> User[Any]:
        """Create a user."""
        engine = await self.ready()
        async with _checked():
            made = await engine.create(user, within=within)
            if isinstance(made, User):
                return made
        raise Stopped(MALFORMED)

    async def find(self, wanted: SearchRequest[Any]) -> list[User[Any]]:
        """The first of the users a search comes to."""
        engine = await self.ready()
        async with _checked(), _only_asking():
            found = await engine.query(User, query_parameters=wanted)
            if isinstance(found, ListResponse):
                return list(found.resources or ())
        raise Stopped(MALFORMED)

    async def page(self, wanted: SearchRequest[Any]) -> dict[str, Any]:
        """Many of them, as the server wrote them: checking a user takes half a millisecond of the event loop."""
        engine = await self.ready()
        async with _checked(), _only_asking():
            found = await engine.query(User, query_parameters=wanted, check_response_payload=False)
            if isinstance(found, dict):
                return found
        raise Stopped(MALFORMED)

    async def alter(
        self, user: User[Any], changes: PatchOp[User[Any]], *, within: float, only_if_unchanged: bool = False
    ) -> None:
        """Change a user; with `only_if_unchanged` the server is asked to refuse if somebody else has, meanwhile."""
        engine = await self.ready()
        async with _checked():
            if only_if_unchanged:
                await engine.modify(user, changes, within=within)
            else:
                await engine.modify(User, user.id, changes, within=within)

    async def remove(self, user: User[Any]) -> None:
        """Delete a user."""
        engine = await self.ready()
        async with _checked():
            await engine.delete(User, user.id)

    async def _config(self) -> ServiceProviderConfig | None:
        asking = self._made(ScimProvider(models=[User, ServiceProviderConfig]))
        try:
            async with _checked(), _only_asking():
                config = await asking.query(ServiceProviderConfig)
        except Stopped as stopped:
            if stopped.status == 404:
                return None
            raise
        return config if isinstance(config, ServiceProviderConfig) else None

    def _require(self, config: ServiceProviderConfig | None) -> None:
        """A server that says nothing about itself is taken to do what is usual."""
        if config is None:
            return
        lacks = []
        if config.filter is not None and config.filter.supported is False:
            lacks.append("filter")
        if self._patches and config.patch is not None and config.patch.supported is False:
            lacks.append("patch")
        if lacks:
            logger.error("scim_server_unsuitable", lacks=lacks)
            raise Stopped(NotSent(NotSentCause.MISCONFIGURED))

    def _made(self, provider: ScimProvider) -> Engine:
        return Engine(
            provider, transport=self._transport, url=self._url, tokens=self._tokens, timeout=self._timeout
        )


@asynccontextmanager
async def _checked() -> AsyncIterator[None]:
    """What scim2-client cannot make sense of is an answer nobody can read."""
    try:
        yield
    except (SCIMClientException, SCIMException, ValidationError) as error:
        raise Stopped(MALFORMED) from error


@asynccontextmanager
async def _only_asking() -> AsyncIterator[None]:
    """A question has no effect and concerns no single account: it is never refused."""
    try:
        yield
    except Stopped as stopped:
        if not isinstance(stopped.outcome, Refused):
            raise
        raise Stopped(NotSent(NotSentCause.MISCONFIGURED), stopped.status) from None
