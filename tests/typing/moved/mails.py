"""Mails, as documents of the reference have them sent."""

from typing import Any, Dict

from authweave.ingredients.emaildelivery.types import (
    EmailContent,
    EmailDeliveryConfig,
    EmailDeliveryInterface,
    SMTPServiceInterface,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.recipe import emailpassword, emailverification
from authweave.recipe.emailpassword.types import EmailTemplateVars
from authweave.recipe.emailverification.types import (
    EmailTemplateVars as VerificationTemplateVars,
)


class MailService(EmailDeliveryInterface[EmailTemplateVars]):
    async def send_email(self, template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        user_context["sent"] = True
        print(template_vars.user.email, template_vars.password_reset_link)


def custom_email_delivery(
    original_implementation: EmailDeliveryInterface[EmailTemplateVars],
) -> EmailDeliveryInterface[EmailTemplateVars]:
    original_send_email = original_implementation.send_email

    async def send_email(template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        template_vars.password_reset_link = template_vars.password_reset_link.replace("/auth/", "/account/")
        return await original_send_email(template_vars, user_context)

    original_implementation.send_email = send_email  # type: ignore[method-assign]
    return original_implementation


def custom_verification_delivery(
    original_implementation: EmailDeliveryInterface[VerificationTemplateVars],
) -> EmailDeliveryInterface[VerificationTemplateVars]:
    original_send_email = original_implementation.send_email

    async def send_email(template_vars: VerificationTemplateVars, user_context: Dict[str, Any]) -> None:
        template_vars.email_verify_link = template_vars.email_verify_link.replace("/auth/", "/account/")
        return await original_send_email(template_vars, user_context)

    original_implementation.send_email = send_email  # type: ignore[method-assign]
    return original_implementation


def custom_smtp(
    original_implementation: SMTPServiceInterface[EmailTemplateVars],
) -> SMTPServiceInterface[EmailTemplateVars]:
    original_get_content = original_implementation.get_content
    original_send_raw_email = original_implementation.send_raw_email

    async def get_content(template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> EmailContent:
        content = await original_get_content(template_vars, user_context)
        return EmailContent(body=content.body, is_html=content.is_html, subject="Hello", to_email=content.to_email)

    async def send_raw_email(content: EmailContent, user_context: Dict[str, Any]) -> None:
        return await original_send_raw_email(content, user_context)

    original_implementation.get_content = get_content  # type: ignore[method-assign]
    original_implementation.send_raw_email = send_raw_email  # type: ignore[method-assign]
    return original_implementation


smtp_settings = SMTPSettings(
    host="smtp.example.com",
    port=587,
    from_=SMTPSettingsFrom(name="Example", email="no-reply@example.com"),
    password="secret",
    secure=False,
)

emailpassword.init(email_delivery=EmailDeliveryConfig(service=MailService(), override=custom_email_delivery))
emailpassword.init(email_delivery=EmailDeliveryConfig(override=custom_email_delivery))
emailpassword.init(
    email_delivery=EmailDeliveryConfig(
        service=emailpassword.SMTPService(smtp_settings=smtp_settings, override=custom_smtp)
    )
)
emailverification.init(mode="REQUIRED", email_delivery=EmailDeliveryConfig(override=custom_verification_delivery))
