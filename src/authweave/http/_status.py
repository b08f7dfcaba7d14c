"""How HTTP writes a status."""

from __future__ import annotations

from http import HTTPStatus


def status_line(status: int) -> str:
    """Return a status with its phrase (RFC 9110, section 15): ``200 OK``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # an override's own
        return f"{status} Unknown"
