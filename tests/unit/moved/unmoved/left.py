"""A program of which something is left to a person. A line of which both checkers speak ends with `# <-`."""

import supertokens_python
import supertokens_python.recipe.saml  # <-
from supertokens_python.recipe import oauth2provider, session  # <-
from supertokens_python.recipe.emailpassword.asyncio import sign_in, sign_upp  # <-
from supertokens_python.recipe.emailpassword.interfaces import SignInOkResult
from supertokens_python.recipe.multitenancy.asyncio import create_tenant, delete_third_party_config  # <-
from supertokens_python.types import User, Usr  # <-


async def main(legacy_id: str) -> "supertokens_python.types.User":
    session.inti()  # <-
    supertokens_python.inti()  # <-
    await delete_third_party_config("public", "google")
    await create_tenant("customer", None)
    result = await sign_in("public", "ada@example.com", "correct horse 1")
    assert isinstance(result, SignInOkResult)
    result.user.id = legacy_id  # <-
    session.init(anti_csrf="VIA_TOKEN")
    return result.user


def never(user: User, other: Usr) -> None:
    sign_upp(user, other, oauth2provider)
