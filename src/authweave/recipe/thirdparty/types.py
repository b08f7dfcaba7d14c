"""Values of the thirdparty recipe: what a provider says of a user, and what functions and APIs return."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import (
    NOT_IN_JSON,
    FrozenValue,
    GeneralErrorResponse,
    LinkingToSessionUserFailedError,
    RecipeUserId,
    Result,
    UncheckedJSON,
    User,
)
from authweave.types import ThirdPartyInfo as ThirdPartyInfo  # noqa: PLC0414  documents import it from here, and checkers want it so


@attrs.frozen
class RawUserInfoFromProvider(FrozenValue):
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
    issuer: str = attrs.field(default="", kw_only=True, metadata=NOT_IN_JSON)


@attrs.frozen
class UserInfoEmail(FrozenValue):
    """
    An address that a provider gave.

    Args:
        email: the address.
        is_verified: whether the provider vouches that it is the user's.
    """

    id: str = attrs.field(alias="email", repr=False)
    is_verified: bool = False


def raw_or_empty(raw: RawUserInfoFromProvider | None) -> RawUserInfoFromProvider:
    """Return what a provider said, or nothing."""
    return raw or RawUserInfoFromProvider()


@attrs.frozen
class UserInfo(FrozenValue):
    """
    Who signed in at a provider.

    Args:
        third_party_user_id: the user's id there, the *subject*.
        email: the address that the provider gave, if any.
        raw_user_info_from_provider: all that it said.
    """

    third_party_user_id: str
    email: UserInfoEmail | None = None
    raw_user_info_from_provider: RawUserInfoFromProvider = attrs.field(default=None, converter=raw_or_empty)


@attrs.frozen
class SignInUpOkResult(Result):
    """
    The user signed in, or was made.

    Attributes:
        created_new_recipe_user: whether this was the first time.
        oauth_tokens: what the provider gave, ``access_token`` and ``id_token`` say.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId
    created_new_recipe_user: bool
    oauth_tokens: UncheckedJSON = attrs.field(repr=False, metadata=NOT_IN_JSON)
    raw_user_info_from_provider: RawUserInfoFromProvider = attrs.field(metadata=NOT_IN_JSON)


@attrs.frozen
class SignInUpNotAllowed(Result):
    """Signing in or up is not allowed here and now. Answered as ``SIGN_IN_UP_NOT_ALLOWED``."""

    status: ClassVar[Literal["SIGN_IN_UP_NOT_ALLOWED"]] = "SIGN_IN_UP_NOT_ALLOWED"

    reason: str


@attrs.frozen
class ManuallyCreateOrUpdateUserOkResult(Result):
    """
    The user is there now.

    Attributes:
        created_new_recipe_user: whether it was not before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    recipe_user_id: RecipeUserId
    created_new_recipe_user: bool


@attrs.frozen
class EmailChangeNotAllowedError(Result):
    """The provider's new address for a user is not accepted. A result, not an exception; for overrides to return."""

    status: ClassVar[Literal["EMAIL_CHANGE_NOT_ALLOWED_ERROR"]] = "EMAIL_CHANGE_NOT_ALLOWED_ERROR"

    reason: str


@attrs.frozen
class AuthorisationUrlGetOkResult(Result):
    """
    Where the frontend sends the user.

    Attributes:
        url_with_query_params: the provider's page. The frontend adds its own ``state``.
        pkce_code_verifier: what the frontend hands back with the code. Sealed: only the server can read it.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    url_with_query_params: str = attrs.field(repr=False)
    pkce_code_verifier: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class SignInUpPostOkResult(Result):
    """The answer to a sign-in, or sign-up, that worked."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    created_new_recipe_user: bool
    session: SessionContainer
    oauth_tokens: UncheckedJSON = attrs.field(repr=False, metadata=NOT_IN_JSON)
    raw_user_info_from_provider: RawUserInfoFromProvider = attrs.field(metadata=NOT_IN_JSON)


@attrs.frozen
class SignInUpPostNoEmailGivenByProviderResponse(Result):
    """The provider gave no address, and the configuration asks for one."""

    status: ClassVar[Literal["NO_EMAIL_GIVEN_BY_PROVIDER"]] = "NO_EMAIL_GIVEN_BY_PROVIDER"


@attrs.frozen
class AppleRedirectHandlerPostOkResult(Result):
    """
    Where the browser goes on to after Apple's form.

    Attributes:
        redirect_url: a page of the website, with the fields of the form as query parameters.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    redirect_url: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class GetProviderTokenOkResult(Result):
    """
    A token with which the provider's API can be called.

    Attributes:
        access_token: to be sent as ``Authorization: Bearer ...``.
        expires_at: until when it is good, as far as the provider said; None where it did not, or it has no end.
        scope: what it may be used for, as the provider wrote it; None where it said nothing: what was asked for.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    access_token: str = attrs.field(repr=False, metadata=NOT_IN_JSON)
    expires_at: datetime | None = attrs.field(default=None, metadata=NOT_IN_JSON)
    scope: str | None = None


@attrs.frozen
class NoProviderTokenResult(Result):
    """None is kept: there is no such user or login method, he is disabled, or has not signed in since they are kept."""

    status: ClassVar[Literal["NO_PROVIDER_TOKEN"]] = "NO_PROVIDER_TOKEN"


@attrs.frozen
class ProviderTokenEndedResult(Result):
    """
    What was kept is good for nothing any more: have the user sign in again.

    Attributes:
        reason: ``withdrawn``: the provider does not accept the refresh token, since the user took the permission back,
            say; ``expired``: the access token has ended, and there is no refresh token.
    """

    status: ClassVar[Literal["PROVIDER_TOKEN_ENDED"]] = "PROVIDER_TOKEN_ENDED"

    reason: Literal["withdrawn", "expired"]


GetProviderTokenResult: TypeAlias = GetProviderTokenOkResult | NoProviderTokenResult | ProviderTokenEndedResult
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
