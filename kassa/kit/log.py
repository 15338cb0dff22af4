"""Structured logs: a static event phrase, facts as keywords, one correlation id from edge to job.

Categories are files: general, ai, payments, security, errors; each rotated at midnight and kept for 30 days.
"""

import logging
import logging.handlers
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import orjson
import structlog

from kassa.kit import ids

CATEGORIES = ("general", "ai", "payments", "security", "errors")
_SECRET_WORDS = ("token", "secret", "password", "api_key", "authorization")

_correlation: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The id that ties an update or request to the jobs it caused."""
    return _correlation.get()


@contextmanager
def bound(correlation: str = "", **facts: Any) -> Iterator[str]:
    """Bind a correlation id (a new one when empty) and facts to every line logged in the block."""
    value = correlation or ids.new().hex
    token = _correlation.set(value)
    try:
        if facts:
            with structlog.contextvars.bound_contextvars(**facts):
                yield value
        else:
            yield value
    finally:
        _correlation.reset(token)


def configure(level: str, directory: Path | None, *, pretty: bool) -> None:
    """Set logging up once per process. Without a directory everything goes to standard error only."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _correlate,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    as_json = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=lambda value, **_: orjson.dumps(value, default=str).decode()),
        ],
    )
    as_text = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
    )
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(as_text if pretty else as_json)
    root = logging.getLogger()
    root.handlers[:] = [console]
    root.setLevel(level)
    for noisy in ("aiogram", "asyncio", "uvicorn.access", "pgqueuer", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # PgQueuer logs every retry with a traceback; our job loop has said it already, with the facts.
    logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        for category in CATEGORIES:
            root.addHandler(_file(directory / f"{category}.log", category, as_json))


def _correlate(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    found = _correlation.get()
    if found:
        event.setdefault("correlation_id", found)
    return event


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of facts whose names say they are secret."""
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS) and not key.endswith("_tokens"):
            event[key] = "[redacted]"
    return event


def _file(path: Path, category: str, formatter: logging.Formatter) -> logging.Handler:
    handler = logging.handlers.TimedRotatingFileHandler(
        path, when="midnight", backupCount=30, encoding="utf-8", utc=True, delay=True
    )
    handler.setFormatter(formatter)
    handler.addFilter(lambda record: _belongs(record, category))
    return handler


def _belongs(record: logging.LogRecord, category: str) -> bool:
    if category == "errors":
        return record.levelno >= logging.ERROR
    if category == "ai":
        return ".ai" in record.name
    if category == "payments":
        return any(part in record.name for part in ("billing", "ledger", "payments"))
    if category == "security":
        return any(part in record.name for part in ("identity", "audit", "security"))
    return True
