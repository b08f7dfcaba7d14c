"""The tables of ``docs/reference/functions.md`` say what the interfaces say, and who calls whom."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import httpx
import pytest
from fastapi import Depends, FastAPI

from authweave import App, InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.http._routes import ROUTES
from authweave.kernel import Interface, JournalEntry, current_context, journal_of, override
from authweave.kernel._interface import functions_of
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import interfaces as emailpassword_interfaces
from authweave.recipe.session import interfaces as session_interfaces
from authweave.recipe.session.interfaces import OverrideClaimValidators

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "functions.md"
INTERFACES: Final[Mapping[tuple[str, str], type[Interface[UserContext]]]] = {
    ("emailpassword", "Functions"): emailpassword_interfaces.RecipeInterface,
    ("emailpassword", "APIs"): emailpassword_interfaces.APIInterface,
    ("session", "Functions"): session_interfaces.RecipeInterface,
    ("session", "APIs"): session_interfaces.APIInterface,
}
