"""Several websites on one backend: links lead to the site from which they were asked for."""

import os
from typing import Any, Dict, List, Optional

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework import BaseRequest
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.types import EmailTemplateVars

SITES = ["https://blue.example.com", "https://green.example.com"]
links: List[str] = []


def get_origin(request: Optional[BaseRequest], user_context: Dict[str, Any]) -> str:
    if request is not None:
        origin = request.get_header("origin")
        if origin in SITES:
            return origin
    return SITES[0]


def keep_mails(original_implementation: EmailDeliveryInterface[EmailTemplateVars]):
    async def send_email(template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:
        links.append(template_vars.password_reset_link)

    original_implementation.send_email = send_email  # type: ignore  # the documented way: a method
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Colours",
        api_domain="https://api.example.com",
        api_base_path="/auth",
        website_base_path="/account",
        origin=get_origin,
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(email_delivery=EmailDeliveryConfig(override=keep_mails)),
        session.init(cookie_domain=".example.com", get_token_transfer_method=lambda request, create, context: "header"),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/links")
async def get_links():
    return {"links": links}
