"""
When somebody has last shown who he is, and by what: ``auth_time`` and ``amr``.

They stand in the payload as OpenID Connect has them (Core 1.0, section 2), with the values of RFC 8176. A session that
says nothing of them gets them when a validator first asks: until then they cost no byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

import attrs
from typing_extensions import override

from authweave.extending import Recipes, Services, app_in_use
from authweave.kernel import ContextArgument, ContextParameter, UserContext, context_for
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import RecipeInterface
from authweave.types import ConfigurationError, JSONObject, LoginMethod, RecipeUserId, UncheckedJSON

from .at_once import MAX_TRIES, UpdateOfClaims, changed_too_often, has_merged
from .base import ClaimValidationResult, SessionClaim, SessionClaimValidator
from .of_recipes import RecipeClaim, RecipeValidator

if TYPE_CHECKING:
    from authweave.recipe.session.container import SessionContainer
    from authweave.recipe.session.setup import SessionRecipe

AUTH_TIME: Final = "auth_time"
AMR: Final = "amr"

MFA: Final = "mfa"
"""More than one factor (RFC 8176, section 2)."""

FACTORS_SHOWN: Final = "st-mfa"
"""The key of the claim that says which factors were shown, where an application asks for several."""

BY_FACTOR: Final[Mapping[str, tuple[str, ...]]] = {
    "emailpassword": ("pwd",),
    "otp-email": ("otp",),
    "otp-phone": ("otp", "sms"),
    "totp": ("otp",),
    # Whether the key is in hardware is not asked; that somebody was there always is.
    "webauthn": ("pop", "user"),
}
"""How RFC 8176 calls the factors. It has no name for what a provider did, nor for factors of an application's own."""

ONE_FACTOR: Final[Mapping[str, str]] = {"link-email": "otp-email", "link-phone": "otp-phone"}
"""A link and a code that are sent to the same place show the same: who has both has shown no second factor."""


@attrs.frozen
class Authentication:
    """
    When somebody has last shown who he is, and by what.

    Attributes:
        auth_time: seconds since the epoch.
        amr: all that was shown in the session, by the names of RFC 8176.

    .. versionadded:: 0.1.0
    """

    auth_time: int
    amr: Sequence[str] = attrs.field(converter=tuple[str, ...])


@attrs.frozen
class Authentications:
    """
    Knows of the sessions of an application when their users have shown who they are.

    Attributes:
        functions: the composed functions of the recipe.
    """

    services: Services = attrs.field(repr=False)
    functions: RecipeInterface[UserContext] = attrs.field(repr=False)

    @classmethod
    def of_recipe(cls, recipe: SessionRecipe) -> Authentications:
        """Return that of an application."""
        return cls(recipe.owners.services, recipe.claims.functions)

    def now_s(self) -> int:
        """Return the time, in seconds since the epoch."""
        return self.services.clock() // 1000

    async def of(self, payload: JSONObject, recipe_user_id: RecipeUserId, user_context: UserContext) -> Authentication:
        """
        Return when the user of a session has shown who he is: when it was made, where nothing says otherwise.

        Args:
            payload: what its access token says; without a handle it is being made.
            recipe_user_id: the login method that it is made with.
            user_context: handed on.

        Raises:
            UnauthorisedError: there is no such session any more.
        """
        handle, made_s = payload.get("sessionHandle"), self.now_s()
        if isinstance(handle, str):
            stored = await self.functions.get_session_information(handle, user_context)
            if stored is None:
                raise UnauthorisedError(f"Session {handle!r} does not exist any more.")
            payload, made_s = stored.custom_claims_in_access_token_payload, stored.time_created // 1000
        said = said_in(payload)
        if said is not None:
            return said
        if completed := completed_in(payload):
            return Authentication(made_s, shown_by((), completed))
        find = self.services.storage.find_login_method
        method = await self.services.off_loop(find, recipe_user_id.get_as_string())
        return Authentication(made_s, by_method(method))

    async def note(self, session: SessionContainer, factor_id: str, user_context: UserContext) -> None:
        """Do what `note_authentication` says. Of two factors that are noted at once neither is lost."""
        payload: JSONObject = session.get_access_token_payload()
        if said_in(payload) is None:  # a token of before somebody asked: the store knows what a later one says
            payload = await self.stored(session, user_context)
        for _ in range(MAX_TRIES):
            before = said_in(payload)
            if before is None:
                return
            now = Authentication(self.now_s(), shown_by(before.amr, [*completed_in(payload), factor_id]))
            update = UpdateOfClaims(AuthenticationClaim.add_to_payload_({}, now), payload)
            if await has_merged(session, update, user_context):
                return
            payload = await self.stored(session, user_context)
        raise changed_too_often(session)

    async def stored(self, session: SessionContainer, user_context: UserContext) -> JSONObject:
        """Return what is stored of the claims of a session; none where it does not exist any more."""
        stored = await self.functions.get_session_information(session.get_handle(), user_context)
        return {} if stored is None else stored.custom_claims_in_access_token_payload


def said_in(payload: JSONObject) -> Authentication | None:
    """Return what a payload says; None where it says no time."""
    at, by = payload.get(AUTH_TIME), payload.get(AMR)
    if not isinstance(at, int) or isinstance(at, bool):
        return None
    values = by if isinstance(by, Sequence) and not isinstance(by, str) else ()
    return Authentication(at, [each for each in values if isinstance(each, str)])


def completed_in(payload: JSONObject) -> Sequence[str]:
    """Return which factors a payload says were shown; none where the application asks for one."""
    noted = payload.get(FACTORS_SHOWN)
    completed = noted.get("c") if isinstance(noted, Mapping) else None
    return [*completed] if isinstance(completed, Mapping) else []


def by_method(method: LoginMethod | None) -> tuple[str, ...]:
    """Return how RFC 8176 calls what somebody shows who signs in with a login method, as far as that can be told."""
    if method is not None and method.recipe_id == "passwordless":
        return BY_FACTOR["otp-phone" if method.email is None else "otp-email"]
    return () if method is None else BY_FACTOR.get(method.recipe_id, ())


def shown_by(before: Sequence[str], factor_ids: Iterable[str]) -> tuple[str, ...]:
    """
    Return all that was shown in a session.

    Args:
        before: what was by then.
        factor_ids: of what was shown, then and since.
    """
    factors = dict.fromkeys(ONE_FACTOR.get(each, each) for each in factor_ids)
    shown = dict.fromkeys([*before, *(each for factor in factors for each in BY_FACTOR.get(factor, ()))])
    is_more = len(factors) > 1 or (bool(before) and len(shown) > len(before))
    return (*shown, MFA) if is_more and MFA not in shown else tuple(shown)


def recipe_in_use() -> SessionRecipe:
    """Return the recipe of the application in use."""
    return app_in_use().recipe(recipe_class())


def recipe_class() -> type[SessionRecipe]:
    """Return the class of the recipe, which has this module loaded."""
    from authweave.recipe.session.setup import SessionRecipe  # noqa: PLC0415  as said

    return SessionRecipe


class AuthenticationClaimClass(SessionClaim[Authentication], RecipeClaim):
    """
    When a session's user has last shown who he is, and by what: ``auth_time`` and ``amr``.

    Args:
        recipe: finds the recipe that is asked; by default that of the application in use.
    """

    def __init__(self, recipe: Callable[[], SessionRecipe] = recipe_in_use) -> None:
        super().__init__(AUTH_TIME, self.fetch)
        self.recipe: Callable[[], SessionRecipe] = recipe

    @override
    def in_app(self, recipes: Recipes) -> AuthenticationClaimClass:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(recipe_class())
        return AuthenticationClaimClass(lambda: recipe)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> Authentication:
        """
        Return what is stored of a session, or where that says nothing, when it was made, and with what.

        Raises:
            UnauthorisedError: there is no such session any more.
        """
        del user_id, tenant_id
        return await Authentications.of_recipe(self.recipe()).of(current_payload, recipe_user_id, user_context)

    @override
    def add_to_payload_(
        self, payload: UncheckedJSON, value: Authentication, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {**payload, AUTH_TIME: value.auth_time, AMR: [*value.amr]}

    @override
    def remove_from_payload_by_merge_(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {**payload, AUTH_TIME: None, AMR: None}

    @override
    def remove_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {key: value for key, value in payload.items() if key not in {AUTH_TIME, AMR}}

    @override
    def get_value_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> Authentication | None:
        return said_in(payload)

    @cached_property
    def validators(self) -> AuthenticationClaimValidators:
        """What makes validators of this claim."""
        return AuthenticationClaimValidators(self)


class AuthenticationClaimValidators:
    """Makes validators of `AuthenticationClaim`."""

    def __init__(self, claim: AuthenticationClaimClass) -> None:
        self.claim: AuthenticationClaimClass = claim

    def authenticated_within(self, seconds: int, id_: str | None = None) -> SessionClaimValidator:
        """
        Demand that the user has shown who he is not long ago, whatever a session has been through since.

        Args:
            seconds: how long ago at most.
            id_: names the validator in the answer to the frontend; by default ``auth_time``.

        Raises:
            authweave.types.ConfigurationError: ``seconds`` is no whole number above 0.
        """
        if not is_limit(seconds):
            raise ConfigurationError(f"authenticated_within: seconds={seconds!r} has to be a whole number above 0.")
        return AuthenticatedWithinSCV(id_ or self.claim.key, self.claim, seconds)


def is_limit(seconds: object) -> bool:
    """Return whether something is a whole number above 0, in programs that were not type-checked."""
    return isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0


class AuthenticatedWithinSCV(SessionClaimValidator, RecipeValidator):
    """
    Demands that the user has shown who he is not long ago.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim, which is fetched where a session says nothing of it.
        seconds: how long ago at most.
    """

    awaits: ClassVar[bool] = False

    def __init__(self, id_: str, claim: AuthenticationClaimClass, seconds: int) -> None:
        super().__init__(id_, claim=claim)
        self.authentication: AuthenticationClaimClass = claim
        self.seconds: int = seconds

    @override
    def in_app(self, recipes: Recipes) -> AuthenticatedWithinSCV:
        """Return the validator with the clock of an application. Raises as `RecipeClaim.in_app`."""
        return AuthenticatedWithinSCV(self.id, self.authentication.in_app(recipes), self.seconds)

    @override
    def should_refetch(self, payload: UncheckedJSON, user_context: ContextParameter) -> bool:
        return self.authentication.get_value_from_payload(payload) is None

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        said = self.authentication.get_value_from_payload(payload)
        if said is None:
            return self.refusal("value does not exist", None)
        # A clock may have been turned back since; nobody has shown anything in the future.
        age_s = max(0, Authentications.of_recipe(self.authentication.recipe()).now_s() - said.auth_time)
        if age_s <= self.seconds:
            return ClaimValidationResult(is_valid=True)
        return self.refusal("authentication is too long ago", age_s)

    def refusal(self, message: str, age_s: int | None) -> ClaimValidationResult:
        """Refuse a session as the frontend reads it."""
        reason: JSONObject = {"message": message, "maxAgeSeconds": self.seconds, "ageSeconds": age_s}
        return ClaimValidationResult(is_valid=False, reason=reason)


AuthenticationClaim: Final = AuthenticationClaimClass()
"""When a session's user has last shown who he is, and by what."""


async def note_authentication(
    session: SessionContainer, factor_id: str, user_context: ContextArgument | None = None
) -> None:
    """
    Note that the user of a session has just shown who he is, by a factor that was his before.

    The session gets a new access token if it says when he did so last; one that says nothing of it stays as it is.
    What a user has only now added shows nothing: whoever has taken a session over could add it.

    Args:
        session: his.
        factor_id: what was shown: ``emailpassword``, ``totp``, or one of the application's own.
        user_context: the function's; None is the current one.

    Raises:
        authweave.errors.UnauthorisedError: the session does not exist any more.

    .. versionadded:: 0.1.0
    """
    recipe = app_in_use(user_context).recipe(recipe_class())
    await Authentications.of_recipe(recipe).note(session, factor_id, context_for(recipe.functions, user_context))
