// Passkeys: what the browser makes of the server's options goes back as it is.

import { field, send } from "./request.js";

const post = (path, content) => send({ method: "POST", path: `/auth${path}`, recipe: "webauthn", content });

// Asks for options, hands them to the browser, and sends on what comes of it. The person may say no.
async function ceremony(options, ask, finish) {
  if (window.PublicKeyCredential === undefined) return { refused: "this browser has no passkeys for this page." };
  const answer = await options;
  if (answer.body.status !== "OK") return answer;
  const { webauthnGeneratedOptionsId } = answer.body;
  try {
    const credential = (await ask(answer.body)).toJSON();
    return await finish({ webauthnGeneratedOptionsId, credential });
  } catch (error) {
    if (error instanceof DOMException) return { refused: `${error.message} (${error.name})` };
    throw error;
  }
}

// Without a session a passkey makes a user. With one it becomes another login method of the session's user, or, where
// there is one with passkeys, one more of that.
export async function addPasskey() {
  const options = post("/webauthn/options/register", { email: field("email") });
  const create = (from) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(from) });
  const { response, body } = await listPasskeys();
  const recipeUserId = body.credentials?.[0]?.recipeUserId;
  const finish = (content) =>
    recipeUserId === undefined
      ? post("/webauthn/signup", { ...content, shouldTryLinkingWithSessionUser: response.ok })
      : post("/webauthn/credential", { ...content, recipeUserId });
  return ceremony(options, create, finish);
}

// The browser shows the passkeys that it has for this site: nobody has to say who he is.
export function usePasskey() {
  const get = (from) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(from) });
  return ceremony(post("/webauthn/options/signin"), get, (content) => post("/webauthn/signin", content));
}

export function listPasskeys() {
  return send({ method: "GET", path: "/auth/webauthn/credential/list", recipe: "webauthn" });
}

export async function removePasskey() {
  const listed = await listPasskeys();
  if (!listed.response.ok) return listed;
  const webauthnCredentialId = listed.body.credentials.at(-1)?.webauthnCredentialId;
  if (webauthnCredentialId === undefined) return { refused: "there is none." };
  return post("/webauthn/credential/remove", { webauthnCredentialId });
}
