import type { ForgeContext } from "../forge-context.ts";
import { authenticate } from "../hub/authenticate.ts";
import type { ActingCaller, Caller } from "../hub/caller.ts";
import type { Repository } from "../hub/entity/repository.ts";
import { findRepository, fullName } from "../hub/find-repository.ts";
import type { Hub } from "../hub/hub.ts";
import { finishPendingMove } from "../hub/push/move-refs.ts";
import { withRepositoryLock } from "../hub/push/repository-lock.ts";
import { submitPush, type RefOutcome } from "../hub/push/submit-refs.ts";
import { checkAccess } from "../hub/repository-access.ts";
import { endObjectReaders } from "./object-reader.ts";
import { openPushDesk, type IncomingPush, type RefVerdict } from "./push-desk.ts";
import { isGitRequest, serveGit, type GitAdmission, type GitVisit } from "./serve-git.ts";
import type { RefUpdate } from "./update-refs.ts";

/** Git over HTTP, its hooks, and the repositories on disk. */
export function registerGit({ hub, http, onStart, onClose }: ForgeContext): void {
  const desk = openPushDesk();
  const admit = (visit: GitVisit) => admitVisitor(hub, visit);
  http.use("*", async (c, next) => {
    if (!isGitRequest(c.req.path)) return next();
    return (await serveGit({ desk: await desk, admit }, c.req.raw)) ?? c.notFound();
  });
  onStart(async () => {
    // Before anything new moves, what a crash interrupted is completed and reported.
    for (const repository of hub.store.repositories.find({})) {
      await withRepositoryLock(hub, repository.id, () => finishPendingMove(hub, repository));
    }
  });
  onClose(async () => {
    await (await desk).close();
    endObjectReaders(hub.gitRoot);
  });
}

function admitVisitor(hub: Hub, visit: GitVisit): GitAdmission {
  const authentication = authenticate(hub, withTokenAsPassword(visit.authorization));
  if (!authentication.ok) return refused(401, "Invalid username or token.");
  const { caller } = authentication;
  const repository = findRepository(hub, visit.owner, visit.name);
  if (repository === undefined) return notFound(caller);
  const access = visit.service === "git-receive-pack" ? "write" : "read";
  const request = { permission: "contents", access } as const;
  switch (checkAccess(hub, { caller, repository, request })) {
    case "invisible":
      return notFound(caller);
    case "forbidden":
      return forbidden(hub, caller, repository);
    case "granted":
      if (access === "write" && repository.archived) {
        return refused(403, "This repository was archived so it is read-only.");
      }
      return admitted(hub, caller, repository);
  }
}

/** GitHub also takes `<token>:` and `<token>:x-oauth-basic`, where the token stands as the user's name. */
function withTokenAsPassword(authorization: string | undefined): string | undefined {
  const [scheme = "", value = ""] = (authorization ?? "").split(" ", 2);
  if (scheme.toLowerCase() !== "basic") return authorization;
  const [user = "", password = ""] = Buffer.from(value, "base64").toString("utf8").split(":", 2);
  if (password !== "" && password !== "x-oauth-basic") return authorization;
  return `Basic ${Buffer.from(`x-access-token:${user}`).toString("base64")}`;
}

function admitted(hub: Hub, caller: Caller, repository: Repository): GitAdmission {
  const acting = caller.kind === "anonymous" || caller.kind === "app" ? undefined : caller;
  return {
    kind: "admitted",
    gitDir: hub.gitDirectory(repository.id),
    login: acting?.account.login,
    receive: (push) =>
      acting === undefined ? refuseAll(push) : receivePush(hub, { repository, caller: acting }, push),
  };
}

/** Only readers come without an account, and git sends no updates for them. */
function refuseAll({ updates }: IncomingPush): Promise<RefVerdict[]> {
  return Promise.resolve(
    updates.map(({ ref }) => ({ kind: "refused", ref, reason: "no write access", messages: [] })),
  );
}

async function receivePush(
  hub: Hub,
  { repository, caller }: { repository: Repository; caller: ActingCaller },
  { updates, atomic }: IncomingPush,
): Promise<RefVerdict[]> {
  const outcomes = await submitPush(hub, { repository, caller, updates, atomic });
  return updates.map((update, index) => verdictOf(update, outcomes[index] ?? { kind: "lost race" }));
}

function verdictOf({ ref }: RefUpdate, outcome: RefOutcome): RefVerdict {
  switch (outcome.kind) {
    case "updated":
      return { kind: "updated", ref };
    case "lost race":
      return { kind: "refused", ref, reason: "failed to update ref", messages: [] };
    case "declined":
      return { kind: "refused", ref, reason: outcome.reason, messages: [] };
    case "protected": {
      const messages = [
        `error: GH006: Protected branch update failed for ${ref}.`,
        "",
        ...outcome.problems.map((problem) => `- ${problem}`),
      ];
      return { kind: "refused", ref, reason: "protected branch hook declined", messages };
    }
  }
}

/** Whoever shows no credentials is asked for some, so that git can try again with them. */
function notFound(caller: Caller): GitAdmission {
  return caller.kind === "anonymous"
    ? refused(401, "Repository not found.")
    : refused(404, "Repository not found.");
}

function forbidden(hub: Hub, caller: Caller, repository: Repository): GitAdmission {
  if (caller.kind === "anonymous") return refused(401, "No anonymous write access.");
  const who = caller.kind === "app" ? caller.app.slug : caller.account.login;
  return refused(403, `Permission to ${fullName(hub, repository)}.git denied to ${who}.`);
}

function refused(status: 401 | 403 | 404, text: string): GitAdmission {
  return { kind: "refused", status, text };
}
