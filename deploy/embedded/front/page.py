"""The page: the files that `web/` was built into, and for the page's own addresses its one HTML file."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web

DIST: Final = Path(__file__).resolve().parents[3] / "web" / "dist"
"""Where the set-up builds the page."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_COMMON: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Vary": "Accept-Encoding",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ADDRESS: Final = re.compile(r"/(?:(?:courses|imports|operators|account)(?:/.*)?)?")
"""The page's own addresses (`web/src/app/routes.ts`)."""
_ASSET: Final = re.compile(r"/assets/([A-Za-z0-9_-]{1,80}\.(?:js|css|svg))")
_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SPELLINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Content codings, the smallest first, and how the files end that hold them."""


@dataclass(frozen=True, slots=True)
class _File:
    """One file: its bytes plain (`""`) and in each coding it was compressed with."""

    kind: str
    etag: str
    bodies: Mapping[str, bytes]


@dataclass(slots=True)
class Page:
    """Answers for the page. Its files are few and small, so they are kept; a new build is noticed by its index."""

    directory: Path = DIST
    _built: tuple[int, int] | None = None
    _files: dict[str, _File] = field(default_factory=dict)

    def answer(self, path: str, headers: Mapping[str, str]) -> web.Response | None:
        """What is at `path`, as the front got it; None if that is none of the page's.

        Reads the disk only after a new build.
        """
        asset = _ASSET.fullmatch(path)
        if asset is None and _ADDRESS.fullmatch(path) is None:
            return None
        self._look()
        found = self._files.get(asset[1] if asset else "index.html")
        if found is None:
            return None if asset else _not_built()
        if headers.get("If-None-Match") == found.etag:
            return web.Response(status=304, headers={**_caching(asset is not None, found), **_COMMON})
        coding = _coding(headers.get("Accept-Encoding", ""), found)
        answer = {"Content-Type": found.kind, **_caching(asset is not None, found), **_COMMON}
        if asset is None:
            answer["Content-Security-Policy"] = POLICY
        if coding:
            answer["Content-Encoding"] = coding
        return web.Response(body=found.bodies[coding], headers=answer)

    def _look(self) -> None:
        """Take in the files if there is another build than before."""
        try:
            told = (self.directory / "index.html").stat()
            built: tuple[int, int] | None = (told.st_mtime_ns, told.st_ino)
        except OSError:
            built = None
        if built == self._built:
            return
        try:
            self._files = {} if built is None else _read(self.directory)
            self._built = built
        except OSError:
            self._files, self._built = (
                {},
                None,
            )  # it is just being built: looked at again with the next request


def _read(directory: Path) -> dict[str, _File]:
    files = {}
    for path in (directory / "index.html", *(directory / "assets").iterdir()):
        kind = _KINDS.get(path.suffix)
        if kind is None:
            continue
        plain = path.read_bytes()
        bodies = {"": plain}
        for coding, ending in _SPELLINGS:
            smaller = path.with_name(path.name + ending)
            if smaller.is_file():
                bodies[coding] = smaller.read_bytes()
        files[path.name] = _File(kind, f'"{hashlib.sha256(plain).hexdigest()[:24]}"', bodies)
    return files


def _caching(for_ever: bool, found: _File) -> dict[str, str]:
    """Names of assets change with their content; the index says which are in use, so it is asked for each time."""
    return {"Cache-Control": _FOR_EVER if for_ever else "no-cache", "ETag": found.etag}


def _coding(accepted: str, found: _File) -> str:
    """The smallest coding that the client takes; `""` for none."""
    offers = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        offers[name.strip()] = weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name, _ in _SPELLINGS if name in found.bodies and offers.get(name)), "")


_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Course accounts</title>
<meta name="viewport" content="width=device-width"></head><body>
<h1>Course accounts</h1>
<p>The services are running, but the page was not built. Build it with <code>make page</code>, then load this again;
nothing has to be restarted.</p>
<p>Meanwhile the command line does everything: <code>course-accounts --help</code>.</p>
</body></html>
"""


def _not_built() -> web.Response:
    return web.Response(
        text=_NOT_BUILT,
        content_type="text/html",
        headers={**_COMMON, "Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"},
    )
