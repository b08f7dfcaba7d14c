"""What is asked of somebody, held against the factors that were shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final, Literal, TypeAlias, TypeGuard, cast, get_args

from authweave.storage import check_text
from authweave.types import BadInputError

from .exceptions import FactorConfigurationError
from .rules import REQUIREMENT
from .values import FactorIdsAndType, MFARequirementList, Several

Kind: TypeAlias = Literal["factor"] | Several

MAX_FACTOR_CHARACTERS: Final = 100
"""Of the id of a factor."""

SEVERAL: Final[tuple[Several, ...]] = get_args(Several)
NOTHING: Final = FactorIdsAndType([], "string")
"""All was shown."""

SAYS: Final = (
    "Write a list of factors' ids, of {'oneOf': [...]} and of {'allOfInAnyOrder': [...]}, each of which holds ids. "
    "Nobody gets past what cannot be understood."
)


def next_factors(shown: Collection[str], requirements: MFARequirementList) -> FactorIdsAndType:
    """
    Return the factors of the first requirement that is not satisfied, in its order; none where all are.

    Args:
        shown: those that were shown.
        requirements: what is asked for, in a form that `checked_requirements` has seen.
    """
    for each in requirements:
        kind, factors = parts_of(each)
        missing = [factor for factor in factors if factor not in shown]
        how_many = "all" if not missing else "some" if len(missing) < len(factors) else "none"
        match REQUIREMENT.decide_now({"kind": partial(str, kind), "shown": partial(str, how_many)}):
            case "what is missing":
                return FactorIdsAndType(missing, "allOfInAnyOrder")
            case "all of it":
                return FactorIdsAndType(factors, "string" if kind == "factor" else "oneOf")
            case "satisfied":
                continue
    return NOTHING


def parts_of(requirement: str | dict[Several, list[str]]) -> tuple[Kind, list[str]]:
    """Return what kind of requirement one is, and the factors that it names, without repetition."""
    if isinstance(requirement, str):
        return "factor", [requirement]
    kind, factors = next(iter(requirement.items()))
    return kind, [*dict.fromkeys(factors)]


def checked_requirements(asked: object, by: str) -> MFARequirementList:
    """
    Return what an application asks for, as it has to be.

    Args:
        asked: what it says.
        by: who says it, for the message.

    Raises:
        FactorConfigurationError: it is something else.
    """
    if not isinstance(asked, Sequence) or isinstance(asked, str):
        raise FactorConfigurationError(f"{by} says {asked!r:.200}, which is no list of requirements. {SAYS}")
    items = cast("Sequence[object]", asked)  # nothing is known of what is in it
    return [checked_requirement(each, by) for each in items]


def checked_requirement(asked: object, by: str) -> str | dict[Several, list[str]]:
    """Return one of them. Raises as `checked_requirements`."""
    if isinstance(asked, str) and asked:
        return asked
    if isinstance(asked, Mapping):
        named = list(cast("Mapping[object, object]", asked).items())  # an override's, of any keys
        for kind in SEVERAL:
            if len(named) == 1 and named[0][0] == kind and are_factors(factors := named[0][1]):
                several: dict[Several, list[str]] = {kind: [*factors]}
                return several
    raise FactorConfigurationError(f"{by} says {asked!r:.200}, which is no requirement. {SAYS}")


def checked_factors(factors: object, by: str) -> list[str]:
    """Return the ids of factors that an application names. Raises as `checked_requirements`."""
    if are_factors(factors):
        return [*dict.fromkeys(factors)]
    raise FactorConfigurationError(f"{by} says {factors!r:.200}, which is no list of the ids of factors.")


def are_factors(factors: object) -> TypeGuard[Sequence[str]]:
    """Return whether something is a list of ids."""
    if not isinstance(factors, Sequence) or isinstance(factors, str):
        return False
    return all(isinstance(each, str) and each for each in cast("Sequence[object]", factors))  # an override's


def check_factor_id(factor_id: object) -> None:
    """
    Check the id of a factor that a function is handed.

    Raises:
        authweave.types.BadInputError: it is no text, empty, too long, or holds what no store keeps.
    """
    if not isinstance(factor_id, str) or not factor_id:
        raise BadInputError("factor_id is no text, or an empty one: write the id of a factor, such as 'totp'.")
    check_text(factor_id, "factor_id", MAX_FACTOR_CHARACTERS)
