#!/usr/bin/env bash
# Guessed: an adapter for AWS Lambda hands on every cookie, both ways, for every kind of event that it takes.
# Seen:    three Set-Cookie headers get through Mangum 0.22.0 and serverless-wsgi 3.1.0 for each kind; apig-wsgi 2.20.0
#          keeps the last alone behind a load balancer without multi-value headers. Two Cookie headers in an event with
#          multiValueHeaders become "a=1, b=2" in Mangum behind a REST API (behind a load balancer it keeps them apart),
#          "a=1,b=2" in apig-wsgi, and "b=2" alone in serverless-wsgi.
# Follows: behind such a balancer one cookie is left of access token, refresh token and front token: turn on its
#          multi-value headers. With them, join the event's Cookie headers with "; " before the adapter reads it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check mangum==0.22.0 apig-wsgi==2.20.0 serverless-wsgi==3.1.0 \
    setuptools==81.0.0

cat >cookies.py <<'PY'
import apig_wsgi
import mangum
import serverless_wsgi

SET = ["access=1; Path=/", "refresh=2; Path=/session/refresh", "front=3; Path=/"]
seen = {}


async def asgi(scope, receive, send):
    seen["cookie"] = [value.decode() for name, value in scope["headers"] if name == b"cookie"]
    headers = [(b"set-cookie", value.encode()) for value in SET]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def wsgi(environ, start_response):
    seen["cookie"] = [environ["HTTP_COOKIE"]]
    start_response("200 OK", [("Set-Cookie", value) for value in SET])
    return [b""]


class Context:
    pass


HANDLERS = {
    "Mangum": lambda event: mangum.Mangum(asgi, lifespan="off")(event, Context()),
    "apig-wsgi": lambda event: apig_wsgi.make_lambda_handler(wsgi)(event, Context()),
    "serverless-wsgi": lambda event: serverless_wsgi.handle_request(wsgi, event, Context()),
}
BALANCER = {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/", "body": ""}
PLAIN = {"host": "api.example", "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", "x-forwarded-port": "443"}
LISTS = {name: [value] for name, value in PLAIN.items()} | {"cookie": ["a=1", "b=2"]}
EVENTS = {
    "REST API": {
        "resource": "/",
        "path": "/",
        "httpMethod": "GET",
        "headers": PLAIN | {"cookie": "b=2"},
        "multiValueHeaders": LISTS,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"stage": "live", "identity": {"sourceIp": "192.0.2.1"}, "protocol": "HTTP/1.1"},
        "body": None,
        "isBase64Encoded": False,
    },
    "HTTP API": {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/",
        "rawQueryString": "",
        "cookies": ["a=1", "b=2"],
        "headers": PLAIN,
        "requestContext": {
            "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    },
    "balancer": BALANCER
    | {"headers": PLAIN | {"cookie": "a=1; b=2"}, "queryStringParameters": {}, "isBase64Encoded": False},
    "balancer, lists": BALANCER
    | {"multiValueHeaders": LISTS, "multiValueQueryStringParameters": {}, "isBase64Encoded": False},
}


def set_by(answer):
    """Return the cookies that an answer sets, wherever this kind of answer has them; names of headers have no case."""
    single = [value for name, value in (answer.get("headers") or {}).items() if name.lower() == "set-cookie"]
    lists = [
        value
        for name, values in (answer.get("multiValueHeaders") or {}).items()
        if name.lower() == "set-cookie"
        for value in values
    ]
    return single + lists + answer.get("cookies", [])


COOKIES = {
    ("REST API", "Mangum"): ["a=1, b=2"],
    ("REST API", "apig-wsgi"): ["a=1,b=2"],
    ("REST API", "serverless-wsgi"): ["b=2"],
    ("HTTP API", "apig-wsgi"): ["a=1;b=2"],
    ("balancer, lists", "Mangum"): ["a=1", "b=2"],
    ("balancer, lists", "apig-wsgi"): ["a=1,b=2"],
    ("balancer, lists", "serverless-wsgi"): ["b=2"],
}
for kind, event in EVENTS.items():
    for name, handle in HANDLERS.items():
        cookies = set_by(handle(event))
        print(f"{kind}, {name}: sees {seen['cookie']}, sets {len(cookies)} of {len(SET)}")
        assert cookies == (SET[-1:] if (kind, name) == ("balancer", "apig-wsgi") else SET)
        assert seen["cookie"] == COOKIES.get((kind, name), ["a=1; b=2"])
PY
python/bin/python cookies.py
