"""Users: listed page by page, counted, found by address, shown as JSON, deleted."""

import os
from typing import Optional

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from supertokens_python import InputAppInfo, SupertokensConfig, convert_to_recipe_user_id, init, is_recipe_initialized
from supertokens_python.asyncio import (
    delete_user,
    get_user,
    get_user_count,
    get_users_newest_first,
    get_users_oldest_first,
    list_users_by_account_info,
)
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.types.base import AccountInfoInput

init(
    app_info=InputAppInfo(app_name="Users", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init()],
    mode="asgi",
    telemetry=False,
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/users")
async def users(limit: int = 2, token: Optional[str] = None):
    page = await get_users_newest_first("public", limit, token)
    return {"emails": [user.emails[0] for user in page.users], "next": page.next_pagination_token}


@app.get("/oldest")
async def oldest():
    page = await get_users_oldest_first("public", limit=1, include_recipe_ids=["emailpassword"])
    return {"email": page.users[0].emails[0], "count": await get_user_count(["emailpassword"], "public")}


@app.get("/users/{user_id}")
async def user(user_id: str):
    found = await get_user(user_id)
    if found is None:
        return JSONResponse({"message": "nobody"}, status_code=404)
    return found.to_json()


@app.get("/find")
async def find(email: str):
    found = await list_users_by_account_info("public", AccountInfoInput(email=email))
    recipe_user_id = convert_to_recipe_user_id(found[0].id)
    method = found[0].login_methods[0]
    return {
        "same_list": found[0].emails == [email.lower()],
        "same_login": recipe_user_id == method.recipe_user_id,
        "same_email": method.has_same_email_as(email.upper()),
        "same_phone": method.has_same_phone_number_as("+44 20 7946 0000"),
        "roles": is_recipe_initialized("userroles"),
        "passwords": is_recipe_initialized("emailpassword"),
    }


@app.delete("/users/{user_id}")
async def delete(user_id: str):
    await delete_user(user_id, remove_all_linked_accounts=True)
    return {"count": await get_user_count()}
