/** Replaces secrets by `***` in everything that a job shows. */
export class SecretMask {
  readonly #values = new Set<string>();
  #pattern: RegExp | null = null;

  /** Hides a value, each of its lines, and the encodings in which tools commonly print it. */
  add(value: string): void {
    const lines = value.split(/\r?\n/).map((line) => line.trim());
    for (const form of [value, ...lines].flatMap(printedForms)) {
      if (form !== "") this.#values.add(form);
    }
    // Longest first, so that a secret which contains another is hidden whole.
    const sources = [...this.#values].sort((a, b) => b.length - a.length).map(escapeForPattern);
    this.#pattern = sources.length === 0 ? null : new RegExp(sources.join("|"), "g");
  }

  apply(text: string): string {
    return this.#pattern === null ? text : text.replace(this.#pattern, "***");
  }
}

function printedForms(value: string): string[] {
  if (value === "") return [];
  return [
    value,
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString("base64"),
  ];
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
