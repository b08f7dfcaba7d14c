"""An application in which people sign in with codes and passkeys, and show second factors: what calls what there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from fastapi import FastAPI
from pyotp.totp import TOTP
from typing_extensions import override

from authweave import App, InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import ContextParameter, Journal, current_context, root_context, wrap
from authweave.recipe import accountlinking, emailverification, multifactorauth, passwordless, session, totp, webauthn
from authweave.recipe.accountlinking import link_if_verified
from authweave.recipe.multifactorauth import asyncio as factors
from authweave.recipe.multifactorauth.interfaces import APIInterface as MultiFactorAuthAPIs
from authweave.recipe.passwordless.interfaces import APIInterface as PasswordlessAPIs
from authweave.recipe.passwordless.types import PasswordlessLoginEmailTemplateVars
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.totp.interfaces import APIInterface as TOTPAPIs
from authweave.recipe.webauthn.interfaces.api import APIInterface as WebauthnAPIs
from authweave.types import JSON
from tests.authenticator import Authenticator

P = ParamSpec("P")
R = TypeVar("R")

ORIGIN: Final = "http://localhost:8000"
EMAIL: Final = "grace@example.com"
START_MS: Final = 1_795_000_000_000
STEP_MS: Final = 30_000


class Post(EmailDeliveryInterface):
    """Keeps what is to be sent, or cannot."""

    def __init__(self) -> None:
        self.kept: list[object] = []
        self.fails = False

    @override
    async def send_email(self, template_vars: object, user_context: ContextParameter) -> None:
        if self.fails:
            raise OSError
        self.kept.append(template_vars)


@attrs.define
class Visit:
    """Somebody at the application."""

    browser: httpx2.AsyncClient
    post: Post
    device: Authenticator = attrs.field(factory=lambda: Authenticator(ORIGIN))

    async def send(self, path: str, method: str = "POST", /, **body: JSON) -> dict[str, Any]:  # Any: JSON of the server
        """Send a request; return what is answered."""
        answer = await self.browser.request(method, f"/auth{path}", json=body)
        answered: dict[str, Any] = answer.json()
        return answered

    async def sign_in_by_code(self) -> None:
        """Ask for codes, also where they cannot be sent, and use the one that was."""
        self.post.fails = True
        await self.send("/signinup/code", email=EMAIL)
        self.post.fails = False
        begun = await self.send("/signinup/code", email=EMAIL)
        asked = {name: begun[name] for name in ("deviceId", "preAuthSessionId")}
        self.post.fails = True
        await self.send("/signinup/code/resend", **asked)
        self.post.fails = False
        newest = self.post.kept[-1]
        assert isinstance(newest, PasswordlessLoginEmailTemplateVars)
        used = await self.send("/signinup/code/consume", **asked, userInputCode=newest.user_input_code)
        assert used["status"] == "OK"

    async def use_passkeys(self) -> None:
        """Add passkeys to the session's user, sign in with one, remove one, and recover the account."""
        body = await self.made(email=EMAIL)
        assert (await self.send("/webauthn/signup", **body, shouldTryLinkingWithSessionUser=True))["status"] == "OK"
        (first,) = (await self.send("/webauthn/credential/list", "GET"))["credentials"]
        more = {**await self.made(email=EMAIL), "recipeUserId": first["recipeUserId"]}
        assert (await self.send("/webauthn/credential", **more))["status"] == "OK"
        assert (await self.send("/webauthn/signin", **await self.used()))["status"] == "OK"
        removed: dict[str, JSON] = {"webauthnCredentialId": first["webauthnCredentialId"]}
        assert (await self.send("/webauthn/credential/remove", **removed))["status"] == "OK"
        await self.send("/user/webauthn/reset/token", email=EMAIL)
        link: str = getattr(self.post.kept[-1], "recover_account_link")  # noqa: B009  whichever mail it is
        token = parse_qs(urlsplit(link).query)["token"][0]
        recovered = await self.send("/user/webauthn/reset", **await self.made(recoverAccountToken=token), token=token)
        assert recovered["status"] == "OK"

    async def made(self, **asked: JSON) -> dict[str, Any]:  # Any: JSON of the browser
        """Return what a new passkey is registered by."""
        options = await self.send("/webauthn/options/register", **asked)
        return answer_to(options, self.device.make(options))

    async def used(self) -> dict[str, Any]:  # Any: whatever comes
        """Return what the newest passkey signs in by."""
        options = await self.send("/webauthn/options/signin")
        return answer_to(options, self.device.use(options))

    async def use_an_app(self, now_ms: int) -> None:
        """Set up a device, use codes of it and recovery codes, and remove it."""
        device = await self.send("/totp/device")
        codes = TOTP(device["secret"])
        shown = {"deviceName": device["deviceName"], "totp": codes.at(now_ms // 1000)}
        assert (await self.send("/totp/device/verify", **shown))["status"] == "OK"
        assert (await self.send("/totp/verify", totp=codes.at((now_ms + STEP_MS) // 1000)))["status"] == "OK"
        recovery = (await self.send("/totp/recovery/codes"))["recoveryCodes"]
        assert (await self.send("/totp/recovery/verify", recoveryCode=recovery[0]))["status"] == "OK"
        await self.send("/totp/recovery/codes", "GET")
        await self.send("/totp/device/list", "GET")
        assert (await self.send("/mfa/info", "PUT"))["status"] == "OK"
        assert (await self.send("/totp/device/remove", deviceName=device["deviceName"]))["status"] == "OK"


def answer_to(options: dict[str, Any], credential: dict[str, Any]) -> dict[str, Any]:  # Any: JSON of server and browser
    """Return what is sent of a ceremony."""
    return {"webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"], "credential": credential}


def application(post: Post, contexts: list[UserContext]) -> App:
    """Build the application, which keeps the contexts of its APIs."""

    def kept(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def keeping(*args: P.args, **kwargs: P.kwargs) -> R:
            contexts.append(current_context())
            return await original(*args, **kwargs)

        return keeping

    return init(
        InputAppInfo(app_name="Factors", api_domain=ORIGIN, website_domain=ORIGIN),
        [
            passwordless.init(passwordless.ContactEmailOrPhoneConfig(), "USER_INPUT_CODE"),
            webauthn.init(),
            totp.init(),
            multifactorauth.init(),
            emailverification.init("OPTIONAL"),
            accountlinking.init(should_do_automatic_account_linking=link_if_verified),
            session.init(),
        ],
        overrides=[
            wrap(PasswordlessAPIs[UserContext].create_code_post, kept),
            wrap(PasswordlessAPIs[UserContext].resend_code_post, kept),
            wrap(PasswordlessAPIs[UserContext].consume_code_post, kept),
            wrap(WebauthnAPIs[UserContext].register_options_post, kept),
            wrap(WebauthnAPIs[UserContext].sign_in_options_post, kept),
            wrap(WebauthnAPIs[UserContext].sign_up_post, kept),
            wrap(WebauthnAPIs[UserContext].sign_in_post, kept),
            wrap(WebauthnAPIs[UserContext].generate_recover_account_token_post, kept),
            wrap(WebauthnAPIs[UserContext].recover_account_post, kept),
            wrap(WebauthnAPIs[UserContext].list_credentials_get, kept),
            wrap(WebauthnAPIs[UserContext].register_credential_post, kept),
            wrap(WebauthnAPIs[UserContext].remove_credential_post, kept),
            wrap(TOTPAPIs[UserContext].create_device_post, kept),
            wrap(TOTPAPIs[UserContext].list_devices_get, kept),
            wrap(TOTPAPIs[UserContext].remove_device_post, kept),
            wrap(TOTPAPIs[UserContext].verify_device_post, kept),
            wrap(TOTPAPIs[UserContext].verify_totp_post, kept),
            wrap(TOTPAPIs[UserContext].create_recovery_codes_post, kept),
            wrap(TOTPAPIs[UserContext].recovery_codes_get, kept),
            wrap(TOTPAPIs[UserContext].verify_recovery_code_post, kept),
            wrap(MultiFactorAuthAPIs[UserContext].resync_session_and_fetch_mfa_info_put, kept),
        ],
        storage="sqlite://",
        email_delivery=EmailDeliveryConfig(service=post),
        trusted_proxies=[],
        clock=lambda: START_MS,
        debug=True,
    )


async def contexts_of_factors() -> list[UserContext]:
    """Use the application in every way that makes one function call another; return the contexts."""
    contexts: list[UserContext] = []
    post = Post()
    auth = application(post, contexts)
    app = FastAPI()
    app.add_middleware(get_middleware())
    transport = httpx2.ASGITransport(app)
    cookies = {"st-auth-mode": "cookie", "rid": "anti-csrf"}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=cookies) as browser:
        visit = Visit(browser, post)
        await visit.sign_in_by_code()
        await visit.use_passkeys()
        await visit.use_an_app(START_MS)

        async def alone(call: Awaitable[object]) -> object:
            with root_context(Journal().context()) as own:
                contexts.append(own)
                return await call

        options = await visit.send("/webauthn/options/signin")
        credential = webauthn.AuthenticationPayload.read(visit.device.use(options))
        assert credential is not None
        options_id: str = options["webauthnGeneratedOptionsId"]
        signed_in = await alone(webauthn.sign_in(webauthn_generated_options_id=options_id, credential=credential))
        assert isinstance(signed_in, webauthn.SignInResponse)
        user_id = signed_in.user.id
        await alone(factors.add_to_required_secondary_factors_for_user(user_id, "totp"))
        await alone(factors.remove_from_required_secondary_factors_for_user(user_id, "totp"))
        await alone(factors.get_factors_setup_for_user(user_id))
        own = await create_new_session_without_request_response("public", signed_in.recipe_user_id)
        await alone(factors.mark_factor_as_complete_in_session(own, "webauthn"))
        await alone(factors.get_mfa_requirements_for_auth(own))
        await alone(factors.assert_allowed_to_setup_factor_else_throw_invalid_claim_error(own, "totp"))
    auth.close()
    return contexts
