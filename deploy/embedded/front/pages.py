"""What the front serves itself: its health, what describes us, and a plain page at `/` until there is a real one."""

from aiohttp import web

from deploy.embedded.front.documents import DOCUMENTS

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Course accounts</title>
<meta name="viewport" content="width=device-width"><style>
body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}code{background:#8882}
</style></head><body>
<h1>Course accounts</h1>
<p>The services are running. There is no page yet; use the command line or the interface under
<code>/api/</code>.</p>
<pre>course-accounts import participants.csv --project PROJECT --wait
course-accounts status IMPORT
course-accounts failures IMPORT &gt; fixed.csv</pre>
</body></html>
"""


def home() -> web.Response:
    """The page at `/`."""
    return web.Response(
        text=_PAGE,
        content_type="text/html",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        },
    )


def health() -> web.Response:
    """The front is alive when it answers; whether a service is, the service says itself."""
    return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


OWN = {"/": home, "/healthz": health, "/readyz": health, **DOCUMENTS}
