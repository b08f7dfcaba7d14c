"""Several factors: which ones people sign in with, which ones are asked for beside, and who has shown them."""

from .calls import (
    AddToRequiredSecondaryFactorsForUser,
    AssertAllowedToSetupFactorElseThrowInvalidClaimError,
    GetFactorsSetupForUser,
    GetMfaRequirementsForAuth,
    GetRequiredSecondaryFactorsForUser,
    MarkFactorAsCompleteInSession,
    RemoveFromRequiredSecondaryFactorsForUser,
    ResyncSessionAndFetchMfaInfoPut,
)
from .config import (
    MultiFactorAuthConfig,
)
from .exceptions import (
    FactorConfigurationError,
)
from .interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
)
from .multi_factor_auth_claim import (
    MultiFactorAuthClaim,
    MultiFactorAuthClaimClass,
    MultiFactorAuthClaimValidators,
)
from .recipe import (
    MultiFactorAuthRecipe,
)
from .setup import (
    InputOverrideConfig,
    MultiFactorAuthOverrideConfig,
    MultiFactorAuthSetup,
    OverrideConfig,
    init,
)
from .values import (
    FactorIds,
    FactorIdsAndType,
    MFAClaimValue,
    MFARequirementList,
    NextFactors,
    ResyncSessionAndFetchMFAInfoPUTOkResult,
    ResyncSessionAndFetchMFAInfoPUTResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "AddToRequiredSecondaryFactorsForUser",
    "AssertAllowedToSetupFactorElseThrowInvalidClaimError",
    "FactorConfigurationError",
    "FactorIds",
    "FactorIdsAndType",
    "GetFactorsSetupForUser",
    "GetMfaRequirementsForAuth",
    "GetRequiredSecondaryFactorsForUser",
    "InputOverrideConfig",
    "MFAClaimValue",
    "MFARequirementList",
    "MarkFactorAsCompleteInSession",
    "MultiFactorAuthClaim",
    "MultiFactorAuthClaimClass",
    "MultiFactorAuthClaimValidators",
    "MultiFactorAuthConfig",
    "MultiFactorAuthOverrideConfig",
    "MultiFactorAuthRecipe",
    "MultiFactorAuthSetup",
    "NextFactors",
    "OverrideConfig",
    "RecipeInterface",
    "RemoveFromRequiredSecondaryFactorsForUser",
    "ResyncSessionAndFetchMFAInfoPUTOkResult",
    "ResyncSessionAndFetchMFAInfoPUTResult",
    "ResyncSessionAndFetchMfaInfoPut",
    "init",
]
