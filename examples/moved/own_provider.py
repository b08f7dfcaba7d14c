"""A provider of one's own, described by its endpoints, with an override of what it says of a user."""

import os
from typing import Any, Dict

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.asyncio import list_users_by_account_info
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import session, thirdparty
from supertokens_python.recipe.thirdparty.asyncio import get_provider, manually_create_or_update_user
from supertokens_python.recipe.thirdparty.interfaces import ManuallyCreateOrUpdateUserOkResult
from supertokens_python.recipe.thirdparty.provider import (
    Provider,
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    UserFields,
    UserInfoMap,
)
from supertokens_python.recipe.thirdparty.types import ThirdPartyInfo, UserInfo, UserInfoEmail
from supertokens_python.types.base import AccountInfoInput

issuer = os.environ.get("OPENID_ISSUER", "http://localhost:4000")


def override_provider(original_implementation: Provider) -> Provider:
    original_get_user_info = original_implementation.get_user_info

    async def get_user_info(oauth_tokens: Dict[str, Any], user_context: Dict[str, Any]) -> UserInfo:
        user_info = await original_get_user_info(oauth_tokens, user_context)
        email = "nobody@example.com" if user_info.email is None else user_info.email.id
        return UserInfo(
            third_party_user_id=user_info.third_party_user_id,
            email=UserInfoEmail(email, is_verified=True),
            raw_user_info_from_provider=user_info.raw_user_info_from_provider,
        )

    original_implementation.get_user_info = get_user_info
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Provider", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        thirdparty.init(
            sign_in_and_up_feature=thirdparty.SignInAndUpFeature(
                providers=[
                    ProviderInput(
                        config=ProviderConfig(
                            third_party_id="own",
                            name="Our own",
                            clients=[
                                ProviderClientConfig(client_id="web", client_secret="web-secret", scope=["openid"])
                            ],
                            authorization_endpoint=f"{issuer}/authorise",
                            authorization_endpoint_query_params={"prompt": "login"},
                            token_endpoint=f"{issuer}/token",
                            user_info_endpoint=f"{issuer}/userinfo",
                            user_info_map=UserInfoMap(
                                from_user_info_api=UserFields(
                                    user_id="sub", email="email", email_verified="email_verified"
                                )
                            ),
                        ),
                        override=override_provider,
                    )
                ]
            )
        ),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/about")
async def about():
    provider = await get_provider("public", "own", None)
    assert provider is not None
    redirect = await provider.get_authorisation_redirect_url("http://localhost:3000/auth/callback/own", {})
    return {
        "id": provider.id,
        "name": provider.config.name,
        "client": provider.config.client_id,
        "url": redirect.url_with_query_params,
    }


@app.post("/import")
async def import_user(third_party_user_id: str, email: str):
    result = await manually_create_or_update_user("public", "own", third_party_user_id, email, True)
    if not isinstance(result, ManuallyCreateOrUpdateUserOkResult):
        return {"status": "REFUSED"}
    found = await list_users_by_account_info(
        "public", AccountInfoInput(third_party=ThirdPartyInfo(third_party_user_id, "own"))
    )
    return {
        "new": result.created_new_recipe_user,
        "found": [user.id for user in found] == [result.user.id],
        "third_party": [info.to_json() for info in result.user.third_party],
    }
