"""What makes a request unlike those of frontends, and how it is written."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Callable
from typing import Final

import attrs

from .odd import changed_json, json_bytes, odd_bytes, odd_json, odd_text, spoilt
from .served import TENANT
from .wishes import OF_APPLICATION, OF_ROUTES, Known, Wish

JWT: Final = re.compile(rb"(eyJ[\w-]+)\.([\w-]+)\.([\w-]+)")

METHODS: Final = (
    "GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "get", "Post", "G" * 300,
)  # fmt: skip

PATHS: Final = (
    "/", "//", "/auth", "/auth/", "/auth//signin", "/auth/signin/", "/auth/signin//", "/Auth/signin", "/auth/SIGNIN",
    "/auth/./signin", "/auth/../auth/signin", "/auth/%73ignin", "/auth/signin%00", "/auth/%ff/signin", "/auth/%zz",
    "/auth/signin%2f", "/auth%2fsignin", "/auth/signin;x=1", "/auth/t1/t1/signin", "/auth/signin/signin", "/auth/%",
    "/auth/session/refresh/x", "/auth/" + "a" * 8000, "/auth/signin#x", "*", "http://localhost/auth/signin",
    "http://[::1/auth/signin", "/auth/\\signin", "/auth/%c0%80/signin", "/auth/%ed%a0%80/signin",
)  # fmt: skip

TENANTS: Final = (
    TENANT, "public", "T1", "nobody", "a" * 100, "a" * 101, "health", "signin", "%74%31", "a%2fb", "a_b", "",
)  # fmt: skip

CONTENT_TYPES: Final = (
    b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-16", b"APPLICATION/JSON",
    b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"multipart/form-data",
    b"", b"application/json, text/plain", b"application/json; charset=\xff", b";", b"\xff",
    b"application/vnd.api+json",
)  # fmt: skip

NAMES: Final = (
    b"authorization", b"cookie", b"rid", b"fdi-version", b"anti-csrf", b"st-auth-mode", b"content-type", b"origin",
    b"referer", b"host", b"x-forwarded-for", b"forwarded", b"accept", b"accept-encoding", b"content-encoding",
    b"expect", b"x", b"sec-fetch-site", b"access-control-request-method", b"date", b"if-none-match", b"range", b"te",
)  # fmt: skip

VALUES: Final = (
    b"Bearer", b"Bearer ", b"Bearer  x", b"bearer x", b"Basic YTpi", b"Bearer a.b.c", b"Bearer ..", b"cookie",
    b"header", b"COOKIE", b"any", b"4.2", b"1.17,2.0,3.1", b"9999999999999.1", b"1." * 300, b"anti-csrf",
    b"emailpassword", b"null", b"http://localhost:3000", b"http://evil.example", b"100-continue", b"gzip", b"chunked",
    b"127.0.0.1", b"::1", b"1, 2", b"sAccessToken=x; sAccessToken=y", b"sAccessToken=", b"sAccessToken",
    b"sIdRefreshToken=x", b"sRefreshToken=%ff%00", b"sAccessToken=%zz; =; ;;; a=b=c", b'sAccessToken="x"',
    b"bytes=0-", b"a" * 7000, b"https://localhost:8000",
)  # fmt: skip


def make_method_odd(chance: random.Random, wish: Wish, known: Known) -> None:
    """Ask by another method."""
    del known
    wish.method = chance.choice(METHODS)


def make_path_odd(chance: random.Random, wish: Wish, known: Known) -> None:
    """Ask for another path."""
    del known
    wish.path = chance.choice(PATHS) if chance.random() < 0.7 else wish.path + odd_text(chance)


def name_tenant(chance: random.Random, wish: Wish, known: Known) -> None:
    """Name a tenant, which may not exist."""
    del known
    if wish.path.startswith("/auth/"):
        wish.path = f"/auth/{chance.choice(TENANTS)}/{wish.path.removeprefix('/auth/')}"


def make_query_odd(chance: random.Random, wish: Wish, known: Known) -> None:
    """Change, repeat, leave out or add parameters."""
    del known
    what = chance.randrange(4)
    if what == 0 and wish.query:
        name, _ = chance.choice(wish.query)
        wish.query.append((name, odd_text(chance)))
    elif what == 1 and wish.query:
        wish.query.remove(chance.choice(wish.query))
    elif what == 2 and wish.query:
        index = chance.randrange(len(wish.query))
        wish.query[index] = (wish.query[index][0], odd_text(chance))
    else:
        wish.query += [(odd_text(chance), odd_text(chance))] * chance.choice((1, 2, 30))


def make_body_odd(chance: random.Random, wish: Wish, known: Known) -> None:
    """Change what the body says, or have a body where there is none."""
    del known
    wish.content = odd_json(chance) if wish.content is None else changed_json(chance, wish.content)


def make_content_type_odd(chance: random.Random, wish: Wish, known: Known) -> None:
    """Say that the body is something else, or nothing, or two things."""
    del known
    if chance.random() < 0.8:
        wish.headers = [(name, value) for name, value in wish.headers if name != b"content-type"]
    if chance.random() < 0.8:
        wish.headers.append((b"content-type", chance.choice(CONTENT_TYPES)))


def add_headers(chance: random.Random, wish: Wish, known: Known) -> None:
    """Add headers that are odd, or there already."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        name = chance.choice(NAMES)
        value = chance.choice(VALUES) if chance.random() < 0.7 else odd_bytes(chance)
        if chance.random() < 0.3:
            kind = chance.choice(("st-access-token", "st-refresh-token", "anti-csrf"))
            value = known.one(chance, kind).encode()
            value = b"Bearer " + value if name == b"authorization" else b"sAccessToken=" + value
        wish.headers.append((name, value))


def choose_mode(chance: random.Random, wish: Wish, known: Known) -> None:
    """Say how tokens are to travel, and which version the frontend speaks."""
    del known
    wish.headers.append((b"st-auth-mode", chance.choice((b"cookie", b"header", b"COOKIE", b"", b"x"))))
    wish.headers.append((b"fdi-version", chance.choice((b"1.17", b"2.0", b"3.0,4.0", b"4.2", b"x", b"999.9"))))


def spoil_tokens(chance: random.Random, wish: Wish, known: Known) -> None:
    """Change tokens: a bit of one, a part of it or another's, or send one twice."""
    other = known.one(chance, chance.choice(("st-access-token", "st-refresh-token"))).encode()
    wish.headers = [
        (name, each)
        for name, value in wish.headers
        for each in (spoilt_token(chance, value, other) if name in {b"authorization", b"cookie"} else [value])
    ]


def spoilt_token(chance: random.Random, value: bytes, other: bytes) -> list[bytes]:
    """Return what becomes of a header with a token."""
    ways: tuple[Callable[[], list[bytes]], ...] = (
        lambda: [spoilt(chance, value)],
        lambda: [b".".join([*value.split(b".")[:-1], *other.split(b".")[-1:]])],
        lambda: [value, value],
        lambda: [with_other_part(chance, value)],
        lambda: [value[: chance.randint(0, len(value))]],
    )
    return chance.choice(ways)()


def with_other_part(chance: random.Random, value: bytes) -> bytes:
    """Return a value with a JWT in it whose header or payload says something else."""
    found = JWT.search(value)
    if found is None:
        return value
    parts = list(found.groups())
    index = chance.randrange(2)
    try:
        content = json.loads(base64.urlsafe_b64decode(parts[index] + b"=="))
    except (ValueError, RecursionError):  # it was spoilt before
        return value
    parts[index] = base64.urlsafe_b64encode(json_bytes(chance, changed_json(chance, content))).rstrip(b"=")
    return value[: found.start()] + b".".join(parts) + value[found.end() :]


CHANGES: Final[tuple[Callable[[random.Random, Wish, Known], None], ...]] = (
    make_method_odd,
    make_path_odd,
    name_tenant,
    make_query_odd,
    make_query_odd,
    *[make_body_odd] * 6,
    make_content_type_odd,
    *[add_headers] * 3,
    choose_mode,
    *[spoil_tokens] * 3,
)
"""Most of them get as far as the routes: what is refused before is soon known."""


@attrs.frozen
class Written:
    """
    A request as it goes over the wire.

    Attributes:
        is_whole: whether a server can tell where it ends: then it answers without anything more.
        is_usual: whether it is what a frontend sends.
    """

    title: str
    raw: bytes
    is_whole: bool
    is_usual: bool

    @property
    def is_head(self) -> bool:
        """Whether its answer has no body."""
        return self.raw.startswith(b"HEAD ")


def write_one(chance: random.Random, known: Known) -> Written:
    """Write a request: a usual one of any route, or one in which up to four things are odd."""
    wishes = OF_APPLICATION if chance.random() < 0.15 else OF_ROUTES
    titles = [title for title in wishes for _ in range(3 if title.startswith("POST") else 1)]  # which do the most
    wish = wishes[chance.choice(titles)](chance, known)
    how_odd = chance.choice((0, 1, 1, 1, 2, 2, 3, 4))
    for _ in range(how_odd):
        chance.choice(CHANGES)(chance, wish, known)
    body = wish.body(chance)
    if how_odd and chance.random() < 0.02:
        body += b" " * chance.choice((17_000, 1024 * 1024))
    framed, is_whole = framing(chance, body) if how_odd else (usual_framing(body), True)
    head = b"".join(
        name + b": " + value.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n"
        for name, value in [(b"host", b"localhost"), *wish.headers, (b"connection", b"close")]
    )
    version = (
        b"HTTP/1.1" if not how_odd or chance.random() < 0.97 else chance.choice((b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9"))
    )
    raw = b"%b %b %b\r\n%b%b" % (wish.method.encode(), wish.target(), version, head, framed)
    if how_odd and chance.random() < 0.03:
        end = raw.index(b"\r\n\r\n")
        raw, is_whole = spoilt(chance, raw[:end]) + raw[end:], False
    if how_odd and chance.random() < 0.01:
        raw, is_whole = raw[: chance.randint(1, len(raw))], False
    return Written(wish.title, raw, is_whole, how_odd == 0)


def usual_framing(body: bytes) -> bytes:
    """Return the length and the body."""
    return b"content-length: %d\r\n\r\n%b" % (len(body), body)


def framing(chance: random.Random, body: bytes) -> tuple[bytes, bool]:
    """Return the end of the head, and the body; and whether that is whole."""
    what = chance.random()
    if what < 0.8:
        return usual_framing(body), True
    if what < 0.91:
        return b"transfer-encoding: chunked\r\n\r\n" + chunks(chance, body), True
    if what < 0.94:
        return b"expect: 100-continue\r\n" + usual_framing(body), True
    if what < 0.96 and not body:
        return b"\r\n", True
    odd: tuple[bytes, ...] = (
        b"content-length: %d\r\n\r\n%b" % (len(body) + chance.randint(1, 50), body),
        b"content-length: %d\r\n\r\n%b" % (max(0, len(body) - chance.randint(1, 50)), body),
        b"content-length: -1\r\n\r\n" + body,
        b"content-length: +%d\r\n\r\n%b" % (len(body), body),
        b"content-length: 99999999999999999999\r\n\r\n" + body,
        b"content-length: \r\n\r\n" + body,
        b"content-length: 0\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body),
        b"transfer-encoding: chunked\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body),
        b"transfer-encoding: gzip\r\n\r\n" + body,
        b"transfer-encoding: chunked\r\n\r\nzz\r\n" + body,
        b"transfer-encoding: chunked\r\n\r\n5\r\nab",
        b"upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: YQ==\r\n\r\n",
        b"upgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n",
        b" folded: x\r\n more\r\n\r\n",
        b"bad name: x\r\n\r\n",
        b": x\r\n\r\n",
        b"x\r\n\r\n",
        b"big: " + b"x" * chance.choice((9_000, 70_000)) + b"\r\n\r\n",
        b"".join(b"h%d: x\r\n" % number for number in range(chance.choice((90, 300)))) + b"\r\n",
    )
    return chance.choice(odd), False


def chunks(chance: random.Random, body: bytes) -> bytes:
    """Write a body in chunks."""
    written = bytearray()
    at = 0
    while at < len(body):
        size = chance.choice((1, 7, 4096, 100_000)) if len(body) < 5000 else 100_000
        chunk = body[at : at + size]
        extension = chance.choice((b"", b"", b";x=y", b';x="a;b"'))
        written += b"%x%b\r\n%b\r\n" % (len(chunk), extension, chunk)
        at += size
    trailer = chance.choice((b"", b"", b"x: y\r\n"))
    return bytes(written) + b"0\r\n" + trailer + b"\r\n"


@attrs.frozen
class Numbered:
    """
    Requests by number: the same seed and number give the same one, but for what earlier answers gave.

    Attributes:
        seed: from where chance begins.
    """

    seed: int
    known: Known

    def __getitem__(self, number: int) -> Written:
        """Return a request."""
        return write_one(random.Random(f"{self.seed}:{number}"), self.known)  # noqa: S311  a test's chance
