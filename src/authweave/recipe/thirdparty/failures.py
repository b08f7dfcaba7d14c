"""What is noted of a sign-in that a provider, or what the client brought, did not let happen."""

from __future__ import annotations

import logging
from typing import Final

from authweave.types import BadInputError, BaseRequest

from .exceptions import ThirdPartyError

logger: Final = logging.getLogger("authweave.http")


def note_failure(request: BaseRequest, error: ThirdPartyError | BadInputError) -> None:
    """Log what happened, without secrets, and take back what was to be added to the answer."""
    request.response.clear()
    request.changes.headers.clear()
    logger.warning("%s: %s", error.code, error, extra={"event": "third_party_failed", "code": error.code})
