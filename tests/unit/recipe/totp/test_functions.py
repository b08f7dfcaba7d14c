"""The functions of the default application, awaited or not: what each returns, and how it is overridden."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import attrs
import pytest
from pyotp.totp import TOTP

from authweave.app import App, init, set_default_app
from authweave.errors import BadInputError, ConfigurationError
from authweave.kernel import UserContext
from authweave.recipe import accountlinking, emailpassword, multifactorauth, session, totp
from authweave.recipe.emailpassword.asyncio import sign_up
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.recipe.totp import (
    CreateDeviceOkResult,
    CreateRecoveryCodesOkResult,
    Device,
    DeviceAlreadyExistsError,
    InvalidTOTPError,
    ListDevicesOkResult,
    RemoveDeviceOkResult,
    TOTPConfig,
    TOTPOverrideConfig,
    UnknownDeviceError,
    UnknownUserIdError,
    UpdateDeviceOkResult,
    UserIdentifierInfoDoesNotExistError,
    VerifyDeviceOkResult,
    VerifyTotp,
    VerifyTOTPOkResult,
    VerifyTOTPResult,
    qr_code_svg,
)
from authweave.recipe.totp import asyncio as awaited
from authweave.recipe.totp import syncio as blocking
from authweave.recipe.totp.store import TOTP_DEVICES
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId

APP_INFO = InputAppInfo("Test & Co", "http://localhost:8000", website_domain="http://localhost:3000")
NOW_MS = 1_800_000_000_000


@attrs.define
class Clock:
    """A clock that is turned by hand."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


CLOCK = Clock()


def an_app(config: TOTPConfig | None = None) -> App:
    """Make an application the default."""
    CLOCK.now_ms = NOW_MS
    return init(
        APP_INFO,
        [emailpassword.init(), accountlinking.init(), session.init(), multifactorauth.init(), totp.init(config)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        clock=CLOCK,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
    )


@pytest.fixture
def app() -> Iterator[App]:
    """Return one with the recipe as it is."""
    made = an_app()
    yield made
    made.close()
    set_default_app(None)


async def a_user(email: str = "ada@example.com") -> str:
    """Return the id of a new user."""
    signed_up = await sign_up("public", email, "correct horse 1")
    assert isinstance(signed_up, SignUpOkResult)
    return signed_up.user.id


async def a_device(user_id: str, name: str | None = None) -> CreateDeviceOkResult:
    """Return a new device, of which no code has been shown."""
    made = await awaited.create_device(user_id, device_name=name)
    assert isinstance(made, CreateDeviceOkResult)
    return made


def code_of(device: CreateDeviceOkResult, period_s: int = 30) -> str:
    """Return the code of a device."""
    return TOTP(device.secret).generate_otp(CLOCK.now_ms // (1000 * period_s))


def test_what_each_function_returns(app: App) -> None:
    """A result for each outcome, as SuperTokens names them."""
    del app

    async def use() -> None:
        user_id = await a_user()
        assert await awaited.create_device("nobody") == UnknownUserIdError()
        phone = await a_device(user_id, "Phone")
        assert await awaited.verify_device("public", user_id, "Tablet", "1") == UnknownDeviceError()
        assert await awaited.verify_device("public", user_id, "Phone", "1") == InvalidTOTPError(1, 5)
        for was_verified in (False, True):
            verified = await awaited.verify_device("public", user_id, "Phone", code_of(phone))
            assert verified == VerifyDeviceOkResult(was_already_verified=was_verified)
        assert await awaited.create_device(user_id, device_name="Phone") == DeviceAlreadyExistsError()
        CLOCK.now_ms += 1
        await a_device(user_id, "Tablet")
        assert await awaited.update_device(user_id, "Watch", "Phone") == UnknownDeviceError()
        assert await awaited.update_device(user_id, "Tablet", "Phone") == DeviceAlreadyExistsError()
        assert await awaited.update_device(user_id, "Phone", "Watch") == UpdateDeviceOkResult()
        assert await awaited.list_devices(user_id) == ListDevicesOkResult(
            [Device("Watch", 30, 1, verified=True), Device("Tablet", 30, 1, verified=False)]
        )
        CLOCK.now_ms += 30_000
        assert await awaited.verify_totp("public", user_id, code_of(phone)) == VerifyTOTPOkResult()
        assert await awaited.remove_device(user_id, "Phone") == RemoveDeviceOkResult(did_device_exist=False)
        assert await awaited.remove_device(user_id, "Watch") == RemoveDeviceOkResult(did_device_exist=True)
        with pytest.raises(BadInputError, match="new_device_name is empty"):
            await awaited.update_device(user_id, "Tablet", "")

    asyncio.run(use())


def test_each_without_a_loop(app: App) -> None:
    """They are the same functions."""
    del app
    user_id = asyncio.run(a_user())
    device = blocking.create_device(user_id, "ada", "Phone", skew=0, period=60)
    assert isinstance(device, CreateDeviceOkResult)
    assert device.qr_code_string.startswith("otpauth://totp/Test%20%26%20Co:ada?secret=")
    assert device.qr_code_string.endswith("&issuer=Test%20%26%20Co&digits=6&period=60")
    blocking.verify_device("public", user_id, "Phone", code_of(device, 60))
    made = blocking.create_recovery_codes(user_id)
    assert isinstance(made, CreateRecoveryCodesOkResult)
    assert blocking.count_recovery_codes(user_id).unused == 10
    assert blocking.verify_recovery_code("public", user_id, made.recovery_codes[3]).status == "OK"
    assert blocking.update_device(user_id, "Phone", "Watch").status == "OK"
    assert blocking.list_devices(user_id).devices == [Device("Watch", 60, 0, verified=True)]
    CLOCK.now_ms += 60_000
    assert blocking.verify_totp("public", user_id, code_of(device, 60)).status == "OK"
    assert blocking.remove_device(user_id, "Watch").did_device_exist
    assert blocking.create_recovery_codes(user_id).status == "UNKNOWN_USER_ID_ERROR"


def test_settings_and_overrides() -> None:
    """An issuer, steps and drift of the application's own; and an override sees each code."""
    seen: list[str] = []

    @VerifyTotp.override
    async def see(call: VerifyTotp) -> VerifyTOTPResult:
        seen.append(call.totp)
        return await call.original()

    made = an_app(
        TOTPConfig(issuer="Shop", default_skew=0, default_period=10, override=TOTPOverrideConfig(functions=see))
    )

    async def use() -> None:
        user_id = await a_user()
        device = await a_device(user_id)
        assert "&issuer=Shop&digits=6&period=10" in device.qr_code_string
        earlier = code_of(device, 10)
        CLOCK.now_ms += 10_000
        await awaited.verify_device("public", user_id, device.device_name, code_of(device, 10))
        assert await awaited.verify_totp("public", user_id, earlier) == InvalidTOTPError(1, 5)
        assert seen == [earlier]

    asyncio.run(use())
    made.close()
    set_default_app(None)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (TOTPConfig(issuer=" "), "issuer=''"),
        (TOTPConfig(default_skew=-1), "default_skew=-1 has to be from 0 to 10 steps"),
        (TOTPConfig(default_skew=11), "default_skew=11 has to be from 0 to 10 steps"),
        (TOTPConfig(default_period=0), "default_period=0 has to be from 1 to 3600 seconds"),
    ],
)
def test_settings_that_cannot_work(config: TOTPConfig, told: str) -> None:
    """Are told by `init`."""
    with pytest.raises(ConfigurationError, match=told):
        an_app(config)


def test_without_whoever_asks_for_a_second_factor() -> None:
    """`init` says which recipe is missing."""
    with pytest.raises(ConfigurationError, match=r"add multifactorauth\.init\(\) to recipe_list"):
        init(APP_INFO, [session.init(), totp.init()], storage=MemoryStorage(), secret=b"s" * 32, default=False)


@pytest.mark.parametrize(("skew", "period"), [(-1, 30), (11, 30), (1, 0), (1, 3601)])
def test_devices_that_cannot_work(app: App, skew: int, period: int) -> None:
    """A number out of bounds is named."""
    del app
    with pytest.raises(BadInputError, match=r"of a TOTP device has to be from"):
        asyncio.run(awaited.create_device("nobody", skew=skew, period=period))


def test_a_user_without_address_and_number(app: App) -> None:
    """Has a device all the same, which says whose application it is alone."""
    functions = app.recipe(totp.TOTPRecipe).functions

    async def use() -> None:
        user_id = await a_user()
        login = app.services.storage.find_login_method(user_id)
        assert login is not None
        core = getattr(app.services.storage, "_core")  # noqa: B009  no recipe makes such a user yet
        core.logins[user_id] = attrs.evolve(core.logins[user_id], email=None)
        found = await functions.get_user_identifier_info_for_user_id(user_id, UserContext())
        assert found == UserIdentifierInfoDoesNotExistError()
        made = await a_device(user_id)
        assert made.qr_code_string.startswith("otpauth://totp/Test%20%26%20Co?secret=")

    asyncio.run(use())


def test_devices_of_linked_accounts(app: App) -> None:
    """They are the primary user's: what a linked account had is there again when it is unlinked."""

    async def use() -> None:
        ada, other = await a_user(), await a_user("other@example.com")
        device = await a_device(other)
        await awaited.verify_device("public", other, device.device_name, code_of(device))
        links = app.recipe(accountlinking.AccountLinkingRecipe).functions
        context = UserContext()
        await links.create_primary_user(RecipeUserId(ada), context)
        assert (await links.link_accounts(RecipeUserId(other), ada, context)).status == "OK"
        assert (await awaited.list_devices(ada)).devices == []
        await links.unlink_account(RecipeUserId(other), context)
        assert [each.verified for each in (await awaited.list_devices(other)).devices] == [True]

    asyncio.run(use())


def test_a_device_of_another_secret(app: App) -> None:
    """Where the server's secret is not the one that it was stored with, that is said, and nobody's code is good."""

    async def use() -> None:
        user_id = await a_user()
        device = await a_device(user_id)
        store = app.services.storage.part(TOTP_DEVICES)
        (kept,) = store.devices_of_user(user_id)
        store.add_device(attrs.evolve(kept, secret="A" * 100))
        with pytest.raises(ConfigurationError, match="were stored with another secret"):
            await awaited.verify_device("public", user_id, device.device_name, code_of(device))

    asyncio.run(use())


def test_secrets_are_not_shown(app: App) -> None:
    """Neither by a result's ``repr`` nor by that of what the store keeps."""

    async def use() -> None:
        user_id = await a_user()
        device = await a_device(user_id)
        await awaited.verify_device("public", user_id, device.device_name, code_of(device))
        made = await awaited.create_recovery_codes(user_id)
        assert isinstance(made, CreateRecoveryCodesOkResult)
        (kept,) = app.services.storage.part(TOTP_DEVICES).devices_of_user(user_id)
        shown = f"{device!r} {made!r} {kept!r}"
        assert not any(each in shown for each in (device.secret, kept.secret, *made.recovery_codes))

    asyncio.run(use())


def test_a_qr_code(app: App) -> None:
    """Is an element of a page, dark on light; and what is too long for one is refused."""
    del app
    svg = qr_code_svg("otpauth://totp/Test?secret=A", scale=2)
    assert svg.startswith("<svg ")
    assert svg.rstrip().endswith("</svg>")
    assert 'fill="#fff"' in svg
    with pytest.raises(BadInputError, match="too long for a QR code"):
        qr_code_svg("x" * 5_000)
