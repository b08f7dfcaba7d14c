// The page of `authweave demo`: sends the requests that the frontends send, and shows what the server says ran.

import { enterCode, sendCode } from "./codes.js";
import { addApp, confirmApp, enterAppCode, makeRecoveryCodes, useRecoveryCode } from "./factors.js";
import { mailList, openedBy, RESET } from "./links.js";
import { addPasskey, listPasskeys, removePasskey, usePasskey } from "./passkeys.js";
import { comeBack, hasReturned, leave } from "./provider.js";
import { field, send } from "./request.js";

const CREDENTIALS = ["email", "password"];

const ACTIONS = {
  "sign-up": { method: "POST", path: "/auth/signup", recipe: "emailpassword", fields: CREDENTIALS },
  "sign-in": { method: "POST", path: "/auth/signin", recipe: "emailpassword", fields: CREDENTIALS },
  "protected": { method: "GET", path: "/demo/protected", recipe: "anti-csrf" },
  "refresh": { method: "POST", path: "/auth/session/refresh", recipe: "session" },
  "sign-out": { method: "POST", path: "/auth/signout", recipe: "session" },
  "forgot": { method: "POST", path: "/auth/user/password/reset/token", recipe: "emailpassword", fields: ["email"] },
  "verify": { method: "POST", path: "/auth/user/email/verify/token", recipe: "emailverification" },
  "mails": { method: "GET", path: "/dev/mails", recipe: "anti-csrf" },
  "change": {
    method: "POST",
    path: "/demo/password",
    recipe: "anti-csrf",
    fill: () => ({ old: field("password"), new: field("new-password") }),
  },
  "delete": { method: "POST", path: "/demo/delete", recipe: "anti-csrf" },
};

const link = openedBy();

// What takes more than one request.
const STEPS = {
  "provider": leave,
  "send-code": sendCode,
  "enter-code": enterCode,
  "add-passkey": addPasskey,
  "use-passkey": usePasskey,
  "list-passkeys": listPasskeys,
  "remove-passkey": removePasskey,
  "add-app": addApp,
  "confirm-app": confirmApp,
  "enter-app-code": enterAppCode,
  "make-recovery": makeRecoveryCodes,
  "use-recovery": useRecoveryCode,
  "link": () => send(link),
  ...Object.fromEntries(Object.entries(ACTIONS).map(([name, request]) => [name, () => send(request)])),
};

const FORBIDDEN = 403;
const EXPIRED = "try refresh token";
const MFA = "st-mfa";

// The session that the page knows of: its handle, or null. The tokens are in cookies that no script can read.
let session = null;
let isFactorMissing = false;

async function journalOf(response) {
  const id = response.headers.get("x-demo-journal");
  if (id === null) return [];
  const answer = await fetch(`/demo/journal/${id}`);
  return answer.ok ? (await answer.json()).calls : [];
}

// What the front token says of a new access token; null where none came.
function newAccess(response) {
  const token = response.headers.get("front-token");
  if (token === null || token === "remove") return null;
  const bytes = Uint8Array.from(atob(token), (character) => character.charCodeAt(0));
  const { ate, up } = JSON.parse(new TextDecoder().decode(bytes));
  return { handle: up.sessionHandle, until: new Date(ate).toLocaleTimeString(), isFactorMissing: up[MFA]?.v === false };
}

// Says which session came of an answer, and remembers it.
function sessionText(response, body, calls) {
  const access = newAccess(response);
  const before = session;
  if (access !== null) {
    session = access.handle;
    isFactorMissing = access.isFactorMissing;
    const what = access.handle === before ? "same session, new tokens" : "new session";
    return `${what}: ${access.handle}, access token until ${access.until}`;
  }
  if (response.headers.get("front-token") === "remove") {
    session = null;
    return before === null ? "none; tokens cleared" : `none any more: ${before} has ended, tokens cleared`;
  }
  const path = new URL(response.url).pathname;
  if (path === RESET && body.status === "OK") {
    session = null;
    return before === null ? "none" : `none any more: ${before} has ended, with all others of the user`;
  }
  if (path === ACTIONS.protected.path) {
    if (body.message === EXPIRED) return `${before ?? "one"}, whose access token has expired: refresh it`;
    if (response.status === FORBIDDEN) return `unchanged: ${before}`;
    session = response.ok ? body.sessionHandle : null;
    return response.ok ? `unchanged: ${session}` : "none came with the request";
  }
  const answered = find(calls, (call) => call.function === "create_new_session" && call.not_reached.length > 0);
  const setter = find(calls, (call) => call.keys.some((each) => each.key === "isSignUp"));
  if (answered !== null && setter !== null) {
    return `none, because ${setter.layer.name} set isSignUp, so ${answered.layer.name} returned an EmptySession ` +
      `and never called ${answered.not_reached[0].name}`;
  }
  return before === null ? "none" : `none new; ${before} goes on`;
}

function find(calls, matches) {
  for (const call of calls) {
    const found = matches(call) ? call : find(call.calls, matches);
    if (found !== null) return found;
  }
  return null;
}

function statusText(response, body) {
  return [response.status, body.status, body.message ?? body.detail].filter((word) => word !== undefined).join(" · ");
}

// Says why the server refused what was filled in, or the session; null where it did not.
function refusal(body) {
  if (body.formFields !== undefined) return body.formFields.map((each) => `${each.id}: ${each.error}`).join(" · ");
  if (body.claimValidationErrors !== undefined) {
    return body.claimValidationErrors.map((each) => each.reason?.message ?? each.id).join(" · ");
  }
  if (body.status === "WRONG_CREDENTIALS_ERROR" && body.reason === undefined) {
    return "nobody has signed up with this address, or the password is another one; the answer does not say which";
  }
  if (body.status?.endsWith("INVALID_TOKEN_ERROR")) return "the link was used before, or is too old: ask for another";
  if (body.status === "RESTART_FLOW_ERROR") return "code and link were used before, or are too old: ask for others";
  const guesses = body.maximumCodeInputAttempts ?? body.maxNumberOfFailedAttempts;
  if (guesses !== undefined) {
    const failed = body.failedCodeInputAttemptCount ?? body.currentNumberOfFailedAttempts;
    return `it is another code; ${guesses - failed} of ${guesses} guesses are left`;
  }
  return body.reason ?? null;
}

// Says that a refusal is what has to come: nobody is signed in. Null where it is not.
function expectation(response, before) {
  return response.status === 401 && before === null ? "as expected: there is no session" : null;
}

// Shows beside the fields of the form what is wrong with them.
function showFaults(faults) {
  for (const id of [...CREDENTIALS, "new-password"]) {
    const fault = faults.find((each) => each.id === id);
    document.getElementById(`${id}-error`).textContent = fault?.error ?? "";
    document.getElementById(id).toggleAttribute("aria-invalid", fault !== undefined);
  }
}

// Takes away what earlier steps came to: it may not hold any more.
function clearResults() {
  showFaults([]);
  for (const each of document.querySelectorAll("[data-action]")) {
    delete each.dataset.status;
    each.querySelector(".result").replaceChildren();
  }
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function place(layer) {
  const made = element("span", "place", layer.place);
  made.title = layer.file;
  return made;
}

function callItem(call) {
  const line = element("div", "call", element("span", `name ${call.layer.style}`, call.layer.name), " ");
  if (call.layer.style !== "implementation") line.append(`overrides ${call.function} `);
  line.append(place(call.layer));
  for (const { action, key } of call.keys) {
    line.append(" ", element("span", "key", `${action} `, element("code", "", key)));
  }
  if (call.outcome === "raise") line.append(" ", element("span", "failed", "raised"));
  const inner = call.calls.map(callItem);
  if (call.not_reached.length > 0) {
    const [next] = call.not_reached;
    inner.push(element("li", "unreached", element("span", "name", next.name), " not called"));
  }
  return element("li", "", line, ...(inner.length > 0 ? [element("ol", "", ...inner)] : []));
}

function showState() {
  document.getElementById("state").className = session === null ? "" : "session";
  const missing = isFactorMissing ? ", which the code of the app is missing from" : "";
  document.getElementById("state-text").textContent = session === null ? "No session." : `Session ${session}${missing}`;
}

function labelled(label, className, text) {
  return element("p", "", element("strong", "", `${label} `), element("span", className, text));
}

// Shows in a section what `ask` comes to: an answer of the server, a refusal of the page's own, or a way elsewhere.
async function perform(section, ask) {
  const result = section.querySelector(".result");
  const button = section.querySelector("button");
  button.disabled = true;
  clearResults();
  result.setAttribute("aria-busy", "true");
  try {
    await known;
    const { left, refused, response, body, extra } = await ask();
    if (left) return;
    if (refused !== undefined) {
      result.replaceChildren(labelled("Not done:", "status bad", refused));
      section.dataset.status = "refused";
      return;
    }
    const calls = await journalOf(response);
    const good = response.ok && (body.status ?? "OK") === "OK";
    const [expected, why] = [expectation(response, session), refusal(body)];
    showFaults(body.formFields ?? []);
    const kind = good ? "good" : expected !== null ? "expected" : "bad";
    const answer = [statusText(response, body), expected].filter((words) => words !== null).join(", ");
    result.replaceChildren(
      labelled("Answer", `status ${kind}`, answer),
      ...(why === null ? [] : [labelled("Refused", "reason", why)]),
      labelled("Session", "session", sessionText(response, body, calls)),
      ...(extra === undefined ? [] : [extra]),
      ...(body.mails === undefined ? [] : [mailList(body.mails)]),
      calls.length > 0
        ? element("ol", "chain", ...calls.map(callItem))
        : element("p", "idle", "No function of a recipe ran for this request."),
    );
    section.dataset.status = response.status;
    showState();
  } catch (error) {
    result.replaceChildren(labelled("No answer", "status bad", `${error.message}. Is the demo still running?`));
    section.dataset.status = "none";
  } finally {
    result.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function section(name) {
  return document.querySelector(`[data-action=${name}]`);
}

// A session of an earlier visit may still be there: the cookies say so to the server only.
async function findSession() {
  const { response, body } = await send({ method: "GET", path: "/demo/session", recipe: "session" });
  if (!response.ok) return;
  session = body.sessionHandle;
  isFactorMissing = body.isFactorMissing;
  showState();
}
const known = findSession();

for (const [name, ask] of Object.entries(STEPS)) {
  document.getElementById(name).addEventListener("click", () => perform(section(name), ask));
}
document.getElementById("link").hidden = link === null;
document.getElementById("link-missing").hidden = link !== null;

document.getElementById("credentials").addEventListener("submit", (event) => {
  event.preventDefault();
  document.getElementById("sign-in").click();
});

for (const each of document.querySelectorAll("[data-form]")) {
  each.textContent = await (await fetch(`/forms/${each.dataset.form}.py`)).text();
}

await known;
const { why_not: whyNot } = await (await fetch("/demo/provider")).json();
document.getElementById("provider").hidden = whyNot !== "";
document.getElementById("provider-missing").textContent = whyNot;
if (link !== null) section("link").scrollIntoView({ block: "nearest" });
if (hasReturned()) {
  await perform(section("provider"), comeBack);
  section("provider").scrollIntoView({ block: "nearest" });
}
