"""An application with its tests in the same file: ``pytest tested.py``."""

import os
from typing import Any, Dict

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.asyncio import get_user
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.asyncio import create_new_session_without_request_response
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.types import RecipeUserId


def make_app() -> FastAPI:
    init(
        app_info=InputAppInfo(
            app_name="Tested", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
        ),
        supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
        framework="fastapi",
        recipe_list=[emailpassword.init(), session.init(anti_csrf="VIA_TOKEN", cookie_secure=False)],
        mode="asgi",
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/me")
    async def me(session: SessionContainer = Depends(verify_session())):
        user = await get_user(session.get_user_id())
        return {"emails": [] if user is None else user.emails}

    @app.post("/token")
    async def token(user_id: str):
        session = await create_new_session_without_request_response("public", RecipeUserId(user_id))
        return {"token": session.get_access_token()}

    return app


app = make_app()


def form(email: str, password: str) -> Dict[str, Any]:
    return {"formFields": [{"id": "email", "value": email}, {"id": "password", "value": password}]}


def test_sign_up_and_in() -> None:
    client = TestClient(app, headers={"st-auth-mode": "cookie"})
    signed_up = client.post("/auth/signup", json=form("test@example.com", "correct horse 1"))
    assert signed_up.json()["status"] == "OK"
    signed_in = client.post("/auth/signin", json=form("test@example.com", "correct horse 1"))
    assert signed_in.json()["user"]["emails"] == ["test@example.com"]
    assert client.get("/me", headers={"anti-csrf": signed_in.headers["anti-csrf"]}).json() == {
        "emails": ["test@example.com"]
    }


def test_without_a_session() -> None:
    answer = TestClient(app).get("/me")
    assert answer.status_code == 401
    assert answer.json() == {"message": "unauthorised"}


def test_a_token_made_by_hand() -> None:
    client = TestClient(app)
    token = client.post("/token", params={"user_id": "somebody"}).json()["token"]
    assert client.get("/me", headers={"authorization": f"Bearer {token}"}).json() == {"emails": []}


def test_wrong_password() -> None:
    client = TestClient(app)
    client.post("/auth/signup", json=form("wrong@example.com", "correct horse 1"))
    answer = client.post("/auth/signin", json=form("wrong@example.com", "another horse 1"))
    assert answer.json() == {"status": "WRONG_CREDENTIALS_ERROR"}
