"""
A process of `test_races`: links, unlinks, and moves between tenants, all of its share at once.

Run as ``python -m tests.integration.linking.racing URL SEED COUNT``. It says ``ready``, begins at a line on its
standard input, and says how often each answer came.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Final

from authweave.app import init
from authweave.errors import UnknownAccountError
from authweave.recipe import accountlinking, emailpassword, multitenancy, session
from authweave.recipe.accountlinking.asyncio import create_primary_user, link_accounts, unlink_account
from authweave.recipe.multitenancy.asyncio import associate_user_to_tenant, disassociate_user_from_tenant
from authweave.types import InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S, PATIENT

PEOPLE: Final = 12
TENANTS: Final = ("public", "t1")


def login_id_of(number: int) -> str:
    """Return the id of somebody's login method."""
    return f"login-{number:02}"


def deeds(chance: random.Random, count: int) -> Sequence[tuple[str, Callable[[], Awaitable[object]]]]:
    """Return what is done, half of it links and unlinks."""
    made: list[tuple[str, Callable[[], Awaitable[object]]]] = []
    for _ in range(count):
        first, second = (login_id_of(each) for each in chance.sample(range(PEOPLE), 2))
        tenant = chance.choice(TENANTS)
        kinds: dict[str, Callable[[], Awaitable[object]]] = {
            "link": partial(link_accounts, RecipeUserId(first), second),
            "unlink": partial(unlink_account, RecipeUserId(first)),
            "make primary": partial(create_primary_user, RecipeUserId(first)),
            "join": partial(associate_user_to_tenant, tenant, RecipeUserId(first)),
            "leave": partial(disassociate_user_from_tenant, tenant, RecipeUserId(first)),
        }
        kind = chance.choices(list(kinds), [6, 3, 2, 1, 1])[0]
        made.append((kind, kinds[kind]))
    return made


async def at_once(seed: int, count: int) -> Counter[str]:
    """Do all of it at once, and count the answers: each is a typed one."""

    async def deed(kind: str, call: Callable[[], Awaitable[object]]) -> str:
        try:
            return f"{kind}: {type(await call()).__name__}"
        except UnknownAccountError:  # unlinked under the user's own id, it is gone
            return f"{kind}: unknown"

    chance = random.Random(seed)  # noqa: S311  chooses what to do
    return Counter(await asyncio.gather(*(deed(kind, call) for kind, call in deeds(chance, count))))


def main() -> None:
    """Do it."""
    _, url, seed, count = sys.argv
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), accountlinking.init(), multitenancy.init(), session.init()],
        storage=url,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        purge_interval_s=None,
    )
    with closing(app):
        print("ready", flush=True)  # noqa: T201  who started it reads that
        for round_number, _ in enumerate(sys.stdin):
            said = asyncio.run(at_once(int(seed) + 1000 * round_number, int(count)))
            print(json.dumps(said), flush=True)  # noqa: T201  the same


if __name__ == "__main__":
    main()
