"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    Contributions,
    FactorsContribution,
    RecipeEntry,
    RecipeOverrides,
    Services,
    check_options,
    require_extra,
)
from authweave.kernel import UserContext
from authweave.recipe.session import SessionFactorsContribution, SessionRecipe, kept_sessions
from authweave.storage import StorePart
from authweave.types import Options, or_default

from .config import PERIOD_S, RECIPE_ID, SKEW, NormalisedTOTPConfig, period_fault, skew_fault
from .interfaces import APIInterface, RecipeInterface
from .owner import TOTPFactor
from .recipe import TOTPRecipe
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class TOTPOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


OverrideConfig = TOTPOverrideConfig
"""The same, by SuperTokens's older name."""


@attrs.frozen(kw_only=True)
class TOTPConfig(Options, Generic[ContextT]):
    """
    What `init` may be told.

    Args:
        issuer: what apps that make codes show above the account; by default the application's name.
        default_skew: how many codes earlier and later count as well, 1 by default: for clocks that differ, and people
            who type slowly (RFC 6238, section 5.2). At most 10.
        default_period: how many seconds a code lasts, 30 by default. Most apps know no other.
        override: overrides of the recipe's functions and APIs.
    """

    issuer: str | None = None
    default_skew: int | None = None
    default_period: int | None = None
    override: TOTPOverrideConfig[ContextT] | None = attrs.field(default=None, repr=False)


@attrs.frozen
class TOTPSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: TOTPConfig[ContextT_contra]
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id,)
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return sessions that are served to nobody, for an application that lists none."""
        return (kept_sessions(),)

    @override
    def contributions(self) -> Sequence[object]:
        """Return the factor."""
        return (FactorsContribution(owner=TOTPFactor()),)

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what cannot work: `authweave.init` reports it with the faults of the other recipes."""
        if not contributions.of(SessionFactorsContribution):
            yield (
                "totp.init: a one-time password is a second factor, and nobody asks for one: add "
                "multifactorauth.init() to recipe_list."
            )
        issuer, skew, period_s = self.config.issuer, self.config.default_skew, self.config.default_period
        if issuer is not None and not issuer.strip():
            yield "totp.init: issuer='' shows nobody whose code it is: write the application's name, or leave it out."
        if skew is not None and (fault := skew_fault(skew)):
            yield f"totp.init: default_skew={skew} {fault}."
        if period_s is not None and (fault := period_fault(period_s)):
            yield f"totp.init: default_period={period_s} {fault}."

    @override
    def build(self, services: Services) -> TOTPRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation

        config = NormalisedTOTPConfig(
            issuer=or_default(self.config.issuer, services.app_info.app_name),
            default_skew=or_default(self.config.default_skew, SKEW),
            default_period=or_default(self.config.default_period, PERIOD_S),
        )
        overrides = self.config.override or TOTPOverrideConfig[ContextT_contra]()
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(config, services)
        apis: APIInterface[ContextT_contra] = APIImplementation(services)
        return TOTPRecipe(
            config=config,
            functions=services.compose(functions, overrides.functions),
            apis=services.compose(apis, overrides.apis),
            services=services,
        )


def init(config: TOTPConfig[ContextT] | None = None) -> TOTPSetup[ContextT]:
    """
    Let users have devices that make one-time passwords (RFC 6238), as a second factor.

    Args:
        config: what is to be other than by default.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which wants that of multifactorauth beside it.

    Raises:
        authweave.types.ConfigurationError: an option is of the wrong type, or the extra ``totp`` is not installed.
    """
    check_options("totp.init", init, locals())
    require_extra("totp.init", "totp", "pyotp", "segno")
    return TOTPSetup(config or TOTPConfig[ContextT]())
