"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_new_session)
def create_new_session() -> None:
    """Create a session and attach it to an answer, as `asyncio.create_new_session` does."""


@blocking(_asyncio.get_session)
def get_session() -> None:
    """Verify the session of a request, as `asyncio.get_session` does."""


@blocking(_asyncio.refresh_session)
def refresh_session() -> None:
    """Refresh the session of a request, as `asyncio.refresh_session` does."""


@blocking(_asyncio.revoke_session)
def revoke_session() -> None:
    """Revoke a session, as `asyncio.revoke_session` does."""


@blocking(_asyncio.revoke_all_sessions_for_user)
def revoke_all_sessions_for_user() -> None:
    """Revoke a user's sessions, as `asyncio.revoke_all_sessions_for_user` does."""


@blocking(_asyncio.get_session_information)
def get_session_information() -> None:
    """Return what the store knows of a session, as `asyncio.get_session_information` does."""


@blocking(_asyncio.update_session_data_in_database)
def update_session_data_in_database() -> None:
    """Replace what a session keeps on the server, as `asyncio.update_session_data_in_database` does."""


@blocking(_asyncio.merge_into_access_token_payload)
def merge_into_access_token_payload() -> None:
    """Merge claims into the stored payload, as `asyncio.merge_into_access_token_payload` does."""


@blocking(_asyncio.create_new_session_without_request_response)
def create_new_session_without_request_response() -> None:
    """Create a session without a request, as `asyncio.create_new_session_without_request_response` does."""


@blocking(_asyncio.get_session_without_request_response)
def get_session_without_request_response() -> None:
    """Verify the session of an access token, as `asyncio.get_session_without_request_response` does."""


@blocking(_asyncio.refresh_session_without_request_response)
def refresh_session_without_request_response() -> None:
    """Refresh the session of a refresh token, as `asyncio.refresh_session_without_request_response` does."""


@blocking(_asyncio.revoke_multiple_sessions)
def revoke_multiple_sessions() -> None:
    """Revoke sessions, as `asyncio.revoke_multiple_sessions` does."""


@blocking(_asyncio.get_all_session_handles_for_user)
def get_all_session_handles_for_user() -> None:
    """Return the handles of a user's sessions, as `asyncio.get_all_session_handles_for_user` does."""


@blocking(_asyncio.regenerate_access_token)
def regenerate_access_token() -> None:
    """Mint an access token with other claims, as `asyncio.regenerate_access_token` does."""


@blocking(_asyncio.fetch_and_set_claim)
def fetch_and_set_claim() -> None:
    """Fetch the value of a claim and store it, as `asyncio.fetch_and_set_claim` does."""


@blocking(_asyncio.set_claim_value)
def set_claim_value() -> None:
    """Store a value of a claim, as `asyncio.set_claim_value` does."""


@blocking(_asyncio.get_claim_value)
def get_claim_value() -> None:
    """Return the value of a claim as it is stored, as `asyncio.get_claim_value` does."""


@blocking(_asyncio.remove_claim)
def remove_claim() -> None:
    """Take a claim out of what is stored, as `asyncio.remove_claim` does."""


@blocking(_asyncio.validate_claims_for_session_handle)
def validate_claims_for_session_handle() -> None:
    """Validate the claims of a session as they are stored, as `asyncio.validate_claims_for_session_handle` does."""


@blocking(_asyncio.validate_claims_in_jwt_payload)
def validate_claims_in_jwt_payload() -> None:
    """Let the validators look at the payload of a token, as `asyncio.validate_claims_in_jwt_payload` does."""


@blocking(_asyncio.create_jwt)
def create_jwt() -> None:
    """Sign a JWT of the application's own, as `asyncio.create_jwt` does."""


@blocking(_asyncio.get_jwks)
def get_jwks() -> None:
    """Return the public keys of all tokens that are in use, as `asyncio.get_jwks` does."""


@blocking(_asyncio.get_open_id_discovery_configuration)
def get_open_id_discovery_configuration() -> None:
    """Return where the keys are, as `asyncio.get_open_id_discovery_configuration` does."""
