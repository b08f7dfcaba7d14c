#!/usr/bin/env bash
# Guessed: tests that ask Faker for an e-mail address get different ones.
# Seen:    the pytest fixture `faker` of Faker 40.63.0 begins anew in each test: every test gets the same first address,
#          in each process of pytest-xdist 3.8.0 too. With pytest-randomly 5.1.0 installed, which gives each test a seed
#          of its own, the addresses differ; a Faker that the test makes itself gives different ones either way.
# Follows: tests that sign up users in a database that they share are refused ("e-mail already exists"), or find the
#          user of the test before, and whether they do depends on a plugin that nobody connects with it. Take addresses
#          from a counter or from uuid4, or a database per test.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
pip=(python/bin/pip install --quiet --disable-pip-version-check)
"${pip[@]}" faker==40.63.0 pytest==9.2.0 pytest-xdist==3.8.0

cat >test_addresses.py <<'PY'
import pathlib

import pytest
from faker import Faker


def note(kind, number, address):
    pathlib.Path(f"{kind}-{number}.txt").write_text(address)


@pytest.mark.parametrize("number", range(4))
def test_fixture(faker, number):
    note("fixture", number, faker.email())


@pytest.mark.parametrize("number", range(4))
def test_own(number):
    note("own", number, Faker().email())
PY

run() { # label, distinct addresses of the fixture, options of pytest
    local label=$1 expected=$2
    shift 2
    rm -f ./*.txt
    python/bin/python -m pytest -q -p no:cacheprovider "$@" test_addresses.py >pytest.log || { cat pytest.log; exit 1; }
    local fixture own
    fixture=$(for file in fixture-*.txt; do cat "$file"; echo; done | sort -u | wc -l)
    own=$(for file in own-*.txt; do cat "$file"; echo; done | sort -u | wc -l)
    echo "$label: of 4 tests, $fixture addresses by the fixture, $own by a Faker of their own"
    [ "$fixture" -eq "$expected" ] && [ "$own" -gt 1 ]
}
run "pytest" 1
run "pytest -n 2" 1 -n 2
"${pip[@]}" pytest-randomly==5.1.0
run "with pytest-randomly" 4 --randomly-seed=1
