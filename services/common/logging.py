"""Logging: one JSON object a line (or a console line), static event names, no personal data.

What other libraries log through the standard library comes out in the same shape.
"""

import logging
import re
import sys
from typing import Any, Literal

import orjson
import structlog

_DETAILS = re.compile(r"\n(?:DETAIL|CONTEXT|HINT):.*")


def configure_logging(
    service: str, *, log_format: Literal["console", "json"] = "json", level: str = "info"
) -> None:
    """Set up structlog and the standard library's logging for this process, once."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _bind_service(service),
    ]
    renderer: structlog.typing.Processor
    shared += [structlog.processors.format_exc_info, without_details]
    if log_format == "console":
        # The default shows the local variables of every frame: addresses, and secrets.
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    else:
        renderer = structlog.processors.JSONRenderer(serializer=_json)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("aiokafka", "faststream", "uvicorn", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def get_logger(**bound: Any) -> structlog.stdlib.BoundLogger:
    """A logger with ids bound once; call it with a static snake_case event name and data in keywords."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(**bound)
    return logger


def without_details(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Cut what PostgreSQL adds to its errors: DETAIL and CONTEXT quote rows, which may be personal."""
    for name in ("exception", "error"):
        if isinstance(text := event.get(name), str) and "\n" in text:
            event[name] = _DETAILS.sub("", text)
    return event


def _bind_service(service: str) -> structlog.typing.Processor:
    def bind(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event.setdefault("service", service)
        return event

    return bind


def _json(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()
