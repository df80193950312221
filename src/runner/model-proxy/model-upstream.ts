import type { ModelProtocol } from "../../contract/harness/harness-pins.ts";
import { MODEL_VARIABLES, type ModelVariables } from "../../contract/harness/model-variables.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { KeyKind } from "./wire-protocol.ts";

/** Where a model is asked in truth, and with what. */
export type ModelUpstream = {
  readonly protocol: ModelProtocol;
  readonly baseUrl: URL;
  readonly key: string;
  readonly keyKind: KeyKind;
};

/** Variables of the job that hold models' keys: an agent behind the proxy gets none of them. */
export const MODEL_KEY_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(MODEL_VARIABLES).flatMap(({ keys }) => keys.map(({ name }) => name)),
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CODEX_API_KEY",
  "GOOGLE_API_KEY",
]);

export function hasModelKey(
  protocol: ModelProtocol,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return findKey(protocol, env) !== null;
}

function findKey(
  protocol: ModelProtocol,
  env: Readonly<Record<string, string | undefined>>,
): ModelVariables["keys"][number] | null {
  return MODEL_VARIABLES[protocol].keys.find(({ name }) => (env[name] ?? "").trim() !== "") ?? null;
}

/** The upstream that the job's variables name; the problem is one sentence with what to set. */
export function findModelUpstream(
  protocol: ModelProtocol,
  env: Readonly<Record<string, string | undefined>>,
): Result<ModelUpstream, string> {
  const { keys, address, defaultAddress } = MODEL_VARIABLES[protocol];
  const found = findKey(protocol, env);
  if (found === null) {
    return err(
      `The job has no key for the model: give the step of the agent job ${keys[0]?.name ?? ""} from a secret.`,
    );
  }
  const key = (env[found.name] ?? "").trim();
  if (!/^[\x21-\x7e]+$/.test(key)) return err(`${found.name} holds something that can be no key.`);
  const given = (env[address] ?? "").trim();
  const text = given === "" ? defaultAddress : given;
  if (text === null)
    return err(`The job does not say where the model is: give the agent job's step ${address}.`);
  const baseUrl = readAddress(text);
  if (baseUrl === null) {
    return err(`${address} must be a plain http or https address, without credentials, query or fragment.`);
  }
  return ok({ protocol, baseUrl, key, keyKind: found.kind });
}

function readAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return null;
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return isPlain ? url : null;
}
