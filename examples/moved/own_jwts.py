"""JWTs of the application's own, for another service that has the published keys."""

import os

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import session
from supertokens_python.recipe.jwt.interfaces import CreateJwtOkResult
from supertokens_python.recipe.session.asyncio import create_jwt, get_jwks, get_open_id_discovery_configuration

init(
    app_info=InputAppInfo(app_name="JWTs", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[session.init()],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/token")
async def token():
    response = await create_jwt({"source": "microservice"}, 60)
    if isinstance(response, CreateJwtOkResult):
        return {"jwt": response.jwt}
    raise Exception("Unable to create JWT. Should never come here.")


@app.get("/keys")
async def keys():
    return {
        "kids": [key.kid for key in (await get_jwks()).keys],
        "at": (await get_open_id_discovery_configuration()).jwks_uri,
    }
