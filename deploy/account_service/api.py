"""The account service protocol: tokens, create (one or an array), read, look up, close."""

from typing import Any

import orjson
from aiohttp import web

from deploy.account_service import answers
from deploy.account_service.answers import Answer
from deploy.account_service.faults import FaultPlan
from deploy.account_service.orders import MAX_ITEMS, Malformed, Order, parse, parse_item, split
from deploy.account_service.registry import Registry, Wanted, wanted
from deploy.account_service.tokens import Tokens

KEY_HEADER = "Idempotency-Key"


class Api:
    """The endpoints' work, free of faults and authentication."""

    def __init__(self, registry: Registry, tokens: Tokens, plan: FaultPlan) -> None:
        self._registry = registry
        self._tokens = tokens
        self._plan = plan

    async def token(self, request: web.Request) -> Answer:
        """OAuth client credentials; the answer also says which extras this service has."""
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            return Answer(400, {"error": "unsupported_grant_type"})
        client_id, client_secret = form.get("client_id"), form.get("client_secret")
        if not (isinstance(client_id, str) and isinstance(client_secret, str)):
            return Answer(400, {"error": "invalid_request"})
        if not self._tokens.knows(client_id, client_secret):
            return Answer(401, {"error": "invalid_client"})
        faults = self._plan.current
        token: dict[str, Any] = {
            "access_token": self._tokens.issue(),
            "token_type": "Bearer",
            "expires_in": int(self._tokens.lifetime_seconds),
        }
        if faults.declares:
            token["capabilities"] = {
                "arrays": MAX_ITEMS if faults.arrays else 0,
                "lookUpByEmail": faults.look_up,
                "idempotencyKeys": faults.keys_honoured,
                "listing": faults.look_up,
            }
        return Answer(200, token)

    async def create(self, request: web.Request) -> Answer | bytes:
        """One account, or an array of them with an answer per item."""
        body = await request.read()
        if body[:1] == b"[" and self._plan.current.arrays:
            return await self._create_many(body)
        key = request.headers.get(KEY_HEADER)
        if key is not None and not 1 <= len(key) <= 255:
            raise Malformed(f"The header {KEY_HEADER} holds 1 to 255 characters.")
        [answer] = await self._registry.create([self._wanted(parse(body), key)])
        return answer

    async def read(self, request: web.Request) -> Answer:
        """One account by its user name."""
        return self._registry.read(request.match_info["username"])

    async def find(self, request: web.Request) -> Answer | bytes:
        """All accounts of one e-mail address, or some of all accounts after a place in the list."""
        if not self._plan.current.look_up:
            return answers.error(404, "NOT_FOUND", "This service has no look-up by e-mail and no list.")
        if "after" in request.query:
            after = request.query["after"] or "0"
            if not (after.isascii() and after.isdigit() and len(after) < 10):
                raise Malformed("The parameter after is not one this service gave.")
            return orjson.dumps(self._registry.listed(int(after)))
        email = request.query.get("email")
        if not email or len(email) > 254:
            raise Malformed("The parameter email is missing or too long.")
        return orjson.dumps(self._registry.find(email))

    async def close(self, request: web.Request) -> Answer:
        """Close one account."""
        return await self._registry.close(request.match_info["username"])

    async def _create_many(self, body: bytes) -> Answer | bytes:
        given: dict[int, Answer] = {}
        wishes: dict[int, Wanted] = {}
        items = split(body)
        for index, item in enumerate(items):
            try:
                order = parse_item(item)
            except Malformed as error:
                given[index] = answers.error(400, "BODY_INVALID", str(error))
            else:
                wishes[index] = self._wanted(order, order.idempotency_key)
        given.update(zip(wishes, await self._registry.create(list(wishes.values())), strict=True))
        if any(answer.lost for answer in given.values()):
            return Answer(200, {}, lost=True)
        results: list[dict[str, Any]] = [given[index].as_item() for index in range(len(items))]
        return orjson.dumps(results)

    def _wanted(self, order: Order, key: str | None) -> Wanted:
        return wanted(order, key, keys_honoured=self._plan.current.keys_honoured)
