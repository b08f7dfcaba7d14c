#!/usr/bin/env bash
# Guessed: in grpc.server what an interceptor sets in a ContextVar is not seen by the handler, which runs in a pool's
#          thread; in grpc.aio it is seen by every handler.
# Seen:    grpcio 1.85.3 has it nearly the other way round: grpc.server's handlers see it and the next call does not;
#          in grpc.aio an "async def" handler sees it and a "def" handler, which still runs in a pool, sees nothing.
# Follows: moving a service to grpc.aio one handler at a time loses the signed-in user in those that are still "def".
#          There, read the user from the call's metadata, or make the handler "async def".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check grpcio==1.85.3

cat >interceptors.py <<'PY'
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import grpc

user = ContextVar("user", default="nobody")
found = []


def remember(details):
    found.append(user.get())
    name = dict(details.invocation_metadata).get("user")
    if name is not None:
        user.set(name)


class Interceptor(grpc.ServerInterceptor):
    def intercept_service(self, continuation, details):
        remember(details)
        return continuation(details)


class AsyncInterceptor(grpc.aio.ServerInterceptor):
    async def intercept_service(self, continuation, details):
        remember(details)
        return await continuation(details)


def plain(request, context):
    return user.get().encode()


async def coroutine(request, context):
    return user.get().encode()


def handlers(**functions):
    methods = {name: grpc.unary_unary_rpc_method_handler(function) for name, function in functions.items()}
    return [grpc.method_handlers_generic_handler("sample", methods)]


def sync_server():
    server = grpc.server(ThreadPoolExecutor(1), interceptors=[Interceptor()])
    server.add_generic_rpc_handlers(handlers(plain=plain))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/sample/plain")
        seen = [call(b"", metadata=metadata).decode() for metadata in ([("user", "ann")], [("user", "bob")], [])]
    server.stop(None).wait()
    return seen


async def async_server():
    server = grpc.aio.server(migration_thread_pool=ThreadPoolExecutor(1), interceptors=[AsyncInterceptor()])
    server.add_generic_rpc_handlers(handlers(plain=plain, coroutine=coroutine))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        seen = {}
        for name in ("coroutine", "plain"):
            call = channel.unary_unary(f"/sample/{name}")
            seen[name] = [(await call(b"", metadata=[("user", who)])).decode() for who in ("ann", "bob")]
    await server.stop(None)
    return seen


seen = sync_server()
print("grpc.server, def handler:", seen)
assert seen == ["ann", "bob", "nobody"]
seen = asyncio.run(async_server())
print("grpc.aio:", seen)
assert seen == {"coroutine": ["ann", "bob"], "plain": ["nobody", "nobody"]}
assert set(found) == {"nobody"}, "an interceptor never sees what the call before it set"
PY
python/bin/python interceptors.py
