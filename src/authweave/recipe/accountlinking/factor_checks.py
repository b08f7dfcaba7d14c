"""Whether the factors of a recipe will do: as first ones of a tenant, or as further ones of a session's user."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

import attrs

from authweave.extending import FactorOwner, FactorsContribution, Services, valid_first_factors
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer, session_factors
from authweave.recipe.session.exceptions import InvalidClaimsError, UnauthorisedError
from authweave.types import BadInputError, LoginMethod, User

from .signing_in_types import AuthType, FirstFactor

NO_FIRST_FACTOR: Final = (
    "First factor sign in/up called for a non-first factor with an active session. To make it one of the session's "
    "user, send shouldTryLinkingWithSessionUser: true."
)


@attrs.frozen
class FactorChecks:
    """
    Decides by the table `FACTOR_CHECK`.

    Attributes:
        auth_type: what the machine says of who signs in.
        tenant_id: the tenant.
        session: of the request, looked up in the store.
        user_context: handed on.
    """

    services: Services = attrs.field(repr=False)
    auth_type: AuthType
    tenant_id: str
    session: SessionContainer | None
    user_context: UserContext = attrs.field(repr=False)

    async def of(self, factor_ids: Sequence[str]) -> list[str]:
        """
        Return those of some factors that will do.

        Raises:
            authweave.errors.UnauthorisedError: none is a first factor there; the client is told to forget its tokens.
            authweave.types.BadInputError: the same, with a session.
            authweave.errors.InvalidClaimsError: none may be set up in the session now.
        """
        from .rules import FACTOR_CHECK, FactorCheck  # noqa: PLC0415  it brings the tables, loaded at first use

        factors = session_factors(self.services)
        first = await self.first(factor_ids) if self.kind == "first" else ()
        refusals: list[InvalidClaimsError] = []

        async def may_set_up(factor_id: str, session: SessionContainer | None = self.session) -> bool:
            try:
                if factors is not None and session is not None:
                    await factors.require_may_set_up(session, factor_id, self.user_context)
            except InvalidClaimsError as refusal:
                refusals.append(refusal)
                return False
            return True

        will_do: list[str] = []
        decided: FactorCheck = "unauthorised"
        for each in factor_ids:
            decided = await FACTOR_CHECK.decide(
                {
                    "kind": lambda: self.kind,
                    "is_first": partial(first.__contains__, each),
                    "has_session": lambda: self.session is not None,
                    "asks_for_several": lambda: factors is not None,
                    "may_set_up": partial(may_set_up, each),
                }
            )
            if decided == "will do":
                will_do.append(each)
        if will_do:
            return will_do
        if decided == "bad input":
            raise BadInputError(NO_FIRST_FACTOR)
        if decided == "forbidden":
            raise refusals[0]
        raise UnauthorisedError(
            f"The first factors of the tenant {self.tenant_id!r} do not have {', '.join(factor_ids)}: "
            "GET /loginmethods says which there are, create_or_update_tenant changes them."
        )

    @property
    def kind(self) -> Literal["first", "linked", "new"]:
        """What the factor is to the session's user."""
        if isinstance(self.auth_type, FirstFactor):
            return "first"
        return "linked" if self.auth_type.is_linked else "new"

    async def first(self, factor_ids: Sequence[str]) -> Sequence[str]:
        """Return those of some factors that are first ones of the tenant, and that their recipe offers."""
        owners = owners_of(self.services)
        offered = [each for each in factor_ids if all(owner.is_offered(each) for owner in owners)]
        return await valid_first_factors(self.services, offered, self.tenant_id, self.user_context)


async def is_more_required(services: Services, user: User, method: LoginMethod, user_context: UserContext) -> bool:
    """
    Return whether another factor is required of a user than a login method is.

    Of an address and a number it is not known here by which he signs in: then it is another one.
    """
    factors = session_factors(services)
    if factors is None:
        return False
    has_both = method.email is not None and method.phone_number is not None
    shown = [each for owner in owners_of(services) for each in owner.shown_with(method)]
    return await factors.is_required_besides(user, [] if has_both else shown, user_context)


def owners_of(services: Services) -> list[FactorOwner]:
    """Return the recipes that have factors."""
    return [each.owner for each in services.contributions(FactorsContribution) if each.owner is not None]
