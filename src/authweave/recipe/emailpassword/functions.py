"""The functions of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

import inspect
from contextlib import suppress
from typing import Final
from uuid import UUID

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import BusyError
from authweave.storage import EmailTakenError, StorageError
from authweave.types import RecipeUserId, normal_email

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
    """

    def __init__(self, config: EmailPasswordConfig, services: Services) -> None:
        self.config = config
        self.services = services
        self.store: PasswordStore = services.storage.part(PASSWORDS)

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
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        login = PasswordLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            email=normal_email(email),
            password_hash=await services.passwords.hash(password),
            time_joined_ms=services.clock(),
        )
        try:
            user = await services.off_loop(self.store.create_user_with_password, login)
        except EmailTakenError:
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
        if isinstance(result, SignInOkResult):
            self.services.events.emit("sign_in", RECIPE_ID, user_context, user_id=result.user.id, tenant_id=tenant_id)
        return result

    @overridable
    @override
    async def verify_credentials(
        self, email: str, password: str, tenant_id: str, user_context: ContextT_contra
    ) -> SignInResult:
        services = self.services
        login = await services.off_loop(self.store.find_password_login, tenant_id, normal_email(email))
        # Without a login the same work is done on a hash of nobody's: time does not tell whether an address is known.
        matches = await services.passwords.verify(None if login is None else login.password_hash, password)
        if login is None or not matches:
            known = None if login is None else login.user_id
            services.events.emit("sign_in_failed", RECIPE_ID, user_context, user_id=known, tenant_id=tenant_id)
            return WrongCredentialsError()
        user = await services.off_loop(services.storage.find_user, login.recipe_user_id)
        if user is None:  # deleted meanwhile
            return WrongCredentialsError()
        await self.renew_hash(login, password)
        return SignInOkResult(user, RecipeUserId(login.recipe_user_id))

    async def renew_hash(self, login: PasswordLogin, password: str) -> None:
        """Hash a password again where the parameters have changed since. That it fails is no reason to refuse it."""
        services = self.services
        if services.passwords.needs_rehash(login.password_hash):
            with suppress(BusyError, StorageError):
                fresh = await services.passwords.hash(password)
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
        if password is not None and apply_password_policy is not False:
            verdict = self.config.password_policy(password, tenant_id_for_password_policy)
            fault = await verdict if inspect.isawaitable(verdict) else verdict
            if fault is not None:
                return PasswordPolicyViolationError(fault)
        try:
            user_exists = await services.off_loop(
                self.store.update_password_login,
                recipe_user_id.get_as_string(),
                email=None if email is None else normal_email(email),
                password_hash=None if password is None else await services.passwords.hash(password),
            )
        except EmailTakenError:
            return EmailAlreadyExistsError()
        if not user_exists:
            return UnknownUserIdError()
        user_id = recipe_user_id.get_as_string()
        if password is not None:
            services.events.emit("password_changed", RECIPE_ID, user_context, user_id=user_id)
        if email is not None:
            services.events.emit("email_changed", RECIPE_ID, user_context, user_id=user_id)
        return UpdateEmailOrPasswordOkResult()
