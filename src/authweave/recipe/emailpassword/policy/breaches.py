"""Passwords that are known from breaches, asked for without telling which one it is."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from itertools import islice
from typing import Final, Protocol

import attrs

from .policy import NewPassword

PREFIX_CHARACTERS: Final = 5
"""How much of the hash is told: of the billion passwords that are known, each prefix has about a thousand."""

MAX_SUFFIXES: Final = 20_000
"""How many are read of one prefix: ten times as many as the greatest public list has, with its padding."""

MAX_AT_ONCE: Final = 100
"""How many passwords a check looks up at a time. One that comes beyond them counts as a failure of the list."""

logger: Final = logging.getLogger("authweave.emailpassword")


class BreachList(Protocol):
    """
    A list of passwords that are known from breaches. It is told the beginning of a hash, and never a password.

    That is the k-anonymity of Have I Been Pwned's range API, whose answers can be returned as they are, line by line.

    .. versionadded:: 0.1.0
    """

    async def suffixes(self, prefix: str) -> Iterable[str]:
        """
        Return what hashes that begin with a prefix end with.

        Args:
            prefix: the first 5 of the 40 hexadecimal digits of a SHA-1, in upper case.

        Returns:
            The other 35 digits of each, in any case; ``:`` and how often the password was seen may follow, and those
            that were seen 0 times are padding.

        Raises:
            Exception: anything. `BreachCheck` says what comes of it.
        """
        ...


@attrs.frozen
class BreachCheck:
    """
    Refuses passwords that are known from breaches (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.12).

    It is for ``password_checks`` of `authweave.recipe.emailpassword.InputSignUpFeature`.

    Args:
        breach_list: where to look.
        message: what is wrong with a password that is found there, for whoever wants it.
        least: how often it has to have been seen. What a list does not count was seen once.
        required: whether a password is refused when the list fails, or takes too long. By default it passes, and the
            log tells (``breach_list_failed``): nobody is kept from signing up since another service is down.
        failure_message: what is said then.
        timeout_s: how long the list has, in seconds.

    .. versionadded:: 0.1.0
    """

    breach_list: BreachList
    message: str = attrs.field(
        default="This password is known from a data breach. Please choose another one", kw_only=True
    )
    least: int = attrs.field(default=1, kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)
    failure_message: str = attrs.field(
        default="The password cannot be checked at the moment. Please try again later", kw_only=True
    )
    timeout_s: float = attrs.field(default=2.0, kw_only=True)
    _under_way: set[object] = attrs.field(init=False, factory=set[object], repr=False, eq=False)

    async def __call__(self, wanted: NewPassword) -> str | None:
        """Say that a password is known, or None."""
        # What the lists are made of. It protects nothing here.
        digest = hashlib.sha1(wanted.password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            is_known = await self._find(digest[:PREFIX_CHARACTERS], digest[PREFIX_CHARACTERS:])
        except Exception as error:  # noqa: BLE001  whatever a stranger's list raises
            logger.warning(
                "The list of breached passwords failed (%s): a password was %s.",
                type(error).__name__,
                "refused" if self.required else "taken without it",
                extra={"event": "breach_list_failed", "error": type(error).__name__},
            )
            return self.failure_message if self.required else None
        return self.message if is_known else None

    async def _find(self, prefix: str, suffix: str) -> bool:
        """
        Return whether a hash was seen often enough.

        Raises:
            Exception: the list failed, took too long or too much, or is asked too often at a time.
        """
        if len(self._under_way) >= MAX_AT_ONCE:
            raise OverflowError(f"{MAX_AT_ONCE} passwords are being looked up already.")
        mine = object()
        self._under_way.add(mine)
        try:
            async with asyncio.timeout(self.timeout_s):
                found = iter(await self.breach_list.suffixes(prefix))
        finally:
            self._under_way.discard(mine)
        for line in islice(found, MAX_SUFFIXES):
            each, _, count = line.partition(":")
            if each.strip().upper() == suffix:
                return (int(count) if count.strip() else 1) >= self.least
        if next(found, None) is not None:
            raise OverflowError(f"The list has more than {MAX_SUFFIXES} hashes with one prefix.")
        return False
