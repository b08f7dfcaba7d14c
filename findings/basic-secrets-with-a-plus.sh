#!/usr/bin/env bash
# Guessed: a client that authenticates by client_secret_basic sends what the provider reads, whatever characters the
#          secret has: RFC 6749, 2.3.1, has both form-encoded before base64.
# Seen:    Authlib 1.9.10, requests-oauthlib 2.0.0, httpx-oauth 0.17.0 and requests_oauth2client 1.8.0 send the secret
#          as it is. oidc-provider 9.13.3 and django-oauth-toolkit 3.4.1 decode, so a "+" arrives as a space:
#          invalid_client; of a lone "%" oidc-provider says that the header is not properly encoded. openid-client
#          6.9.0 encodes, and gets its token. "/", "=" and ":" are safe either way.
# Follows: half of the secrets that are 32 bytes in base64 have a "+", and "wrong secret" is all that such a client
#          learns. Use client_secret_post, a secret in base64url or hex, or hand these clients the quoted secret.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 requests==2.34.2 requests-oauthlib==2.0.0 \
    oauthlib==4.0.1 httpx==0.28.1 httpx-oauth==0.17.0 requests-oauth2client==1.8.0 django==5.2.19 \
    django-oauth-toolkit==3.4.1
npm init --yes >npm.log
npm install --silent --no-audit --no-fund oidc-provider@9.13.3 openid-client@6.9.0 >>npm.log

cat >secrets.json <<'JSON'
{"plain": "a-b_c", "slash": "a/b=", "colon": "a:b", "plus": "a+b", "percent": "a%b"}
JSON

cat >provider.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { allowInsecureRequests, clientCredentialsGrant, ClientSecretBasic, discovery } from "openid-client";

const secrets = Object.entries(JSON.parse(readFileSync("secrets.json", "utf8")));
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const clients = secrets.map(([client_id, client_secret]) => ({
  client_id,
  client_secret,
  grant_types: ["client_credentials", "authorization_code"],
  redirect_uris: ["https://app.example/callback"],
}));
const provider = new Provider(issuer, { clients, features: { clientCredentials: { enabled: true } } });
server.on("request", provider.callback());
for (const [id, secret] of secrets) {
  const options = { execute: [allowInsecureRequests] };
  const configuration = await discovery(new URL(issuer), id, {}, ClientSecretBasic(secret), options);
  assert.ok((await clientCredentialsGrant(configuration)).access_token);
}
console.log("openid-client to oidc-provider: a token with each secret");
writeFileSync("issuer", issuer);
JS
node provider.mjs >provider.log 2>&1 &
server=$!
until test -s issuer; do
    kill -0 "$server" 2>/dev/null || { cat provider.log; exit 1; }
    sleep 0.2
done
grep "openid-client" provider.log

cat >clients.py <<'PY'
import asyncio
import base64
import json
import os
import pathlib
from urllib.parse import quote_plus

import authlib.integrations.requests_client
import django
import httpx_oauth.oauth2
import requests_oauth2client
import requests_oauthlib
from django.conf import settings
from oauthlib.oauth2 import BackendApplicationClient

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
SECRETS = json.loads(pathlib.Path("secrets.json").read_text())
ENDPOINT = pathlib.Path("issuer").read_text() + "/token"


def with_authlib(name, secret):
    session = authlib.integrations.requests_client.OAuth2Session(
        name, secret, token_endpoint_auth_method="client_secret_basic"
    )
    return session.fetch_token(ENDPOINT, grant_type="client_credentials")["access_token"]


def with_requests_oauthlib(name, secret):
    session = requests_oauthlib.OAuth2Session(client=BackendApplicationClient(name))
    return session.fetch_token(ENDPOINT, auth=(name, secret))["access_token"]


def with_requests_oauth2client(name, secret):
    method = requests_oauth2client.ClientSecretBasic(name, secret)
    return requests_oauth2client.OAuth2Client(ENDPOINT, auth=method, testing=True).client_credentials().access_token


def with_httpx_oauth(name, secret):
    client = httpx_oauth.oauth2.OAuth2(
        name, secret, ENDPOINT, ENDPOINT, token_endpoint_auth_method="client_secret_basic"
    )
    try:
        asyncio.run(client.get_access_token("code", "https://app.example/callback"))
    except httpx_oauth.oauth2.GetAccessTokenError as error:
        answer = error.response.json()
        if answer["error"] == "invalid_grant":  # there is no such code: the client was let in
            return "invalid_grant"
        raise RuntimeError(answer) from error


def is_let_in(way, name, secret):
    try:
        return bool(way(name, secret))
    except Exception as error:  # how a client says no is its own affair
        print(f"    {name}: {type(error).__name__}: {error}"[:150])
        return False


safe = {name: name in ("plain", "slash", "colon") for name in SECRETS}
for way in (with_authlib, with_requests_oauthlib, with_requests_oauth2client, with_httpx_oauth):
    seen = {name: is_let_in(way, name, secret) for name, secret in SECRETS.items()}
    print(f"{way.__name__}, to oidc-provider: {seen}")
    assert seen == safe
for name in ("plus", "percent"):
    assert is_let_in(with_authlib, name, quote_plus(SECRETS[name]))
print("with_authlib, the secret quoted: let in")

settings.configure(
    SECRET_KEY="key",
    ROOT_URLCONF="oauth2_provider.urls",
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    USE_TZ=True,
)
django.setup()
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

call_command("migrate", verbosity=0)


def in_django(name, secret):
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    answer = Client().post("/token/", {"grant_type": "client_credentials"}, headers={"authorization": f"Basic {pair}"})
    assert answer.status_code == 200 or answer.json() == {"error": "invalid_client"}
    return answer.status_code == 200


for name, secret in SECRETS.items():
    Application.objects.create(
        client_id=name,
        client_secret=secret,
        client_type="confidential",
        authorization_grant_type="client-credentials",
        name=name,
    )
raw = {name: in_django(name, secret) for name, secret in SECRETS.items()}
quoted = {name: in_django(name, quote_plus(secret)) for name, secret in SECRETS.items()}
print(f"to django-oauth-toolkit, as it is: {raw}; quoted: {quoted}")
assert raw == {name: name != "plus" for name in SECRETS}
assert all(quoted.values())
PY
python/bin/python -W ignore clients.py
