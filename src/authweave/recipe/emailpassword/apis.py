"""The HTTP APIs of the emailpassword recipe, as they are without overrides."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from authweave.kernel import overridable
from authweave.recipe._linking import refuse_linking
from authweave.recipe._services import Services
from authweave.recipe.session.interfaces import SessionContainer, SessionRequests
from authweave.types import FAKE_EMAIL_DOMAIN, normal_email

from .form_fields import EMAIL, PASSWORD, text_of
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .store import PASSWORDS
from .types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    FormField,
    SignInOkResult,
    SignInPostOkResult,
    SignInPostResult,
    SignUpOkResult,
    SignUpPostOkResult,
    SignUpPostResult,
    WrongCredentialsError,
)

# Stand in for the address of a user whose provider gave none. Nobody can receive mail there, so nobody owns them.
FAKE_EMAIL_ENDINGS: Final = (f"@{FAKE_EMAIL_DOMAIN}", ".fakeemail.com")


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(self, sessions: SessionRequests, services: Services) -> None:
        self.sessions = sessions
        self.services = services

    @overridable
    @override
    async def sign_up_post(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignUpPostResult:
        refuse_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return EmailAlreadyExistsError()
        result = await api_options.recipe_implementation.sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if not isinstance(result, SignUpOkResult):
            return result
        return SignUpPostOkResult(result.user, await self.new_session(result, tenant_id, api_options, user_context))

    @overridable
    @override
    async def sign_in_post(
        self,
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignInPostResult:
        refuse_linking(session, should_try_linking_with_session_user)
        email, password = text_of(form_fields, EMAIL), text_of(form_fields, PASSWORD)
        if is_fake(email):
            return WrongCredentialsError()
        result = await api_options.recipe_implementation.sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if not isinstance(result, SignInOkResult):
            return result
        return SignInPostOkResult(result.user, await self.new_session(result, tenant_id, api_options, user_context))

    @overridable
    @override
    async def email_exists_get(
        self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> EmailExistsGetResult:
        services = self.services
        login = await services.off_loop(
            services.storage.part(PASSWORDS).find_password_login, tenant_id, normal_email(email)
        )
        return EmailExistsGetOkResult(login is not None)

    async def new_session(
        self,
        result: SignUpOkResult | SignInOkResult,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SessionContainer:
        """Create the session of who has just signed up or in."""
        return await self.sessions.create_new_session(
            api_options.request,
            user_id=result.user.id,
            recipe_user_id=result.recipe_user_id,
            tenant_id=tenant_id,
            user_context=user_context,
        )


def is_fake(email: str) -> bool:
    """Say whether an address is one that stands in for none."""
    return normal_email(email).endswith(FAKE_EMAIL_ENDINGS)
