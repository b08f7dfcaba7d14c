"""
What stands here for a name of supertokens-python 0.31.4.

Most names resolve when ``supertokens_python`` is replaced by ``authweave``, and have no entry. A path is without its
package: ``recipe.session.interfaces.SessionContainer``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

THERE: Final = "supertokens_python"
HERE: Final = "authweave"

MOVED: Final[dict[str, str]] = {
    "recipe.emailpassword.emaildelivery.services.SMTPService": "recipe.emailpassword.SMTPService",
    "recipe.emailverification.emaildelivery.services.SMTPService": "recipe.emailverification.SMTPService",
    "recipe.passwordless.emaildelivery.services.SMTPService": "recipe.passwordless.SMTPService",
    "recipe.passwordless.smsdelivery.services.TwilioService": "recipe.passwordless.TwilioService",
    "recipe.passwordless.smsdelivery.services.twilio.TwilioService": "recipe.passwordless.TwilioService",
    "recipe.webauthn.emaildelivery.services.smtp.base.SMTPService": "recipe.webauthn.SMTPService",
    "recipe.jwt.interfaces.CreateJwtOkResult": "recipe.session.interfaces.CreateJwtOkResult",
    "recipe.jwt.interfaces.CreateJwtResultUnsupportedAlgorithm": (
        "recipe.session.interfaces.CreateJwtResultUnsupportedAlgorithm"
    ),
    "recipe.jwt.interfaces.GetJWKSResult": "recipe.session.interfaces.GetJWKSResult",
    "recipe.jwt.interfaces.JsonWebKey": "recipe.session.interfaces.JsonWebKey",
    "recipe.multitenancy.recipe.AllowedDomainsClaim": "recipe.multitenancy.AllowedDomainsClaim",
    "recipe.multitenancy.recipe.AllowedDomainsClaimClass": "recipe.multitenancy.claims.AllowedDomainsClaimClass",
    "recipe.openid.interfaces.CreateJwtOkResult": "recipe.session.interfaces.CreateJwtOkResult",
    "recipe.openid.interfaces.CreateJwtResultUnsupportedAlgorithm": (
        "recipe.session.interfaces.CreateJwtResultUnsupportedAlgorithm"
    ),
    "recipe.openid.interfaces.GetJWKSResult": "recipe.session.interfaces.GetJWKSResult",
    "recipe.openid.interfaces.GetOpenIdDiscoveryConfigurationResult": (
        "recipe.session.interfaces.GetOpenIdDiscoveryConfigurationResult"
    ),
    "recipe.openid.asyncio.create_jwt": "recipe.session.asyncio.create_jwt",
    "recipe.openid.asyncio.get_jwks": "recipe.session.asyncio.get_jwks",
    "recipe.openid.asyncio.get_open_id_discovery_configuration": (
        "recipe.session.asyncio.get_open_id_discovery_configuration"
    ),
    "recipe.openid.syncio.create_jwt": "recipe.session.syncio.create_jwt",
    "recipe.openid.syncio.get_jwks": "recipe.session.syncio.get_jwks",
    "recipe.openid.syncio.get_open_id_discovery_configuration": (
        "recipe.session.syncio.get_open_id_discovery_configuration"
    ),
    "supertokens.Supertokens": "Supertokens",
}
"""Names that are elsewhere, or are called something else: there and here. One entry for each name."""


class NotHere(NamedTuple):
    """
    Why a name has no counterpart.

    Attributes:
        why: what to do instead, as a sentence.
        row: the row of the page on moving, where one is about it.
    """

    why: str
    row: str | None = None


def to_come(what: str) -> NotHere:
    """Say it of a recipe that may come."""
    return NotHere(f"{what} is still to come: keep this part aside, docs/how-to/not-there-yet.md says what to do.")


def internal(instead: str) -> NotHere:
    """Say it of what is internal there."""
    return NotHere(f"This is internal there, and not here: {instead}")


FUNCTIONS: Final = internal("override the recipe's functions, or call those of its asyncio and syncio.")
RECIPES: Final = internal(
    "override the recipe's functions, or call those of its asyncio and syncio; in tests, Supertokens.reset() is enough."
)
ROUTES: Final = internal("override the recipe's APIs.")
KEYS: Final = NotHere(
    "The keys are published at /auth/jwt/jwks.json; docs/how-to/verify-elsewhere.md says how tokens are verified."
)
JWTS: Final = NotHere(
    "The session recipe creates JWTs and publishes the keys, and nobody has to switch that on: import create_jwt from "
    "recipe.session.asyncio. Its `iss` is api_domain with the base path, unless the payload names another."
)

TEXTS: Final = NotHere(
    "Text messages go by a gateway of your own, for which a sender is written: docs/how-to/sms.md says how."
)

NOT_HERE: Final[dict[str, NotHere]] = {
    "recipe.dashboard": NotHere("A page for administrators stands in its place: docs/how-to/admin-page.md."),
    "recipe.jwt": JWTS,
    "recipe.oauth2provider": to_come("The OAuth 2.0 provider"),
    "recipe.openid": JWTS,
    "recipe.saml": to_come("SAML"),
    "recipe.emailpassword.api": ROUTES,
    "recipe.emailverification.api": ROUTES,
    "recipe.multifactorauth.api": ROUTES,
    "recipe.multitenancy.api": ROUTES,
    "recipe.passwordless.api": ROUTES,
    "recipe.session.api": ROUTES,
    "recipe.thirdparty.api": ROUTES,
    "recipe.totp.api": ROUTES,
    "recipe.webauthn.api": ROUTES,
    "recipe.emailpassword.recipe": RECIPES,
    "recipe.passwordless.SuperTokensSMSService": TEXTS,
    "recipe.passwordless.smsdelivery": TEXTS,
    "ingredients.smsdelivery.services": TEXTS,
    "recipe.session.recipe": RECIPES,
    "recipe.thirdparty.recipe": RECIPES,
    "recipe.usermetadata.recipe": RECIPES,
    "recipe.webauthn.recipe": RECIPES,
    "recipe.session.access_token": KEYS,
    "recipe.session.cookie_and_header": internal("get_token_transfer_method and the settings of session.init decide."),
    "recipe.session.jwks": KEYS,
    "recipe.session.jwt": KEYS,
    "recipe.session.session_class": internal("SessionContainer of recipe.session.interfaces is the type of sessions."),
    "recipe.session.session_functions": FUNCTIONS,
    "recipe.session.session_request_functions": FUNCTIONS,
    "async_to_sync_wrapper": internal("import the function from its syncio module."),
    "constants": internal("write the value where it is needed."),
    "env": internal("debug mode is debug= of init."),
    "logger": internal("the library logs to the loggers below `authweave`."),
    "normalised_url_domain": internal("InputAppInfo normalises what it is given."),
    "normalised_url_path": internal("InputAppInfo normalises what it is given."),
    "plugins": NotHere("Plugins are made in another manner: docs/how-to/plugins.md."),
    "post_init_callbacks": internal("write it below the call of init."),
    "process_state": internal("tests have authweave.testing."),
    "querier": NotHere("There is no core to ask.", "M1"),
    "recipe_module": internal("docs/how-to/your-own-recipe.md says how a recipe is made."),
    "test": internal("tests have authweave.testing."),
    "utils": internal("write it where it is needed."),
}
"""What is not here, by the longest path that it begins with; names that stand in `MOVED`, or resolve, come first."""

MODULES: Final = frozenset(
    {
        "",
        "asyncio",
        "auth_utils",
        "exceptions",
        "framework",
        "framework.django",
        "framework.django.django_middleware",
        "framework.django.django_request",
        "framework.django.django_response",
        "framework.fastapi",
        "framework.fastapi.fastapi_middleware",
        "framework.fastapi.fastapi_request",
        "framework.fastapi.fastapi_response",
        "framework.flask",
        "framework.flask.flask_middleware",
        "framework.flask.flask_request",
        "framework.flask.flask_response",
        "framework.request",
        "framework.response",
        "framework.types",
        "ingredients",
        "ingredients.emaildelivery",
        "ingredients.emaildelivery.services",
        "ingredients.emaildelivery.services.smtp",
        "ingredients.emaildelivery.types",
        "ingredients.smsdelivery",
        "ingredients.smsdelivery.services",
        "ingredients.smsdelivery.services.twilio",
        "ingredients.smsdelivery.types",
        "interfaces",
        "recipe",
        "recipe.accountlinking",
        "recipe.accountlinking.asyncio",
        "recipe.accountlinking.interfaces",
        "recipe.accountlinking.recipe",
        "recipe.accountlinking.recipe_implementation",
        "recipe.accountlinking.syncio",
        "recipe.accountlinking.types",
        "recipe.accountlinking.utils",
        "recipe.emailpassword",
        "recipe.emailpassword.asyncio",
        "recipe.emailpassword.constants",
        "recipe.emailpassword.emaildelivery",
        "recipe.emailpassword.emaildelivery.services",
        "recipe.emailpassword.emaildelivery.services.smtp",
        "recipe.emailpassword.exceptions",
        "recipe.emailpassword.interfaces",
        "recipe.emailpassword.recipe",
        "recipe.emailpassword.recipe_implementation",
        "recipe.emailpassword.syncio",
        "recipe.emailpassword.types",
        "recipe.emailpassword.utils",
        "recipe.emailverification",
        "recipe.emailverification.asyncio",
        "recipe.emailverification.constants",
        "recipe.emailverification.emaildelivery",
        "recipe.emailverification.emaildelivery.services",
        "recipe.emailverification.emaildelivery.services.smtp",
        "recipe.emailverification.exceptions",
        "recipe.emailverification.interfaces",
        "recipe.emailverification.recipe",
        "recipe.emailverification.recipe_implementation",
        "recipe.emailverification.syncio",
        "recipe.emailverification.types",
        "recipe.emailverification.utils",
        "recipe.jwt",
        "recipe.jwt.interfaces",
        "recipe.multifactorauth",
        "recipe.multifactorauth.asyncio",
        "recipe.multifactorauth.constants",
        "recipe.multifactorauth.interfaces",
        "recipe.multifactorauth.multi_factor_auth_claim",
        "recipe.multifactorauth.recipe",
        "recipe.multifactorauth.recipe_implementation",
        "recipe.multifactorauth.syncio",
        "recipe.multifactorauth.types",
        "recipe.multifactorauth.utils",
        "recipe.multitenancy",
        "recipe.multitenancy.asyncio",
        "recipe.multitenancy.constants",
        "recipe.multitenancy.exceptions",
        "recipe.multitenancy.interfaces",
        "recipe.multitenancy.recipe",
        "recipe.multitenancy.recipe_implementation",
        "recipe.multitenancy.syncio",
        "recipe.multitenancy.utils",
        "recipe.openid",
        "recipe.openid.asyncio",
        "recipe.openid.interfaces",
        "recipe.openid.syncio",
        "recipe.passwordless",
        "recipe.passwordless.asyncio",
        "recipe.passwordless.constants",
        "recipe.passwordless.emaildelivery",
        "recipe.passwordless.emaildelivery.services",
        "recipe.passwordless.emaildelivery.services.smtp",
        "recipe.passwordless.exceptions",
        "recipe.passwordless.interfaces",
        "recipe.passwordless.recipe",
        "recipe.passwordless.recipe_implementation",
        "recipe.passwordless.smsdelivery",
        "recipe.passwordless.smsdelivery.services",
        "recipe.passwordless.smsdelivery.services.twilio",
        "recipe.passwordless.syncio",
        "recipe.passwordless.types",
        "recipe.passwordless.utils",
        "recipe.session",
        "recipe.session.asyncio",
        "recipe.session.claim_base_classes",
        "recipe.session.claim_base_classes.boolean_claim",
        "recipe.session.claim_base_classes.primitive_array_claim",
        "recipe.session.claim_base_classes.primitive_claim",
        "recipe.session.claims",
        "recipe.session.constants",
        "recipe.session.exceptions",
        "recipe.session.framework",
        "recipe.session.framework.django",
        "recipe.session.framework.django.asyncio",
        "recipe.session.framework.django.syncio",
        "recipe.session.framework.fastapi",
        "recipe.session.framework.flask",
        "recipe.session.interfaces",
        "recipe.session.recipe",
        "recipe.session.recipe_implementation",
        "recipe.session.syncio",
        "recipe.session.utils",
        "recipe.thirdparty",
        "recipe.thirdparty.asyncio",
        "recipe.thirdparty.constants",
        "recipe.thirdparty.exceptions",
        "recipe.thirdparty.interfaces",
        "recipe.thirdparty.provider",
        "recipe.thirdparty.providers",
        "recipe.thirdparty.recipe",
        "recipe.thirdparty.recipe_implementation",
        "recipe.thirdparty.syncio",
        "recipe.thirdparty.types",
        "recipe.thirdparty.utils",
        "recipe.totp",
        "recipe.totp.asyncio",
        "recipe.totp.constants",
        "recipe.totp.interfaces",
        "recipe.totp.recipe",
        "recipe.totp.recipe_implementation",
        "recipe.totp.syncio",
        "recipe.totp.types",
        "recipe.totp.utils",
        "recipe.usermetadata",
        "recipe.usermetadata.asyncio",
        "recipe.usermetadata.exceptions",
        "recipe.usermetadata.interfaces",
        "recipe.usermetadata.recipe",
        "recipe.usermetadata.syncio",
        "recipe.usermetadata.utils",
        "recipe.userroles",
        "recipe.userroles.asyncio",
        "recipe.userroles.exceptions",
        "recipe.userroles.interfaces",
        "recipe.userroles.recipe",
        "recipe.userroles.syncio",
        "recipe.userroles.utils",
        "recipe.webauthn",
        "recipe.webauthn.constants",
        "recipe.webauthn.emaildelivery",
        "recipe.webauthn.emaildelivery.services",
        "recipe.webauthn.emaildelivery.services.smtp",
        "recipe.webauthn.emaildelivery.services.smtp.base",
        "recipe.webauthn.exceptions",
        "recipe.webauthn.functions",
        "recipe.webauthn.interfaces",
        "recipe.webauthn.interfaces.api",
        "recipe.webauthn.interfaces.recipe",
        "recipe.webauthn.recipe",
        "recipe.webauthn.recipe_implementation",
        "recipe.webauthn.types",
        "recipe.webauthn.types.base",
        "recipe.webauthn.types.config",
        "recipe.webauthn.utils",
        "supertokens",
        "syncio",
        "types",
        "types.auth_utils",
        "types.base",
        "types.config",
        "types.recipe",
        "types.response",
        "types.utils",
    }
)
"""Modules there whose names are looked for in the module of the same path here, where that is."""
