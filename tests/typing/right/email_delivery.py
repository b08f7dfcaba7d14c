"""Mails: of all recipes, of one, by overrides of each kind, and by services of the application's own."""

from typing import assert_type

from typing_extensions import override

from authweave.app import init
from authweave.ingredients.emaildelivery import SMTPService
from authweave.ingredients.emaildelivery.types import (
    EmailContent,
    EmailDeliveryConfig,
    EmailDeliveryInterface,
    SMTPServiceInterface,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.types import PasswordResetEmailTemplateVars
from authweave.types import InputAppInfo

SMTP = SMTPSettings(host="smtp.example.com", port=587, from_=SMTPSettingsFrom("Example", "no-reply@example.com"))
INFO = InputAppInfo(app_name="App", api_domain="http://localhost:8000", website_domain="http://localhost:3000")

Delivery = EmailDeliveryInterface[PasswordResetEmailTemplateVars]


# program: one service for all recipes
def for_all() -> None:
    init(INFO, [emailpassword.init(), session.init()], email_delivery=EmailDeliveryConfig(service=SMTPService(SMTP)))


# program: a service for one recipe, whose content is another
class Content(SMTPServiceInterface[PasswordResetEmailTemplateVars]):
    def __init__(self, original: SMTPServiceInterface[PasswordResetEmailTemplateVars]) -> None:
        self.original = original

    @override
    async def get_content(
        self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext
    ) -> EmailContent:
        content = await self.original.get_content(template_vars, user_context)
        assert_type(content.subject, str)
        content.subject = f"For {template_vars.user.email}"
        return content

    @override
    async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
        await self.original.send_raw_email(content, user_context)


emailpassword.init(
    email_delivery=EmailDeliveryConfig(service=emailpassword.SMTPService(smtp_settings=SMTP, override=Content))
)


# program: an override of the delivery
class Noted(EmailDeliveryInterface[PasswordResetEmailTemplateVars]):
    def __init__(self, original: Delivery) -> None:
        self.original = original

    @override
    async def send_email(self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext) -> None:
        assert_type(template_vars.password_reset_link, str)
        await self.original.send_email(template_vars, user_context)


emailpassword.init(email_delivery=EmailDeliveryConfig(override=Noted))


# program: a service of the application's own that takes whatever there is
class Own(EmailDeliveryInterface[PasswordResetEmailTemplateVars]):
    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        del template_vars


emailpassword.init(email_delivery=EmailDeliveryConfig(service=Own()))
