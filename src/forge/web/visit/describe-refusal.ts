/** An API error as far as a person needs it; every field may be missing or of another shape. */
interface ApiProblem {
  message?: unknown;
  errors?: unknown;
}

/** Turns an API's refusal into one sentence for the person who sent a form. */
export function describeRefusal(status: number, answer: unknown, login: string): string {
  const { message, errors } = (answer ?? {}) as ApiProblem;
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  const reason = describeError(first) ?? (typeof message === "string" ? message : null);
  if (status === 404) return `That does not exist here, or ${login} may not see it.`;
  if (status === 403) return sentence(`${login} may not do that here: ${reason ?? "the rights are missing"}`);
  return sentence(reason ?? `The forge refused this (HTTP ${status})`);
}

function describeError(error: unknown): string | null {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return null;
  const { field, code, message } = error as { field?: unknown; code?: unknown; message?: unknown };
  if (typeof message === "string") return message;
  if (typeof field !== "string") return null;
  const name = field.replaceAll("_", " ");
  switch (code) {
    case "missing_field":
    case "missing":
      return `The ${name} is missing`;
    case "already_exists":
      return `This ${name} is taken already`;
    default:
      return `The ${name} is not valid`;
  }
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
