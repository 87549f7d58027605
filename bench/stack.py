"""The whole system in a throw-away folder, started as a user starts it."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded.child import Child
from deploy.embedded.keys import Keys, ensure_keys
from deploy.embedded.ports import free_port
from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper
from deploy.embedded.stack import TITLES, UNLIMITED
from deploy.provisioning.dsn import with_user

_ROOT = Path(__file__).resolve().parents[1]
_READY_WITHIN = 120.0
_STOP_WITHIN = 15.0


class BenchError(Exception):
    """A measurement is not possible; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """The running system: addresses, secrets and process ids."""

    document: Mapping[str, Any]
    keys: Keys
    folder: Path
    warden: Reaper

    @property
    def url(self) -> str:
        """The one address for clients."""
        return str(self.document["url"])

    @property
    def kafka(self) -> str:
        """Bootstrap address of the broker."""
        return str(self.document["kafka"])

    @property
    def postgres(self) -> str:
        """An administrator's DSN."""
        return str(self.document["postgres"])

    @property
    def project(self) -> Mapping[str, str]:
        """The running course."""
        return dict(self.document["projects"][0])

    @property
    def account_service(self) -> str:
        """Where accounts are created."""
        return str(self.document["account_service"])

    @property
    def token_url(self) -> str:
        """Where the account service gives out tokens."""
        return self.account_service.removesuffix("/accounts") + "/oauth/token"

    @property
    def processes(self) -> Mapping[str, list[int]]:
        """Process ids by part."""
        return dict(self.document["processes"])

    def address_of(self, service: str) -> str:
        """Where the first copy of a service listens."""
        own = json.loads((self.folder / "data" / "ready.json").read_text())
        return str(next(row["address"] for row in own["services"] if row["title"] == TITLES[service]))

    def dsn_of(self, service: str) -> str:
        """The DSN of a service's own role."""
        return with_user(self.postgres, service, self.keys.passwords()[service])


@asynccontextmanager
async def running() -> AsyncIterator[Running]:
    """Start everything in a folder of its own; stop it and remove the folder at the end.

    Raises:
        BenchError: it did not start; the sentence quotes what it said.
    """
    warden = Reaper()
    folder = _throwaway()
    warden.throw_away(folder)
    try:
        ready, said = folder / "ready.json", folder / "up.out"
        data = folder / "data"
        words = ["up", "--data-dir", str(data), "--ready-file", str(ready), "--port", str(free_port())]
        child = Child.start(
            [sys.executable, "-m", "cli.main", *words],
            warden=warden,
            output=said,
            cwd=_ROOT,
            # One token asks thousands of times a second here.
            env={**os.environ, **UNLIMITED},
        )

        async def is_ready() -> bool:
            return ready.exists()

        try:
            if not await child.ready(is_ready, within=_READY_WITHIN):
                raise BenchError(f"The system did not start. It said: {said.read_text()[-2000:]}")
            yield Running(json.loads(ready.read_text()), ensure_keys(data), folder, warden)
        finally:
            await child.stop(within=_STOP_WITHIN)
            discard(data / "postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        warden.close()


def _throwaway() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="course-accounts-bench-"))
    folder.chmod(0o711)  # as root, PostgreSQL's own user passes through
    return folder
