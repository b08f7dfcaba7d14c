"""An application whose users have devices that make one-time passwords, and a clock that is turned by hand."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final, cast

import attrs
import httpx2
from pyotp.totp import TOTP

from authweave import UserContext
from authweave.app import App, init
from authweave.events import SecurityEvent
from authweave.extending import RecipeEntry
from authweave.recipe import emailpassword, multifactorauth, session, totp
from authweave.recipe.multifactorauth import MultiFactorAuthRecipe
from authweave.recipe.totp import ListDevices, ListDevicesOkResult, TOTPConfig, TOTPOverrideConfig
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.routes import Route, user_of
from tests.integration.frameworks.serving import FRAMEWORKS
from tests.patience import PATIENCE_S, PATIENT

from .serving import AS_JSON, HEADERS, PASSWORD, bearer, form, jwt_part

STEP_MS: Final = 30_000
START_MS: Final = 60_000_000 * STEP_MS
"""The beginning of a step."""

BEGUN_S: Final = 0.3
"""What others ask for meanwhile is done by then, or waits. Where a machine is slower, a test sees less, and passes."""

NUMBERS: Final = itertools.count()


@attrs.define
class Device:
    """
    An app that makes codes.

    Attributes:
        name: that the application gave it.
        secret: that it was shown.
    """

    name: str
    secret: str

    def code(self, now_ms: int, steps: int = 0) -> str:
        """Return the code of a moment, or of so many steps later."""
        return TOTP(self.secret).generate_otp(now_ms // STEP_MS + steps)

    def wrong(self, now_ms: int) -> str:
        """Return a code that is none of those that are near."""
        near = {self.code(now_ms, steps) for steps in range(-3, 4)}
        return next(each for each in map("{:06}".format, range(10)) if each not in near)


@attrs.define
class Person:
    """
    Somebody with a session.

    Attributes:
        headers: those of the session, as it is now.
        user_id: the user's.
        email: the address.
    """

    headers: dict[str, str]
    user_id: str
    email: str


@attrs.define
class TOTPStage:
    """
    An application that is served.

    Attributes:
        auth: the application.
        client: a client without cookies.
        events: what it told.
        meanwhile: what is begun once, when devices have been listed.
        meanwhile_s: for how long the list is held up by it.
        now_ms: its clock.
    """

    auth: App = attrs.field(init=False)
    client: httpx2.Client = attrs.field(init=False)
    events: list[SecurityEvent] = attrs.field(factory=list[SecurityEvent])
    meanwhile: Callable[[], Future[httpx2.Response]] | None = None
    meanwhile_s: float = BEGUN_S
    now_ms: int = START_MS

    def clock(self) -> int:
        """Tell the time."""
        return self.now_ms

    def sleep(self, *, steps: int = 0, s: float = 0) -> None:
        """Let time go by."""
        self.now_ms += steps * STEP_MS + round(1000 * s)

    def sign_up(self) -> Person:
        """Sign somebody up."""
        email = f"person-{next(NUMBERS)}@example.com"
        answer = self.client.post("/auth/signup", json=form(email), headers=HEADERS)
        return Person(bearer(answer), answer.json()["user"]["id"], email)

    def sign_in(self, person: Person) -> Person:
        """Sign him in again, with the password alone."""
        answer = self.client.post("/auth/signin", json=form(person.email, PASSWORD), headers=HEADERS)
        return attrs.evolve(person, headers=bearer(answer))

    def post(self, person: Person, path: str, body: JSON = None) -> httpx2.Response:
        """Ask for something; the session goes on with the token that comes with the answer, if one does."""
        content = json.dumps({} if body is None else body)  # ASCII: texts may be none that UTF-8 has
        answer = self.client.post(f"/auth/totp/{path}", content=content, headers={**AS_JSON, **person.headers})
        if answer.headers.get("st-access-token"):
            person.headers = bearer(answer)
        return answer

    def get(self, person: Person, path: str) -> httpx2.Response:
        """Read something."""
        return self.client.get(f"/auth/totp/{path}", headers=person.headers)

    def add(self, person: Person, name: str | None = None) -> Device:
        """Add a device, of which no code is shown yet."""
        answer = self.post(person, "device", {} if name is None else {"deviceName": name}).json()
        assert answer["status"] == "OK", answer
        return Device(answer["deviceName"], answer["secret"])

    def with_device(self, name: str | None = None) -> tuple[Person, Device]:
        """Sign somebody up who has a device that counts, of whom it is asked for; a step later its codes are new."""
        person = self.sign_up()
        device = self.add(person, name)
        answer = self.post(person, "device/verify", {"deviceName": device.name, "totp": device.code(self.now_ms)})
        assert answer.json() == {"status": "OK", "wasAlreadyVerified": False}
        self.require_code_of(person)
        self.sleep(steps=1)
        return person, device

    def require_code_of(self, person: Person) -> None:
        """Ask somebody for a code, from the next session on."""
        functions = self.auth.recipe(MultiFactorAuthRecipe).functions
        asyncio.run(functions.add_to_required_secondary_factors_for_user(person.user_id, "totp", UserContext()))

    def half(self, person: Person) -> Person:
        """Return somebody with a session that lacks the code."""
        again = self.sign_in(person)
        assert self.passes(again).status_code == 403
        return again

    def passes(self, person: Person) -> httpx2.Response:
        """Ask for a route that asks for all factors."""
        return self.client.get("/me", headers=person.headers)

    def factors_shown(self, person: Person) -> set[str]:
        """Return which factors a session says were shown."""
        claim = jwt_part(person.headers["authorization"].removeprefix("Bearer "), 1)["st-mfa"]
        return set(cast("dict[str, dict[str, JSON]]", claim)["c"])  # as the frontends read it

    def verify(self, person: Person, code: str) -> JSON:
        """Show a code of a device."""
        answer: JSON = self.post(person, "verify", {"totp": code}).json()
        return answer

    def recover(self, person: Person, code: str) -> JSON:
        """Show a recovery code."""
        answer: JSON = self.post(person, "recovery/verify", {"recoveryCode": code}).json()
        return answer

    def devices(self, person: Person) -> dict[str, bool]:
        """Return the names of somebody's devices, and whether they count."""
        return {each["name"]: each["verified"] for each in self.get(person, "device/list").json()["devices"]}

    @contextmanager
    def while_listing(
        self, begin: Callable[[], Future[httpx2.Response]], wait_s: float = BEGUN_S
    ) -> Generator[list[Future[httpx2.Response]]]:
        """Have something asked for when devices have been listed the first time; gives what was begun."""
        begun: list[Future[httpx2.Response]] = []

        def begin_once() -> Future[httpx2.Response]:
            self.meanwhile = None
            begun.append(begin())
            return begun[0]

        self.meanwhile, self.meanwhile_s = begin_once, wait_s
        yield begun

    def told(self, person: Person) -> list[str]:
        """Return the kinds of events about somebody."""
        return [each.kind for each in self.events if each.user_id == person.user_id]


@contextmanager
def staged(storage: str, more: Sequence[RecipeEntry] = ()) -> Generator[TOTPStage]:
    """Serve an application for a block."""
    stage = TOTPStage()

    @ListDevices.override
    async def list_devices(call: ListDevices) -> ListDevicesOkResult:
        listed = await call.original()
        if stage.meanwhile is not None:
            # It may have to wait for what is under way: whatever it sees, it has begun.
            await asyncio.wait({asyncio.wrap_future(stage.meanwhile())}, timeout=stage.meanwhile_s)
        return listed

    stage.auth = init(
        InputAppInfo(app_name="My App", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            session.init(),
            multifactorauth.init(),
            totp.init(TOTPConfig(override=TOTPOverrideConfig(functions=list_devices))),
            *more,
        ],
        storage=storage,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        clock=stage.clock,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        on_event=stage.events.append,
        trusted_proxies=[],
        default=False,
    )
    served = FRAMEWORKS[0].serving(stage.auth, [Route("/me", user_of)])
    try:
        with served as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as stage.client:
            yield stage
    finally:
        stage.auth.close()


def sealed_secrets(stage: TOTPStage, person: Person) -> list[str]:
    """Return what the store has of the secrets of somebody's devices."""
    from authweave.recipe.totp.store import TOTP_DEVICES

    return [each.secret for each in stage.auth.services.storage.part(TOTP_DEVICES).devices_of_user(person.user_id)]


def secret_bytes(device: Device) -> bytes:
    """Return a secret as it was before it was written in base32."""
    return base64.b32decode(device.secret)
