"""Whatever gives something up has its row in ``docs/explanation/third-party-security.md``, and its attacks."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Final

import attrs

from authweave.recipe import thirdparty
from authweave.recipe.thirdparty.provider import CommonProviderConfig, ProviderClientConfig
from tests.integration.thirdparty.switches import SWITCHES

PAGE: Final = Path(__file__).parents[4] / "docs" / "explanation" / "third-party-security.md"

OPTIONS: Final = {
    *(field.name for field in attrs.fields(CommonProviderConfig)),
    *(field.name for field in attrs.fields(ProviderClientConfig)),
    *inspect.signature(thirdparty.init).parameters,
}

GIVES_NOTHING_UP: Final = {
    *("third_party_id", "name", "issuer", "jwks_uri", "oidc_discovery_endpoint", "user_info_map"),
    *("authorization_endpoint", "authorization_endpoint_query_params", "token_endpoint", "token_endpoint_body_params"),
    *("user_info_endpoint", "user_info_endpoint_query_params", "user_info_endpoint_headers", "token_info_endpoint"),
    *("require_email", "generate_fake_email", "validate_id_token_payload", "validate_access_token"),
    *("client_id", "client_secret", "client_type", "scope", "force_pkce", "additional_config"),
    *("private_key", "private_key_id"),
    *("sign_in_and_up_feature", "override", "is_valid_frontend_redirect_uri", "settings"),
}
"""Names and places, what an application checks beside, and what has a page of its own. A new option is none of them."""


def rows() -> list[set[str]]:
    """Return the switches of each row."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## What each switch gives up\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in lines]


def test_each_switch_has_its_row() -> None:
    """An option that is added is put into the table, or into the list of those that give nothing up."""
    assert set().union(*rows()) == OPTIONS - GIVES_NOTHING_UP
    assert GIVES_NOTHING_UP <= OPTIONS


def test_each_row_is_tried() -> None:
    """The attacks are tried with the switches of each row, and with nothing that has none."""
    tried = [each.options for each in SWITCHES.values() if each.options]
    assert [each for each in rows() if each not in tried] == []
    assert [each for each in tried if each not in rows()] == []
