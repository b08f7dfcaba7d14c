"""Linking a login method to the user of a session, which there is none of yet (docs/reference/http.md, Linking)."""

from __future__ import annotations

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BadInputError


def refuse_linking(session: SessionContainer | None, should_try: bool | None) -> None:  # noqa: FBT001  as the APIs
    """
    Refuse to link a login method to the user of a session: there is no account linking.

    Raises:
        authweave.types.BadInputError: the frontend asked for it.
    """
    if session is not None and should_try:
        raise BadInputError(
            "shouldTryLinkingWithSessionUser is true, but this application has no account linking; send false."
        )
