import { DEFAULT_CONFIG_TEXT } from "../../../contract/repository-config/default-config.ts";

/** Which agent program the policy names. */
export type HarnessWish =
  | { readonly use: "command"; readonly run: readonly string[] | null }
  | { readonly use: "recording"; readonly file: string };

const DEFAULT_HARNESS = /^ {2}use: command\n {2}run: .*\n/m;

/** The commented policy with the harness that was asked for. */
export function renderPolicy(harness: HarnessWish): string {
  if (!DEFAULT_HARNESS.test(DEFAULT_CONFIG_TEXT))
    throw new Error("The default policy names its harness otherwise now.");
  if (harness.use === "recording") {
    return replaceHarness(`  use: recording\n  file: ${JSON.stringify(harness.file)}\n`);
  }
  if (harness.run === null) return DEFAULT_CONFIG_TEXT;
  const words = harness.run.map((word) => JSON.stringify(word)).join(", ");
  return replaceHarness(`  use: command\n  run: [${words}]\n`);
}

function replaceHarness(lines: string): string {
  return DEFAULT_CONFIG_TEXT.replace(DEFAULT_HARNESS, () => lines);
}
