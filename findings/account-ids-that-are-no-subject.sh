#!/usr/bin/env bash
# Guessed: the id under which a library keeps an account of Google, Microsoft or Slack is the "sub" of the ID token, as
#          OpenID Connect, 5.7, says, so that linked logins can be moved from any library to any other.
# Seen:    so it is in social-auth-core 7.0.0. httpx-oauth 0.17.0, by which fastapi-users signs in, keeps "people/"
#          before Google's number. For Microsoft it, fastapi-sso 0.23.0 and django-allauth 65.22.1 keep the id of
#          Microsoft Graph, which the token of a work account calls "oid"; Auth.js (@auth/core 0.41.3) keeps "sub";
#          better-auth 1.6.34 kept "sub" and 1.7.25 keeps "oid". For Slack allauth keeps team and user in one text.
# Follows: nobody is found by rows that were moved as they are, and each gets a second account at the next sign-in, or
#          "address in use". Before a move take "people/" and the team off, and have the provider's map read "oid" where
#          the old rows have it (`user_info_map`); compare one row with one token of the same person first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check httpx==0.28.1 httpx-oauth==0.17.0 fastapi-sso==0.23.0 \
    fastapi==0.165.0 social-auth-core==7.0.0 django==5.2.19 'django-allauth[socialaccount]==65.22.1'
npm init --yes >npm.log
npm install --silent --no-audit --no-fund @auth/core@0.41.3 better-auth@1.7.25 older@npm:better-auth@1.6.34 >>npm.log

cat >answers.json <<'JSON'
{
  "google": {"sub": "10769150350006150715113082367", "email": "ann@gmail.example", "email_verified": true},
  "people": {
    "resourceName": "people/10769150350006150715113082367",
    "emailAddresses": [{"metadata": {"primary": true}, "value": "ann@gmail.example"}]
  },
  "entra": {
    "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    "oid": "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    "tid": "9122040d-6c67-4c5b-b112-36a304b66dad",
    "email": "ann@a.example",
    "name": "Ann"
  },
  "graph": {"id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "mail": "ann@a.example", "userPrincipalName": "ann@a.example"},
  "slack": {
    "sub": "U0R7JM",
    "https://slack.com/user_id": "U0R7JM",
    "https://slack.com/team_id": "T0R7GR",
    "email": "ann@a.example"
  }
}
JSON

cat >ids.py <<'PY'
import asyncio
import json
import pathlib

import django
import fastapi_sso
import httpx
from django.conf import settings
from httpx_oauth.clients.google import GoogleOAuth2
from httpx_oauth.clients.microsoft import MicrosoftGraphOAuth2
from social_core.backends.azuread_tenant import AzureADV2TenantOAuth2
from social_core.backends.google import GoogleOAuth2 as GoogleBackend
from social_core.strategy import BaseStrategy

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sites",
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.google",
        "allauth.socialaccount.providers.microsoft",
        "allauth.socialaccount.providers.slack",
    ],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
)
django.setup()
from allauth.socialaccount.models import SocialApp  # noqa: E402
from allauth.socialaccount.providers.google.provider import GoogleProvider  # noqa: E402
from allauth.socialaccount.providers.microsoft.provider import MicrosoftGraphProvider  # noqa: E402
from allauth.socialaccount.providers.slack.provider import SlackProvider  # noqa: E402

ANSWERS = json.loads(pathlib.Path("answers.json").read_text())
GOOGLE, ENTRA, GRAPH, SLACK = (ANSWERS[name] for name in ("google", "entra", "graph", "slack"))


class Strategy(BaseStrategy):
    def get_setting(self, name):
        raise AttributeError(name)

    def get_request_data(self, merge=True):
        return {}

    def build_absolute_uri(self, path=None):
        return f"https://app.example{path or '/'}"


def in_httpx_oauth(client, answer):
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    client.get_httpx_client = lambda: httpx.AsyncClient(transport=transport)
    return asyncio.run(client.get_id_email("token"))[0]


def in_fastapi_sso(kind, answer):
    async def ask():
        async with kind("client", "secret", "https://app.example/callback") as sso:
            return (await sso.openid_from_response(answer)).id

    return asyncio.run(ask())


def in_allauth(kind, answer):
    return kind(None, app=SocialApp(provider=kind.id, client_id="client", secret="secret")).extract_uid(answer)


def in_social_auth(kind, answer):
    return kind(Strategy()).get_user_id({}, answer)


seen = {
    "httpx-oauth": [
        in_httpx_oauth(GoogleOAuth2("client", "secret"), ANSWERS["people"]),
        in_httpx_oauth(MicrosoftGraphOAuth2("client", "secret"), GRAPH),
    ],
    "fastapi-sso": [in_fastapi_sso(fastapi_sso.GoogleSSO, GOOGLE), in_fastapi_sso(fastapi_sso.MicrosoftSSO, GRAPH)],
    "allauth": [
        in_allauth(GoogleProvider, GOOGLE),
        in_allauth(MicrosoftGraphProvider, GRAPH),
        in_allauth(SlackProvider, SLACK),
    ],
    "social-auth-core": [in_social_auth(GoogleBackend, GOOGLE), in_social_auth(AzureADV2TenantOAuth2, ENTRA)],
}
print(json.dumps(seen, indent=2))
assert seen == {
    "httpx-oauth": [f"people/{GOOGLE['sub']}", ENTRA["oid"]],
    "fastapi-sso": [GOOGLE["sub"], ENTRA["oid"]],
    "allauth": [GOOGLE["sub"], ENTRA["oid"], f"T0R7GR_{SLACK['sub']}"],
    "social-auth-core": [GOOGLE["sub"], ENTRA["sub"]],
}
PY
python/bin/python -W ignore ids.py

cat >ids.mjs <<'JS'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import MicrosoftEntraID from "@auth/core/providers/microsoft-entra-id";
import * as current from "better-auth/social-providers";
import * as older from "older/social-providers";

const { google, entra } = JSON.parse(readFileSync("answers.json", "utf8"));
const options = { clientId: "client", clientSecret: "secret", disableProfilePhoto: true };
globalThis.fetch = async () => new Response(null, { status: 404 }); // for the photo that Auth.js asks for

async function inBetterAuth(providers, name, claims) {
  const provider = providers[name](options);
  const idToken = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
  const { user, data } = await provider.getUserInfo({ idToken });
  return provider.accountSubject ? provider.accountSubject({ profile: data }) : user.id;
}

const seen = {
  "Auth.js": [(await MicrosoftEntraID(options).profile(entra, {})).id],
  "better-auth 1.6": [await inBetterAuth(older, "google", google), await inBetterAuth(older, "microsoft", entra)],
  "better-auth 1.7": [await inBetterAuth(current, "google", google), await inBetterAuth(current, "microsoft", entra)],
};
console.log(seen);
assert.deepEqual(seen, {
  "Auth.js": [entra.sub],
  "better-auth 1.6": [google.sub, entra.sub],
  "better-auth 1.7": [google.sub, entra.oid],
});
JS
node ids.mjs
