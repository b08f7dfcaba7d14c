"""What decides, by the table `MAY_SET_UP`, whether the user of a session may set up a factor."""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import override

from authweave.kernel import ContextParameter
from authweave.recipe.session.claims import ClaimValidationResult
from authweave.types import UncheckedJSON

from .multi_factor_auth_claim import FactorValidator, MultiFactorAuthClaimClass
from .requirements import checked_factors, checked_requirements, next_factors
from .rules import MAY_SET_UP, MaySetUp
from .values import GetFactors, GetRequirements

MESSAGES: Final[dict[MaySetUp, str]] = {
    "show first": "Completed factors in the session does not satisfy the MFA requirements for auth",
    "not next": "Not allowed to setup factor that is not in the next set of unsatisfied factors",
}
"""What frontends are told, as SuperTokens tells them."""


class MaySetUpValidator(FactorValidator):
    """
    Demands that a factor may be set up now.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim.
        factor_id: the factor.
        asked: looks up what is asked of the user.
        has_set_up: looks up which factors the user has.
    """

    def __init__(
        self,
        id_: str,
        claim: MultiFactorAuthClaimClass,
        factor_id: str,
        asked: GetRequirements,
        has_set_up: GetFactors,
    ) -> None:
        super().__init__(id_, claim)
        self.factor_id = factor_id
        self.asked = asked
        self.has_set_up = has_set_up

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        value = self.factors.get_value_from_payload(payload)
        coming: list[str] = []

        async def is_complete() -> bool:
            if value is not None and value.v:
                return True
            asked = checked_requirements(await self.asked(), "mfa_requirements_for_auth")
            coming.extend(next_factors({} if value is None else value.c, asked).factor_ids)
            return False

        async def has_one_of_next() -> bool:
            has_set_up = checked_factors(await self.has_set_up(), "factors_set_up_for_user")
            return any(each in has_set_up for each in coming)

        def comes_next() -> Literal["it", "others", "nothing"]:
            if not coming:
                return "nothing"
            return "it" if self.factor_id in coming else "others"

        decided = await MAY_SET_UP.decide(
            {"is_complete": is_complete, "has_one_of_next": has_one_of_next, "next": comes_next}
        )
        if decided == "allowed":
            return ClaimValidationResult(is_valid=True)
        return ClaimValidationResult(is_valid=False, reason={"message": MESSAGES[decided]})
