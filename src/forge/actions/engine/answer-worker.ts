import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { resolveCommit } from "../../git/resolve-revision.ts";
import { runGit } from "../../git/run-git.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Artifact, WorkflowRun } from "../../hub/entity/workflow.ts";
import { findRepository, fullName } from "../../hub/find-repository.ts";
import { timestamp } from "../../hub/timestamp.ts";
import type { ForgeQuestion, ListedArtifact, SavedArtifact } from "../worker/worker-message.ts";
import type { EngineServices } from "./engine-services.ts";
import { retentionDays } from "./run-context.ts";

/** Answers what a job's worker asks of the forge. Refusals are thrown; their message is for the step's log. */
export function answerWorker(
  services: EngineServices,
  run: WorkflowRun,
  question: ForgeQuestion,
): Promise<SavedArtifact | ListedArtifact[] | null> {
  switch (question.ask) {
    case "place-action":
      return placeAction(services, run, question);
    case "save-artifact":
      return saveArtifact(services, run, question);
    case "list-artifacts":
      return Promise.resolve(listArtifacts(services, run));
  }
}

type Question<K extends ForgeQuestion["ask"]> = Extract<ForgeQuestion, { ask: K }>;

/** Writes the files of an action's repository at a reference into a directory. */
async function placeAction(
  { hub }: EngineServices,
  run: WorkflowRun,
  { repository: name, ref, directory }: Question<"place-action">,
): Promise<null> {
  const [owner = "", repositoryName = ""] = name.split("/");
  const repository = findRepository(hub, owner, repositoryName);
  const own = hub.store.repositories.require(run.repositoryId);
  if (repository === undefined || !mayUse(repository, own)) {
    throw new Error(
      `Unable to resolve action ${name}@${ref}, repository not found. The forge has only its own repositories; it can carry out actions/checkout, setup-node, upload-artifact and download-artifact itself.`,
    );
  }
  const gitDirectory = hub.gitDirectory(repository.id);
  const commit = await resolveCommit(gitDirectory, ref);
  if (commit === undefined)
    throw new Error(`Unable to resolve action ${name}@${ref}, unable to find version ${ref}`);
  await mkdir(directory, { recursive: true });
  const env = { GIT_INDEX_FILE: join(dirname(directory), `.index-${commit}`), GIT_WORK_TREE: directory };
  await runGit(gitDirectory, ["read-tree", commit], { env });
  await runGit(gitDirectory, ["checkout-index", "--all", "--force", `--prefix=${directory}/`], { env });
  await rm(env.GIT_INDEX_FILE, { force: true });
  return null;
}

/** A private action serves the repositories of its owner, as where GitHub's access setting allows it. */
function mayUse(repository: Repository, by: Repository): boolean {
  return !repository.private || repository.ownerId === by.ownerId;
}

async function saveArtifact(
  { hub, files }: EngineServices,
  run: WorkflowRun,
  { name, zipFile, retentionDays: wanted, overwrite }: Question<"save-artifact">,
): Promise<SavedArtifact> {
  const problem = nameProblem(name);
  if (problem !== null) throw new Error(problem);
  const same = artifactsOf(hub.store.artifacts.find({ runId: run.id, name }), run);
  if (same.length > 0 && !overwrite) {
    throw new Error(
      "Failed to CreateArtifact: Received non-retryable error: (409) Conflict: an artifact with this name already exists on the workflow run",
    );
  }
  const content = await readFile(zipFile);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const days = wanted > 0 ? Math.min(wanted, retentionDays) : retentionDays;
  const artifact = hub.change(() => {
    for (const replaced of same) hub.store.artifacts.delete(replaced.id);
    return hub.store.artifacts.insert({
      repositoryId: run.repositoryId,
      runId: run.id,
      name,
      sizeBytes: content.length,
      digest,
      createdAt: hub.now(),
      updatedAt: hub.now(),
      expiresAt: timestamp(new Date(hub.date().getTime() + days * 86_400_000)),
    });
  });
  await mkdir(dirname(files.artifact(artifact.id)), { recursive: true });
  await rename(zipFile, files.artifact(artifact.id));
  const repository = fullName(hub, hub.store.repositories.require(run.repositoryId));
  const url = `${hub.url}/${repository}/actions/runs/${run.id}/artifacts/${artifact.id}`;
  return { id: artifact.id, url, digest, sizeBytes: content.length };
}

/** Characters that GitHub refuses, since artifacts become files on every system. */
function nameProblem(name: string): string | null {
  if (name === "") return "Artifact name input `name` is required";
  const invalid = /["<>:|*?\r\n\\/]/.exec(name)?.[0];
  if (invalid === undefined) return null;
  return `The artifact name is not valid: ${name}. Contains the following character: ${JSON.stringify(invalid)}`;
}

function listArtifacts({ hub, files }: EngineServices, run: WorkflowRun): ListedArtifact[] {
  return hub.store.artifacts
    .find({ runId: run.id })
    .map(({ id, name, digest }) => ({ id, name, digest, zipFile: files.artifact(id) }));
}

/** A new attempt may use the names of an earlier one again. */
function artifactsOf(artifacts: Artifact[], run: WorkflowRun): Artifact[] {
  return artifacts.filter((artifact) => artifact.createdAt >= run.runStartedAt);
}
