"""Free loopback ports, the same ones from run to run where possible."""

import json
import random
import socket
from pathlib import Path

from .errors import StackError

LOOPBACK = "127.0.0.1"

_LOWEST, _EPHEMERAL = 10_240, 32_768
"""Above the ports of well-known servers, below those of outgoing connections (Linux 32768, others 49152)."""
_TRIES = 100


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Say whether a server could listen on the port at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = LOOPBACK) -> int:
    """Return a port nobody listens on at this moment.

    One that the operating system would give to an outgoing connection might be taken by the next of them before
    anybody listens: those are chosen only where all others are in use.
    """
    for _ in range(_TRIES):
        port = random.randrange(_LOWEST, _EPHEMERAL)  # noqa: S311 - nobody has to guess it
        if is_free(port, host):
            return port
    return _any_port(host)


def _any_port(host: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        chosen: int = probe.getsockname()[1]
        return chosen


def wanted_port(port: int, what: str, host: str = LOOPBACK) -> int:
    """Return the port somebody asked for by number.

    Raises:
        StackError: ``PORT_TAKEN``, if another program listens on it.
    """
    if not is_free(port, host):
        raise StackError(
            "PORT_TAKEN",
            f"Port {port} of {host}, wanted for {what}, is used by another program.",
            "Stop that program or choose another port.",
        )
    return port


def kept_port(memory: Path, name: str) -> int:
    """Return the port used last time under this name if it is still free, else a new one; remember it.

    Args:
        memory: a JSON file of names and ports; a missing or unreadable one is like an empty one.
        name: which port of that file.
    """
    ports = _read(memory)
    last = ports.get(name)
    if last is not None and is_free(last):
        return last
    others = set(ports.values())
    port = free_port()
    while port in others:
        port = free_port()
    fresh = memory.with_suffix(".new")
    fresh.write_text(json.dumps({**ports, name: port}))
    fresh.replace(memory)
    return port


def _read(memory: Path) -> dict[str, int]:
    try:
        found = json.loads(memory.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, int) and 0 < v < 65536}
