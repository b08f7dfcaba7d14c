"""
Processes of `test_races` that use one thing at once, by the public functions.

Run as ``python -m tests.integration.factors.racing URL PROCESSES COUNT``. It says ``ready``. For a line on its standard
input that names something that is good once, each process uses the same one so many times at once, and it says how
often each result came.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any, Final, TypeAlias

import attrs
from pyotp.totp import TOTP

from authweave.app import init
from authweave.recipe import accountlinking, attempts, multifactorauth, passwordless, session, totp, webauthn
from authweave.recipe.passwordless import ContactEmailOnlyConfig
from authweave.recipe.passwordless.asyncio import consume_code, create_code, signinup
from authweave.recipe.totp import CreateDeviceOkResult, CreateRecoveryCodesOkResult, VerifyDeviceOkResult
from authweave.recipe.totp.asyncio import (
    create_device,
    create_recovery_codes,
    verify_device,
    verify_recovery_code,
    verify_totp,
)
from authweave.recipe.webauthn import functions as passkeys
from authweave.recipe.webauthn.types import (
    AuthenticationPayload,
    RegisterOptionsResponse,
    RegistrationPayload,
    SignInOptionsResponse,
    SignUpReponse,
)
from authweave.types import InputAppInfo
from tests.authenticator import Authenticator
from tests.patience import PATIENCE_S, PATIENT

Use: TypeAlias = Callable[[], Awaitable[object]]
Make: TypeAlias = Callable[[], Coroutine[object, object, Use]]

WEBSITE: Final = "http://localhost:3000"
STEP_S: Final = 30
SKEW: Final = 10
"""So many steps may go by on a machine that is busy."""

NUMBERS: Final[Iterator[int]] = itertools.count()


def new_address() -> str:
    """Return an address that nobody has."""
    return f"person-{next(NUMBERS)}@example.com"


async def a_code() -> Use:
    """Make a code that is typed in."""
    made = await create_code("public", email=new_address())
    return partial(
        consume_code,
        "public",
        made.pre_auth_session_id,
        user_input_code=made.user_input_code,
        device_id=made.device_id,
    )


async def a_link() -> Use:
    """Make one that stands in a link."""
    made = await create_code("public", email=new_address())
    return partial(consume_code, "public", made.pre_auth_session_id, link_code=made.link_code)


async def with_device() -> tuple[str, TOTP]:
    """Make somebody with an app that makes codes, and use up the code of this step."""
    user_id = (await signinup("public", new_address(), None)).user.id
    made = await create_device(user_id, device_name="app", skew=SKEW)
    assert isinstance(made, CreateDeviceOkResult)
    app = TOTP(made.secret)
    verified = await verify_device("public", user_id, "app", app.at(int(time.time())))
    assert isinstance(verified, VerifyDeviceOkResult)
    return user_id, app


async def a_step() -> Use:
    """Make a step of time whose code was not used."""
    user_id, app = await with_device()
    return partial(verify_totp, "public", user_id, app.at(int(time.time()) + STEP_S))


async def a_recovery_code() -> Use:
    """Make recovery codes."""
    user_id, _ = await with_device()
    made = await create_recovery_codes(user_id)
    assert isinstance(made, CreateRecoveryCodesOkResult)
    return partial(verify_recovery_code, "public", user_id, made.recovery_codes[0])


async def a_challenge(*, counts: bool) -> Use:
    """Make a passkey, and have it sign a challenge."""
    device = Authenticator(origin=WEBSITE, counts=counts)
    options = await passkeys.register_options(
        relying_party_id="localhost", relying_party_name="Test", origin=WEBSITE, email=new_address()
    )
    assert isinstance(options, RegisterOptionsResponse)
    registered = RegistrationPayload.read(device.make(options.to_json()))
    assert registered is not None
    signed_up = await passkeys.sign_up(
        webauthn_generated_options_id=options.webauthn_generated_options_id, credential=registered
    )
    assert isinstance(signed_up, SignUpReponse)
    asked = await passkeys.sign_in_options(relying_party_id="localhost", relying_party_name="Test", origin=WEBSITE)
    assert isinstance(asked, SignInOptionsResponse)
    used = AuthenticationPayload.read(device.use(asked.to_json()))
    assert used is not None
    return partial(use_passkey, used, asked.webauthn_generated_options_id)


async def use_passkey(credential: AuthenticationPayload, options_id: str) -> object:
    """Sign in with a passkey."""
    return await passkeys.sign_in(credential=credential, webauthn_generated_options_id=options_id)


async def a_wrong_code() -> Use:
    """Make somebody whose codes are guessed."""
    user_id, app = await with_device()
    near = {app.at(int(time.time()) + steps * STEP_S) for steps in range(-2 * SKEW, 2 * SKEW)}
    return partial(
        verify_totp, "public", user_id, next(each for each in map(str, range(100_000, 100_010)) if each not in near)
    )


async def a_wrong_recovery_code() -> Use:
    """Make somebody whose recovery codes are guessed."""
    user_id, _ = await with_device()
    return partial(verify_recovery_code, "public", user_id, "0000-0000-0000-0000")


async def a_wrong_typed_code() -> Use:
    """Make a code that is guessed."""
    made = await create_code("public", email=new_address())
    wrong = f"{(int(made.user_input_code) + 1) % 10**6:06}"
    return partial(consume_code, "public", made.pre_auth_session_id, user_input_code=wrong, device_id=made.device_id)


ONCE: Final[Mapping[str, Make]] = {
    "code": a_code,
    "link": a_link,
    "step": a_step,
    "recovery code": a_recovery_code,
    "challenge": partial(a_challenge, counts=False),
    "challenge of a passkey that counts": partial(a_challenge, counts=True),
}
"""What is good once."""

GUESSED: Final[Mapping[str, Make]] = {
    "wrong code": a_wrong_typed_code,
    "wrong step": a_wrong_code,
    "wrong recovery code": a_wrong_recovery_code,
}
"""What is wrong, and told so no more than five times."""

ORDERS: Final = {**ONCE, **GUESSED}


async def at_once(use: Use, count: int) -> Counter[str]:
    """Use something so many times at once, and count the results."""
    return Counter(type(each).__name__ for each in await asyncio.gather(*(use() for _ in range(count))))


def race(url: str, count: int, orders: Connection) -> None:
    """Be a process: make what is named, or use what is sent; until there is nothing more."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain=WEBSITE),
        [
            passwordless.init(ContactEmailOnlyConfig(), flow_type="USER_INPUT_CODE_AND_MAGIC_LINK"),
            webauthn.init(),
            totp.init(),
            accountlinking.init(),
            multifactorauth.init(),
            attempts.init(enabled=False),
            session.init(),
        ],
        storage=url,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        purge_interval_s=None,
    )
    logging.getLogger("authweave").setLevel(logging.CRITICAL)  # 63 of 64 fail
    with closing(app), asyncio.Runner() as runner:
        orders.send(None)
        while (order := orders.recv()) is not None:
            if isinstance(order, str):
                orders.send(runner.run(ORDERS[order]()))
            else:
                orders.send(runner.run(at_once(order, count)))


@attrs.frozen
class Racer:
    """One of the processes, and what it is told by."""

    process: ForkProcess
    orders: Connection

    @classmethod
    def start(cls, url: str, count: int) -> Racer:
        """Start it: forked, so that what all import is imported once."""
        context = get_context("fork")
        mine, theirs = context.Pipe()
        process = context.Process(target=race, args=(url, count, theirs), daemon=True)
        process.start()
        return cls(process, mine)

    def answer(self) -> Any:  # noqa: ANN401  what it was asked for
        """Wait for what it sends; it may have ended."""
        wait([self.orders, self.process.sentinel])
        assert self.orders.poll(), "it has ended"
        return self.orders.recv()


def main() -> None:
    """Have processes, and tell them what to do."""
    url, processes, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    racers = [Racer.start(url, count) for _ in range(processes)]
    for each in racers:
        each.answer()
    print("ready", flush=True)  # noqa: T201  who started it reads that
    for line in sys.stdin:
        racers[0].orders.send(line.strip())
        use = racers[0].answer()
        for each in racers:
            each.orders.send(use)
        print(json.dumps(sum((each.answer() for each in racers), Counter[str]())), flush=True)  # noqa: T201  the same
    for each in racers:
        each.orders.send(None)
        each.process.join()


if __name__ == "__main__":
    main()
