"""What is raised where a webhook fails."""

from __future__ import annotations

from typing import Literal, TypeAlias

from authweave.kernel import AuthweaveError

WebhookFailure: TypeAlias = Literal[
    "unreachable",
    "timed_out",
    "bad_status",
    "answer_too_long",
    "bad_signature",
    "bad_answer",
    "request_too_long",
    "not_connected",
]
"""Why a webhook failed (docs/reference/webhooks.md, Failures)."""


class WebhookError(AuthweaveError):
    """
    A webhook gave no answer that can be used, and its policy is to refuse. Answered with 503 and ``Retry-After``.

    Of a webhook that is asked before its function, nothing has been done. Of one that is asked after it, the function
    has done what it does.

    Attributes:
        function: what it overrides (``emailpassword.sign_up``).
        failure: why it failed.
        webhook_id: the id of the request; None where none was sent.
    """

    code = "webhook"

    def __init__(self, function: str, failure: WebhookFailure, explanation: str, webhook_id: str | None = None) -> None:
        self.function = function
        self.failure = failure
        self.webhook_id = webhook_id
        super().__init__(f"The webhook of {function} {explanation}")
