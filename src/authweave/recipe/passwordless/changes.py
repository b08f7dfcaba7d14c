"""Other addresses and phone numbers for login methods that are there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.types import EmailChange
from authweave.storage import ContactTakenError, EmailTakenError
from authweave.types import BadInputError

from .contacts import contact_of
from .logins import Known, Logins
from .store import PASSWORDLESS_CODES, Contact, ContactKind, PasswordlessLogin
from .store.records import RECIPE_ID
from .types import (
    DeleteContactResult,
    EmailChangeNotAllowedError,
    PhoneNumberChangeNotAllowedError,
    UpdateUserEmailAlreadyExistsError,
    UpdateUserOkResult,
    UpdateUserPhoneNumberAlreadyExistsError,
    UpdateUserResult,
    UpdateUserUnknownUserIdError,
)

NOT_APPLIED: Final = "New email cannot be applied to existing account because of "
EMAIL_REFUSED: Final[Mapping[EmailChange, str]] = {
    "PRIMARY_USER_CONFLICT": f"{NOT_APPLIED}there is another primary user with the same email address.",
    "ACCOUNT_TAKEOVER_RISK": f"{NOT_APPLIED}account takeover risks.",
}
NUMBER_REFUSED: Final = (
    "New phone number cannot be applied to existing account because there is another primary user with the same phone "
    "number."
)

TAKEN: Final[Mapping[ContactKind, UpdateUserResult]] = {
    "email": UpdateUserEmailAlreadyExistsError(),
    "phone_number": UpdateUserPhoneNumberAlreadyExistsError(),
}
"""What comes of it where another login method of the recipe has it."""

OF_ANOTHER: Final[Mapping[ContactKind, UpdateUserResult]] = {
    "email": EmailChangeNotAllowedError(EMAIL_REFUSED["PRIMARY_USER_CONFLICT"]),
    "phone_number": PhoneNumberChangeNotAllowedError(NUMBER_REFUSED),
}
"""Where another primary user has."""


class RefusedChangeError(Exception):
    """A change is refused, and what was done before in the transaction is undone. It goes no further."""

    def __init__(self, result: UpdateUserResult) -> None:
        self.result = result
        super().__init__()


@attrs.frozen
class Changes:
    """
    Changes addresses and phone numbers.

    Attributes:
        logins: finds login methods.
        emails: what is known of the addresses of users.
        linking: says who may have which address.
    """

    services: Services = attrs.field(repr=False)
    logins: Logins
    emails: VerifiedEmails
    linking: Linking

    async def update(
        self, recipe_user_id: str, email: str | None, phone_number: str | None, user_context: UserContext
    ) -> UpdateUserResult:
        """Do what `update_user` says."""
        wanted: dict[ContactKind, Contact] = {}
        if email is not None:
            wanted["email"] = contact_of(email, None)
        if phone_number is not None:
            wanted["phone_number"] = contact_of(None, phone_number)
        known = await self.services.off_loop(self.logins.find_known, recipe_user_id)
        if known is None:
            return UpdateUserUnknownUserIdError()
        allowed = await self.may_have(known, wanted.get("email"), user_context)
        if allowed != "OK":
            return EmailChangeNotAllowedError(EMAIL_REFUSED[allowed])
        try:
            is_there = await self.write(recipe_user_id, wanted, user_context)
        except RefusedChangeError as refused:
            return refused.result
        return UpdateUserOkResult() if is_there else UpdateUserUnknownUserIdError()

    async def may_have(self, known: Known, email: Contact | None, user_context: UserContext) -> EmailChange:
        """Return whether linking leaves it to a login method to have an address, or why not."""
        if email is None or email.value == known.method.email:
            return "OK"
        login_id = known.method.recipe_user_id.get_as_string()
        is_verified = await self.services.off_loop(self.emails.is_verified, login_id, email.value)
        return await self.linking.email_change(
            known.user, known.method, email.value, is_verified=is_verified, session=None, user_context=user_context
        )

    async def delete(self, recipe_user_id: str, kind: ContactKind, user_context: UserContext) -> DeleteContactResult:
        """
        Take an address or number from a login method.

        Raises:
            authweave.types.BadInputError: it has nothing else to sign in with.
        """
        is_there = await self.write(recipe_user_id, {kind: None}, user_context)
        return UpdateUserOkResult() if is_there else UpdateUserUnknownUserIdError()

    async def write(
        self, recipe_user_id: str, wanted: Mapping[ContactKind, Contact | None], user_context: UserContext
    ) -> bool:
        """Change what is stored, and tell of it. Returns whether there is such a login method."""
        services = self.services
        work = partial(self.change, recipe_user_id, wanted, user_context)
        changed = await services.off_loop(services.storage.transact, work)
        if changed is None:
            return False
        former, now = changed
        if former.email != now.email:
            services.events.emit(
                "email_changed", RECIPE_ID, user_context, user_id=now.user_id, tenant_id=now.tenant_id or None
            )
        return True

    def change(
        self, recipe_user_id: str, wanted: Mapping[ContactKind, Contact | None], user_context: UserContext
    ) -> tuple[PasswordlessLogin, PasswordlessLogin] | None:
        """
        Change a login method in the transaction of the thread. Blocks.

        Returns:
            The login method as it was and as it is; None where there is none.

        Raises:
            authweave.types.BadInputError: it would have nothing left to sign in with.
            RefusedChangeError: another login method of the recipe has one of the two, or another primary user.
        """
        services, store = self.services, self.services.storage.part(PASSWORDLESS_CODES)
        former = store.find_passwordless_login_by_id(recipe_user_id)
        if former is None:
            return None
        given = {kind: None if each is None else each.value for kind, each in wanted.items()}
        email, phone_number = (given.get("email", former.email), given.get("phone_number", former.phone_number))
        if email is None and phone_number is None:
            raise BadInputError("The login method would have neither an address nor a phone number: delete the user.")
        if (email, phone_number) == (former.email, former.phone_number):
            return former, former
        login_id = former.recipe_user_id
        self.emails.settle(login_id)
        self.emails.void_changes(login_id)
        now = former
        for kind in wanted:  # one by one, so that the store says of which it is that another has it
            now = (
                attrs.evolve(now, email=given[kind]) if kind == "email" else attrs.evolve(now, phone_number=given[kind])
            )
            # Of a number it is known that it is the user's, as with one that signed in by it.
            now = attrs.evolve(now, verified=now.email is None or (former.email == now.email and former.verified))
            if not self.set(now, kind):
                return None
        self.emails.settle(login_id)
        user = services.storage.find_user(login_id)
        if user is not None and len(user.login_methods) > 1:
            user = self.linking.copy_verified(user, login_id) or user
        known = self.logins.find_known(login_id)
        for tenant_id in () if known is None else known.method.tenant_ids:
            for contact in contacts_of(former.email, former.phone_number) | contacts_of(email, phone_number):
                store.revoke_codes(tenant_id, contact)
        if user is not None:
            services.hooks.user_changed(user, user_context)
        return former, now

    def set(self, login: PasswordlessLogin, kind: ContactKind) -> bool:
        """
        Store what a login method has now, of which one thing is new. Blocks.

        Raises:
            RefusedChangeError: another one has that.
        """
        store = self.services.storage.part(PASSWORDLESS_CODES)
        try:
            return store.update_passwordless_login(
                login.recipe_user_id, email=login.email, phone_number=login.phone_number, verified=login.verified
            )
        except EmailTakenError as error:
            raise RefusedChangeError(TAKEN[kind]) from error
        except ContactTakenError as error:
            raise RefusedChangeError(OF_ANOTHER[kind]) from error


def contacts_of(email: str | None, phone_number: str | None) -> set[Contact]:
    """Return the address and the number that there are."""
    found = {Contact("email", email or ""), Contact("phone_number", phone_number or "")}
    return {each for each in found if each.value}
