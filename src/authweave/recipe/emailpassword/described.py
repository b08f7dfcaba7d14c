"""What the routes of the recipe take and answer, as data (docs/reference/http.md, Password)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from authweave.http import (
    GENERAL_ERROR,
    LEGACY_USER,
    OK,
    TEXT,
    USER,
    Answer,
    Link,
    Parameter,
    Schema,
    array_of,
    object_schema,
    one_of,
    status_schema,
)
from authweave.recipe.session.interfaces import LINKING, NEW_TOKENS

from .form_fields import EMAIL, PASSWORD, STANDARD_IDS
from .types import InputFormField

FIELD_ERROR: Final = status_schema(
    "FieldError",
    "FIELD_ERROR",
    "The form has faults.",
    formFields=array_of(object_schema("FaultyField", {"id": TEXT, "error": TEXT})),
)
WRONG_CREDENTIALS: Final = status_schema("WrongCredentials", "WRONG_CREDENTIALS_ERROR")
SIGN_UP_NOT_ALLOWED: Final = status_schema("SignUpNotAllowed", "SIGN_UP_NOT_ALLOWED", reason=TEXT)
SIGN_IN_NOT_ALLOWED: Final = status_schema("SignInNotAllowed", "SIGN_IN_NOT_ALLOWED", reason=TEXT)
RESET_NOT_ALLOWED: Final = status_schema("PasswordResetNotAllowed", "PASSWORD_RESET_NOT_ALLOWED", reason=TEXT)
INVALID_TOKEN: Final = status_schema("InvalidPasswordResetToken", "RESET_PASSWORD_INVALID_TOKEN_ERROR")
EXISTS: Final = status_schema("EmailExists", "OK", exists={"type": "boolean"})

NO_RESET: Final = Answer(200, "Passwords are not reset here: `message` tells the person.", GENERAL_ERROR)

STANDARD: Final = {
    EMAIL: object_schema("EmailField", {"id": {"type": "string", "const": EMAIL}, "value": TEXT}),
    PASSWORD: object_schema("PasswordField", {"id": {"type": "string", "const": PASSWORD}, "value": TEXT}),
}
EMAIL_OF_QUERY: Final = Parameter("email", "The address.", is_required=True)


def form(title: str, fields: Sequence[InputFormField], *, may_link: bool = False, token: bool = False) -> Schema:
    """Return the schema of a body with a form."""
    wanted = [STANDARD[each.id] for each in fields if each.id in STANDARD_IDS]
    if own := [each.id for each in fields if each.id not in STANDARD_IDS]:
        wanted.append(object_schema("OwnField", {"id": {"type": "string", "enum": own}, "value": {}}))
    form_fields: Schema = {
        **array_of(one_of(*wanted)),
        "minItems": sum(not each.optional for each in fields),
        "maxItems": len(fields),
        "description": f"The fields of the form: {', '.join(each.id for each in fields)}.",
    }
    properties: dict[str, Schema] = {"formFields": form_fields}
    if token:
        properties["token"] = {"type": "string", "description": "That of the link in the mail."}
        properties["method"] = {"description": "Is not looked at; the frontends send `token`."}
    if may_link:
        properties["shouldTryLinkingWithSessionUser"] = LINKING
    return object_schema(title, properties, optional=("method", "shouldTryLinkingWithSessionUser"))


def signed_in(*others: Schema, description: str, links: tuple[Link, ...] = ()) -> Answer:
    """Return the answer of a sign-up or sign-in."""
    current, former = (
        one_of(status_schema(title, "OK", user=user), *others, FIELD_ERROR, GENERAL_ERROR)
        for title, user in (("SignedIn", USER), ("LegacySignedIn", LEGACY_USER))
    )
    return Answer(200, description, current, legacy_schema=former, headers=NEW_TOKENS, links=links)


SIGN_IN: Final = signed_in(
    WRONG_CREDENTIALS,
    SIGN_IN_NOT_ALLOWED,
    description="`status` says whether somebody is signed in.",
    links=(
        Link("POST /signin", "Sign in again.", body="$request.body"),
        Link(
            "GET /emailpassword/email/exists",
            "Ask whether the address is taken.",
            query={"email": "$request.body#/formFields/0/value"},
        ),
    ),
)
SIGN_UP: Final = signed_in(
    SIGN_UP_NOT_ALLOWED,
    description="`status` says whether there is a new user.",
    links=(
        Link("POST /signin", "Sign in with the same form.", body="$request.body"),
        Link("POST /signup", "Sign up once more: the address is taken by now.", body="$request.body"),
        Link(
            "GET /emailpassword/email/exists",
            "Ask whether the address is taken.",
            query={"email": "$request.body#/formFields/0/value"},
        ),
        Link(
            "POST /user/password/reset/token",
            "Ask for a link to reset the password.",
            body={"formFields": [{"id": "email", "value": "$request.body#/formFields/0/value"}]},
        ),
    ),
)
EMAIL_EXISTS: Final = Answer(
    200, "`exists` says whether the tenant has a user with the address.", one_of(EXISTS, GENERAL_ERROR)
)
RESET_TOKEN: Final = Answer(
    200,
    "If there is such a user, a mail is on its way.",
    one_of(OK, RESET_NOT_ALLOWED, FIELD_ERROR, GENERAL_ERROR),
    links=(Link("POST /user/password/reset/token", "Ask for another link.", body="$request.body"),),
)
RESET: Final = Answer(
    200, "`status` says whether the password is set.", one_of(OK, INVALID_TOKEN, FIELD_ERROR, GENERAL_ERROR)
)
