"""What the store does when somebody signs in with a provider, and what other recipes and hooks are told of it."""

from __future__ import annotations

import attrs

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext

from .store import THIRD_PARTIES, ThirdPartyLogin, ThirdPartySignIn


@attrs.frozen
class Vouched:
    """
    Who signed in.

    Attributes:
        is_news: whether the provider vouches for an address that was not known to be the user's.
    """

    signed_in: ThirdPartySignIn
    is_news: bool


@attrs.frozen
class SigningIn:
    """
    Signs users in, or up, in one transaction with what follows from it.

    Attributes:
        emails: what is known of the addresses of users.
    """

    services: Services = attrs.field(repr=False)
    emails: VerifiedEmails

    def sign_in_or_up(self, login: ThirdPartyLogin, user_context: UserContext) -> Vouched:
        """Sign somebody in whom a provider vouches for, or up. Blocks."""
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
