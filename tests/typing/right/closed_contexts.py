"""Contexts that are closed, and keys that are only read."""

from typing import Literal

from typing_extensions import ReadOnly

from authweave import InputAppInfo, UserContext, init
from authweave.kernel import override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.storage.memory import MemoryStorage

INFO = InputAppInfo("Example", "api.example.com", website_domain="example.com")
SECRET = b"s" * 32


# program: a plugin's context with a key that the plugin only reads
class PluginContext(UserContext, total=False):
    """What the plugin reads."""

    campaign: ReadOnly[str]


@override(RecipeInterface[PluginContext].verify_credentials)
async def reads(
    original: VerifyCredentials[PluginContext], email: str, password: str, tenant_id: str, user_context: PluginContext
) -> SignInResult:
    if user_context.get("campaign") == "spring":
        email = email.lower()
    return await original(email, password, tenant_id, user_context)


# program: an application whose key has a narrower type than the plugin reads, in a context of its own that is closed
class AppContext(PluginContext, total=False, closed=True):
    """The application's keys, and no others."""

    campaign: Literal["spring", "autumn"]


init(
    INFO,
    [emailpassword.init(), session.init()],
    storage=MemoryStorage(),
    secret=SECRET,
    context=AppContext,
    overrides=[reads],
)
