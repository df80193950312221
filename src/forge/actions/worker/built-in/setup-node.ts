import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

import type { StepExecution } from "../job-state.ts";
import { StepFailure } from "../log-failure.ts";
import type { BuiltInAction } from "./built-in-actions.ts";
import { declareInputs, refuseInputs } from "./declare-inputs.ts";

const harmless = {
  "registry-url": "",
  scope: "",
  mirror: "",
  "mirror-token": "",
  architecture: process.arch,
};

/** actions/setup-node: links a Node that the machine has already; nothing is downloaded. */
export const setupNode: BuiltInAction = {
  inputs: declareInputs({
    ...harmless,
    "node-version": "",
    "node-version-file": "",
    "always-auth": "false",
    "check-latest": "false",
    cache: "",
    "package-manager-cache": "true",
    "cache-dependency-path": "",
    token: "",
  }),
  run: async (execution, inputs) => {
    refuseInputs("actions/setup-node", inputs, harmless);
    const { state, outputs } = execution;
    const wanted = inputs["node-version"] || versionFromFile(execution, inputs["node-version-file"] ?? "");
    const node = findNode(wanted, state.assignment.baseEnvironment["PATH"] ?? "");
    if (node === null) {
      throw new StepFailure(
        `The forge cannot give Node '${wanted}': it runs on ${process.version} and finds no other that fits on this machine.`,
      );
    }
    const bin = linkNode(
      node,
      join(state.directories.toolCache, "node", node.version.slice(1), process.arch, "bin"),
    );
    state.paths.unshift(bin);
    outputs["node-version"] = node.version;
    outputs["cache-hit"] = "false";
    const origin = node.path === process.execPath ? "the Node that runs the forge" : node.path;
    state.log.write(`Using ${origin}, ${node.version}, for '${wanted || "any version"}'.`);
    if (inputs["cache"])
      state.log.write(`##[warning]The forge has no cache; '${inputs["cache"]}' is not cached.`);
  },
};

interface InstalledNode {
  path: string;
  /** With its `v`. */
  version: string;
}

function findNode(wanted: string, path: string): InstalledNode | null {
  const own = { path: process.execPath, version: process.version };
  if (satisfies(own.version, wanted)) return own;
  for (const directory of path.split(delimiter)) {
    const candidate = join(directory, "node");
    if (!existsSync(candidate)) continue;
    const version = execFileSync(candidate, ["--version"], { encoding: "utf8", env: {} }).trim();
    if (satisfies(version, wanted)) return { path: candidate, version };
  }
  return null;
}

/**
 * Majors decide: a workflow that pins `24.3.0` gets the 24 that is there. `lts/*`, `latest` and names of release
 * lines are whatever Node there is.
 */
function satisfies(version: string, wanted: string): boolean {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  const alternatives = wanted.split("||").map((part) => part.trim());
  return alternatives.some((part) => {
    const [, operator = "", number] = /^(>=|>|\^|~|=)?\s*v?(\d+)/.exec(part) ?? [];
    if (number === undefined) return true;
    return operator === ">=" || operator === ">" ? major >= Number(number) : major === Number(number);
  });
}

function versionFromFile({ state }: StepExecution, file: string): string {
  if (file === "") return "";
  const path = resolve(state.directories.workspace, file);
  if (!existsSync(path)) throw new StepFailure(`The specified node version file at: ${path} does not exist`);
  const text = readFileSync(path, "utf8");
  if (!file.endsWith("package.json")) return text.trim();
  const manifest = JSON.parse(text) as { engines?: { node?: string }; volta?: { node?: string } };
  return manifest.volta?.node ?? manifest.engines?.node ?? "";
}

/** npm and npx come along where they are installed beside Node; otherwise those on PATH run under it. */
function linkNode(node: InstalledNode, bin: string): string {
  mkdirSync(bin, { recursive: true });
  for (const name of ["node", "npm", "npx", "corepack"]) {
    const source = name === "node" ? node.path : join(dirname(node.path), name);
    if (!existsSync(source)) continue;
    rmSync(join(bin, name), { force: true });
    symlinkSync(source, join(bin, name));
  }
  return bin;
}
