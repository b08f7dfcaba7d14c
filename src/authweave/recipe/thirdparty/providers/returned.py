"""What comes back: with the browser, and from the token endpoint."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from authweave.recipe.thirdparty.exceptions import (
    ClientRefusedError,
    CodeRefusedError,
    MixUpError,
    ProviderAnswerError,
)
from authweave.recipe.thirdparty.oauth.answers import Answer, required_object
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata, matches_issuer, printable, text_of
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.redirects import FORBIDDEN_SCHEMES
from authweave.types import JSON, MAX_PROVIDER_TOKEN_CHARACTERS, BadInputError, JSONObject

MAX_REDIRECT_URI_CHARACTERS: Final = 2048
MAX_CODE_CHARACTERS: Final = 4096

VSCHARS: Final = re.compile(r"[ -~]+")
"""All that codes and access tokens consist of (RFC 6749, appendices A.11 and A.12); nothing else can be sent on."""

CODE_REFUSALS: Final = frozenset(
    {
        "invalid_grant",  # RFC 6749, section 5.2
        "bad_verification_code",  # GitHub
        "OAuthException:100",  # Facebook
        "invalid_code",  # Slack
        "code_already_used",
        "Invalid authorization code",  # Twitch
        # https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
        "bad_refresh_token",
        "Invalid refresh token",  # Twitch: https://dev.twitch.tv/docs/authentication/refresh-tokens
        "invalid_refresh_token",  # https://docs.slack.dev/reference/methods/oauth.v2.access
    }
)
"""How token endpoints refuse a code, or a refresh token."""

CLIENT_REFUSALS: Final = frozenset(
    {
        "invalid_client",  # RFC 6749, section 5.2
        "unauthorized_client",
        "incorrect_client_credentials",  # GitHub
        "OAuthException:1",  # Facebook: the secret; 101: the id; 190: both, where they stand for an access token
        "OAuthException:101",
        "OAuthException:190",
        "bad_client_secret",  # Slack
        "invalid_client_id",
        "invalid client",  # Twitch
        "invalid client secret",
    }
)
"""How providers refuse a client: its id, its secret, how it authenticates, or what it asks for."""

ERROR_CODE: Final = re.compile(r"[A-Za-z0-9_.: -]{1,64}")


class ExchangedTokens(dict[str, JSON]):
    """
    Tokens that came from a provider's token endpoint, for our own client and code.

    What a client sends is never one of these, so `get_user_info` can tell them apart.

    Attributes:
        claims: of the ID token, which has been checked; None where there is none.
        client_id: the client that they were issued to.
        client_type: which of several it is.
    """

    def __init__(self, tokens: JSONObject, claims: JSONObject | None, config: ProviderConfigForClient) -> None:
        super().__init__(tokens)
        self.claims = claims
        self.client_id: str = config.client_id
        self.client_type: str | None = config.client_type

    @override
    def __repr__(self) -> str:
        """Name the tokens, without their values."""
        return f"<ExchangedTokens {', '.join(sorted(self))}>"


def check_redirect_uri(redirect_uri: str) -> None:
    """
    Check that a redirect URI is bounded and absolute. Whether it is a client's, the provider knows.

    Raises:
        authweave.types.BadInputError: it is not.
    """
    try:
        absolute = urlsplit(redirect_uri).scheme not in FORBIDDEN_SCHEMES
    except ValueError:
        absolute = False
    if not absolute or len(redirect_uri) > MAX_REDIRECT_URI_CHARACTERS or not redirect_uri.isprintable():
        raise BadInputError("redirectURIOnProviderDashboard must be an absolute URL of at most 2048 characters")


def check_sender(
    third_party_id: str, returned: JSONObject, metadata: ProviderMetadata, authorization_endpoint: str
) -> None:
    """
    Check who sent the user back, as far as that is said (RFC 9207, section 2.4).

    Args:
        third_party_id: the provider's id.
        returned: the query parameters with which the user came back.
        metadata: what is known of the provider.
        authorization_endpoint: where she was sent.

    Raises:
        MixUpError: somebody else did.
    """
    sender = returned.get("iss")
    if sender is None:
        is_expected = not metadata.names_itself
    elif metadata.issuer:
        is_expected = isinstance(sender, str) and matches_issuer(sender, metadata.issuer, metadata.issuer)
    else:  # its host is all that can be known of one that does not speak OpenID
        is_expected = isinstance(sender, str) and same_host(sender, authorization_endpoint)
    if not is_expected:
        who = "somebody who does not say who it is" if sender is None else printable(sender)
        expected = printable(metadata.issuer or authorization_endpoint)
        raise MixUpError(third_party_id, f"Provider {third_party_id!r} is {expected}, and {who} sent the user back.")


def read_code(third_party_id: str, returned: JSONObject) -> str:
    """
    Return the code with which a user came back.

    Raises:
        CodeRefusedError: she came back with an error, or with nothing.
    """
    if (reason := error_code(returned)) is not None:
        raise CodeRefusedError(third_party_id, f"Provider {third_party_id!r} sent the user back with {reason!r}.")
    code = text_of(returned, "code")
    if code is None or len(code) > MAX_CODE_CHARACTERS or not VSCHARS.fullmatch(code):
        raise CodeRefusedError(third_party_id, f"Provider {third_party_id!r} sent the user back without a code.")
    return code


def read_tokens(config: ProviderConfigForClient, answer: Answer) -> JSONObject:
    """
    Return what a token endpoint gave for a code.

    Raises:
        CodeRefusedError: nothing, for this code.
        ClientRefusedError: nothing, for this client.
        ProviderAnswerError: nothing, for another reason, or no access token.
    """
    third_party_id = config.third_party_id
    error = error_of(answer)
    if error in CODE_REFUSALS:
        message = (
            f"Provider {third_party_id!r} does not accept the code ({error}): it was used already, is too old, or not "
            "ours."
        )
        raise CodeRefusedError(third_party_id, message)
    raise_if_client_refused(config, answer)
    if error is not None:  # GitHub says so with status 200
        message = f"Provider {third_party_id!r} refused the request for tokens ({error}): see its client."
        raise ProviderAnswerError(third_party_id, message)
    tokens = required_object(answer, third_party_id, "tokens")
    if not VSCHARS.fullmatch(text_of(tokens, "access_token") or ""):
        raise ProviderAnswerError(third_party_id, f"Provider {third_party_id!r} answered without an access token.")
    return tokens


def raise_if_client_refused(config: ProviderConfigForClient, answer: Answer, how: str = "") -> None:
    """
    Look whether a provider did not accept the client that asked.

    Args:
        config: the client.
        answer: what the provider answered.
        how: how it authenticates, for the message.

    Raises:
        ClientRefusedError: it did not.
    """
    error = error_of(answer)
    if error in CLIENT_REFUSALS or answer.status == HTTPStatus.UNAUTHORIZED:
        provider, reasons = config.third_party_id, "; ".join(filter(None, (error or "status 401", how)))
        raise ClientRefusedError(
            provider,
            f"Provider {provider!r} does not accept the client {config.client_id!r} ({reasons}): correct client_id and "
            "client_secret or private_key in its ProviderClientConfig, or token_endpoint_auth_method.",
        )


def is_access_token(value: str) -> bool:
    """Return whether a text that a client sends may be an access token."""
    return len(value) <= MAX_PROVIDER_TOKEN_CHARACTERS and VSCHARS.fullmatch(value) is not None


def same_host(one: str, other: str) -> bool:
    """Return whether two URLs are of one host."""
    try:
        return urlsplit(one).netloc == urlsplit(other).netloc
    except ValueError:
        return False


def error_of(answer: Answer) -> str | None:
    """Return the short code of an answer's error; Twitch has a message in its place."""
    fields = answer.fields or {}
    found = error_code(fields)
    if found in {None, "Bad Request"} and answer.status >= HTTPStatus.BAD_REQUEST and "message" in fields:
        found = shown_code(fields["message"])
    return found


def error_code(fields: JSONObject) -> str | None:
    """Return the short code of an error, fit to be shown; None where there is no error, or one without a text."""
    error = fields.get("error")
    if isinstance(error, dict):  # Facebook's
        kind, number = error.get("type"), error.get("code")
        # Whatever else stands there may be so deep that it cannot be written.
        is_short = isinstance(kind, str | None) and isinstance(number, str | int | None)
        return shown_code(f"{kind}:{number}" if is_short else error)
    return None if error is None or error == "" else shown_code(error)  # some say "" where all is well


def shown_code(error: JSON) -> str:
    """Return a provider's word for an error as it may be shown."""
    return error if isinstance(error, str) and ERROR_CODE.fullmatch(error) else "an error without a name"
