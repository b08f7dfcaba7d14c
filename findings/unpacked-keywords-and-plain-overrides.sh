#!/usr/bin/env bash
# Guessed: where a method takes **arguments: Unpack[SomeTypedDict], a method with just those keyword-only parameters may
#          stand in for it, in every type checker.
# Seen:    mypy 2.4.1 and pyrefly 1.5.0 say yes; pyright 1.1.414, basedpyright 1.40.2, ty 0.0.108 and zuban 0.10.2
#          refuse it both as an override in a subclass and where a Protocol is asked for: a subtype of the TypedDict
#          could bring more keys. With closed=True (PEP 728) all six accept it.
# Follows: an API that packs its parameters in an open TypedDict, so as to grow without breaking, takes plain overrides
#          in two checkers of six. Name the parameters, or close the TypedDict.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check mypy==2.4.1 'pyright[nodejs]==1.1.414' basedpyright==1.40.2 \
    ty==0.0.108 pyrefly==1.5.0 zuban==0.10.2 typing-extensions==4.16.0
export PATH="$folder/python/bin:$PATH" VIRTUAL_ENV="$folder/python"

for kind in open closed; do
    closed=$([ "$kind" = closed ] && echo True || echo False)
    mkdir "$kind"
    cat >"$kind/sample.py" <<PY
from typing import Protocol

from typing_extensions import TypedDict, Unpack


class Arguments(TypedDict, closed=$closed):
    email: str
    password: str


class Recipe:
    async def sign_up(self, **arguments: Unpack[Arguments]) -> int:
        return 0


class Overridden(Recipe):
    async def sign_up(self, *, email: str, password: str) -> int:
        return 1


class SignUp(Protocol):
    async def __call__(self, **arguments: Unpack[Arguments]) -> int: ...


async def sign_up(*, email: str, password: str) -> int:
    return 2


wanted: SignUp = sign_up
PY
done

fails=0
expect() { # expect closed|open accepts|refuses COMMAND...: errors are expected at both places, or nowhere
    kind=$1 wanted=$2
    shift 2
    output=$(cd "$kind" && "$@" sample.py 2>&1) && seen=accepts || seen=refuses
    places=0
    for line in 17 29; do
        ! grep --quiet --extended-regexp "sample\.py:$line\b" <<<"$output" || places=$((places + 1))
    done
    printf '%-6s %s %s (%s of 2 places)\n' "$kind" "$1" "$seen" "$places"
    if [ "$seen" != "$wanted" ] || [ "$places" -ne "$([ "$wanted" = refuses ] && echo 2 || echo 0)" ]; then
        printf 'expected: %s\n%s\n' "$wanted" "$output"
        fails=$((fails + 1))
    fi
}
for kind in open closed; do
    refuses=$([ "$kind" = open ] && echo refuses || echo accepts)
    expect "$kind" accepts mypy --strict --cache-dir "$folder/cache"
    expect "$kind" accepts pyrefly check
    expect "$kind" "$refuses" pyright
    expect "$kind" "$refuses" basedpyright --level error
    expect "$kind" "$refuses" ty check --output-format concise
    expect "$kind" "$refuses" zuban check --strict
done
exit "$fails"
