import type { PinnedHarness } from "../../../contract/harness/harness-pins.ts";
import { DEFAULT_CONFIG_TEXT } from "../../../contract/repository-config/default-config.ts";

/** Which agent program the policy names. */
export type HarnessWish =
  | { readonly use: PinnedHarness; readonly model?: string; readonly version?: string }
  | { readonly use: "acp"; readonly run: readonly string[]; readonly model?: string }
  | { readonly use: "command"; readonly run: readonly string[] | null; readonly model?: string }
  | { readonly use: "recording"; readonly file: string };

const DEFAULT_RUN = '["node", "tools/agent.mjs"]';
const DEFAULT_HARNESS = /^ {2}use: command\n {2}run: .*\n {2}# model: null\n/m;

/** The commented policy with the harness that was asked for. */
export function renderPolicy(harness: HarnessWish): string {
  if (!DEFAULT_HARNESS.test(DEFAULT_CONFIG_TEXT))
    throw new Error("The default policy names its harness otherwise now.");
  return DEFAULT_CONFIG_TEXT.replace(DEFAULT_HARNESS, () => renderHarness(harness));
}

/** The lines below the key `harness`. */
export function renderHarness(harness: HarnessWish): string {
  const use = `  use: ${harness.use}\n`;
  if (harness.use === "recording") return `${use}  file: ${JSON.stringify(harness.file)}\n  # model: null\n`;
  const { model: asked } = harness;
  const model = asked === undefined ? "  # model: null\n" : `  model: ${JSON.stringify(asked)}\n`;
  if (!("run" in harness)) {
    const { version: wanted } = harness;
    const version = wanted === undefined ? "  # version: null\n" : `  version: ${JSON.stringify(wanted)}\n`;
    return `${use}${model}${version}`;
  }
  return `${use}  run: ${harness.run === null ? DEFAULT_RUN : listOf(harness.run)}\n${model}`;
}

function listOf(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
