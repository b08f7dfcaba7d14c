"""People of the schedules of linked accounts: who holds which mailbox, password, identity and session."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

import attrs

from tests.unit.recipe.session.serving import Client, payload_of

MailKind: TypeAlias = Literal["reset", "verify"]

HONEST: Final = {"ada": ("ada", "countess"), "bob": ("bob",)}
"""Honest people, and the mailboxes that are theirs."""

ATTACKER: Final = "mallory"
MAILBOXES: Final = {**HONEST, ATTACKER: ("mallory", "malice")}
HOLDERS: Final = {mailbox: name for name, mailboxes in MAILBOXES.items() for mailbox in mailboxes}
EVERY_MAILBOX: Final = tuple(HOLDERS)


@attrs.frozen
class Mail:
    """
    A mail with a link.

    Attributes:
        token: that of the link.
        asked_by: whose request it came of.
    """

    kind: MailKind
    token: str = attrs.field(repr=False)
    tenant_id: str
    asked_by: str

    @classmethod
    def with_link(cls, kind: MailKind, link: str, asked_by: str) -> Mail:
        """Read the link of a mail."""
        query = parse_qs(urlsplit(link).query)
        return cls(kind, query["token"][0], query["tenantId"][0], asked_by)


@attrs.define(eq=False)
class Jar:
    """The tokens of a session, as one answer gave them; who holds them keeps older ones too."""

    client: Client

    @property
    def handle(self) -> str:
        """The session that they are of."""
        handle: str = payload_of(self.client.access_token)["sessionHandle"]
        return handle


@attrs.define(eq=False)
class Person:
    """
    Somebody who uses the application.

    Attributes:
        mails: what lies in the mailboxes.
        accounts: tenants and addresses of own sign-ups with a password.
        jars: all tokens that answers have given.
        alive: handles of the sessions that may be there still.
    """

    name: str
    mails: list[Mail] = attrs.field(factory=list[Mail])
    accounts: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])
    jars: list[Jar] = attrs.field(factory=list[Jar])
    alive: set[str] = attrs.field(factory=set[str])

    @property
    def password(self) -> str:
        """The one that this person chooses everywhere, and nobody else knows."""
        return f"the password of {self.name} 1"

    @property
    def is_honest(self) -> bool:
        """Whether it is none of the attacker's."""
        return self.name != ATTACKER

    def usable_mails(self, kind: MailKind) -> list[Mail]:
        """
        Return the mails whose links this person may follow.

        Nobody honest confirms an address for an account that somebody else made; a new password is safe to choose
        whoever asked for the mail.
        """
        return [
            mail
            for mail in self.mails
            if mail.kind == kind and (not self.is_honest or kind == "reset" or mail.asked_by == self.name)
        ]

    def chosen_mail(self, kind: MailKind, which: int) -> Mail | None:
        """Choose a mail whose link may be followed, the newest first."""
        usable = self.usable_mails(kind)[::-1]
        return usable[which % len(usable)] if usable else None

    def chosen_jar(self, which: int) -> Jar | None:
        """Choose tokens: most often those of a session that is there still, now and then older ones."""
        newest = {jar.handle: jar for jar in self.jars if jar.handle in self.alive}
        offered = [*newest.values()] * 3 + self.jars[-4:]
        return offered[which % len(offered)] if offered else None

    def take(self, client: Client) -> None:
        """Keep the tokens of an answer."""
        jar = Jar(client)
        self.jars.append(jar)
        self.alive.add(jar.handle)
