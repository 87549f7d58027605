"""A small real HTTP server that plays the API from a list, and remembers what it was asked."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOUND = 30.0
"""Seconds after which a test that waits for the other side has failed."""


@dataclass(frozen=True)
class Answer:
    """What to answer. `lost`: close the connection instead. `held`: answer only when the event is set."""

    status: int = 200
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    lost: bool = False
    held: threading.Event | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    line: str
    headers: Mapping[str, str]
    body: bytes


class Script:
    """Answers by "METHOD /path", in order; the last one of a path is repeated."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self._came = threading.Condition(self._lock)
        self.url = ""

    def on(self, line: str, *answers: Answer) -> None:
        """Answer requests of this method and path (with or without a query) so."""
        self._answers[line] = list(answers)

    def lines(self) -> list[str]:
        """Method and path of every request so far."""
        with self._lock:
            return [asked.line for asked in self.asked]

    def find(self, line: str) -> list[Asked]:
        """The requests of this method and path, whatever their query."""
        with self._lock:
            return [asked for asked in self.asked if asked.line.partition("?")[0] == line]

    def wait_for(self, line: str, count: int = 1) -> None:
        """Return once so many requests like this have come."""
        with self._came:
            came = self._came.wait_for(
                lambda: sum(asked.line.partition("?")[0] == line for asked in self.asked) >= count,
                timeout=BOUND,
            )
        assert came, f"{line} was not asked for; {self.lines()}"

    def take(self, asked: Asked) -> Answer:
        """Remember the request and choose its answer."""
        with self._came:
            self.asked.append(asked)
            self._came.notify_all()
            whole, bare = asked.line, asked.line.partition("?")[0]
            left = self._answers.get(whole) or self._answers.get(bare)
            if not left:
                return problem(404, "NOT_FOUND", f"The script has no answer to {whole}.")
            return left.pop(0) if len(left) > 1 else left[0]


def problem(status: int, code: str, detail: str, **more: Any) -> Answer:
    """An RFC 9457 answer."""
    headers = {"Content-Type": "application/problem+json"} | more.pop("headers", {})
    return Answer(status, {"status": status, "code": code, "detail": detail, **more}, headers)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle are part of the play."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def playing(script: Script) -> Iterator[Script]:
    """Serve the script on a free port while inside."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _play(self) -> None:
            answer = script.take(
                Asked(f"{self.command} {self.path}", dict(self.headers.items()), self._read())
            )
            if answer.held is not None:
                answer.held.wait(BOUND)
            if answer.lost:
                self.close_connection = True
                return
            body = answer.body if answer.body is not None else json.dumps(answer.document).encode()
            if answer.status == 304:
                body = b""
            self.send_response(answer.status)
            for name, value in ({"Content-Type": "application/json"} | dict(answer.headers)).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _read(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(pieces)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        do_GET = do_POST = do_PATCH = do_DELETE = _play  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the parent
            """Stay silent."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
