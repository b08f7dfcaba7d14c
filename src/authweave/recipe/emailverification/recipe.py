"""The recipe at work in an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, Finding, Recipe, Services, UserMail
from authweave.http import ErrorResponse, Exchange, Route, error_response
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.types import LoginMethod, Response, User

from .addresses import LoginEmails, tenant_of
from .config import EmailVerificationConfig
from .exceptions import EmailVerificationInvalidTokenError
from .interfaces import APIInterface, RecipeInterface
from .mails import Mails
from .types import CreateEmailVerificationTokenOkResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "emailverification"


@attrs.frozen(kw_only=True)
class EmailVerificationRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        addresses: finds the addresses of login methods.
        mails: sends links.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: EmailVerificationConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    addresses: LoginEmails = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface[UserContext]:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface[UserContext]", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what the page that verifies addresses asks."""
        from .routes import EmailVerificationRoutes

        apis = cast("APIInterface[UserContext]", self.apis)  # handed every context, as the functions
        sessions = self.services.recipe(SessionRecipe).requests
        return EmailVerificationRoutes(
            self.services.app_info, self.config, self.for_any_context, apis, sessions
        ).routes()

    @override
    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how a token that an override refuses is answered."""
        return (error_response(EmailVerificationInvalidTokenError, self.respond_to),)

    async def respond_to(self, exchange: Exchange, error: EmailVerificationInvalidTokenError) -> Response:
        """Return what is answered to a token that is good for nothing."""
        del exchange, error
        return Response.from_json({"status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"})

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        return (Check("mode", "Who has not verified the address gets no further", self.check_mode),)

    def check_mode(self) -> Finding:
        """Look at whether routes ask for a verified address."""
        if self.config.mode == "REQUIRED":
            return Finding("ok", "Every route asks, unless it says otherwise.")
        advice = "Say emailverification.init('REQUIRED'), or let routes ask that need it: EmailVerificationClaim."
        return Finding("note", "Routes do not ask, unless they say so.", advice)

    @override
    def user_mails(self) -> Sequence[UserMail]:
        """Return the mail with a link that verifies an address."""
        return (
            UserMail("verification", "Send the verification mail", lambda method: not method.verified, self.send_again),
        )

    async def send_again(self, user: User, method: LoginMethod, user_context: UserContext) -> None:
        """Send it to the address of a login method, unless that was verified meanwhile."""
        login_id, email, tenant_id = method.recipe_user_id, method.email, tenant_of(method)
        if email is None:
            return
        made = await self.for_any_context.create_email_verification_token(login_id, email, tenant_id, user_context)
        if isinstance(made, CreateEmailVerificationTokenOkResult):
            mail = self.mails.of(user.id, login_id, email, made.token, tenant_id, user_context)
            await self.mails.send(mail, user_context)
