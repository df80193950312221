import { z } from "zod";
import type { TenantId } from "../../../base/ids.ts";
import type { Issue, Repository } from "../../../core/task/state.ts";
import type { Sender } from "../../../app/intent.ts";

/*
 * Only the fields that are needed of GitHub's payloads, which hold hundreds: what is not asked for may change.
 */

const Id = z.number().int();

export const User = z.object({ id: Id, login: z.string(), type: z.string().optional() });
export type User = z.infer<typeof User>;

/** GitHub shows this account in place of one that was deleted. */
const GHOST: Sender = { id: 10137, login: "ghost", type: "user" };

export function senderOf(user: User | null | undefined): Sender {
  if (user === null || user === undefined) return GHOST;
  return { id: user.id, login: user.login, type: user.type === "Bot" ? "bot" : "user" };
}

/** What every event in a repository has. GitHub leaves the installation out for webhooks that are not the App's. */
export const InRepository = z.object({
  installation: z.object({ id: Id }),
  repository: z.object({
    id: Id,
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string(),
  }),
  sender: User.nullish(),
});
export type InRepository = z.infer<typeof InRepository>;

/** What every intent about a repository has. */
export function placeOf({ installation, repository, sender }: InRepository): {
  readonly tenant: TenantId;
  readonly repository: Repository;
  readonly sender: Sender;
} {
  return {
    tenant: installation.id as TenantId,
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
    },
    sender: senderOf(sender),
  };
}

/** An issue, or what a pull request has in common with one. */
export const IssueFields = z.object({
  number: Id,
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
});

export function issueOf({ number, title, body, labels }: z.infer<typeof IssueFields>): Issue {
  return { number, title, body: body ?? "", labels: (labels ?? []).map(({ name }) => name) };
}

export const PullFields = z.object({
  number: Id,
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: Id }).nullish() }),
  base: z.object({ ref: z.string() }),
});

export function pullOf({ number, head, base }: z.infer<typeof PullFields>) {
  return {
    number,
    headRef: head.ref,
    headSha: head.sha,
    baseRef: base.ref,
    headRepositoryId: head.repo?.id ?? null,
  };
}
