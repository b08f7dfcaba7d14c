"""What a CORS layer in front has to let through."""

from __future__ import annotations


def get_all_cors_headers() -> list[str]:
    """
    Return the request headers that the frontends send, for ``Access-Control-Allow-Headers``.

    Add ``content-type`` and the application's own. The CORS layer also has to name the website's origin (never
    ``*``), allow credentials, and leave ``Access-Control-Expose-Headers`` as the answers have it.
    """
    return ["rid", "fdi-version", "anti-csrf", "authorization", "st-auth-mode"]
