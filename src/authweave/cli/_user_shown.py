"""How commands show users: as a table in a terminal, and as JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from authweave.types import JSON, LoginMethod, User

from ._user_app import printable

MAX_WIDTH = 10_000


def write_json(value: Mapping[str, JSON]) -> None:
    """Write an object as a line of its own."""
    sys.stdout.write(json.dumps(value) + "\n")


def as_values(user: User) -> dict[str, JSON]:
    """Return a user as scripts read it (docs/reference/commands.md): keys are only ever added."""
    return {
        "id": user.id,
        "disabled": user.disabled,
        "time_joined_ms": user.time_joined,
        "tenant_ids": user.tenant_ids,
        "emails": user.emails,
        "login_methods": [method_values(method) for method in user.login_methods],
    }


def method_values(method: LoginMethod) -> dict[str, JSON]:
    """Return a login method as scripts read it."""
    provider = method.third_party
    return {
        "recipe_user_id": method.recipe_user_id.get_as_string(),
        "recipe_id": method.recipe_id,
        "tenant_ids": method.tenant_ids,
        "email": method.email,
        "phone_number": method.phone_number,
        "third_party": None if provider is None else {"id": provider.id, "user_id": provider.user_id},
        "verified": method.verified,
        "time_joined_ms": method.time_joined,
    }


def as_time(time_ms: int) -> str:
    """Return a moment as people read it."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="seconds")


def login_of(method: LoginMethod) -> str:
    """Return what a login method is known by."""
    provider = "" if method.third_party is None else f"{method.third_party.id}:{method.third_party.user_id}"
    return method.email or method.phone_number or provider


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as it is: in a narrow terminal its lines wrap, and nothing loses its end."""
    table = Table(box=None, pad_edge=False, show_header=any(columns))
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console()
    wide = console.options.update(width=MAX_WIDTH)
    console.width = max(console.width, Measurement.get(console, wide, table).maximum)
    console.print(table)


def print_users(users: Iterable[User]) -> None:
    """Print users as a table."""
    print_table(
        ("ID", "ADDRESS", "SIGNS IN BY", "JOINED", "STATE"),
        (
            (
                user.id,
                ", ".join(user.emails) or ", ".join(login_of(each) for each in user.login_methods),
                ", ".join(dict.fromkeys(each.recipe_id for each in user.login_methods)),
                as_time(user.time_joined),
                "disabled" if user.disabled else "",
            )
            for user in users
        ),
    )
