/** Why something failed, in one sentence: what git said where it was git, and the first cause elsewhere. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("stderr" in error && typeof error.stderr === "string") {
    const said = error.stderr.trim().split("\n");
    const fatal = said.find((line) => /^(?:fatal|error|remote):/.test(line)) ?? said.at(-1) ?? "";
    if (fatal !== "") return fatal;
  }
  return error.cause === undefined ? error.message : explainFailure(error.cause);
}
