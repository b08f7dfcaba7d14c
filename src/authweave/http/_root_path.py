"""Where an application is mounted, or what a proxy in front serves it below."""

from __future__ import annotations


def with_root_path(root_path: str, path: str) -> tuple[str, str]:
    """Return a root path in its normal form, and a path with it in front."""
    trimmed = root_path.strip("/")
    if not trimmed:
        return "", path
    normal = f"/{trimmed}"  # FastAPI hands on what it was given
    if f"{path}/".startswith(f"{normal}/"):
        return normal, path
    return normal, normal + path  # older servers leave it out, and proxies take it off
