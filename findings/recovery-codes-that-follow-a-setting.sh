#!/usr/bin/env bash
# Guessed: recovery codes that a user has printed are kept with the user, hashed or not, and stay good until each is
#          used; settings of how many, how long or how stored are for codes made later.
# Seen:    django-allauth 65.22.1 keeps none of them but a seed and a mask of those used, and computes the codes anew at
#          each sign-in. With MFA_RECOVERY_CODE_DIGITS at 10 instead of 8 none of ten that were printed is taken any
#          more, with MFA_RECOVERY_CODE_COUNT at 5 the last five are not, and the user's page shows codes nobody was
#          handed; set back, all are good again. Flask-Security-Too 5.9.2 keeps them as they are, and once
#          SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS is set it takes none of these and shows none, without an error;
#          with the key taken away again, none of the encrypted ones. Neither changes the rows.
# Follows: these settings are part of the stored data: leave them as they were when the first code was made, and take
#          them along to an export, which has to compute allauth's codes and leave out the used ones. Encrypt
#          Flask-Security's rows in the same step as you set the keys. Test with codes made before a change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check django==5.2.19 'django-allauth[mfa]==65.22.1' \
    'flask-security-too[common,fsqla,mfa]==5.9.2' flask-sqlalchemy==3.1.1 sqlalchemy==2.1.9 cryptography==50.0.2

cat >by_django.py <<'PY'
"""Print how a row of django-allauth is kept, and which codes are good, with the settings of the command line."""

import json
import sys

import django
from django.conf import settings

settings.configure(
    **json.loads(sys.argv[1]),
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "allauth.db"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "allauth",
        "allauth.account",
        "allauth.mfa",
    ],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    SECRET_KEY="of-this-script",
)
django.setup()

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

call_command("migrate", verbosity=0)


def good(code):
    with transaction.atomic():
        taken = row.wrap().validate_code(code)
        transaction.set_rollback(True)  # each is tried while none is used
    row.refresh_from_db()
    return taken


user, made = User.objects.get_or_create(username="ann")
if made:
    RecoveryCodes.activate(user)
row = Authenticator.objects.get(user=user)
printed = sys.argv[2:] or row.wrap().get_unused_codes()
shown = row.wrap().get_unused_codes()
print(json.dumps({"row": row.data, "printed": printed, "shown": shown, "good": [good(code) for code in printed]}))
PY

cat >by_flask.py <<'PY'
"""Print the same of Flask-Security."""

import json
import sys

import flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

app = flask.Flask("by_flask", instance_path=f"{sys.path[0]}/instance")
app.config.update(
    **json.loads(sys.argv[1]),
    SECRET_KEY="of-this-script",
    SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
    SECURITY_PASSWORD_SALT="of-this-script",
    SECURITY_TOTP_ISSUER="Example",
    SECURITY_TOTP_SECRETS={"1": "of-this-script"},
    SECURITY_TWO_FACTOR=True,
    SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
)
app.config.setdefault("SQLALCHEMY_DATABASE_URI", "sqlite:///flask.db")
db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    pass


class User(db.Model, fsqla_v3.FsUserMixin):
    pass


class WebAuthn(db.Model, fsqla_v3.FsWebAuthnMixin):  # the user model names it
    pass


store = SQLAlchemyUserDatastore(db, User, Role)
security = Security(app, store)
with app.app_context():
    db.create_all()
    codes, printed = security.mf_recovery_codes_util, sys.argv[2:]
    user = store.find_user(email="ann@a.example")
    if user is None:
        user = store.create_user(email="ann@a.example", password=None)
        printed = codes.create_recovery_codes(user)
        db.session.commit()
    good = [codes.check_recovery_code(user, code) for code in printed]
    row, shown = list(user.mf_recovery_codes), codes.get_recovery_codes(user)
    print(json.dumps({"row": row, "printed": printed, "shown": shown, "good": good}))
PY

cat >check.py <<'PY'
import json
import sqlite3
import subprocess

from cryptography.fernet import Fernet


def look(library, settings, printed=()):
    told = subprocess.run(
        ["python/bin/python", f"by_{library}.py", json.dumps(settings), *printed], stdout=subprocess.PIPE, check=True
    )
    seen = json.loads(told.stdout)
    counts = f"{sum(seen['good'])} of {len(seen['good'])} codes are good, {len(seen['shown'])} are shown"
    print(f"{library}, settings {', '.join(settings) or 'as they come'}: {counts}")
    return seen


first = look("django", {})
assert set(first["row"]) == {"seed", "used_mask"} and first["shown"] == first["printed"] and all(first["good"])
longer = look("django", {"MFA_RECOVERY_CODE_DIGITS": 10}, first["printed"])
assert not any(longer["good"]) and len(longer["shown"]) == 10, longer
fewer = look("django", {"MFA_RECOVERY_CODE_COUNT": 5}, first["printed"])
assert fewer["good"] == [True] * 5 + [False] * 5, fewer
assert first == look("django", {}, first["printed"]) and first["row"] == longer["row"] == fewer["row"]

key = Fernet.generate_key()
keys = {"SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [key.decode()]}
first = look("flask", {})
assert first["row"] == first["printed"] == first["shown"] and all(first["good"])
keyed = look("flask", keys, first["printed"])
assert not any(keyed["good"]) and keyed["shown"] == [] and keyed["row"] == first["row"], keyed
assert first == look("flask", {}, first["printed"])
rows = sqlite3.connect("instance/flask.db")
encrypted = ",".join(Fernet(key).encrypt(code.encode()).decode() for code in first["printed"])
rows.execute("UPDATE user SET mf_recovery_codes = ?", [encrypted])
rows.commit()
print("its rows are encrypted by hand")
assert look("flask", keys, first["printed"])["shown"] == first["printed"]

other = {"SQLALCHEMY_DATABASE_URI": "sqlite:///keyed.db"}
first = look("flask", {**other, **keys})
assert all(first["good"]) and first["row"] != first["printed"]
bare = look("flask", other, first["printed"])
assert not any(bare["good"]) and bare["row"] == first["row"], bare
PY
python/bin/python check.py
