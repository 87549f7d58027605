"""Start the account service as a child process, for tests and benchmarks: kill it, start it again, read its journal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.account_service import journal
from deploy.account_service.settings import PREFIX

CLIENT_ID = "course-accounts"
CLIENT_SECRET = "only-for-tests"  # noqa: S105 - of a simulated service on this machine
CONTROL_TOKEN = "control-only-for-tests"  # noqa: S105 - same
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class LaunchedService:
    """One account service over a journal; a context manager that starts it and stops it."""

    def __init__(self, folder: Path, **settings: object) -> None:
        """`settings` are those of the settings class, in small letters."""
        self.journal = folder / "journal.jsonl"
        self._log = folder / "account-service.log"
        self._settings: dict[str, object] = {
            "journal": self.journal,
            "port": 0,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "control_token": CONTROL_TOKEN,
            "log_format": "json",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def accounts_url(self) -> str:
        """Where accounts are created."""
        return f"{self.url}/accounts"

    @property
    def token_url(self) -> str:
        """Where tokens are had."""
        return f"{self.url}/oauth/token"

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None  # noqa: S101 - a mistake of the test
        return self._process.pid

    def effects(self) -> list[journal.Effect]:
        """What the journal says happened."""
        return journal.read(self.journal)

    def start(self) -> None:
        """Start and wait until it answers; a second start keeps the address.

        Raises:
            RuntimeError: it ended, or did not answer in time; the log is in the message.
        """
        environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        environ |= {PREFIX + name.upper(): str(value) for name, value in self._settings.items()}
        offset = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "deploy.account_service"], env=environ, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            for line in self._log.read_bytes()[offset:].splitlines():
                if b'"account_service_ready"' in line:
                    self.url = json.loads(line)["url"]
                    self._settings["port"] = self.url.rpartition(":")[2]
                    return
            time.sleep(0.02)
        said = self._log.read_text()[offset:]
        self.kill()
        raise RuntimeError(f"The account service did not start. It said: {said}")

    def stop(self) -> int:
        """Ask it to stop; gives its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Take it away without a warning (kill -9)."""
        return self._end(signal.SIGKILL)

    def wait(self) -> int:
        """Wait until it ends by itself; gives its exit code."""
        assert self._process is not None  # noqa: S101 - a mistake of the test
        return self._process.wait(STOP_SECONDS)

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
