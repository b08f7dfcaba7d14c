"""Who a user is, by what the provider said."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError, SignInRefusedError
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, UserFields, UserInfoMap
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider, UserInfo, UserInfoEmail
from authweave.types import JSON, MAX_ADDRESS_CHARACTERS, MAX_SUBJECT_CHARACTERS, JSONObject

from .answer_paths import field_at, steps_of

OWNED_DOMAIN: Final = "xms_edov"
"""Microsoft Entra's claim that the address's domain is verified to be the organisation's; 1 means true there, too."""


def is_complete(config: ProviderConfigForClient, claims: JSONObject | None) -> bool:
    """Return whether an ID token tells all that there is to know: then the user info endpoint need not be asked."""
    in_token, in_answer = fields_of(config)
    if claims is None or subject_in(claims, in_token) is None or email_in(claims, in_token) is None:
        return False
    return says_whether_verified(claims, in_token) or in_answer.email is None or in_answer.email_verified is None


def user_info(
    config: ProviderConfigForClient, issuer: str, claims: JSONObject | None, answer: JSONObject | None
) -> UserInfo:
    """
    Read who a user is.

    Args:
        config: where in the answers what stands.
        issuer: the OpenID issuer; empty for other providers.
        claims: of the ID token, which has been checked. They win.
        answer: of the user info endpoint.

    Raises:
        ProviderAnswerError: nobody is named.
        SignInRefusedError: the two name different users (OpenID Connect Core, section 5.3.2).
    """
    in_token, in_answer = fields_of(config)
    from_token, from_answer = subject_in(claims, in_token), subject_in(answer, in_answer)
    provider = config.third_party_id
    if claims is not None and answer is not None and from_token != from_answer:
        message = (
            f"Provider {provider!r} names one user in the ID token and another beside "
            f"({places(config, 'user_id', claims, answer)}): user_info_map has to find the same id in both."
        )
        raise SignInRefusedError(provider, message)
    subject = from_token or from_answer
    if subject is None:
        looked = places(config, "user_id", claims, answer)
        message = f"Provider {provider!r} did not say who the user is ({looked}): correct user_info_map or endpoints."
        raise ProviderAnswerError(provider, message)
    check_storable(provider, subject, (in_token if from_token else in_answer).user_id)
    email = email_in(claims, in_token)
    if email is None or not says_whether_verified(claims, in_token):
        elsewhere = email_in(answer, in_answer)
        # What vouches for one address vouches for no other.
        email = elsewhere if email is None or (elsewhere is not None and elsewhere.id == email.id) else email
    return UserInfo(subject, email, RawUserInfoFromProvider(claims, answer, issuer=issuer))


def with_beside(info: UserInfo, said: JSONObject) -> UserInfo:
    """Put what was said beside an ID token to its claims, as SuperTokens does; they win."""
    raw = info.raw_user_info_from_provider
    if not said or raw.from_id_token_payload is None:
        return info
    raw = attrs.evolve(raw, from_id_token_payload={**said, **raw.from_id_token_payload})
    return attrs.evolve(info, raw_user_info_from_provider=raw)


def fields_of(config: ProviderConfigForClient) -> tuple[UserFields, UserFields]:
    """Return where in an ID token, and where in the answer of the user info endpoint, something stands."""
    where = config.user_info_map or UserInfoMap()
    return where.from_id_token_payload or UserFields(), where.from_user_info_api or UserFields()


def places(
    config: ProviderConfigForClient,
    what: Literal["user_id", "email"],
    claims: JSONObject | None,
    answer: JSONObject | None,
) -> str:
    """Say where a user's id or address was looked for, without what stood there."""
    in_token, in_answer = fields_of(config)
    looked = ((claims, in_token, "the ID token"), (answer, in_answer, "the user info"))
    found = [
        f"{path!r} in {where}"
        for content, fields, where in looked
        if content is not None and (path := fields.user_id if what == "user_id" else fields.email) is not None
    ]
    return ", ".join(found) or "neither an ID token nor a user_info_endpoint to look in"


def subject_in(content: JSONObject | None, fields: UserFields) -> str | None:
    """Return the user's id; some providers have numbers."""
    value = field_at(content, fields.user_id)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_SUBJECT_CHARACTERS else None


def check_storable(provider: str, subject: str, where: str | None) -> None:
    """
    Check that a user's id can be kept.

    Raises:
        ProviderAnswerError: it cannot. The client, which sent none of it, can do nothing about that.
    """
    if "\0" in subject or any("\ud800" <= each <= "\udfff" for each in subject):
        message = (
            f"Provider {provider!r} names the user by a {where!r} with a NUL character or half of a surrogate pair, "
            "which no store keeps: see the user's record there."
        )
        raise ProviderAnswerError(provider, message)


def email_in(content: JSONObject | None, fields: UserFields) -> UserInfoEmail | None:
    """Return the address, verified only if something vouches for it. What is no address counts as none."""
    value, vouched = field_at(content, fields.email), field_at(content, fields.email_verified)
    if not isinstance(value, str) or not is_address(value):
        return None
    return UserInfoEmail(value, is_verified=vouches(vouched, fields.email_verified))


def says_whether_verified(content: JSONObject | None, fields: UserFields) -> bool:
    """Return whether something says that an address is verified, or that it is not; or whether nothing ever will."""
    return fields.email_verified is None or field_at(content, fields.email_verified) is not None


def vouches(value: JSON, path: str | None) -> bool:
    """Return whether what stands at a path makes an address a verified one: a bool by the standard, a text at Apple."""
    like_true = ("true", "1") if path is not None and steps_of(path) == (OWNED_DOMAIN,) else ("true",)
    return isinstance(value, int | str) and str(value).lower() in like_true


def is_address(value: str) -> bool:
    """Return whether a text may be an address: one that breaks a line would end up in the header of a mail."""
    return 0 < len(value) <= MAX_ADDRESS_CHARACTERS and "@" in value and " " not in value and value.isprintable()
