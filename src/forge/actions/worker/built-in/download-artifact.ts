import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { matchesGlob } from "node:path";

import { unzipSync } from "fflate";

import type { StepExecution } from "../job-state.ts";
import { StepFailure } from "../log-failure.ts";
import type { ListedArtifact } from "../worker-message.ts";
import type { BuiltInAction } from "./built-in-actions.ts";
import { declareInputs } from "./declare-inputs.ts";

/** actions/download-artifact, version 4 and later: from this run, or over REST from another. */
export const downloadArtifact: BuiltInAction = {
  inputs: declareInputs({
    name: "",
    "artifact-ids": "",
    path: "",
    pattern: "",
    "merge-multiple": "false",
    "github-token": "",
    repository: "${{ github.repository }}",
    "run-id": "${{ github.run_id }}",
    "skip-decompress": "false",
    "digest-mismatch": "error",
  }),
  run: async (execution, inputs) => {
    const { state, outputs } = execution;
    const source = inputs["github-token"] ? restSource(execution, inputs) : runSource(execution);
    const chosen = choose(await source.list(), inputs);
    const target = resolve(state.directories.workspace, inputs["path"] ?? "");
    const together = inputs["name"] !== "" || inputs["merge-multiple"] === "true";
    for (const artifact of chosen) {
      const directory = together ? target : join(target, artifact.name);
      extract(await source.read(artifact), directory);
      state.log.write(`Artifact ${artifact.name} (ID: ${artifact.id}) downloaded to ${directory}`);
    }
    state.log.write(`Total of ${chosen.length} artifact(s) downloaded`);
    outputs["download-path"] = target;
  },
};

type Artifact = Pick<ListedArtifact, "id" | "name">;

interface ArtifactSource {
  list: () => Promise<Artifact[]>;
  read: (artifact: Artifact) => Promise<Uint8Array>;
}

function choose(artifacts: Artifact[], inputs: Record<string, string>): Artifact[] {
  const { name, pattern } = inputs;
  const ids = (inputs["artifact-ids"] ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length > 0) return artifacts.filter((artifact) => ids.includes(String(artifact.id)));
  if (name) {
    const named = artifacts.filter((artifact) => artifact.name === name);
    if (named.length === 0)
      throw new StepFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
    return named.slice(-1);
  }
  return pattern ? artifacts.filter((artifact) => matchesGlob(artifact.name, pattern)) : artifacts;
}

function runSource({ state }: StepExecution): ArtifactSource {
  const files = new Map<number, string>();
  return {
    list: async () => {
      const listed = (await state.forge.ask({ ask: "list-artifacts" })) as ListedArtifact[];
      for (const artifact of listed) files.set(artifact.id, artifact.zipFile);
      return listed;
    },
    read: async ({ id }) => readFileSync(files.get(id) ?? ""),
  };
}

function restSource({ state }: StepExecution, inputs: Record<string, string>): ArtifactSource {
  const base = `${String(state.assignment.contexts.github["api_url"])}/repos/${inputs["repository"] ?? ""}/actions`;
  const get = async (path: string): Promise<Response> => {
    const authorization = `Bearer ${inputs["github-token"] ?? ""}`;
    const response = await fetch(`${base}${path}`, {
      headers: { authorization, accept: "application/json" },
    });
    if (!response.ok)
      throw new StepFailure(`Unable to download artifact(s): ${path} answered ${response.status}`);
    return response;
  };
  return {
    list: async () => {
      const response = await get(`/runs/${inputs["run-id"] ?? ""}/artifacts?per_page=100`);
      return ((await response.json()) as { artifacts: Artifact[] }).artifacts;
    },
    read: async ({ id }) => new Uint8Array(await (await get(`/artifacts/${id}/zip`)).arrayBuffer()),
  };
}

function extract(zip: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const file = resolve(directory, name);
    if (relative(directory, file).startsWith(".."))
      throw new StepFailure(`The artifact's entry ${name} leads out of it`);
    if (name.endsWith("/")) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
