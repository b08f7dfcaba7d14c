"""Keycloak's export of a realm, as JSON: one file, or those of its users."""

from __future__ import annotations

import json
from typing import Final

from authweave.moving._fields import Line, without_nothing
from authweave.moving._files import ListFile
from authweave.moving._user import LineFaultError

from ._asked import Asked
from ._paths import existing
from ._values import NOTHING, Foreign, id_of, milliseconds, provider_of

EVERYBODY: Final = frozenset({"offline_access", "uma_authorization"})
"""Roles that every user has."""

DIGESTS: Final = {"pbkdf2": "sha1", "pbkdf2-sha256": "sha256", "pbkdf2-sha512": "sha512"}
ARGON2_VERSIONS: Final = {"1.0": 16, "1.3": 19}


def open_keycloak(file: str, asked: Asked) -> ListFile:
    """
    Open an export: ``kc.sh export --file realm.json --users same_file --realm NAME``.

    Raises:
        authweave.types.ConfigurationError: there is no such file.
    """
    asked.check("keycloak")
    return ListFile(existing(file, "keycloak"), "keycloak", "users", lambda value: line_of(value, asked.tenant_id))


def line_of(user: Foreign, tenant_id: str) -> Line:
    """Return a user as a line. Roles of a client are called ``client:role``; attributes stand in the metadata."""
    if user.get("serviceAccountClientId"):
        raise LineFaultError("it is the account of a service, and no user")
    user_id, email, joined_ms = user["id"], user.get("email"), milliseconds(user.get("createdTimestamp"))
    is_verified = user.get("emailVerified") is True
    social = user.get("federatedIdentities") or ()
    password = next((each for each in user.get("credentials") or () if each["type"] == "password"), None)
    logins: list[Line] = []
    if email and (password is not None or not social):
        login: Line = {"recipe": "emailpassword", "email": email, "verified": is_verified}
        if password is not None:
            login["password_hash"] = hash_of(password)
        logins.append(login)
    for each in social:
        login = {
            "recipe": "thirdparty",
            "provider": provider_of(each["identityProvider"]),
            "subject": each["userId"],
            "email": email,
            "verified": is_verified,
        }
        logins.append(without_nothing(login))
    if not logins:
        raise LineFaultError("it has no address, and no other way to sign in")
    for number, login in enumerate(logins):
        login["tenant"] = tenant_id
        if number:
            login["id"] = id_of("keycloak", tenant_id, login.get("provider"), login.get("subject"))
    names = [each for each in user.get("realmRoles") or () if each not in EVERYBODY and not each.startswith("default-")]
    names += [f"{client}:{role}" for client, roles in (user.get("clientRoles") or NOTHING).items() for role in roles]
    kept = ("username", "firstName", "lastName", "attributes", "groups")
    return without_nothing(
        {
            "version": 1,
            "id": user_id,
            "time_joined_ms": joined_ms,
            "disabled_at_ms": None if user.get("enabled", True) else (joined_ms or 0),
            "roles": {tenant_id: names} if names else None,
            "metadata": {name: user[name] for name in kept if user.get(name)} or None,
            "logins": logins,
        }
    )


def hash_of(credential: Foreign) -> str:
    """Return a hash as text: of releases that keep secrets apart (8 and later), and of those before."""
    if "secretData" in credential:
        secret, data = json.loads(credential["secretData"]), json.loads(credential["credentialData"])
        key, salt = secret["value"], secret["salt"]
    else:
        data, key, salt = credential, credential["hashedSaltedValue"], credential["salt"]
    algorithm, count = data["algorithm"], int(data["hashIterations"])
    if algorithm == "argon2":
        given = {name: values[0] for name, values in data["additionalParameters"].items()}
        version = ARGON2_VERSIONS[given["version"]]
        costs = f"m={given['memory']},t={count},p={given['parallelism']}"
        return f"$argon2{given['type']}$v={version}${costs}${salt.rstrip('=')}${key.rstrip('=')}"
    if algorithm not in DIGESTS:
        raise LineFaultError("its password is hashed by an algorithm that is not known here")
    return f"$pbkdf2-{DIGESTS[algorithm]}${count}${passlib_base64(salt)}${passlib_base64(key)}"


def passlib_base64(text: str) -> str:
    """Return base64 as passlib writes it."""
    return text.rstrip("=").replace("+", ".")
