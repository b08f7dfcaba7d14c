#!/usr/bin/env bash
# Guessed: a passkey that is moved with its credential id, public key and counter signs in at another library as it did
#          where it was made.
# Seen:    Authenticators also hand back the user handle of the registration, which nobody can change later.
#          django-allauth 65.22.1 reads it as its user's primary key: a passkey of Flask-Security-Too 5.9.2,
#          django-otp-webauthn 0.10.3, or of allauth itself before users had new ids, is an "incorrect code" to it
#          without a password, though a second factor after one. Flask-Security compares it with a column of text,
#          after a password too: allauth's fits in there, the 64 random bytes of django-otp-webauthn are no text.
#          django-otp-webauthn looks up the credential id alone and takes all. Handles stand in three places: in none
#          (the primary key), with the user as text, in a table of their own as hex.
# Follows: move the user handle with each passkey, as bytes: computed for allauth, read for the others. Sign in with a
#          moved passkey, without a password and after one, before you switch. For a move to allauth keep primary keys;
#          where handles cannot come along its users sign in by password and passkey until they register a new one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check django==5.2.19 'django-allauth[mfa]==65.22.1' fido2==2.2.1 \
    django-otp==1.7.5 django-otp-webauthn==0.10.3 webauthn==3.0.1 'flask-security-too[common,fsqla,mfa]==5.9.2' \
    flask-sqlalchemy==3.1.1 sqlalchemy==2.1.9 cryptography==50.0.2 cbor2==6.3.0

cat >passkey.py <<'PY'
"""A passkey as an authenticator has it: with the user handle of its registration."""

import base64
import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    def __init__(self, handle):
        self.handle, self.id, self.private = handle, secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1())
        point = self.private.public_key().public_numbers()
        self.public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )

    def _answer(self, extensions, **response):
        return {
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": extensions,
            "response": {part: text(data) for part, data in response.items()},
        }

    def _client(self, kind, challenge):
        told = {"type": kind, "challenge": challenge, "origin": "https://example.com", "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags):
        return hashlib.sha256(b"example.com").digest() + flags + bytes(4)

    def registration(self):
        known = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self.public
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(b"\x45") + known}
        client = self._client("webauthn.create", text(bytes(32)))
        return self._answer(
            {"credProps": {"rk": True}}, clientDataJSON=client, attestationObject=cbor2.dumps(attestation)
        )

    def authentication(self, challenge):
        client, data = self._client("webauthn.get", challenge), self._data(b"\x05")
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {}, clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.handle
        )
PY

cat >by_django.py <<'PY'
import json

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["example.com"],
    AUTHENTICATION_BACKENDS=[
        "django.contrib.auth.backends.ModelBackend",
        "django_otp_webauthn.backends.WebAuthnBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "django_otp",
        "django_otp_webauthn",
    ],
    LOGIN_REDIRECT_URL="/in/",
    ACCOUNT_EMAIL_VERIFICATION="none",
    MFA_PASSKEY_LOGIN_ENABLED=True,
    MFA_SUPPORTED_TYPES=["webauthn", "totp", "recovery_codes"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django_otp.middleware.OTPMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    OTP_WEBAUTHN_ALLOWED_ORIGINS=["https://example.com"],
    OTP_WEBAUTHN_RP_ID="example.com",
    OTP_WEBAUTHN_RP_NAME="Example",
    ROOT_URLCONF="by_django",
    SECRET_KEY="of-this-script",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import include, path
from django_otp_webauthn.models import WebAuthnCredential, WebAuthnUserHandle

urlpatterns = [path("accounts/", include("allauth.urls")), path("otp/", include("django_otp_webauthn.urls"))]
setup_test_environment()  # pages keep their context
call_command("migrate", verbosity=0)
ann = User.objects.create_user("ann", password="of ann", pk=7)
former = User(pk=1234, username="ann")  # the same person in the table that allauth had before


def client():
    return Client(headers={"host": "example.com"})


def as_json(answer):
    return json.loads(answer.content)


class Allauth:
    def handle(self, user=ann):
        return get_adapter().get_public_key_credential_user_entity(user)["id"]

    def move_in(self, passkey):
        data = {"name": "moved", "credential": passkey.registration()}
        Authenticator.objects.create(user=ann, type=Authenticator.Type.WEBAUTHN, data=data)

    def without_password(self, passkey):
        browser = client()
        options = browser.get(
            "/accounts/2fa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"}, secure=True
        )
        challenge = as_json(options)["request_options"]["publicKey"]["challenge"]
        credential = json.dumps(passkey.authentication(challenge))
        browser.post("/accounts/2fa/webauthn/login/", {"credential": credential}, secure=True)
        return browser.session.get("_auth_user_id") == "7"

    def after_password(self, passkey):
        browser = client()
        page = browser.post("/accounts/login/", {"login": "ann", "password": "of ann"}, secure=True, follow=True)
        assert "_auth_user_id" not in browser.session, "no second factor is asked for"
        challenge = page.context["js_data"]["request_options"]["publicKey"]["challenge"]
        credential = json.dumps(passkey.authentication(challenge))
        browser.post("/accounts/2fa/authenticate/", {"credential": credential}, secure=True)
        return browser.session.get("_auth_user_id") == "7"


class OtpWebAuthn:
    def handle(self):
        return WebAuthnUserHandle.get_handle_for_user(ann)

    def move_in(self, passkey):
        WebAuthnCredential.objects.create(
            user=ann, credential_id=passkey.id, public_key=passkey.public, sign_count=0, confirmed=True
        )

    def without_password(self, passkey, password=None):
        browser = client()
        if password:
            browser.login(username="ann", password=password)
        options = browser.post("/otp/authentication/begin/", secure=True)
        browser.post(
            "/otp/authentication/complete/",
            json.dumps(passkey.authentication(as_json(options)["challenge"])),
            content_type="application/json",
            secure=True,
        )
        return "otp_device_id" in browser.session

    def after_password(self, passkey):
        return self.without_password(passkey, "of ann")
PY

cat >by_flask.py <<'PY'
import json

import flask
from flask_security import Security, SQLAlchemyUserDatastore, hash_password
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

app = flask.Flask("by_flask")
app.config.update(
    SECRET_KEY="of-this-script",
    SECURITY_PASSWORD_SALT="of-this-script",
    SECURITY_MULTI_FACTOR_RECOVERY_CODES=False,
    SECURITY_TWO_FACTOR=True,
    SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
    SECURITY_TOTP_SECRETS={"1": "of-this-script"},
    SECURITY_TOTP_ISSUER="Example",
    SECURITY_WEBAUTHN=True,
    SECURITY_WAN_ALLOW_AS_FIRST_FACTOR=True,
    SECURITY_WAN_RP_NAME="Example",
    SQLALCHEMY_DATABASE_URI="sqlite://",
    TESTING=True,
    WTF_CSRF_ENABLED=False,
)
db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    pass


class User(db.Model, fsqla_v3.FsUserMixin):
    pass


class WebAuthn(db.Model, fsqla_v3.FsWebAuthnMixin):
    pass


store = SQLAlchemyUserDatastore(db, User, Role, WebAuthn)
app.security = Security(app, store)
with app.app_context():
    db.create_all()
    store.create_user(email="ann@a.example", password=hash_password("password of ann"))
    db.session.commit()


class FlaskSecurity:
    def handle(self):
        with app.app_context():
            return store.find_user(email="ann@a.example").fs_webauthn_user_handle.encode()

    def set_handle(self, handle):
        with app.app_context():
            store.set_webauthn_user_handle(store.find_user(email="ann@a.example"), handle.decode())
            db.session.commit()

    def move_in(self, passkey, usage="first"):
        with app.app_context():
            for row in db.session.query(WebAuthn).all():
                db.session.delete(row)
            store.create_webauthn(
                store.find_user(email="ann@a.example"),
                credential_id=passkey.id,
                public_key=passkey.public,
                name="moved",
                sign_count=0,
                usage=usage,
                device_type="single_device",
                backup_state=False,
                transports=[],
            )
            db.session.commit()

    def _sign_in(self, browser, passkey):
        site = {"base_url": "https://example.com", "headers": {"accept": "application/json"}}
        begun = browser.post("/wan-signin", json={}, **site).json["response"]
        challenge = begun["credential_options"]["challenge"]
        credential = json.dumps(passkey.authentication(challenge))
        ended = browser.post(f"/wan-signin/{begun['wan_state']}", json={"credential": credential}, **site)
        self.error = ended.json["response"].get("errors")
        with browser.session_transaction(base_url="https://example.com") as session:
            return "_user_id" in session

    def without_password(self, passkey):
        return self._sign_in(app.test_client(), passkey)

    def after_password(self, passkey):
        self.move_in(passkey, "secondary")
        browser = app.test_client()
        password = {"email": "ann@a.example", "password": "password of ann"}
        site = {"base_url": "https://example.com", "headers": {"accept": "application/json"}}
        assert browser.post("/login", json=password, **site).json["response"]["tf_required"]
        return self._sign_in(browser, passkey)
PY

cat >check.py <<'PY'
from by_django import Allauth, OtpWebAuthn, former
from by_flask import FlaskSecurity
from passkey import Passkey

allauth, otp, flask = Allauth(), OtpWebAuthn(), FlaskSecurity()
handles = {
    "allauth": allauth.handle(),
    "allauth, former id": allauth.handle(former),
    "django-otp-webauthn": otp.handle(),
    "Flask-Security": flask.handle(),
}
assert handles["allauth"] == b"7" and len(handles["django-otp-webauthn"]) == 64, handles
seen = {}
for made, handle in handles.items():
    passkey = Passkey(handle)
    for name, library in {"allauth": allauth, "django-otp-webauthn": otp, "Flask-Security": flask}.items():
        library.move_in(passkey)
        seen[made, name] = without, after = (library.without_password(passkey), library.after_password(passkey))
        print(f"made by {made}, moved to {name}: without a password {without}, after one {after}")
        if name == "Flask-Security" and made != name:
            print("    ", flask.error)

yes, second, no = (True, True), (False, True), (False, False)
assert seen == {
    ("allauth", "allauth"): yes,
    ("allauth", "django-otp-webauthn"): yes,
    ("allauth", "Flask-Security"): no,
    ("allauth, former id", "allauth"): second,
    ("allauth, former id", "django-otp-webauthn"): yes,
    ("allauth, former id", "Flask-Security"): no,
    ("django-otp-webauthn", "allauth"): second,
    ("django-otp-webauthn", "django-otp-webauthn"): yes,
    ("django-otp-webauthn", "Flask-Security"): no,
    ("Flask-Security", "allauth"): second,
    ("Flask-Security", "django-otp-webauthn"): yes,
    ("Flask-Security", "Flask-Security"): yes,
}, "it is no longer as it was"

passkey = Passkey(handles["allauth"])
flask.set_handle(passkey.handle)
flask.move_in(passkey)
assert flask.without_password(passkey) and flask.after_password(passkey)
print("with the handle moved too, allauth's passkey signs in at Flask-Security")
try:
    handles["django-otp-webauthn"].decode()
except UnicodeDecodeError:
    print("django-otp-webauthn's handle is no text, which Flask-Security's column holds")
else:
    raise AssertionError("it is text")
PY
python/bin/python check.py
