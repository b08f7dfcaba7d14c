"""How an application switches the recipe on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import Contributions, RecipeEntry, RecipeOverrides, Services, check_options
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionContribution, SessionRecipe
from authweave.storage import StorePart

from .apis import APIImplementation
from .claims import OrganisationClaim
from .config import DAY_S, OrganisationsConfig
from .functions import RecipeImplementation
from .interfaces import APIInterface, ContextT_contra, RecipeInterface
from .mails import InvitationMail
from .recipe import RECIPE_ID, OrganisationsRecipe
from .store import ORGANISATIONS
from .types import ADMIN, MEMBER, OWNER

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


@attrs.frozen
class OrganisationsSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: OrganisationsConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    # Without verified addresses nobody could accept an invitation.
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id, "emailverification", AttemptsRecipe.recipe_id)
    store: ClassVar[tuple[StorePart[object], ...]] = (ORGANISATIONS,)

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipe that limits how many mails are sent."""
        return (limited_attempts(),)

    @override
    def contributions(self) -> Sequence[object]:
        """Return the claim: every new session has it, and every refresh fetches it anew."""
        return (SessionContribution(claims=[OrganisationClaim], refreshed_claims=[OrganisationClaim]),)

    @override
    def faults(self, contributions: Contributions) -> Iterator[str]:
        """Return what cannot work: `authweave.init` reports it with the faults of the other recipes."""
        del contributions
        yield from self.config.faults()

    @override
    def build(self, services: Services) -> OrganisationsRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        config = self.config
        delivery = EmailDelivery(services, RECIPE_ID, config.email_delivery, lifetime_s=config.invitation_lifetime_s)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(config, services)
        apis: APIInterface[ContextT_contra] = APIImplementation(delivery, services.recipe(AttemptsRecipe).attempts)
        return OrganisationsRecipe(
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            sessions=services.recipe(SessionRecipe).requests,
            app_info=services.app_info,
        )


def init(
    *,
    roles: Sequence[str] = (),
    max_members: int = 200,
    max_organisations: int = 20,
    invitation_lifetime_s: int = 7 * DAY_S,
    email_delivery: EmailDeliveryConfig[InvitationMail] | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
) -> OrganisationsSetup[ContextT]:
    """
    Switch the recipe on.

    Args:
        roles: those that members may have beside ``owner``, ``admin`` and ``member``. What they may do the
            application's own routes say; here they may do what ``member`` may.
        max_members: how many members and invitations an organisation may have.
        max_organisations: in how many a user may be who makes another one. Of several that are made in the same
            moment, one more may come through.
        invitation_lifetime_s: for how many seconds an invitation is valid.
        email_delivery: how invitations are delivered; by default as `authweave.init` says for all recipes.
        override: overrides of the recipe's functions and APIs.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`, which raises what is wrong with the configuration.
    """
    check_options("organisations.init", init, locals())
    config = OrganisationsConfig(
        roles=tuple(dict.fromkeys([OWNER, ADMIN, MEMBER, *roles])),
        max_members=max_members,
        max_organisations=max_organisations,
        invitation_lifetime_s=invitation_lifetime_s,
        email_delivery=email_delivery,
    )
    return OrganisationsSetup(config, override or InputOverrideConfig[ContextT]())
