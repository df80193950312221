import { getCookie } from "hono/cookie";
import type { ForgeRequest } from "../../forge-context.ts";
import type { Caller } from "../../hub/caller.ts";
import type { Account } from "../../hub/entity/account.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findRepository, fullName } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { checkAccess, type AccessRequest } from "../../hub/repository-access.ts";
import type { Draft } from "./message-store.ts";

/** One request for a page or by a form, with what reading needs. */
export interface Visit {
  hub: Hub;
  request: ForgeRequest;
  /** Whom the visitor acts as; null before the forge has users. */
  actor: Account | null;
  nowMs: number;
  /** What was typed into the form whose refusal led here. */
  draft: Draft | null;
}

export interface RepositoryVisit extends Visit {
  repository: Repository;
  /** `owner/name`. */
  fullName: string;
  /** Bare repository on disk. */
  gitDir: string;
}

/** Cookies are shared between ports, so each forge has its own. */
export function actorCookie(hub: Hub): string {
  return `forge_actor_${new URL(hub.url).port}`;
}

/** Whom a visitor may act as: every user but the one in whose name the forge itself commits. */
export function listPeople(hub: Hub): Account[] {
  return hub.store.accounts.find({ type: "User" }, { filter: ({ login }) => login !== "web-flow" });
}

/** Without a choice the visitor acts as the forge's first user. */
export function findActor(hub: Hub, request: ForgeRequest): Account | null {
  const people = listPeople(hub);
  const chosen = getCookie(request, actorCookie(hub));
  return people.find((person) => person.login === chosen) ?? people[0] ?? null;
}

/** Adds the repository in the address, or answers null where there is none that the visitor may see. */
export function enterRepository(visit: Visit): RepositoryVisit | null {
  const { hub, request } = visit;
  const repository = findRepository(hub, request.req.param("owner") ?? "", request.req.param("repo") ?? "");
  if (!repository || !maySee(visit, repository)) return null;
  const gitDir = hub.gitDirectory(repository.id);
  return { ...visit, repository, fullName: fullName(hub, repository), gitDir };
}

/** Whether the visitor would be allowed something, so that pages need not offer what would be refused. */
export function mayDo(visit: RepositoryVisit, request: AccessRequest): boolean {
  const caller = callerOf(visit.actor);
  return checkAccess(visit.hub, { caller, repository: visit.repository, request }) === "granted";
}

export function maySee({ hub, actor }: Visit, repository: Repository): boolean {
  const request = { permission: "metadata", access: "read" } as const;
  return checkAccess(hub, { caller: callerOf(actor), repository, request }) === "granted";
}

function callerOf(actor: Account | null): Caller {
  return actor ? { kind: "user", account: actor, token: null } : { kind: "anonymous" };
}

/** What a field of a form shall hold: what was typed before a refusal, else `fallback`. */
export function fieldValue(
  visit: Visit,
  { action, name }: { action: string; name: string },
  fallback = "",
): string {
  return visit.draft?.action === action ? (visit.draft.fields[name] ?? fallback) : fallback;
}
