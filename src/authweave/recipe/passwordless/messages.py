"""The mails and text messages of the recipe: the links in them, and how they are sent."""

from __future__ import annotations

from urllib.parse import urlencode

import attrs

from authweave.http import website_of
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.ingredients.smsdelivery import SMSDelivery
from authweave.kernel import UserContext
from authweave.types import AppInfo

from .store import ContactKind
from .types import (
    CreateCodeOkResult,
    CreateNewCodeForDeviceOkResult,
    EmailTemplateVars,
    FlowType,
    PasswordlessLoginEmailTemplateVars,
    PasswordlessLoginSMSTemplateVars,
    SMSTemplateVars,
)

Made = CreateCodeOkResult | CreateNewCodeForDeviceOkResult
"""A code that is to be sent."""


def magic_link(
    app_info: AppInfo, pre_auth_session_id: str, link_code: str, tenant_id: str, user_context: UserContext
) -> str:
    """
    Return the address of the website's page that signs in, as the frontends serve it.

    The code stands behind the ``#``, which browsers keep to themselves: it is in no log of a server.
    """
    website = website_of(app_info, user_context)
    query = urlencode({"preAuthSessionId": pre_auth_session_id, "tenantId": tenant_id})
    return f"{website}{app_info.website_base_path}/verify?{query}#{link_code}"


@attrs.frozen
class Messages:
    """
    Sends codes and links.

    Attributes:
        emails: how mails are delivered, with the application's overrides.
        texts: how text messages are.
    """

    app_info: AppInfo
    emails: EmailDelivery[EmailTemplateVars] = attrs.field(repr=False)
    texts: SMSDelivery[SMSTemplateVars] = attrs.field(repr=False)

    async def send(
        self,
        kind: ContactKind,
        to: str,
        made: Made,
        flow_type: FlowType,
        tenant_id: str,
        user_context: UserContext,
        *,
        is_first_factor: bool,
    ) -> None:
        """
        Send a code, a link or both.

        Args:
            kind: whether it is sent to an address or a number.
            to: the address as it was typed, or the number.
            made: the code.
            flow_type: what is sent of it.
            tenant_id: where it is good.
            user_context: that of the request.
            is_first_factor: False for a second factor.

        Raises:
            Exception: it cannot be written, or what the application's own service or override raises.
        """
        code = None if flow_type == "MAGIC_LINK" else made.user_input_code
        link = (
            None
            if flow_type == "USER_INPUT_CODE"
            else magic_link(self.app_info, made.pre_auth_session_id, made.link_code, tenant_id, user_context)
        )
        life_time, device = made.code_life_time, made.pre_auth_session_id
        if kind == "email":
            mail = PasswordlessLoginEmailTemplateVars(tenant_id, life_time, device, to, is_first_factor, code, link)
            await self.emails.send_email_or_raise(mail, user_context)
        else:
            text = PasswordlessLoginSMSTemplateVars(tenant_id, life_time, device, to, is_first_factor, code, link)
            await self.texts.send_sms_or_raise(text, user_context)
