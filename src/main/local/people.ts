import { Octokit } from "@octokit/rest";
import type { Local } from "./start-local.ts";

/** The people of the local forge: one asks for work, another approves it, a third may only look. */
export const PEOPLE = [
  { login: "maya", name: "Maya", role: "admin", does: "maintains the repository" },
  { login: "robin", name: "Robin", role: "write", does: "reviews and approves" },
  { login: "casey", name: "Casey", role: "read", does: "may only look and comment" },
] as const;

/** A person of the local forge, acting through its API as they would on GitHub. */
export function actAs(local: Local, login: string): Octokit {
  return new Octokit({ baseUrl: `${local.forge.url}/api/v3`, auth: local.world.tokens[login] });
}
