"""
Known and unknown addresses cannot be told apart, over HTTP: at sign-in, at a reset, and where one is to be verified.

All that differs is counted: status, body, headers, statements, visits to threads, hashes, rows of the outbox, events.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs
import httpx2
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry
from typing_extensions import override

from authweave import UserContext
from authweave.app._threads import Workers
from authweave.ingredients.emaildelivery import (
    EmailContent,
    EmailDeliveryConfig,
    SMTPService,
    SMTPServiceInterface,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.outbox import Outbox
from authweave.recipe import emailverification
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.recipe.emailverification import VerificationEmailTemplateVars
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.security import PasswordHasher

from .reset_world import ADA, World, world
from .serving import HEADERS, bearer, form

NOBODY: Final = "eve@example.com"
"""As long as Ada's address."""

TEXT: Final = re.compile(r"'(?:[^']|'')*'|X'[0-9A-Fa-f]*'|\b\d+\b")


@attrs.define
class Work:
    """What was done, in the order in which it was."""

    statements: list[str] = attrs.field(factory=list[str])
    hops: list[str] = attrs.field(factory=list[str])
    hashes: list[str] = attrs.field(factory=list[str])

    def shapes(self) -> list[str]:
        """Return the statements without their values."""
        return [TEXT.sub("?", statement) for statement in self.statements]


def do_nothing(_outbox: Outbox) -> None:
    """Leave what is in the outbox there."""


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Note the statements of databases that are opened in the test, the visits to threads, and the hashes."""
    work = Work()

    def trace(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.set_trace_callback(work.statements.append)

    def note(owner: type, name: str, notes: list[str]) -> None:
        original: Callable[..., object] = getattr(owner, name)

        def noting(*args: object, **kwargs: object) -> object:
            notes.append(name)
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, noting)

    note(Workers, "__call__", work.hops)
    note(PasswordHasher, "hash", work.hashes)
    note(PasswordHasher, "verify", work.hashes)
    for name in ("wake", "look_if_due"):  # what the worker does is not the request's
        monkeypatch.setattr(Outbox, name, do_nothing)
    event.listen(Engine, "connect", trace)
    yield work
    event.remove(Engine, "connect", trace)


SMTP_FOR_VERIFICATION: Final = SMTPService[VerificationEmailTemplateVars](
    SMTPSettings("127.0.0.1", 9, SMTPSettingsFrom("Example", "no-reply@example.com"))
)
MAIL: Final = EmailDeliveryConfig[PasswordResetEmailTemplateVars](
    SMTPService(SMTPSettings("127.0.0.1", 9, SMTPSettingsFrom("Example", "no-reply@example.com")))
)


def asked(
    here: World, work: Work, email: str, ask: Callable[[str], httpx2.Response] | None = None
) -> tuple[object, Work]:
    """Ask for a link, or what else is asked of an address; return the answer, and what was done."""
    work.statements.clear()
    work.hops.clear()
    work.hashes.clear()
    response = here.ask(email) if ask is None else ask(email)
    headers = {name: value for name, value in response.headers.items() if name != "date"}
    return (response.status_code, response.text, headers), attrs.evolve(
        work, statements=[*work.statements], hops=[*work.hops], hashes=[*work.hashes]
    )


def queued(here: World) -> list[tuple[object, ...]]:
    """Return what can be seen of the mails that wait, without their ids; none waits any more."""
    rows = here.sql("SELECT kind, state, attempts, length(payload), due_at_ms, expires_at_ms FROM authweave_outbox")
    here.sql("DELETE FROM authweave_outbox")
    return rows


DISABLED: Final = "dis@example.com"
ELSEWHERE: Final = "far@example.com"
OF_PROVIDER: Final = "pro@example.com"


def populate(here: World) -> httpx2.Response:
    """Sign Ada up, and others whom nobody is to know of either. Returns her answer."""
    signed_up = here.sign_up()
    disabled = here.sign_up(DISABLED).json()["user"]["id"]
    here.app.run_blocking(here.app.users.disable_user(disabled))
    far = here.client.post("/auth/t1/signup", json=form(ELSEWHERE), headers=HEADERS)
    assert far.json()["status"] == "OK"
    provided = attrs.evolve(a_third_party_login(7), email=OF_PROVIDER)
    here.storage.part(THIRD_PARTIES).sign_in_or_up(provided)
    return signed_up


@pytest.mark.parametrize("what", ["sign-in", "reset", "verification"])
def test_addresses_cannot_be_told_apart(tmp_path: Path, work: Work, what: str) -> None:
    """Whoever has it, and nobody: the same answer, the same work, and as much to be sent. An address to verify too."""
    verifying = emailverification.init("OPTIONAL", EmailDeliveryConfig(SMTP_FOR_VERIFICATION))
    with world(tmp_path, verifying, email_delivery=MAIL, is_quiet=True) as here:
        signed_up = populate(here)

        def ask(email: str) -> httpx2.Response:
            if what == "sign-in":
                return here.sign_in(email, "a wrong horse 9")
            if what == "reset":
                return here.ask(email)
            return here.client.post("/address", json={"new": email}, headers=bearer(signed_up))

        everybody = [ADA, DISABLED, ELSEWHERE, OF_PROVIDER, NOBODY]
        if what == "verification":
            everybody = everybody[1:]  # it is she who asks
        for email in ("warm@example.com", *everybody):
            asked(here, work, email, ask)
        queued(here)
        seen: dict[str, object] = {}
        for email in everybody:
            count = len(here.events)
            answer, done = asked(here, work, email, ask)
            told = [event.kind for event in here.events[count:]]
            seen[email] = (answer, done.shapes(), len(done.hops), done.hashes, queued(here), told)
        assert work.statements
        assert work.hops
        assert work.hashes == (["verify"] if what == "sign-in" else [])
        for email in everybody:
            assert seen[email] == seen[NOBODY], email
        waiting = [each for each in work.statements if "INSERT INTO authweave_outbox" in each]
        assert len(waiting) == (0 if what == "sign-in" else 1)


def beginnings(work: Work) -> list[str]:
    """Return what each statement does, and with which table first."""
    words = (re.sub(r"[^A-Za-z_ ]", " ", each).split() for each in work.statements)
    tables = ((each[0], next((word for word in each if word.startswith("authweave_")), "")) for each in words)
    return [f"{verb} {table.removeprefix('authweave_')}".strip() for verb, table in tables]


def test_a_sign_in_and_a_sign_up_visit_the_store_twice(tmp_path: Path, work: Work) -> None:
    """Beside the hash: what can be read or written together is."""
    with world(tmp_path, is_quiet=True) as here:
        here.sign_up()
        here.sign_in()
        _, signed_in = asked(here, work, ADA, here.sign_in)
        assert (len(signed_in.hops), signed_in.hashes) == (2, ["verify"])
        # At the end, on the loop: whether the login method is in the tenant still, now that its session is there.
        checked = ["SELECT attempts", "SELECT users", "SELECT passwords"]
        assert beginnings(signed_in) == [*checked, "INSERT sessions", "SELECT users"]
        _, signed_up = asked(here, work, "eve@example.com", here.sign_up)
        assert (len(signed_up.hops), signed_up.hashes) == (2, ["hash"])
        assert beginnings(signed_up) == [
            "BEGIN",
            "INSERT users",
            "INSERT login_methods",
            "INSERT login_tenants",
            "INSERT passwords",
            "COMMIT",
            "INSERT sessions",
            "SELECT users",
        ]


def test_known_and_unknown_addresses_take_the_same_work(tmp_path: Path, work: Work) -> None:
    """The same answer, statements, visits to threads, hashes, and rows in the outbox, of the same size."""
    with world(tmp_path, email_delivery=MAIL, is_quiet=True) as here:
        here.sign_up()
        for email in (ADA, NOBODY, "warm@example.com"):
            here.ask(email)
        here.sql("DELETE FROM authweave_outbox")
        known_answer, known = asked(here, work, ADA)
        unknown_answer, unknown = asked(here, work, NOBODY)
        assert known_answer == unknown_answer
        assert known.shapes() == unknown.shapes()
        assert (len(known.hops), known.hashes) == (len(unknown.hops), unknown.hashes)
        assert known.hops
        assert known.hashes == []
        assert any("authweave_one_time_tokens" in each for each in known.shapes())
        rows = here.sql("SELECT kind, state, attempts, length(payload), expires_at_ms FROM authweave_outbox")
        assert len(rows) == 2
        assert rows[0] == rows[1]
        assert here.sql("SELECT count(*) FROM authweave_one_time_tokens") == [(2,)]


def test_a_template_that_fails_takes_the_same_work_too(tmp_path: Path, work: Work) -> None:
    """It fails for both; the answer is that of one that works."""

    def fail(original: SMTPServiceInterface[PasswordResetEmailTemplateVars]) -> Failing:
        return Failing()

    service = SMTPService[PasswordResetEmailTemplateVars](
        SMTPSettings("127.0.0.1", 9, SMTPSettingsFrom("Example", "no-reply@example.com")), override=fail
    )
    with world(tmp_path, email_delivery=EmailDeliveryConfig(service), is_quiet=True) as here:
        here.sign_up()
        here.ask("warm@example.com")
        known_answer, known = asked(here, work, ADA)
        unknown_answer, unknown = asked(here, work, NOBODY)
        assert known_answer == unknown_answer
        assert here.ask().json() == {"status": "OK"}
        assert known.shapes() == unknown.shapes()


class Failing(SMTPServiceInterface[PasswordResetEmailTemplateVars]):
    """Has a template that fails."""

    @override
    async def get_content(
        self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext
    ) -> EmailContent:
        raise LookupError("no such template")

    @override
    async def send_raw_email(self, content: EmailContent, user_context: UserContext) -> None:
        raise NotImplementedError
