"""A real SCIM server as a process of its own, and what it holds."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TOKEN = "only-for-tests"


class LaunchedScim:
    """`scim2-server`, which keeps users in memory; a context manager that starts it and ends it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._log = folder / "scim-server.log"
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Below which its endpoints are."""
        return f"http://127.0.0.1:{self.port}/v2"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "scim2_server.testserver.cli", "--bearer-token", TOKEN]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self.port)], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert "Serving" in said, self._log.read_text()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def users(self, **where: str) -> list[dict[str, Any]]:
        """Its users; `where` an attribute has a value."""
        wanted = {"count": "1000"}
        if where:
            wanted["filter"] = " and ".join(f"{name} eq {json.dumps(value)}" for name, value in where.items())
        found: list[dict[str, Any]] = self._ask("GET", f"/Users?{urlencode(wanted)}").get("Resources", [])
        return found

    def add(self, **attributes: Any) -> dict[str, Any]:
        """A user somebody else makes."""
        schema = "urn:ietf:params:scim:schemas:core:2.0:User"
        return self._ask("POST", "/Users", {"schemas": [schema], **attributes})

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        request = Request(  # noqa: S310 - of this machine
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"},
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - same
            return json.loads(answer.read())
