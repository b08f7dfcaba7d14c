// Signing in with a code: the browser that has asked for it keeps what it has to send along.

import { field, send } from "./request.js";

const KEPT = "authweave-demo-code";
const CONSUME = { method: "POST", path: "/auth/signinup/code/consume", recipe: "passwordless" };

export async function sendCode() {
  const content = { email: field("email") };
  const answer = await send({ method: "POST", path: "/auth/signinup/code", recipe: "passwordless", content });
  const { status, deviceId, preAuthSessionId } = answer.body;
  if (status === "OK") sessionStorage.setItem(KEPT, JSON.stringify({ deviceId, preAuthSessionId }));
  return answer;
}

export async function enterCode() {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null) return { refused: "no code was asked for in this tab." };
  const answer = await send({ ...CONSUME, content: { ...JSON.parse(kept), userInputCode: field("code") } });
  if (["OK", "RESTART_FLOW_ERROR"].includes(answer.body.status)) sessionStorage.removeItem(KEPT);
  return answer;
}

// Returns how a link is used that the page was opened by. What is secret in it follows the `#`, which no server sees.
export function linkToSignIn() {
  const preAuthSessionId = new URLSearchParams(location.search).get("preAuthSessionId");
  return { ...CONSUME, content: { preAuthSessionId, linkCode: location.hash.slice(1) } };
}
