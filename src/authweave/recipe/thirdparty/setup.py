"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    Check,
    FactorsContribution,
    Finding,
    OfferedLogin,
    Recipe,
    RecipeEntry,
    RecipeOverrides,
    Services,
    VerifiedEmails,
    check_options,
    require_extra,
)
from authweave.http import Route
from authweave.kernel import UserContext
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking import init as kept_linking
from authweave.recipe.session import SessionRecipe, SignIns, kept_sessions
from authweave.storage import StorePart
from authweave.types import JSON, AppInfo

from .config import IsValidFrontendRedirectURI, SignInAndUpFeature, ThirdPartyConfig
from .interfaces import APIInterface, RecipeInterface
from .oauth import OAuthSettings
from .server_redirects import ServerRedirects
from .store import PARTS

if TYPE_CHECKING:
    from .kept_tokens import KeptTokens
    from .server_redirects.attempts import Attempts
    from .tenants import TenantProviders

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "thirdparty"


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe. Those of a provider's functions stand in its `ProviderInput`."""


ThirdPartyOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen(kw_only=True)
class ThirdPartyRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        tenants: the providers of each tenant.
        attempts: sign-ins of browsers without a frontend; None where there are none.
        kept_tokens: keeps the tokens of sign-ins; None where nobody does.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: ThirdPartyConfig[ContextT_contra]
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    tenants: TenantProviders[ContextT_contra] = attrs.field(repr=False)
    sign_ins: SignIns = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)
    attempts: Attempts | None = attrs.field(default=None, repr=False)
    kept_tokens: KeptTokens | None = attrs.field(default=None, repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs, and ``providers``: all, as far as `authweave.init` overrides."""
        return {"functions": self.functions, "apis": self.apis, "providers": self.tenants.providers.every}

    @override
    def explained(self) -> Mapping[str, object]:
        """Return the same, and each provider that `init` was given, with its own overrides (``providers.google``)."""
        listed = {f"providers.{name}": each.provider for name, each in self.tenants.from_init.items()}
        return {**self.composed(), **listed}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what frontends ask that sign in with a provider."""
        from .routes import ThirdPartyRoutes

        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        apis = cast("APIInterface[UserContext]", self.apis)  # likewise
        config = cast("ThirdPartyConfig", self.config)  # likewise
        return ThirdPartyRoutes(self.app_info, config, functions, apis, self.sign_ins, self.attempts).routes()

    @override
    async def offered_login(
        self, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> OfferedLogin | None:
        """Return the providers of a tenant that have a client of a type, with id and name; None without sessions."""
        if not self.sign_ins.are_served:
            return None
        # A context has no key that must be there, so every context is one of the application's type.
        context = cast("ContextT_contra", user_context)
        found = await self.tenants.for_client(tenant_id, client_type, context)
        providers: list[JSON] = [{"id": each.third_party_id, "name": each.name} for each in found]
        return OfferedLogin("thirdParty", (RECIPE_ID,) if providers else (), {"providers": providers})

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        return (Check("providers", "There is somebody to sign in with", self.check_providers),)

    def check_providers(self) -> Finding:
        """Look at the providers."""
        if risks := [each for provider in self.tenants.from_init.values() for each in provider.risks]:
            advice = (
                "If a provider offers one of the two, leave it on; otherwise its users rest on the frontend's state."
            )
            return Finding("warning", " ".join(risks), advice)
        if names := sorted(self.tenants.from_init):
            return Finding("ok", f"{', '.join(names)}.")
        advice = "List them in SignInAndUpFeature(providers=[...])."
        return Finding("note", "init was given none: tenants that have none of their own can sign nobody in.", advice)

    @override
    def close(self) -> None:
        """Let go of the connections to providers. Closing twice does nothing."""
        self.tenants.providers.close()


@attrs.frozen
class ThirdPartySetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: ThirdPartyConfig[ContextT_contra]
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id, AccountLinkingRecipe.recipe_id)
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return what links accounts, and sessions that are served to nobody, for an application that lists none."""
        return (kept_linking(), kept_sessions())

    @override
    def contributions(self) -> Sequence[object]:
        """Return the sign-in with a provider as a factor."""
        from .factor import ProviderFactor

        return (FactorsContribution(owner=ProviderFactor()),)

    @override
    def build(self, services: Services) -> ThirdPartyRecipe[ContextT_contra]:
        """
        Compose the recipe. Overrides that do not fit, also those of providers, are noted in ``services.faults``.

        Raises:
            authweave.types.ConfigurationError: providers' configurations lack something; all that was found.
        """
        # Here, because what speaks to providers takes as long to load as half of the rest, and many have none.
        from .apis import APIImplementation
        from .functions import RecipeImplementation
        from .kept_tokens import KeptTokens
        from .providers import Providers
        from .server_redirects.attempts import Attempts
        from .signing_in import SigningIn
        from .tenants import TenantProviders

        redirects = self.config.server_redirects
        if redirects is not None:
            redirects.check(services.app_info)
        sessions = services.recipe(SessionRecipe)
        sign_ins = SignIns(sessions.requests, are_served=sessions.is_listed)
        providers = Providers(services, self.config.settings)
        tenants = TenantProviders[ContextT_contra].of(services, providers, self.config.providers)
        kept_tokens = KeptTokens(services, self.config.settings) if self.config.keep_provider_tokens else None
        machine = services.recipe(AccountLinkingRecipe).signing_in
        signing_in = SigningIn(services, VerifiedEmails(services))
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.config, services, tenants, signing_in, machine, kept_tokens
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(
            machine, signing_in, services, self.config.is_valid_frontend_redirect_uri
        )
        return ThirdPartyRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            tenants=tenants,
            sign_ins=sign_ins,
            app_info=services.app_info,
            attempts=None if redirects is None else Attempts(services, self.config.settings),
            kept_tokens=kept_tokens,
        )


def init(
    sign_in_and_up_feature: SignInAndUpFeature[ContextT] | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None = None,
    *,
    settings: OAuthSettings | None = None,
    server_redirects: ServerRedirects | None = None,
    keep_provider_tokens: bool | None = None,
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
        server_redirects: lets browsers sign in by links to the API alone, without a frontend
            (``GET <base>/signin/<third_party_id>``); by default they do not.
        keep_provider_tokens: keeps the tokens of each sign-in, encrypted, for calls of the provider's API later on:
            `authweave.recipe.thirdparty.asyncio.get_provider_token`. By default none are.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with a provider.

    Raises:
        authweave.types.ConfigurationError: a provider is listed twice, or something listed is none; or the extra
            ``thirdparty`` is not installed.
    """
    check_options("thirdparty.init", init, locals())
    require_extra("thirdparty.init", "thirdparty", "httpx2")
    feature = sign_in_and_up_feature or SignInAndUpFeature[ContextT]()
    config = ThirdPartyConfig[ContextT].of(
        feature,
        settings,
        is_valid_frontend_redirect_uri,
        server_redirects,
        keep_provider_tokens=bool(keep_provider_tokens),
    )
    return ThirdPartySetup(config, override or InputOverrideConfig[ContextT]())
