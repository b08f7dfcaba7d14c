"""Pages as answers: rendered on the server, with headers that let a browser do nothing but show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined

from authweave.types import LoginMethod, Response, User

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all, and no style or picture but the page's own (CSP Level 3)."""

PROTECTING: Final[tuple[tuple[str, str], ...]] = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),  # for browsers that do not know frame-ancestors
    ("referrer-policy", "same-origin"),  # addresses hold ids of users, and are nobody else's business
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
HEADERS: Final = (*PROTECTING, ("cache-control", "no-store"))

PACKAGE: Final = __name__.rpartition(".")[0]

ASSETS: Final[Mapping[str, str]] = {"admin.css": "text/css", "icon.svg": "image/svg+xml"}
"""What pages load, and its media type."""


def as_time(time_ms: int) -> str:
    """Return a time as people read it, in UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def as_datetime(time_ms: int) -> str:
    """Return a time as HTML's ``datetime`` wants it."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")


def name_of(user: User) -> str:
    """Return what a user is called in a list: an address, or else what comes nearest."""
    return next(iter((*user.emails, *user.phone_numbers)), user.id)


def way_of(method: LoginMethod) -> str:
    """Return what somebody signs in with: the recipe, and the provider where there is one."""
    return method.recipe_id if method.third_party is None else f"{method.recipe_id} ({method.third_party.id})"


@attrs.define(eq=False)
class Pages:
    """
    Render pages.

    Attributes:
        app_name: what stands at the top of each.
    """

    app_name: str
    _templates: Environment = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Load the templates. All text is escaped, and a name that is misspelt is an error."""
        loader = PackageLoader(PACKAGE, "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._templates.lstrip_blocks = True
        self._templates.filters.update({"time": as_time, "datetime": as_datetime, "name": name_of, "way": way_of})
        for name in self._templates.list_templates():
            self._templates.get_template(name)

    def page(
        self,
        template: str,
        prefix: str,
        status: int = 200,
        /,
        **values: object,
    ) -> Response:
        """
        Return a page.

        Args:
            template: its file, without the ending.
            prefix: the path below which the pages are, as browsers write it.
            status: of the answer.
            values: what the template shows.
        """
        text = self._templates.get_template(f"{template}.html").render(prefix=prefix, app_name=self.app_name, **values)
        return Response.from_text(text, "text/html", status, HEADERS)


def asset(name: str) -> Response:
    """Return what pages load."""
    content = files(PACKAGE).joinpath("static", name).read_bytes()
    kind = ("content-type", f"{ASSETS[name]}; charset=utf-8")
    return Response(200, content, (kind, *PROTECTING, ("cache-control", "max-age=300")))
