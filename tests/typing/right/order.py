"""Named overrides, and the order that they ask for."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, assert_type

from authweave import InputAppInfo, init
from authweave.kernel import AnyOverride, Override, UserContext, override, wrap
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.storage.memory import MemoryStorage

P = ParamSpec("P")
R = TypeVar("R")


def traced(original: Callable[P, R]) -> Callable[P, R]:
    return original


# program: an override with a name, and one that runs outside of it
@override(RecipeInterface[UserContext].verify_credentials, name="limit")
async def limit(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


@override(RecipeInterface[UserContext].verify_credentials, name="audit", before=["limit"])
async def audit(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


assert_type((audit.name, audit.before, audit.after), tuple[str, tuple[str, ...], tuple[str, ...]])


# program: an override that runs inside of others, which it knows by their functions' names
@override(RecipeInterface[UserContext].verify_credentials, after=("limit", "audit"))
async def innermost(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: a wrapper with a name and a place
spans = wrap(RecipeInterface[UserContext].verify_credentials, traced, name="spans", before=["audit"], after=[])
assert_type(spans, Override[RecipeInterface[UserContext]])


# program: an override in SuperTokens style among them, known by its name
def trimmed(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    original_verify = original_implementation.verify_credentials

    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: UserContext) -> SignInResult:
        return await original_verify(email.strip(), password, tenant_id, user_context)

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


last = wrap(RecipeInterface[UserContext].verify_credentials, traced, name="last", after=["audit"])
init(
    InputAppInfo("Example", "api.example.com", website_domain="example.com"),
    [
        session.init(),
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(
                functions=[
                    last,
                    wrap(RecipeInterface[UserContext].verify_credentials, traced, after=["trimmed"]),
                    innermost,
                    trimmed,
                    limit,
                    audit,
                    spans,
                ]
            )
        ),
    ],
    storage=MemoryStorage(),
    secret=b"s" * 32,
)

# program: a list of both styles, with its type spelt out
both: list[AnyOverride[RecipeInterface[UserContext]]] = [trimmed, limit]
both.append(audit)
emailpassword.init(override=emailpassword.InputOverrideConfig(functions=both))

# program: a tuple of overrides, made elsewhere
PLUGIN: tuple[Override[RecipeInterface[UserContext]], ...] = (limit, audit)
emailpassword.init(override=emailpassword.InputOverrideConfig([*PLUGIN, innermost]))
