// What the user-context page of the reference does in Node: no session after a sign-up. Here as a webhook of authweave,
// and with a route of its own that verifies sessions.
// Usage: WEBHOOK_SECRET=whsec_... JWKS_URL=... ISSUER=... node webhooks.mjs [PORT]; prints the port once it listens.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { createRemoteJWKSet, jwtVerify } = await import(process.env.JOSE ?? "jose");
const { WEBHOOK_SECRET, JWKS_URL, ISSUER } = process.env;
const secret = Buffer.from(WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const keys = createRemoteJWKSet(new URL(JWKS_URL));

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

const sign = (...parts) => `v1,${createHmac("sha256", secret).update(parts.join(".")).digest("base64")}`;

function isOurs(header, expected) {
  const equal = (given) => given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  return header.split(" ").some(equal);
}

async function answerWebhook(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const id = request.headers["webhook-id"] ?? "";
  const time = request.headers["webhook-timestamp"] ?? "";
  const isNow = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  if (!isNow || !isOurs(request.headers["webhook-signature"] ?? "", sign(id, time, body))) {
    response.writeHead(401).end();
    return;
  }
  const { type, data } = JSON.parse(body);
  const answer = JSON.stringify(overrides[type]?.(data) ?? {});
  response.writeHead(200, {
    "content-type": "application/json",
    "webhook-signature": sign(id, time, body, answer), // over the request too: it answers this one and no other
  });
  response.end(answer);
}

async function answerMe(request, response) {
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  try {
    const { payload } = await jwtVerify(token, keys, { algorithms: ["RS256"], issuer: ISSUER });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ user: payload.sub }));
  } catch {
    response.writeHead(401).end();
  }
}

const server = createServer((request, response) => {
  const answer = request.method === "POST" ? answerWebhook : answerMe;
  answer(request, response).catch(() => response.writeHead(400).end());
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(server.address().port));
