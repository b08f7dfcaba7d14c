"""Secrets of devices, as the store has them: sealed with the server's secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from authweave.security import Sealer, ServerSecret
from authweave.types import ConfigurationError

from .store import TOTPDevice

BOUND_TO: Final = ("device",)
"""Not to the user: his id may be another one later (`create_user_id_mapping`), and a device's name too."""


class SealedSecrets:
    """
    Seals secrets, and opens them to compare a code.

    Args:
        secret: the server's.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    def __init__(self, secret: ServerSecret, random_bytes: Callable[[int], bytes]) -> None:
        self._sealer: Sealer = Sealer(secret, "totp-secrets", random_bytes=random_bytes)

    def seal(self, secret: str) -> str:
        """Seal a secret, which is in base32."""
        return self._sealer.seal(secret.encode("ascii"), BOUND_TO)

    def secret_of(self, device: TOTPDevice) -> str:
        """
        Return the secret of a device.

        Raises:
            authweave.types.ConfigurationError: it was stored with another secret of the server.
        """
        secret = self._sealer.open(device.secret, BOUND_TO)
        if secret is None:
            raise ConfigurationError(
                f"The TOTP devices of the user {device.user_id!r} cannot be opened: they were stored with another "
                "secret. Configure that secret; where it is lost, run `authweave db forget-keys`."
            )
        return secret.decode("ascii")
