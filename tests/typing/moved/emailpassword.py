"""Overrides of all functions of the recipe, as documents of the reference write them: email and password."""

from typing import Any, Dict, List, Union

from authweave.recipe import emailpassword
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    ConsumePasswordResetTokenOkResult,
    CreateResetPasswordOkResult,
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    GeneratePasswordResetTokenPostNotAllowedResponse,
    GeneratePasswordResetTokenPostOkResult,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetTokenInvalidError,
    RecipeInterface,
    SignInOkResult,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignUpOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.types import (
    FormField,
)
from authweave.recipe.session.interfaces import (
    SessionContainer,
)
from authweave.types import (
    GeneralErrorResponse,
    RecipeUserId,
)
from authweave.types.auth_utils import (
    LinkingToSessionUserFailedError,
)


def override_emailpassword_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_sign_up = original_implementation.sign_up
    original_create_new_recipe_user = original_implementation.create_new_recipe_user
    original_sign_in = original_implementation.sign_in
    original_verify_credentials = original_implementation.verify_credentials
    original_create_reset_password_token = original_implementation.create_reset_password_token
    original_consume_password_reset_token = original_implementation.consume_password_reset_token
    original_update_email_or_password = original_implementation.update_email_or_password

    async def sign_up(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ) -> Union[SignUpOkResult, EmailAlreadyExistsError, LinkingToSessionUserFailedError]:
        return await original_sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )

    async def create_new_recipe_user(
        email: str,
        password: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[SignUpOkResult, EmailAlreadyExistsError]:
        return await original_create_new_recipe_user(email, password, tenant_id, user_context)  # wrong: mypy, pyright

    async def sign_in(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ) -> Union[SignInOkResult, WrongCredentialsError, LinkingToSessionUserFailedError]:
        return await original_sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )

    async def verify_credentials(
        email: str,
        password: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[SignInOkResult, WrongCredentialsError]:
        return await original_verify_credentials(email, password, tenant_id, user_context)  # wrong: mypy, pyright

    async def create_reset_password_token(
        user_id: str,
        email: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[CreateResetPasswordOkResult, UnknownUserIdError]:
        return await original_create_reset_password_token(user_id, email, tenant_id, user_context)

    async def consume_password_reset_token(
        token: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[ConsumePasswordResetTokenOkResult, PasswordResetTokenInvalidError]:
        return await original_consume_password_reset_token(token, tenant_id, user_context)

    async def update_email_or_password(
        recipe_user_id: RecipeUserId,
        email: Union[str, None],
        password: Union[str, None],
        apply_password_policy: Union[bool, None],
        tenant_id_for_password_policy: str,
        user_context: Dict[str, Any],
    ) -> Union[
        UpdateEmailOrPasswordOkResult,
        EmailAlreadyExistsError,
        UnknownUserIdError,
        UpdateEmailOrPasswordEmailChangeNotAllowedError,
        PasswordPolicyViolationError,
    ]:
        return await original_update_email_or_password(
            recipe_user_id, email, password, apply_password_policy, tenant_id_for_password_policy, user_context
        )

    original_implementation.sign_up = sign_up
    original_implementation.create_new_recipe_user = create_new_recipe_user
    original_implementation.sign_in = sign_in
    original_implementation.verify_credentials = verify_credentials
    original_implementation.create_reset_password_token = create_reset_password_token
    original_implementation.consume_password_reset_token = consume_password_reset_token
    original_implementation.update_email_or_password = update_email_or_password
    return original_implementation


def override_emailpassword_apis(original_implementation: APIInterface) -> APIInterface:
    original_email_exists_get = original_implementation.email_exists_get
    original_generate_password_reset_token_post = original_implementation.generate_password_reset_token_post
    original_password_reset_post = original_implementation.password_reset_post
    original_sign_in_post = original_implementation.sign_in_post
    original_sign_up_post = original_implementation.sign_up_post

    async def email_exists_get(
        email: str,
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[EmailExistsGetOkResult, GeneralErrorResponse]:
        return await original_email_exists_get(email, tenant_id, api_options, user_context)

    async def generate_password_reset_token_post(
        form_fields: List[FormField],
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[
        GeneratePasswordResetTokenPostOkResult, GeneratePasswordResetTokenPostNotAllowedResponse, GeneralErrorResponse
    ]:
        return await original_generate_password_reset_token_post(form_fields, tenant_id, api_options, user_context)

    async def password_reset_post(
        form_fields: List[FormField],
        token: str,
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[
        PasswordResetPostOkResult, PasswordResetTokenInvalidError, PasswordPolicyViolationError, GeneralErrorResponse
    ]:
        return await original_password_reset_post(form_fields, token, tenant_id, api_options, user_context)

    async def sign_in_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[SignInPostOkResult, WrongCredentialsError, SignInPostNotAllowedResponse, GeneralErrorResponse]:
        return await original_sign_in_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[SignUpPostOkResult, EmailAlreadyExistsError, SignUpPostNotAllowedResponse, GeneralErrorResponse]:
        return await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    original_implementation.email_exists_get = email_exists_get
    original_implementation.generate_password_reset_token_post = generate_password_reset_token_post
    original_implementation.password_reset_post = password_reset_post
    original_implementation.sign_in_post = sign_in_post
    original_implementation.sign_up_post = sign_up_post
    return original_implementation


emailpassword.init(
    override=emailpassword.InputOverrideConfig(
        functions=override_emailpassword_functions, apis=override_emailpassword_apis
    )
)
