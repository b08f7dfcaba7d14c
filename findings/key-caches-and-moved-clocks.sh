#!/usr/bin/env bash
# Guessed: what a test ages by moving the clock grows old for freezegun and time-machine alike: a token, a signed
#          cookie, a cached key set.
# Seen:    tokens of PyJWT 2.15.1, joserfc 1.8.0 and jwcrypto 1.6.1, itsdangerous 2.2.0, Fernet of cryptography 50.0.2
#          and limits 5.8.0 do. PyJWKClient keeps its keys by time.monotonic, which freezegun 1.5.5 moves and
#          time-machine 3.6.0 does not: there they stay, however far it travels. A cachetools 8.0.2 TTLCache stays fresh
#          with both, since it took hold of time.monotonic when it was imported.
# Follows: a test that keys are fetched again, or that a cache of users or claims lets go, passes or fails by the tool
#          that moves the clock: hand a TTLCache its timer, and replace time.monotonic where keys are to grow old.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check freezegun==1.5.5 time-machine==3.6.0 pyjwt==2.15.1 \
    joserfc==1.8.0 jwcrypto==1.6.1 itsdangerous==2.2.0 cryptography==50.0.2 limits==5.8.0 cachetools==8.0.2

cat >clocks.py <<'PY'
import datetime
import time

import cachetools
import freezegun
import itsdangerous
import joserfc.errors
import joserfc.jwk
import joserfc.jwt
import jwcrypto.jwk
import jwcrypto.jwt
import jwt
import limits
import time_machine
from cryptography.fernet import Fernet, InvalidToken

FIRST = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
LATER = FIRST + datetime.timedelta(hours=2)
SECRET = "for this script, and for this one alone"


class Client(jwt.PyJWKClient):
    fetched = 0

    def fetch_data(self):
        self.fetched += 1
        keys = {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]}
        self.jwk_set_cache.put(keys)
        return keys


def raises(error, call):
    try:
        call()
    except error:
        return True
    return False


def pyjwt_token():
    token = jwt.encode({"exp": int(time.time()) + 300}, SECRET)
    return lambda: raises(jwt.ExpiredSignatureError, lambda: jwt.decode(token, SECRET, algorithms=["HS256"]))


def joserfc_token():
    key = joserfc.jwk.OctKey.import_key(SECRET)
    token = joserfc.jwt.encode({"alg": "HS256"}, {"exp": int(time.time()) + 300}, key)
    claims = joserfc.jwt.decode(token, key).claims
    return lambda: raises(
        joserfc.errors.ExpiredTokenError, lambda: joserfc.jwt.JWTClaimsRegistry().validate(claims)
    )


def jwcrypto_token():
    key = jwcrypto.jwk.JWK.generate(kty="oct", size=256)
    token = jwcrypto.jwt.JWT(header={"alg": "HS256"}, claims={"exp": int(time.time()) + 300})
    token.make_signed_token(key)
    text = token.serialize()
    return lambda: raises(
        jwcrypto.jwt.JWTExpired, lambda: jwcrypto.jwt.JWT(jwt=text, key=key, expected_type="JWS")
    )


def signed():
    signer = itsdangerous.TimestampSigner(SECRET)
    text = signer.sign("user")
    return lambda: raises(itsdangerous.SignatureExpired, lambda: signer.unsign(text, max_age=300))


def fernet():
    box = Fernet(Fernet.generate_key())
    text = box.encrypt(b"user")
    return lambda: raises(InvalidToken, lambda: box.decrypt(text, ttl=300))


def limited():
    limiter = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())
    once = limits.parse("1/minute")
    assert limiter.hit(once, "user") and not limiter.hit(once, "user")
    return lambda: limiter.hit(once, "user")


def key_set():
    client = Client("https://login.example/jwks.json", lifespan=300)
    client.get_jwk_set()
    client.get_jwk_set()
    assert client.fetched == 1
    return lambda: client.get_jwk_set() and client.fetched == 2


def cached():
    cache = cachetools.TTLCache(10, ttl=300)
    cache["user"] = "claims"
    return lambda: "user" not in cache


def cached_with_timer():
    cache = cachetools.TTLCache(10, ttl=300, timer=lambda: time.time())
    cache["user"] = "claims"
    return lambda: "user" not in cache


WAYS = [pyjwt_token, joserfc_token, jwcrypto_token, signed, fernet, limited, cached_with_timer, key_set, cached]
TOOLS = {
    "freezegun": freezegun.freeze_time,
    "time-machine": lambda moment: time_machine.travel(moment, tick=False),
}
seen = {}
for way in WAYS:
    for tool, at in TOOLS.items():
        with at(FIRST):
            is_old = way()
        with at(LATER):
            seen.setdefault(way.__name__, {})[tool] = is_old()
    print(f"{way.__name__}, old after two hours: {seen[way.__name__]}")

odd = {"key_set": {"freezegun": True, "time-machine": False}, "cached": dict.fromkeys(TOOLS, False)}
assert seen == {way.__name__: dict.fromkeys(TOOLS, True) for way in WAYS} | odd
PY
python/bin/python clocks.py
