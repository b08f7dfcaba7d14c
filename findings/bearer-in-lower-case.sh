#!/usr/bin/env bash
# Guessed: what takes "Authorization: Bearer ..." takes "bearer ..." too: the name of a scheme is case-insensitive (RFC
#          9110, 11.1).
# Seen:    FastAPI 0.165.0, oauthlib 4.0.1 and Flask-HTTPAuth 4.8.1 do. Flask-JWT-Extended 4.7.4 answers 401 "Missing
#          'Bearer' type", djangorestframework-simplejwt 5.5.1 takes the request for one that carries no token, and
#          Sanic 25.12.1 takes the scheme for a part of the token.
# Follows: a client that writes the token_type of a token response as it came ("bearer", mostly) is signed in to one
#          service and not to the next; a service that verifies tokens itself compares without case, a client writes
#          "Bearer".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check fastapi==0.165.0 httpx2==2.16.2 django==5.2.19 \
    djangorestframework==3.18.3 djangorestframework-simplejwt==5.5.1 oauthlib==4.0.1 flask==3.1.3 \
    flask-httpauth==4.8.1 flask-jwt-extended==4.7.4 pyjwt==2.15.1 sanic==25.12.1 setuptools==81.0.0

cat >schemes.py <<'PY'
import time

import fastapi
import fastapi.security
import fastapi.testclient
import flask
import flask_httpauth
import flask_jwt_extended
import jwt
import oauthlib.common
from django.conf import settings
from oauthlib.oauth2.rfc6749.tokens import get_token_from_header
from sanic.headers import parse_credentials

SECRET = "for this script, and for this one alone"
now = int(time.time())
TOKEN = jwt.encode(
    {
        "sub": "1",
        "user_id": "1",
        "iat": now,
        "exp": now + 600,
        "jti": "1",
        "type": "access",
        "token_type": "access",
        "fresh": False,
    },
    SECRET,
)
settings.configure(SECRET_KEY=SECRET, INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
import django  # noqa: E402

django.setup()
from django.test import RequestFactory  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication  # noqa: E402


def in_fastapi(headers):
    application = fastapi.FastAPI()
    scheme = fastapi.security.OAuth2PasswordBearer("/token")

    @application.get("/")
    def read(token: str = fastapi.Depends(scheme)):
        return token

    return fastapi.testclient.TestClient(application).get("/", headers=headers).json() == TOKEN


def in_oauthlib(headers):
    incoming = oauthlib.common.Request("https://api.example/", headers={"Authorization": headers["authorization"]})
    return get_token_from_header(incoming) == TOKEN


def in_flask_httpauth(headers):
    application = flask.Flask("httpauth")
    auth = flask_httpauth.HTTPTokenAuth()
    auth.verify_token(lambda token: token == TOKEN or None)
    application.get("/")(auth.login_required(lambda: "signed in"))
    return application.test_client().get("/", headers=headers).text == "signed in"


def in_flask_jwt_extended(headers):
    application = flask.Flask("extended")
    application.config["JWT_SECRET_KEY"] = SECRET
    flask_jwt_extended.JWTManager(application)
    application.get("/")(flask_jwt_extended.jwt_required()(lambda: "signed in"))
    answer = application.test_client().get("/", headers=headers)
    if answer.status_code == 401:
        assert "Missing 'Bearer' type" in answer.json["msg"]
    return answer.text == "signed in"


def in_simplejwt(headers):
    found = JWTStatelessUserAuthentication().authenticate(Request(RequestFactory().get("/", headers=headers)))
    return found is not None and str(found[1]) == TOKEN


def in_sanic(headers):
    found = parse_credentials(headers["authorization"], ("Bearer", "Token"))
    assert found in (("Bearer", TOKEN), (None, headers["authorization"]))
    return found == ("Bearer", TOKEN)


TAKE_BOTH = [in_fastapi, in_oauthlib, in_flask_httpauth]
for way in [*TAKE_BOTH, in_flask_jwt_extended, in_simplejwt, in_sanic]:
    taken = {scheme: way({"authorization": f"{scheme} {TOKEN}"}) for scheme in ("Bearer", "bearer")}
    print(f"{way.__name__}: {taken}")
    assert taken == {"Bearer": True, "bearer": way in TAKE_BOTH}
PY
python/bin/python schemes.py
