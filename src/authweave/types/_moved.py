"""What errors and the log say to applications that move over (docs/how-to/from-supertokens.md)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

PAGE: Final = "docs/how-to/from-supertokens.md"
"""The page on moving. Its table has a row for each difference, M1 to M22."""

DATABASES: Final = ("sqlite:", "sqlite+", "postgresql:", "postgresql+", "postgres:")
"""How the URLs of databases begin."""

logger: Final = logging.getLogger("authweave.moved")


def names_database(connection_uri: str) -> bool:
    """Return whether a connection URI is that of a database, and not of a core."""
    return connection_uri.strip().lower().startswith(DATABASES)


def see_row(row: str) -> str:
    """Return where to read more about a difference, as the end of an error's message: ``see_row("M1")``."""
    return f"See row {row} of {PAGE}."


def tell_without_effect(function: str, options: Sequence[str], why: str, row: str) -> None:
    """
    Say in the log that an application gave options which do nothing here.

    Args:
        function: what they were given to: ``init``.
        options: their names.
        why: what there is instead, in a sentence.
        row: the row of the page on moving.
    """
    logger.info(
        "%s: without effect here: %s. %s %s",
        function,
        ", ".join(options),
        why,
        see_row(row),
        extra={"event": "without_effect", "options": list(options)},
    )
