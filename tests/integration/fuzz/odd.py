"""Odd values: what people do not type and programs are not ready for."""

from __future__ import annotations

import json
import random
from typing import Final

from authweave.types import JSON

ODD_TEXTS: Final = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\r\n", "x\r\nset-cookie: a=b", "\t", "\x7f", "\x1b[31m", "\u202e",
    "\ufeff", "\u034f", "\u3164", "\ufe0f", "e\u0301", "\u1100\u1161", "\uff11", "\xa0", "\U0001f600", "\U0010ffff",
    "'", '"', "' OR 1=1 --", "%00", "%s%n", "../../etc/passwd", "null", "true", "NaN", "-1", "1e999", "{}", "[]", ";",
    "<script>", "\\", "public", "t1", "a/b", "T1", "x" * 5000, "\xe9" * 2000, "a@b", "@", "a@@b.c", "ada@example.com.",
    "ADA@EXAMPLE.COM", "ada@ex\u00e4mple.com", "http://localhost:3000", "javascript:1", "http://[::1", "//x", "2.0",
)  # fmt: skip

ODD_NUMBERS: Final = (
    0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**40, 10**400, 0.1, -0.0, 1e308, 5e-324,
)  # fmt: skip

ODD_BYTES: Final = (
    b"", b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80", b"\xef\xbb\xbf", b"\r", b"\n",
    b"\r\n", b"\t", b"\x0b", b"\x7f", b"%", b"%zz", b"%00", b"%ff", b"%2e%2e", b"%2f", b";", b",", b"=", b'"', b"\\",
)  # fmt: skip


def odd_text(chance: random.Random) -> str:
    """Return a text that is odd, or random."""
    if chance.random() < 0.7:
        return chance.choice(ODD_TEXTS)
    limit = chance.choice((0x7F, 0xFF, 0xFFFF, 0x10FFFF))
    return "".join(chr(chance.randint(0, limit)) for _ in range(chance.randint(0, 40)))


def odd_bytes(chance: random.Random) -> bytes:
    """Return bytes that are odd, or random."""
    if chance.random() < 0.6:
        return b"".join(chance.choice(ODD_BYTES) for _ in range(chance.randint(1, 3)))
    return chance.randbytes(chance.randint(0, 40))


def odd_json(chance: random.Random, depth: int = 0) -> JSON:
    """Return a JSON value."""
    kind = chance.randrange(4 if depth > 2 else 7)
    if kind == 0:
        return chance.choice((None, True, False))
    if kind == 1:
        return chance.choice(ODD_NUMBERS)
    if kind in {2, 3}:
        return odd_text(chance)
    if kind == 4:
        return [odd_json(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    if kind == 5:
        return {odd_text(chance): odd_json(chance, depth + 1) for _ in range(chance.randint(0, 3))}
    return nested(chance.choice((10, 200)))


def nested(depth: int) -> JSON:
    """Return lists in lists."""
    value: JSON = []
    for _ in range(depth):
        value = [value]
    return value


def changed_json(chance: random.Random, value: JSON) -> JSON:
    """Return a JSON value of which one thing is another, is gone, or is there twice."""
    if chance.random() < 0.1 or not value or not isinstance(value, dict | list):
        return odd_json(chance)
    what = chance.random()
    if isinstance(value, dict):
        key = chance.choice(list(value))
        if what < 0.15:
            return {name: each for name, each in value.items() if name != key}
        new = odd_text(chance) if what < 0.25 else key
        return {**value, new: changed_json(chance, value[key])}
    index = chance.randrange(len(value))
    between = [] if what < 0.15 else value[index:] if what < 0.3 else [changed_json(chance, value[index])]
    return [*value[:index], *between, *value[index + 1 :]]


def json_bytes(chance: random.Random, value: JSON) -> bytes:
    """Write JSON, mostly as frontends do, else in another encoding or not quite."""
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.7:
        return text.encode("utf-8", "surrogatepass")
    ways = (
        lambda: text.encode("utf-16", "surrogatepass"),
        lambda: text.encode("utf-32-be", "surrogatepass"),
        lambda: b"\xef\xbb\xbf" + text.encode("utf-8", "surrogatepass"),
        lambda: text.encode("latin-1", "replace"),
        lambda: text[: chance.randint(0, len(text))].encode("utf-8", "surrogatepass"),
        lambda: text.replace('"', "'").encode("utf-8", "surrogatepass"),
        lambda: text.replace("null", "NaN").replace("1", "Infinity").encode("utf-8", "surrogatepass"),
        lambda: (text + text).encode("utf-8", "surrogatepass"),
        lambda: b"[" * chance.choice((100, 100_000)),
        lambda: b'{"a":' * chance.choice((100, 50_000)),
        lambda: b'{"n":' + b"9" * chance.choice((100, 10_000)) + b"}",
        lambda: (text[:-1] + "," + text[1:]).encode("utf-8", "surrogatepass"),  # members twice
        lambda: odd_bytes(chance) + text.encode("utf-8", "surrogatepass"),
        lambda: chance.randbytes(chance.randint(0, 300)),
    )
    return chance.choice(ways)()


def spoilt(chance: random.Random, content: bytes) -> bytes:
    """Return bytes of which a few are others, are gone, or are there twice."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(found))
        what = chance.randrange(4)
        if what == 0:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            found[at:at] = odd_bytes(chance)
        elif what == 2:
            del found[at : at + chance.randint(1, 5)]
        else:
            found[at:at] = found[at : at + chance.randint(1, 20)]
    return bytes(found)
