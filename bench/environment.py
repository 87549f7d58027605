"""Where a measurement was made: machine, versions, and the code that was measured."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import asyncpg
import psutil

from bench.stack import Running
from deploy.embedded.jars import KAFKA_VERSION

_LIBRARIES = (
    "aiohttp",
    "aiokafka",
    "asyncpg",
    "faststream",
    "fastapi",
    "msgspec",
    "pydantic",
    "uvicorn",
    "uvloop",
)
_ROOT = Path(__file__).resolve().parents[1]


async def describe(system: Running) -> dict[str, object]:
    """All that a figure depends on beside the code, and which code it was."""
    connection = await asyncpg.connect(system.postgres)
    try:
        postgres = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return {
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_mib": psutil.virtual_memory().total // 2**20,
            "system": f"{platform.system()} {platform.release()}",
            "file_system": _file_system(system.folder),
        },
        "versions": {
            "python": platform.python_version(),
            "kafka": KAFKA_VERSION,
            "postgres": postgres,
            **{name: version(name) for name in _LIBRARIES},
        },
        "code": _code(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _file_system(folder: Path) -> str:
    """What the data lies on: a file system in memory makes every flush free."""
    mounts = [m for m in psutil.disk_partitions(all=True) if folder.is_relative_to(m.mountpoint)]
    return max(mounts, key=lambda m: len(m.mountpoint)).fstype if mounts else "unknown"


def _code() -> str | None:
    """The commit, with a + if files differ from it; None outside of a checkout."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD").strip()
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no").strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(_ROOT), *words], capture_output=True, text=True, check=True
    ).stdout
