"""The functions of the passwordless recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from uuid import UUID

from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import Services, VerifiedEmails
from authweave.http import client_of
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.signing_in import AuthType, SecondFactor, SigningInMachine
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import keyed
from authweave.types import LinkingToSessionUserFailedError, RecipeUserId, User

from .changes import Changes
from .codes import (
    DEVICE_ID_BYTES,
    LIFETIME_MS,
    MAX_CODES,
    MAX_FAILURES,
    EnteredCode,
    LinkCodes,
    check_new_code,
    device_text,
    has_name_shape,
    hash_of,
    name_of,
    new_code,
    parse_device_id,
)
from .config import PasswordlessConfig
from .contacts import contact_of
from .interfaces import ContextT_contra, RecipeInterface
from .logins import Known, Logins, SignedIn, Used, account_of
from .store import PASSWORDLESS_CODES, Code, Contact, Device, PasswordlessCodeStore, Right, Tried, Wrong
from .store.records import RECIPE_ID
from .types import (
    CheckCodeExpiredUserInputCodeError,
    CheckCodeIncorrectUserInputCodeError,
    CheckCodeOkResult,
    CheckCodeRestartFlowError,
    CheckCodeResult,
    ConsumeCodeExpiredUserInputCodeError,
    ConsumeCodeIncorrectUserInputCodeError,
    ConsumeCodeOkResult,
    ConsumeCodeRestartFlowError,
    ConsumeCodeResult,
    ConsumedDevice,
    CreateCodeOkResult,
    CreateNewCodeForDeviceOkResult,
    CreateNewCodeForDeviceRestartFlowError,
    CreateNewCodeForDeviceResult,
    CreateNewCodeForDeviceUserInputCodeAlreadyUsedError,
    DeleteContactResult,
    DeviceCode,
    DeviceType,
    RevokeAllCodesOkResult,
    RevokeCodeOkResult,
    UpdateUserResult,
)


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
        logins: signs people in.
        link_codes: makes the codes of links.
        machine: decides about linking, and links.
        changes: changes addresses and numbers.
    """

    def __init__(
        self,
        config: PasswordlessConfig,
        services: Services,
        logins: Logins,
        link_codes: LinkCodes,
        machine: SigningInMachine,
    ) -> None:
        self.config = config
        self.services = services
        self.logins = logins
        self.link_codes = link_codes
        self.machine = machine
        self.store: PasswordlessCodeStore = services.storage.part(PASSWORDLESS_CODES)
        self.changes: Changes = Changes(services, logins, VerifiedEmails(services), machine.linking)

    @cached_property
    def client_key(self) -> bytes:
        """The key of what stands for addresses of clients."""
        return self.services.secret.key("passwordless-clients")

    @overridable
    @override
    async def create_code(
        self,
        email: str | None,
        phone_number: str | None,
        user_input_code: str | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> CreateCodeOkResult:
        contact = contact_of(email, phone_number)
        device = self.services.random_bytes(DEVICE_ID_BYTES)
        typed, link, code = self.new_code(device, user_input_code)
        client = client_of(user_context)
        opened = Device(
            pre_auth_session_id=code.pre_auth_session_id,
            tenant_id=tenant_id,
            contact=contact,
            client=None if client is None else keyed(self.client_key, client),
        )
        await self.services.off_loop(self.store.add_device, opened, code)
        return CreateCodeOkResult(
            pre_auth_session_id=code.pre_auth_session_id,
            code_id=code.code_id,
            device_id=device_text(device),
            user_input_code=typed,
            link_code=link,
            code_life_time=LIFETIME_MS,
            time_created=code.created_at_ms,
        )

    def new_code(self, device: bytes, user_input_code: str | None) -> tuple[str, str, Code]:
        """Return a code for a device, as people type it in, as it stands in a link, and as it is stored."""
        if user_input_code is not None:
            check_new_code(user_input_code)
        typed = user_input_code if user_input_code is not None else new_code(self.services.random_bytes)
        link, now_ms = self.link_codes.link_code(device, typed), self.services.clock()
        code = Code(
            code_id=str(UUID(bytes=self.services.random_bytes(16), version=4)),
            pre_auth_session_id=name_of(device),
            code_hash=hash_of(link),
            created_at_ms=now_ms,
            expires_at_ms=now_ms + LIFETIME_MS,
        )
        return typed, link, code

    @overridable
    @override
    async def create_new_code_for_device(
        self, device_id: str, user_input_code: str | None, tenant_id: str, user_context: ContextT_contra
    ) -> CreateNewCodeForDeviceResult:
        device = parse_device_id(device_id)
        if device is None:
            return CreateNewCodeForDeviceRestartFlowError()
        typed, link, code = self.new_code(device, user_input_code)
        added = await self.services.off_loop(self.store.add_code, tenant_id, code, at_most=MAX_CODES)
        if added == "taken":
            return CreateNewCodeForDeviceUserInputCodeAlreadyUsedError()
        if added is None:
            return CreateNewCodeForDeviceRestartFlowError()
        return CreateNewCodeForDeviceOkResult(
            pre_auth_session_id=code.pre_auth_session_id,
            code_id=code.code_id,
            device_id=device_id,
            user_input_code=typed,
            link_code=link,
            code_life_time=LIFETIME_MS,
            time_created=code.created_at_ms,
        )

    @overridable
    @override
    async def consume_code(
        self,
        pre_auth_session_id: str,
        user_input_code: str | None,
        device_id: str | None,
        link_code: str | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> ConsumeCodeResult:
        entered = self.link_codes.entered(pre_auth_session_id, user_input_code, device_id, link_code)
        if entered is None:
            return self.failed(None, tenant_id, user_context)
        should_try = should_try_linking_with_session_user
        if session is None and not should_try and not self.machine.linking.has_callback:
            used = await self.services.off_loop(self.logins.use, entered, tenant_id, user_context)
            if not isinstance(used, SignedIn):
                return self.failed(used, tenant_id, user_context)
            return self.tell_of(used, used.signed_in.user, tenant_id, user_context)
        # It is counted here, by itself: what follows may be undone.
        tried = await self.try_code(entered, tenant_id)
        if not isinstance(tried, Right):
            return self.failed(tried, tenant_id, user_context)
        contact = tried.device.contact
        known = await self.services.off_loop(self.logins.find, tenant_id, contact)
        return await self.sign_in(entered, contact, known, session, should_try, tenant_id, user_context)

    async def sign_in(
        self,
        entered: EnteredCode,
        contact: Contact,
        known: Known | None,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the functions
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> ConsumeCodeResult:
        """Sign in whose code is right, and link the login method where it is to be: it is used up with that."""
        services, machine = self.services, self.machine

        async def use() -> Used:
            return await services.off_loop(self.logins.use, entered, tenant_id, user_context)

        auth_type = await machine.auth_type(
            session=session,
            should_try=should_try,
            account=account_of(contact, known),
            authenticating=None if known is None else known.user,
            user_context=user_context,
        )
        if isinstance(auth_type, LinkingToSessionUserFailedError):
            return auth_type
        if isinstance(auth_type, SecondFactor) and known is None:
            return await self.create_linked(auth_type, use, tenant_id, user_context)
        used = await use()
        if not isinstance(used, SignedIn):
            return self.failed(used, tenant_id, user_context)
        return await self.link(used, auth_type, session, tenant_id, user_context)

    async def create_linked(
        self,
        auth_type: SecondFactor,
        use: Callable[[], Awaitable[Used]],
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> ConsumeCodeResult:
        """Use a code up, and make a login method that is the session user's at once: all of it, or nothing."""
        created = await self.machine.create_linked(
            auth_type,
            use,
            lambda used: used.recipe_user_id if isinstance(used, SignedIn) else None,
            is_verified=True,
            user_context=user_context,
        )
        if isinstance(created, LinkingToSessionUserFailedError):
            return created
        used, linked = created
        if not isinstance(used, SignedIn):
            return self.failed(used, tenant_id, user_context)
        return self.tell_of(used, linked or used.signed_in.user, tenant_id, user_context)

    async def link(
        self,
        used: SignedIn,
        auth_type: AuthType,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> ConsumeCodeResult:
        """Link the login method of who has just signed in, where it is to be; who is new is undone where that fails."""
        login_id, is_new = used.signed_in.recipe_user_id, used.signed_in.is_new
        async with self.machine.linking.undoing(login_id, user_context, is_new=is_new):
            found = await self.machine.link(
                auth_type,
                used.signed_in.user,
                used.method,
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
            )
        if isinstance(found, LinkingToSessionUserFailedError):
            return found
        return self.tell_of(used, found, tenant_id, user_context)

    async def try_code(self, entered: EnteredCode, tenant_id: str) -> Tried:
        """Compare a code, and count it where it is wrong."""
        return await self.services.off_loop(
            self.store.try_code,
            tenant_id,
            entered.pre_auth_session_id,
            entered.code_hash,
            self.services.clock(),
            max_failures=entered.max_failures,
        )

    def failed(
        self, wrong: Wrong | None, tenant_id: str, user_context: UserContext
    ) -> ConsumeCodeIncorrectUserInputCodeError | ConsumeCodeExpiredUserInputCodeError | ConsumeCodeRestartFlowError:
        """Tell of a code that was not right, and return what it comes to."""
        reason = "restart" if wrong is None else "expired" if wrong.is_expired else "incorrect"
        self.services.events.emit("sign_in_failed", RECIPE_ID, user_context, tenant_id=tenant_id, reason=reason)
        if wrong is None:
            return ConsumeCodeRestartFlowError()
        if wrong.is_expired:
            return ConsumeCodeExpiredUserInputCodeError(wrong.failures, MAX_FAILURES)
        return ConsumeCodeIncorrectUserInputCodeError(wrong.failures, MAX_FAILURES)

    def tell_of(self, used: SignedIn, user: User, tenant_id: str, user_context: UserContext) -> ConsumeCodeOkResult:
        """Tell of somebody who has signed in, or up."""
        signed_in, events = used.signed_in, self.services.events
        if user.disabled:
            events.emit(
                "sign_in_failed", RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id, reason="disabled"
            )
        else:
            kind: EventKind = "sign_up" if signed_in.is_new else "sign_in"
            events.emit(kind, RECIPE_ID, user_context, user_id=user.id, tenant_id=tenant_id)
            if signed_in.is_news and used.device.contact.email is not None:
                self.logins.emails.tell(user, tenant_id, user_context)
        return ConsumeCodeOkResult(signed_in.is_new, user, used.recipe_user_id, consumed(used.device))

    @overridable
    @override
    async def check_code(
        self,
        pre_auth_session_id: str,
        user_input_code: str | None,
        device_id: str | None,
        link_code: str | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> CheckCodeResult:
        entered = self.link_codes.entered(pre_auth_session_id, user_input_code, device_id, link_code)
        tried = None if entered is None else await self.try_code(entered, tenant_id)
        if isinstance(tried, Right):
            return CheckCodeOkResult(consumed(tried.device))
        match self.failed(tried, tenant_id, user_context):
            case ConsumeCodeIncorrectUserInputCodeError(failures, at_most):
                return CheckCodeIncorrectUserInputCodeError(failures, at_most)
            case ConsumeCodeExpiredUserInputCodeError(failures, at_most):
                return CheckCodeExpiredUserInputCodeError(failures, at_most)
            case ConsumeCodeRestartFlowError():
                return CheckCodeRestartFlowError()

    @overridable
    @override
    async def update_user(
        self,
        recipe_user_id: RecipeUserId,
        email: str | None,
        phone_number: str | None,
        user_context: ContextT_contra,
    ) -> UpdateUserResult:
        return await self.changes.update(recipe_user_id.get_as_string(), email, phone_number, user_context)

    @overridable
    @override
    async def delete_email_for_user(
        self, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> DeleteContactResult:
        return await self.changes.delete(recipe_user_id.get_as_string(), "email", user_context)

    @overridable
    @override
    async def delete_phone_number_for_user(
        self, recipe_user_id: RecipeUserId, user_context: ContextT_contra
    ) -> DeleteContactResult:
        return await self.changes.delete(recipe_user_id.get_as_string(), "phone_number", user_context)

    @overridable
    @override
    async def revoke_all_codes(
        self, email: str | None, phone_number: str | None, tenant_id: str, user_context: ContextT_contra
    ) -> RevokeAllCodesOkResult:
        await self.services.off_loop(self.store.revoke_codes, tenant_id, contact_of(email, phone_number))
        return RevokeAllCodesOkResult()

    @overridable
    @override
    async def revoke_code(self, code_id: str, tenant_id: str, user_context: ContextT_contra) -> RevokeCodeOkResult:
        await self.services.off_loop(self.store.delete_code, tenant_id, code_id)
        return RevokeCodeOkResult()

    @overridable
    @override
    async def list_codes_by_email(self, email: str, tenant_id: str, user_context: ContextT_contra) -> list[DeviceType]:
        return await self.devices(contact_of(email, None), tenant_id)

    @overridable
    @override
    async def list_codes_by_phone_number(
        self, phone_number: str, tenant_id: str, user_context: ContextT_contra
    ) -> list[DeviceType]:
        return await self.devices(contact_of(None, phone_number), tenant_id)

    async def devices(self, contact: Contact, tenant_id: str) -> list[DeviceType]:
        """Return the browsers that asked for codes for an address or number."""
        found = await self.services.off_loop(self.store.find_devices, tenant_id, contact)
        return [device_type_of(each) for each in found]

    @overridable
    @override
    async def list_codes_by_device_id(
        self, device_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> DeviceType | None:
        device = parse_device_id(device_id)
        return None if device is None else await self.device(name_of(device), tenant_id)

    @overridable
    @override
    async def list_codes_by_pre_auth_session_id(
        self, pre_auth_session_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> DeviceType | None:
        return await self.device(pre_auth_session_id, tenant_id)

    async def device(self, pre_auth_session_id: str, tenant_id: str) -> DeviceType | None:
        """Return a browser; None where it is not known."""
        if not has_name_shape(pre_auth_session_id):
            return None
        found = await self.services.at_once(self.store.find_device, tenant_id, pre_auth_session_id)
        return None if found is None else device_type_of(found)


def consumed(device: Device) -> ConsumedDevice:
    """Return what is told of a browser whose code was right."""
    contact = device.contact
    return ConsumedDevice(device.pre_auth_session_id, device.failures, contact.email, contact.phone_number)


def device_type_of(device: Device) -> DeviceType:
    """Return what is told of a browser that has asked for codes."""
    return DeviceType(
        device.pre_auth_session_id,
        device.failures,
        tuple(
            DeviceCode(each.code_id, each.created_at_ms, each.expires_at_ms - each.created_at_ms)
            for each in device.codes
        ),
        device.contact.email,
        device.contact.phone_number,
    )
