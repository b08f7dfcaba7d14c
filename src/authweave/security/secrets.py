"""The server secret, and the keys that are derived from it."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeAlias

import attrs

from ._encoding import base64url
from ._errors import SecretError

MIN_SECRET_BYTES: Final = 32
"""As many as the HMAC-SHA256 and AES-256 keys that come of it have (RFC 7518, section 3.2, asks the same)."""

MAX_SECRET_BYTES: Final = 4096

logger: Final = logging.getLogger("authweave.security")

Purpose: TypeAlias = Literal[
    "refresh-tokens",
    "key-encryption",
    "third-party-sign-ins",
    "third-party-attempts",
    "tenant-providers",
    "provider-tokens",
    "counting",
    "outbox",
    "admin-forms",
    "totp-secrets",
    "totp-recovery-codes",
    "passwordless-codes",
    "passwordless-clients",
    "passkeys",
]


def check_length(instance: object, attribute: attrs.Attribute[bytes], value: bytes) -> None:
    """Refuse a secret that is too short."""
    del instance, attribute
    if not MIN_SECRET_BYTES <= len(value) <= MAX_SECRET_BYTES:
        raise SecretError(
            f"The server secret has {len(value)} bytes; it needs at least {MIN_SECRET_BYTES} (and at most "
            f"{MAX_SECRET_BYTES}), unpredictable ones: python -c 'import secrets; print(secrets.token_urlsafe())'"
        )


@attrs.frozen
class ServerSecret:
    """
    What the server alone knows. Every use has a key of its own, so that none tells anything of another.

    `secret_from_configuration` and `secret_file` make one.

    Raises:
        SecretError: it has fewer than 32 bytes, or more than 4096.

    .. versionadded:: 0.1.0
    """

    value: bytes = attrs.field(repr=False, validator=check_length)

    def key(self, purpose: Purpose) -> bytes:
        """Derive the key of 32 bytes for a purpose: HKDF with SHA-256 (RFC 5869), the purpose as its info."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt=None, info=f"authweave/1/{purpose}".encode()).derive(self.value)


def secret_from_configuration(configured: str | bytes) -> ServerSecret:
    """
    Take the secret that an application was configured with; white space around it does not count.

    Raises:
        SecretError: it has fewer than 32 bytes.
    """
    data = configured.encode("utf-8", "surrogatepass") if isinstance(configured, str) else configured
    return ServerSecret(data.strip())


def secret_file(path: Path, *, random_bytes: Callable[[int], bytes] = os.urandom) -> ServerSecret:
    """
    Read the secret in a file, which is made first if it is not there, readable by its owner alone.

    One that a group may read too is taken where the process is in it, as volumes of Kubernetes with ``fsGroup`` make
    it, and the log says so.

    Of processes that start at once one makes the file, and all read the same secret. Its text can be given to
    `secret_from_configuration` too, when the database moves.

    Args:
        path: usually that of the SQLite database with ``.secret`` behind it.
        random_bytes: returns as many unpredictable bytes as asked.

    Raises:
        SecretError: the file cannot be made or read, others may read it (everybody, or a group that the process is
            not in), or it holds no secret.
    """
    try:
        if not path.exists():
            create_secret_file(path, base64url(random_bytes(MIN_SECRET_BYTES)))
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MAX_SECRET_BYTES + 1)
    except OSError as error:
        raise SecretError(
            f"The secret file {str(path)!r} cannot be used ({error.strerror}): let the process read it, and write in "
            "its directory, or configure a secret."
        ) from error
    if os.name == "posix":  # Windows has no such bits: files there take their rights from the directory
        check_mode(path, status)
    return secret_from_configuration(content)


def check_mode(path: Path, status: os.stat_result) -> None:
    """
    Check who may use a secret file: its owner, and a group of the process.

    Raises:
        SecretError: others may.
    """
    is_own_group = status.st_gid in {os.getegid(), *os.getgroups()}
    if status.st_mode & stat.S_IRWXO or (status.st_mode & stat.S_IRWXG and not is_own_group):
        raise SecretError(
            f"The secret file {str(path)!r} can be read by others: run chmod 600, and consider it known to them."
        )
    if status.st_mode & stat.S_IRWXG:
        logger.warning(
            "The secret file %r can be read by the group %d, which this process is in. Where that is not wanted, as on "
            "a volume of Kubernetes with fsGroup, run chmod 600.",
            str(path),
            status.st_gid,
            extra={"event": "secret_of_group", "gid": status.st_gid},
        )


def create_secret_file(path: Path, content: str) -> None:
    """
    Make a file with its content in one step, unless somebody else does.

    It is written under another name first: nobody ever reads half of it, and a crash leaves all of it or nothing.
    """
    import tempfile

    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{content}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        Path(draft).unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Bring the name of a new file to the disk, where directories can be synchronised."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
