"""The tables of ``docs/reference/serve.md`` and ``server-api.md`` say what the code says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from authweave import InputAppInfo, init
from authweave.http import Route
from authweave.recipe import session, usermetadata, userroles
from authweave.serving import ServeConfig
from authweave.serving._reading import variable
from authweave.serving._settings import Declared, declared, is_section
from authweave.serving.api import init as server_api
from authweave.storage.memory import MemoryStorage

PAGES: Final = Path(__file__).parents[3] / "docs" / "reference"
KEY: Final = "k" * 32


def tables() -> Iterator[tuple[str, type[object]]]:
    """Return the tables of the file with their headings, as the page has them."""
    for each in declared(ServeConfig):
        kind = each.kind if is_section(each.kind) else each.item
        assert isinstance(kind, type)
        yield f"[[{each.name}]]" if each.item else f"[{each.name}]", kind
        for inner in declared(kind):
            if isinstance(inner.item, type) and is_section(inner.item):
                yield f"[[{each.name}.{inner.name}]]", inner.item


def row(heading: str, each: Declared) -> str:
    """Return the row of a setting."""
    name = f"`{each.name}`, `{each.name}_file`" if each.about.is_secret else f"`{each.name}`"
    number = ("0",) if heading.startswith("[[") else ()
    path = (*heading.strip("[]").split("."), *number, each.name)
    if each.is_required:
        default = "has to be there"
    elif each.default is None or each.default == ():
        default = ""
    else:
        default = f"`{str(each.default).lower() if isinstance(each.default, bool) else each.default}`"
    return f"| {name} | {each.requirement} | {default} | {each.about.doc} | `{variable(path)}` |"


def test_the_page_has_every_setting_and_no_other() -> None:
    """Each table of the file has a heading with what it is for, and a row for each of its settings, in order."""
    lines = (PAGES / "serve.md").read_text().splitlines()
    wanted: list[str] = []
    for heading, kind in tables():
        rows = [row(heading, each) for each in declared(kind) if not is_section(each.item)]
        wanted += [f"### `{heading}`", *rows]
    written = [each for each in lines if each.startswith(("### `[", "| `"))]
    assert written == wanted


def api_routes() -> tuple[Route, ...]:
    """Return the routes of the API, of an application with all that it knows of."""
    info = InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000")
    recipes = [session.init(), userroles.init(), usermetadata.init(), server_api(keys=[KEY])]
    app = init(info, recipes, storage=MemoryStorage(), secret=b"s" * 32, default=False)
    try:
        return tuple(each for each in app.endpoints.routes.routes if each.path.startswith("/api/"))
    finally:
        app.close()


def plain(schema: object) -> dict[str, Any]:  # Any: JSON, of which the test knows the shape
    """Return a schema as JSON that a test may look into."""
    value: dict[str, Any] = json.loads(json.dumps(schema))  # Any: as above
    return value


def taken(route: Route) -> str:
    """Return what a route takes, as the page says it: what may be missing with a question mark."""
    if route.body is None:
        return ", ".join(f"`{each.name}`" + ("" if each.is_required else "?") for each in route.query)
    body = plain(route.body)
    return ", ".join(f"`{each}`" + ("" if each in body.get("required", []) else "?") for each in body["properties"])


def statuses(route: Route) -> str:
    """Return the ``status`` of each answer, as the page says it."""
    schema = plain(route.answers[0].schema)
    found = [each["properties"].get("status") for each in schema.get("oneOf", [schema])]
    return ", ".join(f"`{each['const']}`" for each in found if each)


def test_the_page_has_every_route_of_the_api_and_no_other() -> None:
    """Each has a row with what it takes, and the statuses that it answers."""
    lines = (PAGES / "server-api.md").read_text().splitlines()
    written = [each for each in lines if each.startswith(("| `GET", "| `POST"))]
    assert written == [
        f"| `{each.title}` | {each.summary} | {taken(each)} | {statuses(each)} |" for each in api_routes()
    ]


def test_every_route_of_the_api_says_that_it_needs_a_key() -> None:
    """In the OpenAPI document each has the scheme, and the answer to who has none; one alone may be a conflict."""
    for each in api_routes():
        assert [[scheme.name for scheme in way] for way in each.security] == [["serverKey"]]
        conflict = {409} if each.path == "/api/user/delete" else set[int]()
        assert {answer.status for answer in each.answers} == {200, 400, 401} | conflict
