// The links of mails: a list of them, and the use of one that the page was opened by.

import { linkToSignIn } from "./codes.js";

export const RESET = "/auth/user/password/reset";

const USES = {
  "/auth/reset-password": { path: RESET, recipe: "emailpassword", fields: ["password"] },
  "/auth/verify-email": { path: "/auth/user/email/verify", recipe: "emailverification" },
};

function useOf(path) {
  if (path === "/auth/verify") return linkToSignIn();
  const token = new URLSearchParams(location.search).get("token");
  if (USES[path] === undefined || token === null) return null;
  return { method: "POST", ...USES[path], content: { method: "token", token } };
}

// Returns how the link is used that the page was opened by; null where it was by none. Its token does not stay in the
// address bar, and it is used at a button's press: some mail servers open links before people do.
export function openedBy() {
  const use = useOf(location.pathname);
  if (use !== null) history.replaceState(null, "", "/");
  return use;
}

// Returns the mails as a list with their links.
export function mailList(mails) {
  const list = document.createElement("ul");
  list.className = "mails";
  for (const { to, subject, links, code } of mails) {
    const link = document.createElement("a");
    link.href = links[0];
    link.textContent = subject;
    const item = document.createElement("li");
    item.append(link, ` to ${to}`, ...(code === null ? [] : [`, code ${code}`]));
    list.append(item);
  }
  return list;
}
