"""The policy of passwords: the validator of the sign-up form, then checks that know the address too."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import attrs

from authweave.recipe.emailpassword.types import Validator


@attrs.frozen(kw_only=True)
class NewPassword:
    """
    A password that somebody wants to have.

    Attributes:
        password: in clear, as it will be hashed: in Unicode's form NFC, every kind of space as U+0020.
        email: the address of who is to have it, as it is stored.
        tenant_id: the tenant.

    .. versionadded:: 0.1.0
    """

    password: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    tenant_id: str


PasswordCheck: TypeAlias = Callable[[NewPassword], Awaitable[str | None] | str | None]
"""Takes a password that somebody wants; returns what is wrong with it, or None. May be ``async``."""


@attrs.frozen
class PasswordPolicy:
    """
    Which passwords are taken.

    Attributes:
        validate: the validator of the sign-up form's password, which sees the password and the tenant alone.
        checks: what is asked after it, in order, until one finds something wrong.
    """

    validate: Validator
    checks: tuple[PasswordCheck, ...] = ()

    async def find_fault(self, wanted: NewPassword) -> str | None:
        """Say what is wrong with a password, or None."""
        verdict = self.validate(wanted.password, wanted.tenant_id)
        fault = await verdict if inspect.isawaitable(verdict) else verdict
        return await self.find_further_fault(wanted) if fault is None else fault

    async def find_further_fault(self, wanted: NewPassword) -> str | None:
        """Say what is wrong with a password that the validator of a form has passed, or None."""
        for check in self.checks:
            verdict = check(wanted)
            fault = await verdict if inspect.isawaitable(verdict) else verdict
            if fault is not None:
                return fault
        return None
