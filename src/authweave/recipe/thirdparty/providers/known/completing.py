"""What follows for a provider from a client's ``additional_config``, and which accounts it lets in."""

from __future__ import annotations

from string import Formatter
from typing import Final
from urllib.parse import quote

import attrs

from authweave.recipe.thirdparty.exceptions import IDTokenError
from authweave.recipe.thirdparty.oauth.discovery import text_of
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.profiles import Complete, required_setting, setting
from authweave.types import Clock, JSONObject

ANY_DOMAIN: Final = "*"

PERSONAL_ACCOUNTS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory that Microsoft has for accounts that are of no organisation."""


def discovered_at(template: str) -> Complete:
    """
    Return what takes an organisation's own server, unless an ``oidc_discovery_endpoint`` is configured.

    Args:
        template: its issuer, with the keys of ``additional_config`` in braces. One that stands first is a domain, or
            a whole URL.
    """
    names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]

    def with_discovery(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
        del clock
        if config.oidc_discovery_endpoint is not None:
            return config
        values = {name: required_setting(config, name) for name in names}
        parts = {name: value.removesuffix("/") for name, value in values.items()}
        issuer = template.format_map(
            {name: value if template.startswith(f"{{{name}}}") else quote(value, "") for name, value in parts.items()}
        )
        return attrs.evolve(config, oidc_discovery_endpoint=issuer if "://" in issuer else f"https://{issuer}")

    return with_discovery


def with_hosted_domain(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Let Google offer the accounts of one domain only."""
    del clock
    query = {"hd": setting(config, "hd") or ANY_DOMAIN, **(config.authorization_endpoint_query_params or {})}
    return attrs.evolve(config, authorization_endpoint_query_params=query)


def check_hosted_domain(claims: JSONObject, config: ProviderConfigForClient) -> None:
    """Check that an account is of the domain: what the user was offered binds nobody."""
    wanted, domain = setting(config, "hd") or ANY_DOMAIN, text_of(claims, "hd")
    if domain is None or wanted not in {ANY_DOMAIN, domain}:
        message = "its 'hd' is not the Google Workspace domain that is configured."
        raise IDTokenError(config.third_party_id, "claims", message)


def with_gitlab_host(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Take a GitLab of one's own."""
    del clock
    base = (setting(config, "gitlabBaseUrl") or "https://gitlab.com").removesuffix("/")
    return attrs.evolve(
        config,
        oidc_discovery_endpoint=config.oidc_discovery_endpoint or base,
        token_info_endpoint=config.token_info_endpoint or f"{base}/oauth/token/info",
    )


def check_directory(claims: JSONObject, config: ProviderConfigForClient) -> None:
    """Keep personal accounts out where only organisations are let in: the same keys sign the tokens of both."""
    if setting(config, "directoryId") == "organizations" and text_of(claims, "tid") == PERSONAL_ACCOUNTS:
        message = "it is of a personal account, and 'directoryId' is 'organizations'."
        raise IDTokenError(config.third_party_id, "claims", message)


def with_boxy_host(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Take the organisation's own SAML Jackson, unless all its endpoints are configured."""
    del clock
    endpoints = (config.authorization_endpoint, config.token_endpoint, config.user_info_endpoint)
    if None not in endpoints:
        return config
    base = f"{required_setting(config, 'boxyURL').removesuffix('/')}/api/oauth"
    authorization, token, user_info = endpoints
    return attrs.evolve(
        config,
        authorization_endpoint=authorization or f"{base}/authorize",
        token_endpoint=token or f"{base}/token",
        user_info_endpoint=user_info or f"{base}/userinfo",
    )


def with_confirmed_address(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Ask X for the address where its scope is asked for: not every application is allowed to."""
    del clock
    if "users.email" not in (config.scope or ()):
        return config
    query = {"user.fields": "confirmed_email", **(config.user_info_endpoint_query_params or {})}
    return attrs.evolve(config, user_info_endpoint_query_params=query)
