"""
The sign-in machine: what recipes that sign users in do alike about the session that may be there, and about linking.

It decides by tables (`authweave.recipe.accountlinking.rules`), which docs/explanation/account-linking.md shows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import attrs

from authweave.extending import Services, current_put_off
from authweave.kernel import UserContext
from authweave.recipe.session import (
    SessionContainer,
    SessionContribution,
    SessionRefusedError,
    SignIns,
    note_authentication,
    session_factors,
)
from authweave.recipe.session.claims import BooleanClaim
from authweave.recipe.session.exceptions import InvalidClaimsError, UnauthorisedError
from authweave.storage import LinkedUserError
from authweave.types import (
    BadInputError,
    BaseRequest,
    LinkingToSessionUserFailedError,
    LoginMethod,
    RecipeUserId,
    User,
)

from .exceptions import SessionUserUnverifiedError
from .factor_checks import FactorChecks
from .linking import Linking
from .signing_in_texts import NotAllowed, Refusal, refusal
from .signing_in_types import AuthType, FirstFactor, SecondFactor, without_id
from .types import AccountInfoWithRecipeIdAndUserId

if TYPE_CHECKING:
    from .signing_in_links import SessionLinks

__all__ = [
    "NO_CALLBACK",
    "AuthType",
    "FirstFactor",
    "Linking",
    "NotAllowed",
    "Refusal",
    "SecondFactor",
    "SigningInMachine",
    "refusal",
]
"""What the recipes that sign people in use of this one."""

ResultT = TypeVar("ResultT")

Undo: TypeAlias = Callable[[], Awaitable[object]]

TIMES: Final = 3
"""How often a session is made that others get in the way of."""

NO_SESSION: Final = "There is no session whose user the login method could be linked to."
NO_CALLBACK: Final = (
    "shouldTryLinkingWithSessionUser is true, but this application has no account linking: send false, or write "
    "accountlinking.init(should_do_automatic_account_linking=...)."
)
REFUSED: Final = (
    "shouldDoAutomaticAccountLinking returned false when making the session user primary but "
    "shouldTryLinkingWithSessionUser is true"
)
NO_CALLBACK_FOR_SEVERAL: Final = (
    "The request has a session, to whose user a further factor would be linked, but this application has no account "
    "linking: write accountlinking.init(should_do_automatic_account_linking=...), or sign out before."
)
VERIFICATION: Final = "st-ev"
"""The key of the claim that says whether an address is verified."""


class SigningInMachine:
    """
    Decides who may sign in or up, links, and makes the session.

    Attributes:
        linking: the decisions about linking.
        sign_ins: creates sessions.
    """

    def __init__(self, services: Services, linking: Linking, sign_ins: SignIns) -> None:
        self.services = services
        self.linking = linking
        self.sign_ins = sign_ins

    def links(self) -> SessionLinks:
        """Return what links to users of sessions; an application that links nothing does not load it."""
        from .signing_in_links import SessionLinks  # noqa: PLC0415  it brings the tables, loaded at first use

        return SessionLinks(self.services, self.linking, self.auth_type)

    def require_linking(self, session: SessionContainer | None, should_try: bool | None) -> None:  # noqa: FBT001  as the APIs
        """
        Refuse to link to the user of a session where the application links nothing.

        Raises:
            authweave.types.BadInputError: the client asked for it.
        """
        if session is not None and should_try and not self.linking.has_callback:
            raise BadInputError(NO_CALLBACK)

    async def auth_type(
        self,
        *,
        session: SessionContainer | None,
        should_try: bool | None,
        account: AccountInfoWithRecipeIdAndUserId,
        authenticating: User | None,
        user_context: UserContext,
        only_asks: bool = False,
    ) -> AuthType | LinkingToSessionUserFailedError:
        """
        Find out whether a login method is a first factor, or is to be one of the session's user, who is made primary.

        Args:
            session: of the request, looked up in the store.
            should_try: what the client says of linking; None for older clients, which say nothing.
            account: the login method, or what it is going to be.
            authenticating: whose it is; None where it is to be created.
            user_context: handed on.
            only_asks: whether nobody signs in yet: then nothing is changed, nor has anything to be verified before.

        Raises:
            authweave.errors.UnauthorisedError: there is no session, or its user is gone.
            authweave.types.BadInputError: the client wants what the application does not.
            SessionUserUnverifiedError: the session's user has to verify the address first.
        """
        if session is None:
            if should_try:
                raise UnauthorisedError(NO_SESSION)
            return FirstFactor()
        from .rules import AUTH_TYPE, IF_VERIFIED  # noqa: PLC0415  it brings the tables, loaded at first use
        from .signing_in_facts import AuthFacts  # noqa: PLC0415  it brings the tables, loaded at first use

        facts = AuthFacts(
            self.services,
            self.linking,
            session,
            should_try,
            account,
            authenticating,
            user_context,
            only_asks=only_asks,
        )
        match await AUTH_TYPE.decide(facts.look_ups()):
            case "first factor":
                return FirstFactor()
            case "unauthorised":
                raise UnauthorisedError(NO_SESSION)
            case "no callback":
                raise BadInputError(NO_CALLBACK if should_try else NO_CALLBACK_FOR_SEVERAL)
            case "refused":
                raise BadInputError(REFUSED)
            case "verify first":
                raise await self.unverified(session, user_context)
            case "taken":
                return LinkingToSessionUserFailedError(
                    "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR"
                )
            case kind:
                return SecondFactor(
                    user=await facts.user(),
                    session=session,
                    should_try=should_try,
                    account=account,
                    is_linked=kind == "linked already",
                    requires_verification=facts.answer == IF_VERIFIED,
                )

    async def unverified(self, session: SessionContainer, user_context: UserContext) -> SessionUserUnverifiedError:
        """Have a session say that its user's address is not verified, and return what it is refused with."""
        refused = "The address of the session's user has to be verified before anything is linked."
        claims = [claim for each in self.services.contributions(SessionContribution) for claim in each.claims]
        claim = next((each for each in claims if each.key == VERIFICATION and isinstance(each, BooleanClaim)), None)
        if claim is None:
            return SessionUserUnverifiedError(refused, ())
        if await session.get_claim_value(claim, user_context) is not False:
            await session.set_claim_value(claim, value=False, user_context=user_context)
        try:
            await session.assert_claims([claim.validators.is_true()], user_context)
        except InvalidClaimsError as invalid:
            return SessionUserUnverifiedError(refused, invalid.payload)
        return SessionUserUnverifiedError(refused, ())

    async def check_factors(
        self,
        auth_type: AuthType,
        factor_ids: Sequence[str],
        *,
        tenant_id: str,
        session: SessionContainer | None,
        user_context: UserContext,
    ) -> list[str]:
        """
        Return those of a recipe's factors that will do: as first ones of a tenant, or as second ones of the session.

        Raises:
            authweave.errors.UnauthorisedError: none is a first factor there; the client is told to forget its tokens.
            authweave.types.BadInputError: the same, with a session.
            authweave.errors.InvalidClaimsError: none may be set up in the session now.
        """
        checks = FactorChecks(self.services, auth_type, tenant_id, session, user_context)
        return await checks.of(factor_ids)

    async def check_sign_up(
        self,
        account: AccountInfoWithRecipeIdAndUserId,
        *,
        is_verified: bool,
        factor_ids: Sequence[str],
        session: SessionContainer | None,
        should_try: bool | None,
        tenant_id: str,
        user_context: UserContext,
        only_asks: bool = False,
    ) -> AuthType | NotAllowed:
        """
        Decide whether an account may be created. An API asks before its recipe's function does anything.

        Args:
            account: what is to be created.
            is_verified: whether its address or number is known to be the person's.
            factor_ids: of the recipe.
            session: of the request, looked up in the store.
            should_try: what the client says of linking; None for older clients.
            tenant_id: that of the session where there is one.
            user_context: handed on.
            only_asks: as for `auth_type`.

        Raises:
            Exception: as `auth_type` and `check_factors`; what the application's callback raises.
        """
        found = await self.auth_type(
            session=session,
            should_try=should_try,
            account=account,
            authenticating=None,
            user_context=user_context,
            only_asks=only_asks,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return NotAllowed(found.reason)
        valid = await self.check_factors(
            found, factor_ids, tenant_id=tenant_id, session=session, user_context=user_context
        )
        found = attrs.evolve(found, factor_ids=tuple(valid))
        if not self.linking.has_callback:
            return found
        is_allowed = await self.linking.is_sign_up_allowed(
            without_id(account),
            is_verified=is_verified or (isinstance(found, SecondFactor) and found.has_verified),
            session=session,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        return found if is_allowed else NotAllowed("SIGN_UP_NOT_ALLOWED")

    async def check_sign_in(
        self,
        user: User,
        method: LoginMethod,
        *,
        sign_in_verifies: bool,
        factor_ids: Sequence[str],
        session: SessionContainer | None,
        should_try: bool | None,
        tenant_id: str,
        user_context: UserContext,
        only_asks: bool = False,
    ) -> AuthType | NotAllowed:
        """
        Decide whether somebody may sign in. An API asks before its recipe's function does anything.

        Args:
            user: who signs in, as that leaves him: a provider may give another address.
            method: by what, likewise.
            sign_in_verifies: whether signing in shows that its address or number is the person's.
            factor_ids: of the recipe.
            session: of the request, looked up in the store.
            should_try: what the client says of linking; None for older clients.
            tenant_id: that of the session where there is one.
            user_context: handed on.
            only_asks: as for `auth_type`.

        Raises:
            Exception: as `check_sign_up`.
        """
        account = AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(method)
        found = await self.auth_type(
            session=session,
            should_try=should_try,
            account=account,
            authenticating=user,
            user_context=user_context,
            only_asks=only_asks,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return NotAllowed(found.reason)
        valid = await self.check_factors(
            found, factor_ids, tenant_id=tenant_id, session=session, user_context=user_context
        )
        found = attrs.evolve(found, factor_ids=tuple(valid))
        if isinstance(found, SecondFactor) and not found.is_linked and not only_asks:
            # As another user's it would be asked for no more: whoever knows a password would have the login method.
            # Who has shown nothing yet is not told: that there is somebody of whom it is required.
            factors = session_factors(self.services)
            if factors is not None and await factors.is_required_besides(user, valid, user_context):
                return NotAllowed("SIGN_IN_NOT_ALLOWED")
        if not self.linking.has_callback:
            return found
        is_allowed = await self.linking.is_sign_in_allowed(
            user,
            method,
            sign_in_verifies=sign_in_verifies,
            session=session,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        return found if is_allowed else NotAllowed("SIGN_IN_NOT_ALLOWED")

    async def link(
        self,
        auth_type: AuthType,
        user: User,
        method: LoginMethod,
        *,
        tenant_id: str,
        session: SessionContainer | None,
        user_context: UserContext,
    ) -> User | LinkingToSessionUserFailedError:
        """
        Link the login method of somebody who has just signed in or up, where it is to be.

        What was put off to be checked, as that a password is the same still, is checked before.

        Args:
            auth_type: what `auth_type` said.
            user: whose login method it is.
            method: it, as it is now.
            tenant_id: the tenant that was signed in to.
            session: of the request, also where it does not count.
            user_context: handed on.

        Returns:
            Whose it is by now.

        Raises:
            Exception: as `auth_type`, which is asked again where the session's user changed meanwhile.
        """
        if isinstance(auth_type, FirstFactor):
            if not self.linking.has_callback or user.disabled:
                return user
            await self.check_put_off()
            return await self.linking.link_or_make_primary(
                user, method, session=session, tenant_id=tenant_id, user_context=user_context
            )
        if auth_type.is_linked or user.disabled:
            return user
        return await self.links().link(auth_type, user, method, user_context)

    async def check_put_off(self) -> None:
        """Check what was put off to be checked, and leave it to be checked again with what comes next."""
        if (waiting := current_put_off()).checks:
            await self.services.off_loop(waiting.check)

    async def create_linked(
        self,
        auth_type: SecondFactor,
        create: Callable[[], Awaitable[ResultT]],
        id_of: Callable[[ResultT], RecipeUserId | None],
        *,
        is_verified: bool,
        user_context: UserContext,
    ) -> tuple[ResultT, User | None] | LinkingToSessionUserFailedError:
        """Do what `SessionLinks.create` says."""
        return await self.links().create(auth_type, create, id_of, is_verified=is_verified, user_context=user_context)

    async def session_for(
        self,
        request: BaseRequest,
        user: User,
        recipe_user_id: RecipeUserId,
        *,
        tenant_id: str,
        session: SessionContainer | None,
        user_context: UserContext,
        undo_sign_up: Undo | None = None,
        factor_id: str | None = None,
        auth_type: AuthType | None = None,
    ) -> tuple[User, SessionContainer]:
        """
        Return the session of who has just signed in or up: that of the request where it is his, else a new one.

        Where the login method was linked or unlinked meanwhile, it is that of whose it is by now.

        Args:
            request: whose answer it is.
            user: who signed in.
            recipe_user_id: by what.
            tenant_id: the tenant that was signed in to.
            session: of the request, looked up in the store.
            user_context: handed on.
            undo_sign_up: as for `SignIns.new_session`.
            factor_id: the factor that was shown, which the session is to say.
            auth_type: what `check_sign_in` or `check_sign_up` said: the session's user has shown who he is by what was
                his before, and not by what has just become his.

        Raises:
            authweave.errors.SessionRefusedError: the user was disabled or deleted, or has left the tenant.
            Exception: what was shown has changed meanwhile, as what was put off to be checked says.
        """
        found, signed_in = await self.session_of(
            request,
            user,
            recipe_user_id,
            tenant_id=tenant_id,
            session=session,
            user_context=user_context,
            undo_sign_up=undo_sign_up,
        )
        if signed_in is session:  # a new one was stored with it
            await self.check_put_off()
        factors = session_factors(self.services)
        if factors is not None and factor_id is not None:
            await factors.mark_complete(signed_in, factor_id, user_context)
        is_his = isinstance(auth_type, FirstFactor) or (auth_type is not None and auth_type.is_linked)
        if factor_id is not None and is_his and signed_in is session:
            await note_authentication(signed_in, factor_id, user_context)
        return found, signed_in

    async def session_of(
        self,
        request: BaseRequest,
        user: User,
        recipe_user_id: RecipeUserId,
        *,
        tenant_id: str,
        session: SessionContainer | None,
        user_context: UserContext,
        undo_sign_up: Undo | None,
    ) -> tuple[User, SessionContainer]:
        """Do that, and leave what the session says as it is."""
        if session is not None and is_session_of(session, user):
            return user, session
        for _ in range(TIMES):
            try:
                created = await self.sign_ins.new_session(
                    request, user, recipe_user_id, tenant_id, user_context, undo_sign_up=undo_sign_up
                )
            except LinkedUserError:
                find = self.services.storage.find_user
                now = await self.services.off_loop(find, recipe_user_id.get_as_string())
                if now is None or now.disabled:
                    break
                user = now
            else:
                if await self.is_in_tenant(recipe_user_id, tenant_id):
                    return user, created
                await created.revoke_session(user_context)
                break
        raise SessionRefusedError(user.id)

    async def is_in_tenant(self, recipe_user_id: RecipeUserId, tenant_id: str) -> bool:
        """
        Return whether a login method is in a tenant, after a session was made with it there.

        Whoever takes it out later ends the session; whoever did so between signing in and the session has not seen it.
        One that the store does not know is an override's own, in whatever tenant that says.
        """
        services = self.services
        method = await services.at_once(services.storage.find_login_method, recipe_user_id.get_as_string())
        return method is None or tenant_id in method.tenant_ids


def is_session_of(session: SessionContainer, user: User) -> bool:
    """Return whether a session is one of a user, made with one of his login methods."""
    made_with = session.get_recipe_user_id()
    return session.get_user_id() == user.id and any(each.recipe_user_id == made_with for each in user.login_methods)
