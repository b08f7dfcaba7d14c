"""supertokens-python, set up as its documentation does, in front of a stub of its core."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import session
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import RecipeInterface
from supertokens_python.recipe.session.recipe import SessionRecipe


def functions(core_port: int) -> RecipeInterface:
    """Initialise it, and return the functions of its session recipe."""
    init(
        app_info=InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        supertokens_config=SupertokensConfig(connection_uri=f"http://127.0.0.1:{core_port}"),
        framework="fastapi",
        recipe_list=[session.init()],
        mode="asgi",
        telemetry=False,
    )
    return SessionRecipe.get_instance().recipe_implementation


def build(core_port: int) -> FastAPI:
    """Build an application with a protected route."""
    functions(core_port)
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/protected", dependencies=[Depends(verify_session())])
    async def protected() -> dict[str, str]:
        return {"status": "ok"}

    return app
