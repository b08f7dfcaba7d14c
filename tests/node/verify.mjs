// Verifies access tokens as a service in another language would: with `jose` and the server's JWKS, nothing else.
// Usage: node verify.mjs JWKS_URL ISSUER TOKEN...; prints a JSON array: {"claims": ...} or {"refused": CODE} a token.
import { createRemoteJWKSet, jwtVerify } from "jose";

const [jwksUrl, issuer, ...tokens] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(jwksUrl));

async function verified(token) {
  try {
    const { payload } = await jwtVerify(token, keys, { algorithms: ["ES256", "RS256"], issuer });
    return { claims: payload };
  } catch (error) {
    return { refused: error.code };
  }
}

console.log(JSON.stringify(await Promise.all(tokens.map(verified))));
