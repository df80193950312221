import { dirname } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import { HARNESS_PINS } from "../../../contract/harness/harness-pins.ts";
import { geminiEnvironment, geminiFiles, READ_FROM_CHECKOUT } from "../gemini/gemini.ts";
import type { PreparedCli } from "../cli-adapter.ts";
import type { HarnessSession, ModelAccess } from "../harness.ts";
import { findKnownAgent, type KnownAgent } from "./find-known-agent.ts";
import { EXECUTED_FROM_CHECKOUT, opencodeEnvironment, opencodeFiles } from "../opencode/opencode.ts";
import { watchOpencode } from "./watch-opencode.ts";
import type { Watch } from "./watch.ts";

/** How an agent's program is called; without a version where it is not one that Baton pins. */
export type PreparedAgent = Pick<PreparedCli, "argv" | "env" | "files"> & {
  readonly setAside: readonly string[];
  readonly version: string | null;
  /** Whether it should read files by way of its client. */
  readonly isGivenFiles: boolean;
  /** Reads what it prints as errors, of an agent that tells there alone of requests that failed. */
  readonly watch: Watch | null;
};

/** Sets up an agent that the policy names by its program; the problem is one sentence with a remedy. */
export async function prepareAgent(
  session: HarnessSession,
  [program, ...args]: readonly [string, ...string[]],
): Promise<Result<PreparedAgent, string>> {
  const name = findKnownAgent(session.briefing.harness.settings);
  if (name === null) {
    const env = session.model === null ? {} : environmentOf(session.model);
    return ok({
      argv: [program, ...args],
      env,
      files: {},
      setAside: [],
      version: null,
      isGivenFiles: true,
      watch: null,
    });
  }
  const pin = HARNESS_PINS[name];
  const version = session.briefing.harness.version ?? pin.version;
  const installed = await session.installCli({ package: pin.package, program, version });
  if (!installed.ok) return installed;
  const { model } = session;
  if (model === null) return err(`${program} has no model to talk to: give the agent job's step its key.`);
  if (model.protocol !== pin.protocol) {
    return err(
      `${program} speaks ${pin.protocol} with its model, and the job's key is for ${model.protocol}.`,
    );
  }
  const prepared = await PREPARE[name](session, model);
  if (!prepared.ok) return prepared;
  const { more, ...known } = prepared.value;
  return ok({ ...known, argv: [installed.value, ...args, ...more], version });
}

type Prepared = Pick<PreparedAgent, "env" | "files" | "setAside" | "isGivenFiles" | "watch"> & {
  readonly more: readonly string[];
};

const PREPARE: {
  readonly [Name in KnownAgent]: (
    session: HarnessSession,
    model: ModelAccess,
  ) => Promise<Result<Prepared, string>>;
} = {
  gemini: async (session, model) =>
    ok({
      env: geminiEnvironment(model),
      files: await geminiFiles(withAllTools(session)),
      setAside: READ_FROM_CHECKOUT,
      // It takes a file that is not there for one that cannot be read, and makes no new one.
      isGivenFiles: false,
      watch: null,
      more: [
        "--skip-trust",
        ...["--include-directories", dirname(session.resultFile)],
        ...(model.model === null ? [] : ["--model", model.model]),
      ],
    }),
  opencode: async (session, model) =>
    model.model === null
      ? err("opencode needs a model: name one in the policy.")
      : ok({
          env: opencodeEnvironment(session, model, model.model),
          files: await opencodeFiles(session),
          setAside: EXECUTED_FROM_CHECKOUT,
          isGivenFiles: true,
          watch: watchOpencode(),
          // Its log tells when it asks.
          more: ["--print-logs", "--log-level", "INFO"],
        }),
};

/** It asks its client for each tool, and is answered by the role. */
function withAllTools(session: HarnessSession): HarnessSession {
  const { briefing } = session;
  return { ...session, briefing: { ...briefing, role: { ...briefing.role, tools: [] } } };
}

/** The variables that programs of this kind look for. */
function environmentOf({ protocol, baseUrl, key }: ModelAccess): Record<string, string> {
  switch (protocol) {
    case "anthropic":
      return { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: baseUrl };
    case "gemini":
      return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: baseUrl };
    case "responses":
    case "chat-completions":
      return { OPENAI_API_KEY: key, OPENAI_BASE_URL: `${baseUrl}/v1` };
  }
}
