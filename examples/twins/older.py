"""
The twin of examples/seeds/older.py.

The older document's override takes fewer parameters than the function has today. This one names none, so that it fits
the function whatever it takes.

    uvicorn --factory examples.twins.older:app
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fastapi import FastAPI

from authweave.kernel import current_context, wrap
from authweave.recipe.emailpassword.interfaces import APIInterface
from examples.twins.no_session import AppContext, serve

P = ParamSpec("P")
R = TypeVar("R")


def mark_sign_up(original: Callable[P, R]) -> Callable[P, R]:
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        current_context(AppContext)["is_sign_up"] = True
        return original(*args, **kwargs)

    return marked


def app() -> FastAPI:
    return serve(wrap(APIInterface[AppContext].sign_up_post, mark_sign_up))
