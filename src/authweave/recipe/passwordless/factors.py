"""Codes and links as second factors, for the recipe that asks for several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
from typing_extensions import override

from authweave.extending import FactorContacts, FactorOwner, Services
from authweave.kernel import UserContext
from authweave.recipe.session import is_fake
from authweave.types import LoginMethod, RecipeUserId, User

from .config import EMAIL_FACTORS, PasswordlessConfig
from .store import ContactKind
from .store.records import RECIPE_ID

LIKELIEST: Final = ("link-email", "otp-email", "link-phone", "otp-phone")
"""What somebody may have signed in with of whom that is not known: the accounts contract's order (10.4)."""


@attrs.frozen
class PasswordlessFactors(FactorOwner):
    """Codes and links, as far as the application sends them."""

    config: PasswordlessConfig

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return self.config.factors()

    @override
    def is_offered(self, factor_id: str) -> bool:
        # Where links alone are sent, nobody has a code, but somebody could guess it.
        return factor_id in self.config.factors() or factor_id not in LIKELIEST

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        mine = [each for each in user.login_methods if each.recipe_id == RECIPE_ID]
        return [each for each in self.config.factors() if any(value_of(method, kind_of(each)) for method in mine)]

    @override
    def shown_with(self, method: LoginMethod) -> Sequence[str]:
        if method.recipe_id != RECIPE_ID:
            return ()
        enabled = self.config.factors()
        return [each for each in LIKELIEST if each in enabled and value_of(method, kind_of(each)) is not None]

    @override
    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        found = {each: values_for(user, made_with, kind_of(each)) for each in self.config.factors()}
        return FactorContacts(
            emails={each: values for each, values in found.items() if each in EMAIL_FACTORS},
            phone_numbers={each: values for each, values in found.items() if each not in EMAIL_FACTORS},
        )


def kind_of(factor_id: str) -> ContactKind:
    """Return what codes of a factor are sent to."""
    return "email" if factor_id in EMAIL_FACTORS else "phone_number"


def value_of(method: LoginMethod, kind: ContactKind) -> str | None:
    """Return the address or number of a login method; None where it has none that reaches anybody."""
    if kind == "phone_number":
        return method.phone_number
    return None if method.email is None or is_fake(method.email) else method.email


def values_for(user: User, made_with: RecipeUserId, kind: ContactKind) -> list[str]:
    """
    Return where codes may be sent to: what the user signs in with by codes; else all that there is, the oldest first.

    Of several, that of the session comes first.
    """
    methods = sorted(user.login_methods, key=lambda each: each.time_joined)
    mine = values_of([each for each in methods if each.recipe_id == RECIPE_ID], kind)
    values = mine or values_of(methods, kind)
    current = [value_of(each, kind) for each in methods if each.recipe_user_id == made_with]
    return sorted(values, key=lambda each: each not in current)


def values_of(methods: Sequence[LoginMethod], kind: ContactKind) -> list[str]:
    """Return the addresses or numbers of some login methods, without repetition."""
    values = [value_of(each, kind) for each in methods]
    return list(dict.fromkeys(each for each in values if each is not None))
