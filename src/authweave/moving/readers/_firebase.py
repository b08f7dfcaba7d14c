"""Firebase's ``auth:export``, as JSON."""

from __future__ import annotations

import json

import attrs

from authweave.moving._fields import Line, without_nothing
from authweave.moving._files import ListFile
from authweave.moving._user import LineFaultError

from ._asked import Asked
from ._paths import existing
from ._values import Foreign, id_of, milliseconds, provider_of


def open_firebase(file: str, asked: Asked) -> ListFile:
    """
    Open an export: ``firebase auth:export users.json --format=json``.

    Settings: ``rounds`` (8), ``mem_cost`` (14) and ``salt_separator`` (``Bw==``) are those of the project's hashes.
    The project's key is no setting: `PasswordHasher` is given it.

    Raises:
        authweave.types.ConfigurationError: there is no such file.
    """
    asked.check("firebase", "rounds", "mem_cost", "salt_separator")
    hashed = Hashed(
        asked.setting("mem_cost", "14") or "",
        asked.setting("rounds", "8") or "",
        asked.setting("salt_separator", "Bw==") or "",
    )
    return ListFile(
        existing(file, "firebase"), "firebase", "users", lambda value: line_of(value, asked.tenant_id, hashed)
    )


@attrs.frozen
class Hashed:
    """How the project hashes."""

    mem_cost: str
    rounds: str
    salt_separator: str

    def text(self, password_hash: str, salt: str) -> str:
        """Return a hash as text."""
        return f"$f_scrypt${password_hash}${salt}$m={self.mem_cost}$r={self.rounds}$s={self.salt_separator}"


def line_of(user: Foreign, tenant_id: str, hashed: Hashed) -> Line:
    """Return a user as a line. Custom claims, name and picture stand in the metadata."""
    user_id, email, joined_ms = user["localId"], user.get("email"), milliseconds(user.get("createdAt"))
    is_verified = user.get("emailVerified") is True
    social = [each for each in user.get("providerUserInfo") or () if each["providerId"] not in {"password", "phone"}]
    logins: list[Line] = []
    if email and (user.get("passwordHash") or not social):
        password = {"recipe": "emailpassword", "email": email, "verified": is_verified}
        if user.get("passwordHash"):
            password["password_hash"] = hashed.text(user["passwordHash"], user.get("salt") or "")
        logins.append(password)
    for each in social:
        address = each.get("email") or email
        login: Line = {
            "recipe": "thirdparty",
            "provider": provider_of(each["providerId"]),
            "subject": each["rawId"],
            "email": address,
            "verified": is_verified and address == email,
        }
        logins.append(without_nothing(login))
    if user.get("phoneNumber"):
        logins.append({"recipe": "passwordless", "phone_number": user["phoneNumber"]})
    if not logins:
        raise LineFaultError("it has nothing to sign in with: it is anonymous")
    for number, login in enumerate(logins):
        login["tenant"] = tenant_id
        if number:
            login["id"] = id_of("firebase", tenant_id, user_id, login["recipe"], login.get("provider"))
    claims = user.get("customAttributes")
    metadata = {
        "name": user.get("displayName"),
        "image": user.get("photoUrl"),
        "claims": json.loads(claims) if claims else None,
    }
    return without_nothing(
        {
            "version": 1,
            "id": user_id,
            "time_joined_ms": joined_ms,
            "disabled_at_ms": (joined_ms or 0) if user.get("disabled") else None,
            "metadata": without_nothing(metadata) or None,
            "logins": logins,
        }
    )
