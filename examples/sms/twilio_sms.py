"""
Text messages by Twilio's HTTP API, or by a gateway that is shaped alike: a sender for `smsdelivery.SMSService`.

    SMSService(TwilioSender(account_sid, auth_token, from_="+15005550006"))

It runs in the background. What it raises is tried again later; `RefusedError` is not.
"""

import asyncio

import httpx2

from authweave.ingredients.smsdelivery import SMSContent
from authweave.outbox import RefusedError

NOT_THIS_ONE = {400, 404}
"""The number or the text is at fault: the same request fails again. A wrong password (401) does not stay for ever."""


class GatewayError(Exception):
    """The gateway did not take a message, and may take it later. Of its answer the status alone is said."""

    def __init__(self, status: int) -> None:
        self.code = status
        super().__init__(f"The gateway answered {status}.")


class TwilioSender:
    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        from_: str,
        url: str = "https://api.twilio.com",
        deadline_s: float = 10,
    ) -> None:
        self._path = f"{url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._auth = (account_sid, auth_token)
        self._from = from_
        self._deadline_s = deadline_s

    async def send_sms(self, content: SMSContent) -> None:
        message = {"To": content.to_phone, "From": self._from, "Body": content.body}
        async with asyncio.timeout(self._deadline_s):  # for all of it: a gateway may trickle
            async with httpx2.AsyncClient(auth=self._auth) as client:
                answer = await client.post(self._path, data=message)
        if answer.status_code in NOT_THIS_ONE:
            raise RefusedError(f"the gateway refuses the message ({answer.status_code})")
        if not answer.is_success:  # also 429: the outbox waits, longer each time
            raise GatewayError(answer.status_code)
