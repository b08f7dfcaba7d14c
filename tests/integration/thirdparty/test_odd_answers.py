"""Answers of providers that are right, and not in the shape that the specification's examples have."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from urllib.parse import urlencode

import attrs
import pytest

from authweave.recipe.thirdparty.exceptions import CodeRefusedError, ProviderAnswerError
from authweave.recipe.thirdparty.types import UserInfo
from authweave.types import JSON

from .openid_server import OpenIDServer
from .reshaping import Reshaping, Shape
from .sign_ins import PATIENT, Bench, begun, bench, finished, opened, sign_in

FORM = {"content-type": "application/x-www-form-urlencoded"}
TEXT = {"content-type": "text/plain; charset=UTF-8"}
ADDRESS = "ada@example.com"


def bare_deflate(body: bytes) -> bytes:
    """Deflate without a frame."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


def as_form(body: bytes) -> bytes:
    """Write the fields of JSON as a form."""
    return urlencode(json.loads(body)).encode()


def encoded(how: str, encode: Callable[[bytes], bytes]) -> Shape:
    """Make a shape with a content encoding."""
    return Shape(encode, {"content-encoding": how})


def signed_in(world: Bench, server: OpenIDServer) -> UserInfo:
    """Sign in by a code."""

    async def main() -> UserInfo:
        return await sign_in(await opened(world.openid(server)), server)

    return asyncio.run(main())


def refusal(world: Bench, server: OpenIDServer) -> str:
    """Return what is said of the provider's answer."""
    with pytest.raises(ProviderAnswerError) as caught:
        signed_in(world, server)
    return str(caught.value)


def address_of(user: UserInfo) -> str | None:
    """Return who signed in."""
    return None if user.email is None else user.email.id


EVERYWHERE = {
    "gzip": encoded("gzip", gzip.compress),
    "x-gzip": encoded("X-GZIP", gzip.compress),
    "deflate": encoded("deflate", zlib.compress),
    "bare deflate": encoded("deflate", bare_deflate),
    "identity": encoded("identity", bytes),
    "byte order mark": Shape(lambda body: b"\xef\xbb\xbf" + body),
    "UTF-16": Shape(lambda body: body.decode().encode("utf-16")),
    "another type": Shape(bytes, {"content-type": "text/html"}),
}


@pytest.mark.parametrize("shape", EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_every_answer_in_another_shape(world: Bench, server: OpenIDServer, odd: Reshaping, shape: Shape) -> None:
    """Document, keys, tokens and user info are read, though the request asked for no encoding."""
    odd.shapes[""] = shape
    assert address_of(signed_in(world, server)) == ADDRESS
    assert set(odd.seen) == {"/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"}
    assert all((b"accept-encoding", b"identity") in headers for headers in odd.seen.values())


@pytest.mark.parametrize("name", ["iso-8859-1", '"Windows-1252"'])
def test_json_that_is_no_unicode(world: Bench, server: OpenIDServer, odd: Reshaping, name: str) -> None:
    """Where it says in which of two other ways it is written, it is read in that; else it is refused."""
    server.users["ada"]["name"] = "Zoë"

    def single_bytes(body: bytes) -> bytes:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("latin-1")

    odd.shapes["/userinfo"] = Shape(single_bytes, {"content-type": f"application/json; charset={name}"})
    said = signed_in(world, server).raw_user_info_from_provider.from_user_info_api
    assert said is not None
    assert said["name"] == "Zoë"
    odd.shapes["/userinfo"] = Shape(single_bytes)
    assert "something else than JSON" in refusal(world, server)


@pytest.mark.parametrize("headers", [FORM, TEXT])
def test_tokens_as_a_form(world: Bench, server: OpenIDServer, odd: Reshaping, headers: dict[str, str]) -> None:
    """Tokens that a provider writes as a form are read, and so is the error of one that refuses a code."""
    odd.shapes["/token"] = Shape(as_form, headers)
    assert address_of(signed_in(world, server)) == ADDRESS

    async def main() -> None:
        provider = await opened(world.openid(server))
        _, sealed = await begun(provider)
        with pytest.raises(CodeRefusedError):
            await finished(provider, {"code": "unknown"}, sealed)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/token", Shape(as_form, {"content-type": "text/html"})),
        ("/token", Shape(lambda _: b"token=x", FORM)),
        ("/token", Shape(lambda _: b"access_token=x&a=%ff", FORM)),
        ("/token", Shape(lambda _: b"access_token=x" + b"&a=b" * 100, FORM)),
        ("/userinfo", Shape(as_form, FORM)),
        ("/userinfo", Shape(as_form, TEXT)),
        ("/jwks", Shape(as_form, FORM)),
        ("/.well-known/openid-configuration", Shape(as_form, TEXT)),
    ],
)
def test_what_is_no_form_of_tokens(world: Bench, server: OpenIDServer, odd: Reshaping, path: str, shape: Shape) -> None:
    """Another type, other fields, and other endpoints: only tokens may come as a form."""
    odd.shapes[path] = shape
    assert "something else than JSON" in refusal(world, server)


def with_error(error: JSON) -> Shape:
    """Make a shape with an error beside what is there."""
    return Shape(lambda body: json.dumps({**json.loads(body), "error": error}).encode())


def test_an_error_without_a_text(world: Bench, server: OpenIDServer, odd: Reshaping) -> None:
    """``"error": ""`` beside tokens is none, in JSON, in a form, and where the user comes back."""
    odd.shapes["/token"] = with_error("")
    assert address_of(signed_in(world, server)) == ADDRESS
    odd.shapes["/token"] = Shape(lambda body: as_form(body) + b"&error=", FORM)
    assert address_of(signed_in(world, server)) == ADDRESS

    async def main() -> None:
        provider = await opened(world.openid(server))
        url, sealed = await begun(provider)
        assert address_of(await finished(provider, {**server.authorise(url), "error": ""}, sealed)) == ADDRESS

    asyncio.run(main())
    odd.shapes["/token"] = Shape(lambda _: b'{"error": ""}')
    assert "without an access token" in refusal(world, server)
    odd.shapes["/token"] = with_error("server_error")
    assert "server_error" in refusal(world, server)


LIMIT = 8192

BROKEN = {
    "becomes too long": (encoded("gzip", lambda _: gzip.compress(b" " * (LIMIT + 1))), f"more than {LIMIT} bytes"),
    "deflated, too": (encoded("deflate", lambda _: bare_deflate(b" " * (LIMIT + 1))), f"more than {LIMIT} bytes"),
    "is too long": (Shape(lambda body: body + b" " * LIMIT), f"more than {LIMIT} bytes"),
    "breaks off": (encoded("gzip", lambda body: gzip.compress(body)[:-9]), "something else than gzip"),
    "goes on": (encoded("gzip", lambda body: gzip.compress(body) * 2), "something else than gzip"),
    "is not encoded": (encoded("gzip", bytes), "something else than gzip"),
    "is empty": (encoded("deflate", lambda _: b""), "something else than deflate"),
    "another encoding": (encoded("br", bytes), "'br'"),
    "twice": (encoded("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))), "'gzip, gzip'"),
}


@pytest.mark.parametrize(("shape", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_encodings_that_are_not_read(server: OpenIDServer, odd: Reshaping, shape: Shape, said: str) -> None:
    """What is decoded has the same limit as what is not; other encodings are refused by name."""
    odd.shapes["/userinfo"] = shape
    with bench(attrs.evolve(PATIENT, max_answer_bytes=LIMIT)) as world:
        assert said in refusal(world, server)


def test_an_encoded_answer_just_within_the_limit(server: OpenIDServer, odd: Reshaping) -> None:
    """As long as it may be, and not a byte less."""
    odd.shapes["/userinfo"] = encoded("gzip", lambda body: gzip.compress(body.ljust(LIMIT)))
    with bench(attrs.evolve(PATIENT, max_answer_bytes=LIMIT)) as world:
        assert address_of(signed_in(world, server)) == ADDRESS
