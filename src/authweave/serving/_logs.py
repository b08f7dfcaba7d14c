"""Logs for machines: one JSON object a line, each with the id of the request that it belongs to."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from authweave.types import JSON

REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("authweave.serving.request_id", default=None)
"""The id of the request that is being served."""

OF_EVERY_RECORD: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JSONFormatter(logging.Formatter):
    """
    Writes a record as JSON: time, level, logger, message, the request's id, and what its call added (``extra``).

    Only texts, numbers and truth values of what was added are written: objects may hold anything.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, JSON] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (request_id := REQUEST_ID.get()) is not None:
            line["request_id"] = request_id
        for name, value in vars(record).items():
            if name not in OF_EVERY_RECORD and name not in line and isinstance(value, str | int | float):
                line[name] = value
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)  # in ASCII: some take U+2028 for the end of a line


def log_config(level: str) -> dict[str, object]:
    """
    Return how a process logs, for `logging.config.dictConfig`; uvicorn hands it to its workers.

    Of other libraries only warnings are told: they do not promise to leave secrets out. Nor is uvicorn's own line for
    each request: it has the query, and a query may hold a token.
    """
    own = {"level": level.upper()}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.{JSONFormatter.__name__}"}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {"authweave": own, "uvicorn": own, "uvicorn.access": {"level": "CRITICAL", "propagate": False}},
    }
