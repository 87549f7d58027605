"""The log of `up` itself: what libraries say goes to a file, not between the lines a person reads."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.common.logging import configure_logging

from .paths import os_error
from .service_logs import keep_below


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Send all logging of this process to a file while the block runs.

    Raises:
        StackError: NOT_WRITABLE or DISK_FULL.
    """
    configure_logging("up", level="warning")
    try:
        keep_below(path)
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        raise os_error(error, path) from error
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    handler.setFormatter(root.handlers[0].formatter)
    before, root.handlers[:] = root.handlers[:], [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        stream.close()
