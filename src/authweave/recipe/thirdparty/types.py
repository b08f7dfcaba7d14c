"""Values of the thirdparty recipe: what a provider says of a user, and what functions and APIs return."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, RecipeUserId, UncheckedJSON, User

LinkingFailure: TypeAlias = Literal[
    "EMAIL_VERIFICATION_REQUIRED",
    "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
    "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
    "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
]
"""Why a login method could not be linked to the user of a session."""


@attrs.frozen
class RawUserInfoFromProvider:
    """
    All that a provider said of a user.

    Attributes:
        from_id_token_payload: the claims of the ID token, which has been verified; None where there was none.
        from_user_info_api: what the provider's user info endpoint answered; None where it was not asked.
        issuer: who vouches for all this, where the provider speaks OpenID Connect: the ``iss`` of its ID tokens.
            Empty for other providers.
    """

    from_id_token_payload: UncheckedJSON | None = attrs.field(default=None, repr=False)
    from_user_info_api: UncheckedJSON | None = attrs.field(default=None, repr=False)
    issuer: str = ""


@attrs.frozen
class UserInfoEmail:
    """
    An address that a provider gave.

    Args:
        email: the address.
        is_verified: whether the provider vouches that it is the user's.
    """

    id: str = attrs.field(alias="email", repr=False)
    is_verified: bool = False


@attrs.frozen
class UserInfo:
    """
    Who signed in at a provider.

    Args:
        third_party_user_id: the user's id there, the *subject*.
        email: the address that the provider gave, if any.
        raw_user_info_from_provider: all that it said.
    """

    third_party_user_id: str
    email: UserInfoEmail | None = None
    raw_user_info_from_provider: RawUserInfoFromProvider = attrs.field(factory=RawUserInfoFromProvider)


@attrs.frozen
class SignInUpOkResult:
    """
    The user signed in, or was made.

    Attributes:
        created_new_recipe_user: whether this was the first time.
        oauth_tokens: what the provider gave, ``access_token`` and ``id_token`` say. It is not stored.
    """

    user: User
    recipe_user_id: RecipeUserId
    created_new_recipe_user: bool
    oauth_tokens: UncheckedJSON = attrs.field(repr=False)
    raw_user_info_from_provider: RawUserInfoFromProvider


@attrs.frozen
class SignInUpNotAllowed:
    """Signing in or up is not allowed here and now. Answered as ``SIGN_IN_UP_NOT_ALLOWED``."""

    reason: str


@attrs.frozen
class LinkingToSessionUserFailedError:
    """
    The login method could not be linked to the session's user. A result, not an exception: the name is SuperTokens's.

    The library links nothing yet; an override may.
    """

    reason: LinkingFailure


@attrs.frozen
class ManuallyCreateOrUpdateUserOkResult:
    """
    The user is there now.

    Attributes:
        created_new_recipe_user: whether it was not before.
    """

    user: User
    recipe_user_id: RecipeUserId
    created_new_recipe_user: bool


@attrs.frozen
class EmailChangeNotAllowedError:
    """The provider's new address for a user is not accepted. A result, not an exception; for overrides to return."""

    reason: str


@attrs.frozen
class AuthorisationUrlGetOkResult:
    """
    Where the frontend sends the user.

    Attributes:
        url_with_query_params: the provider's page. The frontend adds its own ``state``.
        pkce_code_verifier: what the frontend hands back with the code. Sealed: only the server can read it.
    """

    url_with_query_params: str = attrs.field(repr=False)
    pkce_code_verifier: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class SignInUpPostOkResult:
    """The answer to a sign-in, or sign-up, that worked."""

    user: User
    created_new_recipe_user: bool
    session: SessionContainer
    oauth_tokens: UncheckedJSON = attrs.field(repr=False)
    raw_user_info_from_provider: RawUserInfoFromProvider


@attrs.frozen
class SignInUpPostNoEmailGivenByProviderResponse:
    """The provider gave no address, and the configuration asks for one."""


@attrs.frozen
class AppleRedirectHandlerPostOkResult:
    """
    Where the browser goes on to after Apple's form.

    Attributes:
        redirect_url: a page of the website, with the fields of the form as query parameters.
    """

    redirect_url: str = attrs.field(repr=False)


SignInUpResult: TypeAlias = SignInUpOkResult | SignInUpNotAllowed | LinkingToSessionUserFailedError
ManuallyCreateOrUpdateUserResult: TypeAlias = (
    ManuallyCreateOrUpdateUserOkResult
    | LinkingToSessionUserFailedError
    | SignInUpNotAllowed
    | EmailChangeNotAllowedError
)
AuthorisationUrlGetResult: TypeAlias = AuthorisationUrlGetOkResult | GeneralErrorResponse
SignInUpPostResult: TypeAlias = (
    SignInUpPostOkResult | SignInUpPostNoEmailGivenByProviderResponse | SignInUpNotAllowed | GeneralErrorResponse
)
AppleRedirectHandlerPostResult: TypeAlias = AppleRedirectHandlerPostOkResult | GeneralErrorResponse
