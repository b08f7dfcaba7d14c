"""What the recipe is told by `init`, and what it therefore takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from authweave.ingredients.emaildelivery import address_fault
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.storage import check_email, check_text
from authweave.types import BadInputError, normal_email

from .mails import InvitationMail

DAY_S: Final = 86_400
MAX_NAME_CHARACTERS: Final = 100
ROLE: Final = re.compile(r"[a-z][a-z0-9_-]{0,49}")


@attrs.frozen(kw_only=True)
class OrganisationsConfig:
    """
    What `init` was told.

    Attributes:
        roles: all that a member may have, each once.
        max_members: how many members and invitations an organisation may have.
        max_organisations: in how many a user may be who makes another one.
        invitation_lifetime_s: for how many seconds an invitation is valid.
        email_delivery: how invitations are delivered; None is the application's way.
    """

    roles: tuple[str, ...]
    max_members: int
    max_organisations: int
    invitation_lifetime_s: int
    email_delivery: EmailDeliveryConfig[InvitationMail] | None = attrs.field(repr=False)

    def faults(self) -> Iterator[str]:
        """Return what cannot work, in sentences."""
        for role in self.roles:
            if not ROLE.fullmatch(role):
                yield (
                    f"organisations.init has the role {role!r}: write at most 50 lower-case letters, digits, '-' and "
                    "'_', the first a letter."
                )
        for name in ("max_members", "max_organisations", "invitation_lifetime_s"):
            if getattr(self, name) < 1:
                yield f"organisations.init: {name}={getattr(self, name)} must be at least 1."

    def named(self, name: str) -> str:
        """
        Return the name of an organisation, trimmed. It stands in mails: it is one line, and short.

        Raises:
            authweave.types.BadInputError: it cannot be that.
        """
        stripped = name.strip()
        check_text(stripped, "name", MAX_NAME_CHARACTERS)
        if not stripped or not stripped.isprintable():
            raise BadInputError("name must be a line of text.")
        return stripped

    def addressed(self, email: str) -> str:
        """
        Return an address in normal form.

        Raises:
            authweave.types.BadInputError: no mail can be sent to it.
        """
        normal = normal_email(email)
        check_email(normal)
        if fault := address_fault(normal):
            raise BadInputError(f"email {fault}.")
        return normal

    def check_role(self, role: str) -> None:
        """
        Check a role.

        Raises:
            authweave.types.BadInputError: there is none of this name.
        """
        if role not in self.roles:
            raise BadInputError(f"role must be one of: {', '.join(self.roles)}.")
