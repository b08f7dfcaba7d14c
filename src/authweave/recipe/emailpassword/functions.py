"""The functions of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

import attrs
from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import Services, VerifiedEmails, current_put_off
from authweave.kernel import UserContext, overridable
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.signing_in import SecondFactor, SigningInMachine
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeIdAndUserId, EmailChange
from authweave.recipe.attempts import Ahead, Attempts
from authweave.recipe.session import EndedSessions
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import prepared_password
from authweave.storage import ContactTakenError, EmailTakenError
from authweave.types import LinkingToSessionUserFailedError, RecipeUserId, User, normal_email

from .addresses import Logins, new_address
from .comparing import ComparedPasswords
from .config import EmailPasswordConfig
from .hashed_ahead import HashedAhead, current_hash, hashed_ahead
from .interfaces import ContextT_contra, RecipeInterface
from .policy import NewPassword
from .reset.resetting import PURPOSE
from .store import PASSWORDS, PasswordLogin, PasswordStore
from .turns import turn_of
from .types import (
    ChangePasswordOkResult,
    ChangePasswordResult,
    ConsumePasswordResetTokenOkResult,
    ConsumePasswordResetTokenResult,
    CreateResetPasswordOkResult,
    CreateResetPasswordTokenResult,
    EmailAlreadyExistsError,
    PasswordPolicyViolationError,
    PasswordResetTokenInvalidError,
    SignInOkResult,
    SignInResult,
    SignUpOkResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)
from .verified_ahead import current_result

RECIPE_ID: Final = "emailpassword"

NOT_APPLIED: Final = "New email cannot be applied to existing account because of "
CHANGE_REFUSED: Final = {
    "PRIMARY_USER_CONFLICT": f"{NOT_APPLIED}there is another primary user with the same email address.",
    "ACCOUNT_TAKEOVER_RISK": f"{NOT_APPLIED}account takeover risks.",
}
"""Why an address is not changed, as applications are told."""


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
        attempts: what failed sign-ins are counted with.
        tokens: those of the application.
        sessions: the composed functions of the session recipe.
        signing_in: decides about linking, and links.
    """

    def __init__(
        self,
        config: EmailPasswordConfig,
        services: Services,
        attempts: Attempts,
        tokens: OneTimeTokens,
        sessions: SessionFunctions[UserContext],
        signing_in: SigningInMachine,
    ) -> None:
        self.config = config
        self.services = services
        self.attempts = attempts
        self.tokens = tokens
        self.sessions = sessions
        self.signing_in = signing_in
        self.store: PasswordStore = services.storage.part(PASSWORDS)
        self.logins: Logins = Logins(services)
        self.passwords: ComparedPasswords = ComparedPasswords(services, self.store)
        self.emails: VerifiedEmails = VerifiedEmails(services)

    @overridable
    @override
    async def sign_up(
        self,
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        user_context: ContextT_contra,
    ) -> SignUpResult:
        found = await self.signing_in.auth_type(
            session=session,
            should_try=should_try_linking_with_session_user,
            account=new_account(email),
            authenticating=None,
            user_context=user_context,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return found
        if isinstance(found, SecondFactor):
            return await self.sign_up_for(found, email, password, tenant_id, user_context)
        result = await self.create_new_recipe_user(email, password, tenant_id, user_context)
        if not isinstance(result, SignUpOkResult) or not self.signing_in.linking.has_callback:
            return result
        login_id = result.recipe_user_id.get_as_string()
        async with self.signing_in.linking.undoing(login_id, user_context):  # nobody stays who does not know of it
            user = await self.signing_in.link(
                found,
                result.user,
                method_of(result.user, login_id),
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
            )
        return user if isinstance(user, LinkingToSessionUserFailedError) else attrs.evolve(result, user=user)

    async def sign_up_for(
        self, auth_type: SecondFactor, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignUpResult:
        """Create a login method of a session's user: it is his at once, or there is none."""
        prepared, turn = prepared_password(password), turn_of(normal_email(email), user_context)

        async def create() -> SignUpResult:
            return await self.create_new_recipe_user(email, password, tenant_id, user_context)

        with hashed_ahead(HashedAhead(prepared, await self.services.passwords.hash(prepared, turn=turn))):
            created = await self.signing_in.create_linked(
                auth_type,
                create,
                lambda result: result.recipe_user_id if isinstance(result, SignUpOkResult) else None,
                is_verified=False,
                user_context=user_context,
            )
        if isinstance(created, LinkingToSessionUserFailedError):
            return created
        result, user = created
        return attrs.evolve(result, user=user) if isinstance(result, SignUpOkResult) and user is not None else result

    @overridable
    @override
    async def create_new_recipe_user(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignUpResult:
        services = self.services
        address = new_address(email)
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        prepared = prepared_password(password)
        ahead = current_hash(prepared)
        login = PasswordLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            email=address,
            password_hash=(
                await services.passwords.hash(prepared, turn=turn_of(address, user_context))
                if ahead is None
                else ahead.password_hash
            ),
            time_joined_ms=services.clock(),
        )

        def create() -> User | None:
            try:
                user = self.store.create_user_with_password(login)
            except EmailTakenError:
                return None
            services.hooks.user_created(user, user_context)
            return user

        user = await services.off_loop(services.hooks.transact, create)
        if user is None:
            return EmailAlreadyExistsError()
        services.events.emit("sign_up", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
        return SignUpOkResult(user, RecipeUserId(user_id))

    @overridable
    @override
    async def sign_in(
        self,
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        user_context: ContextT_contra,
    ) -> SignInResult:
        ahead = current_result(tenant_id, email, password)
        result = ahead or await self.verify_credentials(email, password, tenant_id, user_context)
        if not isinstance(result, SignInOkResult):
            return result
        if result.user.disabled:
            self.tell_failed(result.user.id, tenant_id, "disabled", user_context)
            return result
        user = await self.linked(result, session, should_try_linking_with_session_user, tenant_id, user_context)
        if isinstance(user, LinkingToSessionUserFailedError):
            self.tell_failed(result.user.id, tenant_id, "not_linked", user_context)
            return user
        self.services.events.emit("sign_in", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
        return result if user is result.user else attrs.evolve(result, user=user)

    def tell_failed(self, user_id: str, tenant_id: str, reason: str, user_context: ContextT_contra) -> None:
        """Tell that somebody knew the password, and did not get in."""
        self.services.events.emit(
            "sign_in_failed", RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id, reason=reason
        )

    async def linked(
        self,
        result: SignInOkResult,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the functions
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> User | LinkingToSessionUserFailedError:
        """Return who has signed in, when the login method was linked, and its address verified, as far as need be."""
        machine, login_id = self.signing_in, result.recipe_user_id.get_as_string()
        user = await self.with_copied(result.user, login_id, tenant_id, user_context)
        if not (machine.linking.has_callback or should_try):
            return user
        method = method_of(user, login_id)
        found = await machine.auth_type(
            session=session,
            should_try=should_try,
            account=AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(method),
            authenticating=user,
            user_context=user_context,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return found
        return await machine.link(found, user, method, tenant_id=tenant_id, session=session, user_context=user_context)

    async def with_copied(self, user: User, login_id: str, tenant_id: str, user_context: ContextT_contra) -> User:
        """Return a user whose login method has a verified address, where another of his has it verified."""
        method, services = method_of(user, login_id), self.services
        if method.verified or not any(
            each.verified and each.has_same_email_as(method.email) for each in user.login_methods
        ):
            return user

        def copy() -> User | None:
            changed = self.signing_in.linking.copy_verified(user, login_id)
            if changed is not None:
                services.hooks.user_changed(changed, user_context)
            return changed

        changed = await services.off_loop(services.storage.transact, copy)
        if changed is None:
            return user
        self.emails.tell(changed, tenant_id, user_context)
        return changed

    @overridable
    @override
    async def verify_credentials(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignInResult:
        services = self.services
        find = Ahead(lambda: self.logins.read_user(tenant_id, email))
        async with self.attempts.attempt("sign_in", tenant_id, normal_email(email), user_context, find) as attempt:
            found = await find.result(services.off_loop)
            user = await self.passwords.user_of(found, password, turn_of(attempt.account, user_context))
            attempt.succeeded = user is not None
            if found is None or user is None:
                known = None if found is None else found.login.user_id
                services.events.emit("sign_in_failed", RECIPE_ID, user_context, user_id=known, tenant_id=tenant_id)
                return WrongCredentialsError()
        return SignInOkResult(user, shown_id_of(found.login, user))

    @overridable
    @override
    async def update_email_or_password(
        self,
        recipe_user_id: RecipeUserId,
        email: str | None,
        password: str | None,
        apply_password_policy: bool | None,
        tenant_id_for_password_policy: str,
        user_context: ContextT_contra,
    ) -> UpdateEmailOrPasswordResult:
        services = self.services
        login_id = recipe_user_id.get_as_string()
        address = None if email is None else new_address(email)
        login = await services.off_loop(self.store.find_password_login_by_id, login_id)
        if login is None:
            return UnknownUserIdError()
        hashed: HashedAhead | PasswordPolicyViolationError | None = None
        if password is not None:
            wanted = NewPassword(
                password=prepared_password(password),
                email=address or login.email,
                tenant_id=tenant_id_for_password_policy,
            )
            is_checked = apply_password_policy is not False
            hashed = await self.hashed(wanted, login_id, user_context, is_checked=is_checked)
        if isinstance(hashed, PasswordPolicyViolationError):
            return hashed
        allowed = await self.may_change(login, address, user_context)
        if allowed == "PRIMARY_USER_CONFLICT":
            return UpdateEmailOrPasswordEmailChangeNotAllowedError(CHANGE_REFUSED[allowed])
        is_put_off = await self.is_put_off(login, address, user_context, sets_password=hashed is not None)
        if allowed != "OK" and not is_put_off:  # when somebody has read the mail, the address is verified
            return UpdateEmailOrPasswordEmailChangeNotAllowedError(CHANGE_REFUSED[allowed])
        return await self.change(login, address, hashed, user_context, is_put_off=is_put_off)

    async def hashed(
        self, wanted: NewPassword, login_id: str, user_context: UserContext, *, is_checked: bool
    ) -> HashedAhead | PasswordPolicyViolationError:
        """Return the hash of a new password, unless the policy has something against it."""
        if is_checked and (fault := await self.config.password_policy.find_fault(wanted)) is not None:
            return PasswordPolicyViolationError(fault)
        turn, prepared = turn_of(login_id, user_context), wanted.password
        return current_hash(prepared) or HashedAhead(prepared, await self.services.passwords.hash(prepared, turn=turn))

    async def change(
        self,
        login: PasswordLogin,
        address: str | None,
        hashed: HashedAhead | None,
        user_context: UserContext,
        *,
        is_put_off: bool,
    ) -> UpdateEmailOrPasswordResult:
        """Change a login method that may be changed so, and tell of it."""
        services = self.services
        new_email = None if is_put_off else address

        def change() -> bool:
            return self.update_login(login, new_email, hashed, user_context, is_put_off=is_put_off)

        # A sign-in in the same request is checked before: afterwards the password is not the one that was compared.
        do_before, store = current_put_off().do_before, partial(services.hooks.transact, change)
        try:
            is_there_still = await services.off_loop(do_before, services.storage, store)
        except EmailTakenError:
            return EmailAlreadyExistsError()
        except ContactTakenError:
            return UpdateEmailOrPasswordEmailChangeNotAllowedError(CHANGE_REFUSED["PRIMARY_USER_CONFLICT"])
        if not is_there_still:
            return UnknownUserIdError()
        changes: dict[EventKind, object] = {"password_changed": hashed, "email_changed": new_email}
        for kind, changed in changes.items():
            if changed is not None:
                services.events.emit(kind, RECIPE_ID, user_context, user_id=login.user_id, tenant_id=login.tenant_id)
        return UpdateEmailOrPasswordOkResult(email_change_pending=is_put_off)

    async def may_change(self, login: PasswordLogin, address: str | None, user_context: UserContext) -> EmailChange:
        """Return whether a login method may have an address, as far as others have it too, or why not."""
        if address is None or address == login.email:
            return "OK"

        def read() -> tuple[User | None, bool]:
            user = self.services.storage.find_user(login.recipe_user_id)
            return user, self.emails.is_verified(login.recipe_user_id, address)

        user, is_verified = await self.services.off_loop(read)
        if user is None:
            return "OK"
        method = method_of(user, shown_id_of(login, user).get_as_string())
        return await self.signing_in.linking.email_change(
            user, method, address, is_verified=is_verified, session=None, user_context=user_context
        )

    async def is_put_off(
        self, login: PasswordLogin, address: str | None, user_context: UserContext, *, sets_password: bool
    ) -> bool:
        """Return whether a change of the address waits until somebody has read the mail that is sent to the new one."""
        if address is None or address == login.email:
            return False
        if sets_password:  # it voids those that wait already, and not the one that comes with it
            await self.services.off_loop(self.emails.void_changes, login.recipe_user_id)
        return await self.emails.put_off_change(login.recipe_user_id, address, user_context)

    def update_login(
        self,
        login: PasswordLogin,
        address: str | None,
        hashed: HashedAhead | None,
        user_context: UserContext,
        *,
        is_put_off: bool,
    ) -> bool:
        """
        Change what is stored of a login, void its links, and tell the hooks of a new address. Blocks.

        Returns:
            Whether it is there still, and has the hash that it is changed from.

        Raises:
            authweave.storage.EmailTakenError: another login method of the tenant has the address.
            authweave.storage.ContactTakenError: another primary user has it.
        """
        services, login_id = self.services, login.recipe_user_id
        is_change = address not in {None, login.email}
        if is_change:
            self.emails.settle(login_id)
        if is_change or hashed is not None:
            self.tokens.revoke(PURPOSE, user_id=login_id)
            if not is_put_off:
                self.emails.void_changes(login_id)
        is_there_still = self.store.update_password_login(
            login_id,
            email=address,
            password_hash=None if hashed is None else hashed.password_hash,
            from_hash=None if hashed is None else hashed.from_hash,
        )
        if is_there_still and is_change:
            self.emails.settle(login_id)
            self.copy_verified(login_id)
            user = services.storage.find_user(login_id) if services.hooks.hears("changed") else None
            if user is not None:
                services.hooks.user_changed(user, user_context)
        return is_there_still

    def copy_verified(self, login_id: str) -> None:
        """Have an address be verified that another login method of the user has verified. Blocks."""
        user = self.services.storage.find_user(login_id)
        if user is not None and len(user.login_methods) > 1:
            self.signing_in.linking.copy_verified(user, login_id)

    @overridable
    @override
    async def create_reset_password_token(
        self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> CreateResetPasswordTokenResult:
        def create() -> str | None:
            # A login with a password, as a rule: then it is asked for once, as for an address without an account.
            is_known = self.store.find_password_login_by_id(user_id) or self.services.storage.find_user(user_id)
            return (
                self.tokens.create(
                    PURPOSE,
                    tenant_id=tenant_id,
                    user_id=user_id,
                    email=normal_email(email),
                    lifetime_s=self.config.password_reset.lifetime_s,
                )
                if is_known
                else None
            )

        token = await self.services.off_loop(create)
        return UnknownUserIdError() if token is None else CreateResetPasswordOkResult(token)

    @overridable
    @override
    async def consume_password_reset_token(
        self, token: str, tenant_id: str, user_context: ContextT_contra
    ) -> ConsumePasswordResetTokenResult:
        used = await self.services.off_loop(self.tokens.consume, PURPOSE, token, tenant_id=tenant_id, voids="user")
        if used is None:
            return PasswordResetTokenInvalidError()
        return ConsumePasswordResetTokenOkResult(used.email, used.user_id)

    @overridable
    @override
    async def change_password(
        self,
        session: SessionContainer,
        old_password: str,
        new_password: str,
        revoke_other_sessions: bool,
        user_context: ContextT_contra,
    ) -> ChangePasswordResult:
        services = self.services
        login_id, tenant_id = session.get_recipe_user_id().get_as_string(), session.get_tenant_id()
        find = Ahead(lambda: self.store.find_password_login_by_id(login_id))
        async with self.attempts.attempt("change_password", tenant_id, login_id, user_context, find) as attempt:
            login = await find.result(services.off_loop)
            if login is None:
                return UnknownUserIdError()
            turn = turn_of(attempt.account, user_context)
            attempt.succeeded, _ = await self.passwords.compare(login, old_password, turn)
            if not attempt.succeeded:
                services.events.emit(
                    "sign_in_failed",
                    RECIPE_ID,
                    user_context,
                    user_id=login.user_id,
                    tenant_id=tenant_id,
                    session_handle=session.get_handle(),
                    action="change_password",
                )
                return WrongCredentialsError()
        prepared = prepared_password(new_password)
        wanted = NewPassword(password=prepared, email=login.email, tenant_id=tenant_id)
        if (fault := await self.config.password_policy.find_fault(wanted)) is not None:
            return PasswordPolicyViolationError(fault)
        fresh_hash = await services.passwords.hash(prepared, turn=turn_of(login_id, user_context))
        with hashed_ahead(HashedAhead(prepared, fresh_hash, from_hash=login.password_hash)):
            async with services.transaction():
                await session.get_session_data_from_database(user_context)  # raises where it was revoked
                changed = await self.update_email_or_password(
                    session.get_recipe_user_id(),
                    None,
                    new_password,
                    apply_password_policy=False,
                    tenant_id_for_password_policy=tenant_id,
                    user_context=user_context,
                )
                if isinstance(changed, PasswordPolicyViolationError):
                    return changed
                if not isinstance(changed, UpdateEmailOrPasswordOkResult):
                    return WrongCredentialsError()  # somebody else changed it meanwhile
                revoked = await self.revoke_others(session, user_context) if revoke_other_sessions else ()
        return ChangePasswordOkResult(revoked_session_handles=revoked)

    async def revoke_others(self, session: SessionContainer, user_context: ContextT_contra) -> tuple[str, ...]:
        """End the other sessions of a session's user, in every tenant. Returns their handles."""
        handles = await self.sessions.get_all_session_handles_for_user(
            session.get_user_id(),
            fetch_sessions_for_linked_accounts=True,
            tenant_id=session.get_tenant_id(),
            fetch_across_all_tenants=True,
            user_context=user_context,
        )
        for ended in self.services.contributions(EndedSessions):  # what has no session any more gets none again
            await self.services.off_loop(
                ended.forget_sessions_of_user,
                self.services,
                session.get_user_id(),
                True,  # noqa: FBT003  of `EndedSessions`
            )
        others = [handle for handle in handles if handle != session.get_handle()]
        return tuple(await self.sessions.revoke_multiple_sessions(others, user_context))


def new_account(email: str) -> AccountInfoWithRecipeIdAndUserId:
    """Return what is told of an account that is to be made."""
    return AccountInfoWithRecipeIdAndUserId(None, RECIPE_ID, normal_email(email))


def shown_id_of(login: PasswordLogin, user: User) -> RecipeUserId:
    """Return the id of a user's login method that APIs show: the external one, where there is one."""
    for method in user.login_methods:
        if (method.recipe_id, method.email) == (RECIPE_ID, login.email) and login.tenant_id in method.tenant_ids:
            return method.recipe_user_id
    return RecipeUserId(login.recipe_user_id)  # its address was changed just now
