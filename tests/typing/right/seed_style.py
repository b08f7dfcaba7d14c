"""Overrides as the documents write them: a function that takes the implementation, and replaces what it likes."""

import inspect
from typing import TypeVar, assert_type

from authweave import InputAppInfo, UserContext, init
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
    SignInOkResult,
    SignInResult,
    SignUpPostResult,
    SignUpResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.interfaces import SessionClaimValidator, SessionContainer
from authweave.storage.memory import MemoryStorage
from authweave.types import FrozenList, RecipeUserId

ContextT = TypeVar("ContextT", bound=UserContext)


class AppContext(UserContext, total=False):
    isSignUp: bool  # noqa: N815  the documents' own key


# program: the documents' override of sign_up_post, with types
def override_emailpassword_apis(original_implementation: APIInterface[AppContext]) -> APIInterface[AppContext]:
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: list[FormField],
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        api_options: APIOptions,
        user_context: AppContext,
    ) -> SignUpPostResult:
        user_context["isSignUp"] = True
        return await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


emailpassword.init(override=emailpassword.InputOverrideConfig(apis=override_emailpassword_apis))


# program: two functions replaced by one override
def strict(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    original_verify = original_implementation.verify_credentials
    original_create = original_implementation.create_new_recipe_user

    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: AppContext) -> SignInResult:
        if tenant_id != "public":
            return WrongCredentialsError()
        return await original_verify(email, password, tenant_id, user_context)

    async def create_new_recipe_user(
        email: str, password: str, tenant_id: str, user_context: AppContext
    ) -> SignUpResult:
        return await original_create(email.strip(), password, tenant_id, user_context)

    original_implementation.verify_credentials = verify_credentials
    original_implementation.create_new_recipe_user = create_new_recipe_user
    return original_implementation


emailpassword.init(override=emailpassword.InputOverrideConfig(functions=strict))


# program: an assignment is what the next reading gives
def twice(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    first = original_implementation.verify_credentials

    async def once(email: str, password: str, tenant_id: str, user_context: UserContext) -> SignInResult:
        return await first(email, password, tenant_id, user_context)

    original_implementation.verify_credentials = once
    second = original_implementation.verify_credentials

    async def again(email: str, password: str, tenant_id: str, user_context: UserContext) -> SignInResult:
        return await second(email, password, tenant_id, user_context)

    original_implementation.verify_credentials = again
    return original_implementation


# program: the original called by keyword
def by_keyword(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    original_sign_in = original_implementation.sign_in

    async def sign_in(
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        user_context: AppContext,
    ) -> SignInResult:
        result = await original_sign_in(
            email=email,
            password=password,
            tenant_id=tenant_id,
            session=session,
            should_try_linking_with_session_user=should_try_linking_with_session_user,
            user_context=user_context,
        )
        if isinstance(result, SignInOkResult):
            assert_type(result.user.emails, FrozenList[str])
        return result

    original_implementation.sign_in = sign_in
    return original_implementation


# program: an override for any context, which calls another function of the same recipe
def verify_first(original_implementation: RecipeInterface[ContextT]) -> RecipeInterface[ContextT]:
    verify = original_implementation.verify_credentials
    original_sign_in = original_implementation.sign_in

    async def sign_in(
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        user_context: ContextT,
    ) -> SignInResult:
        found = await verify(email, password, tenant_id, user_context)
        if isinstance(found, WrongCredentialsError):
            return found
        return await original_sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )

    original_implementation.sign_in = sign_in
    return original_implementation


# program: an override as a class with a method
class Blocklist:
    def __init__(self, blocked: set[str]) -> None:
        self.blocked = blocked

    def functions(self, original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
        original_verify = original_implementation.verify_credentials

        async def verify_credentials(
            email: str, password: str, tenant_id: str, user_context: AppContext
        ) -> SignInResult:
            if email in self.blocked:
                return WrongCredentialsError()
            return await original_verify(email, password, tenant_id, user_context)

        original_implementation.verify_credentials = verify_credentials
        return original_implementation


emailpassword.init(override=emailpassword.InputOverrideConfig(functions=Blocklist({"a@b.example"}).functions))


# program: a plain function where the interface allows one
def plain_validators(original_implementation: SessionFunctions[AppContext]) -> SessionFunctions[AppContext]:
    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: AppContext,
    ) -> list[SessionClaimValidator]:
        return [each for each in claim_validators_added_by_other_recipes if tenant_id != "staff"]

    original_implementation.get_global_claim_validators = get_global_claim_validators
    return original_implementation


# program: an async function in the same place, and an original that is awaited
def async_validators(original_implementation: SessionFunctions[AppContext]) -> SessionFunctions[AppContext]:
    original_get_global_claim_validators = original_implementation.get_global_claim_validators

    async def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: AppContext,
    ) -> list[SessionClaimValidator]:
        return await original_get_global_claim_validators(
            tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context
        )

    original_implementation.get_global_claim_validators = get_global_claim_validators
    return original_implementation


# program: an original that is awaited if it can be
def asked_validators(original_implementation: SessionFunctions[AppContext]) -> SessionFunctions[AppContext]:
    original_get_global_claim_validators = original_implementation.get_global_claim_validators

    async def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: AppContext,
    ) -> list[SessionClaimValidator]:
        validators = original_get_global_claim_validators(
            tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context
        )
        if inspect.isawaitable(validators):
            validators = await validators
        return [*validators]

    original_implementation.get_global_claim_validators = get_global_claim_validators
    return original_implementation


# program: several overrides in a list, of both kinds of function
init(
    InputAppInfo("Example", "api.example.com", website_domain="example.com"),
    [
        session.init(),
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(
                functions=[strict, by_keyword, verify_first, Blocklist(set()).functions],
                apis=[override_emailpassword_apis],
            )
        ),
    ],
    context=AppContext,
    storage=MemoryStorage(),
    secret=b"s" * 32,
)
