"""Values as other systems write them, in ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from authweave.moving._format import IDS

Foreign: TypeAlias = Any  # what another system wrote; `converted` answers for what is not as it should be

NOTHING: Final[dict[str, Foreign]] = {}

PROVIDERS: Final = {
    "google-oauth2": "google",
    "google.com": "google",
    "github.com": "github",
    "facebook.com": "facebook",
    "apple.com": "apple",
    "twitter.com": "twitter",
    "microsoft.com": "active-directory",
    "microsoft": "active-directory",
    "windowslive": "active-directory",
    "waad": "active-directory",
    "openid_connect": "openid_connect",
}
"""What other systems call providers that have a name of their own here."""


def provider_of(name: str) -> str:
    """Return what a provider is called here; its own name where that is the same or not known."""
    return PROVIDERS.get(name, name)


def milliseconds(value: Foreign) -> int | None:
    """Return a time as milliseconds since the epoch: of a datetime, of ISO 8601, or of milliseconds as text."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.isdecimal():
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp() * 1000)
    return int(value)


def plain_id(value: Foreign) -> str:
    """Return an id as text; UUIDs in their usual form."""
    text = str(value).strip()
    if len(text) == 32 and not text.isdecimal():  # noqa: PLR2004  hex, as SQLite keeps a UUID
        try:
            return str(UUID(text))
        except ValueError:
            return text
    return text


def id_of(*parts: object) -> str:
    """Return the id of a login that has none of its own: always the same for the same login."""
    return str(uuid5(IDS, "\n".join(map(str, parts))))


def json_of(value: Foreign) -> Foreign:
    """Return what a column of JSON holds, which some drivers read and others leave as text."""
    return json.loads(value) if isinstance(value, (str, bytes)) and value else value
