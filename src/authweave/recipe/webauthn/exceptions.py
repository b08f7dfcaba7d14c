"""
What the webauthn recipe raises.

AuthweaveError
  StorageError
    PasskeyTakenError         the recipe's functions return a result
  SessionError
    SessionRefusedError
      PasskeyRemovedError   403, "session refused"
"""

from __future__ import annotations

from authweave.recipe.session import SessionRefusedError
from authweave.storage import StorageError

__all__ = ["PasskeyRemovedError", "PasskeyTakenError"]


class PasskeyRemovedError(SessionRefusedError):
    """
    No session was created: the passkey was removed while somebody signed in with it.

    ``POST /webauthn/signin`` answers that the credentials are invalid. Only what an application makes of a sign-in can
    let it out.
    """

    code = "passkey_removed"

    def __init__(self, user_id: str) -> None:
        super().__init__(
            user_id, msg=f"A passkey of the user {user_id!r} was removed while somebody signed in with it."
        )


class PasskeyTakenError(StorageError):
    """A passkey of this id is registered already. Nothing was written."""

    code = "passkey_taken"

    def __init__(self) -> None:
        super().__init__("A passkey of this id is registered already: an authenticator makes a new one each time.")
