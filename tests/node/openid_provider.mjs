// A certified OpenID provider on loopback: `node openid_provider.mjs REDIRECT_URI...`.
// Prints its issuer when it is ready. Its own pages take any name and password, and ask for consent; the name becomes
// the subject and, before "@example.com", the address. A name that begins with "unsure" has an unverified address.

import { createServer } from "node:http";

import Provider from "oidc-provider";

const redirectUris = process.argv.slice(2);
const client = (id, secret) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: redirectUris,
  token_endpoint_auth_method: "client_secret_post",
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client("web", "web-secret"), client("ios", "ios-secret")],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["only for tests"] },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: !id.startsWith("unsure") }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});

// Whoever started it may end without stopping it.
process.stdin.on("end", () => process.exit()).resume();
