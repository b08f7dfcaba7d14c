"""How far the user of a session has come: which factors were shown, and what is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import attrs

from authweave.extending import FactorsContribution, Services, valid_first_factors
from authweave.kernel import UserContext
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfig
from authweave.recipe.session import SessionContainer, SessionInformationResult, SessionRecipe
from authweave.recipe.session.claims.at_once import MAX_TRIES, UpdateOfClaims, changed_too_often, has_merged
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.types import JSONObject, LoginMethod, RecipeUserId, User

from .claim_value import value_in, written
from .constants import KEY
from .interfaces import RecipeInterface
from .requirements import checked_factors, checked_requirements, next_factors
from .rules import SHOWN
from .values import FactorIdsAndType, MFAClaimValue, MFARequirementList

GONE: Final = "The session's user, or its login method, or its tenant is gone."
WRONG_METHOD: Final = "Incorrect login method used"


@attrs.frozen(kw_only=True)
class Presented:
    """
    A session as it came, or was made.

    Attributes:
        payload: what its access token says.
        is_new: whether it was made in this request.
    """

    user_id: str
    recipe_user_id: RecipeUserId
    tenant_id: str
    payload: JSONObject = attrs.field(repr=False)
    is_new: bool = False

    @classmethod
    def of(cls, session: SessionContainer) -> Presented:
        """Return what there is of a session."""
        return cls(
            user_id=session.get_user_id(),
            recipe_user_id=session.get_recipe_user_id(),
            tenant_id=session.get_tenant_id(),
            payload=session.get_access_token_payload(),
            is_new=session.refresh_token is not None,
        )


@attrs.frozen(kw_only=True)
class Standing:
    """
    How far somebody has come.

    Attributes:
        made_with: the login method of the session, as APIs show its id.
        shown: the factors that were shown, each with its time.
        asked: what is asked for today.
        has_set_up: looks up which factors the user has.
    """

    user: User
    made_with: RecipeUserId
    shown: Mapping[str, int]
    asked: MFARequirementList
    has_set_up: Callable[[], Awaitable[list[str]]] = attrs.field(repr=False)

    @property
    def next(self) -> FactorIdsAndType:
        """The factors that come next; none where all were shown."""
        return next_factors(self.shown, self.asked)

    @property
    def value(self) -> MFAClaimValue:
        """What the session is to say."""
        return MFAClaimValue(self.shown, not self.next.factor_ids)

    async def requirements(self) -> MFARequirementList:
        """Return what is asked for, as functions look it up."""
        return self.asked


@attrs.frozen
class Standings:
    """
    Finds out how far users of sessions have come.

    Attributes:
        functions: returns the composed functions of the recipe.
    """

    services: Services = attrs.field(repr=False)
    functions: Callable[[], RecipeInterface[UserContext]]

    async def of(self, session: SessionContainer, user_context: UserContext, marked: str | None = None) -> Standing:
        """
        Find out how far the user of a session has come, and have the session say so.

        Args:
            session: it gets a new access token where it says something else, or a factor was shown.
            user_context: handed on.
            marked: a factor that was shown just now.

        Raises:
            authweave.errors.UnauthorisedError: there is no such user or tenant any more, or the session's login method
                is of no factor that is a first one in the tenant; the client is told to forget its tokens.
            FactorConfigurationError: an override or metadata ask for what cannot be understood.
        """
        presented = Presented.of(session)
        if marked is None:
            standing = await self.find(presented, user_context)
            if standing.value == value_in(presented.payload, KEY):
                return standing
        if not presented.is_new:
            presented = await self.as_stored(presented, user_context)
        for _ in range(MAX_TRIES):
            standing = await self.find(presented, user_context, marked)
            update = UpdateOfClaims({KEY: written(standing.value)}, presented.payload)
            if await has_merged(session, update, user_context):
                return standing
            presented = await self.as_stored(presented, user_context)  # another factor was shown meanwhile
        raise changed_too_often(session)

    async def as_stored(self, presented: Presented, user_context: UserContext) -> Presented:
        """
        Return a session with the factors that the store has of it, before these are written.

        An older access token says what was so when it was made: what was shown since must not be lost by it, and what
        the application has taken away must not come back.
        """
        stored = await self.find_stored(presented, user_context)
        if stored is None:
            return presented
        claims = stored.custom_claims_in_access_token_payload
        said = {KEY: claims[KEY]} if KEY in claims else {}
        others = {key: value for key, value in presented.payload.items() if key != KEY}
        return attrs.evolve(presented, payload={**others, **said})

    async def find(self, presented: Presented, user_context: UserContext, marked: str | None = None) -> Standing:
        """Find out the same, and change nothing. Parameters and errors as for `of`."""
        user, method = await self.services.at_once(self.find_user, presented)
        tenant = await self.find_tenant(presented.tenant_id, user_context)
        if user is None or user.disabled or method is None or tenant is None:
            raise UnauthorisedError(GONE)
        shown = await self.find_shown(presented, method, marked, user_context)
        asking = Asking(self.functions(), user, tenant, user_context)
        asked = await self.functions().get_mfa_requirements_for_auth(
            presented.tenant_id,
            dict(presented.payload),
            dict(shown),
            asking.user_of_session,
            asking.has_set_up,
            asking.required_of_user,
            asking.required_in_tenant,
            user_context,
        )
        return Standing(
            user=user,
            made_with=method.recipe_user_id,
            shown=shown,
            asked=checked_requirements(asked, "get_mfa_requirements_for_auth"),
            has_set_up=asking.has_set_up,
        )

    def find_user(self, presented: Presented) -> tuple[User | None, LoginMethod | None]:
        """Return the user of a session, and his login method that it was made with, by whichever of its ids. Blocks."""
        storage, login_id = self.services.storage, presented.recipe_user_id.get_as_string()
        user, known = storage.find_user(presented.user_id), storage.find_login_method(login_id)
        if user is None or known is None:
            return user, None
        ids = {login_id, known.recipe_user_id.get_as_string()}
        return user, next((each for each in user.login_methods if each.recipe_user_id.get_as_string() in ids), None)

    async def find_tenant(self, tenant_id: str, user_context: UserContext) -> TenantConfig | None:
        """Return a tenant, as the application configures it; None where it is gone."""
        return await self.services.recipe(MultitenancyRecipe).for_any_context.get_tenant(tenant_id, user_context)

    async def find_shown(
        self, presented: Presented, method: LoginMethod, marked: str | None, user_context: UserContext
    ) -> dict[str, int]:
        """Return which factors were shown in a session, by the table `SHOWN`."""
        held, guessed = value_in(presented.payload, KEY), list[str]()
        now = {} if marked is None else {marked: self.services.clock() // 1000}

        async def has_guess() -> bool:
            tenant_id, candidates = presented.tenant_id, self.candidates(method)
            guessed.extend(await valid_first_factors(self.services, candidates, tenant_id, user_context))
            return bool(guessed)

        match await SHOWN.decide(
            {
                "has_claim": lambda: held is not None,
                "is_marked": lambda: marked is not None,
                "is_new": lambda: presented.is_new,
                "has_guess": has_guess,
            }
        ):
            case "as it says":
                return {**({} if held is None else held.c), **now}
            case "the new one":
                return now
            case "guessed":
                return {guessed[0]: await self.made_at_s(presented, user_context), **now}
            case "unauthorised":
                raise UnauthorisedError(WRONG_METHOD)

    def candidates(self, method: LoginMethod) -> list[str]:
        """Return which factors a login method may be of, the likeliest first."""
        owners = [each.owner for each in self.services.contributions(FactorsContribution)]
        return [factor for owner in owners if owner is not None for factor in owner.shown_with(method)]

    async def made_at_s(self, presented: Presented, user_context: UserContext) -> int:
        """Return when a session was made, in seconds; now, where it does not say which one it is."""
        stored = await self.find_stored(presented, user_context)
        return self.services.clock() // 1000 if stored is None else stored.time_created // 1000

    async def find_stored(self, presented: Presented, user_context: UserContext) -> SessionInformationResult | None:
        """
        Return what the store has of a session; None where it does not say which one it is.

        Raises:
            UnauthorisedError: there is no such session any more.
        """
        handle = presented.payload.get("sessionHandle")
        if not isinstance(handle, str):
            return None
        functions = self.services.recipe(SessionRecipe[UserContext]).functions
        stored = await functions.get_session_information(handle, user_context)
        if stored is None:
            raise UnauthorisedError(f"Session {handle!r} does not exist any more.")
        return stored


class Asking:
    """
    What is looked up to find out what is asked of somebody: each when it is asked for, and once.

    Args:
        functions: the composed functions of the recipe.
        user: of whom it is asked.
        tenant: that of the session.
        user_context: handed on.
    """

    def __init__(
        self, functions: RecipeInterface[UserContext], user: User, tenant: TenantConfig, user_context: UserContext
    ) -> None:
        self._functions = functions
        self._user = user
        self._tenant = tenant
        self._user_context = user_context
        self._has_set_up: list[str] | None = None
        self._required: list[str] | None = None

    async def user_of_session(self) -> User:
        """Return the user."""
        return self._user

    async def has_set_up(self) -> list[str]:
        """Return which factors the user has."""
        if self._has_set_up is None:
            found = await self._functions.get_factors_setup_for_user(self._user, self._user_context)
            self._has_set_up = checked_factors(found, "get_factors_setup_for_user")
        return [*self._has_set_up]

    async def required_of_user(self) -> list[str]:
        """Return what is required of the user."""
        if self._required is None:
            required = self._functions.get_required_secondary_factors_for_user
            found = await required(self._user.id, self._user_context)
            self._required = checked_factors(found, "get_required_secondary_factors_for_user")
        return [*self._required]

    async def required_in_tenant(self) -> list[str]:
        """Return what is required in the tenant."""
        required = self._tenant.required_secondary_factors
        return [] if required is None else checked_factors(required, "required_secondary_factors of the tenant")
