"""An application that serves its OpenAPI document, and has our routes in FastAPI's own: uvicorn app:app"""

from typing import Annotated

from fastapi import Depends, FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware, merge_openapi, verify_session
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.session.interfaces import SessionContainer

auth = init(
    InputAppInfo("Documented", "http://localhost:8000", website_domain="http://localhost:3000"),
    [emailpassword.init(), emailverification.init("OPTIONAL"), session.init()],
    openapi_path="/openapi.json",
)
app = FastAPI()
app.add_middleware(get_middleware())
merge_openapi(app)


@app.get("/me")
async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
    return {"user": session.get_user_id()}
