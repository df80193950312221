import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { HARNESS_PINS, isPinned, type ModelProtocol } from "../../contract/harness/harness-pins.ts";
import { MODEL_VARIABLES } from "../../contract/harness/model-variables.ts";
import { baseEnvironment } from "../../forge/actions/engine/job-environment.ts";
import { findKnownAgent } from "../../runner/harness/acp/find-known-agent.ts";
import { findOwnCli } from "../../runner/harness/install-cli.ts";
import { systemTimers } from "../../runner/timers.ts";
import type { HarnessWish } from "../../surfaces/cli/init/render-policy.ts";
import type { LocalHarness } from "./target.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The agent as the policy names it: a program that Baton would fetch is the one that is installed here, and that the
 * forge's jobs find.
 */
export async function wishOf(harness: LocalHarness): Promise<Result<HarnessWish, string>> {
  if (harness.use === "recording") return ok(harness);
  const { model, ...rest } = harness;
  const asked = model === null ? {} : { model };
  if ("run" in rest) return ok({ ...rest, ...asked });
  const { program, package: name, version } = HARNESS_PINS[rest.use];
  const own = await findInstalled(program);
  const install = `"npm install --global ${name}@${version}" puts the version there that Baton was tested with.`;
  if (own === null) return err(`The program ${program} is not on this machine: ${install}`);
  if (own.version === null) return err(`${own.path} does not say its version: ${install}`);
  return ok({ ...rest, ...asked, version: own.version });
}

/** A program may write into its home when it is asked for its version: it gets one of its own. */
async function findInstalled(program: string): ReturnType<typeof findOwnCli> {
  const directory = await mkdtemp(join(tmpdir(), "baton-version-"));
  try {
    const { signal } = new AbortController();
    const machine = { directory, env: baseEnvironment({}), stop: signal, timers: systemTimers };
    return await findOwnCli({ ...machine, emit: () => undefined }, program);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The variables of the terminal by which the agent's model is reached, for its step of the workflow. */
export function modelNamesOf(harness: LocalHarness | null): readonly string[] {
  return protocolsOf(harness).flatMap((protocol) => {
    const { keys, address } = MODEL_VARIABLES[protocol];
    return [...keys.map(({ name }) => name), address];
  });
}

/** Those of them that are set; what is missing is one sentence with a remedy. */
export function readModelVariables(
  harness: LocalHarness | null,
  env: Environment,
): Result<ReadonlyMap<string, string>, string> {
  const protocols = protocolsOf(harness);
  const set = modelNamesOf(harness).flatMap((name): [string, string][] => {
    const value = (env[name] ?? "").trim();
    return value === "" ? [] : [[name, value]];
  });
  const found = new Map(set);
  const keys = protocols.flatMap((protocol) => MODEL_VARIABLES[protocol].keys.map(({ name }) => name));
  if (harness === null || keys.length === 0) return ok(found);
  if (!keys.some((name) => found.has(name))) {
    return err(
      `--harness ${harness.use} asks a model, and this terminal has no key for it: set ${keys.join(" or ")}.`,
    );
  }
  const [protocol] = protocols;
  const lacking = protocols.length === 1 && protocol !== undefined ? MODEL_VARIABLES[protocol] : null;
  if (lacking?.defaultAddress === null && !found.has(lacking.address)) {
    return err(
      `--harness ${harness.use} does not know where its model is: set ${lacking.address} in this terminal.`,
    );
  }
  return ok(found);
}

/** What the harness may speak with its model; none where it finds its model by itself. */
function protocolsOf(harness: LocalHarness | null): readonly ModelProtocol[] {
  if (harness === null) return [];
  if (isPinned(harness.use)) return [HARNESS_PINS[harness.use].protocol];
  if (harness.use !== "acp") return [];
  const known = findKnownAgent({ run: "run" in harness ? harness.run : [] });
  return known === null
    ? ["chat-completions", "anthropic", "responses", "gemini"]
    : [HARNESS_PINS[known].protocol];
}
