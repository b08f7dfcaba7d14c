"""What ``authweave doctor`` looks at of the factors that tenants name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import attrs

from authweave.extending import (
    KNOWN_FACTORS,
    Check,
    FactorsContribution,
    Finding,
    Services,
    Severity,
    first_factors_of,
    offered_logins,
)
from authweave.kernel import UserContext
from authweave.recipe.session import SessionFactorsContribution

from .interfaces import RecipeInterface

MAX_NAMED: Final = 5
"""Tenants of a kind that are named; there may be thousands."""

BY_SEVERITY: Final[tuple[Severity, ...]] = ("fault", "warning", "note")


@attrs.frozen
class Lacking:
    """
    Which factors of a tenant's list no recipe offers.

    Attributes:
        tenant_id: the tenant.
        known: those of them that the frontends know, and some recipe of the library could offer.
        own: others, which the application may ask for itself.
        unsure: the rest, whose recipe may offer them to clients that say which they are.
        is_all: whether these are all of the list.
    """

    tenant_id: str
    known: Sequence[str]
    own: Sequence[str]
    unsure: Sequence[str]
    is_all: bool

    def find_reasons(self, nobody: str, worst: Severity) -> Iterator[tuple[Severity, str]]:
        """Say of each kind how bad it is, and why. Parameters as of `finding`."""
        known, own, unsure = (", ".join(map(repr, each)) for each in (self.known, self.own, self.unsure))
        if self.known and self.is_all and not self.own and not self.unsure:
            yield worst, f"{nobody}: no recipe offers {known}."
        elif self.known:
            yield "warning", f"no recipe offers {known}, which is named beside others."
        if self.unsure:
            yield (
                "warning" if self.is_all and not self.own else "note",
                f"{unsure} has no provider for clients that do not say of which type they are.",
            )
        if self.own:
            yield (
                "note",
                f"{own} is asked for by the application itself, or misspelt: the library knows no such factor.",
            )

    @classmethod
    def of(
        cls, tenant_id: str, named: Sequence[str], offered: Collection[str], unsure: Collection[str] = ()
    ) -> Lacking:
        """Hold a list against what is offered, and against that of which it is not sure."""
        lacking = [each for each in named if each not in offered]
        return cls(
            tenant_id,
            known=[each for each in lacking if each in KNOWN_FACTORS and each not in unsure],
            own=[each for each in lacking if each not in KNOWN_FACTORS],
            unsure=[each for each in lacking if each in unsure],
            is_all=len(lacking) == len(named),
        )


@attrs.frozen
class FactorChecks:
    """
    Looks at whether somebody offers the factors that the application and its tenants name.

    Attributes:
        tenants: the composed functions of the recipe.
    """

    services: Services = attrs.field(repr=False)
    tenants: RecipeInterface[UserContext]

    def checks(self) -> Sequence[Check]:
        """Return the checks."""
        return (
            Check("first_factors", "There is somebody to sign in with, of those who may be", self.check_first),
            Check("required_factors", "Second factors that are required can be shown", self.check_required),
        )

    async def check_first(self) -> Finding:
        """Look at the first factors of each tenant, its own or the application's."""
        context, lacking = UserContext(), list[Lacking]()
        for tenant in (await self.tenants.list_all_tenants(context)).tenants:
            named = await first_factors_of(self.services, tenant.tenant_id, context)
            if named:  # one that has none on purpose signs nobody in
                logins = await offered_logins(self.services, tenant.tenant_id, None, context)
                offered = [factor for each in logins for factor in each.factors]
                # A provider may have clients of certain types alone. The factor of `thirdParty` is called as that is.
                unsure = [each.name.lower() for each in logins if not each.factors]
                lacking.append(Lacking.of(tenant.tenant_id, named, offered, unsure))
        return finding(
            lacking,
            "nobody can sign in",
            "Add the recipe to recipe_list, or a provider to the tenant, or take the factor out of first_factors.",
            worst="fault",
        )

    async def check_required(self) -> Finding:
        """Look at the second factors that tenants require. What is required of single users is not looked at."""
        found = (await self.tenants.list_all_tenants(UserContext())).tenants
        requiring = [each for each in found if each.required_secondary_factors]
        if requiring and not self.services.contributions(SessionFactorsContribution):
            where = in_tenants([each.tenant_id for each in requiring])
            advice = "Add multifactorauth.init() to recipe_list."
            return Finding("fault", f"{where} second factors are required, and nobody asks for them.", advice)
        owners = [each.owner for each in self.services.contributions(FactorsContribution)]
        offered = [each for owner in owners if owner is not None for each in owner.second_factors(self.services)]
        return finding(
            [Lacking.of(each.tenant_id, each.required_secondary_factors or (), offered) for each in requiring],
            "nobody gets past the second factor",
            "Add the recipe to recipe_list, or take the factor out of required_secondary_factors.",
            worst="fault",
        )


def finding(lacking: Sequence[Lacking], nobody: str, advice: str, *, worst: Severity) -> Finding:
    """
    Say which factors no recipe offers, and in which tenants.

    Args:
        lacking: those of each tenant.
        nobody: what follows where all of a list are such.
        advice: what to do.
        worst: how bad that is.
    """
    said: dict[tuple[Severity, str], list[str]] = {}
    for each in lacking:
        for key in each.find_reasons(nobody, worst):
            said.setdefault(key, []).append(each.tenant_id)
    if not said:
        return Finding("ok", "All that are named are offered.")
    in_order = sorted(said, key=lambda key: BY_SEVERITY.index(key[0]))
    found = " ".join(f"{in_tenants(said[key])} {key[1]}" for key in in_order)
    return Finding(in_order[0][0], found, advice)


def in_tenants(tenant_ids: Sequence[str]) -> str:
    """Return where something is so."""
    named, more = [repr(each) for each in tenant_ids[:MAX_NAMED]], len(tenant_ids) - MAX_NAMED
    listed = ", ".join(named) + (f" and {more} more" if more > 0 else "")
    return f"In the tenant{'s' if len(tenant_ids) > 1 else ''} {listed}"
