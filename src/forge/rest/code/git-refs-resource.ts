import type { ForgeContext } from "../../forge-context.ts";
import type { ObjectType } from "../../git/parse-object.ts";
import { NO_OBJECT, readObject } from "../../git/read-objects.ts";
import { isAncestor, listRefs, listRefsStartingWith, readRef, type Ref } from "../../git/read-refs.ts";
import { isRefName } from "../../git/ref-name.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import type { ActingCaller } from "../../hub/caller.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { submitRefUpdate } from "../../hub/push/submit-refs.ts";
import { paginate } from "../paginate.ts";
import { repositoryApiUrl } from "../present/api-url.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import { checkObjectId, readCode, refOutcomeRefusal, writeCode } from "./code-access.ts";

export function registerGitRefsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/git/ref/:ref{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const name = `refs/${c.req.param("ref")}`;
    const [found] = isRefName(name) ? await listRefs(hub.gitDirectory(repository.id), name) : [];
    if (found?.ref !== name) throw notFound();
    return c.json(presentRef(hub, repository, found));
  });

  rest.get("/repos/:owner/:repo/git/matching-refs/:ref{.+}", async (c) => {
    const repository = requireRepository(c, hub, readCode);
    const start = `refs/${c.req.param("ref")}`;
    const found = await listRefsStartingWith(hub.gitDirectory(repository.id), start);
    return c.json(paginate(c, hub, found).map((ref) => presentRef(hub, repository, ref)));
  });

  rest.post("/repos/:owner/:repo/git/refs", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const body = await readBody(c);
    const ref = body.requiredString("ref", "Reference");
    const sha = body.requiredString("sha", "Reference");
    checkNewName(ref);
    checkObjectId(sha);
    const created = await createRef(hub, { repository, caller: actingCaller(c) }, { ref, sha });
    const presented = presentRef(hub, repository, created);
    c.header("location", presented.url);
    return c.json(presented, 201);
  });

  rest.patch("/repos/:owner/:repo/git/refs/:ref{.+}", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const body = await readBody(c);
    const sha = body.requiredString("sha", "Reference");
    const force = body.boolean("force") ?? false;
    checkObjectId(sha);
    const ref = `refs/${c.req.param("ref")}`;
    const moved = await moveRef(hub, { repository, caller: actingCaller(c) }, { ref, sha, force });
    return c.json(presentRef(hub, repository, moved));
  });

  rest.delete("/repos/:owner/:repo/git/refs/:ref{.+}", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const ref = `refs/${c.req.param("ref")}`;
    const before = await requireRef(hub, repository, ref);
    await submit(hub, { repository, caller: actingCaller(c) }, { ref, before, after: NO_OBJECT });
    return c.body(null, 204);
  });
}

interface Writer {
  repository: Repository;
  caller: ActingCaller;
}

async function createRef(hub: Hub, writer: Writer, { ref, sha }: { ref: string; sha: string }): Promise<Ref> {
  const gitDir = hub.gitDirectory(writer.repository.id);
  const type = await requireObjectType(gitDir, sha);
  if ((await readRef(gitDir, ref)) !== undefined) throw new RestRefusal(422, "Reference already exists");
  await submit(hub, writer, { ref, before: NO_OBJECT, after: sha });
  return { ref, oid: sha, type };
}

async function moveRef(
  hub: Hub,
  writer: Writer,
  { ref, sha, force }: { ref: string; sha: string; force: boolean },
): Promise<Ref> {
  const gitDir = hub.gitDirectory(writer.repository.id);
  const before = await requireRef(hub, writer.repository, ref);
  const type = await requireObjectType(gitDir, sha);
  if (!force && !(await isAncestor(gitDir, before, sha))) {
    throw new RestRefusal(422, "Update is not a fast forward");
  }
  if (before !== sha) await submit(hub, writer, { ref, before, after: sha });
  return { ref, oid: sha, type };
}

async function submit(hub: Hub, { repository, caller }: Writer, update: RefUpdate): Promise<void> {
  const outcome = await submitRefUpdate(hub, { repository, caller, update });
  if (outcome.kind !== "updated") throw refOutcomeRefusal(outcome);
}

async function requireRef(hub: Hub, repository: Repository, ref: string): Promise<string> {
  const current = isWritable(ref) ? await readRef(hub.gitDirectory(repository.id), ref) : undefined;
  if (current === undefined) throw new RestRefusal(422, "Reference does not exist");
  return current;
}

async function requireObjectType(gitDir: string, sha: string): Promise<ObjectType> {
  const object = await readObject(gitDir, sha);
  if (object === undefined) throw new RestRefusal(422, "Object does not exist");
  return object.type;
}

function checkNewName(ref: string): void {
  if (!ref.startsWith("refs/")) throw new RestRefusal(422, "Reference name must start with 'refs/'.");
  if (ref.split("/").length < 3) {
    throw new RestRefusal(422, "Reference name must contain at least three slash-separated components.");
  }
  if (!isWritable(ref)) throw new RestRefusal(422, `${ref} is not a valid ref name.`);
}

/** The references of pull requests are the forge's own. */
function isWritable(ref: string): boolean {
  return isRefName(ref) && !ref.startsWith("refs/pull/");
}

function presentRef(hub: Hub, repository: Repository, { ref, oid, type }: Ref) {
  const url = `${repositoryApiUrl(hub, repository)}/git`;
  return {
    ref,
    node_id: nodeId("Ref", `${repository.id}:${ref}`),
    url: `${url}/${ref}`,
    object: { sha: oid, type, url: `${url}/${type}s/${oid}` },
  };
}
