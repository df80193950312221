/** A shorter string is too likely to be part of something harmless, and no credential is that short. */
const MIN_SECRET_CHARACTERS = 8;

export interface Redactor {
  /** From now on this value, and its Base64 form, is masked. */
  add(secret: string): void;
  redact(text: string): string;
  /** Everything that is masked, for comparing files against it. */
  values(): readonly string[];
}

/** Masks the run's own credentials in everything that leaves the job: events, log tails, summaries, sentences. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    add(secret) {
      if (secret.length < MIN_SECRET_CHARACTERS) return;
      secrets.add(secret);
      secrets.add(Buffer.from(secret).toString("base64"));
    },
    redact(text) {
      let redacted = text;
      for (const secret of secrets) redacted = redacted.replaceAll(secret, "***");
      return redacted;
    },
    values: () => [...secrets],
  };
}
