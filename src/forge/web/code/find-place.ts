import { listRefs } from "../../git/read-refs.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import { addressTail, splitReference } from "./code-path.ts";

/** A commit of a repository and a path in it. */
export interface Place {
  /** Branch, tag or commit id, as the address says it. */
  reference: string;
  sha: string;
  /** Empty for the root. */
  path: string;
}

/** The place that `/owner/name/<page>/<reference>/<path>` names; null when there is no such commit. */
export async function findPlace(visit: RepositoryVisit): Promise<Place | null> {
  const tail = addressTail(visit.request.req.url);
  if (tail === null || tail === "") return null;
  const names = (await listRefs(visit.gitDir, "refs/")).flatMap(({ ref }) => {
    const match = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  const { reference, path } = splitReference(tail, names);
  const sha = await resolveCommit(visit.gitDir, reference);
  return sha === undefined ? null : { reference, sha, path };
}

export async function listBranches(visit: RepositoryVisit): Promise<{ name: string; sha: string }[]> {
  const refs = await listRefs(visit.gitDir, "refs/heads/");
  return refs.map(({ ref, oid }) => ({ name: ref.slice("refs/heads/".length), sha: oid }));
}
