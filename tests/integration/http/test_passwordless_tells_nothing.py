"""Asking for a code tells nobody whether an address or a number is known: all that differs is counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import attrs
import httpx2
import pytest

from authweave.ingredients.emaildelivery import EmailDeliveryConfig, SMTPService, SMTPSettings, SMTPSettingsFrom
from authweave.ingredients.smsdelivery import SMSContent, SMSDeliveryConfig, SMSService
from authweave.recipe import accountlinking, passwordless
from authweave.recipe.passwordless import PasswordlessLoginEmailTemplateVars, PasswordlessLoginSMSTemplateVars
from authweave.recipe.passwordless.store import PASSWORDLESS_CODES, Contact, PasswordlessLogin

from .reset_world import ADA, world
from .test_known_and_unknown import DISABLED, NOBODY, Work, asked, populate, queued
from .test_known_and_unknown import work as work  # noqa: PLC0414  a fixture

BY_CODE: Final = "cod@example.com"
NUMBERS: Final = ("+4915123456789", "+4915123456780")
NEW: Final = re.compile(r'"(deviceId|preAuthSessionId)":"[^"]*"')


@attrs.frozen
class Nowhere:
    """A gateway that is not asked."""

    async def send_sms(self, content: SMSContent) -> None:
        """Refuse."""
        raise AssertionError(content)


def link_nothing(*_: object) -> accountlinking.ShouldNotAutomaticallyLink:
    """Have nothing linked."""
    return accountlinking.ShouldNotAutomaticallyLink()


@pytest.mark.parametrize("links", [False, True])
def test_asking_for_a_code_tells_nothing(tmp_path: Path, work: Work, links: bool) -> None:
    """Whoever has it, and nobody: the same answer, the same work, as much to be sent."""
    smtp = SMTPService[PasswordlessLoginEmailTemplateVars](
        SMTPSettings("127.0.0.1", 9, SMTPSettingsFrom("Example", "no-reply@example.com"))
    )
    recipe = passwordless.init(
        passwordless.ContactEmailOrPhoneConfig(),
        "USER_INPUT_CODE_AND_MAGIC_LINK",
        email_delivery=EmailDeliveryConfig(smtp),
        sms_delivery=SMSDeliveryConfig[PasswordlessLoginSMSTemplateVars](SMSService(Nowhere())),
    )
    linking = [accountlinking.init(should_do_automatic_account_linking=link_nothing)] if links else []
    with world(tmp_path, recipe, *linking, is_quiet=True) as here:
        populate(here)
        store = here.storage.part(PASSWORDLESS_CODES)
        for contact in (Contact("email", BY_CODE), Contact("phone_number", NUMBERS[0])):
            store.sign_in_or_up(PasswordlessLogin.of(contact, contact.kind, "public", 1), contact)

        browsers: dict[str, object] = {}

        def ask(to: str) -> httpx2.Response:
            answer = here.client.post("/auth/signinup/code", json={"email" if "@" in to else "phoneNumber": to})
            browsers[to] = {name: answer.json()[name] for name in ("deviceId", "preAuthSessionId")}
            return answer

        def ask_again(to: str) -> httpx2.Response:
            return here.client.post("/auth/signinup/code/resend", json=browsers[to])

        for everybody in ([NOBODY, ADA, DISABLED, BY_CODE], [NUMBERS[1], NUMBERS[0]]):
            for each in (ask, ask_again):
                for to in ("warm@example.com", *everybody):
                    asked(here, work, to, each)
                queued(here)
                seen: dict[str, object] = {}
                for to in everybody:
                    count = len(here.events)
                    answer, done = asked(here, work, to, each)
                    shown = NEW.sub("", repr(answer))
                    told = [event.kind for event in here.events[count:]]
                    # The browser is looked for on the loop or off it, as busy as that is.
                    hops = len(done.hops) if each is ask else None
                    seen[to] = (shown, done.shapes(), hops, queued(here), told)
                assert work.statements
                for to in everybody:
                    assert seen[to] == seen[everybody[0]], to
