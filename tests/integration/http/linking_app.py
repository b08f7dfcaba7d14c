"""An application that links accounts as their addresses say, with passwords and a provider, in one server for all."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs
import httpx2

from authweave import UserContext, types
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.recipe import accountlinking, emailverification, thirdparty
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    RecipeLevelUser,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.emailpassword import EmailPasswordRecipe, PasswordResetEmailTemplateVars
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.recipe.session import SessionContainer
from authweave.storage import AccountInfo
from authweave.types import JSON, User
from tests.integration.thirdparty.openid_server import OpenIDServer

from .reset_world import NEW, Collected
from .serving import PASSWORD, bearer, form, jwt_part
from .thirdparty_app import PATIENCE, provider, sign_in_up
from .verification_app import Mailbox, Stage, staged

HEADERS: Final = {"st-auth-mode": "header"}
VERIFIED: Final = "ver.example"
"""The domain of addresses of which the callback says: link what is verified. Those of other domains likewise."""
UNVERIFIED: Final = "nov.example"
"""Link whatever there is."""
NEVER: Final = "no.example"
"""Link nothing."""
LATE: Final = "late.example"
"""Link what is verified, of accounts that there are; not one that is about to be made."""
ALONE: Final = "alone.example"
"""Make primary users, and link nothing to them."""


@attrs.frozen
class Asked:
    """What the callback was asked."""

    email: str | None
    recipe_user_id: str | None
    user_id: str | None
    session_handle: str | None


@attrs.frozen
class LinkingStage:
    """
    The application at work.

    Attributes:
        stage: how it is served.
        server: the provider, who vouches for the addresses of those of whom it says so.
        asked: what the callback was asked, of all tests.
        told: whom ``on_account_linked`` was told of: the primary user's id, and the login method's.
        resets: the mails with links to reset passwords.
    """

    stage: Stage
    server: OpenIDServer
    asked: list[Asked]
    told: list[tuple[str, str]]
    resets: Collected

    @property
    def client(self) -> httpx2.Client:
        """A client without cookies."""
        return self.stage.client

    def by_password(
        self,
        email: str,
        path: str = "signup",
        *,
        password: str = PASSWORD,
        headers: dict[str, str] | None = None,
        flag: JSON = None,
    ) -> Answer:
        """Sign up, or in, with a password; ``flag``: whether to link to the session's user."""
        body = form(email, password, **flagged(flag))
        return Answer(self.client.post(f"/auth/{path}", json=body, headers={**HEADERS, **(headers or {})}))

    def by_provider(
        self,
        subject: str,
        email: str | None = None,
        *,
        verified: bool = True,
        third_party_id: str = "corp",
        headers: dict[str, str] | None = None,
        base: str = "/auth",
        flag: JSON = None,
    ) -> Answer:
        """Come back from the provider, who says this of a user's address, or what it said before."""
        if email is not None:
            self.server.users[subject] = {"email": email, "email_verified": verified}
        self.server.users.setdefault(subject, {})
        sent = {**HEADERS, **(headers or {})}
        return Answer(sign_in_up(self.client, self.server, subject, third_party_id, base, sent, flagged(flag)))

    def verify(self, signed_in: Answer, *, headers: dict[str, str] | None = None) -> httpx2.Response:
        """Read the mail of an address that somebody has signed in with."""
        return self.stage.use(self.stage.token_for(signed_in.session), headers)

    def verified_by_password(self, email: str) -> Answer:
        """Sign up with a password, and read the mail."""
        signed_up = self.by_password(email)
        assert self.verify(signed_up).json() == {"status": "OK"}
        return signed_up

    def made_by_password(self, email: str, tenant_id: str = "public") -> str:
        """Have the application make a user with a password, whatever the rules say of signing up. Returns the id."""
        functions = self.stage.auth.recipe(EmailPasswordRecipe).functions
        made = asyncio.run(functions.create_new_recipe_user(email, PASSWORD, tenant_id, UserContext()))
        assert isinstance(made, SignUpOkResult)
        return made.user.id

    def ask_for_reset(self, email: str) -> tuple[httpx2.Response, list[PasswordResetEmailTemplateVars]]:
        """Ask for a link to reset a password; return the answer, and the mails that were sent."""
        count = len(self.resets.mails)
        body: JSON = {"formFields": [{"id": "email", "value": email}]}
        answer = self.client.post("/auth/user/password/reset/token", json=body)
        return answer, self.resets.mails[count:]

    def reset(self, token: str, password: str = NEW) -> JSON:
        """Reset a password; return what came of it."""
        body: JSON = {"method": "token", "token": token, "formFields": [{"id": "password", "value": password}]}
        answer: dict[str, JSON] = self.client.post("/auth/user/password/reset", json=body).json()
        return answer["status"]

    def user(self, user_id: str) -> User:
        """Return a user of the store."""
        user = self.stage.auth.services.storage.find_user(user_id)
        assert user is not None
        return user

    def users(self, email: str) -> tuple[User, ...]:
        """Return the users who have an address."""
        return self.stage.auth.services.storage.find_users("public", AccountInfo(email=email), union=False)

    def methods(self, user_id: str) -> list[tuple[str, str | None, bool]]:
        """Return recipe, address, and whether it is verified, of each login method of a user."""
        return [(each.recipe_id, each.email, each.verified) for each in self.user(user_id).login_methods]

    def questions(self, email: str) -> list[Asked]:
        """Return what the callback was asked of an address."""
        return [each for each in self.asked if each.email == email]


@attrs.frozen
class Answer:
    """What a sign-in or sign-up was answered."""

    response: httpx2.Response

    @property
    def json(self) -> dict[str, JSON]:
        """The body."""
        body: dict[str, JSON] = self.response.json()
        return body

    @property
    def status(self) -> JSON:
        """What came of it."""
        return self.json.get("status")

    @property
    def reason(self) -> JSON:
        """Why it was refused."""
        return self.json.get("reason")

    @property
    def user_id(self) -> str:
        """Who signed in."""
        assert self.status == "OK", self.response.text
        return str(jwt_part(self.response.headers["st-access-token"], 1)["sub"])

    @property
    def recipe_user_id(self) -> str:
        """With which login method."""
        assert self.status == "OK", self.response.text
        return str(jwt_part(self.response.headers["st-access-token"], 1)["rsub"])

    @property
    def handle(self) -> str:
        """The session's handle."""
        return str(jwt_part(self.response.headers["st-access-token"], 1)["sessionHandle"])

    @property
    def session(self) -> dict[str, str]:
        """The header that sends its access token."""
        return bearer(self.response)

    @property
    def refresh_token(self) -> dict[str, str]:
        """The header that sends its refresh token."""
        return bearer(self.response, "st-refresh-token")


def flagged(flag: JSON) -> dict[str, JSON]:
    """Return what the body of a request says of linking to the session's user; None: nothing."""
    return {} if flag is None else {"shouldTryLinkingWithSessionUser": flag}


def new_email(domain: str = VERIFIED) -> str:
    """Make an address that nobody has."""
    return f"{uuid.uuid4().hex}@{domain}"


def new_subject() -> str:
    """Make an id of a user at the provider."""
    return uuid.uuid4().hex


@contextmanager
def linking(
    folder: Path, server: OpenIDServer, mode: emailverification.Mode = "OPTIONAL", *, has_callback: bool = True
) -> Generator[LinkingStage]:
    """Serve the application for a block."""
    asked: list[Asked] = []
    told: list[tuple[str, str]] = []

    async def should_link(
        new_account_info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> ShouldNotAutomaticallyLink | ShouldAutomaticallyLink:
        login_id, email = new_account_info.recipe_user_id, new_account_info.email
        asked.append(
            Asked(
                email,
                None if login_id is None else login_id.get_as_string(),
                None if user is None else user.id,
                None if session is None else session.get_handle(),
            )
        )
        match (email or "").rpartition("@")[2]:
            case "no.example":
                return ShouldNotAutomaticallyLink()
            case "alone.example" if user is not None:
                return ShouldNotAutomaticallyLink()
            case "late.example" if login_id is None:
                return ShouldNotAutomaticallyLink()
            case "nov.example" | "alone.example" | types.FAKE_EMAIL_DOMAIN:
                return ShouldAutomaticallyLink(should_require_verification=False)
            case _:
                return ShouldAutomaticallyLink(should_require_verification=True)

    async def tell(user: User, new_account: RecipeLevelUser, user_context: UserContext) -> None:
        told.append((user.id, new_account.recipe_user_id.get_as_string()))

    mailbox = Mailbox()
    more: Sequence[thirdparty.ThirdPartySetup | accountlinking.AccountLinkingSetup] = [
        thirdparty.init(
            thirdparty.SignInAndUpFeature(
                [
                    attrs.evolve(provider("corp", server), include_in_non_public_tenants_by_default=True),
                    provider("other", server),
                    provider("bare", server, require_email=False),
                ]
            ),
            settings=thirdparty.OAuthSettings(timeout=PATIENCE),
            server_redirects=thirdparty.ServerRedirects(),
            keep_provider_tokens=True,
        ),
        accountlinking.init(
            on_account_linked=tell, should_do_automatic_account_linking=should_link if has_callback else None
        ),
    ]
    setup = emailverification.init(mode, EmailDeliveryConfig(mailbox))
    resets = Collected()
    with staged(folder, setup=setup, mailbox=mailbox, more=more, password_mails=EmailDeliveryConfig(resets)) as stage:
        yield LinkingStage(stage, server, asked, told, resets)
