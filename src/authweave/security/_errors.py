"""
Errors of this room.

::

    AuthweaveError
    ├── KeyDecryptionError
    ├── PasswordTooLongError
    ├── SecretError
    ├── TokenTooLongError
    └── TooManyRequestsError
        └── BusyError
"""

from __future__ import annotations

from authweave.kernel import AuthweaveError


class TooManyRequestsError(AuthweaveError):
    """
    There was more of something than there may be. Answered with 429 and ``Retry-After`` (RFC 6585, section 4).

    Attributes:
        retry_after_s: when to try again, in whole seconds, at least 1.
    """

    code = "too_many_requests"

    def __init__(self, what_happened: str, retry_after_s: int) -> None:
        self.retry_after_s: int = max(retry_after_s, 1)
        super().__init__(f"{what_happened}: try again in {self.retry_after_s} s.")


class BusyError(TooManyRequestsError):
    """
    Too many passwords wait to be hashed, most of them for this client. Answered with 429 and ``Retry-After``.

    Attributes:
        retry_after_s: when the queue should have been worked off.
    """

    code = "busy"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("Too many passwords wait to be hashed", retry_after_s)


class PasswordTooLongError(AuthweaveError):
    """A password is longer than any that is hashed; a password policy should have refused it before."""

    code = "password_too_long"

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        super().__init__(f"The password is longer than the {max_bytes} bytes that are allowed.")


class SecretError(AuthweaveError):
    """The server secret is too short, or its file cannot be used. Raised by ``init``."""

    code = "secret"


class ClosedError(AuthweaveError):
    """Something was used after it had been closed: an application, or what hashes passwords."""

    code = "closed"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was closed: build another application with authweave.init, in the lifespan of the program where "
            "that begins more than once (docs/how-to/deploy.md)."
        )


class KeyDecryptionError(AuthweaveError):
    """A stored signing key does not open: the secret is another, or the key was changed or belongs elsewhere."""

    code = "key_decryption"

    def __init__(self, kid: str) -> None:
        self.kid = kid
        super().__init__(
            f"The signing key {kid!r} cannot be decrypted: configure the server secret, and the app_name, with which "
            "it was stored. Where they are lost, run `authweave db forget-keys`: new keys are made, all sessions end, "
            "users and passwords stay."
        )


class TokenTooLongError(AuthweaveError):
    """The claims of an access token are too many."""

    code = "token_too_long"

    def __init__(self, max_characters: int) -> None:
        self.max_characters = max_characters
        super().__init__(
            f"The access token would be longer than the {max_characters} characters that are allowed: put less into "
            "its payload, and more into the session's data in the database."
        )
