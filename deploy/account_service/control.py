"""The operator's side of the simulation: faults, counts, health, metrics."""

import hmac
from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.process_collector import ProcessCollector
from pydantic import ValidationError

from deploy.account_service.faults import FaultPlan, Faults
from deploy.account_service.stats import Stats
from deploy.account_service.tokens import Tokens

_JSON = {"Content-Type": "application/json"}


class Control:
    """Endpoints that are never subject to faults."""

    def __init__(
        self, *, token: str, plan: FaultPlan, tokens: Tokens, stats: Stats, lost: Callable[[], bool]
    ) -> None:
        self._authorization = f"Bearer {token}".encode()
        self._plan = plan
        self._tokens = tokens
        self._stats = stats
        self._lost = lost
        self._metrics = CollectorRegistry()
        self._metrics.register(stats)
        ProcessCollector(registry=self._metrics)

    def routes(self) -> list[web.RouteDef]:
        """All of them, ready for the application."""
        return [
            web.get("/control/faults", self._guarded(self._read_faults)),
            web.put("/control/faults", self._guarded(self._write_faults)),
            web.post("/control/expire-tokens", self._guarded(self._expire_tokens)),
            web.get("/control/stats", self._guarded(self._read_stats)),
            web.get("/healthz", self._healthz),
            web.get("/readyz", self._readyz),
            web.get("/metrics", self._prometheus),
        ]

    def _guarded(
        self, work: Callable[[web.Request], Awaitable[object]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
            if not hmac.compare_digest(given, self._authorization):
                return _json(
                    {"error": {"code": "CONTROL_TOKEN_INVALID", "message": "The control token is wrong."}},
                    401,
                )
            try:
                return _json(await work(request))
            except ValidationError as error:
                wrong = "; ".join(
                    f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}" for item in error.errors()
                )
                return _json(
                    {"error": {"code": "FAULTS_INVALID", "message": f"Nothing was changed. {wrong}."}}, 422
                )

        return handle

    async def _read_faults(self, _: web.Request) -> object:
        return self._plan.current.model_dump()

    async def _write_faults(self, request: web.Request) -> object:
        """Replace all faults: what is not named goes back to its default, so `{}` heals."""
        self._plan.set(Faults.model_validate_json(await request.read()))
        return self._plan.current.model_dump()

    async def _expire_tokens(self, _: web.Request) -> object:
        return {"expired": self._tokens.expire_all()}

    async def _read_stats(self, _: web.Request) -> object:
        return self._stats.as_json()

    async def _healthz(self, _: web.Request) -> web.Response:
        return self._health()

    async def _readyz(self, _: web.Request) -> web.Response:
        return self._health()

    def _health(self) -> web.Response:
        lost = self._lost()
        journal = {"ok": False, "reason": "the journal is not written any more"} if lost else {"ok": True}
        return _json({"ok": not lost, "parts": {"journal": journal}}, 503 if lost else 200)

    async def _prometheus(self, _: web.Request) -> web.Response:
        body = generate_latest(self._metrics)
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), headers=_JSON)
