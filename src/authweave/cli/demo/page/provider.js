// Signing in with a provider: what the frontends do on the way there and back.

import { send } from "./request.js";

const ID = "local";
const REDIRECT_URI = `${location.origin}/callback`;
const KEPT = "authweave-demo-sign-in";
const KEPT_MS = 10 * 60 * 1000;

// Begins a sign-in. Its `state` is this page's, and never leaves this tab but by the provider: whoever comes back with
// another one did not begin here. `pkceCodeVerifier` is sealed: the page keeps it and cannot read it.
export async function leave() {
  const query = new URLSearchParams({ thirdPartyId: ID, redirectURIOnProviderDashboard: REDIRECT_URI });
  const answer = await send({ method: "GET", path: `/auth/authorisationurl?${query}`, recipe: "thirdparty" });
  if (answer.body.status !== "OK") return answer;
  const { urlWithQueryParams, pkceCodeVerifier } = answer.body;
  const random = crypto.getRandomValues(new Uint8Array(16));
  const state = btoa(JSON.stringify({ state: Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("") }));
  sessionStorage.setItem(KEPT, JSON.stringify({ state, pkceCodeVerifier, until: Date.now() + KEPT_MS }));
  const url = new URL(urlWithQueryParams);
  url.searchParams.set("state", state);
  location.assign(url);
  return { left: true };
}

// Returns whether the provider has just sent the user back here.
export function hasReturned() {
  return location.pathname === new URL(REDIRECT_URI).pathname;
}

// Ends a sign-in, where it is one that began here. The code does not stay in the address bar.
export async function comeBack() {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  history.replaceState(null, "", "/");
  if (kept === null || kept.state !== query.state || kept.until < Date.now()) {
    return { refused: "this is not the answer to a sign-in that was begun in this tab within the last ten minutes." };
  }
  sessionStorage.removeItem(KEPT);
  if (query.error === "access_denied") return { refused: "you did not agree to it at the provider (access_denied)." };
  if (query.error !== undefined) return { refused: `the provider says ${query.error}.` };
  const redirectURIInfo = {
    redirectURIOnProviderDashboard: REDIRECT_URI,
    redirectURIQueryParams: query,
    pkceCodeVerifier: kept.pkceCodeVerifier,
  };
  const content = { thirdPartyId: ID, redirectURIInfo };
  return send({ method: "POST", path: "/auth/signinup", recipe: "thirdparty", content });
}
