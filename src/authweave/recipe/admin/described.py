"""What the routes of the page take and answer, as data (docs/reference/http.md, The page for administrators)."""

from __future__ import annotations

from typing import Final

from authweave.http import TEXT, Answer, Header, Parameter, Schema, object_schema
from authweave.recipe.session.interfaces import CHANGED_TOKEN

from .pages import ASSETS

HTML: Final = "text/html"


def page(status: int, description: str) -> Answer:
    """Return an answer that is a page for a browser, whose session may have a new access token, or none any more."""
    return Answer(status, description, TEXT, media_type=HTML, headers=CHANGED_TOKEN)


SHOWN: Final = page(200, "A page.")
DONE: Final = Answer(
    303, "It was done; the next page says so.", headers=(Header("location", "The next page."), *CHANGED_TOKEN)
)
REFUSED: Final = (
    page(400, "Something cannot be read."),
    page(401, "There is no session, or it was made too long ago."),
    page(403, "The user may not use the page."),
    page(404, "There is no such user, session, mail or tenant."),
)
REFUSED_FORM: Final = (
    *REFUSED,
    page(409, "An administrator's own account, or one that a table of the application's refers to."),
    page(413, "The form is too long."),
)

ID: Final = Parameter("id", "Of the user, or of a login method.", is_required=True)
QUERIES: Final[dict[str, tuple[Parameter, ...]]] = {
    "": (
        Parameter("search", "What an address begins with.", {"type": "string", "maxLength": 256}),
        Parameter("tenant", "Whose users are listed."),
        Parameter("page", "That of the link to the next page."),
        Parameter("done", "What was done."),
    ),
    "/user": (ID, Parameter("events", "After which event to go on."), Parameter("done", "What was done.")),
    "/user/delete": (ID,),
    "/start": (Parameter("token", "That of the link which the command printed.", is_required=True),),
}

TOKEN: Final[Schema] = {"type": "string", "description": "That of the page that the form was read from."}
ACTION: Final = object_schema("AdminAction", {"id": TEXT, "token": TOKEN})
FORMS: Final[dict[str, Schema]] = {
    "/user/revoke": object_schema(
        "AdminRevocation", {"id": TEXT, "session": TEXT, "token": TOKEN}, optional=("session",)
    ),
    "/user/mail": object_schema("AdminMail", {"id": TEXT, "login": TEXT, "mail": TEXT, "token": TOKEN}),
    "/sign-out": object_schema("AdminSignOut", {"token": TOKEN}),
}
SUMMARIES: Final = {
    "get": {
        "": "List users",
        "/user": "Show a user",
        "/user/delete": "Ask whether to delete a user",
        "/start": "Begin",
    },
    "post": {
        "/user/disable": "Disable a user",
        "/user/enable": "Enable a user again",
        "/user/delete": "Delete a user",
        "/user/revoke": "Revoke sessions",
        "/user/mail": "Send a mail again",
        "/sign-out": "End the administrator's session",
    },
}


def summary_of(method: str, path: str) -> str:
    """Return what a route does."""
    return SUMMARIES[method].get(path) or f"Load {path.removeprefix('/')}"


def answers_of(method: str, path: str) -> tuple[Answer, ...]:
    """Return the answers of a route below the page's path."""
    if media_type := ASSETS.get(path.removeprefix("/")):
        return (Answer(200, "What pages load.", TEXT, media_type=media_type), *REFUSED)
    if method == "get":
        return (DONE if path == "/start" else SHOWN, *REFUSED, page(409, "It is the administrator's own account."))
    return (SHOWN if path == "/sign-out" else DONE, *REFUSED_FORM)
