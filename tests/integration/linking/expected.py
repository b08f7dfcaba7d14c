"""
What the accounts contract says, in words of Python: predicates that know nothing of the library's tables.

An account is what the contract speaks of, and no more: whether it is primary, and of each login method whether it has
the address in question, and whether that is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import attrs

from .scenes import Said

EmailChange: TypeAlias = Literal["OK", "PRIMARY_USER_CONFLICT", "ACCOUNT_TAKEOVER_RISK"]


@attrs.frozen
class Method:
    """
    A login method.

    Attributes:
        same: whether it has the address in question.
        is_password: whether it is one with a password.
    """

    verified: bool
    same: bool = True
    is_password: bool = False


@attrs.frozen
class Account:
    """A user, by what the tables ask. The first login method is the oldest."""

    methods: tuple[Method, ...]
    primary: bool = False
    name: str = ""

    @property
    def has_verified(self) -> bool:
        """Whether some login method has the address, verified."""
        return any(method.same and method.verified for method in self.methods)

    @property
    def first_is_verified(self) -> bool:
        """Whether the first login method has the address, verified."""
        return self.methods[0].same and self.methods[0].verified

    @property
    def has_more(self) -> bool:
        """Whether there is another address."""
        return any(not method.same for method in self.methods)

    @property
    def password(self) -> Method | None:
        """The login method with a password and the address."""
        return next((method for method in self.methods if method.is_password and method.same), None)


def primary_of(users: Sequence[Account]) -> Account | None:
    """Return the primary user among some."""
    return next((user for user in users if user.primary), None)


def sign_up_allowed(users: Sequence[Account], said: Said, *, verified: bool, of_session: Account | None) -> bool:
    """3.4."""
    primary = primary_of(users)
    if not users or said in {"no", "nov"}:
        return True
    if primary is not None:
        return verified and (of_session == primary or primary.has_verified)
    return all(user.first_is_verified for user in users if user != of_session)


def sign_in_allowed(
    user: Account, others: Sequence[Account], said: Said, *, sign_in_verifies: bool, of_session: Account | None
) -> bool:
    """3.5."""
    if user.primary or user.methods[0].verified or sign_in_verifies or not others:
        return True
    return sign_up_allowed([user, *others], said, verified=False, of_session=of_session)


def email_change(
    user: Account, others_by_tenant: Sequence[Sequence[Account]], said: Said, *, verified: bool, is_current: bool
) -> EmailChange:
    """3.6, where the address in question is the new one."""
    for others in others_by_tenant:
        primaries = [other for other in others if other.primary]
        if user.primary:
            if primaries:
                return "PRIMARY_USER_CONFLICT"
            if verified or user.has_verified or not others:
                continue
        elif verified or is_current or not primaries:
            continue
        if said == "ver":
            return "ACCOUNT_TAKEOVER_RISK"
    return "OK"


@attrs.frozen
class Linked:
    """
    What comes of 3.7.

    Attributes:
        user: whose the login method is afterwards.
        primaries: who is primary afterwards.
        asked: what the callback is asked: whether somebody is named, and about whom.
    """

    user: str
    primaries: frozenset[str]
    asked: tuple[tuple[bool, str], ...]


def linked_by_account(
    new: Account, others: Sequence[Account], *, of_other: Said, of_self: Said, together: Said
) -> Linked:
    """3.7, without a session; others are the oldest first."""
    primaries = frozenset(user.name for user in [new, *others] if user.primary)
    if new.primary:
        return Linked(new.name, primaries, ())
    verified = new.methods[0].verified
    primary = primary_of(others)
    if primary is not None:
        may = together == "nov" or (together == "ver" and verified and primary.has_verified)
        return Linked(primary.name if may else new.name, primaries, ((True, new.name),))
    asked: tuple[tuple[bool, str], ...] = ()
    if others:
        oldest = others[0]
        asked = ((False, oldest.name),)
        if of_other == "nov" or (of_other == "ver" and oldest.first_is_verified):
            may = together == "nov" or (together == "ver" and verified and oldest.has_verified)
            return Linked(oldest.name if may else new.name, primaries | {oldest.name}, (*asked, (True, new.name)))
    asked = (*asked, (False, new.name))
    if of_self == "nov" or (of_self == "ver" and verified):
        return Linked(new.name, primaries | {new.name}, asked)
    return Linked(new.name, primaries, asked)


@attrs.frozen
class ResetMail:
    """
    What comes of 4.1: the answer, and to whom the mail is.

    Attributes:
        user: None where no mail is sent.
        login: None where the mail makes a login method.
    """

    status: str = "OK"
    user: str | None = None
    login: str | None = None


def reset_mail(users: Sequence[Account], *, alone: Said, together: Said) -> ResetMail:  # noqa: PLR0911  a row each
    """4.1; users are the oldest first, and those with a password are named as their login method."""
    holder = next((user for user in users if user.password is not None), None)
    login = None if holder is None else f"{holder.name}'s password"
    candidate = primary_of(users)
    if candidate is None and users and not (len(users) == 1 and users[0].methods[0].is_password):
        oldest = users[0]
        if alone == "nov" or (alone == "ver" and oldest.first_is_verified):
            candidate = oldest
    if candidate is None:
        return ResetMail() if holder is None else ResetMail("OK", holder.name, login)
    if not candidate.has_verified and candidate.has_more:
        return ResetMail("PASSWORD_RESET_NOT_ALLOWED")
    if candidate.primary and holder == candidate:
        return ResetMail("OK", candidate.name, login)
    if holder is None:
        said = together if candidate.primary else alone
        if together == "no" or not sign_up_allowed(users, said, verified=True, of_session=None):
            return ResetMail()
        return ResetMail("OK", candidate.name, None)
    if together == "no":
        return ResetMail("OK", holder.name, login)
    return ResetMail("OK", candidate.name, login)
