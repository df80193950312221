import { readObject, readObjects } from "../../git/read-objects.ts";
import { readTree } from "../../git/read-tree.ts";
import { readRef } from "../../git/read-refs.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Workflow as WorkflowRecord } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { parseWorkflow, type ParsedWorkflow } from "../workflow/parse-workflow.ts";

export interface WorkflowFile {
  path: string;
  parsed: ParsedWorkflow;
}

const directory = ".github/workflows";

/** Reading and parsing takes milliseconds and every event asks anew, so what a tree holds is kept. */
const knownTrees = new Map<string, Promise<WorkflowFile[]>>();
const knownTreesLimit = 200;

/** All workflow files of a commit, parsed. */
export async function readWorkflowFiles(
  hub: Hub,
  repository: Repository,
  commit: string,
): Promise<WorkflowFile[]> {
  const gitDirectory = hub.gitDirectory(repository.id);
  const tree = await readObject(gitDirectory, `${commit}:${directory}`);
  if (tree?.type !== "tree") return [];
  const known = knownTrees.get(tree.oid);
  if (known !== undefined) return known;
  const [oldest] = knownTrees.keys();
  if (oldest !== undefined && knownTrees.size >= knownTreesLimit) knownTrees.delete(oldest);
  const files = parseFiles(gitDirectory, tree.oid);
  knownTrees.set(tree.oid, files);
  files.catch(() => knownTrees.delete(tree.oid));
  return files;
}

async function parseFiles(gitDirectory: string, tree: string): Promise<WorkflowFile[]> {
  const listed = (await readTree(gitDirectory, tree)) ?? [];
  const entries = listed.filter((entry) => entry.type === "blob" && /\.ya?ml$/.test(entry.path));
  const blobs = await readObjects(
    gitDirectory,
    entries.map((entry) => entry.oid),
  );
  return Promise.all(
    entries.map(async (entry, index) => {
      const path = `${directory}/${entry.path}`;
      const text = blobs[index]?.content.toString("utf8") ?? "";
      return { path, parsed: await parseWorkflow(path, text) };
    }),
  );
}

/** The workflow's entry in the repository's list, made when its file is seen for the first time. */
export function registerWorkflow(hub: Hub, repository: Repository, file: WorkflowFile): WorkflowRecord {
  const { path, parsed } = file;
  const name = parsed.ok ? parsed.workflow.name : path;
  return hub.change(() => {
    const known = hub.store.workflows.findOne({ repositoryId: repository.id, path });
    const now = hub.now();
    if (known === undefined) {
      return hub.store.workflows.insert({
        repositoryId: repository.id,
        path,
        name,
        state: "active",
        createdAt: now,
        updatedAt: now,
      });
    }
    if (known.name === name && known.state !== "deleted") return known;
    const state = known.state === "deleted" ? "active" : known.state;
    return hub.store.workflows.update(known.id, { name, state, updatedAt: now });
  });
}

/** Brings the list up to date with the default branch: the only branch whose workflows GitHub lists. */
export async function syncWorkflows(hub: Hub, repository: Repository): Promise<WorkflowRecord[]> {
  const commit = await readRef(hub.gitDirectory(repository.id), `refs/heads/${repository.defaultBranch}`);
  const files = commit === undefined ? [] : await readWorkflowFiles(hub, repository, commit);
  return hub.change(() => {
    const present = files.map((file) => registerWorkflow(hub, repository, file));
    const ids = new Set(present.map((workflow) => workflow.id));
    for (const known of hub.store.workflows.find({ repositoryId: repository.id })) {
      if (ids.has(known.id) || known.state === "deleted") continue;
      hub.store.workflows.update(known.id, { state: "deleted", updatedAt: hub.now() });
    }
    return present;
  });
}
