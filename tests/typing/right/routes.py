"""Routes of a FastAPI application."""

from typing import Annotated, assert_type

from fastapi import Depends, FastAPI, Request

from authweave import App, UserContext, get_all_cors_headers
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.framework.starlette import get_session
from authweave.kernel import current_context
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.interfaces import OverrideClaimValidators

api = FastAPI()
api.add_middleware(get_middleware())


class AppContext(UserContext, total=False):
    is_sign_up: bool


# program: a route with a session
@api.get("/me")
async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
    return {"user": session.get_user_id()}


# program: a route with a session where there is one
@api.get("/maybe")
async def maybe(
    session: Annotated[SessionContainer | None, Depends(verify_session(session_required=False))],
) -> dict[str, str | None]:
    return {"user": None if session is None else session.get_user_id()}


# program: a route of the older style, with a default
@api.post("/rename")
async def rename(session: SessionContainer = Depends(verify_session(check_database=True))) -> None:  # noqa: B008, FAST002  the style is the subject
    await session.merge_into_access_token_payload({"name": "Ada"})


# program: a dependency without arguments gives a session
required = verify_session()


async def use_required(request: Request) -> None:
    assert_type(await required(request), SessionContainer)


# program: the session of a request, without a dependency
@api.get("/plain")
async def plain(request: Request) -> str:
    session = await get_session(request)
    assert_type(session, SessionContainer)
    perhaps = await get_session(request, session_required=False, check_database=True)
    assert_type(perhaps, SessionContainer | None)
    return session.get_handle()


# program: a route that sees the user context
@api.get("/context")
async def context() -> bool:
    return current_context(AppContext).get("is_sign_up", False)


# program: routes of an application object that is not the default
def add_routes(router: FastAPI, auth: App[AppContext], validators: OverrideClaimValidators) -> None:
    router.add_middleware(get_middleware(), app=auth)

    @router.get("/mine", dependencies=[Depends(verify_session(app=auth))])
    async def mine(request: Request) -> str:
        session = await get_session(request, app=auth, override_global_claim_validators=validators)
        return session.get_user_id()

    assert_type(mine.__name__, str)


# program: the headers that CORS has to let through
assert_type(get_all_cors_headers(), list[str])
