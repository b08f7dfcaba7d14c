"""The user context: plugins' contexts, the application's, and the current one."""

import asyncio
import threading
from collections.abc import Mapping
from typing import assert_type

from authweave import get_request_from_user_context
from authweave.kernel import (
    UserContext,
    carry_context,
    current_context,
    forked_context,
    override,
    root_context,
    use_context,
)
from authweave.recipe import emailpassword
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.types import BaseRequest


# program: the contexts of two plugins
class AuditContext(UserContext, total=False):
    audit: list[str]


class LimitContext(UserContext, total=False):
    attempts: int


# program: an application's context that inherits from both and adds a key
class AppContext(AuditContext, LimitContext, total=False):
    is_sign_up: bool


# program: an override by each plugin, written against its own context
@override(RecipeInterface[AuditContext].verify_credentials)
async def audited(
    original: VerifyCredentials[AuditContext], email: str, password: str, tenant_id: str, user_context: AuditContext
) -> SignInResult:
    user_context.setdefault("audit", []).append(tenant_id)
    return await original(email, password, tenant_id, user_context)


@override(RecipeInterface[LimitContext].verify_credentials)
async def limited(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(email, password, tenant_id, user_context)


# program: one by the application, which reads the keys of both
@override(RecipeInterface[AppContext].verify_credentials)
async def reported(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    result = await original(email, password, tenant_id, user_context)
    if user_context.get("attempts", 0) > 1 and "audit" in user_context:
        assert_type(user_context["audit"], list[str])
    return result


# program: all of them in one recipe
emailpassword.init(override=emailpassword.InputOverrideConfig[AppContext]([audited, limited, reported]))

# program: all of them in one recipe, the context inferred from the widest
assert_type(
    emailpassword.init(override=emailpassword.InputOverrideConfig([reported, audited])),
    emailpassword.EmailPasswordSetup[AppContext],
)


# program: an original called with a context of the application's own making
@override(RecipeInterface[AppContext].verify_credentials)
async def afresh(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, tenant_id, {**user_context, "attempts": 0})


# program: the current context, as the application sees it
def sign_up_going_on() -> bool:
    context = current_context(AppContext)
    assert_type(context, AppContext)
    return context.get("is_sign_up", False)


# program: the current context, as the library sees it
assert_type(current_context(), UserContext)

# program: a context that is current for a block
with use_context(AppContext(attempts=1)) as used:
    assert_type(used, AppContext)
    used["audit"] = []

# program: a root call of one's own
with root_context(AppContext(is_sign_up=True)) as root:
    assert_type(root, UserContext)
with root_context():
    current_context(AppContext)["attempts"] = 1

# program: a fork, into which a child writes
with forked_context():
    current_context(AppContext)["is_sign_up"] = False


# program: a function for a thread, bound to the current context
def audit(line: str, *, times: int = 1) -> int:
    current_context(AuditContext).setdefault("audit", []).extend([line] * times)
    return times


carried = carry_context(audit)
assert_type(carried("signed in", times=2), int)
threading.Thread(target=carry_context(audit), args=("signed in",)).run()


# program: the context of a task and of a worker thread
async def in_tasks() -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(asyncio.to_thread(audit, "signed in", times=3))
    assert_type(task.result(), int)


# program: the request that is being served
def address_of(user_context: AppContext) -> str | None:
    request = get_request_from_user_context(user_context)
    if request is None:
        return None
    assert_type(request, BaseRequest)
    return request.get_header("x-forwarded-for")


assert_type(get_request_from_user_context(), BaseRequest | None)

# program: the library's own content
assert_type(current_context().get("_default"), Mapping[str, object] | None)


# program: a function of the application that takes any of its contexts
def remaining(user_context: LimitContext) -> int:
    return 5 - user_context.get("attempts", 0)


remaining(AppContext(is_sign_up=True))
remaining(current_context(AppContext))
