"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from typing import Final, Generic, Literal

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe._services import OverrideInput, RecipeEntry, Services
from authweave.recipe.session.interfaces import SessionRequests
from authweave.storage import StorePart

from .apis import APIImplementation
from .config import EmailPasswordConfig, InputSignUpFeature
from .functions import RecipeImplementation
from .interfaces import APIInterface, ContextT_contra, RecipeInterface
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

RECIPE_ID: Final = "emailpassword"


@attrs.frozen
class InputOverrideConfig(Generic[ContextT]):
    """
    Overrides of the recipe.

    Args:
        functions: of the functions that do the work; one or several, the outermost first.
        apis: of the functions that answer HTTP requests.
    """

    functions: OverrideInput[RecipeInterface[ContextT]] = None
    apis: OverrideInput[APIInterface[ContextT]] = None


@attrs.frozen(kw_only=True)
class EmailPasswordRecipe(Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
    """

    recipe_id: Literal["emailpassword"] = RECIPE_ID
    config: EmailPasswordConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]


@attrs.frozen
class EmailPasswordSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: EmailPasswordConfig
    override: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: Literal["emailpassword"] = RECIPE_ID

    @property
    def store(self) -> tuple[StorePart[object], ...]:
        """What the recipe keeps."""
        return PARTS

    def build(self, services: Services, sessions: SessionRequests) -> EmailPasswordRecipe[ContextT_contra]:
        """
        Compose the recipe.

        Args:
            services: what the application hands over.
            sessions: how the APIs create sessions.

        Overrides that do not fit are noted in ``services.faults``.
        """
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(self.config, services)
        apis: APIInterface[ContextT_contra] = APIImplementation(sessions, services)
        return EmailPasswordRecipe(
            config=self.config,
            functions=services.compose(functions, self.override.functions),
            apis=services.compose(apis, self.override.apis),
        )


def init(
    *,
    sign_up_feature: InputSignUpFeature | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    sign_up_api: bool = True,
    email_exists_api: bool = True,
) -> EmailPasswordSetup[ContextT]:
    """
    Switch the recipe on.

    The answers of ``POST /signup`` and ``GET /emailpassword/email/exists`` tell anybody whether an address is known;
    the frontends rely on that. Where it must stay secret, switch both off: create users by the recipe's functions.
    Signing in never tells.

    Args:
        sign_up_feature: what the sign-up form asks for; email and password by default.
        override: overrides of the recipe's functions and APIs.
        sign_up_api: whether to serve ``POST /signup``.
        email_exists_api: whether to serve ``GET /emailpassword/email/exists``.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: a form field is declared twice.
    """
    config = EmailPasswordConfig.of(
        sign_up_feature or InputSignUpFeature(), sign_up_api=sign_up_api, email_exists_api=email_exists_api
    )
    return EmailPasswordSetup(config, override or InputOverrideConfig[ContextT]())
