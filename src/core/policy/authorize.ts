import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { declarationOf } from "../command/command-declarations.ts";
import type { CommandName } from "../command/command-declarations.ts";
import type { Policy, RepositoryRole } from "./policy.ts";
import { roleAtLeast } from "./role-at-least.ts";

/** Who asks, as GitHub's permission API sees them: `author_association` is no proof of anything. */
export type Asker = {
  readonly login: string;
  readonly role: RepositoryRole;
  readonly isBot: boolean;
};

/** `bot-unlisted` is for nobody's eyes: an answer to a bot makes the next comment of a bot. */
export type AuthorizationRefusal = {
  readonly code: "bot-unlisted" | "bot-approves" | "role-too-low";
  /** One sentence for the person who asked. */
  readonly message: string;
};

/** What can be asked for: a command in a comment, or `start`, the trigger label. */
export type AuthorizedAction = CommandName | "start";

/** Needed for a command that the policy says nothing about: fails closed. */
const ROLE_WHEN_UNNAMED: RepositoryRole = "admin";

/** Whether the policy lets this person or listed bot ask for this. An approval is a person's yes, never a bot's. */
export function authorize(
  policy: Pick<Policy, "permissions" | "bots">,
  action: AuthorizedAction,
  asker: Asker,
): Result<null, AuthorizationRefusal> {
  if (asker.isBot && !isListed(policy.bots, asker.login)) {
    const message = `${asker.login} is a bot that the policy does not list under bots.`;
    return err({ code: "bot-unlisted", message });
  }
  if (asker.isBot && action === "approve") {
    return err({ code: "bot-approves", message: "An approval is a person's yes: a bot's does not count." });
  }
  const least = leastRoleFor(policy, action);
  if (least === null || roleAtLeast(asker.role, least)) return ok(null);
  const message = `${nameOf(action)} needs the ${least} role on this repository, and ${asker.login} has ${asker.role}.`;
  return err({ code: "role-too-low", message });
}

/** null: whoever can comment. */
export function leastRoleFor(
  policy: Pick<Policy, "permissions">,
  action: AuthorizedAction,
): RepositoryRole | null {
  const key = action === "start" ? "start" : declarationOf(action).permission;
  return key === null ? null : (policy.permissions[key] ?? ROLE_WHEN_UNNAMED);
}

/** The API says `name[bot]` where people write `name`. */
function isListed(bots: readonly string[], login: string): boolean {
  return bots.some((listed) => bareLogin(listed) === bareLogin(login));
}

function bareLogin(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, "");
}

function nameOf(action: AuthorizedAction): string {
  return action === "start" ? "Starting work" : `/${action}`;
}
