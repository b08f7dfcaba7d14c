"""The functions of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

import inspect
from contextlib import suppress
from typing import Final
from uuid import UUID

from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import Services
from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext, overridable
from authweave.recipe.attempts import Ahead, Attempts
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import BusyError, Turn, prepared_password
from authweave.storage import EmailTakenError, StorageError
from authweave.types import RecipeUserId, User, normal_email

from .addresses import Logins, new_address
from .config import EmailPasswordConfig
from .interfaces import ContextT_contra, RecipeInterface
from .store import PASSWORDS, PasswordLogin, PasswordStore
from .types import (
    EmailAlreadyExistsError,
    PasswordPolicyViolationError,
    SignInOkResult,
    SignInResult,
    SignUpOkResult,
    SignUpResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)

RECIPE_ID: Final = "emailpassword"


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
        attempts: what failed sign-ins are counted with.
    """

    def __init__(self, config: EmailPasswordConfig, services: Services, attempts: Attempts) -> None:
        self.config = config
        self.services = services
        self.attempts = attempts
        self.store: PasswordStore = services.storage.part(PASSWORDS)
        self.logins: Logins = Logins(services)

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
        return await self.create_new_recipe_user(email, password, tenant_id, user_context)

    @overridable
    @override
    async def create_new_recipe_user(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignUpResult:
        services = self.services
        address = new_address(email)
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        login = PasswordLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            email=address,
            password_hash=await services.passwords.hash(
                prepared_password(password), turn=turn_of(address, user_context)
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
        result = await self.verify_credentials(email, password, tenant_id, user_context)
        if isinstance(result, SignInOkResult) and result.user.disabled:
            self.services.events.emit(
                "sign_in_failed",
                RECIPE_ID,
                user_context,
                user_id=result.user.id,
                tenant_id=tenant_id,
                reason="disabled",
            )
        elif isinstance(result, SignInOkResult):
            self.services.events.emit("sign_in", RECIPE_ID, user_context, user_id=result.user.id, tenant_id=tenant_id)
        return result

    @overridable
    @override
    async def verify_credentials(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignInResult:
        services = self.services
        find = Ahead(lambda: self.logins.read(tenant_id, email))
        async with self.attempts.attempt("sign_in", tenant_id, normal_email(email), user_context, find) as attempt:
            login = await find.result(services.off_loop)
            user = await self.user_of(login, password, Turn(attempt.address, attempt.account))
            attempt.succeeded = user is not None
            if login is None or user is None:
                known = None if login is None else login.user_id
                services.events.emit("sign_in_failed", RECIPE_ID, user_context, user_id=known, tenant_id=tenant_id)
                return WrongCredentialsError()
        return SignInOkResult(user, shown_id_of(login, user))

    async def user_of(self, login: PasswordLogin | None, password: str, turn: Turn) -> User | None:
        """
        Return the user of a login; None where the password is not his, or he was deleted meanwhile.

        Without a login the same work is done on a hash of nobody's: time does not tell whether an address is known.
        """
        services = self.services
        stored_hash = None if login is None else login.password_hash
        prepared = prepared_password(password)
        matches = await services.passwords.verify(stored_hash, prepared, turn=turn)
        # Hashes were once made of what was typed. It is tried whatever the first says: what was typed alone decides
        # how many hashes are computed.
        as_typed = prepared != password and await services.passwords.verify(stored_hash, password, turn=turn)
        if login is None or not (matches or as_typed):
            return None
        if not matches or services.passwords.needs_rehash(login.password_hash):
            await self.renew_hash(login, prepared, turn)
        return await services.off_loop(services.storage.find_user, login.recipe_user_id)

    async def renew_hash(self, login: PasswordLogin, prepared: str, turn: Turn) -> None:
        """Hash a password again. That it fails is no reason to refuse it."""
        services = self.services
        with suppress(BusyError, StorageError):
            fresh = await services.passwords.hash(prepared, turn=turn)
            # Unless the password was changed meanwhile: a sign-in with the old one must not bring it back.
            await services.off_loop(
                self.store.update_password_login,
                login.recipe_user_id,
                email=None,
                password_hash=fresh,
                from_hash=login.password_hash,
            )

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
        prepared = None if password is None else prepared_password(password)
        if prepared is not None and apply_password_policy is not False:
            verdict = self.config.password_policy(prepared, tenant_id_for_password_policy)
            fault = await verdict if inspect.isawaitable(verdict) else verdict
            if fault is not None:
                return PasswordPolicyViolationError(fault)
        address = None if email is None else new_address(email)
        login_id = recipe_user_id.get_as_string()
        login = await services.off_loop(self.store.find_password_login_by_id, login_id)
        if login is None:
            return UnknownUserIdError()
        fresh_hash = None
        if prepared is not None:
            fresh_hash = await services.passwords.hash(prepared, turn=turn_of(login_id, user_context))
        updated = await services.off_loop(
            services.hooks.transact, lambda: self.update_login(login, address, fresh_hash, user_context)
        )
        if not isinstance(updated, UpdateEmailOrPasswordOkResult):
            return updated
        changes: dict[EventKind, object] = {"password_changed": fresh_hash, "email_changed": address}
        for kind, changed in changes.items():
            if changed is not None:
                services.events.emit(kind, RECIPE_ID, user_context, user_id=login.user_id, tenant_id=login.tenant_id)
        return updated

    def update_login(
        self, login: PasswordLogin, address: str | None, fresh_hash: str | None, user_context: UserContext
    ) -> UpdateEmailOrPasswordResult:
        """Change what is stored of a login, and tell the hooks of a new address. Blocks."""
        services, login_id = self.services, login.recipe_user_id
        try:
            is_there_still = self.store.update_password_login(login_id, email=address, password_hash=fresh_hash)
        except EmailTakenError:
            return EmailAlreadyExistsError()
        if not is_there_still:
            return UnknownUserIdError()
        if services.hooks.hears("changed") and address not in {None, login.email}:
            user = services.storage.find_user(login_id)
            if user is not None:
                services.hooks.user_changed(user, user_context)
        return UpdateEmailOrPasswordOkResult()


def shown_id_of(login: PasswordLogin, user: User) -> RecipeUserId:
    """Return the id of a user's login method that APIs show: the external one, where there is one."""
    for method in user.login_methods:
        if (method.recipe_id, method.tenant_ids, method.email) == (RECIPE_ID, (login.tenant_id,), login.email):
            return method.recipe_user_id
    return RecipeUserId(login.recipe_user_id)  # its address was changed just now


def turn_of(account: str, user_context: UserContext) -> Turn:
    """Return whose turn it is to have a password hashed: that of the client of the request that is being served."""
    request = get_request_from_user_context(user_context)
    return Turn(None if request is None else request.client_network, account)
