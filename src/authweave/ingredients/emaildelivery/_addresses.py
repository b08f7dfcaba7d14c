"""What may stand in the header of a mail: nothing that begins another header, or another recipient."""

from __future__ import annotations

import re
from typing import Final

from authweave.ingredients.delivery import UNPRINTABLE
from authweave.kernel import AuthweaveError
from authweave.types import ConfigurationError

MAX_HEADER_CHARACTERS: Final = 998
"""Of a line (RFC 5322, section 2.1.1)."""

MAX_ADDRESS_CHARACTERS: Final = 320
"""64 before the @, 255 behind it (RFC 5321, section 4.5.3.1)."""

# No white space, quotes, angle brackets or lists: of all that RFC 5322 lets stand in front of an @, this is what mail
# programs and servers agree on.
ADDRESS: Final = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]{1,255}")


class MailContentError(AuthweaveError):
    """
    A mail cannot be written: its template fails, or its address or subject cannot stand in a header.

    .. versionadded:: 0.1.0
    """

    code = "mail_content"


def header_fault(text: str) -> str | None:
    """Say what keeps a text from standing in a header."""
    if len(text) > MAX_HEADER_CHARACTERS:
        return f"has more than {MAX_HEADER_CHARACTERS} characters"
    return "holds a line break or another character that is not printed" if UNPRINTABLE.search(text) else None


def address_fault(address: str) -> str | None:
    """Say what keeps a text from being the address of a recipient or a sender."""
    if len(address) > MAX_ADDRESS_CHARACTERS:
        return f"has more than {MAX_ADDRESS_CHARACTERS} characters"
    if (fault := header_fault(address)) is not None:
        return fault
    if ADDRESS.fullmatch(address) is None:
        return "is no address that mail can be sent to"
    # What few need is loaded by those.
    from email.headerregistry import Address  # noqa: PLC0415  as above

    local, _, domain = address.rpartition("@")
    try:
        in_ascii = ascii_domain(domain)
        Address(username=local, domain=in_ascii)
        is_itself = domain.isascii() or in_ascii.encode().decode("idna") == domain.lower()
    except Exception:  # noqa: BLE001  the standard library raises errors of many kinds for what it cannot parse
        return "is no address that mail can be sent to"
    # IDNA 2003, which Python has, makes strasse of straße, and IDNA 2008 does not (RFC 5894, section 7.2): a link would
    # go to whoever has the other domain.
    return None if is_itself else "has a domain that would become another: write it in ASCII, as DNS has it (xn--...)"


def ascii_domain(domain: str) -> str:
    """
    Return a domain as DNS has it (RFC 5890).

    Raises:
        UnicodeError: it is none.
    """
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def sendable_address(address: str) -> str:
    """Return an address whose domain is in ASCII: only its local part may need SMTPUTF8 (RFC 6531)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def check_header_text(text: str, what: str) -> None:
    """
    Check a setting that stands in a header.

    Raises:
        ConfigurationError: it cannot.
    """
    if (fault := header_fault(text)) is not None:
        raise ConfigurationError(f"{what} {fault}.")


def check_sender(address: str) -> None:
    """
    Check the address that mails are from.

    Raises:
        ConfigurationError: it is none.
    """
    if (fault := address_fault(address)) is not None:
        raise ConfigurationError(f"SMTPSettingsFrom: email {fault}: write one like 'no-reply@example.com'.")
