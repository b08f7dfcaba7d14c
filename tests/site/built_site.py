"""The pages as a site, which ``nox -s docs`` and ``nox -s e2e`` build first, and what people search there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SITE: Final = ROOT / "build" / "docs"

SEARCHES: Final = {
    "forgot password": "how-to/passwords",
    "alembic": "how-to/migrations",
    "rate limit": "how-to/limit-attempts",
    "delete user": "how-to/delete-and-list-users",
    "user_context": "how-to/user-context",
    "flask": "how-to/flask",
    "django": "how-to/django",
    "openapi": "how-to/openapi",
}
"""What is searched for, and the page about it."""


def site_file(name: str) -> Path:
    """Return a file of the site."""
    path = SITE / name
    assert path.is_file(), f"there is no {path}: build the site, nox -s docs"
    return path


def written_pages() -> list[Path]:
    """Return the site's pages that were written, or generated from docstrings: not the indexes."""
    site_file("index.html")
    return sorted(
        page for room in ("explanation", "how-to", "reference", "tutorial") for page in (SITE / room).glob("*.html")
    )
