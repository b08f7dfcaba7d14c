"""What the store does when somebody signs in with a provider, and what other recipes and hooks are told of it."""

from __future__ import annotations

from typing import Self

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext
from authweave.storage import Member
from authweave.types import LoginMethod, User

from .store import THIRD_PARTIES, ThirdPartyLogin, ThirdPartySignIn


@attrs.frozen
class Identity:
    """
    Who a user is at a provider.

    Attributes:
        issuer: who issues the provider's ids; empty where it has no such thing.
        subject: the user's id there.
    """

    third_party_id: str
    issuer: str
    subject: str

    @classmethod
    def of(cls, login: ThirdPartyLogin) -> Self:
        """Return that of a login method."""
        return cls(login.third_party_id, login.issuer, login.third_party_user_id)


@attrs.frozen
class Known:
    """
    Whom an identity belongs to.

    Attributes:
        method: the user's login method with this identity.
    """

    user: User
    method: LoginMethod

    def with_email(self, email: str, *, is_verified: bool) -> Known:
        """Return them as they are going to be, with the address that the provider gives now."""
        method = attrs.evolve(self.method, email=email, verified=is_verified)
        methods = [method if each is self.method else each for each in self.user.login_methods]
        return Known(attrs.evolve(self.user, login_methods=methods), method)


@attrs.frozen
class Vouched:
    """
    Who signed in.

    Attributes:
        is_news: whether the provider vouches for an address that was not known to be the user's.
    """

    signed_in: ThirdPartySignIn
    is_news: bool

    @property
    def method(self) -> LoginMethod:
        """The login method."""
        methods = {each.recipe_user_id.get_as_string(): each for each in self.signed_in.user.login_methods}
        return methods[self.signed_in.recipe_user_id]


@attrs.frozen
class SigningIn:
    """
    Signs users in, or up, in one transaction with what follows from it.

    Attributes:
        emails: what is known of the addresses of users.
    """

    services: Services = attrs.field(repr=False)
    emails: VerifiedEmails

    def find(self, identity: Identity, tenant_id: str) -> Known | None:
        """Return whom an identity belongs to in a tenant, or None. Blocks."""
        store = self.services.storage.part(THIRD_PARTIES)
        found = store.find_third_party_login(tenant_id, identity.third_party_id, identity.issuer, identity.subject)
        return None if found is None else self.known(found.recipe_user_id)

    def find_elsewhere(self, identity: Identity, user_id: str) -> str | None:
        """
        Return the login method that a primary user has with an identity, in whatever tenant; None without. Blocks.

        It is asked for where the user's session is another tenant's than that of the login method.
        """
        user = self.services.storage.find_user(user_id)
        if user is None or not user.is_primary_user:
            return None
        store = self.services.storage.part(THIRD_PARTIES)
        for method in user.login_methods:
            login = store.find_third_party_login_by_id(method.recipe_user_id.get_as_string())
            if login is not None and identity == Identity(
                login.third_party_id, login.issuer, login.third_party_user_id
            ):
                return login.recipe_user_id
        return None

    def join_tenant(self, recipe_user_id: str, tenant_id: str) -> bool:
        """Have a login method be used in a tenant too. Returns whether it may be. Blocks."""
        return isinstance(self.services.storage.add_to_tenant(recipe_user_id, tenant_id), Member)

    def known(self, recipe_user_id: str) -> Known | None:
        """Return a login method with its user, by the store's own id; None where it is gone. Blocks."""
        user = self.services.storage.find_user(recipe_user_id)
        if user is None:
            return None
        methods = {each.recipe_user_id.get_as_string(): each for each in user.login_methods}
        if (method := methods.get(recipe_user_id)) is None:  # APIs show another id
            mapping = self.services.storage.find_user_id_mapping(recipe_user_id, "SUPERTOKENS")
            method = None if mapping is None else methods.get(mapping.external_user_id)
        return None if method is None else Known(user, method)

    def is_verified(self, known: Known, email: str) -> bool:
        """Return whether it is known that an address is a login method's, whatever the provider says. Blocks."""
        method = known.method
        return (method.verified and method.email == email) or self.emails.is_verified(
            method.recipe_user_id.get_as_string(), email
        )

    def sign_in_or_up(self, login: ThirdPartyLogin, user_context: UserContext) -> Vouched:
        """
        Sign somebody in whom a provider vouches for, or up. Blocks.

        Raises:
            authweave.storage.ContactTakenError: another primary user has the address. Nothing was written.
        """
        vouched = self.as_told(login, user_context)
        user, method = vouched.signed_in.user, vouched.method
        others = (each for each in user.login_methods if each is not method)
        if method.verified or not any(each.verified and each.has_same_email_as(method.email) for each in others):
            return vouched
        # The address is the user's: another login method has it verified.
        return self.as_told(attrs.evolve(login, verified=True), user_context)

    def as_told(self, login: ThirdPartyLogin, user_context: UserContext) -> Vouched:
        """Do that, with the address as verified as the provider says."""
        services, store = self.services, self.services.storage.part(THIRD_PARTIES)
        if self.emails.verifier is None and not services.hooks.hears("changed"):
            return services.hooks.transact(lambda: self.change(login, None, user_context))
        former = store.find_third_party_login(
            login.tenant_id, login.third_party_id, login.issuer, login.third_party_user_id
        )
        if former is not None and former.email == login.email and (former.verified or not login.verified):
            return Vouched(store.sign_in_or_up(login), is_news=False)  # nothing changes
        return services.storage.transact(lambda: self.change(login, former, user_context))

    def change(self, login: ThirdPartyLogin, former: ThirdPartyLogin | None, user_context: UserContext) -> Vouched:
        """Do that where something changes."""
        hooks, emails = self.services.hooks, self.emails
        if former is not None:
            emails.settle(former.recipe_user_id)
        signed_in = self.services.storage.part(THIRD_PARTIES).sign_in_or_up(login)
        if signed_in.user.disabled:
            return Vouched(signed_in, is_news=False)
        if login.verified:
            emails.mark_verified(signed_in.recipe_user_id, login.email)
        elif (settled := emails.settle(signed_in.recipe_user_id)) is not None:
            signed_in = attrs.evolve(signed_in, user=settled)
        if signed_in.is_new:
            hooks.user_created(signed_in.user, user_context)
        elif former is not None:
            hooks.user_changed(signed_in.user, user_context)
        return Vouched(signed_in, is_news=login.verified)
