"""`python -m services.importer.drafts.worker CONTROL DATA`: a process that reads files and judges their rows.

It stands apart so that parsing competes with nothing for the interpreter, and so that a file that breaks or blocks its
reader costs a process and no service. It knows no password and no address: bytes come in by a file descriptor, rows
go out by a socket. Tasks arrive on the socket CONTROL, each after one byte that carries the open file.
"""

import contextlib
import gc
import os
import resource
import select
import signal
import socket
import sys
import threading
import traceback
from typing import Final

from services.importer.drafts.protocol import Answer, Broken, framed, read_task
from services.importer.drafts.reader import read

MEMORY: Final = 2 * 1024 * 1024 * 1024
"""Address space, in bytes: several times what any file needs, libraries mapped but unused included."""


def main(control: socket.socket, data: socket.socket) -> None:
    """Serve tasks until nobody is at the other end."""
    _leave_with(control)
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)

    def send(answer: Answer) -> None:
        data.sendall(framed(answer))

    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with os.fdopen(descriptors[0], "rb", buffering=0) as file:
            task = read_task(lambda size: _exactly(control, size))
            if task is None:
                return
            try:
                read(task, file.fileno(), send)
            except (BrokenPipeError, ConnectionResetError):
                return
            except MemoryError:
                gc.collect()
                send(Broken("MemoryError", ()))
            except Exception as error:  # noqa: BLE001 - whatever a file does to us is told, with nothing from the file
                where = traceback.extract_tb(error.__traceback__)[-5:]
                send(Broken(type(error).__name__, tuple(f"{f.filename}:{f.lineno} {f.name}" for f in where)))


def _exactly(source: socket.socket, size: int) -> bytes:
    """As many bytes; fewer at the end only."""
    parts = b""
    while len(parts) < size and (part := source.recv(size - len(parts))):
        parts += part
    return parts


def _leave_with(control: socket.socket) -> None:
    """End when the service that started us is gone, whatever we are doing then."""
    poll = select.poll()
    poll.register(control, getattr(select, "POLLRDHUP", select.POLLHUP))

    def watch() -> None:
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, name="leave", daemon=True).start()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):  # a system with a lower limit of its own keeps it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    main(socket.socket(fileno=int(sys.argv[1])), socket.socket(fileno=int(sys.argv[2])))
