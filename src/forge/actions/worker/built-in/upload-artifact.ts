import { randomUUID } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

import { zipSync, type Zippable } from "fflate";

import { globFiles, patternLines, searchRoot } from "../glob-files.ts";
import { StepFailure } from "../log-failure.ts";
import type { SavedArtifact } from "../worker-message.ts";
import type { BuiltInAction } from "./built-in-actions.ts";
import { declareInputs } from "./declare-inputs.ts";

/** actions/upload-artifact, version 4 and later: one immutable zip for each name and run. */
export const uploadArtifact: BuiltInAction = {
  inputs: declareInputs({
    name: "artifact",
    path: "",
    "if-no-files-found": "warn",
    "retention-days": "0",
    "compression-level": "6",
    overwrite: "false",
    "include-hidden-files": "false",
    archive: "true",
  }),
  run: async ({ state, outputs }, inputs) => {
    const patterns = patternLines(inputs["path"] ?? "");
    if (patterns.length === 0) throw new StepFailure("Input required and not supplied: path");
    const root = state.directories.workspace;
    const files = globFiles(patterns, { root, hidden: inputs["include-hidden-files"] === "true" });
    if (files.length === 0) return reportNothing(inputs, (line) => state.log.write(line));

    const archive: Zippable = {};
    const base = commonRoot(patterns, files, root);
    for (const file of files) archive[relative(base, file).split(sep).join("/")] = readFileSync(file);
    const level = Math.min(9, Math.max(0, Number(inputs["compression-level"]))) as 0 | 6 | 9;
    const zipFile = join(state.directories.temp, `${randomUUID()}.zip`);
    writeFileSync(zipFile, zipSync(archive, { level }));
    const saved = (await state.forge.ask({
      ask: "save-artifact",
      name: inputs["name"] ?? "",
      zipFile,
      retentionDays: Number(inputs["retention-days"]),
      overwrite: inputs["overwrite"] === "true",
    })) as SavedArtifact;
    outputs["artifact-id"] = String(saved.id);
    outputs["artifact-url"] = saved.url;
    outputs["artifact-digest"] = saved.digest.replace(/^sha256:/, "");
    state.log.write(
      `With the provided path, there will be ${files.length} file${files.length === 1 ? "" : "s"} uploaded`,
    );
    state.log.write(
      `Artifact ${inputs["name"]} has been successfully uploaded! Final size is ${saved.sizeBytes} bytes. Artifact ID is ${saved.id}`,
    );
  },
};

function reportNothing(inputs: Record<string, string>, write: (line: string) => void): void {
  const message = `No files were found with the provided path: ${inputs["path"] ?? ""}. No artifacts will be uploaded.`;
  if (inputs["if-no-files-found"] === "error") throw new StepFailure(message);
  write(inputs["if-no-files-found"] === "ignore" ? message : `##[warning]${message}`);
}

/** Paths in the archive start at what all searches have in common; a single named file stands alone. */
function commonRoot(patterns: string[], files: string[], root: string): string {
  const roots = patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .map((pattern) => searchRoot(pattern, root));
  const [first = root] = roots;
  if (roots.length === 1)
    return files[0] === first && !statSync(first).isDirectory() ? dirname(first) : first;
  const shared = first.split(sep);
  for (const other of roots.slice(1)) {
    const segments = other.split(sep);
    const differs = shared.findIndex((segment, index) => segment !== segments[index]);
    if (differs >= 0) shared.length = differs;
  }
  const common = shared.join(sep) || sep;
  return files.includes(common) ? dirname(common) : common;
}
