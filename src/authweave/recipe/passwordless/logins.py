"""What the store does when somebody signs in by a code, and what other recipes and hooks are told of it."""

from __future__ import annotations

from typing import Final, TypeAlias
from uuid import UUID

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeIdAndUserId
from authweave.storage import Member
from authweave.types import LoginMethod, RecipeUserId, User

from .codes import EnteredCode
from .store import PASSWORDLESS_CODES, Contact, Device, PasswordlessLogin, PasswordlessSignIn, Right, Wrong
from .store.records import RECIPE_ID

NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""Nobody's id, of a length that ids have."""


@attrs.frozen
class Known:
    """
    Whose an address or number is.

    Attributes:
        method: the login method of this recipe that has it.
    """

    user: User
    method: LoginMethod


@attrs.frozen
class SignedIn:
    """
    Who signed in.

    Attributes:
        signed_in: as the store says.
        device: the browser that had asked for the code.
    """

    signed_in: PasswordlessSignIn
    device: Device

    @property
    def recipe_user_id(self) -> RecipeUserId:
        """The login method."""
        return RecipeUserId(self.signed_in.recipe_user_id)

    @property
    def method(self) -> LoginMethod:
        """The same, whole."""
        return method_of(self.signed_in.user, self.signed_in.recipe_user_id)


Used: TypeAlias = SignedIn | Wrong | None
"""What came of a code; None: there is nothing to sign in with."""


@attrs.frozen
class Logins:
    """
    Signs people in, or up, in one transaction with what follows from it. All methods block.

    Attributes:
        emails: what is known of the addresses of users.
    """

    services: Services = attrs.field(repr=False)
    emails: VerifiedEmails

    def use(self, entered: EnteredCode, tenant_id: str, user_context: UserContext) -> Used:
        """Use a code up, and sign in whose it is: both, or neither."""
        store = self.services.storage.part(PASSWORDLESS_CODES)

        def use() -> Used:
            tried = store.use_code(
                tenant_id,
                entered.pre_auth_session_id,
                entered.code_hash,
                self.services.clock(),
                max_failures=entered.max_failures,
            )
            if not isinstance(tried, Right):
                return tried
            return SignedIn(self.sign_in(tenant_id, tried.device.contact, user_context), tried.device)

        return self.services.storage.transact(use)

    def sign_in(self, tenant_id: str, contact: Contact, user_context: UserContext) -> PasswordlessSignIn:
        """Sign somebody in, or up, who has proved that an address or number is his; within a transaction."""
        services, hooks = self.services, self.services.hooks
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        login = PasswordlessLogin.of(contact, user_id, tenant_id, services.clock())
        signed_in = services.storage.part(PASSWORDLESS_CODES).sign_in_or_up(login, contact)
        if signed_in.user.disabled:
            return signed_in
        if contact.email is not None:
            self.emails.mark_verified(signed_in.recipe_user_id, contact.email)
        if signed_in.is_new:
            hooks.user_created(signed_in.user, user_context)
        elif signed_in.is_news:
            hooks.user_changed(signed_in.user, user_context)
        return signed_in

    def find(self, tenant_id: str, contact: Contact) -> Known | None:
        """Return whose an address or number is in a tenant; None where no login method of this recipe has it."""
        found = self.services.storage.part(PASSWORDLESS_CODES).find_passwordless_login(tenant_id, contact)
        return None if found is None else self.find_known(found.recipe_user_id)

    def find_alike(self, tenant_id: str, contact: Contact) -> Known | None:
        """Do what `find` does, in as many statements where there is nobody."""
        found = self.services.storage.part(PASSWORDLESS_CODES).find_passwordless_login(tenant_id, contact)
        known = self.find_known(NOBODY if found is None else found.recipe_user_id)
        return None if found is None else known

    def find_known(self, recipe_user_id: str) -> Known | None:
        """Return a login method of this recipe with its user, by either of its ids."""
        storage = self.services.storage
        user = storage.find_user(recipe_user_id)
        mapping = storage.find_user_id_mapping(recipe_user_id)
        ids = {recipe_user_id} if mapping is None else {mapping.user_id, mapping.external_user_id}
        for method in () if user is None else user.login_methods:
            if method.recipe_id == RECIPE_ID and method.recipe_user_id.get_as_string() in ids:
                return None if user is None else Known(user, method)
        return None

    def find_elsewhere(self, contact: Contact, user_id: str) -> str | None:
        """Return the login method that a primary user has with an address or number, in whatever tenant."""
        user = self.services.storage.find_user(user_id)
        if user is None or not user.is_primary_user:
            return None
        return next(
            (
                each.recipe_user_id.get_as_string()
                for each in user.login_methods
                if each.recipe_id == RECIPE_ID and getattr(each, contact.kind) == contact.value
            ),
            None,
        )

    def join_tenant(self, recipe_user_id: str, tenant_id: str) -> bool:
        """Have a login method be used in a tenant too. Returns whether it may be."""
        return isinstance(self.services.storage.add_to_tenant(recipe_user_id, tenant_id), Member)

    def verify_own(self, user_id: str, recipe_user_id: str, email: str, user_context: UserContext) -> User | None:
        """
        Note that an address is that of a session's user, whose own login method has it unverified.

        Returns:
            The user, where that is news.
        """

        def verify() -> User | None:
            user = self.services.storage.find_user(user_id)
            if user is None or user.disabled:
                return None
            method = method_of(user, recipe_user_id)
            is_own = method.recipe_user_id.get_as_string() == recipe_user_id
            if not is_own or method.verified or not method.has_same_email_as(email) or method.email is None:
                return None
            if not self.emails.mark_verified(recipe_user_id, method.email):
                return None
            changed = self.services.storage.find_user(user_id)
            if changed is not None:
                self.services.hooks.user_changed(changed, user_context)
            return changed

        return self.services.storage.transact(verify)


def account_of(contact: Contact, known: Known | None) -> AccountInfoWithRecipeIdAndUserId:
    """Return what the application is asked about."""
    return AccountInfoWithRecipeIdAndUserId(
        None if known is None else known.method.recipe_user_id,
        RECIPE_ID,
        email=contact.email if known is None else known.method.email,
        phone_number=contact.phone_number if known is None else known.method.phone_number,
    )
