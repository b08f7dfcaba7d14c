"""The values of the recipe, and what configures it, by the path that applications know from SuperTokens."""

from .config import MultiFactorAuthConfig
from .setup import MultiFactorAuthOverrideConfig, OverrideConfig
from .values import (
    FactorIds,
    FactorIdsAndType,
    GetFactors,
    GetRequirements,
    GetUser,
    MFAClaimValue,
    MFARequirementList,
    NextFactors,
    ResyncSessionAndFetchMFAInfoPUTOkResult,
    ResyncSessionAndFetchMFAInfoPUTResult,
)

__all__ = [
    "FactorIds",
    "FactorIdsAndType",
    "GetFactors",
    "GetRequirements",
    "GetUser",
    "MFAClaimValue",
    "MFARequirementList",
    "MultiFactorAuthConfig",
    "MultiFactorAuthOverrideConfig",
    "NextFactors",
    "OverrideConfig",
    "ResyncSessionAndFetchMFAInfoPUTOkResult",
    "ResyncSessionAndFetchMFAInfoPUTResult",
]
