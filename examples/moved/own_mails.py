"""Mails: a service of one's own for verification, and an override around the one that resets passwords."""

import os
from typing import Any, Dict, List

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.ingredients.emaildelivery.types import EmailDeliveryConfig
from supertokens_python.recipe import emailpassword, emailverification, session
from supertokens_python.recipe.emailpassword.types import EmailDeliveryOverrideInput, EmailTemplateVars
from supertokens_python.recipe.emailverification import EmailDeliveryInterface
from supertokens_python.recipe.emailverification.types import EmailTemplateVars as EmailVerificationTemplateVars

outbox: List[Dict[str, Any]] = []


class ByPigeon(EmailDeliveryInterface[EmailVerificationTemplateVars]):
    async def send_email(self, template_vars: EmailVerificationTemplateVars, user_context: Dict[str, Any]) -> None:
        outbox.append(
            {"to": template_vars.user.email, "link": template_vars.email_verify_link, "tenant": template_vars.tenant_id}
        )


class Quiet(emailpassword.EmailDeliveryInterface[EmailTemplateVars]):
    async def send_email(self, template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        outbox.append({"to": template_vars.user.email, "link": template_vars.password_reset_link})


def shorter_links(original_implementation: EmailDeliveryOverrideInput) -> EmailDeliveryOverrideInput:
    original_send_email = original_implementation.send_email

    async def send_email(template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        template_vars.password_reset_link = template_vars.password_reset_link.replace(
            "http://localhost:3000/auth/reset-password", "http://localhost:3000/r"
        )
        return await original_send_email(template_vars, user_context)

    original_implementation.send_email = send_email  # type: ignore  # the documented way: a method
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Mails", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(email_delivery=EmailDeliveryConfig(service=Quiet(), override=shorter_links)),
        emailverification.init(mode="OPTIONAL", email_delivery=EmailDeliveryConfig(service=ByPigeon())),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/outbox")
async def get_outbox():
    return {"outbox": outbox}
