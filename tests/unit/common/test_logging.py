"""Log lines: one JSON object each, in one shape, whoever writes them."""

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from services.common.logging import configure_logging, get_logger


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process's logging, put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    chatty = {
        name: logging.getLogger(name).level for name in ("aiokafka", "faststream", "uvicorn", "asyncio")
    }
    yield
    root.handlers[:], root.level = handlers, level
    for name, was in chatty.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was written, line by line."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """Name, level, time, service, and the data as it was given; ids that were bound come along."""
    configure_logging("importer")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        get_logger(draft="d1").info("file_staged", rows=3, text="two\nlines")
    (line,) = lines(capsys)
    assert str(line.pop("time")).endswith("Z")
    assert line == {
        "event": "file_staged",
        "level": "info",
        "service": "importer",
        "request_id": "r1",
        "draft": "d1",
        "rows": 3,
        "text": "two\nlines",
    }


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_errors_keep_their_trace_but_no_variables(
    capsys: pytest.CaptureFixture[str], log_format: Literal["json", "console"]
) -> None:
    """For those who run it; what variables held may be an address or a secret."""
    configure_logging("importer", log_format=log_format)
    address = "anna@example.org"
    try:
        {}["bug"]
    except KeyError:
        get_logger().exception("request_failed")
    written = capsys.readouterr().err
    assert "KeyError: 'bug'" in written
    assert "test_logging.py" in written
    assert address not in written
    assert log_format == "console" or len(written.splitlines()) == 1


def test_libraries_speak_in_the_same_shape(capsys: pytest.CaptureFixture[str]) -> None:
    """Through the standard library; the chatty ones only from warnings on."""
    configure_logging("projector")
    logging.getLogger("some.library").info("Connected to %s", "h")
    logging.getLogger("aiokafka").info("chatter")
    logging.getLogger("aiokafka").warning("trouble")
    first, second = lines(capsys)
    assert (first["event"], first["service"], first["logger"]) == (
        "Connected to h",
        "projector",
        "some.library",
    )
    assert (second["event"], second["level"]) == ("trouble", "warning")


def test_the_level_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    """By us and by libraries."""
    configure_logging("projector", level="error")
    get_logger().warning("a")
    logging.getLogger("some.library").warning("b")
    logging.getLogger("aiokafka").warning("c")
    get_logger().error("d")
    assert [line["event"] for line in lines(capsys)] == ["d"]


def test_what_json_cannot_say_is_said_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A line is never lost because of what stands in it."""
    configure_logging("projector")
    get_logger().info("odd", value={1, 2}.__class__)
    assert lines(capsys)[0]["value"] == "<class 'set'>"


def test_the_console_shows_the_same_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Without colours where nobody looks."""
    configure_logging("projector", log_format="console")
    get_logger().info("file_staged", rows=3)
    written = capsys.readouterr().err
    assert "file_staged" in written
    assert "rows=3" in written
    assert "\x1b" not in written
