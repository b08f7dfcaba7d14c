"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, Literal

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe._services import OverrideInput, RecipeEntry, Services
from authweave.recipe.session.interfaces import SessionRequests

from .apis import APIImplementation
from .config import IsValidFrontendRedirectURI, SignInAndUpFeature, ThirdPartyConfig, require_extra
from .interfaces import APIInterface, RecipeInterface
from .oauth import OAuthSettings

if TYPE_CHECKING:
    from .tenants import TenantProviders

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "thirdparty"


@attrs.frozen
class InputOverrideConfig(Generic[ContextT]):
    """
    Overrides of the recipe. Those of a provider's functions stand in its `ProviderInput`.

    Args:
        functions: of the functions that do the work; one or several, the outermost first.
        apis: of the functions that answer HTTP requests.
    """

    functions: OverrideInput[RecipeInterface[ContextT]] = None
    apis: OverrideInput[APIInterface[ContextT]] = None


@attrs.frozen(kw_only=True)
class ThirdPartyRecipe(Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        tenants: the providers of each tenant.
    """

    recipe_id: Literal["thirdparty"] = RECIPE_ID
    config: ThirdPartyConfig[ContextT_contra]
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    tenants: TenantProviders[ContextT_contra] = attrs.field(repr=False)

    def close(self) -> None:
        """Let go of the connections to providers. Closing twice does nothing."""
        self.tenants.providers.close()


@attrs.frozen
class ThirdPartySetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: ThirdPartyConfig[ContextT_contra]
    override: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: Literal["thirdparty"] = RECIPE_ID

    def build(self, services: Services, sessions: SessionRequests) -> ThirdPartyRecipe[ContextT_contra]:
        """
        Compose the recipe. Overrides that do not fit, also those of providers, are noted in ``services.faults``.

        Args:
            services: what the application hands over.
            sessions: how the APIs create sessions.

        Raises:
            authweave.types.ConfigurationError: providers' configurations lack something; all that was found.
        """
        # Here, because what speaks to providers takes as long to load as half of the rest, and many have none.
        from .functions import RecipeImplementation  # noqa: PLC0415 (see above)
        from .providers import Providers  # noqa: PLC0415  loads httpx2
        from .tenants import TenantProviders  # noqa: PLC0415  loads httpx2

        providers = Providers(services, self.config.settings)
        tenants = TenantProviders[ContextT_contra].of(services, providers, self.config.providers)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(self.config, services, tenants)
        apis: APIInterface[ContextT_contra] = APIImplementation(sessions, self.config.is_valid_frontend_redirect_uri)
        return ThirdPartyRecipe(
            config=self.config,
            functions=services.compose(functions, self.override.functions),
            apis=services.compose(apis, self.override.apis),
            tenants=tenants,
        )


def init(
    sign_in_and_up_feature: SignInAndUpFeature[ContextT] | None = None,
    *,
    override: InputOverrideConfig[ContextT] | None = None,
    is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None = None,
    settings: OAuthSettings | None = None,
) -> ThirdPartySetup[ContextT]:
    """
    Switch the recipe on.

    Args:
        sign_in_and_up_feature: the providers; tenants may have others of their own
            (`authweave.recipe.thirdparty.asyncio.create_or_update_third_party_config`).
        override: overrides of the recipe's functions and APIs.
        is_valid_frontend_redirect_uri: decides where the browser may go on to after Apple's form; by default to
            pages of ``website_domain`` and nowhere else.
        settings: limits of what is asked of providers and accepted from them.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with a provider.

    Raises:
        authweave.types.ConfigurationError: a provider is listed twice, or something listed is none; or the extra
            ``thirdparty`` is not installed.
    """
    require_extra()
    feature = sign_in_and_up_feature or SignInAndUpFeature[ContextT]()
    config = ThirdPartyConfig[ContextT].of(feature, settings, is_valid_frontend_redirect_uri)
    return ThirdPartySetup(config, override or InputOverrideConfig[ContextT]())
