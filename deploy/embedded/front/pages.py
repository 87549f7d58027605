"""What the front serves itself beside the page: its health, and what describes us."""

from aiohttp import web

from deploy.embedded.front.documents import DOCUMENTS


def health() -> web.Response:
    """The front is alive when it answers; whether a service is, the service says itself."""
    return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


OWN = {"/healthz": health, "/readyz": health, **DOCUMENTS}
