/** Why an agent's session failed, as far as the agent's program or its model's provider says it. */
export const ERROR_CLASSES = [
  "auth",
  "billing",
  "rate_limit",
  "overloaded",
  "server",
  "context",
  "model_not_found",
  "network",
  "sandbox",
  "config",
  "budget",
  "turns",
  "unknown",
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** The model's provider is to blame, and its failure goes away by itself: no try of the task's own is used up. */
export function isOutage(errorClass: ErrorClass | null): boolean {
  return errorClass !== null && OUTAGES.has(errorClass);
}

const OUTAGES: ReadonlySet<ErrorClass> = new Set(["rate_limit", "overloaded", "server", "network"]);

/** What no other try would mend: a person has to, and this says how where the failure's own words do not. */
export function remedyOf(errorClass: ErrorClass | null): string | null {
  return errorClass === null ? null : (REMEDIES[errorClass] ?? null);
}

/** What a person is asked for, where the failure's class has a remedy. */
export function blockedBy(errorClass: ErrorClass | null): "budget" | "exhausted" | "policy" {
  if (errorClass === "budget") return "budget";
  return errorClass === "turns" ? "exhausted" : "policy";
}

/** The session ended for what the work is not to blame for: what was done is worth going on with. */
export function isNobodysFault(errorClass: ErrorClass | null): boolean {
  return isOutage(errorClass) || remedyOf(errorClass) !== null;
}

const REMEDIES: { readonly [C in ErrorClass]?: string } = {
  auth: "The model's provider does not take the key: put a valid one into the secret that the workflow hands on.",
  billing: "The model's provider wants to be paid first: see to the account that the key belongs to.",
  model_not_found: "The model's provider has no such model for this key: name another one in the policy.",
  // Their own words say how.
  sandbox: "",
  config: "",
  budget: "",
  turns: "",
};
