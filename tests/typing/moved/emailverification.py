"""Overrides of all functions of the recipe, as documents of the reference write them: verifying addresses."""

from typing import Any, Dict, Optional, Union

from authweave.recipe import emailverification
from authweave.recipe.emailverification.interfaces import (
    APIInterface,
    APIOptions,
    CreateEmailVerificationTokenEmailAlreadyVerifiedError,
    CreateEmailVerificationTokenOkResult,
    EmailVerifyPostInvalidTokenError,
    EmailVerifyPostOkResult,
    GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
    GenerateEmailVerifyTokenPostOkResult,
    IsEmailVerifiedGetOkResult,
    RecipeInterface,
    RevokeEmailVerificationTokensOkResult,
    UnverifyEmailOkResult,
    VerifyEmailUsingTokenInvalidTokenError,
    VerifyEmailUsingTokenOkResult,
)
from authweave.recipe.session.interfaces import (
    SessionContainer,
)
from authweave.types import (
    GeneralErrorResponse,
    RecipeUserId,
)


def override_emailverification_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_create_email_verification_token = original_implementation.create_email_verification_token
    original_verify_email_using_token = original_implementation.verify_email_using_token
    original_is_email_verified = original_implementation.is_email_verified
    original_revoke_email_verification_tokens = original_implementation.revoke_email_verification_tokens
    original_unverify_email = original_implementation.unverify_email

    async def create_email_verification_token(
        recipe_user_id: RecipeUserId,
        email: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[CreateEmailVerificationTokenOkResult, CreateEmailVerificationTokenEmailAlreadyVerifiedError]:
        return await original_create_email_verification_token(recipe_user_id, email, tenant_id, user_context)

    async def verify_email_using_token(
        token: str,
        tenant_id: str,
        attempt_account_linking: bool,
        user_context: Dict[str, Any],
    ) -> Union[VerifyEmailUsingTokenOkResult, VerifyEmailUsingTokenInvalidTokenError]:
        return await original_verify_email_using_token(token, tenant_id, attempt_account_linking, user_context)

    async def is_email_verified(
        recipe_user_id: RecipeUserId,
        email: str,
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_is_email_verified(recipe_user_id, email, user_context)

    async def revoke_email_verification_tokens(
        recipe_user_id: RecipeUserId,
        email: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> RevokeEmailVerificationTokensOkResult:
        return await original_revoke_email_verification_tokens(recipe_user_id, email, tenant_id, user_context)

    async def unverify_email(
        recipe_user_id: RecipeUserId,
        email: str,
        user_context: Dict[str, Any],
    ) -> UnverifyEmailOkResult:
        return await original_unverify_email(recipe_user_id, email, user_context)

    original_implementation.create_email_verification_token = create_email_verification_token
    original_implementation.verify_email_using_token = verify_email_using_token
    original_implementation.is_email_verified = is_email_verified
    original_implementation.revoke_email_verification_tokens = revoke_email_verification_tokens
    original_implementation.unverify_email = unverify_email
    return original_implementation


def override_emailverification_apis(original_implementation: APIInterface) -> APIInterface:
    original_email_verify_post = original_implementation.email_verify_post
    original_is_email_verified_get = original_implementation.is_email_verified_get
    original_generate_email_verify_token_post = original_implementation.generate_email_verify_token_post

    async def email_verify_post(
        token: str,
        session: Optional[SessionContainer],
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[EmailVerifyPostOkResult, EmailVerifyPostInvalidTokenError, GeneralErrorResponse]:
        return await original_email_verify_post(token, session, tenant_id, api_options, user_context)

    async def is_email_verified_get(
        session: SessionContainer,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[IsEmailVerifiedGetOkResult, GeneralErrorResponse]:
        return await original_is_email_verified_get(session, api_options, user_context)

    async def generate_email_verify_token_post(
        session: SessionContainer,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[
        GenerateEmailVerifyTokenPostOkResult,
        GenerateEmailVerifyTokenPostEmailAlreadyVerifiedError,
        GeneralErrorResponse,
    ]:
        return await original_generate_email_verify_token_post(session, api_options, user_context)

    original_implementation.email_verify_post = email_verify_post
    original_implementation.is_email_verified_get = is_email_verified_get
    original_implementation.generate_email_verify_token_post = generate_email_verify_token_post
    return original_implementation


emailverification.init(
    mode="REQUIRED",
    override=emailverification.InputOverrideConfig(
        functions=override_emailverification_functions, apis=override_emailverification_apis
    ),
)
