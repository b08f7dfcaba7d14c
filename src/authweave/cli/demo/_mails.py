"""The mails of the demo, which are sent to nobody: ``GET /dev/mails``."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

import attrs
from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse

from authweave.ingredients.emaildelivery import DevelopmentMails, EmailContent

LINK: Final = re.compile(r"https?://\S+")
CODE: Final = re.compile(r"^\D*(\d{6})\D*$", re.MULTILINE)


@attrs.frozen
class Mails:
    """Shows the mails that were collected."""

    collected: DevelopmentMails

    async def show(self, request: Request) -> JSONResponse:
        """Answer with the mails, the latest first; to this machine alone, since whoever has a link can use it."""
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            raise HTTPException(403, "Mails are shown to the machine that the demo runs on, and to no other.")
        shown = [as_value(content) for content in reversed(self.collected.mails)]
        return JSONResponse({"mails": shown}, headers={"cache-control": "no-store"})


def as_value(content: EmailContent) -> dict[str, object]:
    """Return a mail as a plain value."""
    text = content.text if content.text is not None else content.body
    code = CODE.search(text)
    return {
        "to": content.to_email,
        "subject": content.subject,
        "text": text,
        "html": content.body if content.is_html else None,
        "links": LINK.findall(text),
        "code": None if code is None else code[1],
        "written": None if content.date is None else content.date.isoformat(),
    }
