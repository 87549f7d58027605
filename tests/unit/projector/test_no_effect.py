"""The projector has no effect outside: its code names nothing that writes to the log or calls anybody."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.projector

ROOT = Path(services.projector.__file__).parent
CLIENTS = (
    "aiohttp",
    "ftplib",
    "grpc",
    "http.client",
    "httpx",
    "httpx2",
    "httpcore2",
    "requests",
    "services.common.producer",
    "services.common.read_model",
    "smtplib",
    "socket",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
)
NAMES = {
    "AIOKafkaProducer",
    "ClientSession",
    "create_connection",
    "open_connection",
    "open_unix_connection",
    "publisher",
    "send_and_wait",
}


def effects_of(text: str) -> Iterator[str]:
    """Whatever in this code could have an effect outside."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import():
                imported = [alias.name for alias in node.names]
            case ast.ImportFrom():
                imported = [f"{node.module}.{alias.name}" for alias in node.names]
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield from {name} & NAMES
                continue
            case _:
                continue
        for name in imported:
            if any(f"{name}.".startswith(f"{client}.") for client in CLIENTS):
                yield name
            yield from {name.rpartition(".")[2]} & NAMES


def test_no_module_of_the_projector_writes_to_the_log_or_calls_anybody() -> None:
    """No producer, no client of HTTP, no socket."""
    files = sorted(ROOT.rglob("*.py"))
    assert len(files) > 50
    found = {
        path.relative_to(ROOT): names for path in files if (names := [*effects_of(path.read_text("utf-8"))])
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "from aiokafka import AIOKafkaProducer",
        "import urllib.request",
        "from urllib import request",
        "from http import client",
        "import http.client as plain",
        "import socket",
        "@broker.publisher('log')\ndef f(): ...",
        "asyncio.open_connection('host', 80)",
        "from services.common.read_model import Projector",
    ],
)
def test_whatever_could_is_noticed(text: str) -> None:
    """The reading of the code sees it, however it is written."""
    assert [*effects_of(text)]


def test_what_only_looks_like_it_is_not() -> None:
    """Addresses are put together without calling anybody."""
    assert not [
        *effects_of("from urllib.parse import urlencode\nfrom http import HTTPStatus\nimport socketserver")
    ]
