"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.assert_allowed_to_setup_factor_else_throw_invalid_claim_error)
def assert_allowed_to_setup_factor_else_throw_invalid_claim_error() -> None:
    """Check that a user may set up a factor now, as the function of ``asyncio`` does."""


@blocking(_asyncio.get_mfa_requirements_for_auth)
def get_mfa_requirements_for_auth() -> None:
    """Return which factors a user has to show, as `asyncio.get_mfa_requirements_for_auth` does."""


@blocking(_asyncio.mark_factor_as_complete_in_session)
def mark_factor_as_complete_in_session() -> None:
    """Note that a user has just shown a factor, as `asyncio.mark_factor_as_complete_in_session` does."""


@blocking(_asyncio.get_factors_setup_for_user)
def get_factors_setup_for_user() -> None:
    """Return which factors a user has set up, as `asyncio.get_factors_setup_for_user` does."""


@blocking(_asyncio.get_required_secondary_factors_for_user)
def get_required_secondary_factors_for_user() -> None:
    """Return which factors are required of a user, as `asyncio.get_required_secondary_factors_for_user` does."""


@blocking(_asyncio.add_to_required_secondary_factors_for_user)
def add_to_required_secondary_factors_for_user() -> None:
    """Require a factor of a user, as `asyncio.add_to_required_secondary_factors_for_user` does."""


@blocking(_asyncio.remove_from_required_secondary_factors_for_user)
def remove_from_required_secondary_factors_for_user() -> None:
    """Require a factor of a user no more, as `asyncio.remove_from_required_secondary_factors_for_user` does."""
