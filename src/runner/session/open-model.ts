import { rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import { findPrices } from "../../contract/cost/price-table.ts";
import { HARNESS_PINS, isPinned, type ModelProtocol } from "../../contract/harness/harness-pins.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import { findKnownAgent } from "../harness/acp/find-known-agent.ts";
import type { ModelAccess } from "../harness/harness.ts";
import type { Job } from "../job.ts";
import { makeShortFolder } from "../make-short-folder.ts";
import { describeDollars } from "../model-proxy/describe-dollars.ts";
import {
  findModelUpstream,
  hasModelKey,
  MODEL_KEY_NAMES,
  type ModelUpstream,
} from "../model-proxy/model-upstream.ts";
import { isFamily, plainModel } from "../model-proxy/permits-model.ts";
import { startModelProxy } from "../model-proxy/start-model-proxy.ts";
import type { WireUsage } from "../model-proxy/usage-meter.ts";

/** The model of one attempt, behind a proxy that holds its key. */
export type OpenModel = {
  readonly access: ModelAccess;
  /** The same as at `access.baseUrl`, for a session with a network of its own. */
  readonly socketPath: string;
  /** Aborted when the program goes on although the budget has been used up for a while. */
  readonly overspent: AbortSignal;
  /** Nothing is asked any more, and all that was is counted. */
  readonly close: () => Promise<ClosedModel>;
};

export type ClosedModel = {
  readonly wire: WireUsage;
  /** The sentence by which the budget ended what could be asked. */
  readonly limit: string | null;
};

/** A program that is told that the budget is used up prints its result and ends; this much time it has for that. */
const OVERSPENT_GRACE_MS = 60_000;

/**
 * Opens the way to the model for a harness that talks to one by itself; null for the others. What is missing is one
 * sentence with a remedy.
 */
export async function openModel(
  job: Pick<Job, "env" | "host" | "passEnv" | "redactor" | "timers">,
  given: {
    readonly briefing: Pick<Briefing, "harness" | "limits">;
    readonly stop: AbortSignal;
    readonly emit: (event: SessionEvent) => void;
  },
): Promise<Result<OpenModel | null, string>> {
  const { harness, limits } = given.briefing;
  const protocol = protocolOf(harness, job.env);
  if (protocol === null) return ok(null);
  const upstream = findModelUpstream(protocol, job.env);
  if (!upstream.ok) return upstream;
  const problem =
    findPassedKey(job, harness.name, upstream.value) ?? judgeBudget(harness.model, limits.budgetMicroUsd);
  if (problem !== null) return err(problem);
  job.host.maskSecret(upstream.value.key);
  job.redactor.add(upstream.value.key);
  return ok(await startModel(job, { ...given, upstream: upstream.value }));
}

async function startModel(
  job: Pick<Job, "env" | "timers">,
  given: Parameters<typeof openModel>[1] & { readonly upstream: ModelUpstream },
): Promise<OpenModel> {
  const { briefing, stop, emit, upstream } = given;
  const { model } = briefing.harness;
  const overspent = new AbortController();
  const closing = new AbortController();
  let limit: string | null = null;

  function onLimit(sentence: string): void {
    limit = sentence;
    emit({ type: "notice", level: "error", text: sentence });
    job.timers.sleep(OVERSPENT_GRACE_MS, closing.signal).then(
      () => {
        overspent.abort();
      },
      // The program ended first.
      () => undefined,
    );
  }

  const directory = await makeShortFolder("baton-model-");
  const socketPath = join(directory, "model.sock");
  const proxy = await startModelProxy({
    upstream,
    limits: { models: model === null ? null : [model], budgetMicroUsd: briefing.limits.budgetMicroUsd },
    socketPath,
    env: job.env,
    onLimit,
    onNotice: (text) => {
      emit({ type: "notice", level: "warning", text });
    },
  });
  const cutOff = (): void => void proxy.stop();
  stop.addEventListener("abort", cutOff, { once: true });
  if (stop.aborted) cutOff();
  return {
    access: { protocol: upstream.protocol, baseUrl: proxy.baseUrl, key: proxy.key, model },
    socketPath,
    overspent: overspent.signal,
    close: async () => {
      stop.removeEventListener("abort", cutOff);
      closing.abort();
      await proxy.stop();
      await rm(directory, { recursive: true, force: true });
      return { wire: proxy.usage(), limit };
    },
  };
}

/** Null for a harness that finds its model by itself, with what `pass-env` gives it. */
function protocolOf({ name, settings }: Briefing["harness"], env: Job["env"]): ModelProtocol | null {
  if (isPinned(name)) return HARNESS_PINS[name].protocol;
  if (name !== "acp") return null;
  const known = findKnownAgent(settings);
  if (known !== null) return HARNESS_PINS[known].protocol;
  // Of any other program one knows only what its job has a key for.
  return PROTOCOLS_BY_KEY.find((protocol) => hasModelKey(protocol, env)) ?? null;
}

const PROTOCOLS_BY_KEY = ["chat-completions", "anthropic", "responses", "gemini"] as const;

/** By its name, or by its value under another one. */
function findPassedKey(
  { passEnv, env }: Pick<Job, "passEnv" | "env">,
  harness: string,
  upstream: ModelUpstream,
): string | null {
  const passed = passEnv.find((name) => MODEL_KEY_NAMES.has(name) || env[name]?.trim() === upstream.key);
  if (passed === undefined) return null;
  return (
    `The input "pass-env" names ${passed}, which holds a model's key: Baton gives ${harness} a key of the attempt's ` +
    `own instead, so take the name out of the list.`
  );
}

function judgeBudget(model: string | null, budgetMicroUsd: number | null): string | null {
  if (budgetMicroUsd === null || model === null || isFamily(model)) return null;
  if (findPrices(plainModel(model)) !== null) return null;
  return (
    `The budget of ${describeDollars(budgetMicroUsd)} cannot be kept with the model ${model}, which is not in the ` +
    `price table: name another model in the policy, or take the budget out of it.`
  );
}
