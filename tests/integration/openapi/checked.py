"""Answers that came over the wire, held against what a document says of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

import attrs
import httpx2
import jsonschema_rs

from authweave.types import JSON, JSONObject
from tests.integration.openapi.conftest import member

TENANT: Final = "{tenantId}"
OF_EVERY_ANSWER: Final = frozenset({"content-length", "content-type", "date", "server", "cache-control", "vary"})
OF_BROWSERS: Final = frozenset(
    {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "referrer-policy",
        "x-content-type-options",
        "x-frame-options",
    }
)
"""What browsers alone read. With what HTTP itself adds it is in no document."""


@attrs.define(eq=False)
class Checked:
    """
    Asks, and checks each answer: its status, headers, media type and body have to be in the document.

    Attributes:
        client: asks.
        document: what the application says.
        seen: how often each answer came, by operation and status, with the ``status`` of its body if it has one.
    """

    client: httpx2.Client
    document: JSONObject
    seen: Counter[tuple[str, str]] = attrs.field(factory=Counter[tuple[str, str]], init=False)

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: JSON = None,
        data: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Ask for a path."""
        sent = self.client.build_request(
            method, path, params=params, json=json, data=data, content=content, headers=headers
        )
        answer = self.client.send(sent, follow_redirects=False)
        self.check(method.lower(), path, answer)
        return answer

    def check(self, method: str, path: str, answer: httpx2.Response) -> None:
        """Check an answer."""
        operation = member(self.document, "paths", self.template_of(path), method)
        title, status = f"{method.upper()} {self.template_of(path)}", str(answer.status_code)
        responses = member(operation, "responses")
        assert status in responses, f"{title} answered {status}, of which the document knows nothing: {answer.text}"
        known = {*OF_EVERY_ANSWER, *OF_BROWSERS, *member(member(responses, status).get("headers", {}))}
        assert set(answer.headers) <= known, f"{title} {status} has headers {set(answer.headers) - known}"
        content = member(responses, status).get("content")
        said = status
        if content is None:
            assert answer.content == b"", f"{title} {status} has a body: {answer.text}"
        else:
            assert isinstance(content, dict)
            media_type = answer.headers["content-type"].partition(";")[0]
            assert media_type in content, f"{title} {status} is {media_type}"
            body: JSON = answer.json() if media_type == "application/json" else answer.text
            fault = self.fault_in(body, member(content[media_type], "schema"))
            assert fault is None, f"{title} {status}: {fault}"
            if isinstance(body, Mapping) and isinstance(body.get("status"), str):
                said = f"{status} {body['status']}"
        self.seen[title, said] += 1

    def template_of(self, path: str) -> str:
        """Return the path of the document that a path is of."""
        paths = member(self.document, "paths")
        return path if path in paths else re.sub(r"^/auth/[^/]+", f"/auth/{TENANT}", path)

    def fault_in(self, value: JSON, schema: JSONObject) -> str | None:
        """Return what in a value is not as a schema of the document has it."""
        whole = {**schema, "components": self.document["components"]}
        try:
            jsonschema_rs.Draft202012Validator(whole).validate(value)
        except jsonschema_rs.ValidationError as error:
            return str(error)
        return None
