"""What is noted of a sign-in that a provider, or what the client brought, did not let happen."""

from __future__ import annotations

import logging
from typing import Final

from authweave.types import BadInputError, BaseRequest

from .exceptions import ThirdPartyError
from .provider import ProviderConfigForClient
from .providers.user_info import places
from .types import RawUserInfoFromProvider

logger: Final = logging.getLogger("authweave.http")


def note_failure(request: BaseRequest, error: ThirdPartyError | BadInputError) -> None:
    """Log what happened, without secrets, and take back what was to be added to the answer."""
    request.response.clear()
    request.changes.headers.clear()
    warn(error.code, str(error))


def note_no_address(config: ProviderConfigForClient, said: RawUserInfoFromProvider) -> None:
    """Log where a user's address was looked for, and was not."""
    looked = places(config, "email", said.from_id_token_payload, said.from_user_info_api)
    warn(
        "no_email",
        f"Provider {config.third_party_id!r} gave no address of a user ({looked}): ask for the scope that has it, "
        "correct user_info_map, or write require_email=False, which takes users without one.",
    )


def warn(code: str, what: str) -> None:
    """Log a sign-in that did not happen."""
    logger.warning("%s: %s", code, what, extra={"event": "third_party_failed", "code": code})
