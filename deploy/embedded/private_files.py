"""Small files with secrets in them: readable by their owner only, never seen half written."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from .paths import os_error


def write_private_json(file: Path, document: Any) -> None:
    """As `write_private`, with this object as JSON."""
    write_private(file, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def write_private(file: Path, text: str) -> None:
    """Replace a file by one with this content, in one step, mode 0600.

    Raises:
        StackError: NOT_WRITABLE or DISK_FULL.
    """
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise os_error(error, file) from error


def read_json(file: Path) -> dict[str, Any] | None:
    """The object in a file; None if there is no file or nothing readable in it."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
