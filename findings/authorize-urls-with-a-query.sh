#!/usr/bin/env bash
# Guessed: a client appends to an authorisation endpoint that has a query of its own, such as Azure AD B2C's
#          authorize?p=b2c_1_signin: RFC 6749, 3.1, says that it must be kept.
# Seen:    Authlib 1.9.10, requests-oauthlib 2.0.0, fastapi-sso 0.23.0, idpyoidc 5.0.0 and oic 1.6.1 do. httpx-oauth
#          0.17.0, aioauth-client 0.30.1 and mozilla-django-oidc 5.0.2 write a second "?", so that the provider reads
#          one p that holds their first parameter too; requests_oauth2client 1.8.0 drops p.
# Follows: the provider names a policy that it does not know, or a missing response_type or scope, never the address.
#          Take the address without a query where a provider has one (B2C: the policy in the path), or compare the
#          query that arrives.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 requests==2.34.2 requests-oauthlib==2.0.0 \
    fastapi-sso==0.23.0 fastapi==0.165.0 idpyoidc==5.0.0 oic==1.6.1 httpx==0.28.1 httpx-oauth==0.17.0 \
    aioauth-client==0.30.1 django==5.2.19 mozilla-django-oidc==5.0.2 requests-oauth2client==1.8.0 setuptools==81.0.0

cat >queries.py <<'PY'
import asyncio
from urllib.parse import parse_qs, urlsplit

import aioauth_client
import django
import fastapi_sso
import httpx_oauth.oauth2
import idpyoidc.message.oauth2
import oic.oauth2.message
import requests_oauth2client
import requests_oauthlib
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings

ENDPOINT = "https://login.example/authorize?p=b2c_1_signin"
TOKENS = "https://login.example/token"
CALLBACK = "https://app.example/callback"
settings.configure(
    SECRET_KEY="key",
    ROOT_URLCONF="mozilla_django_oidc.urls",
    OIDC_OP_AUTHORIZATION_ENDPOINT=ENDPOINT,
    OIDC_RP_CLIENT_ID="client",
    ALLOWED_HOSTS=["testserver"],
)
django.setup()
from django.test import RequestFactory  # noqa: E402
from mozilla_django_oidc.views import OIDCAuthenticationRequestView  # noqa: E402


def in_authlib():
    return OAuth2Session("client", redirect_uri=CALLBACK, scope="openid").create_authorization_url(ENDPOINT)[0]


def in_requests_oauthlib():
    session = requests_oauthlib.OAuth2Session("client", redirect_uri=CALLBACK, scope=["openid"])
    return session.authorization_url(ENDPOINT)[0]


def in_fastapi_sso():
    document = {"authorization_endpoint": ENDPOINT, "token_endpoint": TOKENS, "userinfo_endpoint": TOKENS}
    provider = fastapi_sso.create_provider(discovery_document=document, default_scope=["openid"])

    async def ask():
        async with provider("client", "secret", CALLBACK) as sso:
            return await sso.get_login_url()

    return asyncio.run(ask())


def in_idpyoidc():
    message = idpyoidc.message.oauth2.AuthorizationRequest(client_id="client", response_type="code", scope="openid")
    return message.request(ENDPOINT)


def in_oic():
    message = oic.oauth2.message.AuthorizationRequest(client_id="client", response_type="code", scope="openid")
    return message.request(ENDPOINT)


def in_httpx_oauth():
    client = httpx_oauth.oauth2.OAuth2("client", "secret", ENDPOINT, TOKENS)
    return asyncio.run(client.get_authorization_url(CALLBACK, scope=["openid"]))


def in_aioauth_client():
    client = aioauth_client.OAuth2Client("client", "secret", authorize_url=ENDPOINT, access_token_url=TOKENS)
    return client.get_authorize_url(scope="openid")


def in_mozilla_django_oidc():
    request = RequestFactory().get("/")
    request.session = {}
    return OIDCAuthenticationRequestView.as_view()(request).url


def in_requests_oauth2client():
    client = requests_oauth2client.OAuth2Client(
        TOKENS, authorization_endpoint=ENDPOINT, client_id="client", client_secret="secret", redirect_uri=CALLBACK
    )
    return client.authorization_request(scope="openid").uri


KEEP = [in_authlib, in_requests_oauthlib, in_fastapi_sso, in_idpyoidc, in_oic]
SECOND_MARK = {
    in_httpx_oauth: "b2c_1_signin?response_type=code",
    in_aioauth_client: "b2c_1_signin?scope=openid",
    in_mozilla_django_oidc: "b2c_1_signin?response_type=code",
}
for way in [*KEEP, *SECOND_MARK, in_requests_oauth2client]:
    url = way()
    sent = parse_qs(urlsplit(url).query)
    print(f"{way.__name__}: p={sent.get('p')} in {url.split('&')[0]}")
    names = {"p", "client_id", "response_type", "scope"}
    if way in KEEP:
        assert names <= set(sent) and sent["p"] == ["b2c_1_signin"]
    elif way in SECOND_MARK:
        assert sent["p"] == [SECOND_MARK[way]]
        assert len(names - set(sent)) == 1
    else:
        assert names - set(sent) == {"p"}
PY
python/bin/python -W ignore queries.py
