/** A secret that a text holds: what kind, and on which line (from 1). The secret itself is never repeated. */
export type FoundSecret = { readonly kind: string; readonly line: number };

/** Formats that are unmistakable: each has a fixed prefix or frame and enough random characters after it. */
const PATTERNS: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: "GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { kind: "GitHub token", pattern: /\bgithub_pat_[A-Za-z0-9_]{50,255}\b/g },
  { kind: "GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { kind: "AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { kind: "Anthropic API key", pattern: /\bsk-ant-[A-Za-z0-9_-]{32,}/g },
  { kind: "OpenAI API key", pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{40,}/g },
  { kind: "Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: "Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/g },
  { kind: "Stripe live key", pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/g },
  { kind: "npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: "private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/g },
];

/**
 * The first secret that `text` holds and `before` did not, so that a file whose sample key was there already can still
 * be changed. `known` are this job's own credentials in every form they are sent in.
 */
export function findNewSecret(text: string, before: string, known: readonly string[]): FoundSecret | null {
  for (const secret of known) {
    const index = secret === "" ? -1 : text.indexOf(secret);
    if (index !== -1) return { kind: "credential of this run", line: lineAt(text, index) };
  }
  for (const { kind, pattern } of PATTERNS) {
    const old = new Set(Array.from(before.matchAll(pattern), (match) => match[0]));
    for (const match of text.matchAll(pattern)) {
      if (!old.has(match[0])) return { kind, line: lineAt(text, match.index) };
    }
  }
  return null;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
