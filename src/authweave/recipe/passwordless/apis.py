"""The HTTP APIs of the passwordless recipe, as they are without overrides."""

from __future__ import annotations

import inspect
import logging
from contextlib import suppress
from typing import Any, Final, cast

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.signing_in import (
    AuthType,
    FirstFactor,
    NotAllowed,
    SigningInMachine,
    refusal,
)
from authweave.recipe.attempts import Attempts
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage import AccountInfo, StorageError
from authweave.types import ConfigurationError, GeneralErrorResponse, LinkingToSessionUserFailedError

from .codes import MAX_CODE_CHARACTERS, is_fit
from .config import PasswordlessConfig, factor_of, flow_of
from .contacts import as_sent, contact_of
from .interfaces import APIInterface, APIOptions, ContextT_contra, RecipeInterface
from .logins import Known, Logins, account_of
from .messages import Made, Messages
from .store import Contact
from .store.records import RECIPE_ID
from .types import (
    CheckCodeOkResult,
    ConsumeCodeExpiredUserInputCodeError,
    ConsumeCodeIncorrectUserInputCodeError,
    ConsumeCodeOkResult,
    ConsumeCodePostExpiredUserInputCodeError,
    ConsumeCodePostIncorrectUserInputCodeError,
    ConsumeCodePostOkResult,
    ConsumeCodePostRestartFlowError,
    ConsumeCodePostResult,
    ConsumeCodeRestartFlowError,
    ConsumedDevice,
    CreateCodePostOkResult,
    CreateCodePostResult,
    CreateNewCodeForDeviceOkResult,
    CreateNewCodeForDeviceUserInputCodeAlreadyUsedError,
    DeviceType,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    PhoneNumberExistsGetOkResult,
    PhoneNumberExistsGetResult,
    ResendCodePostOkResult,
    ResendCodePostRestartFlowError,
    ResendCodePostResult,
    SignInUpPostNotAllowedResponse,
)

ACTION: Final = "send_code"
TIMES: Final = 3
"""How many codes are made where a browser has the same already."""

NO_CODE: Final = "Failed to generate a one time code. Please try again"
NOT_SENT: Final = "The message could not be sent. Please try again later."

logger: Final = logging.getLogger("authweave.passwordless")


class APIImplementation(APIInterface[ContextT_contra]):
    """
    The APIs without overrides. They call the composed functions that their options name.

    Args:
        config: what `init` was told.
        services: those of the application.
        machine: decides who may sign in, and makes the session, as for other recipes that sign users in.
        logins: knows who has signed in before.
        messages: sends codes.
        attempts: what is sent is counted with.
    """

    def __init__(
        self,
        config: PasswordlessConfig,
        services: Services,
        machine: SigningInMachine,
        logins: Logins,
        messages: Messages,
        attempts: Attempts,
    ) -> None:
        self.config = config
        self.services = services
        self.machine = machine
        self.logins = logins
        self.messages = messages
        self.attempts = attempts

    @overridable
    @override
    async def create_code_post(
        self,
        email: str | None,
        phone_number: str | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> CreateCodePostResult:
        self.machine.require_linking(session, should_try_linking_with_session_user)
        contact = contact_of(email, phone_number)
        functions = api_options.recipe_implementation
        async with self.attempts.attempt(ACTION, tenant_id, contact.value, user_context) as attempt:
            allowed = await self.may_ask(
                contact, session, should_try_linking_with_session_user, tenant_id, user_context
            )
            attempt.succeeded = False  # each message counts, before it is sent: whoever asked may leave meanwhile
        if isinstance(allowed, NotAllowed):
            return SignInUpPostNotAllowedResponse(refusal("passwordless", allowed.reason, user_context))
        made = await functions.create_code(
            email,
            phone_number,
            await self.own_code(tenant_id, user_context),
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,
        )
        to = contact.value if email is None else as_sent(email)
        is_sent = await self.send(to, contact, made, allowed, tenant_id, functions, user_context)
        if not is_sent:
            return GeneralErrorResponse(NOT_SENT)
        return CreateCodePostOkResult(made.device_id, made.pre_auth_session_id, flow_of([*allowed.factor_ids]))

    async def may_ask(
        self,
        contact: Contact,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the interface
        tenant_id: str,
        user_context: UserContext,
    ) -> AuthType | NotAllowed:
        """
        Decide whether somebody may ask for a code, before there is one. The same is decided again of who has it.

        As much is asked of the store for an address that is known as for one that is not: time tells nobody.
        """
        factor_ids = self.config.factors(contact.kind) if session is None else [factor_of(contact.kind, is_link=False)]
        has_rules = session is not None or self.machine.linking.has_callback
        known = await self.find_known(contact, tenant_id) if has_rules else None
        if known is None:
            return await self.machine.check_sign_up(
                account_of(contact, None),
                is_verified=True,
                factor_ids=factor_ids,
                session=session,
                should_try=should_try,
                tenant_id=tenant_id,
                user_context=user_context,
                only_asks=True,
            )
        if self.machine.linking.has_callback:  # which is done for somebody new
            await self.machine.linking.users_of(known.method, tenant_id, user_context)
        return await self.machine.check_sign_in(
            known.user,
            known.method,
            sign_in_verifies=True,
            factor_ids=factor_ids,
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
            only_asks=True,
        )

    async def find_known(self, contact: Contact, tenant_id: str) -> Known | None:
        """Return who has an address or number, by as many statements where nobody does."""
        return await self.services.off_loop(self.logins.find_alike, tenant_id, contact)

    async def own_code(self, tenant_id: str, user_context: UserContext) -> str | None:
        """Return a code that the application makes; None where it makes none."""
        make = self.config.get_custom_user_input_code
        if make is None:
            return None
        made = make(tenant_id, cast("Any", user_context))  # a context of either kind
        code = cast("object", await made if inspect.isawaitable(made) else made)  # of programs that were not checked
        if not isinstance(code, str) or not is_fit(code):
            raise ConfigurationError(
                "passwordless.init: get_custom_user_input_code did not return a code that can be typed in: it has to "
                f"be a text of 1 to {MAX_CODE_CHARACTERS} characters that are not all spaces and dashes."
            )
        return code

    async def send(
        self,
        to: str,
        contact: Contact,
        made: Made,
        auth_type: AuthType,
        tenant_id: str,
        functions: RecipeInterface[UserContext],
        user_context: UserContext,
    ) -> bool:
        """
        Send a code. Where that fails it is revoked: nobody has it, and what is not sent is not to be guessed.

        Returns:
            Whether it is on its way.

        Raises:
            authweave.errors.StorageError: the store failed.
        """
        flow_type, is_first = flow_of([*auth_type.factor_ids]), isinstance(auth_type, FirstFactor)
        try:
            await self.messages.send(
                contact.kind, to, made, flow_type, tenant_id, user_context, is_first_factor=is_first
            )
        except StorageError:
            raise
        except Exception as error:
            logger.error(  # noqa: TRY400  below
                "A code was not sent (%s).",
                contact.kind,
                exc_info=error,
                extra={"event": "code_not_sent", "contact": contact.kind, "error": type(error).__name__},
            )
            await functions.revoke_code(made.code_id, tenant_id, user_context)
            return False
        self.services.events.emit(
            "code_sent", RECIPE_ID, user_context, tenant_id=tenant_id, contact=contact.kind, flow_type=flow_type
        )
        return True

    @overridable
    @override
    async def resend_code_post(
        self,
        device_id: str,
        pre_auth_session_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> ResendCodePostResult:
        self.machine.require_linking(session, should_try_linking_with_session_user)
        functions = api_options.recipe_implementation
        device = await functions.list_codes_by_device_id(device_id, tenant_id, user_context)
        contact = None if device is None else contact_of_device(device)
        if contact is None or contact.kind not in self.config.contact_config.kinds:
            return ResendCodePostRestartFlowError()
        known = await self.find_known(contact, tenant_id) if session is not None else None
        auth_type = await self.machine.auth_type(
            session=session,
            should_try=should_try_linking_with_session_user,
            account=account_of(contact, known),
            authenticating=None if known is None else known.user,
            user_context=user_context,
            only_asks=True,
        )
        if isinstance(auth_type, LinkingToSessionUserFailedError):
            return ResendCodePostRestartFlowError()
        factor_ids = self.config.factors(contact.kind) if session is None else [factor_of(contact.kind, is_link=False)]
        valid = await self.machine.check_factors(
            auth_type, factor_ids, tenant_id=tenant_id, session=session, user_context=user_context
        )
        auth_type = attrs.evolve(auth_type, factor_ids=tuple(valid))
        async with self.attempts.attempt(ACTION, tenant_id, contact.value, user_context) as attempt:
            attempt.succeeded = False  # as above
        for _ in range(TIMES):
            code = await self.own_code(tenant_id, user_context)
            made = await functions.create_new_code_for_device(device_id, code, tenant_id, user_context)
            if not isinstance(made, CreateNewCodeForDeviceUserInputCodeAlreadyUsedError):
                break
        else:
            return GeneralErrorResponse(NO_CODE)
        if not isinstance(made, CreateNewCodeForDeviceOkResult):
            return ResendCodePostRestartFlowError()
        is_sent = await self.send(contact.value, contact, made, auth_type, tenant_id, functions, user_context)
        return ResendCodePostOkResult() if is_sent else GeneralErrorResponse(NOT_SENT)

    @overridable
    @override
    async def consume_code_post(
        self,
        pre_auth_session_id: str,
        user_input_code: str | None,
        device_id: str | None,
        link_code: str | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> ConsumeCodePostResult:
        self.machine.require_linking(session, should_try_linking_with_session_user)
        functions, should_try = api_options.recipe_implementation, should_try_linking_with_session_user
        is_link, is_alone = link_code is not None, session is None and not self.machine.linking.has_callback
        auth_type: AuthType = FirstFactor()
        # Where whoever has the code may sign in, the store is not asked beforehand who that is.
        if not (is_alone and await self.all_will_do(tenant_id, user_context, is_link=is_link)):
            device = await functions.list_codes_by_pre_auth_session_id(pre_auth_session_id, tenant_id, user_context)
            contact = None if device is None else contact_of_device(device)
            if contact is None:
                return ConsumeCodePostRestartFlowError()
            factor_id = factor_of(contact.kind, is_link=is_link)
            if is_alone:
                await self.machine.check_factors(
                    auth_type, [factor_id], tenant_id=tenant_id, session=None, user_context=user_context
                )
            else:
                # First whether the code is right: to whom it is not, nothing is told of the account.
                checked = await functions.check_code(
                    pre_auth_session_id, user_input_code, device_id, link_code, tenant_id, user_context
                )
                if not isinstance(checked, CheckCodeOkResult):
                    return as_answer(checked)
                if session is not None and contact.email is not None:
                    await self.verify_own(session, contact.email, user_context)
                allowed = await self.check(contact, factor_id, session, should_try, tenant_id, user_context)
                if isinstance(allowed, NotAllowed):
                    return self.refused(allowed, tenant_id, user_context)
                auth_type = allowed
        result = await functions.consume_code(
            pre_auth_session_id, user_input_code, device_id, link_code, session, should_try, tenant_id, user_context
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignInUpPostNotAllowedResponse(refusal("passwordless", result.reason, user_context))
        if not isinstance(result, ConsumeCodeOkResult):
            return as_answer(result)
        return await self.signed_in(result, auth_type, session, tenant_id, api_options, user_context, is_link=is_link)

    async def all_will_do(self, tenant_id: str, user_context: UserContext, *, is_link: bool) -> bool:
        """Return whether each kind of contact that the recipe has is good to sign in with in a tenant."""
        factor_ids = [factor_of(kind, is_link=is_link) for kind in self.config.contact_config.kinds]
        with suppress(UnauthorisedError):
            will_do = await self.machine.check_factors(
                FirstFactor(), factor_ids, tenant_id=tenant_id, session=None, user_context=user_context
            )
            return len(will_do) == len(factor_ids)
        return False

    def refused(self, why: NotAllowed, tenant_id: str, user_context: UserContext) -> SignInUpPostNotAllowedResponse:
        """Tell of somebody whose code is right, which it stays, and who may not sign in; return what he is told."""
        self.services.events.emit("sign_in_failed", RECIPE_ID, user_context, tenant_id=tenant_id, reason="not_allowed")
        return SignInUpPostNotAllowedResponse(refusal("passwordless", why.reason, user_context))

    async def signed_in(
        self,
        result: ConsumeCodeOkResult,
        auth_type: AuthType,
        session: SessionContainer | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: UserContext,
        *,
        is_link: bool,
    ) -> ConsumeCodePostResult:
        """Create the session of who has used a code, or note in his own that he has."""
        contact = contact_of_device(result.consumed_device)
        if contact is None:  # of an override
            return ConsumeCodePostRestartFlowError()
        if result.user.disabled:
            return SignInUpPostNotAllowedResponse(DISABLED)
        # Before it, since it is written with it, in one visit to the store.
        await self.attempts.remember(tenant_id, contact.value, user_context, forgives=ACTION)

        async def undo() -> None:
            login_id = result.recipe_user_id.get_as_string()
            await self.services.off_loop(self.services.undo_sign_up, login_id, user_context)

        try:
            user, made = await self.machine.session_for(
                api_options.request,
                result.user,
                result.recipe_user_id,
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
                factor_id=factor_of(contact.kind, is_link=is_link),
                auth_type=auth_type,
                undo_sign_up=undo if result.created_new_recipe_user else None,
            )
        except SessionRefusedError:  # disabled or deleted just now
            return SignInUpPostNotAllowedResponse(DISABLED)
        return ConsumeCodePostOkResult(result.created_new_recipe_user, user, made)

    async def verify_own(self, session: SessionContainer, email: str, user_context: UserContext) -> None:
        """Note that the address of the session's own login method is verified, where a code for it is right."""
        if self.logins.emails.verifier is None:
            return
        user_id, login_id = session.get_user_id(), session.get_recipe_user_id().get_as_string()
        verified = await self.services.off_loop(self.logins.verify_own, user_id, login_id, email, user_context)
        if verified is not None:
            self.logins.emails.tell(verified, session.get_tenant_id(), user_context)

    async def check(
        self,
        contact: Contact,
        factor_id: str,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the interface
        tenant_id: str,
        user_context: UserContext,
    ) -> AuthType | NotAllowed:
        """
        Decide whether who has the code may sign in or up.

        Raises:
            authweave.errors.UnauthorisedError: it is no first factor of the tenant; or the login method of the
                session's user may not be used there.
            Exception: as `SigningInMachine.check_sign_up`.
        """
        known = await self.find(contact, session, should_try, tenant_id)
        if known is None:
            return await self.machine.check_sign_up(
                account_of(contact, None),
                is_verified=True,
                factor_ids=[factor_id],
                session=session,
                should_try=should_try,
                tenant_id=tenant_id,
                user_context=user_context,
            )
        return await self.machine.check_sign_in(
            known.user,
            known.method,
            sign_in_verifies=True,
            factor_ids=[factor_id],
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
        )

    async def find(
        self,
        contact: Contact,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the interface
        tenant_id: str,
    ) -> Known | None:
        """
        Return whose an address or number is; a login method of the session's user in another tenant is used here too.

        Raises:
            UnauthorisedError: it may not.
        """
        off_loop, logins = self.services.off_loop, self.logins
        known = await off_loop(logins.find, tenant_id, contact)
        if known is not None or session is None or should_try is False:
            return known
        elsewhere = await off_loop(logins.find_elsewhere, contact, session.get_user_id())
        if elsewhere is None:
            return None
        if not await off_loop(logins.join_tenant, elsewhere, tenant_id):
            raise UnauthorisedError(f"The login method {elsewhere!r} cannot be used in the tenant {tenant_id!r}.")
        return await off_loop(logins.find, tenant_id, contact)

    @overridable
    @override
    async def email_exists_get(
        self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> EmailExistsGetResult:
        known = await self.services.off_loop(self.logins.find, tenant_id, contact_of(email, None))
        return EmailExistsGetOkResult(known is not None)

    @overridable
    @override
    async def phone_number_exists_get(
        self, phone_number: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra
    ) -> PhoneNumberExistsGetResult:
        account = AccountInfo(phone_number=contact_of(None, phone_number).value)
        find = self.services.storage.find_users
        users = await self.services.off_loop(find, tenant_id, account, union=False)
        return PhoneNumberExistsGetOkResult(bool(users))


def contact_of_device(device: DeviceType | ConsumedDevice) -> Contact | None:
    """Return where the codes of a browser were sent to."""
    if device.email is not None:
        return Contact("email", device.email)
    return None if device.phone_number is None else Contact("phone_number", device.phone_number)


def as_answer(
    failed: ConsumeCodeIncorrectUserInputCodeError | ConsumeCodeExpiredUserInputCodeError | ConsumeCodeRestartFlowError,
) -> ConsumeCodePostResult:
    """Return what an API answers to a code that was not right."""
    match failed:
        case ConsumeCodeIncorrectUserInputCodeError(failures, at_most):
            return ConsumeCodePostIncorrectUserInputCodeError(failures, at_most)
        case ConsumeCodeExpiredUserInputCodeError(failures, at_most):
            return ConsumeCodePostExpiredUserInputCodeError(failures, at_most)
        case _:
            return ConsumeCodePostRestartFlowError()
