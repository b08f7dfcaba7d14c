// A local OpenID provider, for the demo and the tests: the npm package oidc-provider on loopback, with its own pages for
// signing in (any name will do, with any password) and for consent. The name becomes the subject and, before
// "@example.com", the address; nothing vouches for that of a name that begins with "unsure".
//
// Usage: node openid_provider.mjs, with a line of JSON on standard input for each provider: {"packages": a folder in
// which oidc-provider is installed, "port": the one to listen on if it is free, "clients" and "features": as the package
// wants them}.
// Prints a line of JSON for each: {"issuer": where it is} or {"fault": why it is not}. Ends when its standard input does.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// Its pages would load a font from elsewhere. Forms are not restricted: consent leads back to the client's page.
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

async function listening(port) {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    await once(server.listen(0, "127.0.0.1"), "listening");
  }
  return server;
}

// Each start has a signing key of its own, so another start on the same port has rotated the key of the one before.
function configuration(clients, features) {
  const signingKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  return {
    clients,
    features,
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    findAccount: (_context, name) => ({
      accountId: name,
      claims: () => ({ sub: name, email: `${name}@example.com`, email_verified: !name.startsWith("unsure") }),
    }),
    jwks: { keys: [{ ...signingKey, use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
  };
}

async function serve({ packages, port, clients, features }) {
  // The package tells at every start what a real provider would have to change.
  console.info = console.warn = () => {};
  const found = createRequire(join(packages, "here.js")).resolve("oidc-provider");
  const { Provider } = await import(pathToFileURL(found));
  const server = await listening(port);
  // By another name than the demo's 127.0.0.1: cookies know no ports, so the two would share theirs.
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, configuration(clients, features));
  provider.use(async (context, next) => {
    await next();
    context.set("content-security-policy", CONTENT_POLICY);
  });
  server.on("request", provider.callback());
  return issuer;
}

process.stdin.on("end", () => process.exit());
for await (const settings of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ issuer: await serve(JSON.parse(settings)) }));
  } catch (error) {
    console.log(JSON.stringify({ fault: error.message.split("\n")[0] }));
    process.exitCode = 1;
    process.stdin.destroy();
  }
}
