import type { Account, App, Installation, Token } from "./entity/account.ts";
import type { PermissionSet } from "./entity/permission.ts";
import type { Actor } from "./hub-event.ts";

/** Whoever sends a request, as their credential proves. */
export type Caller = AnonymousCaller | UserCaller | AppCaller | InstallationCaller | JobCaller;

interface AnonymousCaller {
  kind: "anonymous";
}

/** A person, by personal token or by a session of the web pages (which has no token). */
export interface UserCaller {
  kind: "user";
  account: Account;
  token: Token | null;
}

/** The App itself, by a JWT signed with its key. It may manage its installations and nothing else. */
export interface AppCaller {
  kind: "app";
  app: App;
}

export interface InstallationCaller {
  kind: "installation";
  /** The App's bot user. */
  account: Account;
  app: App;
  installation: Installation;
  token: Token;
  permissions: PermissionSet;
}

/** A workflow job, by its `GITHUB_TOKEN`. It reaches exactly one repository. */
export interface JobCaller {
  kind: "job";
  /** `github-actions[bot]`. */
  account: Account;
  app: App;
  token: Token;
  repositoryId: number;
  jobId: number;
  permissions: PermissionSet;
}

/** Callers in whose name something can be written. */
export type ActingCaller = UserCaller | InstallationCaller | JobCaller;

export function actorOf(caller: ActingCaller): Actor {
  if (caller.kind === "user") return { accountId: caller.account.id, appId: null, viaJobToken: false };
  return { accountId: caller.account.id, appId: caller.app.id, viaJobToken: caller.kind === "job" };
}

/** A person acting through the web pages or a set-up script. */
export function personAsActor(account: Account): Actor {
  return { accountId: account.id, appId: null, viaJobToken: false };
}
