"""The mail with an invitation."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import attrs
from typing_extensions import override

from authweave.http import website_of
from authweave.ingredients.emaildelivery.types import EmailContent, WritesMail
from authweave.kernel import UserContext
from authweave.types import AppInfo


@attrs.frozen(kw_only=True)
class InvitationMail(WritesMail):
    """
    What the mail is to say. An application that writes it in other words overrides ``get_content``.

    Attributes:
        invitation_link: to the page of the website that accepts it.
    """

    email: str
    organisation: str
    role: str
    invitation_link: str = attrs.field(repr=False)

    @override
    def write(self, app_name: str, locale: str) -> EmailContent:
        """Write it, in English. What somebody else chose does not stand in the subject."""
        said = f"You are invited to join “{self.organisation}” at {app_name}, as {self.role}."
        link = html.escape(self.invitation_link)
        return EmailContent(
            subject=f"An invitation to {' '.join(app_name.split())}",
            body=f'<p>{html.escape(said)}</p><p><a href="{link}">Accept the invitation</a></p>',
            text=f"{said}\n\n{self.invitation_link}\n",
            to_email=self.email,
        )


def invitation_link(app_info: AppInfo, token: str, tenant_id: str, user_context: UserContext) -> str:
    """Return the address of the website's page that accepts an invitation."""
    query = urlencode({"token": token, "tenantId": tenant_id})
    return f"{website_of(app_info, user_context)}{app_info.website_base_path}/accept-invitation?{query}"
