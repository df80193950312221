import type { GitIdentity } from "../git/git-identity.ts";
import type { Account } from "./entity/account.ts";
import type { Hub } from "./hub.ts";
import { ensureWebFlow } from "./setup/built-in-accounts.ts";

/** How an account signs the commits that the forge writes for it, now. */
export function gitIdentityOf(hub: Hub, account: Account): GitIdentity {
  return {
    name: account.name ?? account.login,
    email: account.email ?? `${account.id}+${account.login}@users.noreply.github.com`,
    at: hub.date(),
  };
}

/** The committer of what is done in the pages and through the API, as GitHub names itself. */
export function webFlowIdentity(hub: Hub): GitIdentity {
  return { name: "GitHub", email: "noreply@github.com", at: hub.date() };
}

/** The account that a commit's author or committer is shown as; `null` for people the forge does not know. */
export function accountOfEmail(hub: Hub, email: string): Account | null {
  if (email === "noreply@github.com") return ensureWebFlow(hub);
  const [, id] = /^(\d+)\+[^@]+@users\.noreply\.github\.com$/.exec(email) ?? [];
  if (id !== undefined) return hub.store.accounts.get(Number(id)) ?? null;
  const folded = email.toLowerCase();
  return hub.store.accounts.find({}, { filter: (each) => each.email?.toLowerCase() === folded })[0] ?? null;
}
