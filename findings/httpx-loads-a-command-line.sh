#!/usr/bin/env bash
# Guessed: importing an HTTP client loads what makes HTTP requests; its command line comes when that is run.
# Seen:    `import httpx` (0.28.1) imports its command line, and with it click, rich and Pygments where something else
#          has installed them: a hundred modules more. Where they are missing nothing is said, so an application
#          starts slower by what another package depends on. httpx2 2.16.2, its fork, loads its command line when that
#          is used.
# Follows: a library that imports httpx is slower to import beside typer, Flask or anything else that brings click and
#          rich; measure import times in an environment that has them, and import the client where it is used.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
pip=(python/bin/pip install --quiet --disable-pip-version-check)
"${pip[@]}" httpx==0.28.1 httpx2==2.16.2

cat >loaded.py <<'PY'
import sys

before = set(sys.modules)
__import__(sys.argv[1])
loaded = set(sys.modules) - before
beside = {name.partition(".")[0] for name in loaded} & {"click", "pygments", "rich"}
print(f"{sys.argv[1]}: {len(loaded)} modules, of a command line: {sorted(beside)}")
assert beside == set(sys.argv[2:]), "that has changed"
PY
python/bin/python loaded.py httpx
python/bin/python loaded.py httpx2
"${pip[@]}" click==8.4.2 pygments==2.21.0 rich==15.0.0
python/bin/python loaded.py httpx click pygments rich
python/bin/python loaded.py httpx2
