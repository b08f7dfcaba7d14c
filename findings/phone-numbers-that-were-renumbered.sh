#!/usr/bin/env bash
# Guessed: a number kept as E.164 stays what it was whichever release of phonenumbers reads it: valid, and the same as
#          what its owner types; at least a model reads back the row that it wrote.
# Seen:    Countries renumber, and a release knows one plan. Ivory Coast's eight digits are valid to 8.10.12 and not to
#          8.13.25, Benin's to 8.13.25 and not to 9.0.43, and neither becomes the ten digits of today. Mexico's former
#          +52 1 is kept by 8.10.12, taken off by 8.13.25, and kept again, as invalid, by 9.0.43. Of rows in an old
#          form, with 9.0.43, pydantic-extra-types 2.11.1 raises where they are read; django-phonenumber-field 9.0.0
#          reads them, and full_clean refuses the account whatever else was changed; SQLAlchemy-Utils 0.43.0 says
#          nothing.
# Follows: pin phonenumbers, and before an update parse every stored number with old and new: list those that are no
#          longer valid or come out otherwise, and write the new form beside the old one by the country's rule. Check
#          numbers where they are typed, and keep them as plain text in models that read accounts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check phonenumbers==9.0.43 pydantic==2.14.4 \
    pydantic-extra-types==2.11.1 django==5.2.19 django-phonenumber-field==9.0.0 sqlalchemy==2.1.9 \
    sqlalchemy-utils==0.43.0
for version in 8.10.12 8.13.25; do
    python/bin/pip install --quiet --disable-pip-version-check --no-deps --target "$version" "phonenumbers==$version"
done

cat >plans.py <<'PY'
import json

import phonenumbers

FORMS = {
    "Ivory Coast": ("+22507123456", "+2250707123456"),
    "Benin": ("+22961234567", "+2290161234567"),
    "Mexico": ("+5215512345678", "+525512345678"),
}


def seen(number):
    parsed = phonenumbers.parse(number)
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return [phonenumbers.is_valid_number(parsed), "kept" if written == number else written]


if __name__ == "__main__":
    print(json.dumps({name: [seen(old), seen(new)] for name, (old, new) in FORMS.items()}))
PY

cat >rows.py <<'PY'
import django
import pydantic
import sqlalchemy
import sqlalchemy_utils
from django.conf import settings
from django.core.exceptions import ValidationError
from plans import FORMS
from pydantic_extra_types.phone_numbers import PhoneNumber

settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
django.setup()

from django.db import connection, models  # noqa: E402  (after the set-up)
from phonenumber_field.modelfields import PhoneNumberField  # noqa: E402


class Out(pydantic.BaseModel):
    phone: PhoneNumber


class Account(models.Model):
    name = models.CharField(max_length=20)
    phone = PhoneNumberField(unique=True)

    class Meta:
        app_label = "accounts"


with connection.schema_editor() as editor:
    editor.create_model(Account)
engine = sqlalchemy.create_engine("sqlite://")
metadata = sqlalchemy.MetaData()
table = sqlalchemy.Table("account", metadata, sqlalchemy.Column("phone", sqlalchemy_utils.PhoneNumberType()))
metadata.create_all(engine)


def by_pydantic(number):
    try:
        Out.model_validate({"phone": number})
    except pydantic.ValidationError:
        return "raises where it is read"
    return "reads it"


def by_django(number):
    with connection.cursor() as cursor:  # the row as an earlier release left it
        cursor.execute("INSERT INTO accounts_account (name, phone) VALUES ('a', %s)", [number])
    account = Account.objects.get(phone=number)
    account.name = "b"
    try:
        account.full_clean()
    except ValidationError as error:
        return f"reads it, refuses {', '.join(error.message_dict)}"
    return "reads it"


def by_sqlalchemy(number):
    with engine.begin() as rows:
        rows.execute(sqlalchemy.text("INSERT INTO account VALUES (:number)"), {"number": number})
        found = rows.execute(sqlalchemy.select(table.c.phone).where(table.c.phone == number)).scalar_one()
    return "reads it" if found.e164 == number else f"reads {found.e164}"


for country, (old, new) in FORMS.items():
    rows = [[read(number) for read in (by_pydantic, by_django, by_sqlalchemy)] for number in (old, new)]
    print(f"{country}: pydantic, Django, SQLAlchemy-Utils: of the old form {rows[0]}, of the new form {rows[1]}")
    assert rows == [["raises where it is read", "reads it, refuses phone", "reads it"], ["reads it"] * 3]
PY

cat >check.py <<'PY'
import json
import os
import subprocess

ten = [[False, "kept"], [True, "kept"]]
eight = [[True, "kept"], [False, "kept"]]
expected = {
    "8.10.12": {"Ivory Coast": eight, "Benin": eight, "Mexico": [[True, "kept"], [True, "kept"]]},
    "8.13.25": {"Ivory Coast": ten, "Benin": eight, "Mexico": [[True, "+525512345678"], [True, "kept"]]},
    "9.0.43": {"Ivory Coast": ten, "Benin": ten, "Mexico": ten},
}
for version, plans in expected.items():
    told = subprocess.run(
        ["python/bin/python", "plans.py"], env={**os.environ, "PYTHONPATH": version}, stdout=subprocess.PIPE, check=True
    )
    seen = json.loads(told.stdout)
    for country, (old, new) in seen.items():
        print(f"phonenumbers {version}, {country}: old form {old}, new form {new}")
    assert seen == plans, plans
PY
python/bin/python check.py
python/bin/python rows.py
