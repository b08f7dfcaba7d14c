"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, User
from .interfaces import APIOptions, GetFactors, GetRequirements, GetUser, MFARequirementList, ResyncSessionAndFetchMFAInfoPUTResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class AssertAllowedToSetupFactorElseThrowInvalidClaimError(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, factor_id: str, mfa_requirements_for_auth: GetRequirements, factors_set_up_for_user: GetFactors, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...

class GetMfaRequirementsForAuth(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, access_token_payload: JSONObject, completed_factors: dict[str, int], user: GetUser, factors_set_up_for_user: GetFactors, required_secondary_factors_for_user: GetFactors, required_secondary_factors_for_tenant: GetFactors, user_context: ContextT_contra) -> Coroutine[Any, Any, MFARequirementList]: ...

class MarkFactorAsCompleteInSession(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, factor_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...

class GetFactorsSetupForUser(Protocol[ContextT_contra]):
    def __call__(self, user: User, user_context: ContextT_contra) -> Coroutine[Any, Any, list[str]]: ...

class GetRequiredSecondaryFactorsForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, list[str]]: ...

class AddToRequiredSecondaryFactorsForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, factor_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...

class RemoveFromRequiredSecondaryFactorsForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, factor_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, None]: ...

class ResyncSessionAndFetchMfaInfoPut(Protocol[ContextT_contra]):
    def __call__(self, api_options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, ResyncSessionAndFetchMFAInfoPUTResult]: ...
