// What the user-context page of the reference does in Node: no session after a sign-up. Here as a webhook of authweave,
// and with a route of its own that verifies sessions.
// Usage: WEBHOOK_SECRET=whsec_... JWKS_URL=... ISSUER=... node webhooks.mjs [PORT]; prints the port once it listens.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { createRemoteJWKSet, jwtVerify } = await import(process.env.JOSE ?? "jose");
const { WEBHOOK_SECRET = "", JWKS_URL, ISSUER } = process.env;
const secret = Buffer.from(WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
if (secret.length < 24 || !JWKS_URL || !ISSUER) {
  console.error("set WEBHOOK_SECRET (whsec_ and 24 bytes or more in Base64), JWKS_URL and ISSUER");
  process.exit(1);
}
const keys = createRemoteJWKSet(new URL(JWKS_URL)); // keeps what it read, and reads again where a kid is new
const MAX_BODY = 64 * 1024;

const overrides = {
  // After it: the new user is known, and sign_up_post has not created a session yet.
  "emailpassword.sign_up.after": ({ result, parameters }) =>
    result.type === "SignUpOkResult" && result.user.login_methods.length === 1 && parameters.session === null
      ? { user_context: { isSignUp: true } }
      : {},
  // Before it: a result in its place, so it does not run.
  "session.create_new_session.before": ({ user_context }) =>
    user_context.isSignUp === true ? { result: { type: "EmptySession" } } : {},
};

// Over bytes: text that is no UTF-8 would be signed as something else.
function sign(...parts) {
  const hmac = createHmac("sha256", secret);
  parts.forEach((part, index) => hmac.update(index ? "." : "").update(part));
  return Buffer.from(`v1,${hmac.digest("base64")}`);
}

function isOurs(header, expected) {
  const given = header.split(" ").map((each) => Buffer.from(each));
  return given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answerWebhook(request, response) {
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const id = request.headers["webhook-id"] ?? "";
  const time = request.headers["webhook-timestamp"] ?? "";
  const isNow = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  if (!isNow || !isOurs(request.headers["webhook-signature"] ?? "", sign(id, time, body))) {
    response.writeHead(401).end();
    return;
  }
  const { type, data } = JSON.parse(body.toString());
  const answer = JSON.stringify((Object.hasOwn(overrides, type) && overrides[type](data)) || {});
  response.writeHead(200, {
    "content-type": "application/json",
    "webhook-signature": sign(id, time, body, answer).toString(), // over the request too: for this one and no other
  });
  response.end(answer);
}

async function answerMe(request, response) {
  const token = (request.headers.authorization ?? "").replace(/^Bearer /i, "");
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["ES256", "RS256"], // which of them, the key says
      issuer: ISSUER,
      requiredClaims: ["exp", "sub"],
    });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ user: payload.sub }));
  } catch {
    response.writeHead(401).end();
  }
}

const server = createServer((request, response) => {
  const route = { "POST /webhooks": answerWebhook, "GET /me": answerMe }[`${request.method} ${request.url}`];
  if (route === undefined) {
    response.writeHead(404).end();
    return;
  }
  route(request, response).catch(() => response.writeHead(400).end());
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(server.address().port));
