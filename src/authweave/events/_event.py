"""One security event, as a value."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

EventKind: TypeAlias = Literal[
    "sign_up",
    "sign_in",
    "sign_in_failed",
    "code_sent",
    "password_reset_requested",
    "password_reset",
    "password_changed",
    "email_changed",
    "passkey_added",
    "passkey_removed",
    "recovery_requested",
    "account_recovered",
    "email_verified",
    "email_unverified",
    "accounts_linked",
    "account_unlinked",
    "session_refreshed",
    "sign_out",
    "session_revoked",
    "token_theft",
    "totp_device_added",
    "totp_device_removed",
    "recovery_codes_made",
    "recovery_code_used",
    "roles_changed",
    "tenants_changed",
    "limited",
    "user_deleted",
    "user_disabled",
    "user_enabled",
    "admin_action",
    "admin_refused",
]
"""
What happened.

- ``sign_up``: a user was made, by himself or by the application.
- ``sign_in``: somebody proved to be a user.
- ``sign_in_failed``: somebody did not: the password was wrong, say, or there is no such account. The detail
  ``action`` is ``change_password`` where a user who is signed in gave another password than the old one.
- ``code_sent``: a code or a link to sign in with was sent (``flow_type``), to an address or a phone number
  (``contact``). Of no user: whether there is one is not looked up.
- ``password_reset_requested``: somebody asked for a link to reset a password. Of no user where none was sent.
- ``password_reset``: such a link was used; ``password_changed`` is told as well.
- ``password_changed``, ``email_changed``: of a user.
- ``passkey_added``, ``passkey_removed``: a login method (``recipe_user_id``) of a user got a passkey more, or lost one.
- ``recovery_requested``: somebody asked for a link to recover an account. Of no user where none was sent.
- ``account_recovered``: such a link was used, and the account has a new passkey.
- ``email_verified``: an address turned out to be its user's: he read the mail there, or a provider vouched for him.
- ``email_unverified``: that was taken back.
- ``accounts_linked``: a login method became one of a primary user's, whom it is about; its sessions ended. The details
  say which (``recipe_user_id``), and of which recipe (``method``).
- ``account_unlinked``: a login method is not one of the user's any more (``recipe_user_id``); whether it is gone
  (``was_deleted``).
- ``session_refreshed``: a session got new tokens for its refresh token.
- ``sign_out``: a user ended his session.
- ``session_revoked``: sessions were ended otherwise.
- ``token_theft``: a refresh token was used again after its successor had been. The session is revoked, which is an
  event of its own.
- ``totp_device_added``, ``totp_device_removed``: a user showed a code of a new device, or has one less of those that
  count. A wrong code is ``sign_in_failed`` with the detail ``factor``, ``totp`` or ``recovery_code``; with the fifth
  in a row, ``limited`` is told as well.
- ``recovery_codes_made``: a user has new recovery codes, in the place of those that there were.
- ``recovery_code_used``: he used one; the detail ``unused`` says how many are left.
- ``roles_changed``: a user got or lost a role, or (of no user) a role was made, deleted, or permits something else.
  ``details`` say which role, and how (``change``): ``added``, ``removed``, ``created``, ``deleted``,
  ``permissions_added``, ``permissions_removed``.
- ``tenants_changed``: a user was put into a tenant (``change``: ``added``) or taken out (``removed``); or, of no user,
  a tenant was ``created``, ``changed`` or ``deleted``, or a provider of its own set or removed (``provider_set``,
  ``provider_removed``, with ``third_party_id``).
- ``limited``: an attempt was refused, since there had been too many. Told once a minute for an account and an address,
  and for a hundred of them at most. Of no user: whether there is such an account is not looked up.
- ``user_deleted``, ``user_disabled``, ``user_enabled``: the application, or an administrator, did that to a user.
  ``sign_in_failed`` with the detail ``reason: disabled`` is of somebody who knew the password of a disabled one.
- ``admin_action``: an administrator did something on the page for administrators. The user is the one that it was done
  to; the details say what (``action``), and who did it (``by``).
- ``admin_refused``: a user who may not use that page opened it.
"""

LEVELS: Final[Mapping[EventKind, int]] = {
    "sign_in_failed": logging.WARNING,
    "token_theft": logging.WARNING,
    "limited": logging.WARNING,
    "admin_refused": logging.WARNING,
}
"""Those that are not merely ``INFO`` (OWASP Logging Vocabulary Cheat Sheet)."""

NOTHING: Final[Mapping[str, str]] = {}


@attrs.frozen(kw_only=True)
class SecurityEvent:
    """
    A security event. There is no secret in it: no password, token or hash, and no e-mail address either.

    Attributes:
        id: unique; later events have greater ones.
        kind: what happened.
        time_ms: when, in milliseconds since the epoch.
        recipe_id: the recipe that tells it (``emailpassword``).
        user_id: whom it is about; None where that is not known, for an account that does not exist say.
        tenant_id: in which tenant; None where that is not known.
        client: the address that the request came from (`authweave.types.BaseRequest.client`); None without a request.
        session_handle: which session it is about; None where it is about none, or several.
        details: what else the recipe tells (``{"third_party_id": "google"}``).
    """

    id: str
    kind: EventKind
    time_ms: int
    recipe_id: str
    user_id: str | None = None
    tenant_id: str | None = None
    client: str | None = None
    session_handle: str | None = None
    details: Mapping[str, str] = NOTHING

    @property
    def level(self) -> int:
        """How much it matters, as `logging` counts."""
        return LEVELS.get(self.kind, logging.INFO)

    def fields(self) -> dict[str, object]:
        """Return the fields of its line in the log; ``event`` is what happened."""
        return {
            "event": self.kind,
            "event_id": self.id,
            "recipe": self.recipe_id,
            "user_id": self.user_id,
            "tenant_id": self.tenant_id,
            "client": self.client,
            "session_handle": self.session_handle,
            "details": dict(self.details),
        }
