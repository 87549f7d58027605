"""The contracts depend on nothing but what defines them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import schemas

ROOT = Path(schemas.__file__).parent
ALLOWED = {*sys.stdlib_module_names, "schemas", "pydantic", "pydantic_core", "msgspec", "idna"}
ONLY_FOR_GENERATING = {"jsoncompat"}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_contracts_know_no_service_and_no_server() -> None:
    """No service, Kafka, HTTP or SQL library is imported by the contracts; generating needs one checker more."""
    files = list(ROOT.rglob("*.py"))
    assert len(files) > 10
    for path in files:
        allowed = ALLOWED | (ONLY_FOR_GENERATING if path.parent.name == "generate" else set())
        assert not set(_imported(path)) - allowed, path.name
