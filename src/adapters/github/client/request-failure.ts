/** What Octokit throws for an answer of 400 and above, for 304, and (with status 500, no response) for a torn line. */
export type RequestFailure = Error & {
  readonly status: number;
  readonly response?: { readonly headers: ResponseHeaders; readonly data: unknown };
};

export type ResponseHeaders = { readonly [name: string]: string | number | undefined };

/** Told by its shape: several copies of Octokit's error class may be installed at the same time. */
export function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

/** Whether GitHub itself answered with one of these statuses. */
export function answered(error: unknown, ...statuses: readonly number[]): error is RequestFailure {
  return isRequestFailure(error) && error.response !== undefined && statuses.includes(error.status);
}

/** What GitHub said, as one sentence for people: its message, or the first of its detailed errors. */
export function reasonOf(failure: RequestFailure): string {
  const data = failure.response?.data as { message?: unknown; errors?: unknown } | null | undefined;
  const detail = Array.isArray(data?.errors) ? messageIn(data.errors[0]) : null;
  const message = typeof data?.message === "string" ? data.message : failure.message;
  return asSentence(detail ?? message);
}

function messageIn(detail: unknown): string | null {
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null || !("message" in detail)) return null;
  return typeof detail.message === "string" ? detail.message : null;
}

function asSentence(text: string): string {
  const line = text.trim().split(/\s*\n\s*/)[0] ?? "";
  if (line === "") return "GitHub gave no reason.";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** null for something that is not there (404), is gone (410) or has moved to where the App may not look (451). */
export async function orNull<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer;
  } catch (error) {
    if (answered(error, 404, 410, 451)) return null;
    throw error;
  }
}
