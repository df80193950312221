import type { z } from "zod";
import type { Intent } from "../../../app/intent.ts";
import type { AppIdentity } from "../../../ports/app-identity.ts";

/** What tells Baton's own traces in a repository from those of others. */
export type OwnTraces = {
  readonly app: AppIdentity;
  /** Path of Baton's workflow file in the repository. */
  readonly workflow: string;
};

/** Branches that Baton works on begin with this. */
export const BRANCH_PREFIX = "baton/";

export type IntentReader = (payload: unknown, own: OwnTraces) => Intent;

/** A reader of payloads of one shape; others are ignored with the first thing that is wrong with them. */
export function reader<Schema extends z.ZodType>(
  schema: Schema,
  read: (payload: z.infer<Schema>, own: OwnTraces) => Intent,
): IntentReader {
  return (payload, own) => {
    const parsed = schema.safeParse(payload);
    if (parsed.success) return read(parsed.data, own);
    const [issue] = parsed.error.issues;
    const where =
      issue === undefined || issue.path.length === 0 ? "the payload" : `\`${issue.path.join(".")}\``;
    return ignored(
      `The event is not of the shape that GitHub documents: ${where}: ${issue?.message ?? "invalid"}.`,
    );
  };
}

export function ignored(reason: string): Intent {
  return { kind: "ignored", reason };
}

export function isOwn(login: string, own: OwnTraces): boolean {
  return login === own.app.login;
}
