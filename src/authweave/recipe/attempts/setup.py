"""How an application sets the recipe, which is on by default, and what it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Check, Contributions, OverrideInput, Recipe, RecipeEntry, Services, check_options
from authweave.kernel import UserContext
from authweave.storage import StorePart
from authweave.types import Clients, or_default

from .attempt import Attempts
from .config import DAY_S, AttemptsConfig, Limit
from .interfaces import ContextT_contra, RecipeInterface
from .refusals import RECIPE_ID, Refusals
from .store import PARTS

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

ACCOUNT_AND_ADDRESS: Final = Limit(failures=10, every_s=300)
ACCOUNT: Final = Limit(failures=20, every_s=300)
ADDRESS: Final = Limit(failures=50, every_s=10)
REMEMBER_S: Final = 90 * DAY_S


@attrs.frozen
class InputOverrideConfig(Generic[ContextT]):
    """
    Overrides of the recipe.

    Args:
        functions: of the functions; one or several, the outermost first.
    """

    functions: OverrideInput[RecipeInterface[ContextT]] = None


@attrs.frozen(kw_only=True)
class AttemptsRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        attempts: what other recipes count attempts with.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: AttemptsConfig
    functions: RecipeInterface[ContextT_contra]
    attempts: Attempts = attrs.field(repr=False)
    clients: Clients = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions."""
        return {"functions": self.functions}

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        from .checks import AttemptsChecks

        return AttemptsChecks(self.config, self.clients).checks()


@attrs.frozen
class AttemptsSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: AttemptsConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what cannot work: `authweave.init` reports it with the faults of the other recipes."""
        del contributions
        yield from self.config.faults()

    @override
    def build(self, services: Services) -> AttemptsRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .functions import RecipeImplementation

        base: RecipeInterface[ContextT_contra] = RecipeImplementation(self.config, services)
        functions = services.compose(base, self.overrides.functions)
        # A context has no key that must be there, so every context is one of the application's type.
        of_any_context = cast("RecipeInterface", functions)  # handed every context
        attempts = Attempts(self.config, of_any_context, Refusals(services.events, services.clock))
        return AttemptsRecipe(config=self.config, functions=functions, attempts=attempts, clients=services.clients)


def init(
    *,
    enabled: bool | None = True,
    account_and_address: Limit | None = ACCOUNT_AND_ADDRESS,
    account: Limit | None = ACCOUNT,
    address: Limit | None = ADDRESS,
    remember_s: int | None = REMEMBER_S,
    override: InputOverrideConfig[ContextT] | None = None,
) -> AttemptsSetup[ContextT]:
    """
    Say how many attempts may fail. Recipes that check secrets bring this one along as it is by default.

    Failures are counted by account, by the client's address and by both (OWASP Authentication Cheat Sheet, "Protect
    Against Automated Attacks", 2025; ASVS 5.0, 6.3.1). Where the address is known to have signed in to the account,
    only those of both hold it up, so that no stranger locks anybody out. Where there is no address, by which clients
    can be counted, only those of the account count.

    Args:
        enabled: whether anything is counted; with False attempts are limited by the queue of the password hasher alone.
        account_and_address: of one account from one address; 10, and one more every 5 minutes by default.
        account: of one account from all addresses; 20, and one more every 5 minutes.
        address: from one address; 50, and one more every 10 seconds. An office, or a mobile network, may be one.
        remember_s: how long an address is known to have signed in to an account; 90 days.
        override: overrides of the recipe's functions.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the configuration.
    """
    check_options("attempts.init", init, locals())
    config = AttemptsConfig(
        enabled=enabled is not False,
        account_and_address=or_default(account_and_address, ACCOUNT_AND_ADDRESS),
        account=or_default(account, ACCOUNT),
        address=or_default(address, ADDRESS),
        remember_s=or_default(remember_s, REMEMBER_S),
    )
    return AttemptsSetup(config, override or InputOverrideConfig[ContextT]())
