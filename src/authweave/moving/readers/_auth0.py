"""Auth0's exports: that of the users, a JSON object a line, and that of the hashes, which its support makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from authweave.moving._fields import Line, without_nothing
from authweave.moving._files import MAX_LINE_BYTES, LinesFile
from authweave.moving._user import LineFaultError
from authweave.types import ConfigurationError

from ._asked import Asked
from ._paths import existing
from ._values import NOTHING, Foreign, id_of, milliseconds, provider_of

PASSWORD: Final = "auth0"  # noqa: S105  what it calls its own database of users


def open_auth0(file: str, asked: Asked) -> LinesFile:
    """
    Open an export of users, or of hashes alone.

    Setting: ``hashes`` is the file of hashes that belongs to an export of users.

    Raises:
        authweave.types.ConfigurationError: there is no such file.
    """
    asked.check("auth0", "hashes")
    path = existing(file, "auth0")
    given = asked.setting("hashes")
    hashes = {} if given is None else hashes_of(existing(given, "auth0"))
    return LinesFile(path, "auth0", lambda value: line_of(value, asked.tenant_id, hashes))


def hashes_of(path: Path) -> dict[str, str]:
    """
    Return hashes by the ids of users. They are held in memory: about 200 bytes each.

    Raises:
        authweave.types.ConfigurationError: a line cannot be read.
    """
    found: dict[str, str] = {}
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), 1):
            if line.strip():
                try:
                    user = json.loads(line)
                    found[own_id(user)] = user["passwordHash"]
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise ConfigurationError(f"{str(path)!r}: line {number} is no user with a passwordHash.") from None
    return found


def own_id(user: Foreign) -> str:
    """Return the id that Auth0 shows."""
    if "user_id" in user:
        return str(user["user_id"])
    return f"{PASSWORD}|{user['_id']['$oid']}"


def line_of(user: Foreign, tenant_id: str, hashes: dict[str, str]) -> Line:
    """Return a user as a line. Its metadata are kept, the application's under ``app_metadata``."""
    user_id = own_id(user)
    own = {"provider": PASSWORD, "user_id": user_id.partition("|")[2], "isSocial": False}
    logins = [login_of(each, user, tenant_id, hashes) for each in user.get("identities") or [own]]
    logins.sort(key=lambda login: login["recipe"] != "emailpassword")
    del logins[0]["id"]  # it is the user's
    created = user.get("created_at")
    joined_ms = milliseconds(created if isinstance(created, str) else (created or NOTHING).get("$date"))
    metadata = {**(user.get("user_metadata") or NOTHING)}
    if app_metadata := user.get("app_metadata"):
        metadata["app_metadata"] = app_metadata
    return without_nothing(
        {
            "version": 1,
            "id": user_id,
            "time_joined_ms": joined_ms,
            "disabled_at_ms": (joined_ms or 0) if user.get("blocked") else None,
            "metadata": metadata or None,
            "logins": logins,
        }
    )


def login_of(identity: Foreign, user: Foreign, tenant_id: str, hashes: dict[str, str]) -> Line:
    """Return an identity as a login."""
    provider, subject = identity["provider"], str(identity["user_id"])
    profile = identity.get("profileData") or user
    email = profile.get("email") or user.get("email")
    shared = without_nothing(
        {
            "id": id_of("auth0", tenant_id, provider, subject),
            "tenant": tenant_id,
            "email": email,
            "verified": (profile if profile.get("email") else user).get("email_verified") is True,
        }
    )
    if provider == PASSWORD:
        password_hash = user.get("passwordHash") or hashes.get(f"{PASSWORD}|{subject}")
        return {"recipe": "emailpassword", **shared} | ({"password_hash": password_hash} if password_hash else {})
    if provider in {"email", "sms"}:
        phone = {"phone_number": user["phone_number"]} if provider == "sms" else {}
        return {"recipe": "passwordless", **shared, **phone}
    if provider in {"samlp", "adfs", "ad", "oidc", "custom"}:
        raise LineFaultError(f"it signs in by {provider!r}, for which the application has no provider of that name")
    return {"recipe": "thirdparty", **shared, "provider": provider_of(provider), "subject": subject}
