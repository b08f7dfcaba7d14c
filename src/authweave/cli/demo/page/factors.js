// An authenticator app as a second factor, and the codes for the day on which it is lost.

import { field, send } from "./request.js";

const KEPT = "authweave-demo-device";

const post = (path, content) => send({ method: "POST", path: `/auth/totp${path}`, recipe: "totp", content });

// A picture of the secret, for the app's camera, and the secret in letters, for the fingers.
async function picture({ qrCodeString, secret }) {
  const answer = await fetch("/demo/qr-code", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: qrCodeString }),
  });
  const shown = document.createElement("div");
  shown.className = "secret";
  const drawing = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("svg");
  const letters = document.createElement("code");
  letters.id = "secret";
  letters.textContent = secret;
  shown.append(document.adoptNode(drawing), letters);
  return shown;
}

export async function addApp() {
  const answer = await post("/device");
  if (answer.body.status !== "OK") return answer;
  sessionStorage.setItem(KEPT, answer.body.deviceName);
  return { ...answer, extra: await picture(answer.body) };
}

export function confirmApp() {
  return post("/device/verify", { deviceName: sessionStorage.getItem(KEPT) ?? "", totp: field("code") });
}

export function enterAppCode() {
  return post("/verify", { totp: field("code") });
}

export async function makeRecoveryCodes() {
  const answer = await post("/recovery/codes");
  if (answer.body.status !== "OK") return answer;
  const list = document.createElement("ul");
  list.className = "codes";
  for (const code of answer.body.recoveryCodes) {
    const item = document.createElement("li");
    item.textContent = code;
    list.append(item);
  }
  return { ...answer, extra: list };
}

export function useRecoveryCode() {
  return post("/recovery/verify", { recoveryCode: field("code") });
}
